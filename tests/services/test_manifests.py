"""The manifest of a departure: who is on it, checking in, no-shows, scanning, and closing it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event

from helpers.changing import change, leaving, to
from helpers.clock import HandClock
from helpers.desk import CASH, Desk
from helpers.seated import add_numbered, seats_of
from travellr_desktop.domain.ledger import LedgerEvent
from travellr_desktop.domain.permissions import Actor, Role
from travellr_desktop.domain.states import BookingState, DepartureState
from travellr_desktop.errors import InvalidInput, KeyReused, NotFound, NotPermitted, WrongState
from travellr_desktop.events import BookingChanged, BookingCompleted, DepartureChanged, Event
from travellr_desktop.services.manifest_rows import Closing, Manifest
from travellr_desktop.services.manifests import Closed
from travellr_desktop.services.outcomes import SoldBooking
from travellr_desktop.services.sales import NamedTraveller, Sell, SellLine
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Note

TODAY = date(2026, 6, 18)
LEAVES = datetime(2026, 6, 18, 10, 0, tzinfo=UTC)


@pytest.fixture
def boat(desk: Desk) -> UUID:
    """Leaves at noon, Kotor time."""
    return desk.add_departure(day=TODAY, at=time(12, 0))


def sell(desk: Desk, departure: UUID, *names: str, buyer: str = "") -> SoldBooking:
    hold = desk.hold(departure, adult=len(names))
    travellers = tuple(NamedTraveller(name, kind, None) for name, kind in zip(names, hold.party, strict=True))
    order = Sell((SellLine(hold.id, travellers),), desk.traveller(buyer or names[0]).id, CASH)
    return desk.services.sales.sell(desk.agent, order, key=uuid4()).bookings[0]


def manifest(desk: Desk, departure: UUID) -> Manifest:
    return desk.services.manifests.manifest(desk.agent, departure)


def lines(desk: Desk, departure: UUID, *numbers: int) -> list[UUID]:
    """The lines of the bookings with these numbers, from 0."""
    found = manifest(desk, departure).bookings
    return [line.id for number in numbers for line in found[number].lines]


def state(desk: Desk, booking: SoldBooking) -> BookingState:
    return desk.services.bookings.detail(desk.agent, booking.id).state


def test_it_tells_booking_by_booking_who_is_on_it(desk: Desk, boat: UUID) -> None:
    first = sell(desk, boat, "Elin Sandberg", "Nils Sandberg")
    second = sell(desk, boat, "Ruth Baum")
    gone = sell(desk, boat, "Peter Baum")
    desk.cancel(gone.id)
    with desk.database.write(Commit.NOTE_SAVE, desk.agent) as work:
        work.session.add(Note(booking_id=second.id, text="Walks with a stick", created_at=work.now))
        work.commit()
    found = manifest(desk, boat)
    assert [booking.reference for booking in found.bookings] == [first.reference, second.reference]
    assert [line.name for line in found.bookings[0].lines] == ["Elin Sandberg", "Nils Sandberg"]
    assert [booking.notes for booking in found.bookings] == [0, 1]
    assert (found.pax, found.here, found.absent, found.due) == (3, 0, 0, ())
    assert found.why_not_check_in is None
    assert found.why_not_close == "It has not left yet."


def test_who_has_not_paid_is_told_with_what_they_owe_and_is_not_let_on(desk: Desk, boat: UUID) -> None:
    desk.sell(desk.hold(boat, adult=2), pay=None)
    found = manifest(desk, boat)
    assert found.bookings[0].pending
    assert found.bookings[0].due.minor == 9000
    assert [money.minor for money in found.due] == [9000]
    assert found.pax == 0
    with pytest.raises(WrongState, match="not paid yet"):
        desk.services.manifests.check_in(desk.agent, lines(desk, boat, 0))
    assert found.closing == Closing(0, 0, 0, 0, 0, 1)


def test_numbered_seats_stand_beside_their_travellers(desk: Desk) -> None:
    bus = add_numbered(desk, day=TODAY, at=time(12, 0))
    sell(desk, bus, "Elin Sandberg", "Nils Sandberg")
    found = manifest(desk, bus)
    seats = [line.seat for line in found.bookings[0].lines]
    assert set(seats) == set(seats_of(desk, bus))
    assert len(set(seats)) == 2
    assert found.plan_name == "Plan 1"


def test_a_change_of_a_booking_is_on_the_manifest(desk: Desk, boat: UUID) -> None:
    """One of two travellers is taken off: they are not on it any more, and nothing is owed for that."""
    booking = sell(desk, boat, "Elin Sandberg", "Nils Sandberg")
    elin = lines(desk, boat, 0)[0]
    nils = lines(desk, boat, 0)[1]
    change(desk, booking.id, leaving(desk, booking.id, 2))
    found = manifest(desk, boat)
    assert [line.id for line in found.bookings[0].lines] == [elin]
    assert (found.pax, found.due) == (1, ())
    with pytest.raises(WrongState, match="does not travel"):
        desk.services.manifests.check_in(desk.agent, [nils])


def test_who_goes_on_another_departure_has_not_come_to_it_yet(desk: Desk, boat: UUID) -> None:
    later = desk.add_departure(day=TODAY, at=time(18, 0))
    booking = sell(desk, boat, "Elin Sandberg")
    desk.services.manifests.check_in(desk.agent, lines(desk, boat, 0))
    change(desk, booking.id, to(later))
    assert manifest(desk, boat).bookings == ()
    assert (manifest(desk, later).pax, manifest(desk, later).here) == (1, 0)


def test_checking_in_is_noted_once_and_can_be_undone(desk: Desk, boat: UUID, clock: HandClock) -> None:
    sell(desk, boat, "Elin Sandberg", "Nils Sandberg")
    heard: list[Event] = []
    subscription = desk.services.bus.subscribe(BookingChanged, heard.append)
    elin, nils = lines(desk, boat, 0)
    manifests = desk.services.manifests
    assert manifests.check_in(desk.agent, [elin]) == 1
    first = clock.now()
    clock.forward(timedelta(minutes=5))
    assert manifests.check_in(desk.agent, [elin, nils]) == 1
    assert manifests.check_in(desk.agent, [elin, nils]) == 0
    came = [line.checked_in_at for line in manifest(desk, boat).bookings[0].lines]
    assert came == [first, first + timedelta(minutes=5)]
    assert manifests.undo_check_in(desk.agent, [elin]) == 1
    found = manifest(desk, boat)
    assert (found.here, found.absent) == (1, 0)
    assert [event.what for event in heard if isinstance(event, BookingChanged)] == ["manifest"] * 3
    subscription.cancel()
    with desk.database.read() as view:
        actions = [row.action for row in view.journal.audit_of("booking", found.bookings[0].id)]
    assert [action for action in actions if action.startswith("manifest")] == [
        "manifest.check_in",
        "manifest.check_in",
        "manifest.undo_check_in",
    ]


def test_a_no_show_and_here_exclude_each_other(desk: Desk, boat: UUID) -> None:
    sell(desk, boat, "Hana Kovačević")
    hana = lines(desk, boat, 0)
    manifests = desk.services.manifests
    manifests.check_in(desk.agent, hana)
    assert manifests.absent(desk.agent, hana, True) == 1
    assert (manifest(desk, boat).here, manifest(desk, boat).absent) == (0, 1)
    assert manifests.absent(desk.agent, hana, False) == 1
    assert (manifest(desk, boat).here, manifest(desk, boat).absent) == (0, 0)
    manifests.absent(desk.agent, hana, True)
    manifests.check_in(desk.agent, hana)
    assert (manifest(desk, boat).here, manifest(desk, boat).absent) == (1, 0)


def test_nobody_is_checked_in_where_one_of_them_cannot_be(desk: Desk, boat: UUID) -> None:
    sell(desk, boat, "Elin Sandberg")
    desk.sell(desk.hold(boat, adult=1), pay=None)
    with pytest.raises(WrongState):
        desk.services.manifests.check_in(desk.agent, lines(desk, boat, 0, 1))
    assert manifest(desk, boat).here == 0
    for wrong in ([], [uuid4()], [*lines(desk, boat, 0), uuid4()]):
        with pytest.raises(NotFound):
            desk.services.manifests.check_in(desk.agent, wrong)


def test_check_in_opens_a_day_before(desk: Desk, clock: HandClock) -> None:
    far = desk.add_departure(day=TODAY + timedelta(days=2), at=time(12, 0))
    sell(desk, far, "Elin Sandberg")
    with pytest.raises(WrongState, match="a day before"):
        desk.services.manifests.check_in(desk.agent, lines(desk, far, 0))
    clock.at(LEAVES + timedelta(days=1))
    assert desk.services.manifests.check_in(desk.agent, lines(desk, far, 0)) == 1


def test_a_traveller_who_was_taken_off_is_not_on_it(desk: Desk, boat: UUID) -> None:
    sell(desk, boat, "Elin Sandberg", "Nils Sandberg")
    elin = lines(desk, boat, 0)[0]
    booking = sell(desk, boat, "Ruth Baum")
    ruth = lines(desk, boat, 1)
    desk.cancel(booking.id)
    with pytest.raises(WrongState, match="does not travel"):
        desk.services.manifests.check_in(desk.agent, [elin, *ruth])


# what a scanner sends


def test_a_scanned_voucher_means_the_whole_booking(desk: Desk, boat: UUID) -> None:
    booking = sell(desk, boat, "Elin Sandberg", "Nils Sandberg")
    sell(desk, boat, "Ruth Baum")
    code = desk.services.bookings.detail(desk.agent, booking.id).voucher_code
    wanted = tuple(lines(desk, boat, 0))
    by_code = desk.services.manifests.by_code
    for scanned in (
        f"TRAVELLR {booking.reference} {code}",
        code,
        code.lower(),
        code.replace("-", ""),
        code.replace("-", " "),
        f"  {booking.reference.lower()} ",
    ):
        found = by_code(desk.agent, boat, scanned)
        assert (found.exact, found.reference, found.line_ids) == (True, booking.reference, wanted), scanned


def test_a_name_is_found_by_a_part_without_its_accents(desk: Desk, boat: UUID) -> None:
    first = sell(desk, boat, "Hana Kovačević", "Filip Kovačević")
    sell(desk, boat, "Ruth Baum")
    by_code = desk.services.manifests.by_code
    both = by_code(desk.agent, boat, "kovacevic")
    assert (both.exact, both.reference, list(both.line_ids)) == (False, first.reference, lines(desk, boat, 0))
    assert list(by_code(desk.agent, boat, "KOV fil").line_ids) == [lines(desk, boat, 0)[1]]
    assert list(by_code(desk.agent, boat, "baum").line_ids) == lines(desk, boat, 1)


def test_who_booked_is_found_too(desk: Desk, boat: UUID) -> None:
    sell(desk, boat, "Elin Sandberg", buyer="Goran Petrović")
    found = desk.services.manifests.by_code(desk.agent, boat, "petrovic")
    assert list(found.line_ids) == lines(desk, boat, 0)


def test_what_is_not_for_this_departure_says_where_it_belongs(desk: Desk, boat: UUID) -> None:
    other = desk.add_departure(desk.add_trip("Old Town food walk"), day=TODAY, at=time(16, 30))
    there = sell(desk, other, "Ruth Baum")
    cancelled = sell(desk, boat, "Peter Baum")
    desk.cancel(cancelled.id)
    by_code = desk.services.manifests.by_code
    with pytest.raises(WrongState, match=r"is for Old Town food walk, 18 Jun 2026, 16:30"):
        by_code(desk.agent, boat, there.reference)
    with pytest.raises(WrongState, match="was cancelled"):
        by_code(desk.agent, boat, cancelled.reference)
    for nobody in ("Ruth", "BK-2026-999999", "ABCD-2345", "%", "'; --", "\N{SNOWMAN}" * 500):
        with pytest.raises(NotFound):
            by_code(desk.agent, boat, nobody)
    with pytest.raises(InvalidInput):
        by_code(desk.agent, boat, "  \t")


# closing


def test_closing_completes_those_who_came_and_tells_the_others_a_no_show(
    desk: Desk, boat: UUID, clock: HandClock
) -> None:
    came, part, nobody, unsaid = (
        sell(desk, boat, *names) for names in (("Elin",), ("Mateo", "Lucía"), ("Hana", "Filip"), ("Ruth",))
    )
    manifests = desk.services.manifests
    manifests.check_in(desk.agent, [*lines(desk, boat, 0), lines(desk, boat, 1)[0]])
    manifests.absent(desk.agent, [lines(desk, boat, 1)[1], *lines(desk, boat, 2)], True)
    heard: list[Event] = []
    subscription = desk.services.bus.subscribe("*", heard.append)
    with pytest.raises(WrongState, match="not left"):
        manifests.preview(desk.agent, boat)
    clock.at(LEAVES + timedelta(minutes=12))
    shown = manifests.preview(desk.agent, boat)
    assert shown == Closing(completed=3, no_show=1, here=2, absent=3, unsaid=1, unpaid=0)
    assert manifest(desk, boat).closing == shown
    assert manifests.close(desk.agent, boat, key=uuid4()) == Closed(3, 1)
    subscription.cancel()
    assert [state(desk, each) for each in (came, part, nobody, unsaid)] == [
        BookingState.COMPLETED,
        BookingState.COMPLETED,
        BookingState.NO_SHOW,
        BookingState.COMPLETED,
    ]
    ended = [event.no_show for event in heard if isinstance(event, BookingCompleted)]
    assert sorted(ended) == [False, False, False, True]
    assert [event.state for event in heard if isinstance(event, DepartureChanged)] == [DepartureState.DONE]
    with desk.database.read() as view:
        events = {row.event for row in view.ledger.of_booking(nobody.id)}
    assert LedgerEvent.NO_SHOW in events
    assert manifest(desk, boat).why_not_close == "The manifest is closed."
    with pytest.raises(WrongState, match="The manifest is closed"):
        manifests.close(desk.agent, boat, key=uuid4())


def test_what_is_closed_is_not_changed_any_more(desk: Desk, boat: UUID, clock: HandClock) -> None:
    sell(desk, boat, "Elin Sandberg")
    clock.at(LEAVES)
    elin = lines(desk, boat, 0)
    desk.services.manifests.check_in(desk.agent, elin)
    desk.services.manifests.close(desk.agent, boat, key=uuid4())
    with pytest.raises(WrongState, match="closed"):
        desk.services.manifests.undo_check_in(desk.agent, elin)
    with pytest.raises(WrongState, match="closed"):
        desk.services.manifests.absent(desk.agent, elin, True)
    found = manifest(desk, boat)
    assert (found.here, found.pax) == (1, 1)


def test_the_same_key_closes_once_and_another_form_is_refused(
    desk: Desk, boat: UUID, clock: HandClock
) -> None:
    sell(desk, boat, "Elin Sandberg")
    other = desk.add_departure(day=TODAY, at=time(13, 0))
    clock.at(LEAVES)
    key = uuid4()
    first = desk.services.manifests.close(desk.agent, boat, key=key)
    assert desk.services.manifests.close(desk.agent, boat, key=key) == first == Closed(1, 0)
    with pytest.raises(KeyReused):
        desk.services.manifests.close(desk.agent, other, key=key)


def test_it_is_not_closed_before_it_has_left(desk: Desk, boat: UUID, clock: HandClock) -> None:
    clock.at(LEAVES - timedelta(minutes=1))
    with pytest.raises(WrongState, match="not left"):
        desk.services.manifests.close(desk.agent, boat, key=uuid4())


def test_a_booking_that_is_paid_after_closing_is_closed_by_closing_again(
    desk: Desk, boat: UUID, clock: HandClock
) -> None:
    late = desk.sell(desk.hold(boat, adult=1), pay=None)
    sell(desk, boat, "Elin Sandberg")
    clock.at(LEAVES)
    desk.services.manifests.close(desk.agent, boat, key=uuid4())
    desk.services.sales.pay(desk.agent, late.sale_id, CASH, key=uuid4())
    if state(desk, late.bookings[0]) is BookingState.CONFIRMED:
        assert desk.services.manifests.close(desk.agent, boat, key=uuid4()) == Closed(1, 0)
        assert state(desk, late.bookings[0]) is BookingState.COMPLETED


def test_the_other_way_to_complete_a_departure_still_goes(desk: Desk, boat: UUID, clock: HandClock) -> None:
    booking = sell(desk, boat, "Elin Sandberg")
    clock.at(LEAVES + timedelta(hours=4))
    desk.services.bookings.complete(desk.agent, boat)
    assert state(desk, booking) is BookingState.COMPLETED
    assert manifest(desk, boat).why_not_close == "The manifest is closed."


# who may


def test_a_vendors_person_reads_their_own_and_changes_nothing(desk: Desk, boat: UUID) -> None:
    booking = sell(desk, boat, "Elin Sandberg")
    with desk.database.write(Commit.NOTE_SAVE, desk.agent) as work:
        work.session.add(Note(booking_id=booking.id, text="Owes us a call", created_at=work.now))
        work.commit()
    own = Actor(uuid4(), "Nikola", Role.VENDOR, desk.vendor_id)
    other = Actor(uuid4(), "Other", Role.VENDOR, uuid4())
    found = desk.services.manifests.manifest(own, boat)
    assert [line.name for line in found.bookings[0].lines] == ["Elin Sandberg"]
    assert found.bookings[0].notes == 0
    with pytest.raises(NotFound) as refused:
        desk.services.manifests.manifest(other, boat)
    with pytest.raises(NotFound) as missing:
        desk.services.manifests.manifest(own, uuid4())
    assert type(refused.value) is type(missing.value)
    for forbidden in (
        lambda: desk.services.manifests.check_in(own, lines(desk, boat, 0)),
        lambda: desk.services.manifests.by_code(own, boat, "Elin"),
        lambda: desk.services.manifests.close(own, boat, key=uuid4()),
    ):
        with pytest.raises(NotPermitted):
            forbidden()


def test_a_manifest_costs_the_same_number_of_statements_however_many_are_on_it(desk: Desk) -> None:
    counts = []
    for bookings in (1, 5):
        boat = desk.add_departure(day=TODAY, at=time(12, bookings))
        for number in range(bookings):
            sell(desk, boat, f"Elin {number}", f"Nils {number}")
        with counted(desk) as statements:
            manifest(desk, boat)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 13


def test_what_is_paid_is_read_by_booking_and_not_through_all_payments(desk: Desk, boat: UUID) -> None:
    sell(desk, boat, "Elin Sandberg")
    with counted(desk) as statements:
        manifest(desk, boat)
    (paid,) = (each for each in statements if "payment_shares" in each[0])
    with desk.database.engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {paid[0]}", paid[1]).all()
    assert any("ix_payment_shares_booking_id" in row[3] for row in plan)
    assert not any("state" in row[3] for row in plan)


@contextmanager
def counted(desk: Desk) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are run within, with what is bound to them."""
    found: list[tuple[str, Any]] = []

    def hear(_c: object, _k: object, statement: str, parameters: Any, *_: object) -> None:
        if statement.startswith("SELECT"):
            found.append((statement, parameters))

    event.listen(desk.database.engine, "before_cursor_execute", hear)
    yield found
    event.remove(desk.database.engine, "before_cursor_execute", hear)
