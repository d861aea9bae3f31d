"""Worked examples: cash in tills and the safe. How to read the tables is said in `helpers.worked`."""

from __future__ import annotations

from helpers.worked import Given, worked
from travellr_desktop.domain.cash_count import CashCount, DayClose, Piece, TillDay
from travellr_desktop.domain.ledger import (
    Account,
    Entry,
    banked_entry,
    count_entries,
    drop_entry,
    float_entry,
    own_funds_in_entry,
    own_funds_out_entry,
    paid_in_entry,
    paid_out_entry,
)
from travellr_desktop.domain.money import Money


def test_the_books_begin() -> None:
    worked(
        """
        On the first day the agency has cash in its safe and money in its bank, which are its own.

        Given                                                                 EUR       JPY       KWD
        in the safe                                                         500.00    80,000   150.000
        in the bank                                                       8,000.00   900,000   990.500

        Event           Debit    Credit                                       EUR       JPY       KWD
        Own funds in    Safe     Own funds                                  500.00    80,000   150.000
        Own funds in    Bank     Own funds                                8,000.00   900,000   990.500
        """,
        lambda given: [
            own_funds_in_entry(given["in the safe"], into=Account.SAFE),
            own_funds_in_entry(given["in the bank"], into=Account.BANK),
        ],
    )


def test_the_agency_takes_its_own() -> None:
    worked(
        """
        At the end of the month it takes out of the bank what it has earned.

        Given                                                                 EUR       JPY       KWD
        taken out                                                         2,000.00   300,000   600.000

        Event            Debit        Credit                                  EUR       JPY       KWD
        Own funds out    Own funds    Bank                                2,000.00   300,000   600.000
        """,
        lambda given: [own_funds_out_entry(given["taken out"], out_of=Account.BANK)],
    )


def test_a_till_opens_with_its_float() -> None:
    worked(
        """
        In the morning change comes out of the safe into the till.

        Given                                                                 EUR       JPY       KWD
        float                                                               200.00    30,000    60.000

        Event         Debit    Credit                                         EUR       JPY       KWD
        Till float    Till     Safe                                         200.00    30,000    60.000
        """,
        lambda given: [float_entry(given["float"])],
    )


def test_paid_in_and_paid_out() -> None:
    worked(
        """
        Change is added from the safe, a courier is paid and brings some of it back, change is fetched at the bank.

        Given                                                                 EUR       JPY       KWD
        added                                                                50.00     5,000    10.000
        courier                                                              18.40     2,000     5.500
        brought back                                                          0.40       100     0.500
        fetched                                                             100.00    10,000    20.000

        Event       Debit              Credit                                 EUR       JPY       KWD
        Paid in     Till               Safe                                  50.00     5,000    10.000
        Paid out    Office expenses    Till                                  18.40     2,000     5.500
        Paid in     Till               Office expenses                        0.40       100     0.500
        Paid in     Till               Bank                                 100.00    10,000    20.000
        """,
        lambda given: [
            paid_in_entry(given["added"], source=Account.SAFE),
            paid_out_entry(given["courier"], to=Account.OFFICE_EXPENSES),
            paid_in_entry(given["brought back"], source=Account.OFFICE_EXPENSES),
            paid_in_entry(given["fetched"], source=Account.BANK),
        ],
    )


def test_dropped_to_the_safe_and_banked() -> None:
    worked(
        """
        When there is much in the till, some goes to the safe; from there it is taken to the bank.

        Given                                                                 EUR       JPY       KWD
        dropped                                                             600.00    90,000   180.000
        banked                                                            1,500.00   200,000   450.000

        Event      Debit    Credit                                            EUR       JPY       KWD
        Dropped    Safe     Till                                            600.00    90,000   180.000
        Banked     Bank     Safe                                          1,500.00   200,000   450.000
        """,
        lambda given: [drop_entry(given["dropped"]), banked_entry(given["banked"])],
    )


