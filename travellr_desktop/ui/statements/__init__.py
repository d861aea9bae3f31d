"""Statements: what vendors are told of each batch, and what they took in over a year."""
