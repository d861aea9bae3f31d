"""Vendors: who runs the trips that are sold."""
