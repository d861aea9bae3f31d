from __future__ import annotations

import hashlib
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.ledger import CHAIN_START, LedgerEvent, chain_hash
from travellr_desktop.errors import InvalidInput

BOOKING = new_id()


def test_the_hash_is_of_one_exact_text() -> None:
    fields = {
        "amount": 1_250,
        "event": LedgerEvent.PAYMENT,
        "booking": BOOKING,
        "vendor": None,
        "at": datetime(2026, 6, 19, 8, 30, tzinfo=timezone(timedelta(hours=2))),
        "who": "Šćepan",
        "more": {"list": [True, "x"]},
    }
    text = (
        f'["{CHAIN_START}",{{"amount":1250,"at":"2026-06-19T06:30:00.000000+00:00","booking":"{BOOKING}",'
        '"event":"payment","more":{"list":[true,"x"]},"vendor":null,"who":"Šćepan"}]'
    )
    assert chain_hash(CHAIN_START, fields) == hashlib.sha256(text.encode()).hexdigest()


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc"), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.text("abcd", min_size=1), values, min_size=1))
def test_the_order_of_fields_does_not_matter_and_everything_else_does(fields: dict[str, Any]) -> None:
    hashed = chain_hash(CHAIN_START, fields)
    assert chain_hash(CHAIN_START, dict(reversed(fields.items()))) == hashed
    assert chain_hash(hashed, fields) != hashed
    name = next(iter(fields))
    assert chain_hash(CHAIN_START, {key: fields[key] for key in fields if key != name}) != hashed
    assert chain_hash(CHAIN_START, fields | {name: [fields[name]]}) != hashed


def test_a_whole_number_a_text_and_a_truth_are_three_things() -> None:
    different: list[object] = [1, "1", True, None, []]
    assert len({chain_hash(CHAIN_START, {"x": value}) for value in different}) == 5


@pytest.mark.parametrize("value", [1.0, b"x", bytearray(b"x"), {1: 2}, datetime(2026, 1, 1), object()])  # noqa: DTZ001
def test_what_has_no_one_spelling_cannot_be_chained(value: object) -> None:
    with pytest.raises(InvalidInput, match="canonical"):
        chain_hash(CHAIN_START, {"x": value})
