"""What a person knows a row by: the reference of its booking, or of its sale."""

from __future__ import annotations

from travellr_desktop.storage.repositories.proofs.reading import Reader

_OF_BOOKING = "SELECT b.reference FROM {0} t JOIN bookings b ON b.id = t.booking_id WHERE t.id = ?"

_REFERENCE = {
    "invoices": "SELECT number FROM invoices WHERE id = ?",
    "sales": "SELECT reference FROM sales WHERE id = ?",
    "bookings": "SELECT reference FROM bookings WHERE id = ?",
    "holds": "SELECT reference FROM bookings WHERE hold_id = ?",
    "payments": "SELECT s.reference FROM payments t JOIN sales s ON s.id = t.sale_id WHERE t.id = ?",
    "disputes": "SELECT s.reference FROM disputes t JOIN payments p ON p.id = t.payment_id "
    "JOIN sales s ON s.id = p.sale_id WHERE t.id = ?",
    **{
        table: _OF_BOOKING.format(table)
        for table in ("booking_lines", "payment_shares", "refunds", "ledger", "write_offs")
    },
}


class References(Reader):
    def find(self, table: str, row: str) -> str | None:
        """The reference of a row, or None where it has none, or its owner is not there."""
        query = _REFERENCE.get(table)
        found = None if query is None else self._value(query, row)
        return None if found is None else str(found)
