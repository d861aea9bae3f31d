"""Who travels: how many of each type, how many seats they take, what they pay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from travellr_desktop.domain.money import Money, sum_money
from travellr_desktop.errors import InvalidInput

MOST_OF_A_TYPE = 999


class TravellerType(StrEnum):
    ADULT = "adult"
    CHILD = "child"
    INFANT = "infant"


TAKES_SEAT: Mapping[TravellerType, bool] = MappingProxyType(
    {TravellerType.ADULT: True, TravellerType.CHILD: True, TravellerType.INFANT: False}
)
"""What holds where a trip does not say otherwise: infants sit on a lap."""

AGES: Mapping[TravellerType, tuple[int, int]] = MappingProxyType(
    {TravellerType.CHILD: (2, 11), TravellerType.INFANT: (0, 1)}
)
"""What is meant by a type, in years, first and last: what the desk says beside it. Whoever is older is an adult."""


@dataclass(frozen=True, slots=True)
class Party:
    """A number of travellers of each type, from 0 to 999 each. A party of nobody is false."""

    adult: int = 0
    child: int = 0
    infant: int = 0

    def __post_init__(self) -> None:
        for kind in TravellerType:
            count = self.count(kind)
            if type(count) is not int or not 0 <= count <= MOST_OF_A_TYPE:
                raise InvalidInput(
                    f"The number of travellers must be from 0 to {MOST_OF_A_TYPE}, not {count!r}.",
                    field="party",
                )

    @classmethod
    def of(cls, counts: Mapping[TravellerType, int]) -> Party:
        return cls(**{kind.value: count for kind, count in counts.items()})

    def count(self, kind: TravellerType) -> int:
        if kind is TravellerType.ADULT:
            return self.adult
        return self.child if kind is TravellerType.CHILD else self.infant

    def counts(self) -> dict[TravellerType, int]:
        """The types that are there, in the order of `TravellerType`."""
        return {kind: self.count(kind) for kind in TravellerType if self.count(kind)}

    def __iter__(self) -> Iterator[TravellerType]:
        """One type a traveller."""
        for kind, count in self.counts().items():
            for _ in range(count):
                yield kind

    def __bool__(self) -> bool:
        return self.pax > 0

    @property
    def pax(self) -> int:
        return self.adult + self.child + self.infant


def seats(party: Party, takes_seat: Mapping[TravellerType, bool] = TAKES_SEAT) -> int:
    """How many seats the party takes. A type that `takes_seat` leaves out takes one."""
    return sum(count for kind, count in party.counts().items() if takes_seat.get(kind, True))


def line_prices(party: Party, prices: Mapping[TravellerType, Money]) -> list[tuple[TravellerType, Money]]:
    """The price of each traveller. Raises `InvalidInput` if a type in the party has no price."""
    for kind in party.counts():
        if kind not in prices:
            raise InvalidInput(
                f"This trip has no price for travellers of type {kind.value}.",
                hint="Choose another traveller type or another trip.",
                field="party",
            )
    return [(kind, prices[kind]) for kind in party]


def total_price(party: Party, prices: Mapping[TravellerType, Money], currency: str) -> Money:
    """What the party pays, zero of `currency` for nobody. Raises as `line_prices`, or `CurrencyMismatch`."""
    return sum_money((price for _, price in line_prices(party, prices)), currency)
