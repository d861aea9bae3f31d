"""What a vendor gets, or gives up, by agreement."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from helpers.catalogue import audit_of, problems
from helpers.desk import Desk, desk_at
from helpers.raw import rows, value
from helpers.tampering import by_hand, without_triggers
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import Actor, Role
from travellr_desktop.errors import InvalidInput, KeyReused, NotFound, NotPermitted
from travellr_desktop.events import EarningsChanged
from travellr_desktop.services.adjusting import Adjusted, AdjustmentDraft
from travellr_desktop.services.vendors import VendorDraft


def draft(desk: Desk, minor: int = 12_000, reason: str = "Cleaned the boat", **more: Any) -> AdjustmentDraft:
    return AdjustmentDraft(
        more.get("vendor_id", desk.vendor_id), Money(minor, more.get("currency", "EUR")), reason
    )


def adjust(desk: Desk, minor: int, reason: str = "Cleaned the boat") -> Adjusted:
    return desk.services.adjustments.adjust(desk.admin, draft(desk, minor, reason), key=uuid4())


def payable(desk: Desk) -> int:
    with desk.database.read() as view:
        return -view.ledger.balance(Account.VENDOR_PAYABLE, "EUR", vendor_id=desk.vendor_id)


def test_it_is_in_the_books_on_either_side_and_counts_for_the_vendor(desk: Desk) -> None:
    given, taken = adjust(desk, 12_000), adjust(desk, -4_550, "Taxi from the island")
    assert payable(desk) == 7_450
    query = "SELECT ledger_id, amount, free_at = at FROM vendor_lines ORDER BY ledger_id"
    assert rows(desk.database.path, query) == [
        (given.entry_id.hex, 12_000, 1),
        (taken.entry_id.hex, -4_550, 1),
    ]
    assert [
        (row.amount.minor, row.reason, row.by)
        for row in desk.services.adjustments.of_vendor(desk.admin, desk.vendor_id)
    ] == [(-4_550, "Taxi from the island", "Mira Kovač"), (12_000, "Cleaned the boat", "Mira Kovač")]
    assert audit_of(desk, desk.vendor_id)[-1] == (
        "vendor.adjust",
        {"amount": -4_550, "currency": "EUR", "reason": "Taxi from the island"},
    )
    assert problems(desk) == []


@pytest.mark.parametrize(("currency", "minor"), [("JPY", 18_000), ("KWD", 37_500)])
def test_amounts_are_minor_units_of_currencies_without_and_with_three_decimals(
    desk: Desk, currency: str, minor: int
) -> None:
    desk.add_trip("Elsewhere", currency=currency)
    desk.services.adjustments.adjust(desk.admin, draft(desk, minor, currency=currency), key=uuid4())
    assert rows(desk.database.path, "SELECT currency, amount FROM vendor_lines") == [(currency, minor)]
    assert desk.services.adjustments.currencies(desk.admin, desk.vendor_id) == ("EUR", currency)


def test_one_form_has_one_effect_and_keeps_to_what_was_in_it(desk: Desk) -> None:
    key = uuid4()
    send = desk.services.adjustments.adjust
    assert send(desk.admin, draft(desk), key=key) == send(desk.admin, draft(desk), key=key)
    with pytest.raises(KeyReused):
        send(desk.admin, draft(desk, 13_000), key=key)
    assert payable(desk) == 12_000


def test_without_a_key_of_its_form_it_would_be_there_twice(desk: Desk) -> None:
    """The control of the test above."""
    for _ in range(2):
        adjust(desk, 12_000)
    assert payable(desk) == 24_000


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"minor": 0}, "amount"),
        ({"minor": 10**12 + 1}, "amount"),
        ({"minor": -(10**12) - 1}, "amount"),
        ({"currency": "USD"}, "amount"),
        ({"reason": "  "}, "reason"),
        ({"reason": "x" * 301}, "reason"),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field_and_nothing_is_written(
    desk: Desk, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        desk.services.adjustments.adjust(desk.admin, draft(desk, **change), key=uuid4())
    assert refusal.value.field == field
    assert value(desk.database.path, "SELECT count(*) FROM ledger") == 0


def test_a_vendor_without_trips_or_money_is_told_what_is_missing(desk: Desk) -> None:
    other = desk.services.vendors.create(desk.admin, VendorDraft("Other"))
    with pytest.raises(InvalidInput) as refusal:
        desk.services.adjustments.adjust(desk.admin, draft(desk, vendor_id=other), key=uuid4())
    assert refusal.value.hint == "Add a trip of theirs first."
    with pytest.raises(NotFound):
        desk.services.adjustments.adjust(desk.admin, draft(desk, vendor_id=uuid4()), key=uuid4())


def test_whoever_shows_earnings_is_told(desk: Desk) -> None:
    heard: list[EarningsChanged] = []
    with desk.services.bus.subscribe(EarningsChanged, heard.append):
        adjust(desk, 100)
    assert [event.aggregate_id for event in heard] == [desk.vendor_id]


def test_neither_an_agent_nor_the_vendor_adjusts(desk: Desk) -> None:
    for actor in (desk.agent, Actor(uuid4(), "Nikola", Role.VENDOR, desk.vendor_id)):
        with pytest.raises(NotPermitted):
            desk.services.adjustments.adjust(actor, draft(desk), key=uuid4())


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE vendor_adjustments SET amount = 12001", ("ledger.missing", "vendor_adjustments")),
        ("UPDATE vendor_adjustments SET amount = -12000", ("ledger.missing", "vendor_adjustments")),
        ("DELETE FROM vendor_adjustments", ("ledger.entry", "ledger")),
        ("DELETE FROM ledger", ("ledger.missing", "vendor_adjustments")),
    ],
)
def test_what_does_not_go_with_its_entry_is_found(
    tmp_path: Path, statement: str, found: tuple[str, str]
) -> None:
    table = statement.split()[2 if "FROM" in statement else 1]
    with desk_at(tmp_path) as desk:
        adjust(desk, 12_000)
        with by_hand(desk.database.path) as connection, without_triggers(connection, table):
            connection.execute(statement)
        problems = desk.services.check.run().problems
    assert found in {(each.kind, each.table) for each in problems}
