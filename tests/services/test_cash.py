"""Cash is taken in steps, as every way to pay: the word that it is there, then what follows from it.

Between both the program may end. Then the sale is neither lost nor written twice, the seats are safe, and it is
completed as it would have been.
"""

from __future__ import annotations

import json
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from sqlite3 import connect
from typing import Any
from uuid import UUID, uuid4

import pytest

from helpers.books import balances, charged, entries, ops, payment_state, refund_states, seats
from helpers.clock import HandClock
from helpers.cut_off import cut_off, watched
from helpers.desk import CARD, CASH, DAY, Desk, desk_again, desk_at
from helpers.raw import rows, value
from helpers.seated import add_numbered
from travellr_desktop.domain.party import Party
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.domain.states import HoldState, PaymentState, RefundState, advance
from travellr_desktop.errors import RequestInProgress, SeatsGone, StorageRefusal, WrongState
from travellr_desktop.services.at_hand import AtHand
from travellr_desktop.services.outcomes import OutcomeState, SaleOutcome
from travellr_desktop.services.sales import Sell, SellLine
from travellr_desktop.storage.commits import Commit, Moment

CUTS = [(Commit.SALE_PLACE, Moment.AFTER), (Commit.PAYMENT_COMPLETE, Moment.BEFORE)]
"""Where the word is kept, and nothing has followed from it."""


STANDS = (
    "SELECT p.state, b.state, h.state FROM holds h "
    "LEFT JOIN bookings b ON b.hold_id = h.id LEFT JOIN payments p ON p.sale_id = b.sale_id"
)


def order(desk: Desk, departure: UUID, *, adult: int = 2) -> Sell:
    return Sell((SellLine(desk.hold(departure, adult=adult).id),), desk.traveller().id, CASH)


def cut(desk: Desk, departure: UUID, *, adult: int = 2) -> tuple[Sell, UUID]:
    """A sale in cash whose program ended once it was placed; what was asked, and its key."""
    asked, key = order(desk, departure, adult=adult), uuid4()
    with cut_off(*CUTS[0]):
        desk.services.sales.sell(desk.agent, asked, key=key)
    return asked, key


def sale_of(desk: Desk) -> SaleOutcome:
    """The only one there is."""
    return desk.services.sales.outcome(desk.agent, UUID(value(desk.database.path, "SELECT id FROM sales")))


def told(desk: Desk) -> dict[str, int]:
    """How often each event of a sale was written."""
    return dict(rows(desk.database.path, "SELECT event_name, count(*) FROM outbox_events GROUP BY 1"))


# three commits


def test_hold_sale_and_outcome_are_a_durable_commit_each(desk: Desk) -> None:
    departure = desk.add_departure(capacity=4)
    buyer = desk.traveller()
    seen: list[tuple[str, Any]] = []

    def look(commit: Commit, moment: Moment) -> None:
        if moment is Moment.AFTER:
            state = rows(desk.database.path, STANDS)
            seen.append((commit.value, (*state[0], balances(desk).get("till", 0), seats(desk, departure)[1])))

    with watched(look):
        hold = desk.services.holds.hold(desk.agent, departure, Party(adult=2), key=uuid4())
        desk.services.sales.sell(desk.agent, Sell((SellLine(hold.id),), buyer.id, CASH), key=uuid4())
    assert seen == [
        ("hold.take", (None, None, "active", 0, 2)),
        ("sale.place", ("created", "pending", "active", 0, 2)),
        ("payment.complete", ("completed", "confirmed", "consumed", 9000, 2)),
    ]


def test_cash_for_a_sale_of_before_goes_the_same_way(desk: Desk) -> None:
    placed = desk.sell(desk.hold(desk.add_departure(), adult=2), pay=None)
    seen: list[str] = []

    def look(commit: Commit, moment: Moment) -> None:
        if moment is Moment.AFTER:
            seen.append(f"{commit.value}: {rows(desk.database.path, 'SELECT state FROM payments')[0][0]}")

    with watched(look):
        paid = desk.services.sales.pay(desk.agent, placed.sale_id, CASH, key=uuid4())
    assert seen == ["payment.create: created", "payment.complete: completed"]
    assert paid.state is OutcomeState.PAID
    assert balances(desk) == {"till": 9000, "traveller_funds": 9000}


