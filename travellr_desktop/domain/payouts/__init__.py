"""Paying vendors: when, how much, and why not. Pure rules; the services read and write."""
