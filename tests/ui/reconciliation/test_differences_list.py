"""The list of differences: sorted by its columns, narrowed by what differs, counted by cause, saved as a file."""

from __future__ import annotations

import csv
from pathlib import Path

from helpers.desk import Desk
from helpers.reconciling import later, opened, theirs, trade, whats
from helpers.workplace import Workplace
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.reconciliation.columns import OPEN, WHAT
from travellr_desktop.ui.reconciliation.page import ReconciliationPage
from travellr_desktop.ui.tables.export import CsvExport


def troubled(desk: Desk) -> None:
    """Two fees are dearer than posted, a third payment is not at the provider, and a till was short, with a reason."""
    trade(desk)
    desk.sold(desk.add_departure(), adult=1)
    later(desk)
    desk.services.matching.fetch()
    theirs(desk, "UPDATE balance_transactions SET fee = fee + 25 WHERE seq < 3")
    theirs(desk, "DELETE FROM balance_transactions WHERE seq = 3")


def sort(place: Workplace, page: ReconciliationPage, column: str) -> list[str]:
    """As a click on the head of a column; what stands first in each row then, with its amounts."""
    at = [each.key for each in page.lists.model.columns].index(column)
    page.lists.table.horizontalHeader().sectionClicked.emit(at)
    place.quiet()
    keys = {each.key: each for each in page.lists.model.columns}
    rows = (page.lists.model.row(at) for at in range(page.lists.model.rowCount()))
    return [keys[column].says(row) for row in rows if row is not None]


def causes(page: ReconciliationPage) -> list[str]:
    labels = page.days.causes.findChildren(Label)
    return [label.text() for label in labels if label.isVisible()]


def test_each_column_sorts_and_open_ones_stand_first_until_then(office: Workplace) -> None:
    office.off(lambda: troubled(office.desk))
    page = opened(office)
    assert whats(page) == ["Another fee", "Another fee", "Not at the provider", "Counted short"]
    assert [each.sortable for each in page.lists.model.columns] == [True] * 5
    assert sort(office, page, "what")[0].startswith("Another fee")
    assert sort(office, page, "what")[0].startswith("Not at the provider")
    assert sort(office, page, "here") == ["€290.00", "€45.00", "€1.60", "€0.93"]
    assert sort(office, page, "here")[0] == "€0.93"
    assert sort(office, page, "there")[-1] == "–"
    assert sort(office, page, "there")[0] == "–"
    assert sort(office, page, "state") == ["Open"] * 3 + ["Explained"]
    assert sort(office, page, "state")[0] == "Explained"


def test_the_order_comes_back_with_the_page(office: Workplace) -> None:
    office.off(lambda: troubled(office.desk))
    page = opened(office)
    before = sort(office, page, "here")
    page.refresh()
    office.quiet()
    assert sort(office, page, "here") == list(reversed(before))


def test_how_many_are_open_of_each_kind_stands_below_the_days(office: Workplace) -> None:
    office.off(lambda: troubled(office.desk))
    page = opened(office)
    assert causes(page) == ["Another fee", "2", "Not at the provider", "1"]
    page._go_in()
    office.until(lambda: page.panel.reason is not None)
    assert page.panel.reason is not None and page.panel.decide is not None
    page.panel.reason.edit.setPlainText("Seen on the list")
    page.panel.decide.click()
    office.until(lambda: page.found.open == 2)
    office.quiet()
    assert causes(page) == ["Another fee", "1", "Not at the provider", "1"]


def test_the_list_is_narrowed_by_what_differs(office: Workplace) -> None:
    office.off(lambda: troubled(office.desk))
    page = opened(office)
    offered = {one.key: one for one in page.lists.filters._filters.values()}[WHAT].offered()
    assert [(each.words, each.count) for each in offered] == [
        ("Not at the provider", 1),
        ("Another fee", 2),
        ("Counted short", 1),
    ]
    page.lists.filters.set_all({WHAT: ("Another fee", "Counted short")})
    office.until(lambda: whats(page) == ["Another fee", "Another fee", "Counted short"])
    page.lists.filters.set_all({WHAT: ("Another fee", "Counted short"), OPEN: False})
    office.until(lambda: whats(page) == ["Counted short"])


def test_what_the_list_shows_is_saved_as_a_file(office: Workplace, tmp_path: Path) -> None:
    office.off(lambda: troubled(office.desk))
    page = opened(office)
    (export,) = page.lists.findChildren(CsvExport)
    assert export.file_name().startswith("differences-")
    page.lists.filters.set_all({OPEN: True})
    office.until(lambda: len(whats(page)) == 3)
    path = tmp_path / "differences.csv"
    export.save(path)
    office.until(path.exists)
    office.quiet()
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["Difference"] for row in rows] == ["Another fee", "Another fee", "Not at the provider"]
    gone = rows[2]
    assert (gone["Books"], gone["Provider or till"], gone["Currency"]) == ("45.00", "", "EUR")
    assert gone["Reference"].startswith("pi_")
    assert gone["Cause"].startswith("The books have it")
    assert (gone["Status"], gone["Explained by"], gone["Reason"]) == ("Open", "", "")
