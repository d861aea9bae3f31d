"""Payouts: what vendors are paid."""
