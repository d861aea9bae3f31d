"""A few weeks of a small agency's life, made through the services: bookings, payments and refunds in every state,
credit that is given and spent, a till that was closed, vendors who are paid, and what the provider said of all that."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from helpers.changing import becoming, change, joining, leaving, to
from helpers.clock import START, HandClock
from helpers.desk import CARD, CASH, Desk, open_at
from helpers.provider import NO_FUNDS, SLOW_REFUNDS
from helpers.refunding import limit, refunded
from helpers.season_paid import owe_vendors, pay_vendors
from helpers.tilling import close_till
from helpers.whole import fill_the_rest
from travellr_desktop.app import Program
from travellr_desktop.domain.cancellation import PRESETS
from travellr_desktop.domain.discounts import DiscountKind
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.ways import Way
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.check import CheckService
from travellr_desktop.services.checks.report import CheckReport
from travellr_desktop.services.discounts import DiscountAsk
from travellr_desktop.services.outcomes import SaleOutcome
from travellr_desktop.services.refund_asks import RefundAsk
from travellr_desktop.services.sales import PayChoice
from travellr_desktop.services.trips import TripDraft
from travellr_desktop.storage.commits import Commit

SOON = date(2026, 6, 20)


def live_through(desk: Desk, clock: HandClock) -> None:
    """Fill `desk`. The clock stands four days later when it returns."""
    later = desk.add_departure(capacity=40)
    soon = desk.add_departure(day=SOON, capacity=40)
    sold = [
        desk.sold(later, adult=2, child=1, infant=1),
        desk.sold(later, pay=CASH),
        desk.sell(desk.hold(later, adult=1), desk.hold(soon, adult=3)),
    ]
    desk.sold(soon, adult=1)
    absent = desk.sold(soon, pay=CASH, adult=1, child=1)
    _in_yen(desk)
    _for_nothing(desk)
    desk.sold(later, pay=PayChoice(Way.CARD, NO_FUNDS))
    desk.cancel(_first(desk.sold(later)), reason="A cold")
    desk.cancel(_first(desk.sold(later, pay=CASH)))
    desk.cancel(_first(sold[2]))
    _kept_in_part(desk)
    _refunds_that_take_their_time(desk, later)
    _holds(desk, clock, later)
    fill_the_rest(desk, later, _first(sold[0]))
    _changed(desk, later)
    _credit(desk, later)
    _waits_for_a_second(desk, later)
    owe_vendors(desk)
    close_till(desk)
    desk.services.matching.fetch()
    clock.forward(timedelta(days=4))
    desk.services.bookings.no_show(desk.admin, _first(absent))
    desk.services.bookings.complete(desk.admin, soon)
    pay_vendors(desk)
    _nobody_knows(desk, later)


def _first(outcome: SaleOutcome) -> UUID:
    return outcome.bookings[0].id


def _in_yen(desk: Desk) -> None:
    trip = desk.add_trip(
        "Night market walk", adult=6001, child=3001, currency="JPY", zone="Asia/Tokyo", tax_bps=1000
    )
    departure = desk.add_departure(trip)
    desk.sold(departure, adult=3, child=1)


def _for_nothing(desk: Desk) -> None:
    trip = desk.add_trip("Old town, free walk", adult=0, child=0, tax_bps=0)
    desk.sold(desk.add_departure(trip))


def _kept_in_part(desk: Desk) -> None:
    """Cancelled in the week before: half is kept, and a fixed fee that is the agency's."""
    policy = replace(PRESETS["strict"], fixed_fee=501)
    prices = {TravellerType.ADULT: 9999, TravellerType.CHILD: 5555}
    draft = TripDraft(
        desk.vendor_id,
        "Tara rafting",
        "Žabljak",
        "Europe/Podgorica",
        "EUR",
        480,
        policy,
        prices,
        tax_bps=2100,
    )
    departure = desk.add_departure(
        desk.services.trips.create(desk.admin, draft), day=date(2026, 6, 23), capacity=12
    )
    desk.cancel(_first(desk.sold(departure, adult=2, child=1)))
    desk.cancel(_first(desk.sold(departure, pay=CASH, adult=1)))


