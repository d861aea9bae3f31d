"""A till from its float to its Z, and what the ledger says of it at every step."""

from __future__ import annotations

from uuid import uuid4

import pytest

from helpers.desk import CARD, CASH, Desk
from helpers.tilling import close_till, euros, in_ledger, made_of, move, open_till
from travellr_desktop.domain.cash_count import CashCount
from travellr_desktop.domain.ledger import Account, LedgerEvent
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.till import CountKind, MoveKind, TillState
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import (
    ChangedMeanwhile,
    InvalidInput,
    KeyReused,
    NotFound,
    TillBeyondLimit,
    TillNotOpen,
    WrongState,
)
from travellr_desktop.services.till_forms import CloseCount, FloatCount, MoveOrder, TillRules


def test_the_first_till_opens_with_what_comes_from_the_safe(desk: Desk) -> None:
    before = desk.services.till.status(desk.agent)
    assert before.open is None and before.first and before.number == 1
    assert [each.expected for each in before.drawers] == [euros(0)]

    report = open_till(desk, 20_000)

    assert (report.number, report.state, report.opened_by) == (1, TillState.OPEN, "Ana Vuković")
    assert report.figures[0].day.opened_with == euros(20_000)
    assert report.figures[0].expected == euros(20_000)
    assert (in_ledger(desk), in_ledger(desk, Account.SAFE)) == (20_000, -20_000)


def test_a_day_comes_to_what_the_ledger_says(desk: Desk) -> None:
    open_till(desk, 20_000)
    departure = desk.add_departure()
    desk.sold(departure, pay=CASH, adult=2)
    desk.sold(departure, pay=CARD, adult=1)
    back = desk.sold(departure, pay=CASH, adult=1)
    desk.cancel(back.bookings[0].id)
    move(desk, MoveKind.PAY_OUT, 1_840)
    move(desk, MoveKind.DROP, 5_000, Account.SAFE)
    report = move(desk, MoveKind.PICKUP, 1_000, Account.SAFE)

    figures = report.figures[0]
    day = figures.day
    assert (day.cash_sales, day.cash_refunds) == (euros(13_500), euros(4_500))
    assert (day.paid_out, day.dropped, day.added) == (euros(1_840), euros(5_000), euros(1_000))
    assert figures.expected == euros(23_160)
    assert figures.expected.minor == in_ledger(desk)
    assert (figures.receipts, figures.refunds) == (2, 1)
    ways = {each.way: each for each in report.ways}
    assert ways[Way.CASH].net == euros(9_000) and ways[Way.CARD].taken == euros(4_500)
    assert [m.amount.minor for m in report.movements] == [20_000, 9_000, 4_500, -4_500, -1_840, -5_000, 1_000]
    assert {m.who for m in report.movements} == {"Ana Vuković"}


def test_a_close_leaves_the_float_and_sends_the_rest_to_the_safe(desk: Desk) -> None:
    open_till(desk, 20_000)
    desk.sold(desk.add_departure(), pay=CASH, adult=2)

    report = close_till(desk, stays=20_000)

    found = report.counted(CountKind.CLOSE, "EUR")
    assert report.state is TillState.CLOSED and found is not None
    assert (found.expected, found.difference, found.safe) == (euros(29_000), euros(0), euros(-9_000))
    assert found.stays.total == euros(20_000)
    assert (in_ledger(desk), in_ledger(desk, Account.SAFE)) == (20_000, -11_000)
    assert report.figures[0].expected == euros(29_000)  # the close's own entries are not of the day
    after = desk.services.till.status(desk.agent)
    assert (after.number, after.first) == (2, False)
    assert after.drawers[0].stayed == euros(20_000) and not after.drawers[0].since


def test_the_next_day_begins_with_what_stayed(desk: Desk) -> None:
    open_till(desk, 20_000)
    desk.sold(desk.add_departure(), pay=CASH, adult=2)
    close_till(desk, stays=9_000)

    report = open_till(desk, 9_000, from_safe=0)

    assert report.number == 2
    assert report.figures[0].day.opened_with == euros(9_000)
    assert report.movements == () and report.ways == ()


