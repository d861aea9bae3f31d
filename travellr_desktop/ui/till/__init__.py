"""Day close: the till of this desk, opened with a float, counted and closed."""
