"""Trips: what is sold, at which prices and on which terms; their pictures, series and departures."""
