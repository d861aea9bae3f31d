"""The voucher: what a traveller shows and the vendor redeems, one for each booking.

`VoucherData` is plain values, so that a voucher can be set anew, the same to the byte, from what was frozen at the
sale. Times are given as instants and printed in the departure's own zone; amounts are given as words.
"""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from travellr_desktop.services.paper_words import PaperWords, isolated
from travellr_desktop.services.typeset import pictures, template_words, typeset

MAX_QR_CONTENT = 120
"""Characters. Longer content makes modules under half a millimetre, which a phone no longer reads."""

_KINDS = ("adult", "child", "infant")
_MANY = {"adult": "adults", "child": "children", "infant": "infants"}


@dataclass(frozen=True, slots=True)
class VoucherAgency:
    """Who sold it. `legal` is name and address, `contact` tax numbers and telephone, each as one line."""

    name: str
    desk: str
    legal: str
    contact: str


@dataclass(frozen=True, slots=True)
class VoucherTraveller:
    """One traveller; `kind` is adult, child or infant; `age` in years where it was asked for; `seat` the label of
    a numbered seat."""

    name: str
    kind: str = "adult"
    age: int | None = None
    seat: str = ""


@dataclass(frozen=True, slots=True)
class VoucherData:
    """Everything a voucher says.

    Instants are aware datetimes; those of the trip are printed in `zone`, those of the sale in `agency_zone` (both
    IANA names). `zone_place` says whose time it is ("Kotor"). `paid` and `due` are formatted amounts; an empty
    `due` prints "nothing", and `due_until` is the last day for it. `invoice` may be empty: the sale's reference stands
    in its place. `cancel_first` and `cancel_second` are the frozen policy in words. `qr` is what a scan yields, `code`
    the same for the human eye.
    """

    agency: VoucherAgency
    reference: str
    sale_reference: str
    trip: str
    vendor_name: str
    vendor_phone: str
    languages: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    be_there_at: datetime
    zone: str
    zone_place: str
    meeting_place: str
    travellers: tuple[VoucherTraveller, ...]
    cancel_first: str
    cancel_second: str
    paid: str
    due: str
    code: str
    qr: str
    sold_at: datetime
    sold_by: str
    printed_at: datetime
    agency_zone: str
    meeting_hint: str = ""
    included: tuple[str, ...] = ()
    bring: tuple[str, ...] = ()
    invoice: str = ""
    due_until: datetime | None = None
    sandbox: bool = False

    def __post_init__(self) -> None:
        if not self.travellers:
            raise ValueError("a voucher is for at least one traveller")
        if unknown := {t.kind for t in self.travellers} - set(_KINDS):
            raise ValueError(f"unknown kind of traveller: {', '.join(sorted(unknown))}")
        instants = (self.starts_at, self.ends_at, self.be_there_at, self.sold_at, self.printed_at)
        if any(instant.tzinfo is None for instant in instants):
            raise ValueError("a voucher's times are instants: a time without its zone cannot be printed")
        if not self.starts_at <= self.ends_at:
            raise ValueError("a trip ends after it starts")
        if not 1 <= len(self.qr) <= MAX_QR_CONTENT:
            raise ValueError(f"a voucher's QR carries 1 to {MAX_QR_CONTENT} characters")


def render_voucher(data: VoucherData, *, locale: str = "en_GB") -> bytes:
    """The voucher as PDF, A5 landscape: one page, and a list page for more than eight travellers or long lists.

    The same data and locale give the same bytes. Raises `ResourceMissing` and `DocumentFailed`.
    """
    return typeset("voucher", _fields(data, locale))


def voucher_pictures(data: VoucherData, *, locale: str = "en_GB", ppi: float = 144.0) -> tuple[bytes, ...]:
    """The same voucher as PNG, one picture a page. Raises what `render_voucher` raises."""
    return pictures("voucher", _fields(data, locale), ppi=ppi)


