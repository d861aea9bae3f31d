"""Promo codes: what they take off, when, and how often they were used."""
