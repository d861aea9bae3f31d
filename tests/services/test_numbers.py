"""Numbers out of a desk's own blocks: the next is asked for when half is used; a used-up block is a clear refusal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from helpers.authority import Central
from helpers.clock import HandClock
from helpers.desk import CASH, Desk, desk_at
from helpers.two_desks import HUB
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.errors import NumbersUsedUp
from travellr_desktop.services import numbers
from travellr_desktop.services.numbers import BLOCK, KINDS
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import NumberSeries
from travellr_desktop.storage.outgoing import Outgoing


@pytest.fixture
def central() -> Central:
    return Central()


@pytest.fixture
def desk(tmp_path: Path, central: Central) -> Iterator[Desk]:
    with desk_at(tmp_path / "profile", HandClock(), authority=central) as made:
        yield made


def joined(desk: Desk) -> None:
    """From now on the desk is one of several; before that it left the others their numbers."""
    with desk.database.write(Commit.SETTINGS_SAVE, SYSTEM) as work:
        numbers.share(work)
        Outgoing(work.connection).belong(HUB, 1, 0)
        work.commit()


def block(desk: Desk, kind: str, first: int, last: int, used: int = 0) -> bool:
    with desk.database.write(Commit.SETTINGS_SAVE, SYSTEM) as work:
        row = NumberSeries(
            desk_id=work.desk_id, kind=kind, year=2026, first=first, last=last, next=first + used
        )
        work.session.add(row)
        work.commit()
    return True


def blocks(desk: Desk, kind: str) -> list[tuple[int, int, int]]:
    with desk.database.read() as view:
        rows = view.agency.numbers(view.agency.this_desk().id)
        return [(row.first, row.last, row.next) for row in rows if row.kind == kind]


def reference(desk: Desk, sale_id: UUID) -> str:
    with desk.database.read() as view:
        return view.sales.get(sale_id).reference


def test_a_desk_alone_asks_nobody(desk: Desk, central: Central) -> None:
    desk.sold(desk.add_departure(), pay=CASH)
    assert desk.services.numbers.top_up() == 0
    assert central.asked == []


def test_who_joins_others_leaves_them_all_but_its_next_block(desk: Desk) -> None:
    desk.sold(desk.add_departure(), pay=CASH)
    assert blocks(desk, "SA") == [(1, 999_999, 2)]
    joined(desk)
    assert blocks(desk, "SA") == [(1, 1 + BLOCK, 2)]


def test_the_next_block_is_asked_for_when_half_of_one_is_used(desk: Desk, central: Central) -> None:
    joined(desk)
    for kind in KINDS:
        block(desk, kind, 5001, 6000, used=499)
    assert desk.services.numbers.top_up() == 0
    assert central.asked == []
    desk.sold(desk.add_departure(), pay=CASH)
    central.give_numbers = lambda kind, year: block(desk, kind, 7001, 8000)
    assert desk.services.numbers.top_up() == 2
    assert central.asked == [("numbers", "SA", 2026), ("numbers", "BK", 2026)]
    assert desk.services.numbers.top_up() == 0


def test_a_desk_that_has_none_yet_asks_for_one_of_every_series(desk: Desk, central: Central) -> None:
    joined(desk)
    desk.services.numbers.top_up()
    assert [asked[1] for asked in central.asked] == list(KINDS)


def test_before_the_year_ends_the_next_ones_are_asked_for(
    desk: Desk, central: Central, tmp_path: Path
) -> None:
    joined(desk)
    for kind in KINDS:
        block(desk, kind, 5001, 6000)
    assert isinstance(desk.clock, HandClock)
    desk.clock.at(desk.clock.now().replace(month=12, day=20))
    desk.services.numbers.top_up()
    assert {asked[2] for asked in central.asked} == {2027}


def test_a_used_up_block_is_a_clear_refusal_and_nothing_is_sold(desk: Desk) -> None:
    joined(desk)
    block(desk, "SA", 5001, 5001)
    block(desk, "BK", 5001, 6000)
    first = desk.sold(desk.add_departure(), pay=CASH)
    assert reference(desk, first.sale_id) == "SA-2026-005001"
    hold = desk.hold(desk.add_departure())
    with pytest.raises(NumbersUsedUp, match="used up its numbers of SA in 2026") as refusal:
        desk.sell(hold, pay=CASH)
    assert refusal.value.hint == "New numbers come by themselves as soon as there is a connection."
    block(desk, "SA", 7001, 8000)
    assert reference(desk, desk.sell(hold, pay=CASH).sale_id) == "SA-2026-007001"
