"""Import: a CSV file of vendors, trips, departures or travellers, from its columns to what came of each row."""
