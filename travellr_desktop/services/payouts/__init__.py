"""Paying vendors: batches, transfers, and files for the bank."""