def _fields(data: VoucherData, locale: str) -> dict[str, Any]:
    """What the template prints, every piece of it already words."""
    words = PaperWords(template_words(locale, "voucher"), locale)
    zone, home = ZoneInfo(data.zone), ZoneInfo(data.agency_zone)
    count = len(data.travellers)
    short_names = _short_names([traveller.name for traveller in data.travellers])
    start = data.starts_at.astimezone(zone)
    return {
        "lang": locale.replace("-", "_").split("_")[0],
        "title": words("title", number=data.reference),
        "agency": {
            "name": data.agency.name,
            "desk": data.agency.desk,
            "legal": data.agency.legal,
            "contact": data.agency.contact,
        },
        "reference": data.reference,
        "sale": words("invoice", number=data.invoice)
        if data.invoice
        else words("sale", number=data.sale_reference),
        "sold": words("by", when=words.date_and_time(data.sold_at.astimezone(home)), who=data.sold_by),
        "printed": words("printed", day=words.date("short_date", data.printed_at.astimezone(home))),
        "trip": data.trip,
        "about": " · ".join(
            isolated(part)
            for part in (
                data.vendor_name,
                words.duration(data.ends_at - data.starts_at),
                ", ".join(data.languages),
            )
            if part
        ),
        "vendor": {"name": data.vendor_name, "phone": data.vendor_phone},
        "leaves": {
            "time": words.date("time", start),
            "day": words.date("day", start),
            "short": f"{words.date('short_day', start)}, {words.date('time', start)}",
            "whole": f"{words.date('day', start)}, {words.date('time', start)}",
            "back": _back(words, start, data.ends_at.astimezone(zone), data.zone_place),
        },
        "meet": {
            "time": words.date("time", data.be_there_at.astimezone(zone)),
            "place": data.meeting_place,
            "hint": data.meeting_hint,
        },
        "travellers": [
            {"name": traveller.name, "short": short, "kind": _kind(words, traveller)}
            for traveller, short in zip(data.travellers, short_names, strict=True)
        ],
        "counted": words.count("travellers_counted", count),
        "pax": _pax(words, data.travellers),
        "brings": [
            *data.included,
            *([words("bring_one", things=", ".join(data.bring))] if data.bring else []),
        ],
        "cancel": {"first": data.cancel_first, "second": data.cancel_second},
        "paid": data.paid,
        "due": _due(words, data),
        "code": data.code,
        "qr": _qr(data.qr),
        "sandbox": data.sandbox,
        "words": words.plain()
        | {
            "crew_list": words("crew_list", n=count),
            "more_on_list": words.count("more_on_list", max(count - 8, 0)),
        },
    }


def _back(words: PaperWords, start: datetime, end: datetime, place: str) -> str:
    time = words.date("time", end)
    if start.date() == end.date():
        return words("back", time=time, place=place)
    return words("back_day", day=words.date("short_day", end), time=time, place=place)


def _kind(words: PaperWords, traveller: VoucherTraveller) -> str:
    kind = words(str(traveller.kind))
    said = kind if traveller.age is None else f"{kind}, {traveller.age}"
    return f"{said} · {words('seat', label=traveller.seat)}" if traveller.seat else said


def _due(words: PaperWords, data: VoucherData) -> str:
    """What is still to be paid, and by when."""
    if not data.due or data.due_until is None:
        return data.due or words("nothing")
    return words("due_until", amount=data.due, day=words.date("short_date", data.due_until))


def _pax(words: PaperWords, travellers: tuple[VoucherTraveller, ...]) -> str:
    counts = Counter(str(traveller.kind) for traveller in travellers)
    said = (words.count(_MANY[kind], counts[kind]) for kind in _KINDS if counts[kind])
    return ", ".join(part.replace(" ", "\N{NO-BREAK SPACE}") for part in said)


def _short_names(names: list[str]) -> list[str]:
    """First names for the crew's boxes, with an initial where two travellers share one."""
    parts = [name.split() or [name] for name in names]
    shared = {first for first, n in Counter(part[0] for part in parts).items() if n > 1}
    return [part[0] + (_initial(part[1:]) if part[0] in shared else "") for part in parts]


def _initial(others: list[str]) -> str:
    return next((f" {word[0]}." for word in reversed(others) if word[0].isalpha()), "")


def _qr(content: str) -> str:
    """An SVG of whole modules, dark on white, four modules of quiet; level Q survives a crease."""
    import segno

    image = io.BytesIO()
    code = segno.make(content, error="q", micro=False, boost_error=False)
    code.save(image, kind="svg", border=4, dark="#101a1d", light="#ffffff", xmldecl=False)
    return image.getvalue().decode("utf-8")
