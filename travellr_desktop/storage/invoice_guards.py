"""What a file refuses of invoices, whoever writes: nothing that was issued is ever changed, and no more is credited
than was invoiced, of the whole and of each booking at each rate."""

from __future__ import annotations

from collections.abc import Iterator


def _refuse(when: str, condition: str, words: str) -> str:
    asked = f" WHEN {condition}" if condition else ""
    return f"{when}{asked} BEGIN SELECT RAISE(ABORT, '{words}'); END"


def invoice_guards() -> Iterator[tuple[str, str]]:
    """Name and SQL of each trigger."""
    credited = "coalesce((SELECT sum(gross) FROM invoices WHERE of_id = NEW.of_id), 0)"
    same = "FROM invoices WHERE id = NEW.of_id AND kind = 'invoice'"
    same += " AND sale_id = NEW.sale_id AND currency = NEW.currency"
    head = "(SELECT {0} FROM invoices WHERE id = NEW.invoice_id)"
    lines = "coalesce((SELECT sum({0}) FROM invoice_lines WHERE invoice_id = NEW.invoice_id), 0)"
    of_booking = "l.booking_id = NEW.booking_id AND l.tax_bps = NEW.tax_bps"
    was = f"SELECT sum(l.gross) FROM invoice_lines l WHERE l.invoice_id = {head.format('of_id')} AND {of_booking}"
    back = (
        "SELECT sum(l.gross) FROM invoice_lines l JOIN invoices i ON i.id = l.invoice_id "
        f"WHERE i.of_id = {head.format('of_id')} AND {of_booking}"
    )
    statements = (
        _refuse(
            "BEFORE INSERT ON invoices",
            f"NEW.kind = 'credit_note' AND NOT EXISTS (SELECT 1 {same})",
            "a credit note is of an invoice of its sale",
        ),
        _refuse(
            "BEFORE INSERT ON invoices",
            f"NEW.kind = 'credit_note' AND NEW.gross + {credited} > (SELECT gross {same})",
            "more credited than was invoiced",
        ),
        _refuse(
            "BEFORE INSERT ON invoice_lines",
            f"NEW.gross + {lines.format('gross')} > {head.format('gross')} "
            f"OR NEW.tax + {lines.format('tax')} > {head.format('tax')} "
            f"OR NEW.net + {lines.format('net')} > {head.format('net')}",
            "nothing is added to an invoice that was issued",
        ),
        _refuse(
            "BEFORE INSERT ON invoice_lines",
            f"(SELECT sale_id FROM bookings WHERE id = NEW.booking_id) <> {head.format('sale_id')}",
            "a line is of a booking of its sale",
        ),
        _refuse(
            "BEFORE INSERT ON invoice_lines",
            f"{head.format('kind')} = 'credit_note' AND NEW.gross + coalesce(({back}), 0) > coalesce(({was}), 0)",
            "more credited of a booking than was invoiced",
        ),
        *(
            _refuse(f"BEFORE {verb} ON {table}", "", f"{table} are only ever added to")
            for table in ("invoices", "invoice_lines")
            for verb in ("UPDATE", "DELETE")
        ),
    )
    for number, statement in enumerate(statements, 1):
        yield f"invoiced_{number}", statement
