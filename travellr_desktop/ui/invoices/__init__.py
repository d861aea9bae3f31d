"""Invoices and credit notes: the list, the panel, issuing and crediting."""
