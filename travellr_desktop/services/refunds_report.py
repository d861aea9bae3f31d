"""Refunds as the command says them, and what one would do: in JSON for programs, in lines for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.periods import zone as zone_of
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.errors import InvalidInput, NotFound
from travellr_desktop.services.exporting import plain_decimal
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.services.refund_asks import LineRefund, RefundAsk, RefundPreview, Step
from travellr_desktop.services.refund_listing import RefundRow

if TYPE_CHECKING:
    from travellr_desktop.services.registry import Services

AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class RefundsReport:
    """What `travellr refunds list` says: what waits for a second person, then the newest first. Amounts are plain
    decimals, moments in UTC."""

    rows: tuple[RefundRow, ...]
    ok: bool = True

    def as_json(self) -> Mapping[str, Any]:
        return {"ok": True, "count": len(self.rows), "refunds": [_told(row) for row in self.rows]}

    def as_text(self) -> str:
        if not self.rows:
            return "Nothing was given back."
        return "\n".join(_line(row) for row in self.rows)


@dataclass(frozen=True, slots=True)
class PreviewReport:
    """What `travellr refunds preview` says. Nothing has moved."""

    preview: RefundPreview
    at: datetime
    ok: bool = True

    def as_json(self) -> Mapping[str, Any]:
        shown = self.preview
        (booking,) = shown.bookings
        return {
            "ok": True,
            "booking": booking.reference,
            "sale": shown.sale_reference,
            "traveller": shown.traveller_name,
            "state": booking.state.value,
            "at": self.at.isoformat(),
            "currency": shown.back.currency,
            "paid": plain_decimal(shown.paid),
            "kept": plain_decimal(shown.kept),
            "back": plain_decimal(shown.back),
            "most": plain_decimal(shown.most),
            "why": booking.why,
            "seats": shown.seats,
            "needs_second_person": shown.needs_second,
            "travellers": [
                {"number": number, **_traveller(line)} for number, line in enumerate(booking.lines, 1)
            ],
            "ways": [
                {
                    "way": way.way.value,
                    "label": way.label,
                    "to": way.to.value,
                    "amount": plain_decimal(way.amount),
                }
                for way in shown.ways
            ],
            "balances": [
                {
                    "whose": row.whose,
                    "balance": row.note,
                    "before": plain_decimal(row.before),
                    "after": plain_decimal(row.after),
                }
                for row in shown.balances
            ],
            "on_other_days": [_step(step) for step in shown.steps],
        }

    def as_text(self) -> str:
        shown = self.preview
        (booking,) = shown.bookings
        lines = [
            f"{booking.reference}, {booking.title}, {shown.traveller_name}: nothing has moved.",
            f"  paid {_money(shown.paid)}, kept {_money(shown.kept)}, back {_money(shown.back)}: {booking.why}",
        ]
        for number, line in enumerate(booking.lines, 1):
            said = f"kept {_money(line.kept)}, back {_money(line.back)}" if line.chosen else "stays"
            lines.append(f"  {number}  {line.name}: {said}")
        lines += [f"  {way.label or way.way.value}: {_money(way.amount)}" for way in shown.ways]
        lines += [
            f"  {row.whose}, {row.note}: {_money(row.before)} → {_money(row.after)}" for row in shown.balances
        ]
        for step in shown.steps:
            until = "after that" if step.until is None else f"until {_local(step):%Y-%m-%d %H:%M}"
            lines.append(f"  {until}: kept {_money(step.kept)}, back {_money(step.back)}")
        if shown.needs_second:
            lines.append("  A second person approves this first.")
        return "\n".join(lines)


def list_refunds(services: Services, state: str | None = None) -> RefundsReport:
    """All that was or should be given back, or what is in one state."""
    return RefundsReport(services.refunds.listed(SYSTEM, state))


def preview_refund(
    services: Services, reference: str, at: datetime | None, travellers: Sequence[int]
) -> PreviewReport:
    """What giving back a booking, or some of its travellers (by their number on it, from 1), would do now, or at a
    moment on the agency's clock. Raises `NotFound`, `InvalidInput(field="traveller")`, and as
    `RefundService.preview`."""
    booking_id = _booking(services, reference.strip().upper())
    moment = services.clock.now()
    if at is not None:
        agency = services.agency.view()
        moment = at.replace(tzinfo=zone_of("UTC" if agency is None else agency.zone))
    refunds, ask = services.refunds, RefundAsk((booking_id,))
    whole = refunds.preview(SYSTEM, ask, at=moment)
    if not travellers:
        return PreviewReport(whole, moment)
    there = whole.bookings[0].lines
    if not set(travellers) <= set(range(1, len(there) + 1)):
        raise InvalidInput(
            f"{reference} has travellers 1 to {len(there)}.",
            field="traveller",
            hint="Name them by their number.",
        )
    chosen = tuple(there[number - 1].id for number in sorted(set(travellers)))
    return PreviewReport(refunds.preview(SYSTEM, RefundAsk((booking_id,), chosen), at=moment), moment)


def _booking(services: Services, reference: str) -> UUID:
    with closing(services.lists.bookings(SYSTEM, ListQuery(reference))) as found:
        found.index()
        for row in found.page(0, AT_ONCE):
            if row is not None and row.reference == reference:
                return row.id
    raise NotFound(f"There is no booking {reference}.")


def _told(row: RefundRow) -> dict[str, Any]:
    return {
        "state": row.state,
        "at": row.at.isoformat(),
        "bookings": list(row.references),
        "sale": row.sale_reference,
        "traveller": row.traveller_name,
        "amount": plain_decimal(row.amount),
        "currency": row.amount.currency,
        "way": None if row.way is None else row.way.value,
        "to": row.to.value,
        "reason": row.reason,
        "asked_by": row.asked_by,
        "decided_by": row.decided_by,
        "failure": row.failure,
        "refund": row.provider_ref,
    }


def _line(row: RefundRow) -> str:
    where = "as credit" if row.to is RefundTo.CREDIT else "" if row.way is None else row.way.value
    amount = f"{plain_decimal(row.amount):>14} {row.amount.currency}"
    words = "  ".join(part for part in (where, row.reason, row.failure) if part)
    return (
        f"{row.at:%Y-%m-%d %H:%M}  {', '.join(row.references):<16} {row.state:<10}{amount}  {words}".rstrip()
    )


def _traveller(line: LineRefund) -> dict[str, Any]:
    return {
        "name": line.name,
        "type": line.type.value,
        "chosen": line.chosen,
        "paid": plain_decimal(line.paid),
        "kept": plain_decimal(line.kept),
        "back": plain_decimal(line.back),
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "until": None if step.until is None else step.until.isoformat(),
        "kept": plain_decimal(step.kept),
        "back": plain_decimal(step.back),
        "travellers": [
            {"name": line.name, "kept": plain_decimal(line.kept), "back": plain_decimal(line.back)}
            for line in step.lines
        ],
    }


def _local(step: Step) -> datetime:
    assert step.until is not None  # the last one has no end
    return step.until.astimezone(zone_of(step.zone))


def _money(money: Money) -> str:
    return f"{plain_decimal(money)} {money.currency}"
