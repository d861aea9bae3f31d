"""A year of an agency: what each vendor has earned is paid, on its way, available or held, to the minor unit, as it is
reckoned from bookings, payments, refunds, disputes, adjustments and payouts alone."""

from __future__ import annotations

import ast
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from helpers import plain_earnings
from helpers.batches import approved_by, by_bank, given, prepared
from helpers.clock import HandClock
from helpers.desk import CASH, Desk, desk_again, desk_at
from helpers.plain_earnings import STEPS, Places, PlainEarnings, reckoned, tables_read
from helpers.raw import raw, rows
from helpers.refunding import colleague, refunded
from helpers.year_made import Size, made
from helpers.year_played import played, vendors_of
from travellr_desktop.domain.ledger import refunds
from travellr_desktop.domain.money import Money, share
from travellr_desktop.domain.payouts.earning import Whereabouts
from travellr_desktop.domain.payouts.words import BatchKind, Schedule
from travellr_desktop.storage.base import utc_text

SMALL, FULL = Size(12, 400, 24), Size(200, 50_000, 100)
"""Vendors, bookings of the year, and how many more are sold each week after it."""


Figures = dict[tuple[str, str], Places]
"""By vendor and currency."""


@dataclass(frozen=True)
class Year:
    """A year that is over: what it comes to on either side, in which states payouts are, and where both sides differ
    once the payout that was unknown has been looked up."""

    folder: Path
    ours: Figures
    plain: PlainEarnings
    states: set[str]
    found_out: dict[tuple[str, str], tuple[Places, Places]]


def told(desk: Desk) -> Figures:
    """What the program says, by vendor and currency."""
    found = {}
    for vendor_id in vendors_of(desk):
        for each in desk.services.earnings.overview(desk.admin, vendor_id).currencies:
            held = Counter({part.why: part.amount.minor for part in each.parts})
            assert each.held.minor == sum(held.values())
            found[vendor_id.hex, each.currency] = Places(
                earned=each.earned.minor,
                paid=each.paid.minor,
                in_transit=each.in_transit.minor,
                available=each.available.total.minor,
                not_travelled=held[Whereabouts.NOT_TRAVELLED],
                holdback=held[Whereabouts.HOLDBACK],
                disputed=held[Whereabouts.DISPUTED],
            )
    return found


def plainly(desk: Desk) -> PlainEarnings:
    return reckoned(desk.profile.database, utc_text(desk.clock.now()))


def differing(ours: Figures, plain: PlainEarnings) -> dict[tuple[str, str], tuple[Places, Places]]:
    """Where program and paper do not say the same: the program first."""
    nothing = Places()
    both = ((key, ours.get(key, nothing), plain.of.get(key, nothing)) for key in {*ours, *plain.of})
    return {key: (one, other) for key, one, other in both if one != other}


