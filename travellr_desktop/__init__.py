"""Travellr Desktop: the desk program of a travel marketplace agency."""

__version__ = "0.1.0"
