"""Money that goes back in a currency of which the payment service wants the last digit to be zero: fils of Kuwait.
Worked by hand; amounts are in fils, 1000 to the dinar."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest

from helpers.books import refund_states
from helpers.desk import CARD, CASH, Desk
from helpers.refunding import proved, refunded
from travellr_desktop.domain.ledger import Bearer
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.states import RefundState
from travellr_desktop.errors import InvalidInput
from travellr_desktop.payments.steps import step_of
from travellr_desktop.services import back_in_steps
from travellr_desktop.services.back_in_steps import spread_in_steps
from travellr_desktop.services.refund_asks import Beyond, RefundAsk
from travellr_desktop.services.sales import PayChoice

SOON = date(2026, 6, 23)  # in five days: strict keeps half


def fils(minor: int) -> Money:
    return Money(minor, "KWD")


def sold(desk: Desk, *prices: int, pay: PayChoice = CARD, policy: str = "strict") -> list[UUID]:
    """A sale of one traveller each at these prices."""
    holds = []
    for price in prices:
        trip = desk.add_trip(f"For {price} {uuid4()}", adult=price, currency="KWD", policy=policy)
        holds.append(desk.hold(desk.add_departure(trip, day=SOON), adult=1))
    return [booking.id for booking in desk.sell(*holds, pay=pay).bookings]


def charged(desk: Desk) -> tuple[int, int]:
    """What the provider took and gave back, counted in its own file."""
    with desk.sandbox() as sandbox:
        counts = sandbox.counts()
    return counts.charged.get("kwd", 0), counts.refunded.get("kwd", 0)


def rows(desk: Desk, booking: UUID) -> list[tuple[str, int, str]]:
    with desk.database.read() as view:
        return [
            (row.destination.value, row.amount, row.state.value)
            for row in view.refunds.find_by_booking_id(booking)
        ]


@pytest.mark.parametrize(
    ("currency", "step"),
    [("KWD", 10), ("BHD", 10), ("EUR", 1), ("JPY", 1), ("ISK", 1), ("UGX", 1), ("IRR", 1)],
)
def test_the_provider_has_steps_of_its_own(currency: str, step: int) -> None:
    assert step_of(currency) == step


def test_what_the_policy_gives_is_rounded_up_to_tens(desk: Desk) -> None:
    """Half of 45.670 is 22.835: 22.840 go back to the card, and 22.830 are kept, 18.264 of them the vendor's."""
    (booking,) = sold(desk, 45_670)
    shown = desk.services.refunds.preview(desk.agent, RefundAsk((booking,)))
    assert (shown.back, shown.kept) == (fils(22_840), fils(22_830))
    assert [step.back for step in shown.steps] == [fils(22_840), fils(0)]
    detail = desk.services.bookings.detail(desk.agent, booking)
    assert detail.back_today == fils(22_840)
    refunded(desk, booking)
    assert rows(desk, booking) == [("payment", 22_840, "completed")]
    assert charged(desk) == (45_670, 22_840)
    proved(desk)


def test_without_the_steps_the_provider_refuses(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the plain half is refused, and stays owed."""
    (booking,) = sold(desk, 45_670)
    monkeypatch.setattr(back_in_steps, "step_of", lambda _currency: 1)
    refunded(desk, booking)
    assert refund_states(desk, booking) == [(RefundState.FAILED, 22_835)]
    assert charged(desk) == (45_670, 0)


def test_cash_goes_back_to_the_last_fils_and_so_does_credit(desk: Desk) -> None:
    (cash,) = sold(desk, 45_670, pay=CASH)
    refunded(desk, cash)
    assert rows(desk, cash) == [("payment", 22_835, "completed")]
    (card,) = sold(desk, 45_670)
    refunded(desk, card, to=RefundTo.CREDIT)
    assert rows(desk, card) == [("credit", 22_835, "completed")]
    proved(desk)


def test_what_is_less_than_a_step_becomes_credit(desk: Desk) -> None:
    """10.010 by one card for two bookings of 5.005: of each 5.000 go back to the card, and 0.005 are credit."""
    bookings = sold(desk, 5_005, 5_005, policy="flexible")
    for booking in bookings:
        shown = desk.services.refunds.preview(desk.agent, RefundAsk((booking,)))
        assert [(way.to.value, way.amount) for way in shown.ways] == [
            ("payment", fils(5_000)),
            ("credit", fils(5)),
        ]
        refunded(desk, booking)
        assert rows(desk, booking) == [("payment", 5_000, "completed"), ("credit", 5, "completed")]
    assert charged(desk) == (10_010, 10_000)
    proved(desk)


@pytest.mark.parametrize("bearer", [None, Bearer.AGENCY])
def test_more_than_the_policy_gives_is_in_tens_or_all_of_it(desk: Desk, bearer: Bearer | None) -> None:
    (booking,) = sold(desk, 45_670)
    for back in (30_005, 22_845):
        with pytest.raises(InvalidInput) as refused:
            desk.services.refunds.preview(
                desk.admin, RefundAsk((booking,), beyond=Beyond(fils(back), bearer), reason="Rain")
            )
        assert refused.value.field == "give_back"
    refunded(desk, booking, back=30_010, borne_by=bearer)
    assert charged(desk) == (45_670, 30_010)
    proved(desk)


def test_one_of_two_travellers_is_given_back_in_tens(desk: Desk) -> None:
    """Half of 15.010 each is 7.505: 7.510 go back of the first; of the second then all that half leaves, 7.510 too."""
    trip = desk.add_trip("Dhow", adult=15_010, currency="KWD", policy="strict")
    booking = desk.sold(desk.add_departure(trip, day=SOON), adult=2).bookings[0].id
    first = desk.services.refunds.preview(desk.agent, RefundAsk((booking,))).bookings[0].lines[0].id
    refunded(desk, booking, who=(first,))
    assert charged(desk) == (30_020, 7_510)
    refunded(desk, booking)
    assert charged(desk) == (30_020, 15_020)
    proved(desk)


@pytest.mark.parametrize(
    ("amount", "room", "parts"),
    [
        (30, [50, 50], [20, 10]),
        (100, [50, 50], [50, 50]),
        (15, [5, 10], [5, 10]),
        (10, [5, 15], [0, 10]),
    ],
)
def test_an_amount_is_spread_in_whole_steps(amount: int, room: list[int], parts: list[int]) -> None:
    assert spread_in_steps(amount, room, 10) == parts
