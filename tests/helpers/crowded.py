"""An agency whose words and amounts are as long as they may be, with sales in every state."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date, time, timedelta
from uuid import uuid4

from helpers.desk import CARD, CASH, Desk
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import Refusal
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.outcomes import LinkView, OutcomeState, ReadRow, RefusalView, SaleOutcome
from travellr_desktop.services.sales import PayChoice
from travellr_desktop.services.travel_documents import DocumentKind, TravelDocumentDraft
from travellr_desktop.services.vendors import VendorDraft

SATURDAY = date(2026, 6, 20)
WORDS = (
    "Dreitägige Hochgebirgswanderung durch den Nationalpark Durmitor mit Übernachtung in der Berghütte am Schwarzen "
    "See, Frühstück und Abendessen sind im Preis enthalten, Getränke und Trinkgelder nicht"
)
NAMES = (
    "Bodo-Maximilian Alexander Ferdinand Maria Freiherr von und zu Schwarzenberg-Hohenlohe-Langenburg-Sigmaringen",
    "W" * 120,
    "محمد عبد الرحمن بن عبد العزيز آل سعود بن فيصل بن تركي بن عبد الله بن محمد بن سعود الكبير",
    "🌊🌊🌊 " * 20 + "Sea",
    "प्रियदर्शिनी वेंकटरमन अय्यर ณัฐพล ชัยวัฒน์ 王小明 김민준 ნინო Արամ",
)
REFUSAL = RefusalView(
    "The card was declined by the bank that issued it, because the account behind it does not hold enough money.",
    "INSUFFICIENT_FUNDS",
    "Ask for another card, or take the amount in cash, before the seats that are held go back to the others.",
)


def crowded(desk: Desk) -> None:
    """Long names in many scripts, amounts in the hundred millions, several currencies, every state of payment."""
    vendor = desk.services.vendors.create(
        desk.admin, VendorDraft(f"Vendor {WORDS}"[:200], phone="+382 69 555 812")
    )
    dear = desk.add_trip(
        WORDS,
        adult=98_765_432_10,
        child=87_654_321_00,
        meeting_point=WORDS,
        vendor_id=vendor,
        languages="German, English, Serbian, Montenegrin, Albanian, Italian, French",
    )
    arabic = desk.add_trip(
        "رحلة بحرية إلى الكهف الأزرق وبيراست مع غداء على متن القارب",
        zone="Africa/Cairo",
        place="Alexandria",
        meeting_point="المرسى، الرصيف ٢",
        currency="EGP",
        adult=1_234_567_89,
    )
    far = desk.add_trip(
        "Kuwait towers", zone="Asia/Kuwait", currency="KWD", adult=123_456_789, place="Kuwait"
    )
    tour = [
        desk.add_departure(trip, day=SATURDAY, at=at, capacity=999)
        for trip, at in ((dear, time(8, 30)), (arabic, time(9, 0)), (far, time(23, 55)), (dear, time(13, 0)))
    ]
    buyers = [
        desk.traveller(
            name,
            email=f"traveller.with.a.long.address.{at}@verwaltung.example.org",
            phone="+49 151 555 018 2",
        )
        for at, name in enumerate(NAMES)
    ]
    for buyer in buyers:
        desk.services.notes.add(desk.agent, f"{WORDS} {buyer.name}", traveller_id=buyer.id)
        passport = TravelDocumentDraft(
            DocumentKind.IDENTITY, "9" * 60, "BA", SATURDAY - timedelta(days=1), WORDS
        )
        desk.services.traveller_documents.add(desk.agent, buyer.id, passport, key=uuid4())
    declined = PayChoice(Way.CARD, "pm_card_visa_chargeDeclinedInsufficientFunds")
    outcomes = [
        desk.sell(desk.hold(tour[at % 4], adult=2, child=1), pay=pay, traveller=buyer)
        for at, buyer in enumerate(buyers)
        for pay in (CARD, CASH, declined)
    ]
    with desk.sandbox() as sandbox:
        sandbox.arm(Operation.INTENT_CONFIRM, FaultKind.REPLY_LOST_AFTER)
    with suppress(Refusal):
        desk.sell(desk.hold(tour[0], adult=2), pay=CARD, traveller=buyers[0])
    desk.sell(desk.hold(tour[1], adult=2), pay=PayChoice(Way.LINK), traveller=buyers[0])
    for outcome in outcomes[:2]:
        desk.cancel(*(booking.id for booking in outcome.bookings), reason=WORDS)


ADDRESS = "https://checkout.stripe.example/c/pay/cs_live_" + "a1B2" * 80
"""As long as a provider's addresses are."""
LINK_OVER = RefusalView("The link was not paid in time. Nothing was charged.", "LINK_LAPSED", WORDS)


def in_every_state(outcome: SaleOutcome) -> list[SaleOutcome]:
    """A paid sale as it would look had it come out otherwise."""
    since, later = outcome.since, outcome.since + timedelta(minutes=3)
    reads = tuple(ReadRow(since + timedelta(seconds=20 * at), "no_answer") for at in range(6))
    open_sale = replace(outcome, paid=Money.zero(outcome.total.currency), due=outcome.total)
    link = LinkView("cs_test_" + "x" * 58, ADDRESS, since, later, used=False)
    back = tuple(replace(each, refunded=each.price) for each in outcome.bookings)
    return [
        replace(open_sale, state=OutcomeState.PENDING, payment_id=None, hold_expires_at=later),
        replace(outcome, state=OutcomeState.PARTLY, bookings=back[:1] + outcome.bookings[1:]),
        replace(outcome, state=OutcomeState.SEATS_GONE, bookings=back),
        replace(open_sale, state=OutcomeState.DECLINED, refusal=REFUSAL, hold_expires_at=later),
        replace(
            open_sale, state=OutcomeState.WAITING, next_read_at=later, hold_expires_at=later, reads=reads
        ),
        replace(
            open_sale, state=OutcomeState.UNKNOWN, next_read_at=later, hold_expires_at=later, reads=reads
        ),
        replace(open_sale, state=OutcomeState.WAITING, hold_expires_at=later, link=link),
        replace(open_sale, state=OutcomeState.DECLINED, refusal=LINK_OVER, hold_expires_at=later),
        replace(open_sale, state=OutcomeState.LAPSED, refusal=REFUSAL),
        outcome,
    ]
