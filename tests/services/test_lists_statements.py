"""The list of statements, and what a vendor's person sees of them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from helpers.desk import Desk
from helpers.raw import value
from helpers.statements import another, told, travelled, vendors_person
from travellr_desktop.domain.payouts.statement import StatementState
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.domain.states import PayoutState
from travellr_desktop.errors import NotFound
from travellr_desktop.services.lists import StatementListRow
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.services.payouts import standing
from travellr_desktop.services.statements.views import StatementDetail
from travellr_desktop.storage.commits import Commit


def rows(desk: Desk, query: ListQuery | None = None, actor: Actor | None = None) -> list[StatementListRow]:
    asked = query or ListQuery(sort="number")
    with closing(desk.services.lists.statements(actor or desk.admin, asked)) as found:
        return list(found.first())


def numbers(desk: Desk, text: str = "", actor: Actor | None = None, **filters: object) -> list[str]:
    return [row.number for row in rows(desk, ListQuery(text, filters, "number"), actor)]


@pytest.fixture
def issued(desk: Desk) -> list[StatementDetail]:
    """One of each of two vendors, of which one is paid; later another for who was not."""
    travelled(desk)
    other = another(desk)
    first = told(desk, pays=(other,))
    travelled(desk)
    return [*first, *told(desk)]


def test_each_says_its_figures_and_where_its_money_is(desk: Desk, issued: list[StatementDetail]) -> None:
    found = rows(desk)
    assert [(row.number, row.vendor, row.total.minor, row.state) for row in found] == [
        ("ST-2026-000001", "Bokeška Plovidba", 7_200, StatementState.CARRIED),
        ("ST-2026-000002", "Zanzibar Tours", 7_650, StatementState.APPROVED),
        ("ST-2026-000003", "Bokeška Plovidba", 14_400, StatementState.APPROVED),
    ]
    last = found[-1]
    assert (last.charges.minor, last.commission.minor, last.carried_in.minor) == (9_000, -1_800, 7_200)
    assert (last.batch, last.bookings, last.carried_out.minor) == ("PB-2026-000002", 1, 0)
    with closing(desk.services.lists.statements(desk.admin, ListQuery())) as counted:
        counted.index()
        assert counted.totals().sums["carried_out"] == {"EUR": 7_200}


def test_the_state_is_that_of_the_last_try(desk: Desk, issued: list[StatementDetail]) -> None:
    with desk.database.write(Commit.PAYOUT_RECORD, desk.admin) as work:
        statement = work.statements.get(issued[-1].id)
        assert statement.payout_id is not None
        payout = work.payouts.get_full(statement.payout_id)
        standing.sending(work, payout)
        standing.paid(work, payout)
        work.commit()
    assert rows(desk)[-1].state is StatementState.PAID
    detail = desk.services.statements.detail(desk.admin, issued[-1].id)
    assert (detail.payout, detail.outcome_at) == (PayoutState.PAID, desk.clock.now())
    assert numbers(desk, state=(StatementState.PAID, StatementState.CARRIED)) == [
        "ST-2026-000001",
        "ST-2026-000003",
    ]


def test_they_are_found_and_filtered(desk: Desk, issued: list[StatementDetail]) -> None:
    assert numbers(desk, "st-2026-000002") == ["ST-2026-000002"]
    assert numbers(desk, "bokeska") == ["ST-2026-000001", "ST-2026-000003"]
    assert numbers(desk, "pb-2026-000001") == ["ST-2026-000001", "ST-2026-000002"]
    assert numbers(desk, begins="ST-2026-00000") == numbers(desk)
    assert numbers(desk, begins="ST-2026-000003") == ["ST-2026-000003"]
    assert numbers(desk, begins="ST-2025") == []
    assert numbers(desk, vendor=issued[1].vendor_id) == ["ST-2026-000002"]
    assert numbers(desk, year=2026) == ["ST-2026-000001", "ST-2026-000002", "ST-2026-000003"]
    assert numbers(desk, year=2025) == numbers(desk, currency="JPY") == []
    choices = desk.services.statements.choices(desk.admin)
    assert choices.years == (2026,)
    assert [name for _id, name in choices.vendors] == ["Bokeška Plovidba", "Zanzibar Tours"]


def test_the_list_is_a_file(desk: Desk, issued: list[StatementDetail], tmp_path: Path) -> None:
    path = tmp_path / "statements.csv"
    with closing(desk.services.lists.statements(desk.admin, ListQuery(sort="number"))) as found:
        desk.services.exports.to_csv(desk.admin, "statements", found, path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [(line["Number"], line["Total"], line["State"]) for line in lines] == [
        ("ST-2026-000001", "72.00", "carried"),
        ("ST-2026-000002", "76.50", "approved"),
        ("ST-2026-000003", "144.00", "approved"),
    ]


# a vendor's person


def test_a_vendors_person_sees_their_own(desk: Desk, issued: list[StatementDetail]) -> None:
    person = vendors_person(desk)
    assert numbers(desk, actor=person) == ["ST-2026-000001", "ST-2026-000003"]
    assert numbers(desk, "zanzibar", person) == numbers(desk, actor=person, vendor=issued[1].vendor_id) == []
    choices = desk.services.statements.choices(person)
    assert (choices.years, choices.vendors) == ((2026,), ())
    own = desk.services.statements.detail(person, issued[0].id)
    assert own == issued[0] and desk.services.statements.find(person, own.number) == own
    assert desk.services.documents.statement(person, own.id).is_file()


ASKED: tuple[Callable[[Desk, Actor, StatementDetail], object], ...] = (
    lambda desk, actor, theirs: desk.services.statements.detail(actor, theirs.id),
    lambda desk, actor, theirs: desk.services.statements.find(actor, theirs.number),
    lambda desk, actor, theirs: desk.services.documents.statement(actor, theirs.id),
    lambda desk, actor, theirs: desk.services.documents.statement_pictures(actor, theirs.id),
)


@pytest.mark.parametrize("ask", ASKED)
def test_of_another_vendor_they_learn_not_even_that_it_is_there(
    desk: Desk, issued: list[StatementDetail], ask: Callable[[Desk, Actor, StatementDetail], object]
) -> None:
    person, theirs = vendors_person(desk), issued[1]
    nowhere = replace(theirs, id=uuid4(), number="ST-2026-999999")
    told_of = []
    for asked in (theirs, nowhere):
        with pytest.raises(NotFound) as refusal:
            ask(desk, person, asked)
        told_of.append((str(refusal.value), refusal.value.hint))
    assert told_of[0] == told_of[1]
    assert value(desk.database.path, "SELECT count(*) FROM audit WHERE action = 'statement.print'") == 0
