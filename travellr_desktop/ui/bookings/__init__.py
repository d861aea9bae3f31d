"""The Bookings screen: the list, one booking beside it, and cancelling with a look at what it does first."""
