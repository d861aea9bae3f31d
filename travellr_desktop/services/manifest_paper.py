"""The manifest on paper: A4, a box to tick for each traveller, booking by booking, for the crew on the quay.

`ManifestPaper` is plain values, so that the same manifest is set the same to the byte.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from travellr_desktop.services.paper_words import PaperWords, isolated
from travellr_desktop.services.typeset import template_words, typeset
from travellr_desktop.services.voucher import VoucherAgency

KINDS = ("adult", "child", "infant")


@dataclass(frozen=True, slots=True)
class PaperTraveller:
    """`kind` is adult, child or infant; `seat` a numbered seat or empty. One is here, absent, or neither yet."""

    name: str
    kind: str
    age: int | None = None
    seat: str = ""
    here_at: datetime | None = None
    absent: bool = False


@dataclass(frozen=True, slots=True)
class PaperBooking:
    """`due` is a formatted amount, or empty where nothing is owed; one that is not `paid` is not let on."""

    reference: str
    contact: str
    travellers: tuple[PaperTraveller, ...]
    due: str = ""
    paid: bool = True
    notes: int = 0


@dataclass(frozen=True, slots=True)
class ManifestPaper:
    """Everything a manifest says. Instants are aware; those of the trip are printed in `zone`, `printed_at` in
    `agency_zone` (IANA names)."""

    agency: VoucherAgency
    trip: str
    vendor_name: str
    vendor_phone: str
    starts_at: datetime
    ends_at: datetime
    be_there_at: datetime
    zone: str
    zone_place: str
    meeting_place: str
    capacity: int
    plan_name: str
    note: str
    state: str
    bookings: tuple[PaperBooking, ...]
    printed_at: datetime
    printed_by: str
    agency_zone: str
    sandbox: bool = False

    def __post_init__(self) -> None:
        if any(moment.tzinfo is None for moment in (self.starts_at, self.ends_at, self.printed_at)):
            raise ValueError("a manifest's times are instants: a time without its zone cannot be printed")


def render_manifest(data: ManifestPaper, *, locale: str = "en_GB") -> bytes:
    """The manifest as PDF, A4 upright. The same data and locale give the same bytes.

    Raises `ResourceMissing` and `DocumentFailed`."""
    return typeset("manifest", _fields(data, locale))


def _fields(data: ManifestPaper, locale: str) -> dict[str, Any]:
    words = PaperWords(template_words(locale, "manifest"), locale)
    zone = ZoneInfo(data.zone)
    start, end = data.starts_at.astimezone(zone), data.ends_at.astimezone(zone)
    on_board = [traveller for booking in data.bookings if booking.paid for traveller in booking.travellers]
    here = sum(traveller.here_at is not None for traveller in on_board)
    absent = sum(traveller.absent for traveller in on_board)
    back = words.date("time", end)
    if end.date() != start.date():
        back = f"{words.date('short_day', end)}, {back}"
    return {
        "lang": locale.replace("-", "_").split("_")[0],
        "title": words("title", trip=data.trip, day=words.date("day", start)),
        "agency": {
            "name": data.agency.name,
            "desk": data.agency.desk,
            "legal": data.agency.legal,
            "contact": data.agency.contact,
        },
        "trip": data.trip,
        "about": " · ".join(
            isolated(part)
            for part in (data.vendor_name, words.duration(data.ends_at - data.starts_at), data.plan_name)
            if part
        ),
        "vendor_phone": data.vendor_phone,
        "leaves": words.date("time", start),
        "day": words.date("day", start),
        "place": words("place_time", place=data.zone_place),
        "back": words("back", time=back),
        "meet": {"time": words.date("time", data.be_there_at.astimezone(zone)), "place": data.meeting_place},
        "state": data.state,
        "note": data.note,
        "counts": {
            "travellers": str(len(on_board)),
            "kinds": ", ".join(
                words.count(many, count)
                for many, kind in (("adults", "adult"), ("children", "child"), ("infants", "infant"))
                if (count := sum(traveller.kind == kind for traveller in on_board))
            ),
            "here": words("of", here=here, all=len(on_board)),
            "absent": str(absent),
            "seats": str(data.capacity),
        },
        "bookings": [_booking(words, booking, zone) for booking in data.bookings],
        "seated": any(traveller.seat for booking in data.bookings for traveller in booking.travellers),
        "printed": words(
            "printed",
            when=words.date_and_time(data.printed_at.astimezone(ZoneInfo(data.agency_zone))),
            who=data.printed_by,
        ),
        "sandbox": data.sandbox,
        "words": words.plain(),
    }


def _booking(words: PaperWords, booking: PaperBooking, zone: ZoneInfo) -> dict[str, Any]:
    owes = words("owes", amount=booking.due) if booking.due else ""
    return {
        "reference": booking.reference,
        "contact": booking.contact,
        "count": words.count("travellers_counted", len(booking.travellers)),
        "money": owes if booking.paid else words("unpaid", amount=booking.due),
        "notes": words.count("notes", booking.notes) if booking.notes else "",
        "paid": booking.paid,
        "travellers": [
            {
                "name": each.name,
                "kind": words(each.kind) if each.age is None else f"{words(each.kind)}, {each.age}",
                "seat": each.seat,
                "here": "" if each.here_at is None else words.date("time", each.here_at.astimezone(zone)),
                "absent": each.absent,
            }
            for each in booking.travellers
        ],
    }