def test_what_costs_nothing_ends_as_it_is_placed(desk: Desk) -> None:
    departure = desk.add_departure(desk.add_trip("Old town on foot", adult=0))
    seen: list[Commit] = []
    hold, buyer = desk.hold(departure), desk.traveller()
    with watched(lambda commit, moment: seen.append(commit) if moment is Moment.AFTER else None):
        sold = desk.sell(hold, pay=CASH, traveller=buyer)
    assert seen == [Commit.SALE_PLACE]
    assert (sold.state, sold.payment_id) == (OutcomeState.PAID, None)
    assert seats(desk, departure)[1] == 2


# cut off in between


@pytest.mark.parametrize(("at", "moment"), CUTS)
def test_a_sale_that_was_cut_off_is_completed_once(at: Commit, moment: Moment, desk: Desk) -> None:
    departure = desk.add_departure()
    asked, key = order(desk, departure), uuid4()
    with cut_off(at, moment):
        desk.services.sales.sell(desk.agent, asked, key=key)
    assert balances(desk) == {}
    assert desk.services.payments.recover(start_up=True).payments == 1
    assert desk.services.payments.recover(start_up=True).payments == 0
    outcome = desk.services.sales.sell(desk.agent, asked, key=key)
    assert outcome == sale_of(desk)
    assert (outcome.state, outcome.payment_label) == (OutcomeState.PAID, "Cash")
    assert balances(desk) == {"till": 9000, "traveller_funds": 9000}
    assert entries(desk, outcome.bookings[0].id) == [("payment", "till", "traveller_funds", 9000)]
    found = told(desk)
    assert [found[name] for name in ("BookingCreated", "BookingConfirmed", "PaymentProcessed")] == [1, 1, 1]


@pytest.mark.parametrize(("at", "moment"), [(Commit.PAYMENT_CREATE, Moment.AFTER), CUTS[1]])
def test_so_is_cash_for_a_sale_of_before(at: Commit, moment: Moment, desk: Desk) -> None:
    placed = desk.sell(desk.hold(desk.add_departure(), adult=2), pay=None)
    key = uuid4()
    with cut_off(at, moment):
        desk.services.sales.pay(desk.agent, placed.sale_id, CASH, key=key)
    assert desk.services.payments.recover().payments == 1
    assert desk.services.sales.pay(desk.agent, placed.sale_id, CASH, key=key).state is OutcomeState.PAID
    assert balances(desk) == {"till": 9000, "traveller_funds": 9000}


def test_a_program_that_ended_before_the_word_was_kept_has_taken_nothing(desk: Desk) -> None:
    asked, key = order(desk, desk.add_departure()), uuid4()
    with cut_off(Commit.SALE_PLACE, Moment.BEFORE):
        desk.services.sales.sell(desk.agent, asked, key=key)
    assert value(desk.database.path, "SELECT count(*) FROM sales") == 0
    assert desk.services.payments.recover(start_up=True).payments == 0
    assert desk.services.sales.sell(desk.agent, asked, key=key).state is OutcomeState.PAID


def test_the_same_form_again_completes_it_too(desk: Desk) -> None:
    asked, key = cut(desk, desk.add_departure())
    assert desk.services.sales.sell(desk.agent, asked, key=key).state is OutcomeState.PAID
    assert desk.services.payments.recover(start_up=True).payments == 0
    assert balances(desk) == {"till": 9000, "traveller_funds": 9000}


def test_the_next_program_completes_it_asking_nobody(tmp_path: Path) -> None:
    with desk_at(tmp_path / "p") as desk:
        cut(desk, desk.add_departure())
    with desk_again(tmp_path / "p") as desk:
        asked: list[str] = []
        for call in ("prepare_payment", "process_payment", "get_payment_status", "cancel_payment"):
            setattr(desk.program.gateway, call, lambda *_a, call=call, **_k: asked.append(call))
        assert desk.services.payments.recover(start_up=True).payments == 1
        assert asked == []
        assert sale_of(desk).state is OutcomeState.PAID
        assert charged(desk) == (0, 0)
        assert desk.services.check.run().problems == ()


