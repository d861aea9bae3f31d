"""Books matched with the provider's: each kind of difference is found as what it is, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travellr_desktop.domain.matching import (
    SAME_MOMENT,
    Difference,
    DifferenceKind,
    Moved,
    OurMove,
    TheirMove,
    match,
)
from travellr_desktop.domain.money import Money

ZONE = "Europe/Podgorica"
NOON = datetime(2026, 6, 18, 10, 0, tzinfo=UTC)


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def ours(ref: str = "pi_1", **more: object) -> OurMove:
    plain = OurMove(Moved.PAYMENT, ref, None, eur(10_000), None, eur(290), NOON)
    return replace(plain, **more)  # type: ignore[arg-type]


def theirs(ref: str = "pi_1", **more: object) -> TheirMove:
    plain = TheirMove(Moved.PAYMENT, ref, f"txn_{ref}", eur(10_000), eur(10_000), eur(290), NOON)
    return replace(plain, **more)  # type: ignore[arg-type]


def found(here: Sequence[OurMove], there: Sequence[TheirMove], known: Sequence[str] = ()) -> list[Difference]:
    return match(here, there, known=set(known), zone=ZONE)


def kinds(differences: Sequence[Difference]) -> list[DifferenceKind]:
    return [one.kind for one in differences]


def test_what_agrees_is_not_told() -> None:
    assert found([ours(), ours("pi_2")], [theirs("pi_2"), theirs()]) == []


def test_what_the_provider_does_not_have_is_found() -> None:
    (one,) = found([ours()], [])
    assert (one.kind, one.here, one.there, one.day) == (
        DifferenceKind.NOT_THERE,
        eur(10_000),
        None,
        date(2026, 6, 18),
    )


def test_what_the_books_do_not_have_is_found_and_told_from_what_nobody_knows() -> None:
    assert kinds(found([], [theirs()], known=["pi_1"])) == [DifferenceKind.NOT_HERE]
    assert kinds(found([], [theirs()])) == [DifferenceKind.UNKNOWN]


def test_a_refund_that_came_back_is_a_late_failure() -> None:
    refund = ours("re_1", kind=Moved.REFUND, amount=eur(-4_000), fee=None)
    their = theirs("re_1", kind=Moved.REFUND, amount=eur(-4_000), settled=eur(-4_000), fee=eur(0))
    back = theirs("re_1", kind=Moved.REFUND_FAILED, amount=eur(4_000), settled=eur(4_000), fee=eur(0))
    assert kinds(found([refund], [their, back], known=["re_1"])) == [DifferenceKind.LATE_FAILURE]


def test_a_posting_that_is_there_twice_is_told_from_another_amount() -> None:
    assert kinds(found([ours(amount=eur(20_000))], [theirs()])) == [DifferenceKind.TWICE_HERE]
    assert kinds(found([ours(amount=eur(20_001))], [theirs()])) == [DifferenceKind.AMOUNT]
    assert kinds(found([ours(amount=eur(9_999))], [theirs()])) == [DifferenceKind.AMOUNT]
    assert kinds(found([ours()], [theirs(amount=eur(0))])) == [DifferenceKind.AMOUNT]


def test_a_movement_that_the_provider_has_twice_is_found() -> None:
    twice = [theirs(), theirs(move_ref="txn_again", at=NOON + timedelta(minutes=1))]
    (one,) = found([ours()], twice)
    assert (one.kind, one.here, one.there) == (DifferenceKind.TWICE_THERE, eur(10_000), eur(20_000))
    assert kinds(found([], twice)) == [DifferenceKind.TWICE_THERE, DifferenceKind.UNKNOWN]


def test_twice_in_two_currencies_has_no_sum() -> None:
    other = theirs(move_ref="txn_again", amount=Money(9_000, "USD"), at=NOON + timedelta(minutes=1))
    (one,) = found([ours()], [theirs(), other])
    assert (one.kind, one.there) == (DifferenceKind.TWICE_THERE, None)


def test_another_currency_is_told_from_another_amount() -> None:
    (one,) = found([ours()], [theirs(amount=Money(10_000, "USD"), settled=eur(9_200))])
    assert (one.kind, one.there) == (DifferenceKind.CURRENCY, Money(10_000, "USD"))


def test_another_fee_and_a_fee_that_was_never_posted_are_found() -> None:
    assert kinds(found([ours(fee=eur(200))], [theirs()])) == [DifferenceKind.FEE]
    (one,) = found([ours(fee=None)], [theirs()])
    assert (one.kind, one.here, one.there) == (DifferenceKind.FEE, None, eur(290))
    assert kinds(found([ours()], [theirs(fee=eur(0))])) == [DifferenceKind.FEE]


def test_what_it_came_to_in_another_currency_is_compared() -> None:
    pounds = Money(10_000, "GBP")
    there = theirs(amount=pounds, settled=eur(11_700))
    assert found([ours(amount=pounds, settled=eur(11_700))], [there]) == []
    assert kinds(found([ours(amount=pounds, settled=eur(11_699))], [there])) == [DifferenceKind.RATE]
    assert kinds(found([ours(amount=pounds)], [there])) == [DifferenceKind.RATE]
    assert kinds(found([ours(settled=eur(10_000))], [theirs()])) == [DifferenceKind.RATE]


def test_a_day_is_one_of_the_agencys_zone() -> None:
    before_midnight = datetime(2026, 6, 18, 21, 58, tzinfo=UTC)  # 23:58 in Podgorica
    across = before_midnight + timedelta(minutes=4)
    assert found([ours(at=across)], [theirs(at=before_midnight)]) == []
    late = before_midnight + SAME_MOMENT + timedelta(minutes=1)
    (one,) = found([ours(at=late)], [theirs(at=before_midnight)])
    assert (one.kind, one.day) == (DifferenceKind.DAY, date(2026, 6, 18))
    assert found([ours(at=NOON + timedelta(hours=9))], [theirs()]) == []


def test_several_things_about_one_movement_are_told_apart() -> None:
    there = theirs(fee=eur(300), at=NOON - timedelta(days=2))
    assert set(kinds(found([ours()], [there]))) == {DifferenceKind.FEE, DifferenceKind.DAY}


def test_a_difference_is_named_the_same_however_often_it_is_looked_for() -> None:
    here, there = [ours(fee=None), ours("pi_2")], [theirs()]
    first, again = found(here, there), found(here[::-1], there)
    assert [one.key for one in first] == [one.key for one in again]
    assert len({one.key for one in first}) == 2


# found whatever stands around it

Plant = Callable[[list[OurMove], list[TheirMove], int], None]


def _without_here(here: list[OurMove], there: list[TheirMove], at: int) -> None:
    del here[at]


def _without_there(here: list[OurMove], there: list[TheirMove], at: int) -> None:
    del there[at]


def _cheaper(here: list[OurMove], there: list[TheirMove], at: int) -> None:
    here[at] = replace(here[at], amount=here[at].amount - eur(1))


def _other_fee(here: list[OurMove], there: list[TheirMove], at: int) -> None:
    there[at] = replace(there[at], fee=there[at].fee + eur(1))


def _later(here: list[OurMove], there: list[TheirMove], at: int) -> None:
    here[at] = replace(here[at], at=here[at].at + timedelta(days=1))


def _twice(here: list[OurMove], there: list[TheirMove], at: int) -> None:
    there.append(replace(there[at], move_ref="txn_again"))


PLANTS: dict[DifferenceKind, Plant] = {
    DifferenceKind.NOT_HERE: _without_here,
    DifferenceKind.NOT_THERE: _without_there,
    DifferenceKind.AMOUNT: _cheaper,
    DifferenceKind.FEE: _other_fee,
    DifferenceKind.DAY: _later,
    DifferenceKind.TWICE_THERE: _twice,
}


@pytest.mark.parametrize("kind", PLANTS)
@given(amounts=st.lists(st.integers(1, 10**6), min_size=1, max_size=12), pick=st.data())
def test_one_planted_difference_among_many_is_all_that_is_found(
    kind: DifferenceKind, amounts: list[int], pick: st.DataObject
) -> None:
    refs = [f"pi_{number}" for number in range(len(amounts))]
    here = [ours(ref, amount=eur(amount + 1)) for ref, amount in zip(refs, amounts, strict=True)]
    there = [
        theirs(ref, amount=eur(amount + 1), settled=eur(amount + 1))
        for ref, amount in zip(refs, amounts, strict=True)
    ]
    assert found(here, there, known=refs) == []
    at = pick.draw(st.integers(0, len(amounts) - 1))
    PLANTS[kind](here, there, at)
    (one,) = found(here, there, known=refs)
    assert (one.kind, one.ref) == (kind, refs[at])


def test_sums_of_a_day_would_agree_where_one_is_missing_and_another_is_there_twice() -> None:
    """The negative control: whoever compares sums sees nothing here."""
    here = [ours("pi_1"), ours("pi_2", amount=eur(20_000))]
    there = [theirs("pi_2"), theirs("pi_3"), theirs("pi_4")]
    assert sum(one.amount.minor for one in here) == sum(one.amount.minor for one in there)
    assert kinds(found(here, there, known=["pi_3"])) == [
        DifferenceKind.NOT_THERE,
        DifferenceKind.TWICE_HERE,
        DifferenceKind.NOT_HERE,
        DifferenceKind.UNKNOWN,
    ]
