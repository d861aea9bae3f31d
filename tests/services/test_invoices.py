"""Invoices and credit notes: the difference, in numbers without gaps, once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from helpers import disputed
from helpers.changing import ADULT, becoming, change, joining, leaving, to
from helpers.clock import HandClock
from helpers.desk import CASH, Desk
from helpers.invoicing import COMPANY, TERMS, amounts, details, issue, numbers, order_of, ready
from helpers.raw import value
from travellr_desktop.domain.invoicing import InvoiceKind
from travellr_desktop.domain.permissions import Actor, Role
from travellr_desktop.errors import InvalidInput, KeyReused, NotFound, NotPermitted, WrongState
from travellr_desktop.services.agency import AgencyDraft
from travellr_desktop.services.invoice_views import Buyer, Issued, NothingToInvoice, SellerIncomplete
from travellr_desktop.services.travellers import TravellerDraft

INVOICE, CREDIT = InvoiceKind.INVOICE, InvoiceKind.CREDIT_NOTE


@pytest.fixture
def invoicing(desk: Desk) -> Desk:
    ready(desk)
    return desk


def test_a_sale_is_invoiced_as_it_was_sold(invoicing: Desk) -> None:
    sale = invoicing.sold(invoicing.add_departure(), pay=CASH, adult=2, child=1)
    booking = sale.bookings[0]
    (invoice,) = details(invoicing, issue(invoicing, booking.id, buyer=COMPANY))
    assert invoice.number == "IV-2026-000001"
    assert [(line.text, line.quantity, line.gross.minor) for line in invoice.lines] == [
        ("Adult", 2, 9000),
        ("Child", 1, 2700),
    ]
    assert invoice.lines[0].title == "Blue Cave and Perast"
    assert invoice.lines[0].about == f"{booking.reference} · Sat 4 Jul 2026, 08:30"
    assert (invoice.net.minor, invoice.tax.minor, invoice.gross.minor) == (9669, 2031, 11700)
    assert invoice.paid == invoice.gross
    assert (invoice.buyer, invoice.seller.legal) == (COMPANY, "Kotor Riva d.o.o.")
    with invoicing.database.read() as view:
        assert view.bookings.get(booking.id).tax == invoice.tax.minor


def test_what_is_invoiced_is_not_invoiced_again(invoicing: Desk) -> None:
    booking = invoicing.sold(invoicing.add_departure(), pay=CASH).bookings[0].id
    shown = invoicing.services.invoices.preview(invoicing.agent, [booking])
    issue(invoicing, booking)
    assert invoicing.services.invoices.preview(invoicing.agent, [booking]).nothing
    with pytest.raises(NothingToInvoice, match="IV-2026-000001"):
        invoicing.services.invoices.issue(invoicing.agent, order_of(shown), key=uuid4())


def test_the_same_form_sent_twice_issues_once(invoicing: Desk) -> None:
    booking = invoicing.sold(invoicing.add_departure(), pay=CASH).bookings[0].id
    service, key = invoicing.services.invoices, uuid4()
    order = order_of(service.preview(invoicing.agent, [booking]))
    first = service.issue(invoicing.agent, order, key=key)
    assert service.issue(invoicing.agent, order, key=key) == first
    with pytest.raises(KeyReused):
        service.issue(invoicing.agent, replace(order, buyer=COMPANY), key=key)
    assert value(invoicing.profile.database, "SELECT count(*) FROM invoices") == 1


def test_two_agents_at_once_issue_one(invoicing: Desk) -> None:
    booking = invoicing.sold(invoicing.add_departure(), pay=CASH).bookings[0].id
    service = invoicing.services.invoices
    order = order_of(service.preview(invoicing.agent, [booking]))

    def ask(who: Actor) -> Issued | None:
        try:
            return service.issue(who, order, key=uuid4())
        except NothingToInvoice:
            return None

    with ThreadPoolExecutor(4) as pool:
        came = list(pool.map(ask, [invoicing.agent, invoicing.admin] * 2))
    assert sum(each is not None for each in came) == 1
    assert value(invoicing.profile.database, "SELECT sum(gross) FROM invoices") == 9000


def test_one_more_traveller_is_an_invoice_of_the_difference(invoicing: Desk) -> None:
    booking = invoicing.sold(invoicing.add_departure(), pay=CASH).bookings[0].id
    issue(invoicing, booking)
    change(invoicing, booking, joining(ADULT))
    (second,) = details(invoicing, issue(invoicing, booking))
    assert (second.number, second.gross.minor, second.lines[0].text) == ("IV-2026-000002", 4500, "Adult")
    assert second.paid.minor == 4500


def test_a_traveller_who_leaves_is_credited_but_for_what_is_kept(invoicing: Desk) -> None:
    trip = invoicing.add_trip("Half kept", policy="strict")
    soon = invoicing.add_departure(trip, day=(invoicing.clock.now() + timedelta(days=5)).date())
    booking = invoicing.sold(soon, pay=CASH).bookings[0].id
    issue(invoicing, booking)
    change(invoicing, booking, leaving(invoicing, booking, 2))
    with invoicing.database.read() as view:
        kept = sum(line.kept for line in view.bookings.get_full(booking).lines)
    assert 0 < kept < 4500
    (credit,) = details(invoicing, issue(invoicing, booking))
    assert (credit.kind, credit.number) == (CREDIT, "CN-2026-000001")
    assert credit.gross.minor == 4500 - kept
    assert credit.of is not None and credit.of.number == "IV-2026-000001"


def test_a_cancelled_booking_is_credited_down_to_what_was_kept(invoicing: Desk) -> None:
    booking = invoicing.sold(invoicing.add_departure(), pay=CASH).bookings[0].id
    (row,) = issue(invoicing, booking).documents
    invoicing.cancel(booking)
    issued = issue(invoicing, booking)
    assert amounts(issued) == [(CREDIT, 9000)]
    detail = invoicing.services.invoices.detail(invoicing.agent, row.id)
    assert (detail.left.minor, detail.can_credit) == (0, False)
    assert [each.number for each in detail.credits] == numbers(issued)


def test_what_was_kept_of_a_cancelled_booking_can_be_invoiced_alone(invoicing: Desk) -> None:
    trip = invoicing.add_trip("Half kept", policy="strict")
    soon = invoicing.add_departure(trip, day=(invoicing.clock.now() + timedelta(days=5)).date())
    booking = invoicing.sold(soon, pay=CASH).bookings[0].id
    kept = invoicing.cancel(booking).kept
    (invoice,) = details(invoicing, issue(invoicing, booking))
    assert invoice.gross == kept and invoice.lines[0].text == "Kept of the cancelled booking"


def test_a_cheaper_traveller_is_credited_with_the_difference(invoicing: Desk) -> None:
    booking = invoicing.sold(invoicing.add_departure(), pay=CASH).bookings[0].id
    issue(invoicing, booking)
    change(invoicing, booking, becoming(invoicing, booking, 2, list(type(ADULT))[1], age=9))
    (credit,) = details(invoicing, issue(invoicing, booking))
    assert (credit.gross.minor, credit.lines[0].text) == (1800, "Change of the booking")


def test_another_trip_at_another_rate_is_credited_and_invoiced_anew(invoicing: Desk) -> None:
    booking = invoicing.sold(invoicing.add_departure(), pay=CASH).bookings[0].id
    issue(invoicing, booking)
    low = invoicing.add_trip("Low tax", tax_bps=700)
    change(invoicing, booking, to(invoicing.add_departure(low)))
    issued = issue(invoicing, booking)
    assert amounts(issued) == [(CREDIT, 9000), (INVOICE, 9000)]
    credit, invoice = details(invoicing, issued)
    assert [rate.tax_bps for rate in credit.rates + invoice.rates] == [2100, 700]


def test_bookings_of_a_sale_are_on_one_invoice_and_each_alone_where_it_is_asked(invoicing: Desk) -> None:
    first, second = invoicing.add_departure(), invoicing.add_departure(invoicing.add_trip("Other"))
    sale = invoicing.sell(invoicing.hold(first), invoicing.hold(second, adult=1), pay=CASH)
    one, two = (each.id for each in sale.bookings)
    issue(invoicing, one)
    shown = invoicing.services.invoices.preview_sale(invoicing.agent, sale.sale_id)
    assert shown.booking_ids == (one, two) and shown.invoice.minor == 4500
    assert [row.number for row in shown.earlier] == ["IV-2026-000001"]
    invoicing.services.invoices.issue(invoicing.agent, order_of(shown), key=uuid4())
    assert invoicing.services.invoices.of_booking(invoicing.agent, two).documents[0].gross.minor == 4500


def test_bookings_of_two_sales_are_not_on_one_invoice(invoicing: Desk) -> None:
    departure = invoicing.add_departure()
    ids = [invoicing.sold(departure, pay=CASH).bookings[0].id for _ in range(2)]
    with pytest.raises(InvalidInput):
        invoicing.services.invoices.preview(invoicing.agent, ids)
    with pytest.raises(NotFound):
        invoicing.services.invoices.preview(invoicing.agent, [uuid4()])


def test_what_is_not_sold_is_not_invoiced(invoicing: Desk) -> None:
    sale = invoicing.sell(invoicing.hold(invoicing.add_departure()), pay=None)
    with pytest.raises(WrongState):
        invoicing.services.invoices.preview_sale(invoicing.agent, sale.sale_id)


def test_what_changed_since_it_was_shown_is_not_issued(invoicing: Desk) -> None:
    booking = invoicing.sold(invoicing.add_departure(), pay=CASH).bookings[0].id
    shown = invoicing.services.invoices.preview(invoicing.agent, [booking])
    change(invoicing, booking, joining(ADULT))
    with pytest.raises(WrongState, match="changed"):
        invoicing.services.invoices.issue(invoicing.agent, order_of(shown), key=uuid4())


def test_what_the_agency_has_not_said_is_said_at_its_field(desk: Desk) -> None:
    booking = desk.sold(desk.add_departure(), pay=CASH).bookings[0].id
    shown = desk.services.invoices.preview(desk.agent, [booking])
    assert shown.missing == ("legal", "address", "country", "tax_number")
    with pytest.raises(SellerIncomplete) as raised:
        desk.services.invoices.issue(desk.agent, order_of(shown), key=uuid4())
    assert [each.field for each in raised.value.together] == list(shown.missing)
    ready(desk)
    assert desk.services.invoices.settings(desk.agent).missing == ()
    assert numbers(issue(desk, booking)) == ["IV-2026-000001"]  # what was refused took no number


def test_what_is_wrong_with_the_buyer_is_said_at_its_field(invoicing: Desk) -> None:
    booking = invoicing.sold(invoicing.add_departure(), pay=CASH).bookings[0].id
    wrong = Buyer(" ", "x" * 301, tax_number="1" * 81)
    with pytest.raises(InvalidInput) as raised:
        issue(invoicing, booking, buyer=wrong)
    assert [each.field for each in raised.value.together] == ["name", "address", "tax_number"]


def test_what_is_wrong_with_the_terms_is_said_at_its_field(invoicing: Desk) -> None:
    with pytest.raises(InvalidInput) as raised:
        invoicing.services.invoices.save_settings(
            invoicing.admin, replace(TERMS, address="x" * 301, footer="y" * 501)
        )
    assert [each.field for each in raised.value.together] == ["address", "footer"]


def test_an_invoice_stays_what_it_was(invoicing: Desk) -> None:
    traveller = invoicing.traveller("Henrik Söderberg", address="Storgatan 1")
    sale = invoicing.sell(invoicing.hold(invoicing.add_departure()), pay=CASH, traveller=traveller)
    (before,) = details(invoicing, issue(invoicing, sale.bookings[0].id))
    agency = invoicing.services.agency.view()
    assert agency is not None
    draft = AgencyDraft("Another", "Elsewhere", "Other Ltd", "99", "none", agency.zone)
    invoicing.services.agency.save(invoicing.admin, draft)
    invoicing.services.invoices.save_settings(invoicing.admin, replace(TERMS, address="Nowhere"))
    invoicing.services.travellers.update(invoicing.agent, traveller.id, TravellerDraft("Henrik X"))
    assert invoicing.services.invoices.detail(invoicing.agent, before.id) == before


def test_an_invoice_to_the_wrong_buyer_is_credited_and_issued_again(invoicing: Desk) -> None:
    booking = invoicing.sold(invoicing.add_departure(), pay=CASH).bookings[0].id
    (row,) = issue(invoicing, booking).documents
    service, key = invoicing.services.invoices, uuid4()
    credited = service.credit(invoicing.agent, row.id, reason="Wrong company", key=key)
    assert service.credit(invoicing.agent, row.id, reason="Wrong company", key=key) == credited
    (note,) = details(invoicing, credited)
    assert (note.gross, note.reason, note.lines[0].text) == (row.gross, "Wrong company", "Adult")
    assert numbers(issue(invoicing, booking, buyer=COMPANY)) == ["IV-2026-000002"]
    with pytest.raises(WrongState, match="Nothing is left"):
        service.credit(invoicing.agent, row.id, reason="Again", key=uuid4())
    with pytest.raises(WrongState, match="is a credit note"):
        service.credit(invoicing.agent, note.id, reason="Again", key=uuid4())
    with pytest.raises(InvalidInput):
        service.credit(invoicing.agent, row.id, reason=" ", key=uuid4())


def test_one_booking_of_an_invoice_is_credited_and_then_the_rest_of_it(invoicing: Desk) -> None:
    first, second = invoicing.add_departure(), invoicing.add_departure(invoicing.add_trip("Other"))
    sale = invoicing.sell(invoicing.hold(first), invoicing.hold(second, adult=1), pay=CASH)
    one, two = (each.id for each in sale.bookings)
    (row,) = issue(invoicing, one, two).documents
    service = invoicing.services.invoices
    part = service.credit(invoicing.agent, row.id, booking_ids=[two], reason="Wrong", key=uuid4())
    assert amounts(part) == [(CREDIT, 4500)]
    change(invoicing, one, leaving(invoicing, one, 2, waive=True), actor=invoicing.admin)
    assert amounts(issue(invoicing, one)) == [(CREDIT, 4500)]
    rest = service.credit(invoicing.agent, row.id, reason="Wrong", key=uuid4())
    (note,) = details(invoicing, rest)
    assert (note.gross.minor, note.lines[0].text) == (4500, "The rest of this booking")
    assert service.detail(invoicing.agent, row.id).left.minor == 0


def test_numbers_have_no_gaps_and_begin_anew_with_the_agencys_year(invoicing: Desk) -> None:
    departure = invoicing.add_departure(capacity=40, day=datetime(2027, 3, 1, tzinfo=UTC).date())
    clock = invoicing.clock
    assert isinstance(clock, HandClock)
    clock.at(datetime(2026, 12, 31, 22, 30, tzinfo=UTC))  # 23:30 in Kotor
    given = [numbers(issue(invoicing, invoicing.sold(departure, pay=CASH, adult=1).bookings[0].id))]
    clock.at(datetime(2026, 12, 31, 23, 30, tzinfo=UTC))  # half past midnight there
    sale = invoicing.sold(departure, pay=CASH, adult=1).bookings[0].id
    shown = invoicing.services.invoices.preview(invoicing.agent, [sale])
    given.append(numbers(invoicing.services.invoices.issue(invoicing.agent, order_of(shown), key=uuid4())))
    with pytest.raises(NothingToInvoice):  # a refusal takes no number
        invoicing.services.invoices.issue(invoicing.agent, order_of(shown), key=uuid4())
    given.append(numbers(issue(invoicing, invoicing.sold(departure, pay=CASH, adult=1).bookings[0].id)))
    assert given == [["IV-2026-000001"], ["IV-2027-000001"], ["IV-2027-000002"]]


def test_what_is_confirmed_is_invoiced_by_itself_where_the_agency_wishes_it(desk: Desk) -> None:
    departure = desk.add_departure(capacity=20)
    before = desk.sold(departure, pay=CASH).bookings[0].id
    service = desk.services.invoices
    assert service.issue_due() == 0
    assert isinstance(desk.clock, HandClock)
    desk.clock.forward(timedelta(minutes=1))
    ready(desk, replace(TERMS, by_itself=True))
    assert service.issue_due() == 0  # what was sold before is for somebody to ask for
    after = desk.sold(departure, pay=CASH).bookings[0].id
    gone = desk.sold(departure, pay=CASH).bookings[0].id
    desk.cancel(gone)
    assert (service.issue_due(), service.issue_due()) == (1, 0)
    assert len(service.of_booking(desk.agent, after).documents) == 1
    assert service.of_booking(desk.agent, before).documents == ()
    assert service.of_booking(desk.agent, gone).documents == ()


@pytest.mark.parametrize("been", [True, False], ids=["after the trip", "before it"])
def test_a_lost_dispute_is_credited_once_what_it_takes_was_earned(
    invoicing: Desk, clock: HandClock, been: bool
) -> None:
    """Before the trip the booking stands, and is owed; after it vendor and agency give up 40.00 of 90.00."""
    departure = invoicing.add_departure()
    sale = disputed.sold(invoicing, departure)
    issue(invoicing, sale.booking_id)
    if been:
        clock.at(datetime(2026, 7, 20, tzinfo=UTC))
        invoicing.services.bookings.complete(invoicing.admin, departure)
    ref = disputed.opened(invoicing, sale, amount=4000)
    invoicing.services.listening.poll()
    of_booking = invoicing.services.invoices.of_booking
    assert of_booking(invoicing.agent, sale.booking_id).to_credit.minor == 0
    disputed.closed(invoicing, ref, won=False)
    invoicing.services.listening.poll()
    found = of_booking(invoicing.agent, sale.booking_id)
    assert (found.to_invoice.minor, found.to_credit.minor) == (0, 4000 if been else 0)
    if been:
        (note,) = details(invoicing, issue(invoicing, sale.booking_id))
        assert (note.kind, abs(note.gross.minor)) == (InvoiceKind.CREDIT_NOTE, 4000)
        assert of_booking(invoicing.agent, sale.booking_id).to_credit.minor == 0


@pytest.mark.parametrize("been", [True, False], ids=["after the trip", "before it"])
def test_what_a_lost_dispute_took_is_credited_by_itself_once(
    desk: Desk, clock: HandClock, been: bool
) -> None:
    """Where the agency wishes invoices by themselves; what its vendor and it had earned is 40.00 less."""
    ready(desk, replace(TERMS, by_itself=True))
    service = desk.services.invoices
    departure = desk.add_departure()
    sale = disputed.sold(desk, departure)
    assert service.issue_due() == 1
    if been:
        clock.at(datetime(2026, 7, 20, tzinfo=UTC))
        desk.services.bookings.complete(desk.admin, departure)
    ref = disputed.opened(desk, sale, amount=4000)
    desk.services.listening.poll()
    assert service.issue_due() == 0  # not decided
    disputed.closed(desk, ref, won=False)
    desk.services.listening.poll()
    assert (service.issue_due(), service.issue_due()) == (1 if been else 0, 0)
    documents = service.of_booking(desk.agent, sale.booking_id).documents
    notes = [service.detail(desk.agent, row.id) for row in documents if row.kind is InvoiceKind.CREDIT_NOTE]
    assert [(abs(note.gross.minor), note.reason) for note in notes] == (
        [(4000, "The traveller's bank has taken the payment back")] if been else []
    )


def test_a_lost_dispute_of_what_was_never_invoiced_issues_nothing(desk: Desk, clock: HandClock) -> None:
    departure = desk.add_departure()
    sale = disputed.sold(desk, departure)
    clock.at(datetime(2026, 7, 20, tzinfo=UTC))
    ready(desk, replace(TERMS, by_itself=True))  # after the sale
    desk.services.bookings.complete(desk.admin, departure)
    disputed.closed(desk, disputed.opened(desk, sale), won=False)
    desk.services.listening.poll()
    assert desk.services.invoices.issue_due() == 0
    assert desk.services.invoices.of_booking(desk.agent, sale.booking_id).documents == ()


def test_a_vendors_person_sees_no_invoice(invoicing: Desk) -> None:
    booking = invoicing.sold(invoicing.add_departure(), pay=CASH).bookings[0].id
    (row,) = issue(invoicing, booking).documents
    vendor = Actor(uuid4(), "Nikola", Role.VENDOR, invoicing.vendor_id)
    service = invoicing.services.invoices
    for ask in (
        lambda: service.detail(vendor, row.id),
        lambda: service.find(vendor, row.number),
        lambda: service.of_booking(vendor, booking),
    ):
        with pytest.raises(NotPermitted):
            ask()


def test_a_document_is_found_by_its_number(invoicing: Desk) -> None:
    booking = invoicing.sold(invoicing.add_departure(), pay=CASH).bookings[0].id
    (row,) = issue(invoicing, booking).documents
    assert invoicing.services.invoices.find(invoicing.agent, " iv-2026-000001 ").id == row.id
    with pytest.raises(NotFound):
        invoicing.services.invoices.find(invoicing.agent, "IV-2026-000002")
