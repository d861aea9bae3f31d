"""Numbered seats: taken with a hold, chosen, handed to who bought them, given up, and never one for two."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pypdf
import pytest

from helpers.clock import HandClock
from helpers.desk import CARD, CASH, Desk, desk_again, desk_at
from helpers.raw import value
from helpers.seated import add_numbered, add_plan, seats_of, small
from travellr_desktop.domain.party import Party
from travellr_desktop.domain.permissions import SYSTEM, Actor, Role
from travellr_desktop.domain.seating import sellable
from travellr_desktop.domain.states import HoldState
from travellr_desktop.errors import HoldLapsed, InvalidInput, NotFound, SeatsGone
from travellr_desktop.services import freeing
from travellr_desktop.services.sales import PayChoice
from travellr_desktop.services.seats import SeatState
from travellr_desktop.storage.commits import Commit

ROOT = Path(__file__).resolve().parents[2]


def whole(desk: Desk) -> None:
    assert desk.services.check.run().as_text().startswith("The books are right")


def test_a_hold_takes_the_best_seats_together_and_a_child_sits_beside_a_grown_up(desk: Desk) -> None:
    departure = add_numbered(desk)
    hold = desk.hold(departure, adult=1, child=1)
    assert len(hold.labels) == 2
    assert hold.labels[0][0] == hold.labels[1][0], "they sit in one row"
    assert seats_of(desk, departure) == {hold.labels[0]: "hold 1", hold.labels[1]: "hold 2"}
    whole(desk)


def test_seats_that_are_asked_for_are_taken_in_the_order_of_the_party(desk: Desk) -> None:
    departure = add_numbered(desk)
    party = Party(adult=1, child=1, infant=1)
    hold = desk.services.holds.hold(desk.agent, departure, party, key=uuid4(), labels=("2C", "1D"))
    assert hold.labels == ("2C", "1D")
    assert seats_of(desk, departure) == {"2C": "hold 1", "1D": "hold 2"}, "an infant takes none"


def test_choosing_moves_all_of_a_party_or_nobody(desk: Desk) -> None:
    departure = add_numbered(desk)
    desk.services.holds.hold(desk.admin, departure, Party(adult=2), key=uuid4(), labels=("2A", "2B"))
    hold = desk.services.holds.hold(
        desk.agent, departure, Party(2, 1), key=uuid4(), labels=("1A", "1B", "1C")
    )
    before = seats_of(desk, departure)
    with pytest.raises(SeatsGone, match=r"2B \(the child’s\) was taken by somebody else"):
        desk.services.seats.choose(desk.agent, hold.id, ["3C", "3D", "2B"])
    assert seats_of(desk, departure) == before
    chosen = desk.services.seats.choose(desk.agent, hold.id, ["1B", "1A", "3D"])
    assert chosen.labels == ("1B", "1A", "3D"), "two changed places and one moved"
    theirs = {"2A": "hold 1", "2B": "hold 2"}
    assert seats_of(desk, departure) == {"1B": "hold 1", "1A": "hold 2", "3D": "hold 3", **theirs}
    whole(desk)


@pytest.mark.parametrize(
    ("labels", "says"),
    [
        (["1A"], "need as many seats"),
        (["1A", "1A"], "chosen twice"),
        (["1A", "9Z"], "9Z is not on the plan"),
        (["1A", "3B"], "3B is kept for guide"),
    ],
)
def test_seats_that_cannot_be_are_refused(desk: Desk, labels: list[str], says: str) -> None:
    departure = add_numbered(desk)
    hold = desk.hold(departure, adult=2)
    with pytest.raises(InvalidInput, match=says):
        desk.services.seats.choose(desk.agent, hold.id, labels)
    assert set(seats_of(desk, departure)) == set(hold.labels)


def test_choosing_the_same_again_changes_nothing(desk: Desk) -> None:
    hold = desk.hold(add_numbered(desk), adult=2)
    ops = value(desk.database.path, "SELECT count(*) FROM ops")
    assert desk.services.seats.choose(desk.agent, hold.id, hold.labels).labels == hold.labels
    assert value(desk.database.path, "SELECT count(*) FROM ops") == ops


def test_best_together_brings_a_scattered_party_back(desk: Desk) -> None:
    departure = add_numbered(desk)
    hold = desk.services.holds.hold(desk.agent, departure, Party(adult=2), key=uuid4(), labels=("1A", "3D"))
    best = desk.services.seats.best(desk.agent, hold.id)
    assert best.labels[0][0] == best.labels[1][0]
    assert set(seats_of(desk, departure)) == set(best.labels)


def test_nobody_chooses_for_a_hold_that_is_not_theirs_or_is_over(desk: Desk) -> None:
    departure = add_numbered(desk)
    hold = desk.hold(departure, adult=1)
    other = Actor(uuid4(), "Somebody", Role.AGENT)
    with pytest.raises(NotFound):
        desk.services.seats.choose(other, hold.id, ["1A"])
    assert isinstance(desk.clock, HandClock)
    desk.clock.forward(timedelta(minutes=20))
    with pytest.raises(HoldLapsed):
        desk.services.seats.choose(desk.agent, hold.id, ["1A"])
    with pytest.raises(HoldLapsed):
        desk.services.seats.best(desk.agent, hold.id)


def test_open_seating_has_no_plan_and_takes_no_labels(desk: Desk) -> None:
    departure = desk.add_departure()
    hold = desk.hold(departure)
    assert hold.labels == ()
    with pytest.raises(NotFound):
        desk.services.seats.plan_of(desk.agent, departure)
    with pytest.raises(InvalidInput, match="no numbers"):
        desk.services.seats.best(desk.agent, hold.id)
    with pytest.raises(InvalidInput, match="no numbers"):
        desk.services.holds.hold(desk.agent, departure, Party(1), key=uuid4(), labels=("1A",))


@pytest.mark.parametrize("pay", [CASH, CARD], ids=["cash", "card"])
def test_who_buys_keeps_the_seats_of_the_hold_and_a_cancellation_frees_them(
    desk: Desk, pay: PayChoice
) -> None:
    departure = add_numbered(desk)
    hold = desk.services.holds.hold(desk.agent, departure, Party(1, 1, 1), key=uuid4(), labels=("2D", "2C"))
    sold = desk.sell(hold, pay=pay)
    assert seats_of(desk, departure) == {"2D": "line 1", "2C": "line 2"}
    whole(desk)
    desk.cancel(sold.bookings[0].id)
    assert seats_of(desk, departure) == {}
    whole(desk)


def test_a_hold_that_ends_gives_its_seats_to_others(desk: Desk) -> None:
    departure = add_numbered(desk)
    released, lapsing = desk.hold(departure, adult=2), desk.hold(departure, adult=3)
    desk.services.holds.release(desk.agent, released.id)
    assert set(seats_of(desk, departure)) == set(lapsing.labels)
    assert isinstance(desk.clock, HandClock)
    desk.clock.forward(timedelta(minutes=20))
    desk.services.upkeep.expire_holds()
    assert seats_of(desk, departure) == {}
    whole(desk)


def test_the_last_seats_are_held_and_no_more(desk: Desk) -> None:
    departure = add_numbered(desk)
    desk.hold(departure, adult=sellable(small()))
    with pytest.raises(SeatsGone):
        desk.hold(departure, adult=1)
    assert len(seats_of(desk, departure)) == sellable(small())


def test_the_map_says_whose_each_seat_is(desk: Desk) -> None:
    departure = add_numbered(desk)
    for who, labels in ((desk.admin, ("1A",)), (desk.agent, ("1B",))):
        desk.services.holds.hold(who, departure, Party(1), key=uuid4(), labels=labels)
    sold = desk.sell(
        desk.services.holds.hold(desk.agent, departure, Party(1), key=uuid4(), labels=("1C",)), pay=CASH
    )
    seen = desk.services.seats.plan_of(desk.agent, departure)
    states = {seat.label: seat.state for seat in seen.seats if seat.state is not SeatState.FREE}
    assert states == {
        "1A": SeatState.HELD, "1B": SeatState.YOURS, "1C": SeatState.SOLD, "3B": SeatState.BLOCKED
    }  # fmt: skip
    assert seen.by_label["1A"].who == desk.admin.name
    assert seen.by_label["1C"].who == f"Henrik Söderberg, {sold.bookings[0].reference}"
    assert seen.by_label["3B"].who == "guide"
    assert seen.count(SeatState.FREE) == sellable(small()) - 3
    assert [seat.label for seat in seen.seats] == [seat.label for seat in small().seats]


def test_a_vendor_sees_the_plan_of_their_own_departures_only(desk: Desk) -> None:
    departure = add_numbered(desk)
    desk.hold(departure, adult=1)
    own = Actor(uuid4(), "Skipper", Role.VENDOR, desk.vendor_id)
    held = [
        seat for seat in desk.services.seats.plan_of(own, departure).seats if seat.state is SeatState.HELD
    ]
    assert [seat.who for seat in held] == [""], "who at the agency holds it is not theirs to know"
    with pytest.raises(NotFound):
        desk.services.seats.plan_of(Actor(uuid4(), "Other", Role.VENDOR, uuid4()), departure)


def test_a_late_payment_takes_the_same_seats_or_others_or_none(desk: Desk) -> None:
    """The hold lapsed while nobody knew of the payment: the seats are claimed again in what is left."""
    departure = add_numbered(desk)
    assert isinstance(desk.clock, HandClock)
    for labels, meanwhile, expected in (
        (("1A", "1B"), (), {"1A", "1B"}),
        (("1C", "1D"), ("1C",), None),
    ):
        hold = desk.services.holds.hold(desk.agent, departure, Party(2), key=uuid4(), labels=labels)
        sale = desk.sell(hold, pay=None)
        with desk.database.read() as view:
            booking = view.bookings.get_full(sale.bookings[0].id)
        assert booking.hold is not None
        _let_go(desk, hold.id)
        if meanwhile:
            others = desk.services.holds.hold(
                desk.admin, departure, Party(len(meanwhile)), key=uuid4(), labels=meanwhile
            )
            assert others.labels == meanwhile
        before = set(seats_of(desk, departure))
        desk.services.sales.pay(desk.agent, sale.sale_id, CASH, key=uuid4())
        now = set(seats_of(desk, departure)) - before
        assert len(now) == 2
        assert expected is None or now == expected
    whole(desk)


def _let_go(desk: Desk, hold_id: UUID) -> None:
    """As if its time had run out with the payment in flight: the hold ends, the booking stays."""
    with desk.database.write(Commit.HOLD_EXPIRE, SYSTEM) as work:
        freeing.end_holds(work, [work.holds.get(hold_id)], HoldState.EXPIRED)
        work.commit()


def test_eight_programs_choose_the_same_seats_at_once(tmp_path: Path) -> None:
    """Each holds one seat after the other, asking for the first of the plan: none is given twice, all are given."""
    with desk_at(tmp_path) as desk:
        add_numbered(desk)
        add_plan(desk, name="Another")
        desk.traveller()
    done = subprocess.run(
        [sys.executable, "-m", "helpers.seat_race", str(tmp_path)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "tests"), str(ROOT)))},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    results = json.loads(done.stdout)
    got = [label for each in results for label in each["got"]]
    assert sorted(got) == sorted(seat.label for seat in small().seats if not seat.blocked)
    assert sum(each["lost"] for each in results) > 0, "they never wanted the same"
    file = tmp_path / "travellr.db"
    assert value(file, "SELECT count(DISTINCT label) FROM seats") == sellable(small())
    with desk_again(tmp_path) as desk:
        whole(desk)


def test_the_voucher_says_the_seats(desk: Desk) -> None:
    hold = desk.services.holds.hold(
        desk.agent, add_numbered(desk), Party(2), key=uuid4(), labels=("2C", "1D")
    )
    sold = desk.sell(hold, pay=CASH)
    path = desk.services.documents.voucher(desk.agent, sold.bookings[0].id)
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
    assert "seat 2C" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert "seat 1D" in text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_database_itself_refuses_a_seat_twice_in_words(desk: Desk) -> None:
    departure = add_numbered(desk)
    first, second = desk.hold(departure, adult=1), desk.hold(departure, adult=1)
    with (
        pytest.raises(SeatsGone, match="taken in the meantime"),
        desk.database.write(Commit.SEATS_CHOOSE, desk.agent) as work,
    ):
        work.seats.take_for_hold(departure, second.id, [(first.labels[0], 1)])
    whole(desk)


def test_a_vendor_is_not_told_for_whom_seats_are_kept(desk: Desk) -> None:
    departure = add_numbered(desk)
    hold = desk.hold(departure, adult=1)
    row = desk.traveller("Zora Petrović")
    until = desk.clock.now() + timedelta(days=2)
    desk.services.options.keep(desk.agent, hold.id, until, row.id, key=uuid4())
    own = Actor(uuid4(), "Skipper", Role.VENDOR, desk.vendor_id)
    for actor, who in ((desk.agent, "Zora Petrović"), (own, "")):
        seat = desk.services.seats.plan_of(actor, departure).by_label[hold.labels[0]]
        assert (seat.state, seat.who) == (SeatState.HELD, who)
