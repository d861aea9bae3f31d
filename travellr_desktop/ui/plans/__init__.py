"""Seat plans: written as text, seen as they will be."""
