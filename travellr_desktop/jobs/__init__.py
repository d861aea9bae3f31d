"""What runs by itself, the same functions in the window and on the command line."""
