"""What can be brought in, field by field, and under which names files have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from travellr_desktop.domain.text import fold
from travellr_desktop.errors import InvalidInput


class ImportKind(StrEnum):
    VENDORS = "vendors"
    TRIPS = "trips"
    DEPARTURES = "departures"
    TRAVELLERS = "travellers"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a row can say. `name` is that of the draft's field; `spellings` are names under which files have
    it, folded and without spaces."""

    name: str
    word: str
    spellings: tuple[str, ...]
    required: bool = False
    example: str = ""


def _field(name: str, word: str, *spellings: str, required: bool = False, example: str = "") -> Field:
    own = (name.replace("_", ""), _key(word))
    return Field(name, word, tuple(dict.fromkeys((*own, *spellings))), required, example)


def _key(text: str) -> str:
    return "".join(ch for ch in fold(text) if ch.isalnum())


_EMAIL = ("email", "emailaddress", "mail", "epost", "courriel", "correo", "eposta")
_PHONE = ("telephone", "tel", "mobile", "telefon", "phonenumber", "telefono", "gsm", "cell")
_CODE = ("sku", "id", "shortname", "kurzel", "kod", "sifra", "ref", "reference")
_NOTE = ("notes", "remark", "remarks", "comment", "bemerkung", "napomena")

FIELDS: Mapping[ImportKind, tuple[Field, ...]] = {
    ImportKind.VENDORS: (
        _field(
            "name",
            "Name",
            "vendor",
            "vendorname",
            "company",
            "firma",
            "supplier",
            "operator",
            "anbieter",
            required=True,
            example="Bokeška Plovidba",
        ),
        _field("code", "Code", "vendorcode", *_CODE, example="BOKA"),
        _field("legal", "Legal name", "legal", "registeredname", "imefirme"),
        _field("email", "Email", *_EMAIL, example="office@example.com"),
        _field("phone", "Phone", *_PHONE, example="+382 32 555 100"),
        _field(
            "commission_bps",
            "Commission",
            "commissionrate",
            "rate",
            "provision",
            "provizija",
            "commissionpercent",
            example="20 %",
        ),
        _field("holdback_days", "Holdback in days", "holdback", "payoutdelay"),
    ),
    ImportKind.TRIPS: (
        _field("code", "Code", "tripcode", "tourcode", *_CODE, example="KOTOR-BOAT"),
        _field(
            "vendor",
            "Vendor",
            "vendorcode",
            "vendorname",
            "supplier",
            "operator",
            "anbieter",
            "firma",
            required=True,
            example="BOKA",
        ),
        _field(
            "title",
            "Title",
            "name",
            "trip",
            "tour",
            "tripname",
            "tourname",
            "titel",
            "naziv",
            "activity",
            required=True,
            example="Blue Cave and Perast",
        ),
        _field(
            "place",
            "Place",
            "city",
            "town",
            "destination",
            "location",
            "ort",
            "mjesto",
            "grad",
            required=True,
            example="Kotor",
        ),
        _field("country", "Country", "land", "pays", "drzava"),
        _field("zone", "Time zone", "timezone", "tz", "zeitzone", example="Europe/Podgorica"),
        _field("currency", "Currency", "pricecurrency", "wahrung", "devise", "valuta", example="EUR"),
        _field(
            "adult",
            "Price for an adult",
            "price",
            "adultprice",
            "priceadult",
            "adults",
            "preis",
            "cijena",
            "erwachsene",
            required=True,
            example="45.00",
        ),
        _field("child", "Price for a child", "childprice", "pricechild", "children", "kinder", "dijete"),
        _field("infant", "Price for an infant", "infantprice", "priceinfant", "infants", "baby"),
        _field(
            "duration_min",
            "Duration",
            "durationminutes",
            "minutes",
            "length",
            "dauer",
            "trajanje",
            required=True,
            example="180, 3:00 or 3 h",
        ),
        _field("tax_bps", "Tax", "vat", "taxrate", "mwst", "pdv", "tva", example="21 %"),
        _field("deposit_bps", "Deposit", "anzahlung", "depozit", "akontacija"),
        _field(
            "balance_days",
            "Balance due, days before departure",
            "balancedays",
            "balancedue",
            "restzahlung",
            "ostatak",
            example="30",
        ),
        _field("policy", "Cancellation policy", "cancellation", "terms", example="moderate"),
        _field("description", "Description", "text", "beschreibung", "opis"),
        _field("meeting_point", "Meeting point", "meeting", "pickup", "treffpunkt", "mjestopolaska"),
        _field("meet_before_min", "Minutes before departure to meet", "meetbefore", "checkinminutes"),
        _field(
            "included", "Included", "includes", "inbegriffen", "ukljuceno", example="Guide | Boat | Lunch"
        ),
        _field("languages", "Languages", "language", "sprachen", "jezici"),
    ),
    ImportKind.DEPARTURES: (
        _field(
            "trip",
            "Trip",
            "tripcode",
            "tour",
            "tourcode",
            "code",
            "title",
            "tripname",
            "ausflug",
            "izlet",
            required=True,
            example="KOTOR-BOAT",
        ),
        _field(
            "day",
            "Day",
            "date",
            "datum",
            "departuredate",
            "startdate",
            "dan",
            required=True,
            example="2026-07-04",
        ),
        _field(
            "at",
            "Time",
            "starttime",
            "departuretime",
            "uhrzeit",
            "zeit",
            "vrijeme",
            "heure",
            required=True,
            example="08:30",
        ),
        _field(
            "capacity",
            "Seats",
            "places",
            "pax",
            "platze",
            "mjesta",
            "quantity",
            "max",
            required=True,
            example="24",
        ),
        _field("cutoff", "Sales close, minutes before", "cutoffminutes", "closes"),
        _field("zone", "Time zone", "timezone", "tz", "zeitzone"),
        _field("note", "Note", *_NOTE),
    ),
    ImportKind.TRAVELLERS: (
        _field(
            "name",
            "Name",
            "fullname",
            "traveller",
            "traveler",
            "customer",
            "guest",
            "passenger",
            "kunde",
            "gast",
            "ime",
            "imeiprezime",
            "nom",
            required=True,
            example="Henrik Söderberg",
        ),
        _field("first_name", "First name", "firstname", "givenname", "forename", "vorname", "prenom"),
        _field("last_name", "Last name", "lastname", "surname", "familyname", "nachname", "prezime"),
        _field("email", "Email", *_EMAIL, example="henrik@example.com"),
        _field("phone", "Phone", *_PHONE, example="+46 70 555 01 23"),
        _field(
            "born",
            "Born",
            "birthday",
            "birthdate",
            "dateofbirth",
            "dob",
            "geburtsdatum",
            "geboren",
            "datumrodjenja",
            example="1984-03-21",
        ),
        _field("language", "Language", "sprache", "jezik", "lang", example="sv"),
        _field("address", "Address", "street", "adresse", "adresa"),
        _field("country", "Country", "nationality", "land", "drzava", example="SE"),
    ),
}
"""What each kind takes, in the order of a form."""


