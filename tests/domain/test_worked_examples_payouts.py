"""Worked examples: money to vendors and to the agency's own bank. How to read the tables is said in
`helpers.worked`.

That a vendor's own bank refuses what Stripe sends it writes nothing: the money is in the vendor's account with
Stripe, and only a reversed transfer brings it back.
"""

from __future__ import annotations

from datetime import UTC, datetime

from helpers.worked import worked
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.ledger import (
    Account,
    exchange_entries,
    payment_entries,
    payout_failed_entry,
    payout_returned_entry,
    payout_rounded_entries,
    payout_sending_entry,
    payout_sent_entry,
    provider_payout_arrived_entry,
    provider_payout_entry,
    provider_payout_failed_entry,
    transfer_reversed_entry,
    vendor_adjusted_entry,
)

BOOKING, VENDOR = new_id(), new_id()
AVAILABLE = datetime(2026, 6, 21, 9, 30, tzinfo=UTC)


def test_a_vendor_gets_something_by_agreement() -> None:
    worked(
        """
        The vendor cleaned the boat for the agency, which pays it with what it earned for them.

        Given                                                                 EUR       JPY       KWD
        agreed                                                              120.00    18,000    37.500

        Event              Debit                 Credit                       EUR       JPY       KWD
        Vendor adjusted    Vendor adjustments    Vendor payable            120.00    18,000    37.500
        """,
        lambda given: [vendor_adjusted_entry(given["agreed"], vendor_id=VENDOR, available_at=AVAILABLE)],
    )


def test_a_vendor_gives_something_up_by_agreement() -> None:
    worked(
        """
        The vendor bears the taxi of travellers who were left on the island.

        Given                                                                 EUR       JPY       KWD
        agreed                                                               45.50     6,800    14.250

        Event              Debit             Credit                           EUR       JPY       KWD
        Vendor adjusted    Vendor payable    Vendor adjustments             45.50     6,800    14.250
        """,
        lambda given: [vendor_adjusted_entry(given["agreed"] * -1, vendor_id=VENDOR, available_at=AVAILABLE)],
    )


def test_what_is_less_than_stripe_pays() -> None:
    worked(
        """
        Stripe pays dinars to the last ten fils. Of 402.016 that a vendor is owed, 402.010 are paid: 0.006 leave with
        the payout and are payable again, in the same moment.

        Given                                                                 EUR       JPY       KWD
        rest                                                                 0.00         0     0.006

        Event             Debit                 Credit                        EUR       JPY       KWD
        Payout rounded    Vendor payable        Payouts in transit              –         –     0.006
        Payout rounded    Payouts in transit    Vendor payable                  –         –     0.006
        """,
        lambda given: (
            payout_rounded_entries(given["rest"], vendor_id=VENDOR, available_at=AVAILABLE)
            if given["rest"]
            else ()
        ),
    )


def test_a_payout_by_transfer() -> None:
    worked(
        """
        A vendor is paid through Stripe. Before anything is sent the money leaves what is payable, so that nobody
        pays it twice; when it has left, it leaves Stripe.

        Given                                                                 EUR       JPY       KWD
        payout                                                           1,250.40   180,000   402.010

        Event             Debit                 Credit                        EUR       JPY       KWD
        Payout sending    Vendor payable        Payouts in transit       1,250.40   180,000   402.010
        Payout sent       Payouts in transit    Stripe                   1,250.40   180,000   402.010
        """,
        lambda given: [
            payout_sending_entry(given["payout"], vendor_id=VENDOR),
            payout_sent_entry(given["payout"], out_of=Account.STRIPE, vendor_id=VENDOR),
        ],
    )


def test_a_payout_by_the_bank() -> None:
    worked(
        """
        Another is paid by a file for the bank.

        Given                                                                 EUR       JPY       KWD
        payout                                                              512.00    75,000   160.500

        Event             Debit                 Credit                        EUR       JPY       KWD
        Payout sending    Vendor payable        Payouts in transit          512.00    75,000   160.500
        Payout sent       Payouts in transit    Bank                        512.00    75,000   160.500
        """,
        lambda given: [
            payout_sending_entry(given["payout"], vendor_id=VENDOR),
            payout_sent_entry(given["payout"], out_of=Account.BANK, vendor_id=VENDOR),
        ],
    )


