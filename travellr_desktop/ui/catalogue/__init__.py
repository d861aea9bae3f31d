"""What the screens of trips and of vendors share: a list with a form beside it."""