def _changed(desk: Desk, departure: UUID) -> None:
    """Discounts of both kinds; who leaves early, and late at a cost; who joins; another departure; by card too."""
    own = DiscountAsk(DiscountKind.AMOUNT, amount=Money(501, "EUR"), own=True, reason="A late bus")
    tenth = DiscountAsk(DiscountKind.PERCENT, bps=1_000, reason="They come each year")
    other = desk.add_departure(desk.add_trip("Skadar lake", adult=4100, child=3100), capacity=20)
    booking = _first(desk.sold(departure, discount=own, adult=3))
    change(desk, booking, leaving(desk, booking, 2))
    change(desk, booking, joining(TravellerType.CHILD))
    booking = _first(desk.sold(departure, discount=tenth, adult=2, child=1))
    change(desk, booking, to(other), CARD)
    change(desk, booking, becoming(desk, booking, 1, TravellerType.CHILD))
    strict = desk.add_trip("Half kept", policy="strict", adult=3333)
    soon = desk.add_departure(strict, day=date(2026, 6, 23), capacity=12)
    booking = _first(desk.sold(soon, discount=own, adult=4))
    change(desk, booking, leaving(desk, booking, 1))
    change(desk, booking, leaving(desk, booking, 2, 3))
    change(desk, booking, to(other), CASH)
    change(desk, booking, joining(TravellerType.ADULT), PayChoice(Way.CARD, NO_FUNDS))


def _refunds_that_take_their_time(desk: Desk, departure: UUID) -> None:
    """One pending, one that arrived, one that failed after it had been taken on, one refused at once."""
    slow = PayChoice(Way.CARD, SLOW_REFUNDS)
    refunds = [desk.cancel(_first(desk.sold(departure, pay=slow))).refunds[0].id for _ in range(3)]
    with desk.database.read() as view:
        refs = [view.refunds.get(refund).provider_ref for refund in refunds]
    assert refs[1] is not None
    assert refs[2] is not None
    with desk.sandbox() as sandbox:
        sandbox.settle_refund(refs[1])
        sandbox.settle_refund(refs[2], failure="expired_or_canceled_card")
    desk.services.payments.recover(start_up=True)


def _credit(desk: Desk, departure: UUID) -> None:
    """What goes back becomes credit, and a part of it pays for another booking."""
    buyer = desk.traveller("Nora Lind")
    given = desk.sell(desk.hold(departure, adult=2), pay=CASH, traveller=buyer)
    refunded(desk, _first(given), to=RefundTo.CREDIT)
    desk.sell(desk.hold(departure, adult=1), pay=PayChoice(Way.CREDIT), traveller=buyer)


def _waits_for_a_second(desk: Desk, departure: UUID) -> None:
    """Above what one person gives back alone; afterwards there is no such limit."""
    back = RefundAsk((_first(desk.sold(departure, pay=CASH)),))
    limit(desk, 0)
    shown = desk.services.refunds.preview(desk.agent, back).back
    desk.services.refunds.request(desk.agent, back, shown, key=uuid4())
    with desk.database.write(Commit.SETTINGS_SAVE, SYSTEM) as work:
        work.agency.get().refund_limits = {}
        work.commit()


def _holds(desk: Desk, clock: HandClock, departure: UUID) -> None:
    """Released, lapsed with a booking that waited and without, released with its sale."""
    released = desk.hold(departure)
    desk.services.holds.release(desk.agent, released.id)
    given_up = desk.sell(desk.hold(departure), pay=None)
    desk.services.sales.release(desk.agent, given_up.sale_id)
    desk.hold(departure)
    desk.sell(desk.hold(departure), pay=None)
    clock.forward(timedelta(hours=1))
    desk.services.upkeep.expire_holds()


def _nobody_knows(desk: Desk, departure: UUID) -> None:
    """A charge and a refund whose answers never came, and the program reads them later; a sale not paid yet,
    seats that are held."""
    back = desk.sold(departure, pay=CARD)
    with desk.sandbox() as sandbox:
        sandbox.arm(Operation.INTENT_CONFIRM, FaultKind.REPLY_LOST_BEFORE)
        desk.sold(departure, adult=1)
        sandbox.arm(Operation.REFUND_CREATE, FaultKind.REPLY_LOST_BEFORE)
        desk.cancel(_first(back))
        assert sandbox.faults() == ()
    desk.sell(desk.hold(departure, adult=1), pay=None)
    desk.hold(departure, adult=1)


def copy_of(season: Path, folder: Path) -> Program:
    """A copy of a profile in `folder`, open a day after its season."""
    shutil.copytree(season, folder)
    return open_at(folder, HandClock(START + timedelta(days=5)))


def check_file(program: Program) -> CheckReport:
    """Prove the books without asking the provider."""
    return CheckService(program.database, program.gateway, provider=False).run()


def names(report: CheckReport, row: str) -> bool:
    """Whether a problem names the row, in its own place or in its words."""
    return any(row in (each.row, *each.says.split()) for each in report.problems)