def test_a_payout_that_fails() -> None:
    worked(
        """
        Stripe says no, for good: the vendor has the money as a new line.

        Given                                                                 EUR       JPY       KWD
        payout                                                              512.00    75,000   160.500

        Event             Debit                 Credit                        EUR       JPY       KWD
        Payout sending    Vendor payable        Payouts in transit          512.00    75,000   160.500
        Payout failed     Payouts in transit    Vendor payable              512.00    75,000   160.500
        """,
        lambda given: [
            payout_sending_entry(given["payout"], vendor_id=VENDOR),
            payout_failed_entry(given["payout"], vendor_id=VENDOR, available_at=AVAILABLE),
        ],
    )


def test_a_transfer_is_reversed() -> None:
    worked(
        """
        A part of a transfer is taken back from the vendor's account with Stripe: it is payable again.

        Given                                                                 EUR       JPY       KWD
        taken back                                                          100.00    15,000    30.000

        Event                Debit     Credit                                 EUR       JPY       KWD
        Transfer reversed    Stripe    Vendor payable                       100.00    15,000    30.000
        """,
        lambda given: [
            transfer_reversed_entry(given["taken back"], vendor_id=VENDOR, available_at=AVAILABLE)
        ],
    )


def test_a_payment_by_the_bank_is_returned() -> None:
    worked(
        """
        The vendor's account is closed, and the bank returns what was sent to it.

        Given                                                                 EUR       JPY       KWD
        returned                                                            512.00    75,000   160.500

        Event              Debit    Credit                                    EUR       JPY       KWD
        Payout returned    Bank     Vendor payable                          512.00    75,000   160.500
        """,
        lambda given: [payout_returned_entry(given["returned"], vendor_id=VENDOR, available_at=AVAILABLE)],
    )


def test_stripe_pays_the_agencys_bank() -> None:
    worked(
        """
        Stripe sends what it has for the agency; some days later it is in the bank.

        Given                                                                      EUR       JPY        KWD
        sent                                                                  4,000.00   600,000  1,200.000

        Event                      Debit                Credit                     EUR       JPY        KWD
        Provider payout            Stripe in transit    Stripe                4,000.00   600,000  1,200.000
        Provider payout arrived    Bank                 Stripe in transit     4,000.00   600,000  1,200.000
        """,
        lambda given: [provider_payout_entry(given["sent"]), provider_payout_arrived_entry(given["sent"])],
    )


def test_the_agencys_bank_refuses() -> None:
    worked(
        """
        The agency's bank did not take it: it is with Stripe again.

        Given                                                                 EUR       JPY       KWD
        sent                                                                400.00    60,000   120.000

        Event                     Debit                Credit                 EUR       JPY       KWD
        Provider payout           Stripe in transit    Stripe               400.00    60,000   120.000
        Provider payout failed    Stripe               Stripe in transit    400.00    60,000   120.000
        """,
        lambda given: [provider_payout_entry(given["sent"]), provider_payout_failed_entry(given["sent"])],
    )


def test_a_payment_in_another_currency() -> None:
    worked(
        """
        A traveller pays a sale in dollars, and Stripe settles it in the agency's currency. The dollars leave Stripe
        through the exchange account, and what Stripe gives for them comes in: two entries, each in its currency.

        Given                                                              EUR           JPY           KWD
        paid                                                        USD 120.00    USD 120.00    USD 120.00
        settled                                                         110.68        18,021        36.830

        Event        Debit       Credit                                    EUR           JPY           KWD
        Payment      Stripe      Traveller funds                    USD 120.00    USD 120.00    USD 120.00
        Exchanged    Exchange    Stripe                             USD 120.00    USD 120.00    USD 120.00
        Exchanged    Stripe      Exchange                               110.68        18,021        36.830
        """,
        lambda given: [
            *payment_entries({BOOKING: given["paid"]}, into=Account.STRIPE),
            *exchange_entries(given["paid"], given["settled"], at=Account.STRIPE, booking_id=BOOKING),
        ],
    )


def test_cash_is_changed_at_the_bank() -> None:
    worked(
        """
        Pounds from the safe are changed, and the bank puts what it gives for them into the account.

        Given                                                              EUR           JPY           KWD
        pounds                                                      GBP 200.00    GBP 200.00    GBP 200.00
        given for them                                                  231.14        37,650        76.905

        Event        Debit       Credit                                    EUR           JPY           KWD
        Exchanged    Exchange    Safe                               GBP 200.00    GBP 200.00    GBP 200.00
        Exchanged    Bank        Exchange                               231.14        37,650        76.905
        """,
        lambda given: exchange_entries(
            given["pounds"], given["given for them"], at=Account.SAFE, into=Account.BANK
        ),
    )
