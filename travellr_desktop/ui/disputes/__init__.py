"""Disputes, a view of Payments: what banks ask back, by when they want an answer, and what became of it."""
