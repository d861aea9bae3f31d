"""The travellers of the demonstration are as old as their types say."""

from __future__ import annotations

from random import Random

from travellr_desktop.demo.ages import age_of
from travellr_desktop.domain.party import AGES, TravellerType


def test_children_and_infants_are_of_an_age_that_the_desk_calls_so() -> None:
    rng = Random(1)
    for kind, (first, last) in AGES.items():
        ages = {age_of(rng, kind) for _ in range(400)}
        assert ages <= set(range(first, last + 1))
        assert len(ages) > 1
    assert age_of(rng, TravellerType.ADULT) is None


def test_the_bounds_follow_each_other() -> None:
    assert AGES[TravellerType.INFANT][1] + 1 == AGES[TravellerType.CHILD][0]
