"""What an administrator does with a hub: installing it, its desks and people, its state."""
