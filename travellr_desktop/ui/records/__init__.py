"""What the lists of records share: words, saved views, and the screen of a list with a panel beside it."""
