"""What a vendor has earned: cards, the chart of months, how a figure came about, every line of it, their profile."""
