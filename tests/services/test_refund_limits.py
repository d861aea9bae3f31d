"""The agency's limit: by currency, off where none is named, and set by an admin."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from helpers.desk import Desk
from travellr_desktop.domain.money import Money
from travellr_desktop.errors import InvalidInput, WrongState
from travellr_desktop.services.planning import CancelTravellers
from travellr_desktop.services.refund_asks import RefundAsk


def test_a_limit_holds_for_its_currency_alone(desk: Desk) -> None:
    rules = desk.services.agency.rules(desk.agent)
    assert rules.refund_limits == ()
    limits = (Money(8_999, "EUR"), Money(80_000, "JPY"))
    desk.services.agency.save_rules(desk.admin, replace(rules, refund_limits=limits))
    assert desk.services.agency.rules(desk.agent).refund_limits == limits
    dollars = desk.add_trip("In dollars", currency="USD")
    for trip, waits in ((None, True), (dollars, False)):
        booking = desk.sold(desk.add_departure(trip), adult=2).bookings[0].id
        assert desk.services.refunds.preview(desk.agent, RefundAsk((booking,))).needs_second is waits


@pytest.mark.parametrize(
    "limits", [(Money(-1, "EUR"),), (Money(1, "EUR"), Money(2, "EUR"))], ids=["below nothing", "twice"]
)
def test_a_limit_that_is_none_is_refused(desk: Desk, limits: tuple[Money, ...]) -> None:
    rules = desk.services.agency.rules(desk.agent)
    with pytest.raises(InvalidInput) as refused:
        desk.services.agency.save_rules(desk.admin, replace(rules, refund_limits=limits))
    assert refused.value.field == "refund_limits"


def test_at_the_limit_one_person_is_enough(desk: Desk) -> None:
    rules = desk.services.agency.rules(desk.agent)
    desk.services.agency.save_rules(desk.admin, replace(rules, refund_limits=(Money(9_000, "EUR"),)))
    booking = desk.sold(desk.add_departure(), adult=2).bookings[0].id
    done = desk.services.refunds.request(desk.agent, RefundAsk((booking,)), Money(9_000, "EUR"), key=uuid4())
    assert not done.waits


def test_a_change_does_not_go_around_it(desk: Desk) -> None:
    rules = desk.services.agency.rules(desk.agent)
    desk.services.agency.save_rules(desk.admin, replace(rules, refund_limits=(Money(4_499, "EUR"),)))
    booking = desk.sold(desk.add_departure(), adult=2).bookings[0].id
    first = desk.services.refunds.preview(desk.agent, RefundAsk((booking,))).bookings[0].lines[0].id
    with pytest.raises(WrongState):
        desk.services.changes.apply(
            desk.agent, booking, CancelTravellers((first,)), Money(-4_500, "EUR"), None, key=uuid4()
        )