def test_a_float_that_differs_needs_a_reason_and_is_posted(desk: Desk) -> None:
    open_till(desk, 20_000)
    close_till(desk)

    with pytest.raises(InvalidInput) as refused:
        open_till(desk, 19_000, from_safe=0)
    assert refused.value.field == "reason"
    report = open_till(desk, 19_000, from_safe=0, reason="A ten is missing")

    assert report.figures[0].differed == euros(-1_000)
    assert report.figures[0].expected == euros(19_000)
    assert in_ledger(desk, Account.CASH_OVER_SHORT) == 1_000
    assert report.movements[0].about == "A ten is missing"


@pytest.mark.parametrize(("counted", "over_short"), [(28_800, 200), (29_300, -300)])
def test_a_difference_needs_a_reason(desk: Desk, counted: int, over_short: int) -> None:
    open_till(desk, 20_000)
    desk.sold(desk.add_departure(), pay=CASH, adult=2)

    with pytest.raises(InvalidInput) as refused:
        close_till(desk, counted)
    assert refused.value.field == "reason"
    assert desk.services.till.x_read(desk.agent).is_open
    report = close_till(desk, counted, reason="Change given twice")

    assert report.closed_reason == "Change given twice"
    assert in_ledger(desk, Account.CASH_OVER_SHORT) == over_short
    assert in_ledger(desk) == 20_000


def test_cash_taken_while_the_till_is_closed_is_of_the_next_session(desk: Desk) -> None:
    departure = desk.add_departure()
    open_till(desk, 20_000)
    desk.sold(departure, pay=CASH, adult=1)
    first = close_till(desk)
    desk.sold(departure, pay=CASH, adult=2)
    drawer = desk.services.till.status(desk.agent).drawers[0]
    assert (drawer.stayed, drawer.since) == (euros(20_000), euros(9_000))

    second = open_till(desk, 29_000, from_safe=0)

    assert (first.figures[0].day.cash_sales, second.figures[0].day.cash_sales) == (euros(4_500), euros(9_000))
    assert second.figures[0].expected == euros(29_000)
    again = desk.services.till.report(desk.agent, first.session_id)
    assert again.figures == first.figures and again.movements == first.movements


def test_what_was_sold_before_there_were_tills_is_in_the_first_drawer(desk: Desk) -> None:
    desk.sold(desk.add_departure(), pay=CASH, adult=2)

    report = open_till(desk, 5_000)  # the rest is put away

    assert report.figures[0].day.cash_sales == euros(0)
    assert report.figures[0].expected == euros(5_000)
    assert in_ledger(desk, Account.SAFE) == 4_000


def test_a_till_holds_several_currencies(desk: Desk) -> None:
    departure = desk.add_departure(desk.add_trip("In dollars", currency="USD"))
    open_till(desk, 10_000)
    desk.sold(departure, pay=CASH, adult=1)
    service = desk.services.till
    report = service.x_read(desk.agent)
    assert report.in_use == ("EUR", "USD")
    own = CloseCount(made_of(euros(10_000)), euros(10_000))
    other = CloseCount(made_of(Money(4_500, "USD")), Money(0, "USD"))

    shown = service.preview(desk.agent, report.session_id, (own,)).expected
    with pytest.raises(InvalidInput, match="USD was not counted"):
        service.close(desk.agent, report.session_id, (own,), "", shown)
    shown = service.preview(desk.agent, report.session_id, (own, other)).expected
    closed = service.close(desk.agent, report.session_id, (own, other), "", shown)

    found = {(each.kind, each.count.currency): each.expected.minor for each in closed.counts}
    kinds = CountKind
    assert found == {(kinds.FLOAT, "EUR"): 10_000, (kinds.CLOSE, "EUR"): 10_000, (kinds.CLOSE, "USD"): 4_500}
    assert in_ledger(desk, currency="USD") == 0 and in_ledger(desk, Account.SAFE, "USD") == 4_500
    assert service.status(desk.agent).drawers[0].stayed == euros(10_000)
    assert len(service.status(desk.agent).drawers) == 1
    assert service.history(desk.agent)[0].others


