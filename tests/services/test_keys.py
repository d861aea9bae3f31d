"""The same form sent again has the same effect, once."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from helpers.books import balances, charged, ops, payment_state, refund_states
from helpers.clock import HandClock
from helpers.cut_off import watched
from helpers.desk import CARD, CASH, Desk, desk_again
from helpers.raw import value
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.party import Party
from travellr_desktop.domain.states import PaymentState, RefundState
from travellr_desktop.errors import KeyReused, RequestInProgress, StorageRefusal
from travellr_desktop.services.outcomes import OutcomeState, SaleOutcome
from travellr_desktop.services.sales import Sell, SellLine
from travellr_desktop.services.travellers import TravellerDraft
from travellr_desktop.storage.commits import Commit, Moment

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("pay", [CARD, CASH, None])
def test_the_same_again_gives_the_same_result(pay: object, desk: Desk) -> None:
    hold, buyer, key = desk.hold(desk.add_departure()), desk.traveller(), uuid4()
    order = Sell((SellLine(hold.id),), buyer.id, pay)  # type: ignore[arg-type]
    first = desk.services.sales.sell(desk.agent, order, key=key)
    before = ops(desk)
    assert desk.services.sales.sell(desk.agent, order, key=key) == first
    assert ops(desk) == before
    assert value(desk.profile.database, "SELECT count(*) FROM bookings") == 1


def test_the_same_payment_again_charges_once(desk: Desk) -> None:
    placed = desk.sell(desk.hold(desk.add_departure(), adult=2), pay=None)
    key = uuid4()
    first = desk.services.sales.pay(desk.agent, placed.sale_id, CARD, key=key)
    assert desk.services.sales.pay(desk.agent, placed.sale_id, CARD, key=key) == first
    assert charged(desk) == (9000, 0)


def test_the_same_hold_traveller_and_cancellation_again(desk: Desk) -> None:
    departure, key = desk.add_departure(), uuid4()
    services = desk.services
    hold = services.holds.hold(desk.agent, departure, Party(adult=1), key=key)
    assert services.holds.hold(desk.agent, departure, Party(adult=1), key=key) == hold
    key = uuid4()
    buyer = services.travellers.create(desk.agent, TravellerDraft("Ines"), key=key)
    assert services.travellers.create(desk.agent, TravellerDraft("Ines"), key=key) == buyer
    ids = [desk.sell(hold, traveller=buyer).bookings[0].id]
    key, back = uuid4(), Money(4500, "EUR")
    first = services.cancellations.cancel(desk.agent, ids, "Ill", back, key=key)
    assert services.cancellations.cancel(desk.agent, ids, "Ill", back, key=key) == first
    assert charged(desk) == (4500, 4500)


def test_the_same_key_with_other_content_is_refused(desk: Desk) -> None:
    departure, key = desk.add_departure(), uuid4()
    desk.services.holds.hold(desk.agent, departure, Party(adult=1), key=key)
    before = ops(desk)
    with pytest.raises(KeyReused):
        desk.services.holds.hold(desk.agent, departure, Party(adult=2), key=key)
    with pytest.raises(KeyReused):
        desk.services.holds.hold(desk.admin, departure, Party(adult=1), key=key)
    with pytest.raises(KeyReused):
        desk.services.travellers.create(desk.agent, TravellerDraft("Ines"), key=key)
    assert ops(desk) == before


def test_a_key_is_kept_for_a_day(desk: Desk, clock: HandClock) -> None:
    departure, key = desk.add_departure(), uuid4()
    first = desk.services.holds.hold(desk.agent, departure, Party(adult=1), key=key)
    clock.forward(timedelta(hours=24))
    desk.services.upkeep.clean_up()
    assert desk.services.holds.hold(desk.agent, departure, Party(adult=1), key=key).id == first.id
    clock.forward(timedelta(seconds=1))
    desk.services.upkeep.clean_up()
    assert desk.services.holds.hold(desk.agent, departure, Party(adult=1), key=key).id != first.id


# at once


class Stopped:
    """Stops a thread at a commit until it is let go."""

    def __init__(self, commit: Commit, moment: Moment) -> None:
        self._at = (commit, moment)
        self.reached, self.let_go = threading.Event(), threading.Event()

    def __call__(self, commit: Commit, moment: Moment) -> None:
        if (commit, moment) == self._at:
            self.reached.set()
            assert self.let_go.wait(30)


def test_twice_at_once_from_two_threads(agency: Path, tmp_path: Path, clock: HandClock) -> None:
    """The second comes while the provider has not answered the first; so do recovery and the end of the hold."""
    shutil.copytree(agency, tmp_path / "profile")
    reached, let_go = threading.Event(), threading.Event()

    def slow(_seconds: float) -> None:
        reached.set()
        assert let_go.wait(30)

    with desk_again(tmp_path / "profile", clock, sleep=slow) as desk:
        hold, buyer, key = desk.hold(desk.add_departure(), adult=2), desk.traveller(), uuid4()
        order = Sell((SellLine(hold.id),), buyer.id, CARD)
        with desk.sandbox() as sandbox:
            sandbox.set_latency(1)
        results: list[SaleOutcome] = []
        first = threading.Thread(
            target=lambda: results.append(desk.services.sales.sell(desk.agent, order, key=key))
        )
        first.start()
        try:
            assert reached.wait(30)
            with pytest.raises(RequestInProgress):
                desk.services.sales.sell(desk.agent, order, key=key)
            with pytest.raises(KeyReused):
                desk.services.sales.sell(desk.agent, replace(order, pay=CASH), key=key)
            # recovery, on its own thread, leaves it alone, and so does who asks for it
            assert desk.services.payments.recover(start_up=True).still_unknown == 1
            sale = _only_sale(desk)
            assert desk.services.sales.read_now(desk.agent, sale).state is OutcomeState.WAITING
            clock.forward(timedelta(minutes=20))
            assert desk.services.upkeep.expire_holds() == 0
        finally:
            let_go.set()
            first.join(30)
        assert [result.state for result in results] == [OutcomeState.PAID]
        assert desk.services.sales.sell(desk.agent, order, key=key) == results[0]
        assert charged(desk) == (9000, 0)
        assert desk.services.check.run().problems == ()


def _only_sale(desk: Desk) -> UUID:
    with desk.database.read() as view:
        (sale,) = view.sales.find_all()[0]
    return sale.id


CHILD = """
import sys
from pathlib import Path
from uuid import UUID
from helpers.desk import CARD, desk_again
from travellr_desktop.services.sales import Sell, SellLine
from travellr_desktop.storage import commits

