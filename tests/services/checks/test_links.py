"""Payments by link against the provider's links: each difference is found, and none where they agree."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from helpers.clock import HandClock
from helpers.desk import CARD, VISA, Desk, desk_at
from helpers.raw import raw
from helpers.tampering import without_triggers
from travellr_desktop.domain.ways import Way
from travellr_desktop.services.outcomes import SaleOutcome
from travellr_desktop.services.sales import PayChoice


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def desk(tmp_path: Path, clock: HandClock) -> Iterator[Desk]:
    with desk_at(tmp_path, clock) as desk:
        yield desk


def out(desk: Desk) -> SaleOutcome:
    return desk.sold(desk.add_departure(), pay=PayChoice(Way.LINK))


def paid(desk: Desk) -> SaleOutcome:
    sale = out(desk)
    assert sale.link is not None
    with desk.sandbox() as sandbox:
        sandbox.pay_link(sale.link.ref, VISA)
    desk.services.links.poll()
    return sale


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


def test_links_that_agree_are_no_problem(desk: Desk, clock: HandClock) -> None:
    paid(desk)
    ended = out(desk)
    assert ended.payment_id is not None
    desk.services.links.cancel(desk.agent, ended.payment_id)
    out(desk)
    clock.forward(timedelta(hours=1))
    desk.services.payments.recover()
    desk.services.upkeep.expire_holds()
    out(desk)
    assert desk.services.check.run().problems == ()


def test_a_link_that_was_paid_and_is_not_recorded_is_named_until_it_is_read(desk: Desk) -> None:
    sale = out(desk)
    assert sale.link is not None
    with desk.sandbox() as sandbox:
        sandbox.pay_link(sale.link.ref, VISA)
    assert said(desk, "provider.link") == [
        "its link was paid at the provider, and that is not recorded here: it is requires_action"
    ]
    desk.services.links.poll()
    assert desk.services.check.run().problems == ()


def test_a_link_that_was_given_up_here_and_is_open_there_is_found(desk: Desk) -> None:
    sale = out(desk)
    assert sale.payment_id is not None
    desk.services.links.cancel(desk.agent, sale.payment_id)
    at_the_provider(desk, "UPDATE sessions SET status = 'open'")
    assert said(desk, "provider.link") == ["it is abandoned here, and its link is open at the provider"]


def test_a_payment_whose_link_was_not_paid_is_found(desk: Desk) -> None:
    paid(desk)
    at_the_provider(desk, "UPDATE sessions SET status = 'expired', intent = NULL")
    assert said(desk, "provider.link") == ["it is completed here, and its link is expired at the provider"]


def test_another_amount_on_the_link_is_found(desk: Desk) -> None:
    out(desk)
    at_the_provider(desk, "UPDATE sessions SET amount = 1")
    assert said(desk, "provider.link") == ["its link is over 1 EUR at the provider, it is 9000 EUR here"]


def test_a_link_of_another_payment_is_found(desk: Desk) -> None:
    first, second = out(desk), out(desk)
    assert first.link is not None
    assert second.link is not None
    here(desk, f"UPDATE payments SET link_ref = NULL WHERE link_ref = '{first.link.ref}'")
    here(desk, f"UPDATE payments SET link_ref = '{first.link.ref}' WHERE link_ref = '{second.link.ref}'")
    assert any("is that of payment" in words for words in said(desk, "provider.link"))


def test_a_link_that_the_provider_never_had_is_found(desk: Desk) -> None:
    out(desk)
    here(desk, "UPDATE payments SET link_ref = 'cs_test_of_nobody'")
    assert said(desk, "provider.link") == ["the provider knows nothing of it"]


def test_a_payment_by_link_without_its_link_and_a_card_with_one_are_found(desk: Desk) -> None:
    paid(desk)
    here(desk, "UPDATE payments SET link_ref = NULL")
    assert said(desk, "payment.link") == ["it was paid by link, and no link belongs to it"]
    desk.sold(desk.add_departure(), pay=CARD)
    here(desk, "UPDATE payments SET link_ref = 'cs_test_strange' WHERE way = 'card'")
    assert "it was paid by card, and has a link" in said(desk, "payment.link")


def test_what_a_link_brought_in_is_compared_with_its_payment(desk: Desk) -> None:
    paid(desk)
    at_the_provider(desk, "UPDATE intents SET amount = 8000")
    assert said(desk, "provider.payment")