def test_a_sale_between_preview_and_close_is_seen(desk: Desk) -> None:
    opened = open_till(desk, 20_000)
    counts = (CloseCount(made_of(euros(20_000)), euros(20_000)),)
    shown = desk.services.till.preview(desk.agent, opened.session_id, counts).expected
    desk.sold(desk.add_departure(), pay=CASH, adult=1)

    with pytest.raises(ChangedMeanwhile):
        desk.services.till.close(desk.agent, opened.session_id, counts, "", shown)

    assert desk.services.till.x_read(desk.agent).is_open


def test_it_is_closed_once(desk: Desk) -> None:
    opened = open_till(desk)
    close_till(desk)
    counts = (CloseCount(made_of(euros(20_000)), euros(20_000)),)

    with pytest.raises(WrongState):
        desk.services.till.preview(desk.agent, opened.session_id, counts)
    with pytest.raises(WrongState):
        desk.services.till.close(desk.agent, opened.session_id, counts, "", (euros(20_000),))
    order = MoveOrder(MoveKind.PAY_OUT, euros(100), Account.OFFICE_EXPENSES, "Tape")
    with pytest.raises(WrongState):
        desk.services.till.move(desk.agent, opened.session_id, order, key=uuid4())
    with pytest.raises(TillNotOpen):
        desk.services.till.x_read(desk.agent)


def test_the_same_form_twice_does_one_thing(desk: Desk) -> None:
    key, moved = uuid4(), uuid4()
    first, again = open_till(desk, key=key), open_till(desk, from_safe=20_000, key=key)
    assert first == again
    move(desk, MoveKind.PAY_OUT, 500, key=moved)
    report = move(desk, MoveKind.PAY_OUT, 500, key=moved)

    assert report.figures[0].day.paid_out == euros(500)
    with pytest.raises(KeyReused):
        move(desk, MoveKind.PAY_OUT, 600, key=moved)
    with pytest.raises(WrongState):
        open_till(desk, from_safe=0, key=uuid4())


def test_an_x_read_changes_nothing(desk: Desk) -> None:
    open_till(desk)
    before = desk.profile.database.read_bytes()

    one, other = desk.services.till.x_read(desk.agent), desk.services.till.x_read(desk.agent)

    assert one == other
    assert desk.profile.database.read_bytes() == before


def test_an_agent_pays_out_small_things_and_a_manager_the_rest(desk: Desk) -> None:
    open_till(desk, 50_000)
    move(desk, MoveKind.PAY_OUT, 10_000)

    with pytest.raises(TillBeyondLimit):
        move(desk, MoveKind.PAY_OUT, 10_001)
    with pytest.raises(TillBeyondLimit):
        move(desk, MoveKind.PAY_OUT, 100, Account.BANK)
    with pytest.raises(TillBeyondLimit):
        move(desk, MoveKind.PAY_IN, 100, Account.OWN_FUNDS)
    with pytest.raises(TillBeyondLimit):
        move(desk, MoveKind.PAY_OUT, 100, currency="USD")
    move(desk, MoveKind.DROP, 20_000, Account.SAFE)  # the safe is no limit
    report = move(desk, MoveKind.PAY_OUT, 10_001, Account.BANK, by=desk.admin)

    assert report.figures[0].expected == euros(9_999)
    assert report.movements[-1].who == "Mira Kovač"


def test_no_more_goes_out_than_is_there(desk: Desk) -> None:
    open_till(desk, 1_000)

    for kind, account in ((MoveKind.PAY_OUT, Account.OFFICE_EXPENSES), (MoveKind.DROP, Account.SAFE)):
        with pytest.raises(InvalidInput) as refused:
            move(desk, kind, 1_001, account)
        assert refused.value.field == "amount"
    with pytest.raises(InvalidInput):
        move(desk, MoveKind.DROP, 1, Account.SAFE, currency="USD")


