"""A whole invented agency to try the program on: its data, how it is built, and the tour."""
