"""Why the hub took nothing of an op, for somebody who knows of no tables and columns."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from helpers.central import hub_says, refused
from helpers.desk import Desk
from travellr_desktop.services.central.views import ChoiceKind, InboxEntry


def _said(desk: Desk, why: str, field: str = "", **more: Any) -> InboxEntry:
    row = uuid4().hex
    changes = [
        {"t": "promo_codes", "id": row, "k": "I", "f": {"code": "SUMMER10", "name": "Summer", "bps": 1000}}
    ]
    fault = {"why": why, "t": "promo_codes", "id": row, "fields": [field] if field else [], **more}
    hub_says(desk, refused(desk, uuid4(), reason="ERROR", field=None, changes=changes) | {"fault": fault})
    (entry,) = desk.services.central.inbox(desk.admin)
    return entry


@pytest.mark.parametrize(
    ("why", "field", "words"),
    [
        ("taken", "code", "Something else has the same code already, and there is one of it only."),
        ("empty", "code", "Code of Promo code Summer has to be there."),
        ("value", "bps", "Share of Promo code Summer cannot be this."),
        ("unreadable", "bps", "Share of Promo code Summer cannot be this."),
        ("gone", "", "Promo code Summer is not there any more."),
        ("changed", "", "Promo code Summer was removed, and another desk had changed it."),
        ("used", "", "Promo code Summer is in use."),
        (
            "unknown",
            "",
            "The central database does not know all that was written: the desk's program is newer.",
        ),
        ("rule", "", "ERROR"),
        ("something of a newer hub", "", "ERROR"),
    ],
)
def test_each_rule_has_its_sentence(desk: Desk, why: str, field: str, words: str) -> None:
    entry = _said(desk, why, field)
    assert entry.reason == words
    assert bool(entry.where) == bool(field)


def test_what_is_in_the_way_or_not_there_is_named(desk: Desk) -> None:
    traveller = desk.traveller("Marta Nowak").id
    entry = _said(desk, "taken", "code", other={"t": "travellers", "id": traveller.hex})
    assert entry.reason.startswith("Traveller Marta Nowak has the same code")
    entry = _said(desk, "missing", "code", other={"t": "trips", "id": uuid4().hex})
    assert entry.reason == "The code that Promo code Summer is of is not there."


def test_several_fields_of_one_rule_are_asked_for_together(desk: Desk) -> None:
    entry = _said(desk, "taken", fields=["code", "name"])
    assert entry.where == "Code, name of Promo code Summer"
    choice = next(each for each in entry.choices if each.kind is ChoiceKind.RETRY_WITH)
    assert choice.words == "Try it with other values"
    assert [ask.field for ask in choice.asks] == ["code", "name"]
