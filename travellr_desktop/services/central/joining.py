"""What becomes of a file that joins a central database where others are already: said before it is done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class SamePerson:
    """Somebody with an account here and there by the same email: they have the one there from then on, with its
    password and role."""

    email: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class JoinPlan:
    """`rows` come there beside what is there; `beside` is False where nothing is. `mark` is what `numbers` numbers of
    this desk end in then, and `codes` of vendors, trips and promotions that are taken there. `settings` of the agency
    are otherwise there, and stand. `vendors`, `trips`, `departures` and `travellers` look like some there, and stay
    two. With anything `in_the_way` it cannot join."""

    rows: int
    beside: bool = False
    desk: str = ""
    mark: str = ""
    people: tuple[SamePerson, ...] = ()
    numbers: int = 0
    codes: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    vendors: tuple[str, ...] = ()
    trips: tuple[str, ...] = ()
    departures: tuple[str, ...] = ()
    travellers: int = 0
    in_the_way: tuple[str, ...] = ()

    def as_json(self) -> Mapping[str, Any]:
        return {
            "rows": self.rows,
            "beside": self.beside,
            "desk": self.desk,
            "mark": self.mark,
            "people": [{"email": p.email, "name": p.name, "role": p.role} for p in self.people],
            "numbers": self.numbers,
            "codes": list(self.codes),
            "settings": list(self.settings),
            "alike": {
                "vendors": list(self.vendors),
                "trips": list(self.trips),
                "departures": list(self.departures),
                "travellers": self.travellers,
            },
            "in_the_way": list(self.in_the_way),
        }

    def lines(self) -> Iterator[str]:
        """Sentences, what matters most first."""
        if self.in_the_way:
            yield "This desk cannot join as things are:"
            yield from self.in_the_way
            return
        if not self.beside:
            yield f"The central database is empty: it is given {self.rows:,} rows, as they are."
            return
        yield f"{self.rows:,} rows come there beside what is there, as desk {self.desk}. None is merged with another."
        if self.numbers:
            yield (
                f"{self.numbers:,} numbers that this desk gave out end in {self.mark} from then on, as in "
                f"SA-2026-000001{self.mark}: of sales, bookings, invoices, payouts and statements. Papers that were "
                "handed out have them without."
            )
        if self.codes:
            yield f"Codes that are taken there: {_some(self.codes)}."
        if self.people:
            emails = _some(tuple(person.email for person in self.people))
            yield f"Who has an account there signs in with that one, and its password: {emails}."
        if self.settings:
            yield f"Settings of the agency are those of there: {_some(self.settings)}."
        for things, words in (
            (self.vendors, "Vendors of the same name stay two"),
            (self.trips, "Trips of the same title stay two"),
            (self.departures, "Departures at the same time stay two, each with its own seats"),
        ):
            if things:
                yield f"{words}: {_some(things)}."
        if self.travellers:
            yield f"{self.travellers:,} travellers look like some there; Duplicates shows them afterwards."


def _some(things: tuple[str, ...], most: int = 6) -> str:
    rest = len(things) - most
    return ", ".join(things[:most]) + (f" and {rest:,} more" if rest > 0 else "")
