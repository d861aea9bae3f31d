"""Worked examples: the end of a trip. How to read the tables is said in `helpers.worked`."""

from __future__ import annotations

from datetime import UTC, datetime

from helpers.worked import Given, worked
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.ledger import Entry, LedgerEvent, done_entries

BOOKING, VENDOR = new_id(), new_id()
AVAILABLE = datetime(2026, 6, 21, 9, 30, tzinfo=UTC)


def done(given: Given, event: LedgerEvent = LedgerEvent.TRIP_DONE) -> tuple[Entry, ...]:
    return done_entries(
        event,
        price=given["price"],
        paid=given["paid"],
        commission_bps=given.rate("commission"),
        booking_id=BOOKING,
        vendor_id=VENDOR,
        available_at=AVAILABLE,
        own=given["discount"].minor if "discount" in given.cells else 0,
    )


def test_a_trip_that_was_paid_in_full() -> None:
    worked(
        """
        The trip has been. The commission is rounded once on the whole price, and the vendor has the rest:
        20 % of 117.03 euros are 23.406, so 23.41; of 14,999 yen 2,999.8, so 3,000.

        Given                                                      EUR       JPY       KWD
        price                                                   117.03    14,999    36.330
        paid                                                    117.03    14,999    36.330
        commission                                                20 %      20 %      20 %

        Event        Debit              Credit                     EUR       JPY       KWD
        Trip done    Traveller funds    Vendor payable           93.62    11,999    29.064
        Trip done    Traveller funds    Commission               23.41     3,000     7.266
        """,
        done,
    )


def test_a_trip_that_was_paid_in_part() -> None:
    """In euros and dinars less was paid than the vendor's part, in yen more."""
    worked(
        """
        The trip has been, and a part of the price was not paid: the traveller owes it. What was paid serves the
        vendor first. The vendor's 80 % are 80.00 euros, 12,000 yen and 24.000 dinars.

        Given                                                      EUR       JPY       KWD
        price                                                   100.00    15,000    30.000
        paid                                                     30.00    13,000     9.000
        commission                                                20 %      20 %      20 %

        Event        Debit                   Credit                EUR       JPY       KWD
        Trip done    Traveller funds         Vendor payable      30.00    12,000     9.000
        Trip done    Traveller funds         Commission              –     1,000         –
        Trip done    Traveller receivable    Vendor payable      50.00         –    15.000
        Trip done    Traveller receivable    Commission          20.00     2,000     6.000
        """,
        done,
    )


def test_a_no_show_who_had_paid_a_deposit() -> None:
    worked(
        """
        The traveller did not come. The price is earned as if they had; the rest of it is owed.

        Given                                                      EUR       JPY       KWD
        price                                                    90.00     9,999    33.330
        paid                                                     27.00     3,000    10.000
        commission                                                15 %      15 %      15 %

        Event      Debit                   Credit                  EUR       JPY       KWD
        No show    Traveller funds         Vendor payable        27.00     3,000    10.000
        No show    Traveller receivable    Vendor payable        49.50     5,499    18.330
        No show    Traveller receivable    Commission            13.50     1,500     5.000
        """,
        lambda given: done(given, LedgerEvent.NO_SHOW),
    )


def test_a_discount_that_the_agency_bears() -> None:
    worked(
        """
        The agency took something off at its own cost. The vendor has 80 % of the price before that (100.00 euros,
        15,000 yen, 30.000 dinars), the agency the rest of what was paid.

        Given                                                      EUR       JPY       KWD
        price                                                    90.00    14,000    27.000
        paid                                                     90.00    14,000    27.000
        discount                                                 10.00     1,000     3.000
        commission                                                20 %      20 %      20 %

        Event        Debit              Credit                     EUR       JPY       KWD
        Trip done    Traveller funds    Vendor payable           80.00    12,000    24.000
        Trip done    Traveller funds    Commission               10.00     2,000     3.000
        """,
        done,
    )
