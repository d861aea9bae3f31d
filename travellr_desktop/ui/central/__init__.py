"""The central database in the window: how this desk and the others stand to it, and what waits for a person."""
