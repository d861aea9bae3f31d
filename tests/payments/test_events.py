"""Events, asked for in turns: none is missed, whatever comes between two of them."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
import stripe

from helpers.canned import canned
from helpers.gateway_hand import HALF, Hand, new_key
from helpers.provider import VISA
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.money import Money
from travellr_desktop.errors import NotFound
from travellr_desktop.payments.gateway import (
    EventSubject,
    ProviderEvent,
    RefundRequest,
    ReversalRequest,
    turn_from,
)
from travellr_desktop.payments.stripe_gateway.events import TYPES

BEGIN = datetime(2026, 6, 18, 8, 0, tzinfo=UTC)


def subjects(events: tuple[ProviderEvent, ...]) -> list[tuple[EventSubject, str]]:
    return [(event.subject, event.about) for event in events]


def test_events_say_what_is_to_be_read_again_oldest_first(hand: Hand) -> None:
    link = hand.link()
    payment = hand.control.pay_link(link, VISA).intent
    refund = hand.gateway.refund_payment(RefundRequest(new_id(), payment, HALF), key=new_key())
    dispute = hand.control.open_dispute(payment, inquiry=True)
    hand.control.settle_refund(refund.ref, failure="lost_or_stolen_card")
    hand.paid()
    transfer = hand.transferred()
    hand.gateway.reverse_transfer(ReversalRequest(new_id(), transfer, Money(100, "EUR")), key=new_key())
    payout = hand.control.pay_out("eur", 500)
    found = subjects(hand.gateway.events())
    assert found[:4] == [
        (EventSubject.PAYMENT, payment),
        (EventSubject.LINK, link),
        (EventSubject.REFUND, refund.ref),
        (EventSubject.DISPUTE, dispute),
    ]
    assert found[-2:] == [(EventSubject.TRANSFER, transfer), (EventSubject.BANK_PAYOUT, payout)]
    assert {subject for subject, _ in found} == set(EventSubject)


def test_the_next_turn_begins_after_the_last_event_and_repeats_none(hand: Hand) -> None:
    first = hand.paid()
    seen = hand.gateway.events()
    assert hand.gateway.events(after=seen[-1].ref) == ()
    second = hand.paid()
    newer = hand.gateway.events(after=seen[-1].ref)
    assert [event.about for event in seen] == [first]
    assert [event.about for event in newer] == [second]


@pytest.mark.parametrize("count", [99, 100, 101, 230])
def test_a_turn_goes_to_the_newest_however_many_came(hand: Hand, count: int) -> None:
    hand.paid()
    begin = hand.gateway.events()[-1].ref
    made = [hand.prepared() for _ in range(count)]
    for ref in made:
        hand.gateway.cancel_payment(ref, key=new_key())
    assert [event.about for event in hand.gateway.events(after=begin)] == made
    assert [event.about for event in hand.gateway.events()][1:] == made


def test_events_are_chosen_by_subject_and_by_time(hand: Hand) -> None:
    payment = hand.paid()
    refund = hand.refunded(payment)
    only = hand.gateway.events(subjects={EventSubject.REFUND})
    assert subjects(only) == [(EventSubject.REFUND, refund)]
    when = only[0].created_at
    assert len(hand.gateway.events(since=when - timedelta(hours=1))) == 2
    assert hand.gateway.events(since=when + timedelta(hours=1)) == ()


def test_an_event_that_the_provider_has_forgotten_is_not_found(hand: Hand) -> None:
    hand.paid()
    with pytest.raises(NotFound):
        hand.gateway.events(after="evt_none")


def test_no_more_types_are_asked_for_than_stripe_takes_and_all_are_its_own() -> None:
    assert len(TYPES) <= 20
    known = {name for part in get_args(stripe.Event.__annotations__["type"]) for name in get_args(part)}
    known = known or set(_literals(stripe.Event))
    assert set(TYPES) <= known
    assert set(TYPES.values()) == set(EventSubject)


def _literals(kind: type[Any]) -> tuple[str, ...]:
    import inspect
    import re

    return tuple(re.findall(r'"([a-z_]+(?:\.[a-z_]+)+)"', inspect.getsource(kind)))


def _event(ref: str, minutes: int) -> ProviderEvent:
    return ProviderEvent(ref, EventSubject.PAYMENT, "pi_1", BEGIN + timedelta(minutes=minutes))


def test_a_turn_begins_some_minutes_before_the_newest_that_was_seen() -> None:
    seen = [_event("evt_c", 12), _event("evt_a", 0), _event("evt_d", 20), _event("evt_b", 10)]
    assert turn_from(seen) == "evt_b"
    assert turn_from(seen, timedelta(minutes=15)) == "evt_a"
    assert turn_from(seen, timedelta(0)) == "evt_d"
    assert turn_from(seen, timedelta(hours=1)) is None
    assert turn_from([]) is None


def test_a_late_event_within_the_overlap_is_seen_in_the_next_turn(hand: Hand) -> None:
    """The provider does not promise their order: one may come to stand before others that were seen."""
    hand.paid()
    hand.control.shift_clock(timedelta(minutes=30))
    hand.paid()
    seen = hand.gateway.events()
    begin = turn_from(seen)
    assert begin == seen[0].ref
    assert hand.gateway.events(after=begin) == seen[1:]


def test_an_event_of_a_type_that_was_not_asked_for_is_left_out() -> None:
    event = {
        "id": "evt_1",
        "object": "event",
        "created": 1_700_000_000,
        "data": {"object": {"id": "prod_1"}},
        "type": "product.created",
    }
    with closing(canned(200, {"object": "list", "data": [event], "has_more": False})) as gateway:
        assert gateway.events() == ()
