"""A list as CSV: every row and field, in the list's order, as spreadsheets and programs read it."""

from __future__ import annotations

import csv
import inspect
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from helpers.desk import CASH, DAY, Desk, desk_at
from helpers.disputed import opened, sold
from helpers.invoicing import issue, ready
from helpers.lists import things
from helpers.statements import told, travelled
from helpers.waiting import join
from travellr_desktop.cli import LISTS
from travellr_desktop.domain.discounts import DiscountKind
from travellr_desktop.domain.money import Money
from travellr_desktop.errors import Cancelled, CannotWrite
from travellr_desktop.paths import Profile
from travellr_desktop.services.exporting import guarded
from travellr_desktop.services.lists import ListService
from travellr_desktop.services.paged import ListQuery, Totals
from travellr_desktop.services.promos import PromoDraft


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def export(desk: Desk, path: Path, text: str = "", **query: Any) -> list[dict[str, str]]:
    rows = desk.services.lists.bookings(desk.agent, ListQuery(text, **query))
    try:
        done = desk.services.exports.to_csv(desk.agent, "bookings", rows, path)
    finally:
        rows.close()
    found = read(path) if done.rows else []
    assert done.rows == len(found)
    return found


def test_a_booking_is_there_with_all_its_fields(desk: Desk, tmp_path: Path) -> None:
    sale = desk.sold(desk.add_departure(), adult=2, child=1, pay=CASH)
    (row,) = export(desk, tmp_path / "b.csv")
    assert row["Reference"] == sale.bookings[0].reference
    assert row["Traveller"] == "Henrik Söderberg"
    assert (row["Total"], row["Total currency"]) == ("117.00", "EUR")
    assert (row["Due"], row["Due currency"]) == ("", "")
    assert (row["Departs"], row["Zone"]) == ("2026-07-04 08:30:00", "Europe/Podgorica")
    assert row["Pax"] == "3"
    assert "Id" not in row and "Sale id" not in row


def test_filters_and_order_are_those_of_the_list(desk: Desk, tmp_path: Path) -> None:
    departure = desk.add_departure()
    sales = [
        desk.sell(desk.hold(departure, adult=1), traveller=desk.traveller(name), pay=CASH)
        for name in ("Ana", "Bo", "Ana Maria")
    ]
    found = export(desk, tmp_path / "b.csv", "ana", sort="reference", descending=True)
    assert [row["Reference"] for row in found] == [sales[n].bookings[0].reference for n in (2, 0)]


def test_it_is_written_down_who_took_which_list(desk: Desk, tmp_path: Path) -> None:
    desk.sold(desk.add_departure(), pay=CASH)
    export(desk, tmp_path / "b.csv")
    entry = desk.services.activity.audit(desk.admin)[0]
    assert (entry.who, entry.action, entry.detail) == (
        "Ana Vuković",
        "list.export",
        {"name": "bookings", "count": 1},
    )


@dataclass(frozen=True)
class Row:
    id: UUID
    name: str
    amount: Money | None


class Rows:
    """Rows in memory, as a list hands them out."""

    def __init__(self, rows: list[Any]) -> None:
        self.rows = rows

    def first(self, count: int = 0) -> tuple[Any, ...]:
        return tuple(self.rows[:count])

    def index(self) -> int:
        return len(self.rows)

    def page(self, first: int, count: int = 0) -> tuple[Any, ...]:
        return tuple(self.rows[first : first + count])

    def find(self, ids: Any) -> dict[object, int]:
        return {}

    def totals(self) -> Totals:
        return Totals(len(self.rows), {})

    def interrupt(self) -> None: ...

    def close(self) -> None: ...


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(-1250, "EUR"), "-12.50"),
        (Money(5, "EUR"), "0.05"),
        (Money(1250, "JPY"), "1250"),
        (Money(1250, "KWD"), "1.250"),
    ],
)
def test_amounts_have_their_currencys_decimals(money: Money, text: str, desk: Desk, tmp_path: Path) -> None:
    rows = Rows([Row(uuid4(), "a", None), Row(uuid4(), "b", money)])
    desk.services.exports.to_csv(desk.agent, "things", rows, tmp_path / "t.csv")
    first, second = read(tmp_path / "t.csv")
    assert (first["Amount"], first["Amount currency"]) == ("", "")
    assert (second["Amount"], second["Amount currency"]) == (text, money.currency)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("=SUM(A1)", "'=SUM(A1)"),
        ("@cmd", "'@cmd"),
        ("-2+3", "'-2+3"),
        ("+382 69 555 410", "+382 69 555 410"),
        ("+1+cmd|x", "'+1+cmd|x"),
        ("Ana = Maria", "Ana = Maria"),
    ],
)
def test_no_text_becomes_a_formula(typed: str, kept: str) -> None:
    assert guarded(typed) == kept


