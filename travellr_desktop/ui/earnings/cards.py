"""The three cards of an overview, and how what is available came about: what stands on them, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from travellr_desktop.domain.payouts.earning import Whereabouts
from travellr_desktop.domain.percent_text import format_percent
from travellr_desktop.domain.states import PayoutState
from travellr_desktop.services.earnings.views import CurrencyEarnings, EarningsOverview, HeldPart, PayoutRow
from travellr_desktop.ui.earnings.figures import FigureRow
from travellr_desktop.ui.earnings.words import say
from travellr_desktop.ui.formats import Formats

HELD_KEY = "held"
"""What the title of the card of what is held asks for."""

_HELD = {
    Whereabouts.NOT_TRAVELLED: ("calendar-clock", "wait", "Not travelled yet"),
    Whereabouts.HOLDBACK: ("lock", "wait", "Holdback"),
    Whereabouts.DISPUTED: ("shield-alert", "bad", "Disputed"),
}
_PAYOUT = {
    PayoutState.PAID: ("send", "text_secondary", "left {0}"),
    PayoutState.APPROVED: ("badge-check", "info", "approved {0}"),
    PayoutState.SENDING: ("send", "info", "on its way"),
    PayoutState.UNKNOWN: ("circle-question-mark", "unknown", "outcome not known yet"),
    PayoutState.FAILED: ("circle-x", "bad", "did not arrive {0}"),
    PayoutState.REVERSED: ("undo-2", "wait", "taken back {0}"),
    PayoutState.RETURNED: ("undo-2", "wait", "returned {0}"),
}


class CardWords:
    def __init__(self, formats: Formats) -> None:
        self._formats = formats

    # available

    def goes_out(self, seen: EarningsOverview, found: CurrencyEarnings) -> str:
        """`goes out Mon 22 Jun, if above €50.00`."""
        if found.available.total.minor <= 0:
            return say("below zero: taken off what is earned next") if found.available.total.minor < 0 else ""
        if found.minimum is None:
            return say("not paid out: no minimum is agreed for {0}").format(found.currency)
        day = self._formats.day(seen.goes_out)
        if not found.minimum:
            return say("goes out {0}").format(day)
        if found.available.total < found.minimum:
            least = self._formats.money(found.minimum)
            return say("carried on until it is {0}").format(least)
        return say("goes out {0}, as it is above {1}").format(day, self._formats.money(found.minimum))

    def available_rows(self, found: CurrencyEarnings) -> list[tuple[str, FigureRow]]:
        return [("available", row) for row in self.came_about(found)][:3]

    def came_about(self, found: CurrencyEarnings) -> Iterator[FigureRow]:
        """Each amount that what is available is made of; those that are nothing are left out but for the first two."""
        here, money = found.available, self._formats.money
        yield FigureRow(
            _counted(here.bookings, say("Retail of {0} booking"), say("Retail of {0} bookings")),
            money(here.retail),
        )
        share = "" if here.bps is None else f", {format_percent(here.bps)} %"
        yield FigureRow(f"{say('Commission agreed')}{share}", money(here.commission))
        for words, amount in (
            (say("Refunds, your share"), here.refunds),
            (say("Adjustments"), here.adjustments),
            (say("Carried from earlier statements"), here.carried),
            (say("Approved, about to be sent"), here.approved),
        ):
            if amount:
                yield FigureRow(words, money(amount))

    # held

    def next_free(self, found: CurrencyEarnings) -> str:
        if found.next_free is None or found.next_at is None:
            return ""
        when = self._formats.when(found.next_at, self._formats.zone)
        return say("next {0} on {1}").format(self._formats.money(found.next_free), when)

    def held_rows(self, found: CurrencyEarnings) -> list[tuple[str, FigureRow]]:
        return [(part.why.value, self._held(part, found)) for part in found.parts]

    def _held(self, part: HeldPart, found: CurrencyEarnings) -> FigureRow:
        icon, tone, word = _HELD[part.why]
        if part.why is Whereabouts.DISPUTED:
            more = len(found.disputed) - 1
            quiet = found.disputed[0] if found.disputed else ""
            quiet += say(" and {0} more").format(more) if more > 0 else ""
        else:
            quiet = self._days(part.first, part.last)
        return FigureRow(say(word), self._formats.money(part.amount), quiet=quiet, icon=icon, tone=tone)

    def _days(self, first: datetime | None, last: datetime | None) -> str:
        assert first is not None and last is not None
        days = [self._formats.local(each, self._formats.zone).date() for each in (first, last)]
        if days[0] == days[1]:
            return say("free {0}").format(self._formats.day(days[0]))
        return say("{0} to {1}").format(*(self._formats.day(day) for day in days))

    # paid

    def last_paid(self, found: CurrencyEarnings) -> str:
        paid = next((row for row in found.payouts if row.state is PayoutState.PAID), None)
        parts = []
        if found.in_transit:
            parts.append(say("{0} on its way").format(self._formats.money(found.in_transit)))
        if paid is not None:
            day = self._formats.day(self._formats.local(paid.at, self._formats.zone).date())
            parts.append(say("last: {0} on {1}").format(self._formats.money(paid.amount), day))
        return ", ".join(parts)

    def paid_rows(self, found: CurrencyEarnings) -> list[tuple[str, FigureRow]]:
        return [(str(row.id), self._payout(row)) for row in found.payouts]

    def _payout(self, row: PayoutRow) -> FigureRow:
        icon, tone, words = _PAYOUT[row.state]
        day = self._formats.day(self._formats.local(row.at, self._formats.zone).date())
        return FigureRow(
            row.statement or row.label,
            self._formats.money(row.amount),
            quiet=say(words).format(day),
            icon=icon,
            tone=tone,
        )


def _counted(number: int, one: str, many: str) -> str:
    return (one if number == 1 else many).format(f"{number:,}")
