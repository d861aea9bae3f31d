"""That the worked examples are complete, and would notice a wrong figure."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from helpers.worked import words, worked
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.ledger import Account, LedgerEvent, payment_entries

EXAMPLES = sorted(Path(__file__).parent.glob("test_worked_examples_*.py"))
BOOKING = new_id()

TABLE = """
    A payment.

    Given                                 EUR       JPY       KWD
    paid                               117.00    15,000    36.250

    Event      Debit     Credit           EUR       JPY       KWD
    Payment    Stripe    Traveller funds  117.00    15,000    36.250
"""


def check(table: str) -> None:
    worked(table, lambda given: payment_entries({BOOKING: given["paid"]}, into=Account.STRIPE))


def test_every_event_of_the_books_has_an_example() -> None:
    text = "\n".join(path.read_text("utf-8") for path in EXAMPLES)
    shown = {re.split(r"\s{2,}", line.strip())[0] for line in text.splitlines()}
    assert {words(event) for event in LedgerEvent} <= shown


def test_an_example_that_is_right_passes() -> None:
    check(TABLE)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("Traveller funds  117.00", "Traveller funds  117.01"),
        ("funds  117.00    15,000    36.250", "funds  117.00    15,000    36.251"),
        ("Payment    Stripe ", "Payment    Till   "),
        ("Payment  ", "Overpaid "),
        ("Traveller funds  117.00    15,000", "Traveller funds  117.00         –"),
        ("paid                               117.00", "paid                               117.0"),
        ("15,000    36.250\n\n", "15,000    36.25\n\n"),
        ("15,000    36.250\n\n", "15,000.0    36.250\n\n"),
        ("EUR       JPY       KWD\n    Payment", "JPY       EUR       KWD\n    Payment"),
    ],
)
def test_one_that_is_wrong_anywhere_fails(right: str, wrong: str) -> None:
    assert right in TABLE
    with pytest.raises((AssertionError, KeyError)):
        check(TABLE.replace(right, wrong))
