"""What stands beside an entry of the audit trail."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from helpers.activity_page import FORMATS
from helpers.clock import START
from travellr_desktop.services.lists import AuditListRow
from travellr_desktop.ui.activity import audit_words

TALLY: dict[str, Any] = {
    "rows": 3,
    "made": 2,
    "changed": 0,
    "same": 0,
    "faults": [[2, "Email", "x", "?", ""]],
}


def told(action: str, entity: str, detail: dict[str, Any], currency: str = "") -> str:
    row = AuditListRow(uuid4(), START, "Ana", action, entity, uuid4(), "", detail, currency)
    return audit_words.record(row, FORMATS, "EUR").detail


@pytest.mark.parametrize(
    ("action", "detail", "words"),
    [
        (
            "import.rows",
            {
                "kind": "vendors",
                "file": "a.csv",
                "batch": 0,
                "made": [uuid4().hex, uuid4().hex],
                "tally": TALLY,
            },
            "vendors · a.csv · 2 added, 1 row with a fault",
        ),
        ("import.undo", {"kind": "vendors", "removed": 1, "changed": 0}, "vendors · 1 removed"),
        ("import.undo", {"kind": "vendors", "removed": 0, "changed": 2}, "vendors · 2 put back as they were"),
        ("manifest.close", {"completed": 5, "no_show": 0}, "5 completed"),
        ("manifest.close", {"completed": 0, "no_show": 1}, "1 no-show"),
        ("manifest.absent", {"travellers": [1, 2]}, "2 travellers"),
        ("list.export", {"name": "trips", "count": 120}, "120 rows"),
        ("series.update", {"made": 0, "changed": 3, "removed": 0, "kept": 1}, "3 changed · 1 left as it was"),
        ("traveller.document_add", {"document": str(uuid4()), "kind": "licence"}, "licence"),
        ("traveller.not_the_same", {"other": str(uuid4())}, ""),
        ("till.count", {"notes": 12}, "notes 12"),
    ],
)
def test_no_number_and_no_id_stands_without_words(action: str, detail: dict[str, Any], words: str) -> None:
    assert told(action, action.partition(".")[0], detail) == words


def test_a_discount_says_its_percent_and_what_it_came_to() -> None:
    detail = {"kind": "percent", "bps": 1250, "amount": 975, "own": False, "reason": "They come each year"}
    assert told("discount.give", "booking", detail) == "12.5 % · €9.75 · They come each year"


def test_what_a_change_gives_back_is_told_without_the_state_before() -> None:
    detail = {"kind": "remove", "was": {"price": 13490}, "now": {"price": 8550}, "kept": 0, "back": 4940}
    assert told("booking.change", "booking", detail) == "travellers removed · €0.00 kept · €49.40 back"


def test_amounts_are_in_the_currency_of_what_they_are_of() -> None:
    assert told("payment.take", "payment", {"way": "cash", "amount": 194_000}, "JPY") == "cash · JP¥194,000"
    assert told("payment.take", "payment", {"way": "cash", "amount": 1_940}) == "cash · €19.40"