def test_recovery_that_leaves_cash_alone_strands_the_sale(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: money in the drawer, nothing of it in the books, and seats that nobody can have."""
    with monkeypatch.context() as broken:
        broken.setattr(AtHand, "complete", lambda *_a, **_k: None)
        departure = desk.add_departure(capacity=2)
        cut(desk, departure)
        assert desk.services.payments.recover(start_up=True).still_unknown == 1
        assert sale_of(desk).state is OutcomeState.WAITING
        assert balances(desk) == {}
        with pytest.raises(SeatsGone):
            desk.hold(departure, adult=1)
    assert desk.services.payments.recover(start_up=True).still_unknown == 0


def test_its_seats_are_safe_until_then(desk: Desk, clock: HandClock) -> None:
    departure = desk.add_departure(capacity=2)
    cut(desk, departure)
    clock.forward(timedelta(hours=3))
    assert desk.services.upkeep.expire_holds() == 0
    with pytest.raises(SeatsGone):
        desk.hold(departure, adult=1)
    with pytest.raises(WrongState):
        desk.services.sales.release(desk.agent, sale_of(desk).sale_id)
    with pytest.raises(WrongState):
        desk.services.sales.pay(desk.agent, sale_of(desk).sale_id, CARD, key=uuid4())
    desk.services.payments.recover()
    assert seats(desk, departure) == (2, 2)


def test_one_that_a_program_is_at_is_left_to_it(tmp_path: Path) -> None:
    """Another thread of this program, another program on the file, and the same form a second time."""
    found: list[int] = []
    with desk_at(tmp_path / "p") as desk, desk_again(tmp_path / "p") as other:
        asked, key = order(desk, desk.add_departure()), uuid4()

        def meanwhile(commit: Commit, moment: Moment) -> None:
            if (commit, moment) == (Commit.SALE_PLACE, Moment.AFTER):
                found.extend(one.services.payments.recover(start_up=True).payments for one in (desk, other))
                with pytest.raises(RequestInProgress):
                    other.services.sales.sell(other.agent, asked, key=key)

        with watched(meanwhile):
            assert desk.services.sales.sell(desk.agent, asked, key=key).state is OutcomeState.PAID
        assert found == [0, 0]
        assert told(desk)["PaymentProcessed"] == 1


# what falls over, what is in the way


def test_a_disk_that_is_full_at_the_outcome_keeps_it_for_later(desk: Desk) -> None:
    def full(commit: Commit, moment: Moment) -> None:
        if (commit, moment) == (Commit.PAYMENT_COMPLETE, Moment.BEFORE):
            raise StorageRefusal("The disk is full.")

    asked, key = order(desk, desk.add_departure()), uuid4()
    with watched(full), pytest.raises(StorageRefusal):
        desk.services.sales.sell(desk.agent, asked, key=key)
    assert desk.services.payments.recover().payments == 1  # the schedule, with no restart
    assert desk.services.sales.sell(desk.agent, asked, key=key).state is OutcomeState.PAID


@pytest.mark.parametrize("left", [0, 2])
def test_a_hold_that_was_written_off_in_between_is_claimed_again_or_the_money_goes_back(
    left: int, desk: Desk, clock: HandClock
) -> None:
    departure = desk.add_departure(capacity=4)
    asked, key = order(desk, departure), uuid4()

    def written_off(commit: Commit, moment: Moment) -> None:
        if (commit, moment) != (Commit.SALE_PLACE, Moment.AFTER) or done:
            return
        done.append(True)
        with desk_again(desk.profile.folder, clock) as office:
            with office.database.write(Commit.HOLD_EXPIRE, SYSTEM) as work:
                hold = work.holds.get(asked.lines[0].hold_id)
                hold.state = advance(hold.state, HoldState.EXPIRED)
                work.commit()
            office.sold(departure, pay=CASH, adult=4 - left)

    done: list[bool] = []
    with watched(written_off):
        outcome = desk.services.sales.sell(desk.agent, asked, key=key)
    assert desk.services.sales.sell(desk.agent, asked, key=key) == outcome
    assert payment_state(desk, outcome.payment_id) is PaymentState.COMPLETED
    assert seats(desk, departure) == (4, 4)
    if left:
        assert outcome.state is OutcomeState.PAID
    else:
        assert outcome.state is OutcomeState.SEATS_GONE
        assert refund_states(desk, outcome.bookings[0].id) == [(RefundState.COMPLETED, 9000)]


# both ways of completing


@pytest.mark.parametrize("numbered", [False, True])
def test_what_recovery_writes_is_what_the_sale_would_have_written(numbered: bool, tmp_path: Path) -> None:
    """By few statements or through the ORM: the same rows, changes, ledger and events."""
    found = []
    for name in ("at once", "recovered"):
        with desk_at(tmp_path / name) as desk:
            add = partial(add_numbered, desk) if numbered else desk.add_departure
            departures = [add(day=DAY + timedelta(days=number)) for number in range(2)]
            buyer = desk.traveller()
            lines = tuple(SellLine(desk.hold(each, adult=2, child=1, infant=1).id) for each in departures)
            asked, key = Sell(lines, buyer.id, CASH), uuid4()
            if name == "recovered":
                with cut_off(*CUTS[0]):
                    desk.services.sales.sell(desk.agent, asked, key=key)
                desk.services.payments.recover(start_up=True)
            else:
                desk.services.sales.sell(desk.agent, asked, key=key)
            found.append(_rows(desk))
    at_once, recovered = found
    (said,) = [row for row in recovered["audit"] if "payment.recover" in row]
    recovered["audit"].remove(said)
    for table, written in at_once.items():
        assert recovered[table] == written, table


_WRITTEN = ("holds", "bookings", "booking_lines", "payments", "payment_shares", "ledger", "seats", "audit")


def _rows(desk: Desk) -> dict[str, list[list[Any]]]:
    """What a sale writes, without what is made up anew each time; and how often each change was written."""
    found: dict[str, list[list[Any]]] = {}
    with closing(connect(desk.database.path)) as db:
        for table in _WRITTEN:
            columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
            kept = [
                name
                for name in columns
                if name not in ("id", "hash", "prev_hash", "voucher_code", "detail")
                and not name.endswith("_id")
            ]
            found[table] = sorted(
                (list(row) for row in db.execute(f"SELECT {', '.join(kept)} FROM {table}")), key=repr
            )
        found["events"] = [
            [name, sorted(json.loads(text))]
            for name, text in db.execute("SELECT event_name, payload FROM outbox_events ORDER BY rowid")
        ]
        found["changes"] = [
            list(row)
            for row in db.execute(
                "SELECT o.name, c.table_name, c.kind, count(*) FROM changes c JOIN ops o USING (op_no) "
                "WHERE c.table_name <> 'audit' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
            )
        ]
    return found


def test_who_made_a_sale_that_was_cut_off_is_said_beside_what_completed_it(desk: Desk) -> None:
    cut(desk, desk.add_departure())
    desk.services.payments.recover(start_up=True)
    entries_now = desk.services.activity.audit(desk.admin)
    assert [(each.action, each.who) for each in entries_now[:2]] == [
        ("payment.recover", "Travellr"),
        ("payment.take", "Ana Vuković"),
    ]
    assert [event.name for event in desk.services.activity.events(desk.admin)[:3]] == [
        "BookingConfirmed",
        "HoldChanged",
        "PaymentProcessed",
    ]


def test_another_look_at_a_sale_that_was_cut_off_completes_it(desk: Desk) -> None:
    cut(desk, desk.add_departure())
    before = ops(desk)
    assert desk.services.sales.read_now(desk.agent, sale_of(desk).sale_id).state is OutcomeState.PAID
    assert ops(desk) == before + 1