def stop(commit, moment):
    if (commit.value, moment.value) == (sys.argv[5], sys.argv[6]):
        print("there", flush=True)
        sys.stdin.readline()

with desk_again(Path(sys.argv[1])) as desk:
    commits.set_failpoint(stop)
    order = Sell((SellLine(UUID(sys.argv[2])),), UUID(sys.argv[3]), CARD)
    print(desk.services.sales.sell(desk.agent, order, key=UUID(sys.argv[4])).state.value)
"""


@contextmanager
def other_program(*arguments: object) -> Iterator[subprocess.Popen[str]]:
    """Another program that sells the same and stops at a commit."""
    paths = os.pathsep.join((str(ROOT / "tests"), str(ROOT)))
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
    )
    try:
        assert child.stdout is not None
        assert child.stdout.readline().strip() == "there"
        yield child
    finally:
        child.kill()
        child.communicate()


def test_twice_at_once_from_two_programs(desk: Desk) -> None:
    hold, buyer, key = desk.hold(desk.add_departure(), adult=2), desk.traveller(), uuid4()
    order = Sell((SellLine(hold.id),), buyer.id, CARD)
    where = (desk.profile.folder, hold.id, buyer.id, key, "payment.prepare", "after")
    with other_program(*where) as other:
        with pytest.raises(RequestInProgress):
            desk.services.sales.sell(desk.agent, order, key=key)
        assert desk.services.payments.recover(start_up=True).still_unknown == 1
        said, _ = other.communicate("go\n", timeout=60)
    assert said.strip() == "paid"
    assert desk.services.sales.sell(desk.agent, order, key=key).state is OutcomeState.PAID
    assert charged(desk) == (9000, 0)


@pytest.mark.parametrize(
    ("commit", "moment", "state", "taken"),
    [
        ("sale.place", "after", OutcomeState.DECLINED, 0),
        ("payment.prepare", "after", OutcomeState.DECLINED, 0),
        ("payment.complete", "before", OutcomeState.PAID, 9000),
        ("payment.complete", "after", OutcomeState.PAID, 9000),
    ],
)
def test_a_command_whose_program_died_is_found_out_by_reading(
    commit: str, moment: str, state: OutcomeState, taken: int, desk: Desk
) -> None:
    hold, buyer, key = desk.hold(desk.add_departure(), adult=2), desk.traveller(), uuid4()
    order = Sell((SellLine(hold.id),), buyer.id, CARD)
    with other_program(desk.profile.folder, hold.id, buyer.id, key, commit, moment) as other:
        other.send_signal(signal.SIGKILL)
        other.wait(30)
    assert desk.services.sales.sell(desk.agent, order, key=key).state is state
    assert charged(desk) == (taken, 0)
    assert value(desk.profile.database, "SELECT count(*) FROM bookings") == 1


# what falls over without the program dying


class Full:
    """The disk is full at one commit, for a while."""

    def __init__(self, at: Commit) -> None:
        self._at = at

    def __call__(self, commit: Commit, moment: Moment) -> None:
        if commit is self._at and moment is Moment.BEFORE:
            raise StorageRefusal("The disk is full.")


def test_a_charge_that_cannot_be_recorded_is_recovered_by_the_same_program(desk: Desk) -> None:
    hold, buyer, key = desk.hold(desk.add_departure(), adult=2), desk.traveller(), uuid4()
    order = Sell((SellLine(hold.id),), buyer.id, CARD)
    with watched(Full(Commit.PAYMENT_COMPLETE)), pytest.raises(StorageRefusal):
        desk.services.sales.sell(desk.agent, order, key=key)
    assert charged(desk) == (9000, 0)
    assert balances(desk) == {}
    assert desk.services.payments.recover().payments == 1  # the schedule, with no restart
    assert desk.services.sales.sell(desk.agent, order, key=key).state is OutcomeState.PAID
    assert charged(desk) == (9000, 0)


def test_the_same_form_again_finds_out_as_well(desk: Desk) -> None:
    hold, buyer, key = desk.hold(desk.add_departure(), adult=2), desk.traveller(), uuid4()
    order = Sell((SellLine(hold.id),), buyer.id, CARD)
    with watched(Full(Commit.PAYMENT_COMPLETE)), pytest.raises(StorageRefusal):
        desk.services.sales.sell(desk.agent, order, key=key)
    outcome = desk.services.sales.sell(desk.agent, order, key=key)
    assert outcome.state is OutcomeState.PAID
    assert payment_state(desk, outcome.payment_id) is PaymentState.COMPLETED
    assert charged(desk) == (9000, 0)


def test_a_refund_that_cannot_be_recorded_is_sent_once(desk: Desk) -> None:
    outcome = desk.sold(desk.add_departure(), adult=2)
    booking = outcome.bookings[0].id
    with watched(Full(Commit.REFUND_RECORD)), pytest.raises(StorageRefusal):
        desk.cancel(booking)
    assert charged(desk) == (9000, 9000)
    assert refund_states(desk, booking) == [(RefundState.APPROVED, 9000)]
    assert desk.services.payments.recover().refunds == 1
    assert charged(desk) == (9000, 9000)


def test_two_who_send_the_same_refund_at_once_send_it_once(desk: Desk) -> None:
    """Recovery comes by while the cancellation is at it, in this program and in another."""
    outcome = desk.sold(desk.add_departure(), adult=2)
    booking = outcome.bookings[0].id
    stopped = Stopped(Commit.REFUND_SEND, Moment.AFTER)
    with watched(stopped):
        cancelling = threading.Thread(target=desk.cancel, args=(booking,))
        cancelling.start()
        assert stopped.reached.wait(30)
        with desk.database.read() as view:
            (refund,) = view.refunds.find_by_booking_id(booking)
        desk.services.refunds.send_now(desk.agent, refund.id)
        assert desk.services.payments.recover(start_up=True).refunds == 0
        with desk_again(desk.profile.folder, desk.clock) as other:
            other.services.refunds.send_now(other.agent, refund.id)
            assert other.services.payments.recover(start_up=True).refunds == 0
        assert charged(desk) == (9000, 0)
        stopped.let_go.set()
        cancelling.join(30)
    assert charged(desk) == (9000, 9000)
    query = "SELECT count(*) FROM attempts WHERE action = 'refund' AND outcome = 'sent'"
    assert value(desk.profile.database, query) == 1
