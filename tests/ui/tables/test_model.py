"""Reading page by page, and what cells say."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from helpers.lists import Numbers, StepReader, Store, Thing, things
from helpers.tables import MILLION, ROLE, Model, ids, state
from travellr_desktop.errors import DatabaseBusy
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.ui.parts.seatmeter import Seats
from travellr_desktop.ui.tables import (
    Column,
    Kind,
    LoadState,
)
from travellr_desktop.ui.tables.model import PAGES_KEPT


def test_the_first_rows_are_shown_before_all_are_counted(model_of: Callable[..., Model]) -> None:
    reader = StepReader()
    seen: list[tuple[int, bool]] = []
    model = model_of(Store(Numbers(MILLION)), reader)
    model.shown.connect(lambda: seen.append((model.rowCount(), model.count_known)))
    model.counted.connect(lambda _: seen.append((model.rowCount(), model.count_known)))
    model.open(ListQuery())
    assert state(model) is LoadState.LOADING
    reader.all()
    assert seen == [(128, False), (MILLION, True)]
    assert state(model) is LoadState.READY
    assert model.totals is not None
    assert model.totals.whole == MILLION


def test_a_short_list_is_complete_at_once(model_of: Callable[..., Model]) -> None:
    model = model_of(Store(things(range(5))))
    model.open(ListQuery())
    assert ids(model, 0, 6) == [0, 1, 2, 3, 4, None]
    assert model.rowCount() == 5


def test_old_rows_stay_until_the_new_ones_come(model_of: Callable[..., Model]) -> None:
    reader, store = StepReader(), Store(things(range(300)))
    model = model_of(store, reader)
    model.open(ListQuery())
    reader.all()
    model.open(ListQuery(text="Name 29"))
    assert ids(model, 0, 2) == [0, 1]
    assert model.rowCount() == 300
    reader.all()
    assert ids(model, 0, 3) == [29, 290, 291]
    assert model.rowCount() == 11


def test_a_query_overtaken_by_another_is_interrupted_and_never_shown(model_of: Callable[..., Model]) -> None:
    reader, store = StepReader(), Store(things(range(300)))
    model = model_of(store, reader)
    model.open(ListQuery())
    reader.all()
    shown: list[int] = []
    model.shown.connect(lambda: shown.append(model.rowCount()))
    model.open(ListQuery(text="Name 1"))
    model.open(ListQuery(text="Name 29"))
    reader.all()
    assert shown == [11]
    assert [query.text for query in store.opened] == ["", "Name 29"]
    assert store.interrupted == 2
    assert store.closed == 1


def test_the_number_of_rows_stays_while_only_the_order_changes(model_of: Callable[..., Model]) -> None:
    reader = StepReader()
    model = model_of(Store(Numbers(MILLION)), reader)
    model.open(ListQuery())
    reader.all()
    counts: list[int] = []
    model.shown.connect(lambda: counts.append(model.rowCount()))
    model.open(ListQuery(sort="name"))
    reader.all()
    model.open(ListQuery(filters={"other": 1}))
    reader.all()
    assert counts == [MILLION, 128]


def test_rows_out_of_sight_are_read_when_they_come_into_sight(model_of: Callable[..., Model]) -> None:
    model = model_of(Store(Numbers(MILLION)))
    model.open(ListQuery())
    assert model.row(MILLION - 1) is None
    model.want(MILLION - 20, MILLION - 1)
    assert ids(model, MILLION - 2, MILLION + 1) == [MILLION - 2, MILLION - 1, None]


def test_pages_scrolled_past_are_not_read_and_the_newest_goes_first(model_of: Callable[..., Model]) -> None:
    reader, store = StepReader(), Store(Numbers(MILLION))
    model = model_of(store, reader)
    model.open(ListQuery())
    reader.all()
    store.read.clear()
    for page in (10, 20, 30):
        model.want(page * 128, page * 128 + 10)
    reader.all()
    assert store.read == [30 * 128]
    model.want(10 * 128, 10 * 128 + 10)
    reader.all()
    assert store.read == [30 * 128, 10 * 128]


def test_a_page_wanted_again_while_its_reading_was_dropped_still_comes(
    model_of: Callable[..., Model],
) -> None:
    reader, store = StepReader(), Store(Numbers(MILLION))
    model = model_of(store, reader)
    model.open(ListQuery())
    reader.all()
    model.want(1280, 1290)
    model.want(2560, 2570)
    model.want(1280, 1290)
    reader.all()
    assert ids(model, 1280, 1282) == [1280, 1281]


def test_only_the_pages_used_last_are_kept(model_of: Callable[..., Model]) -> None:
    model = model_of(Store(Numbers(MILLION)))
    model.open(ListQuery())
    for page in range(1, PAGES_KEPT + 1):
        model.want(0, 1)  # the first page stays in use
        model.want(page * 128, page * 128 + 1)
    assert model.row(0) is not None
    assert model.row(128) is None
    assert model.row(256) is not None


def test_a_list_that_cannot_be_read_says_why_and_can_be_tried_again(model_of: Callable[..., Model]) -> None:
    store = Store(things(range(3)), fails=DatabaseBusy("The file is busy."))
    model = model_of(store)
    model.open(ListQuery())
    assert state(model) is LoadState.FAILED
    assert isinstance(model.failure, DatabaseBusy)
    model.refresh()
    assert state(model) is LoadState.READY
    assert model.failure is None
    assert model.rowCount() == 3


def test_a_deleted_row_says_so(model_of: Callable[..., Model]) -> None:
    model = model_of(Store([*things(range(2)), None]))
    model.open(ListQuery())
    assert model.gone(2)
    assert model.data(model.index(2, 0)) == "Removed"
    assert not model.gone(1)


def test_rows_missing_for_600_ms_are_late_and_then_no_more(
    qtbot: QtBot, model_of: Callable[..., Model]
) -> None:
    reader = StepReader()
    model = model_of(Store(Numbers(MILLION)), reader)
    model.open(ListQuery())
    reader.all()
    model.want(5000, 5010)
    assert not model.late
    qtbot.waitUntil(lambda: model.late, timeout=3000)
    reader.all()
    assert not model.late


def test_nothing_is_read_after_closing(model_of: Callable[..., Model]) -> None:
    store = Store(Numbers(MILLION))
    model = model_of(store)
    model.open(ListQuery())
    model.close()
    model.close()
    model.open(ListQuery(sort="name"))
    model.want(5000, 5010)
    assert len(store.opened) == 1
    assert store.closed == 1
    assert model.row(5000) is None


# what cells say


def test_cells_and_headers_speak(model_of: Callable[..., Model]) -> None:
    model = model_of(Store([Thing(7, "Ana", 12345, "pay_unknown")]))
    model.open(ListQuery(sort="amount", descending=True))
    assert model.data(model.index(0, 0)) == "BK-2026-000007"
    assert model.data(model.index(0, 2)) == "Payment unknown"
    assert model.data(model.index(0, 3), ROLE.AccessibleTextRole) == "€123.45"
    assert model.data(model.index(0, 0), ROLE.AccessibleDescriptionRole) == (
        "Reference BK-2026-000007, Traveller Ana, Status Payment unknown, Total €123.45, Extra more"
    )
    assert model.headerData(3, Qt.Orientation.Horizontal) == "Total"
    assert (
        model.headerData(3, Qt.Orientation.Horizontal, ROLE.AccessibleTextRole) == "Total, sorted downwards"
    )
    assert model.headerData(0, Qt.Orientation.Horizontal, ROLE.AccessibleTextRole) == "Reference"


def test_a_meter_says_its_seats() -> None:
    column: Column[Thing] = Column(
        "seats", "Seats", kind=Kind.METER, meter=lambda _: Seats(12, 4, 2, 3), second=lambda _: "3 yours"
    )
    assert column.says(Thing(1)) == "4 sold, 2 held, 3 yours, 3 free, 3 yours"
