"""Reconciliation, a view of Payments: the books beside the provider's list and beside the tills, day by day."""
