"""A batch that was approved in sums and in pages: the same as all of it read whole, whatever became of its payouts."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from uuid import UUID

import pytest

from helpers.bank_paid import at_banks
from helpers.batches import approved_by, given, prepared, vendor
from helpers.clock import HandClock
from helpers.desk import Desk
from helpers.paying_out import approved, owed, plenty, runs
from helpers.refunding import colleague
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.words import BatchKind
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.domain.states import PayoutState
from travellr_desktop.errors import NotFound, NotPermitted
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.services.payouts.batch_rows import DOWN, LeftOutListRow, PayoutListRow, row_id
from travellr_desktop.services.payouts.views import BatchDetail, BatchPayout


def payouts(desk: Desk, batch: UUID, query: ListQuery | None = None) -> list[PayoutListRow]:
    with closing(desk.services.batch_rows.payouts(desk.admin, batch, query or ListQuery())) as rows:
        count = rows.index()
        return [row for row in rows.page(0, count) if row is not None]


def left_out(desk: Desk, batch: UUID) -> list[LeftOutListRow]:
    with closing(desk.services.batch_rows.left_out(desk.admin, batch, ListQuery())) as rows:
        return list(rows.first())


def whole(desk: Desk, batch: UUID) -> BatchDetail:
    return desk.services.payouts.detail(desk.admin, batch)


def last_tries(detail: BatchDetail) -> list[BatchPayout]:
    return [each for each in detail.payouts if not each.stood_for]


def as_listed(each: BatchPayout) -> tuple[object, ...]:
    told = each.told
    return (
        row_id(each.vendor_id, each.amount.currency),
        each.id,
        each.name,
        each.amount,
        each.state,
        each.way,
        each.label,
        each.number,
        each.failure,
        each.ended_at,
        each.taken_back,
        None if told is None else (told.statement_id, told.number, told.figures),
    )


def listed(row: PayoutListRow) -> tuple[object, ...]:
    return (
        row.id,
        row.payout_id,
        row.vendor,
        row.amount,
        row.state,
        row.way,
        row.label,
        row.number,
        row.failure,
        row.ended_at,
        row.taken_back,
        None if row.told is None else (row.statement_id, row.statement, row.told),
    )


@pytest.fixture
def eventful(desk: Desk) -> UUID:
    """Of four vendors one is paid, one of it taken back, one failed and was tried again, and a bank has the last."""
    plenty(desk)
    boka = owed(desk, "Adria", "Boka", "Ćilim")[1]
    at_banks(desk, "Durmitor")
    batch = approved(desk)
    with desk.sandbox() as sandbox:
        sandbox.change_account(boka.account, transfers="inactive")
    runs(desk).run(desk.admin, batch)
    with desk.sandbox() as sandbox:
        sandbox.change_account(boka.account, transfers="active")
    by_name = {each.name: each for each in whole(desk, batch).payouts}
    assert by_name["Boka"].state is PayoutState.FAILED
    runs(desk).retry(desk.admin, by_name["Boka"].id)
    adria = by_name["Adria"]
    part = Money(1_000, adria.amount.currency)
    runs(desk).take_back(desk.admin, adria.id, part, "By mistake", key=adria.id)
    return batch


def test_pages_have_what_the_whole_batch_has(desk: Desk, eventful: UUID) -> None:
    detail = whole(desk, eventful)
    assert len(detail.payouts) == 5, "the failed one and its retry"
    found = payouts(desk, eventful, ListQuery(sort="name"))
    assert sorted(map(listed, found), key=repr) == sorted(map(as_listed, last_tries(detail)), key=repr)


def test_sums_are_those_of_the_rows(desk: Desk, eventful: UUID) -> None:
    rows = last_tries(whole(desk, eventful))
    sums = desk.services.batch_rows.sums(desk.admin, eventful)
    assert sums.batch == whole(desk, eventful).batch
    assert sums.figures == runs(desk).figures(desk.admin, eventful)
    (euros,) = sums.currencies
    assert (euros.currency, euros.payouts) == ("EUR", len(rows))
    assert euros.amount.minor == sum(row.amount.minor for row in rows)
    for state in PayoutState:
        in_state = [row.amount.minor for row in rows if row.state is state]
        assert euros.amount_in({state}).minor == sum(in_state)
    told = [row.told.figures for row in rows if row.told is not None]
    assert euros.told.gross == sum(each.gross for each in told)
    assert euros.told.bookings == sum(each.bookings for each in told)
    assert euros.parts >= {"gross", "commission"}
    assert "refunds" not in euros.parts


def test_another_batch_has_its_own(desk: Desk, eventful: UUID) -> None:
    (fresh,) = owed(desk, "Ostrvo")
    other = approved(desk, [fresh.vendor_id])
    assert [row.vendor for row in payouts(desk, other)] == ["Ostrvo"]
    assert "Ostrvo" not in {row.vendor for row in payouts(desk, eventful)}
    assert desk.services.batch_rows.sums(desk.admin, other).currencies[0].payouts == 1


def test_who_was_left_out_is_told_with_why(desk: Desk, clock: HandClock) -> None:
    rich, poor = vendor(desk, "Boats"), vendor(desk, "Adriatic Dive")
    given(desk, rich, 9_000)
    given(desk, poor, 30)
    clock.forward(timedelta(days=8))
    batch = prepared(desk, BatchKind.WEEKLY)
    approved_by(desk, colleague(desk), batch)
    (row,) = left_out(desk, batch)
    (same,) = whole(desk, batch).left
    assert row.minimum == Money(5_000, "EUR")
    assert (row.id, row.vendor, row.amount, row.reason, row.detail) == (
        row_id(poor, "EUR"),
        same.name,
        same.amount,
        same.reason,
        same.detail,
    )
    (euros,) = desk.services.batch_rows.sums(desk.admin, batch).currencies
    assert (euros.payouts, euros.left, euros.left_amount.minor) == (1, 1, 30)
    assert euros.parts == {"adjustments"}


def test_downwards_the_names_of_those_with_the_same_still_go_up(desk: Desk) -> None:
    plenty(desk)
    owed(desk, "Boka", "Adria", "Cetina")
    batch = approved(desk)

    def names(sort: str, *, descending: bool = False) -> Sequence[str]:
        return [row.vendor for row in payouts(desk, batch, ListQuery(sort=sort, descending=descending))]

    assert names("amount") == names(f"amount{DOWN}") == names("name") == ["Adria", "Boka", "Cetina"]
    assert names("name", descending=True) == ["Cetina", "Boka", "Adria"]


def test_a_row_is_found_by_its_vendor_also_after_a_retry(desk: Desk, eventful: UUID) -> None:
    boka = next(row for row in payouts(desk, eventful) if row.vendor == "Boka")
    assert boka.number == 2
    with closing(desk.services.batch_rows.payouts(desk.admin, eventful, ListQuery(sort="name"))) as rows:
        rows.index()
        assert rows.find([boka.id]) == {boka.id: 1}
    only = payouts(desk, eventful, ListQuery(filters={"vendor": boka.vendor_id, "currency": "EUR"}))
    assert [row.payout_id for row in only] == [boka.payout_id]


def test_who_may_not_read_payouts_is_shown_none(desk: Desk, eventful: UUID) -> None:
    agent: Actor = desk.agent
    for ask in (
        lambda: desk.services.batch_rows.sums(agent, eventful),
        lambda: desk.services.batch_rows.payouts(agent, eventful, ListQuery()),
        lambda: desk.services.batch_rows.left_out(agent, eventful, ListQuery()),
    ):
        with pytest.raises(NotPermitted):
            ask()
    with pytest.raises(NotFound):
        desk.services.batch_rows.sums(desk.admin, UUID(int=7))


def test_a_vendor_is_one_row_in_each_currency(desk: Desk) -> None:
    vendor_id = UUID(int=5)
    assert row_id(vendor_id, "EUR") != row_id(vendor_id, "USD")
