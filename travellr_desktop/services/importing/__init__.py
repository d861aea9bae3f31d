"""Bringing vendors, trips, departures and travellers in from a CSV file: rows that are right go in, each fault of the
others is told by row and column."""