def test_what_stays_is_made_of_the_pieces_that_were_counted(desk: Desk) -> None:
    opened = open_till(desk, 20_000)
    counts = (CloseCount(made_of(euros(20_000)), euros(15_000)),)  # one note of 200

    shown = desk.services.till.preview(desk.agent, opened.session_id, counts)

    assert shown.closes[0].stays.total == euros(0) and shown.closes[0].safe.total == euros(20_000)
    too_much = (CloseCount(made_of(euros(20_000)), euros(20_001)),)
    with pytest.raises(InvalidInput) as refused:
        desk.services.till.preview(desk.agent, opened.session_id, too_much)
    assert refused.value.field == "stays"


def test_the_history_is_newest_first(desk: Desk) -> None:
    for day in range(3):
        open_till(desk, 20_000)
        close_till(desk, 20_000 + (day == 1) * 100, reason="A coin too many" if day == 1 else "")

    rows = desk.services.till.history(desk.agent)

    assert [row.number for row in rows] == [3, 2, 1]
    assert [row.difference.minor for row in rows] == [0, 100, 0]
    assert {row.closed_by for row in rows} == {"Ana Vuković"}
    assert [row.number for row in desk.services.till.history(desk.agent, below=3, most=1)] == [2]


def test_an_unknown_session_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.services.till.report(desk.agent, uuid4())


def test_a_currency_is_counted_once(desk: Desk) -> None:
    twice = (FloatCount(CashCount("EUR", {}), euros(0)),) * 2

    with pytest.raises(InvalidInput, match="twice"):
        desk.services.till.open(desk.agent, twice, key=uuid4())
    with pytest.raises(InvalidInput, match="EUR was not counted"):
        desk.services.till.open(desk.agent, (), key=uuid4())


def test_the_agency_sets_the_limit(desk: Desk) -> None:
    service = desk.services.till
    service.save_rules(desk.admin, TillRules(False, euros(500)))
    assert service.rules(desk.agent) == TillRules(False, euros(500))
    open_till(desk)
    with pytest.raises(TillBeyondLimit):
        move(desk, MoveKind.PAY_OUT, 501)
    with pytest.raises(InvalidInput) as refused:
        service.save_rules(desk.admin, TillRules(False, euros(-1)))
    assert refused.value.field == "pay_out_limit"


def test_every_cash_entry_is_in_one_session_and_no_other(desk: Desk) -> None:
    departure = desk.add_departure(capacity=20)
    sessions = []
    for _ in range(3):
        open_till(desk, 20_000)
        desk.sold(departure, pay=CASH, adult=1)
        sessions.append(close_till(desk))
        desk.sold(departure, pay=CASH, adult=1)
    sessions.append(open_till(desk, 20_000))

    sold = [m for report in sessions for m in report.movements if m.event is LedgerEvent.PAYMENT]
    assert len(sold) == len({m.about for m in sold}) == 6
    assert sum(report.figures[0].day.cash_sales.minor for report in sessions) == 6 * 4_500


def test_an_agency_may_want_an_open_till_for_cash(desk: Desk) -> None:
    desk.services.till.save_rules(desk.admin, TillRules(True, euros(10_000)))
    departure = desk.add_departure()
    held = desk.hold(departure)
    with pytest.raises(TillNotOpen):
        desk.sell(held, pay=CASH)
    desk.sold(departure, pay=CARD, adult=1)  # other ways are not asked
    open_till(desk)

    assert desk.sell(held, pay=CASH).state.value == "paid"  # what was held stayed held
    assert desk.services.till.x_read(desk.agent).figures[0].day.cash_sales == euros(9_000)


def test_as_the_program_comes_a_closed_till_stops_no_sale(desk: Desk) -> None:
    assert not desk.services.till.rules(desk.agent).cash_needs_till
    assert desk.sold(desk.add_departure(), pay=CASH, adult=1).state.value == "paid"
