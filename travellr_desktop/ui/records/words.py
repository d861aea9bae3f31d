"""What the lists of bookings, payments and travellers say: amounts and moments kept once written, states as badges."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_skeleton

from travellr_desktop.domain.locales import locale_of
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.percent_text import format_percent
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.ways import Way
from travellr_desktop.services.booking_views import LineRow
from travellr_desktop.services.timeline import TimelineItem as Happened
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.timeline import TimelineItem

NOTHING = "–"
_KEPT = 4096

_ICONS = {
    "booked": ("ticket", "accent_text"),
    "paid": ("circle-check", "ok"),
    "processing": ("loader", "info"),
    "waiting": ("qr-code", "info"),
    "declined": ("circle-x", "bad"),
    "unknown": ("circle-question-mark", "unknown"),
    "abandoned": ("circle-slash", "text_secondary"),
    "changed": ("pencil", "accent_text"),
    "changing": ("loader", "info"),
    "change_undone": ("circle-slash", "text_secondary"),
    "cancelled": ("ban", "text_secondary"),
    "refunding": ("send", "info"),
    "refunded": ("undo-2", "text_secondary"),
    "refund_failed": ("circle-x", "bad"),
    "completed": ("badge-check", "text_secondary"),
    "no_show": ("user-x", "text_secondary"),
    "printed": ("file-text", "text_secondary"),
    "written_off": ("circle-slash", "text_secondary"),
    "owed_again": ("undo-2", "wait"),
}

PAYMENT_BADGES: dict[str, tuple[str, str]] = {
    "created": ("created", "Not sent yet"),
    "processing": ("processing", "Charging"),
    "requires_action": ("waiting", "Waiting for traveller"),
    "completed": ("paid", "Paid"),
    "failed": ("declined", "Declined"),
    "abandoned": ("abandoned", "Given up"),
    "unknown": ("unknown", "Unknown"),
    "refunded": ("refunded", "Refunded"),
}
"""Badge and word of each status of a payment in the list."""

REFUND_BADGES: dict[str, tuple[str, str]] = {
    "requested": ("requested", "Requested"),
    "approved": ("approved", "Not sent yet"),
    "pending": ("sending", "On its way"),
    "completed": ("refunded", "Given back"),
    "failed": ("failed", "Not given back"),
    "unknown": ("unknown", "Outcome unknown"),
}


def refund_badge(state: str, to: RefundTo) -> tuple[str, str]:
    """Status and word of the badge of money that goes back."""
    status, word = REFUND_BADGES[state]
    return status, "Given as credit" if state == "completed" and to is RefundTo.CREDIT else word


WAY_ICONS = {
    Way.CARD: "credit-card",
    Way.CASH: "banknote",
    Way.LINK: "qr-code",
    Way.READER: "smartphone-nfc",
    Way.SAVED: "wallet",
    Way.CREDIT: "hand-coins",
    Way.BANK: "landmark",
}
WAY_WORDS = {
    Way.CARD: "Card",
    Way.CASH: "Cash",
    Way.LINK: "Payment link",
    Way.READER: "Card reader",
    Way.SAVED: "Saved card",
    Way.CREDIT: "Agency credit",
    Way.BANK: "Bank transfer",
}

_NOUNS = {
    TravellerType.ADULT: ("adult", "adults"),
    TravellerType.CHILD: ("child", "children"),
    TravellerType.INFANT: ("infant", "infants"),
}


class Words:
    """Writes for one screen. The zone is that of the agency; set it once it is known, with `use_zone`."""

    def __init__(self, locale: str, zone: str = "UTC") -> None:
        self.formats = Formats(locale, zone)
        self._money = lru_cache(_KEPT)(self.formats.money)
        self._signed = lru_cache(_KEPT)(lambda amount: self.formats.money(amount, sign=True))
        self._departs = lru_cache(_KEPT)(self._write_departs)
        self._stamp = lru_cache(_KEPT)(self._write_stamp)

    def use_zone(self, zone: str) -> None:
        if zone != self.formats.zone:
            self.formats.zone = zone
            self._departs.cache_clear()
            self._stamp.cache_clear()

    # money

    def money(self, amount: Money) -> str:
        return self._money(amount)

    def signed(self, amount: Money) -> str:
        """With a plus or a minus before it."""
        return self._signed(amount)

    def minor(self, minor: int, currency: str) -> str:
        return self._money(Money(minor, currency))

    def or_nothing(self, amount: Money | None) -> str:
        return NOTHING if amount is None else self._money(amount)

    # moments

    def departs(self, moment: datetime, zone: str, now: datetime) -> str:
        """`Fri 19 Jun 08:30` for a cell, with the place of the clock where it is another one, and the year where
        it is not this one."""
        return self._departs(moment, zone, now.year)

    def stamp(self, moment: datetime, now: datetime) -> str:
        """`14 Jun 16:02` on the desk's clock."""
        return self._stamp(moment, now.year)

    def span(self, start: datetime, end: datetime, zone: str) -> str:
        """`Sun 21 Jun, 14:00 to 19:00`, or both days where it ends on another one."""
        formats = self.formats
        first, last = formats.local(start, zone).date(), formats.local(end, zone).date()
        place = formats.elsewhere(start, zone)
        until = (
            formats.time(end, zone) if first == last else f"{formats.day(last)}, {formats.time(end, zone)}"
        )
        says = f"{formats.day(first)}, {formats.time(start, zone)} to {until}"
        return f"{says}, {place}" if place else says

    def day(self, moment: datetime) -> str:
        """`14 Jun` on the desk's calendar."""
        return self.short_day(self.formats.local(moment, self.formats.zone).date())

    def short_day(self, day: date) -> str:
        return str(format_skeleton("MMMd", day, locale=locale_of(self.formats.locale)))

    def _write_departs(self, moment: datetime, zone: str, this_year: int) -> str:
        local = self.formats.local(moment, zone)
        year = f" {local.year}" if local.year != this_year else ""
        says = f"{self.formats.day(local.date())}{year} {self.formats.time(moment, zone)}"
        place = self.formats.elsewhere(moment, zone).removesuffix(" time")
        return f"{says} {place}" if place else says

    def _write_stamp(self, moment: datetime, this_year: int) -> str:
        local = self.formats.local(moment, self.formats.zone)
        year = f" {local.year}" if local.year != this_year else ""
        return f"{self.short_day(local.date())}{year} {self.formats.time(moment, self.formats.zone)}"

    # stories

    def happened(self, items: Sequence[Happened], now: datetime) -> list[TimelineItem]:
        """The timeline of a booking as it is drawn: of what happened in the same moment the later is first."""
        oldest_first = sorted(items, key=lambda item: item.at)
        return [self._happened(item, now) for item in reversed(oldest_first)]

    def _happened(self, item: Happened, now: datetime) -> TimelineItem:
        icon, tone = _ICONS.get(item.kind, ("circle-dot", "text_secondary"))
        title = item.title
        if item.amount is not None:
            money = self.money(item.amount)
            if item.kind == "unknown":
                title = f"{title}, {money}"
            else:
                title = f"{money} {title[0].lower()}{title[1:]}"
        return TimelineItem(icon, title, item.second, self.stamp(item.at, now), tone)


def count(number: int, one: str, many: str) -> str:
    """`1 seat`, `3 seats`."""
    return f"{number:,} {one if number == 1 else many}"


def of_type(number: int, kind: TravellerType) -> str:
    """`2 adults`."""
    return count(number, *_NOUNS[kind])


def grouped(lines: Sequence[LineRow]) -> list[tuple[str, str, Money]]:
    """Lines by traveller type: how many, who they are with ages and seats where there are any, what they cost."""
    groups: list[tuple[str, str, Money]] = []
    for kind in TravellerType:
        these = [line for line in lines if line.type is kind]
        if these:
            names = ", ".join(_who(line) for line in these)
            total = Money(sum(line.price.minor for line in these), these[0].price.currency)
            groups.append((of_type(len(these), kind), names, total))
    return groups


def _who(line: LineRow) -> str:
    about = [str(line.age)] if line.age is not None else []
    about += [f"seat {line.seat}"] if line.seat else []
    return f"{line.name} ({', '.join(about)})" if about else line.name


def share_words(name: str, bps: int) -> str:
    """`Commission 20 %`."""
    return f"{name} {format_percent(bps)} %"
