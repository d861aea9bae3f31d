"""Refunds that wait for a second person."""
