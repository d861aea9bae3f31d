"""The screen of departures: trips and their calendar, a day, and who is on a departure."""