@pytest.fixture(
    scope="module", params=[SMALL, pytest.param(FULL, marks=pytest.mark.soak)], ids=["small", "full"]
)
def year(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Year:
    """At its end one payout is unknown; once it is looked up the books are proved."""
    folder, clock = tmp_path_factory.mktemp("year") / "profile", HandClock()
    made(folder, request.param, seed=1)
    with desk_again(folder, clock) as desk:
        played(desk, clock, request.param, seed=1)
        ours, plain, states = told(desk), plainly(desk), payout_states(desk)
        assert desk.services.payments.recover(start_up=True).payouts == 1
        found_out = differing(told(desk), plainly(desk))
        report = desk.services.check.run()
    assert report.problems == ()
    return Year(folder, ours, plain, states, found_out)


def payout_states(desk: Desk) -> set[str]:
    return {state for (state,) in rows(desk.profile.database, "SELECT DISTINCT state FROM payouts")}


def test_earned_is_paid_on_its_way_available_and_held_for_every_vendor_and_currency(year: Year) -> None:
    assert differing(year.ours, year.plain) == {}
    assert year.found_out == {}
    for key, each in year.plain.of.items():
        assert each.earned == each.paid + each.in_transit + each.available + each.held, key


def test_every_payout_pays_what_was_free_and_nothing_else(year: Year) -> None:
    assert year.plain.wrong == []


def test_in_that_year_everything_has_happened(year: Year) -> None:
    """Figures of nothing would prove nothing."""
    places = Counter[str]()
    for each in year.plain.of.values():
        places.update(name for name, amount in vars(each).items() if amount)
    assert set(places) == set(vars(Places()))
    assert set(year.plain.kinds) == {"earned", "kept", "given up", "goodwill", "adjusted", "came back"}
    assert year.plain.carried > 3
    assert {currency for _, currency in year.plain.of} == {"EUR", "JPY", "KWD"}
    assert year.states == {*("approved", "sending", "unknown", "paid", "failed", "reversed", "returned")}
    database = year.folder / "travellr.db"
    bookings = {state for (state,) in rows(database, "SELECT DISTINCT state FROM bookings")}
    assert bookings >= {"confirmed", "completed", "cancelled", "no_show"}
    disputes = {state for (state,) in rows(database, "SELECT DISTINCT state FROM disputes")}
    assert disputes == {"open", "won", "lost"}
    carried = "SELECT count(*) FROM batch_left_out WHERE reason = 'below_minimum' AND amount > 0"
    assert rows(database, carried)[0][0] > 3


# that the second reckoning is one


def test_the_second_reckoning_knows_nothing_of_the_program() -> None:
    """Neither its code nor what it keeps for reading: no ledger, no lines of vendors, no statements."""
    imported = set[str]()
    for node in ast.walk(ast.parse(Path(plain_earnings.__file__).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {each.name.partition(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").partition(".")[0] if node.level == 0 else ".")
    assert imported <= set(sys.stdlib_module_names)
    assert set(tables_read()) - set(STEPS) == {
        *(
            "bookings",
            "booking_lines",
            "departures",
            "payments",
            "payment_shares",
            "refunds",
            "refund_orders",
        ),
        *("disputes", "dispute_parts", "vendor_adjustments", "payouts", "payout_batches", "take_backs"),
    }


# controls: what must be seen


def test_a_commission_that_is_rounded_part_by_part_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 1.01 at 20 % the vendor has 0.81. Of 0.12 that go back the agency gives up 0.02 and the vendor 0.10; in four
    parts of 0.03, each rounded by itself, the agency would give up 0.04."""
    with desk_at(tmp_path / "profile", HandClock()) as desk:
        booking = paid_out(desk)
        refunded(desk, booking, back=3)
        assert differing(told(desk), plainly(desk)) == {}
        monkeypatch.setattr(refunds, "cumulative_part", lambda bps, *, part, **_: share(part, bps))
        for _ in range(3):
            refunded(desk, booking, back=3)
        ((ours, plain),) = differing(told(desk), plainly(desk)).values()
        assert (plain.available, ours.available) == (181 - 10, 181 - 8)


def test_a_refund_that_is_forgotten_after_the_payout_is_seen(tmp_path: Path) -> None:
    with desk_at(tmp_path / "profile", HandClock()) as desk:
        booking = paid_out(desk)
        refunded(desk, booking, back=1)
        assert differing(told(desk), plainly(desk)) == {}
        with raw(desk.profile.database) as connection:
            connection.execute("DELETE FROM vendor_lines WHERE part = 'refund'")
        ((ours, plain),) = differing(told(desk), plainly(desk)).values()
        assert (plain.available, ours.available) == (181 - 1, 181)


def test_a_payout_that_leaves_out_a_cent_is_seen(tmp_path: Path) -> None:
    """A cent more had been agreed than the payout has in it."""
    with desk_at(tmp_path / "profile", HandClock()) as desk:
        paid_out(desk)
        assert plainly(desk).wrong == []
        with raw(desk.profile.database) as connection:
            connection.execute("PRAGMA foreign_keys = OFF")
            connection.execute(
                "INSERT INTO vendor_adjustments (id, version, vendor_id, ledger_id, currency, amount, reason, at) "
                "SELECT hex(randomblob(16)), 1, vendor_id, (SELECT id FROM ledger ORDER BY seq LIMIT 1), currency, 1, "
                "'One more', at FROM vendor_adjustments"
            )
        assert [(paid, owed) for _, paid, owed in plainly(desk).wrong] == [(181, 182)]


def paid_out(desk: Desk) -> UUID:
    """A booking of 1.01 at 20 % that was travelled; approved for a payout with 1.00 that was agreed."""
    clock = desk.clock
    assert isinstance(clock, HandClock)
    departure = desk.add_departure(desk.add_trip("Odd", adult=101))
    booking = desk.sold(departure, adult=1, pay=CASH).bookings[0].id
    clock.forward(timedelta(days=30))
    desk.services.bookings.complete(desk.admin, departure)
    given(desk, desk.vendor_id, 100)
    terms = by_bank("Boats", Schedule.WEEKLY, Money(0, "EUR"))
    desk.services.vendor_terms.save(desk.admin, desk.vendor_id, terms)
    clock.forward(timedelta(days=1))
    day = clock.now().date() - timedelta(days=1)
    batch = prepared(desk, BatchKind.EXTRA, day, day)
    clock.forward(timedelta(minutes=1))
    approved_by(desk, colleague(desk), batch)
    clock.forward(timedelta(minutes=1))
    return booking
