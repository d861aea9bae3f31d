"""Payments at card readers against the provider: each difference is found, and none where they agree."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from helpers.desk import CARD, VISA, Desk, desk_at
from helpers.raw import raw
from helpers.readers import READER, with_reader
from helpers.tampering import without_triggers
from travellr_desktop.services.outcomes import SaleOutcome


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_at(tmp_path) as desk:
        with_reader(desk)
        yield desk


def asked(desk: Desk) -> SaleOutcome:
    return desk.sold(desk.add_departure(), pay=READER)


def at_the_provider(desk: Desk, sql: str, *values: object) -> None:
    with closing(sqlite3.connect(desk.profile.sandbox)) as connection:
        assert connection.execute(sql, values).rowcount == 1
        connection.commit()


def here(desk: Desk, sql: str) -> None:
    with raw(desk.profile.database) as file:
        file.row_factory = sqlite3.Row
        with without_triggers(file, "payments"):
            assert file.execute(sql).rowcount == 1


def said(desk: Desk, kind: str) -> list[str]:
    return [each.says for each in desk.services.check.run().problems if each.kind == kind]


def test_readers_that_agree_are_no_problem(desk: Desk) -> None:
    first = asked(desk)
    assert first.payment_id is not None
    desk.services.readers.present(desk.agent, first.payment_id, VISA)
    second = asked(desk)
    assert second.payment_id is not None
    desk.services.readers.cancel(desk.agent, second.payment_id)
    asked(desk)
    assert desk.services.check.run().problems == ()


def test_a_card_that_was_presented_and_is_not_recorded_is_named_until_it_is_read(desk: Desk) -> None:
    sale = asked(desk)
    assert sale.reader is not None
    with desk.sandbox() as sandbox:
        sandbox.hold_card(sale.reader.ref, VISA)
    assert said(desk, "provider.payment") == [
        "it was charged at the provider, and is not recorded here: it is requires_action"
    ]
    desk.services.readers.poll()
    assert desk.services.check.run().problems == ()


def test_a_reader_that_asks_for_what_was_given_up_here_is_found(desk: Desk) -> None:
    sale = asked(desk)
    assert sale.payment_id is not None
    with closing(sqlite3.connect(desk.profile.sandbox)) as connection:
        action = connection.execute("SELECT action FROM readers").fetchone()[0]
    desk.services.readers.cancel(desk.agent, sale.payment_id)
    at_the_provider(desk, "UPDATE readers SET action = ?", action)
    assert said(desk, "provider.reader") == ["it is abandoned here, and its card reader still asks for it"]


def test_a_payment_at_a_reader_without_one_and_a_card_with_one_are_found(desk: Desk) -> None:
    sale = asked(desk)
    assert sale.payment_id is not None
    desk.services.readers.present(desk.agent, sale.payment_id, VISA)
    here(desk, "UPDATE payments SET reader_ref = NULL")
    assert said(desk, "payment.reader") == ["it was paid by reader, and its card reader is None"]
    desk.sold(desk.add_departure(), pay=CARD)
    here(desk, "UPDATE payments SET reader_ref = 'tmr_strange' WHERE way = 'card'")
    assert "it was paid by card, and its card reader is tmr_strange" in said(desk, "payment.reader")


def test_what_a_reader_brought_in_is_compared_with_its_payment(desk: Desk) -> None:
    sale = asked(desk)
    assert sale.payment_id is not None
    desk.services.readers.present(desk.agent, sale.payment_id, VISA)
    at_the_provider(desk, "UPDATE intents SET amount = 8000")
    assert said(desk, "provider.payment")
