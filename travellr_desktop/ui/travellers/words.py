"""What the screen of travellers says: reasons, fields, documents."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from babel.dates import format_date

from travellr_desktop.domain.likeness import Why
from travellr_desktop.domain.locales import locale_of
from travellr_desktop.domain.places import countries, languages
from travellr_desktop.services.merging import Value
from travellr_desktop.services.travel_documents import DocumentKind, TravelDocumentRow
from travellr_desktop.services.traveller_history import TravellerMoney
from travellr_desktop.ui.records.words import NOTHING, Words

VERY_LIKELY, LIKELY = 80, 65

WHY = {
    Why.EMAIL: "same email",
    Why.PHONE: "same phone",
    Why.NAME: "same name",
    Why.NAME_ALIKE: "name alike",
    Why.BORN: "same birthday",
    Why.OTHER_NAME: "another name",
    Why.OTHER_BIRTHDAY: "another birthday",
}

FIELDS = {
    "name": "Name",
    "phone": "Phone",
    "email": "Email",
    "born": "Born",
    "language": "Language",
    "address": "Address",
    "country": "Country",
}

DOCUMENTS = {
    DocumentKind.PASSPORT: "Passport",
    DocumentKind.IDENTITY: "Identity card",
    DocumentKind.VISA: "Visa",
    DocumentKind.LICENCE: "Licence",
    DocumentKind.OTHER: "Other document",
}


def reasons(why: Iterable[Why]) -> str:
    """`same phone, same birthday, name alike`."""
    return ", ".join(WHY[each] for each in why)


def level(score: int) -> str:
    return "Very likely" if score >= VERY_LIKELY else "Likely" if score >= LIKELY else "Perhaps"


def contact(phone: str, email: str) -> str:
    return phone or email


class PeopleWords(Words):
    """Amounts and moments as on the other lists, and the fields of a person."""

    def long_day(self, day: date) -> str:
        """`14 Mar 1988`."""
        return str(format_date(day, "medium", locale=locale_of(self.formats.locale)))

    def moment(self, at: datetime) -> str:
        """The day on the desk's calendar, with its year."""
        return self.long_day(self.formats.local(at, self.formats.zone).date())

    def language(self, code: str) -> str:
        return languages(self.formats.locale).get(code, code)

    def country(self, code: str) -> str:
        return countries(self.formats.locale).get(code, code)

    def field(self, name: str, value: Value) -> str:
        """A field as it is read; a dash where there is nothing."""
        if not value:
            return NOTHING
        if isinstance(value, date):
            return self.long_day(value)
        says = {"language": self.language, "country": self.country}
        return says[name](value) if name in says else value

    def born(self, born: date | None, age: int | None) -> str:
        """`14 Mar 1988, 38 years`."""
        if born is None or age is None:
            return NOTHING
        return f"{self.long_day(born)}, {age} {'year' if age == 1 else 'years'}"

    def sums(self, money: Iterable[TravellerMoney], of: str) -> str:
        """One of the sums in every currency: `€604.00, US$20.00`."""
        amounts = [getattr(each, of) for each in money]
        return ", ".join(self.money(each) for each in amounts if each.minor) or NOTHING

    def document(self, row: TravelDocumentRow) -> tuple[str, str, str]:
        """A document's title, its second line and the tone of that."""
        country = self.country(row.country)
        title = ", ".join(part for part in (f"{DOCUMENTS[row.kind]} {row.number}", country) if part)
        second, tone = self._until(row)
        return title, " · ".join(part for part in (second, row.note) if part), tone

    def _until(self, row: TravelDocumentRow) -> tuple[str, str]:
        if row.expires_on is None:
            return "", "text_secondary"
        ends = self.long_day(row.expires_on)
        if row.expired:
            return f"Expired {ends}", "wait"
        if (short := row.too_short) is not None:
            return f"Expires {ends}, before {short.title} on {self.short_day(short.day)}", "wait"
        return f"Valid to {ends}", "text_secondary"
