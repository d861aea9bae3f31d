"""The timetable: dialogs that make departures and series, and change them."""