def guess(kind: ImportKind, header: Sequence[str]) -> dict[str, int]:
    """Which column of a file holds which field: by field the column's place. A column serves one field."""
    keys = [_key(name) for name in header]
    found: dict[str, int] = {}
    for rank in range(max(len(field.spellings) for field in FIELDS[kind])):  # exact names win over others
        for field in FIELDS[kind]:
            if field.name in found or rank >= len(field.spellings):
                continue
            wanted = field.spellings[rank]
            free = [place for place, key in enumerate(keys) if key == wanted and place not in found.values()]
            if free:
                found[field.name] = free[0]
    return found


def likely_kind(header: Sequence[str], among: Sequence[ImportKind] = tuple(ImportKind)) -> ImportKind | None:
    """What a file with these columns holds: the kind all of whose needed fields are there, else at least two of its
    fields, and of which most are. None where no kind is like it. Columns that people and companies have alike are
    taken for people's, of whom lists are longer and more."""

    def likeness(kind: ImportKind) -> tuple[bool, int, bool]:
        found = guess(kind, header)
        return (not missing(kind, found), len(found), kind is ImportKind.TRAVELLERS)

    best = max(among, key=likeness)
    complete, found, _people = likeness(best)
    return best if complete or found > 1 else None


def mapping_of(kind: ImportKind, header: Sequence[str], named: Mapping[str, str]) -> dict[str, int]:
    """The guess, with what the person says: by field the name of a column, "" for none.

    Raises `InvalidInput(field="map")`."""
    found = guess(kind, header)
    known = {field.name for field in FIELDS[kind]}
    for name, column in named.items():
        if name not in known:
            raise InvalidInput(
                f"{kind.value.capitalize()} have no field “{name}”.",
                hint=f"There are {', '.join(sorted(known))}.",
                field="map",
            )
        places = [place for place, title in enumerate(header) if title == column]
        if column and not places:
            raise InvalidInput(
                f"The file has no column “{column}”.",
                hint=f"It has {', '.join(title for title in header if title)}.",
                field="map",
            )
        found.pop(name, None)
        if column:
            found = {field: place for field, place in found.items() if place != places[0]}
            found[name] = places[0]
    return found


def needed(kind: ImportKind, mapping: Mapping[str, int]) -> tuple[Field, ...]:
    """Fields that every row needs. A traveller's whole name is not one where a column holds the last name."""
    by_parts = kind is ImportKind.TRAVELLERS and "last_name" in mapping
    return tuple(
        field for field in FIELDS[kind] if field.required and not (by_parts and field.name == "name")
    )


def missing(kind: ImportKind, mapping: Mapping[str, int]) -> tuple[Field, ...]:
    """Fields that every row needs and that no column holds."""
    return tuple(field for field in needed(kind, mapping) if field.name not in mapping)
