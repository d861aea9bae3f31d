"""Invoices reckoned by hand, for a bookkeeper: prices have their tax in them, in EUR, JPY and KWD."""

from __future__ import annotations

from datetime import timedelta

from helpers.changing import ADULT, change, joining, leaving
from helpers.desk import CASH, Desk
from helpers.invoicing import details, issue, ready
from travellr_desktop.domain.money_text import format_money
from travellr_desktop.services.invoice_views import InvoiceDetail


def told(document: InvoiceDetail) -> list[str]:
    """A document as a bookkeeper reads it: its lines, its rates, its total."""
    lines = [f"{line.quantity} {line.text} {format_money(line.gross, 'en_GB')}" for line in document.lines]
    rates = [
        f"{rate.tax_bps / 100:g} %: {format_money(rate.net, 'en_GB')} + {format_money(rate.tax, 'en_GB')}"
        for rate in document.rates
    ]
    told = [document.number, *lines, *rates, format_money(document.gross, "en_GB")]
    return [each.replace("\N{NO-BREAK SPACE}", " ") for each in told]


def test_two_adults_and_a_child_in_euros(desk: Desk) -> None:
    """117.00 with 21 % in it: 117.00 × 21 / 121 = 20.305…, so 20.31; 117.00 − 20.31 = 96.69."""
    ready(desk)
    booking = desk.sold(desk.add_departure(), pay=CASH, adult=2, child=1).bookings[0].id
    (invoice,) = details(desk, issue(desk, booking))
    assert told(invoice) == [
        "IV-2026-000001",
        "2 Adult €90.00",
        "1 Child €27.00",
        "21 %: €96.69 + €20.31",
        "€117.00",
    ]


def test_a_third_adult_in_euros(desk: Desk) -> None:
    """90.00 has 15.62 of tax in it (15.6198…). With 45.00 more it is 135.00 with 23.43 (23.4297…): the second invoice
    has the 7.81 between them, and both together what one of 135.00 would."""
    ready(desk)
    booking = desk.sold(desk.add_departure(), pay=CASH).bookings[0].id
    (first,) = details(desk, issue(desk, booking))
    change(desk, booking, joining(ADULT))
    (second,) = details(desk, issue(desk, booking))
    assert told(first)[2:] == ["21 %: €74.38 + €15.62", "€90.00"]
    assert told(second) == ["IV-2026-000002", "1 Adult €45.00", "21 %: €37.19 + €7.81", "€45.00"]


def test_one_of_two_leaves_and_half_is_kept_in_euros(desk: Desk) -> None:
    """Of 45.00 the policy keeps 22.50. The booking comes to 67.50 with 11.71 of tax (11.7148…): of the invoice of 90.00
    with 15.62 of tax, 22.50 with 3.91 are credited."""
    ready(desk)
    trip = desk.add_trip("Half kept", policy="strict")
    soon = desk.add_departure(trip, day=(desk.clock.now() + timedelta(days=5)).date())
    booking = desk.sold(soon, pay=CASH).bookings[0].id
    issue(desk, booking)
    change(desk, booking, leaving(desk, booking, 2))
    (credit,) = details(desk, issue(desk, booking))
    assert told(credit) == [
        "CN-2026-000001",
        "1 Change of the booking €22.50",
        "21 %: €18.59 + €3.91",
        "€22.50",
    ]


def test_yen_have_no_cents(desk: Desk) -> None:
    """9,800 with 10 % in it: 890.909… is 891 of tax, 8,909 without. A third of 4,900 makes it 14,700 with 1,336
    (1,336.36…): 445 more."""
    ready(desk)
    trip = desk.add_trip("Kyoto by bicycle", adult=4900, child=2400, currency="JPY", tax_bps=1000)
    booking = desk.sold(desk.add_departure(trip), pay=CASH).bookings[0].id
    (first,) = details(desk, issue(desk, booking))
    assert told(first) == ["IV-2026-000001", "2 Adult JP¥9,800", "10 %: JP¥8,909 + JP¥891", "JP¥9,800"]
    change(desk, booking, joining(ADULT))
    (second,) = details(desk, issue(desk, booking))
    assert told(second)[1:] == ["1 Adult JP¥4,900", "10 %: JP¥4,455 + JP¥445", "JP¥4,900"]


def test_dinars_have_a_thousand_fils(desk: Desk) -> None:
    """31.500 with 5 % in it is exactly 1.500 of tax. Who is cancelled in time is credited whole, to the last fils."""
    ready(desk)
    trip = desk.add_trip("Failaka island", adult=15_750, child=7_875, currency="KWD", tax_bps=500)
    booking = desk.sold(desk.add_departure(trip), pay=CASH).bookings[0].id
    (invoice,) = details(desk, issue(desk, booking))
    assert told(invoice)[1:] == ["2 Adult KWD 31.500", "5 %: KWD 30.000 + KWD 1.500", "KWD 31.500"]
    desk.cancel(booking)
    (credit,) = details(desk, issue(desk, booking))
    assert told(credit)[1:] == ["2 Adult KWD 31.500", "5 %: KWD 30.000 + KWD 1.500", "KWD 31.500"]


def test_a_trip_without_tax(desk: Desk) -> None:
    """At no rate the net amount is the whole."""
    ready(desk)
    booking = desk.sold(desk.add_departure(desk.add_trip("Free of tax", tax_bps=0)), pay=CASH).bookings[0].id
    (invoice,) = details(desk, issue(desk, booking))
    assert told(invoice)[1:] == ["2 Adult €90.00", "0 %: €90.00 + €0.00", "€90.00"]
