"""Disputes, and a turn of hearing the provider's events, as the command says them: in JSON for programs, in lines for
people."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.services.exporting import plain_decimal
from travellr_desktop.services.listening import Heard
from travellr_desktop.services.lists import DisputeListRow
from travellr_desktop.services.paged import ListQuery

if TYPE_CHECKING:
    from travellr_desktop.services.registry import Services

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class DisputesReport:
    """What `travellr disputes list` says, the newest first. Amounts are plain decimals, moments in UTC."""

    rows: tuple[DisputeListRow, ...]
    now: datetime
    ok: bool = True

    def as_json(self) -> Mapping[str, Any]:
        return {
            "ok": True,
            "count": len(self.rows),
            "undecided": sum(row.ended is None for row in self.rows),
            "overdue": sum(row.is_late(self.now) for row in self.rows),
            "disputes": [self._told(row) for row in self.rows],
        }

    def as_text(self) -> str:
        if not self.rows:
            return "Nothing is disputed."
        return "\n".join(self._line(row) for row in self.rows)

    def _line(self, row: DisputeListRow) -> str:
        due = ""
        if row.ended is None and row.due_by is not None:
            word = "overdue since" if row.is_late(self.now) else "answer by"
            due = f"  {word} {row.due_by:%Y-%m-%d %H:%M} UTC"
        amount = f"{plain_decimal(row.amount):>14} {row.amount.currency}"
        return f"{row.sale:<16} {row.state.value:<8}{amount}  {row.reason.replace('_', ' ')}{due}  {row.ref}"

    def _told(self, row: DisputeListRow) -> dict[str, Any]:
        return {
            "dispute": row.ref,
            "state": row.state.value,
            "opened": row.opened.isoformat(),
            "evidence_due": None if row.due_by is None else row.due_by.isoformat(),
            "overdue": row.is_late(self.now),
            "decided": None if row.ended is None else row.ended.isoformat(),
            "sale": row.sale,
            "bookings": row.bookings.split(),
            "traveller": row.traveller,
            "reason": row.reason,
            "amount": plain_decimal(row.amount),
            "currency": row.amount.currency,
            "fee": plain_decimal(row.fee),
            "fee_currency": row.fee.currency,
            "payment": row.payment_ref,
        }


@dataclass(frozen=True, slots=True)
class HeardReport:
    """What `travellr events poll` says."""

    heard: Heard
    ok: bool = True

    def as_json(self) -> Mapping[str, Any]:
        heard = self.heard
        return {
            "ok": True,
            "new": heard.new,
            "read": heard.read,
            "to_be_read": heard.left,
            "in_full": heard.in_full,
            "elsewhere": heard.elsewhere,
        }

    def as_text(self) -> str:
        heard = self.heard
        if heard.elsewhere:
            return "A window that is open on this profile listens already."
        found = f"{heard.new} new events, {heard.read} read again, {heard.left} to be read later."
        return f"Everything that may have moved was read. {found}" if heard.in_full else found


def list_disputes(services: Services, text: str = "") -> DisputesReport:
    """All disputes, or those with these words."""
    rows: list[DisputeListRow] = []
    with closing(services.lists.disputes(SYSTEM, ListQuery(text))) as found:
        total = found.index()
        for begin in range(0, total, AT_ONCE):
            rows += [row for row in found.page(begin, AT_ONCE) if row is not None]
    return DisputesReport(tuple(rows), services.clock.now())