def test_the_count_differs() -> None:
    worked(
        """
        In the evening the till is short, and another one over.

        Given                                                                 EUR       JPY       KWD
        expected                                                            611.10    91,500   183.330
        counted                                                             609.10    91,400   183.250
        expected in the other                                               300.00    45,000    90.000
        counted in the other                                                300.50    45,010    90.005

        Event            Debit              Credit                            EUR       JPY       KWD
        Count differs    Cash over short    Till                             2.00       100     0.080
        Count differs    Till               Cash over short                  0.50        10     0.005
        """,
        lambda given: [
            *count_entries(given["expected"], given["counted"]),
            *count_entries(given["expected in the other"], given["counted in the other"]),
        ],
    )


def test_a_count_that_agrees_and_one_of_the_safe() -> None:
    worked(
        """
        What agrees has no entry. The safe is counted too, and is short.

        Given                                                                 EUR       JPY       KWD
        in the till                                                         200.00    30,000    60.000
        expected in the safe                                                750.00   120,000   200.000
        counted in the safe                                                 745.00   119,000   199.500

        Event            Debit              Credit                            EUR       JPY       KWD
        Count differs    Cash over short    Safe                             5.00     1,000     0.500
        """,
        lambda given: [
            *count_entries(given["in the till"], given["in the till"]),
            *count_entries(given["expected in the safe"], given["counted in the safe"], place=Account.SAFE),
        ],
    )


def test_a_day_is_closed() -> None:
    worked(
        """
        The till of a day. In euros 200.00 + 1,046.50 + 50.00 - 67.00 - 18.40 - 600.00 = 611.10 are expected. 609.10
        are counted, so it is short by 2.00; 200.00 stay in the till, and 409.10 go to the safe. In yen 30,000 +
        150,000 + 5,000 - 10,000 - 2,000 - 90,000 = 83,000 are expected, 83,100 counted; 53,100 go to the safe. In
        dinars 60.000 + 300.500 + 10.000 - 20.000 - 5.500 - 180.000 = 165.000 are expected and counted.

        Given                                                                 EUR       JPY       KWD
        float                                                               200.00    30,000    60.000
        cash sales                                                        1,046.50   150,000   300.500
        cash refunds                                                         67.00    10,000    20.000
        paid out                                                             18.40     2,000     5.500
        dropped                                                             600.00    90,000   180.000
        added                                                                50.00     5,000    10.000
        counted                                                             609.10    83,100   165.000
        stays                                                               200.00    30,000    60.000

        Event            Debit              Credit                            EUR       JPY       KWD
        Count differs    Cash over short    Till                             2.00         –         –
        Count differs    Till               Cash over short                     –       100         –
        Dropped          Safe               Till                           409.10    53,100   105.000
        """,
        closed,
    )


def closed(given: Given) -> list[Entry]:
    day = TillDay(
        opened_with=given["float"],
        cash_sales=given["cash sales"],
        cash_refunds=given["cash refunds"],
        paid_out=given["paid out"],
        dropped=given["dropped"],
        added=given["added"],
    )
    close = DayClose(expected=day.expected, counted=given["counted"], stays=given["stays"])
    return [*count_entries(close.expected, close.counted), drop_entry(close.to_safe)]


def test_a_till_is_counted_by_its_pieces() -> None:
    """The notes of 1 × 100, 4 × 50, 9 × 20, 6 × 10 and 5 × 5 euros are 565.00; the coins of 12 × 2.00, 11 × 1.00,
    9 × 0.50, 14 × 0.20, 11 × 0.10, 12 × 0.05, 4 × 0.02 and 2 × 0.01 are 44.10."""
    notes = {10_000: 1, 5_000: 4, 2_000: 9, 1_000: 6, 500: 5}
    coins = {200: 12, 100: 11, 50: 9, 20: 14, 10: 11, 5: 12, 2: 4, 1: 2}
    count = CashCount(
        "EUR",
        {Piece(minor): number for minor, number in notes.items()}
        | {Piece(minor, coin=True): number for minor, number in coins.items()},
    )
    assert count.notes == Money(56_500, "EUR")
    assert count.coins == Money(4_410, "EUR")
    assert count.total == Money(60_910, "EUR")