def test_a_row_that_is_gone_by_now_is_left_out(desk: Desk, tmp_path: Path) -> None:
    rows = Rows([*things([1]), None, *things([2])])
    desk.services.exports.to_csv(desk.agent, "things", rows, tmp_path / "t.csv")
    assert [row["Name"] for row in read(tmp_path / "t.csv")] == ["Name 1", "Name 2"]


def test_one_that_is_stopped_leaves_the_file_of_before(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("before")

    def stop(done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        desk.services.exports.to_csv(desk.agent, "things", Rows(things([1, 2])), path, stop)
    assert path.read_text() == "before"
    assert [each.name for each in tmp_path.iterdir() if "t.csv" in each.name] == ["t.csv"]


def test_a_folder_that_is_not_there_is_said(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match=r"t\.csv cannot be written"):
        desk.services.exports.to_csv(desk.agent, "things", Rows(things([1])), tmp_path / "no" / "t.csv")


def test_the_command_exports_a_list(desk: Desk, tmp_path: Path) -> None:
    from travellr_desktop.app import export_list

    sale = desk.sold(desk.add_departure(), pay=CASH)
    folder = desk.profile
    desk.program.close()
    report = export_list(folder, "bookings", tmp_path / "all.csv")
    assert report.as_json() == {"ok": True, "path": str(tmp_path / "all.csv"), "rows": 1}
    assert read(tmp_path / "all.csv")[0]["Reference"] == sale.bookings[0].reference


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Profile:
    """An agency with a row in every list, made once; its program is closed."""
    with desk_at(tmp_path_factory.mktemp("filled") / "profile") as desk:
        departure = desk.add_departure(capacity=2)
        sale = desk.sold(departure, adult=2, pay=CASH)
        ready(desk)
        issue(desk, sale.bookings[0].id)
        join(desk, departure, 1)
        hold = desk.hold(desk.add_departure(at=time(11)), adult=1)
        until = desk.clock.now() + timedelta(days=1)
        desk.services.options.keep(desk.agent, hold.id, until, desk.traveller("Ana").id, key=uuid4())
        desk.services.promos.save(desk.admin, PromoDraft("SUN", DiscountKind.PERCENT, DAY, DAY, bps=750))
        opened(desk, sold(desk))
        desk.services.listening.poll()
        travelled(desk)
        told(desk)
        assert desk.services.check.run().problems == ()
        return desk.profile


def test_the_command_knows_every_list() -> None:
    methods = inspect.getmembers(ListService, inspect.isfunction)
    assert set(LISTS) == {name for name, _ in methods if not name.startswith("_")}


@pytest.mark.parametrize("name", LISTS)
def test_the_command_exports_each_list(filled: Profile, tmp_path: Path, name: str) -> None:
    from travellr_desktop.app import export_list

    report = export_list(filled, name, tmp_path / "all.csv")
    rows = read(tmp_path / "all.csv")
    assert report.rows == len(rows) > 0


def test_a_promo_code_says_what_it_takes_off(desk: Desk, tmp_path: Path) -> None:
    save = desk.services.promos.save
    save(desk.admin, PromoDraft("SUN", DiscountKind.PERCENT, DAY, DAY, bps=750))
    save(desk.admin, PromoDraft("FIVE", DiscountKind.AMOUNT, DAY, DAY, amount=Money(500, "EUR")))
    rows = desk.services.lists.promos(desk.admin, ListQuery())
    try:
        desk.services.exports.to_csv(desk.admin, "promos", rows, tmp_path / "p.csv")
    finally:
        rows.close()
    five, sun = read(tmp_path / "p.csv")
    assert (sun["Per cent"], sun["Amount"], sun["Amount currency"]) == ("7.5", "", "")
    assert (five["Per cent"], five["Amount"], five["Amount currency"]) == ("", "5.00", "EUR")
