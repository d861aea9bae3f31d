"""The Payments screen: the list, and one payment beside it with every attempt at it."""
