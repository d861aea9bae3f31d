"""How old the travellers of the demonstration are."""

from __future__ import annotations

from random import Random

from travellr_desktop.domain.party import TravellerType

_CHILDREN = (4, 11)
_MONTHS = (0, 9, 18)
"""Of infants, who are infants up to their second birthday."""


def age_of(rng: Random, kind: TravellerType) -> int | None:
    """In years, within `domain.party.AGES`; adults are not asked."""
    if kind is TravellerType.CHILD:
        return rng.randint(*_CHILDREN)
    if kind is TravellerType.INFANT:
        return _MONTHS[rng.randint(0, len(_MONTHS) - 1)] // 12
    return None
