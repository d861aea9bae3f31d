"""What the demonstration's money has been through is there to be looked at, in every part of the program."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from uuid import UUID

import pytest

from travellr_desktop.demo.clocks import ShiftedClock
from travellr_desktop.demo.desk import DemoDesk, open_desk
from travellr_desktop.demo.mark import AGENT, PASSWORD
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.domain.states import RefundOrderState
from travellr_desktop.paths import Profile
from travellr_desktop.services.paged import ListQuery


@pytest.fixture
def desk(demo: Profile) -> Iterator[DemoDesk]:
    with open_desk(demo, clock=ShiftedClock(timedelta(0))) as desk:
        yield desk


def signed_in(desk: DemoDesk, email: str = AGENT) -> Actor:
    return desk.users.sign_in(email, PASSWORD).actor


def everybody(desk: DemoDesk, actor: Actor) -> list[UUID]:
    with closing(desk.services.lists.travellers(actor, ListQuery(sort="name"))) as found:
        return [row.id for row in found.first(500)]


def test_a_bank_waits_for_an_answer(desk: DemoDesk) -> None:
    count = desk.services.disputes.count(signed_in(desk, "mira@example.com"))
    assert count.undecided >= 1
    assert count.next_due is not None
    assert count.late == 0


def test_a_large_refund_waits_for_a_second_person(desk: DemoDesk) -> None:
    orders = desk.services.refunds.orders(signed_in(desk))
    waiting = [order for order in orders if order.state is RefundOrderState.REQUESTED]
    assert len(waiting) == 1
    assert waiting[0].limit is not None
    assert waiting[0].amount > waiting[0].limit
    assert desk.services.refunds.to_approve(signed_in(desk, "mira@example.com")) == 1


def test_the_till_is_open_with_what_was_moved_and_yesterday_is_closed(desk: DemoDesk) -> None:
    actor = signed_in(desk)
    status = desk.services.till.status(actor)
    assert status.open is not None
    moved = [each.about for each in status.open.movements]
    assert {"Paper for the printer", "Coins for change"} <= set(moved)
    closes = desk.services.till.history(actor)
    assert [each.number for each in closes] == list(range(status.number - 1, 0, -1))
    assert desk.services.till.x_reads(actor)[0].number == status.number
    assert desk.services.till.standing().needed


def test_every_z_is_that_of_a_day(desk: DemoDesk) -> None:
    """No session is of months, and no drawer holds more than a few days bring."""
    closes = desk.services.till.history(signed_in(desk))
    assert len(closes) >= 5
    assert all(each.closed_at - each.opened_at < timedelta(days=1) for each in closes)
    assert any(each.difference for each in closes)


def test_somebody_paid_too_much(desk: DemoDesk) -> None:
    actor, services = signed_in(desk), desk.services
    amounts = [each for one in everybody(desk, actor) for each in services.debts.of_traveller(actor, one)]
    assert [each.excess.minor for each in amounts if each.excess] == [2_400]


def test_somebody_has_credit_and_somebody_a_card_that_is_kept(desk: DemoDesk) -> None:
    actor, services = signed_in(desk), desk.services
    people = everybody(desk, actor)
    assert any(services.credit.of_traveller(actor, each).has for each in people)
    assert any(services.cards.of_traveller(actor, each) for each in people)
