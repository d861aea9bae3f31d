"""All travellers as a list: in either order, a page at a time, without those who were merged."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from uuid import uuid4

from helpers.desk import CASH, Desk
from travellr_desktop.services.lists import TravellerListRow
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.services.traveller_pages import TravellerPages


def names(desk: Desk, text: str = "", **query: object) -> list[str]:
    opened = desk.services.lists.travellers(desk.agent, ListQuery(text, **query))  # type: ignore[arg-type]
    with closing(opened) as found:
        first: tuple[TravellerListRow, ...] = found.first()
        assert found.index() == len(first)
        assert found.page(0) == first
        return [row.name for row in first]


def test_everybody_stands_newest_first_or_by_name(desk: Desk) -> None:
    for name in ("Éléonore", "Zora", "Ana"):
        desk.traveller(name)
    assert names(desk) == ["Ana", "Zora", "Éléonore"]
    assert names(desk, sort="name") == ["Ana", "Éléonore", "Zora"]
    assert names(desk, "eleo") == ["Éléonore"]


def test_a_merged_record_is_not_in_the_list_until_it_is_split_off_again(desk: Desk) -> None:
    kept, other = desk.traveller("Jovana Đukić"), desk.traveller("Jovana Djukic")
    duplicates = desk.services.duplicates
    merged = duplicates.merge(desk.agent, kept.id, other.id, key=uuid4())
    assert names(desk) == ["Jovana Đukić"]
    duplicates.split(desk.agent, merged.merge_id)
    assert names(desk) == ["Jovana Djukic", "Jovana Đukić"]


def test_a_row_has_all_that_goes_into_a_file(desk: Desk) -> None:
    ana = desk.traveller("Ana", email="ana@example.org", born=date(1990, 2, 3), country="ME")
    desk.sell(desk.hold(desk.add_departure()), traveller=ana, pay=CASH)
    with closing(desk.services.lists.travellers(desk.agent, ListQuery())) as found:
        (row,) = found.first()
    assert (row.email, row.born, row.country, row.bookings) == ("ana@example.org", date(1990, 2, 3), "ME", 1)


def test_a_page_says_who_is_alike_and_leaves_a_gap_where_somebody_is_gone(desk: Desk) -> None:
    for name in ("Jovana Đukić", "Jovana Djukic"):
        desk.traveller(name, phone="+382 69 555 410", born=date(1988, 3, 14))
    gone = desk.traveller("Bo")
    travellers, agent = desk.services.travellers, desk.agent
    rows = desk.services.lists.travellers(agent, ListQuery(sort="name"))
    look = travellers.find_all
    with closing(
        TravellerPages(rows, lambda ids: look(agent, [each for each in ids if each != gone.id]))
    ) as pages:
        assert pages.index() == 3
        page = pages.page(0)
        assert [row.alike if row else None for row in page] == [None, 1, 1]
        assert pages.find([gone.id]) == {gone.id: 0}
        assert pages.totals().whole == 3
