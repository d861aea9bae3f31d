"""What the screen says of departures, series and manifests: plain functions, no widgets."""

from __future__ import annotations

from travellr_desktop.services.board import BoardRow, Phase, SeriesLine, TripFacts
from travellr_desktop.services.manifest_rows import Manifest
from travellr_desktop.ui.formats import Formats, duration
from travellr_desktop.ui.parts.calendar import FEW
from travellr_desktop.ui.parts.seatmeter import Seats

STATUS: dict[Phase, str] = {
    Phase.OPEN: "selling",
    Phase.CLOSED: "sales_closed",
    Phase.STOPPED: "stopped",
    Phase.BOARDING: "boarding",
    Phase.MANIFEST: "manifest",
    Phase.EMPTY: "left_empty",
    Phase.ON_THE_WAY: "on_the_way",
    Phase.DONE: "done",
    Phase.CANCELLED: "cancelled",
}
"""The look of each phase among the theme's states."""

LEFT = (Phase.MANIFEST, Phase.EMPTY, Phase.ON_THE_WAY, Phase.DONE)
NOTHING = "–"
_SHORT = 40


def count(number: int, one: str, many: str) -> str:
    """`1 booking`, `3 bookings`."""
    return f"{number:,} {one if number == 1 else many}"


def travellers(number: int) -> str:
    return count(number, "traveller", "travellers")


def meter(row: BoardRow) -> Seats:
    return Seats(row.capacity, row.sold, row.held, row.yours)


def seats_line(row: BoardRow) -> str:
    """Below the bar: what is free to sell, or after that what stays empty."""
    if row.oversold:
        return f"{row.oversold} sold too often"
    if row.phase in LEFT:
        return f"{row.empty} empty" if row.empty else "Full"
    if not row.selling:
        return f"{row.empty} not sold" if row.empty else "Full"
    free = f"{row.free} free" if row.free else "Full"
    return f"{row.yours} yours · {free}" if row.yours else free


def seats_tone(row: BoardRow) -> str:
    if row.oversold:
        return "bad"
    if not row.selling:
        return "text_secondary"
    if row.yours:
        return "accent_text"
    if row.free == 0:
        return "text_secondary"
    return "wait" if row.free < FEW else "text"


def checked_in(row: BoardRow) -> str:
    """`9 of 11`; nothing before anybody could be there."""
    if not row.pax or (row.phase in (Phase.OPEN, Phase.CLOSED, Phase.STOPPED) and not row.here):
        return NOTHING
    return f"{row.here} of {row.pax}"


def who_line(formats: Formats, row: BoardRow) -> str:
    """Who runs it; before that, where its clock runs if not here."""
    city = formats.elsewhere_city(row.starts_at, row.zone)
    return f"{city} · {row.vendor_name}" if city else row.vendor_name


def span(formats: Formats, manifest: Manifest) -> str:
    """`Thu 18 Jun, 10:30 to 13:30`, the day told again where it is another."""
    zone = manifest.zone
    first, last = (formats.local(at, zone).date() for at in (manifest.starts_at, manifest.ends_at))
    ends = formats.time(manifest.ends_at, zone)
    words = f"{formats.day(first)}, {formats.time(manifest.starts_at, zone)} to "
    words += f"{formats.day(last)}, {ends}" if last != first else ends
    place = formats.elsewhere(manifest.starts_at, zone)
    return f"{words} ({place})" if place else words


def short(title: str) -> str:
    """A title that leaves room for what comes after it; the whole stands in the row below."""
    return title if len(title) <= _SHORT else f"{title[: _SHORT - 1].rstrip()}…"


def in_time(minutes: int) -> str:
    """`in 18 min`, `in 2 h 05`, `now`."""
    return "now" if minutes <= 0 else f"in {duration(minutes)}"


# trips


def about_trip(facts: TripFacts) -> str:
    """`Bokeška Plovidba · 3 h · 12 seats`."""
    seats = ""
    if facts.seats:
        low, high = facts.seats[0], facts.seats[-1]
        seats = f"{low} seats" if low == high else f"{low}\N{EN DASH}{high} seats"
    if facts.plan_name:
        seats = f"{facts.plan_name}, {seats}" if seats else facts.plan_name
    return " · ".join(part for part in (facts.vendor_name, duration(facts.duration_min), seats) if part)


def series_words(formats: Formats, line: SeriesLine) -> str:
    """`Daily, 1 May to 30 Sep`, `Mon, Thu, 1 May to 30 Sep`; days that are left out are counted."""
    days = formats.weekdays(line.weekdays)
    words = f"{days}, {formats.day_of_year(line.first_day)} to {formats.day_of_year(line.last_day)}"
    if line.except_days:
        words += f", but {count(line.except_days, 'day', 'days')}"
    return words


def before(minutes: int) -> str:
    """`30 min before`, `at departure`."""
    return f"{duration(minutes)} before" if minutes else "at departure"
