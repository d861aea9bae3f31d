"""The table: reading page by page, keeping its place, keys, painting, widths."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from helpers.gui_thread import may_block
from helpers.lists import MemorySettings, Numbers, StepReader, Store, Thing, things
from travellr_desktop.errors import DatabaseBusy
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.storage.paging import ListSpec, Snapshot, read_connection
from travellr_desktop.ui.parts.seatmeter import Seats
from travellr_desktop.ui.tables import (
    Column,
    Density,
    InlineReader,
    Kind,
    LoadState,
    PagedModel,
    Place,
    Reader,
    TableView,
    ThreadReader,
)
from travellr_desktop.ui.tables.columns import NOTHING
from travellr_desktop.ui.tables.footer import TableFooter
from travellr_desktop.ui.tables.memory import TableMemory
from travellr_desktop.ui.tables.model import PAGES_KEPT
from travellr_desktop.ui.tables.reader import Urgency
from travellr_desktop.ui.tables.selection import runs
from travellr_desktop.ui.tables.sums import sums_of
from travellr_desktop.ui.tables.widths import Share, share_out
from travellr_desktop.ui.theme import Mode, Theme

MILLION = 1_000_000
Model = PagedModel[Thing]

COLUMNS: tuple[Column[Thing], ...] = (
    Column("reference", "Reference", lambda row: row.reference, Kind.REFERENCE, width=130),
    Column("name", "Traveller", lambda row: row.name, width=120, stretch=1),
    Column("state", "Status", kind=Kind.BADGE, badge=lambda row: row.state, width=140),
    Column(
        "amount",
        "Total",
        lambda row: f"€{row.amount / 100:,.2f}" if row.amount else NOTHING,
        Kind.MONEY,
        width=80,
        descending_first=True,
        sum="amount",
    ),
    Column("extra", "Extra", lambda _: "more", width=60, hidden=True, sortable=False),
)

ROLE = Qt.ItemDataRole


@pytest.fixture(autouse=True)
def theme(qapp: QApplication) -> Iterator[Theme]:
    theme = Theme(mode=Mode.LIGHT)
    theme.apply(qapp)
    yield theme
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.fixture
def model_of() -> Iterator[Callable[..., Model]]:
    made: list[Model] = []

    def make(store: Store, reader: Reader | None = None) -> Model:
        made.append(PagedModel(COLUMNS, store.open, reader=reader or InlineReader()))
        return made[-1]

    yield make
    for model in made:
        model.close()


@pytest.fixture
def table_of(qtbot: QtBot, model_of: Callable[..., Model]) -> Callable[..., TableView]:
    def make(
        store: Store,
        *,
        reader: Reader | None = None,
        settings: MemorySettings | None = None,
        width: int = 700,
        height: int = 348,
        within: QVBoxLayout | None = None,
    ) -> TableView:
        model = model_of(store, reader)
        table = TableView(model, title="Things", memory=TableMemory(settings, "things"))
        if within is None:
            qtbot.addWidget(table)
        else:
            within.addWidget(table)
        table.resize(width, height)  # ten rows of 32 below a header of 28
        table.show()
        model.open(ListQuery())
        return table

    return make


def ids(model: Model, first: int, last: int) -> list[int | None]:
    return [row.id if (row := model.row(at)) is not None else None for at in range(first, last)]


def model(table: TableView) -> Model:
    found = table.model()
    assert isinstance(found, PagedModel)
    return found


def state(model: Model) -> LoadState:
    return model.state


# reading


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


# the reader's thread


def test_pages_go_before_totals_and_later_pages_before_earlier() -> None:
    reader, gate, done = ThreadReader(), threading.Event(), threading.Event()
    order: list[str] = []

    def wait() -> None:
        assert gate.wait(5)

    reader.submit(wait, Urgency.OPEN)
    reader.submit(lambda: order.append("totals"), Urgency.TOTALS)
    for name in ("page 1", "page 2"):
        reader.submit(partial(order.append, name), Urgency.PAGE)
    gate.set()
    reader.submit(done.set, Urgency.TOTALS)
    assert done.wait(5)
    reader.close(lambda: None)
    assert order == ["page 2", "page 1", "totals"]


def test_closing_the_reader_drops_what_waits_and_ends_the_thread() -> None:
    reader, entered, gate = ThreadReader("a-list-reader"), threading.Event(), threading.Event()
    ran: list[str] = []

    def wait() -> None:
        entered.set()
        assert gate.wait(5)

    reader.submit(wait, Urgency.OPEN)
    assert entered.wait(5)
    reader.submit(lambda: ran.append("waiting"), Urgency.PAGE)
    threading.Timer(0.01, gate.set).start()
    reader.close(lambda: ran.append("last"))
    reader.submit(lambda: ran.append("late"), Urgency.OPEN)
    assert ran == ["last"]
    assert not [thread for thread in threading.enumerate() if thread.name == "a-list-reader"]


def test_a_job_that_fails_does_not_end_the_reader(caplog: pytest.LogCaptureFixture) -> None:
    reader, done = ThreadReader(), threading.Event()

    def fails() -> None:
        raise RuntimeError("broken")

    reader.submit(fails, Urgency.OPEN)
    reader.submit(done.set, Urgency.TOTALS)
    assert done.wait(5)
    reader.close(lambda: None)
    assert "a list could not be read" in caplog.text


def test_a_real_file_is_read_in_the_background_and_let_go(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "things.db"
    with may_block(), closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT, amount INTEGER)")
        db.executemany(
            "INSERT INTO thing VALUES (?, ?, ?)", ((n, f"Name {n}", n * 7919 % 5000) for n in range(5000))
        )
        db.commit()
    spec = ListSpec(
        table="thing t",
        key="t.id",
        id="t.id",
        columns=("t.id", "t.name", "t.amount"),
        make=lambda values: Thing(*values),
        sortable={"amount": "t.amount"},
        order="amount",
    )
    model: Model = PagedModel(COLUMNS, lambda query: Snapshot(lambda: read_connection(path), spec, query))
    with qtbot.waitSignal(model.totalled):
        model.open(ListQuery())
    assert model.rowCount() == 5000
    model.want(4990, 4999)
    qtbot.waitUntil(lambda: model.row(4999) is not None)
    last = model.row(4999)
    assert last is not None
    assert last.amount == 4999
    with qtbot.waitSignal(model.counted):
        model.open(ListQuery(sort="amount", descending=True))
    first = model.row(0)
    assert first is not None
    assert first.amount == 4999
    model.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "list-reader"]


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


# moving about


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ([Qt.Key.Key_Down], 1),
        ([Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Up], 0),
        ([Qt.Key.Key_End], MILLION - 1),
        ([Qt.Key.Key_End, Qt.Key.Key_Down], MILLION - 1),
        ([Qt.Key.Key_End, Qt.Key.Key_Home], 0),
        ([Qt.Key.Key_PageDown], 9),
        ([Qt.Key.Key_PageDown, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp], 9),
        ([Qt.Key.Key_Right, Qt.Key.Key_Left], 0),
    ],
)
def test_keys_move_by_rows(table_of: Callable[..., TableView], keys: list[Qt.Key], expected: int) -> None:
    table = table_of(Store(Numbers(MILLION)))
    table.go_to(0)
    for key in keys:
        QTest.keyClick(table, key)
    assert table.currentIndex().row() == expected
    row = table.current_row()
    assert row is not None
    assert row.id == expected
    first, last = table.rows_in_sight()
    assert first <= expected <= last
    assert table.selected_count() == 1


def test_the_focus_alone_moves_no_cursor(qtbot: QtBot, table_of: Callable[..., TableView]) -> None:
    table = table_of(Store(things(range(20))))
    table.clearFocus()
    table.activateWindow()
    table.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(table.hasFocus)
    assert not table.currentIndex().isValid()
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert [row.id for row in table.selected_rows()] == [0]


def test_enter_and_double_click_activate_the_row(table_of: Callable[..., TableView]) -> None:
    table = table_of(Store(things(range(20))))
    activated: list[int] = []
    table.row_activated.connect(lambda row: activated.append(row.id))
    table.go_to(3)
    QTest.keyClick(table, Qt.Key.Key_Return)
    for press in (QTest.mouseClick, QTest.mouseDClick):
        press(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(50, 32 * 5 + 10))
    assert activated == [3, 5]


def test_letters_do_not_search_but_go_on_to_the_screen(
    qtbot: QtBot, table_of: Callable[..., TableView]
) -> None:
    class Screen(QWidget):
        typed = ""

        def keyPressEvent(self, event: object) -> None:
            self.typed += event.text()  # type: ignore[attr-defined]

    screen = Screen()
    qtbot.addWidget(screen)
    table = table_of(Store(things(range(20))), within=QVBoxLayout(screen))
    screen.show()
    table.go_to(0)
    table.setFocus()
    for key in (Qt.Key.Key_N, Qt.Key.Key_Slash):
        QTest.keyClick(table, key)
    assert screen.typed == "n/"
    assert table.currentIndex().row() == 0


def test_shift_and_all_select_ranges_of_any_size(table_of: Callable[..., TableView]) -> None:
    table = table_of(Store(Numbers(MILLION)))
    counts: list[int] = []
    table.selection_counted.connect(counts.append)
    table.go_to(10)
    QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert [row.id for row in table.selected_rows()] == [10, 11]
    QTest.keyClick(table, Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert counts == [1, 2, MILLION - 10, MILLION]


def test_a_click_on_a_column_half_in_sight_does_not_scroll_sideways(
    qtbot: QtBot, table_of: Callable[..., TableView]
) -> None:
    table = table_of(Store(things(range(20))), width=300)
    assert table.horizontalScrollBar().maximum() > 0
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(270, 40))
    assert table.currentIndex().row() == 1
    assert table.horizontalScrollBar().value() == 0
    QTest.keyClick(table, Qt.Key.Key_Right)
    assert table.horizontalScrollBar().value() > 0


# keeping the place


def test_reading_again_keeps_selection_cursor_and_what_is_in_sight(
    table_of: Callable[..., TableView],
) -> None:
    store = Store(things(range(1000)))
    table = table_of(store)
    table.verticalScrollBar().setValue(500 * 32 + 11)
    table.go_to(503)
    QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    store.rows = [*things(range(2000, 2040)), *things(range(1000))]
    model(table).refresh(table.place())
    assert [row.id for row in table.selected_rows()] == [503, 504]
    assert table.currentIndex().row() == 544
    assert table.verticalScrollBar().value() == 540 * 32 + 11
    assert model(table).rowCount() == 1040


def test_a_cursor_left_far_behind_is_still_there_after_reading_again(
    table_of: Callable[..., TableView],
) -> None:
    table = table_of(Store(Numbers(20_000)))
    table.go_to(3)
    for page in range(5, PAGES_KEPT + 20):
        table.verticalScrollBar().setValue(page * 128 * 32)
    assert table.current_row() is None
    top = table.rows_in_sight()[0]
    model(table).refresh(table.place())
    assert table.currentIndex().row() == 3
    assert table.selected_count() == 1
    assert table.rows_in_sight()[0] == top


def test_at_the_top_new_rows_come_into_sight(table_of: Callable[..., TableView]) -> None:
    store = Store(things(range(1000)))
    table = table_of(store)
    table.go_to(2)
    store.rows = things([9000, *range(1000)])
    model(table).refresh(table.place())
    assert table.rows_in_sight()[0] == 0
    assert table.currentIndex().row() == 3


def test_the_current_row_is_told_anew_when_it_changed_or_went(table_of: Callable[..., TableView]) -> None:
    store = Store(things(range(10)))
    table = table_of(store)
    told: list[Thing | None] = []
    table.current_changed.connect(told.append)
    table.go_to(4)
    model(table).refresh(table.place())
    changed = Thing(4, "Changed")
    store.rows = [*things(range(4)), changed, *things(range(5, 10))]
    model(table).refresh(table.place())
    store.rows = things(range(4))
    model(table).refresh(table.place())
    assert told == [things([4])[0], changed, None]
    assert table.selected_count() == 0
    assert model(table).rowCount() == 4


def test_another_order_starts_at_the_top_and_keeps_the_selection(table_of: Callable[..., TableView]) -> None:
    table = table_of(Store(things(range(1000))))
    told: list[Thing | None] = []
    table.go_to(700)
    table.current_changed.connect(told.append)
    model(table).open(ListQuery(sort="name", descending=True), table.place())
    assert table.verticalScrollBar().value() == 0
    assert table.currentIndex().row() == 299
    assert told in ([], [things([700])[0]])


def test_a_refresh_shows_nothing_until_all_is_read(table_of: Callable[..., TableView]) -> None:
    reader, store = StepReader(), Store(things(range(300)))
    table = table_of(store, reader=reader)
    reader.all()
    store.rows = things(range(1000, 1010))
    model(table).refresh(table.place())
    assert ids(model(table), 0, 2) == [0, 1]
    assert model(table).state is LoadState.READY
    reader.all()
    assert ids(model(table), 0, 2) == [1000, 1001]
    assert model(table).rowCount() == 10


# sorting


def test_a_header_asks_to_sort_and_then_to_turn_round(
    qtbot: QtBot, table_of: Callable[..., TableView]
) -> None:
    table = table_of(Store(things(range(20))))
    asked: list[tuple[str, bool]] = []
    table.sort_asked.connect(lambda key, down: asked.append((key, down)))
    head = table.horizontalHeader()

    def click(column: int) -> None:
        at = QPoint(head.sectionViewportPosition(column) + 30, 10)
        qtbot.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=at)

    click(1)
    click(3)
    model(table).open(ListQuery(sort="amount", descending=True))
    click(3)
    assert asked == [("name", False), ("amount", True), ("amount", False)]


# widths


@pytest.mark.parametrize(
    ("shares", "room", "expected"),
    [
        ([Share("a", 100, 50), Share("b", 100, 50, 1)], 300, {"a": 100, "b": 200}),
        ([Share("a", 100, 50, 1), Share("b", 100, 50, 2)], 290, {"a": 130, "b": 160}),
        ([Share("a", 100, 50), Share("b", 100, 50, 1)], 170, {"a": 100, "b": 70}),
        ([Share("a", 100, 90, 1), Share("b", 100, 20, 1)], 150, {"a": 90, "b": 60}),
        ([Share("a", 100, 90), Share("b", 100, 80, 1)], 50, {"a": 100, "b": 80}),
        ([Share("a", 10, 90)], 500, {"a": 90}),
        ([], 100, {}),
    ],
)
def test_room_is_shared_among_columns(shares: list[Share], room: int, expected: dict[str, int]) -> None:
    assert share_out(shares, room) == expected


def test_columns_fill_the_width_and_amounts_are_never_cut(
    qtbot: QtBot, table_of: Callable[..., TableView]
) -> None:
    table = table_of(Store([Thing(1, "A very long name that will not fit in here" * 3, 123456789012345)]))
    before = table.columnWidth(3)
    table.viewport().repaint()
    qtbot.waitUntil(lambda: table.columnWidth(3) > before)
    spans = table.layout_of_columns.spans
    assert sum(span.width for span in spans) == table.viewport().width()
    table.viewport().repaint()
    delegate = table._delegate
    assert delegate.cut_words(0, spans[1].x + 5, spans).startswith("A very long name")
    assert delegate.cut_words(0, spans[3].x + 5, spans) == ""
    assert delegate.cells.too_narrow == {}


def test_widths_and_columns_are_remembered(table_of: Callable[..., TableView]) -> None:
    settings = MemorySettings()
    table = table_of(Store(things(range(3))), settings=settings)
    table.setColumnWidth(0, 222)
    table.layout_of_columns.show("extra", True)
    table.layout_of_columns.show("name", False)
    again = table_of(Store(things(range(3))), settings=settings)
    assert again.columnWidth(0) == 222
    assert [again.layout_of_columns.shown(column.key) for column in COLUMNS] == [
        True,
        False,
        True,
        True,
        True,
    ]
    again.layout_of_columns.reset()
    assert again.columnWidth(0) != 222
    assert again.layout_of_columns.shown("name")
    assert not again.layout_of_columns.shown("extra")


def test_the_last_column_cannot_be_hidden(table_of: Callable[..., TableView]) -> None:
    table = table_of(Store(things(range(3))))
    for column in COLUMNS:
        table.layout_of_columns.show(column.key, False)
    assert len(table.layout_of_columns.spans) == 1


@pytest.mark.parametrize("damaged", ["", "{", "7", '{"name": "wide"}', '["name"]', '{"name": -4}'])
def test_damaged_memory_counts_as_none(table_of: Callable[..., TableView], damaged: str) -> None:
    settings = MemorySettings(
        {f"tables/things/{key}": damaged for key in ("widths", "sort", "density", "hidden")}
    )
    table = table_of(Store(things(range(3))), settings=settings)
    assert table.columnWidth(0) >= 130
    assert TableMemory(settings, "things").widths() == {}
    assert TableMemory(settings, "things").sort() is None


# painting


def picture(table: TableView) -> QImage:
    return table.viewport().grab().toImage()


def test_the_selected_row_has_a_fill_and_a_bar_that_shows_the_focus(
    qtbot: QtBot, theme: Theme, table_of: Callable[..., TableView]
) -> None:
    table = table_of(Store(things(range(20))))
    table.activateWindow()
    table.setFocus()
    qtbot.waitUntil(table.hasFocus)
    table.go_to(2)
    shot = picture(table)
    middle = 2 * 32 + 16
    assert shot.pixelColor(1, middle) == theme.colour("accent")
    assert shot.pixelColor(4, middle) == theme.colour("selection")
    assert shot.pixelColor(1, middle + 32) == theme.colour("surface")
    table.clearFocus()
    assert picture(table).pixelColor(1, middle) == theme.colour("border_control")


def test_the_row_under_the_pointer_is_marked_and_only_that(
    qtbot: QtBot, theme: Theme, table_of: Callable[..., TableView]
) -> None:
    table = table_of(Store(things(range(20))))
    qtbot.mouseMove(table.viewport(), QPoint(40, 32 * 3 + 9))
    qtbot.waitUntil(lambda: picture(table).pixelColor(4, 32 * 3 + 16) == theme.colour("hover"))
    assert picture(table).pixelColor(4, 32 * 2 + 16) == theme.colour("surface")
    QApplication.sendEvent(table.viewport(), QEvent(QEvent.Type.Leave))
    assert picture(table).pixelColor(4, 32 * 3 + 16) == theme.colour("surface")


def has(image: QImage, colour: QColor, area: tuple[int, int, int, int]) -> bool:
    x, y, wide, high = area
    return any(image.pixelColor(i, j) == colour for i in range(x, x + wide) for j in range(y, y + high))


def test_rows_not_read_are_pale_only_when_they_are_late(
    qtbot: QtBot, theme: Theme, table_of: Callable[..., TableView]
) -> None:
    reader = StepReader()
    table = table_of(Store(Numbers(MILLION)), reader=reader)
    reader.all()
    table.verticalScrollBar().setValue(5000 * 32)
    pale, area = theme.colour("pressed"), (16, 0, 60, 32)
    assert not has(picture(table), pale, area)
    qtbot.waitUntil(lambda: model(table).late, timeout=3000)
    assert has(picture(table), pale, area)
    reader.all()
    assert not has(picture(table), pale, area)
    assert table._delegate.cells._rows


def test_a_list_that_is_slow_to_open_shows_pale_rows(
    qtbot: QtBot, theme: Theme, table_of: Callable[..., TableView]
) -> None:
    reader = StepReader()
    table = table_of(Store(things(range(3))), reader=reader)
    pale, area = theme.colour("pressed"), (16, 32 * 4, 60, 32)
    assert not has(picture(table), pale, area)
    qtbot.waitUntil(lambda: model(table).late, timeout=3000)
    assert has(picture(table), pale, area)
    reader.all()
    assert not has(picture(table), pale, area)


def test_right_to_left_mirrors_columns_bar_and_badges(
    qapp: QApplication, theme: Theme, table_of: Callable[..., TableView]
) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    table = table_of(Store(things(range(20))))
    table.go_to(1)
    spans = table.layout_of_columns.spans
    assert spans[0].x > spans[1].x > spans[2].x > spans[3].x
    shot = picture(table)
    assert shot.pixelColor(shot.width() - 2, 32 + 16) == theme.colour("border_control")
    delegate = table._delegate
    assert delegate._start(spans[0], 50, False) == spans[0].x + spans[0].width - 16 - 50
    assert delegate._start(spans[3], 50, True) == spans[3].x + 16


def test_taller_rows_keep_the_top_row_in_sight(table_of: Callable[..., TableView]) -> None:
    settings = MemorySettings()
    table = table_of(Store(Numbers(MILLION)), settings=settings)
    table.verticalScrollBar().setValue(700_000 * 32)
    table.set_density(Density.COMPACT)
    assert table.row_height == 28
    assert table.rows_in_sight()[0] == 700_000
    assert settings.values["tables/things/density"] == '"row_compact"'


def test_a_change_of_theme_repaints_in_the_new_colours(
    theme: Theme, table_of: Callable[..., TableView]
) -> None:
    table = table_of(Store(things(range(20))))
    table.go_to(2)
    picture(table)
    theme.set_mode(Mode.DARK)
    assert picture(table).pixelColor(4, 80) == theme.colour("selection")
    theme.set_text_scale(2.0)
    assert table.row_height == 64


# small parts


def test_the_footer_says_what_is_selected_and_summed() -> None:
    footer = TableFooter()
    footer.set_selected(2)
    footer.set_rows("1,284 rows")
    sums = {"amount": {"EUR": 19841260, "RSD": 5}, "due": {}}
    footer.set_sums(sums_of(sums, {"amount": "Total", "due": "Due"}, lambda minor, code: f"{code} {minor}"))
    assert footer.accessibleName() == "2 selected · 1,284 rows · Total EUR 19841260 + RSD 5"


def test_neighbours_are_taken_together() -> None:
    assert runs([]) == []
    assert runs([1, 2, 3, 7, 9, 10]) == [(1, 3), (7, 7), (9, 10)]


def test_an_empty_place_finds_nothing(model_of: Callable[..., Model]) -> None:
    model = model_of(Store([]))
    found: list[object] = []
    model.counted.connect(found.append)
    model.open(ListQuery(), Place(ids=(1,), current=1, top=5, anchor=1, rows=10))
    assert len(found) == 1
    assert model.rowCount() == 0


def test_the_row_with_the_cursor_stays_in_sight_when_the_table_shrinks(
    table_of: Callable[..., TableView], qtbot: QtBot
) -> None:
    table = table_of(Store(Numbers(100)))
    table.go_to(table.rows_in_sight()[1] - 1)
    row = table.currentIndex().row()
    table.resize(table.width(), table.height() // 2)
    QApplication.processEvents()
    first, last = table.rows_in_sight()
    assert first <= row <= last
    assert (row + 1) * table.row_height - table.verticalOffset() <= table.viewport().height()


def test_a_cursor_that_was_scrolled_away_is_not_fetched_back(table_of: Callable[..., TableView]) -> None:
    table = table_of(Store(Numbers(100)))
    table.go_to(0)
    table.verticalScrollBar().setValue(50 * table.row_height)
    table.resize(table.width(), table.height() // 2)
    QApplication.processEvents()
    assert table.rows_in_sight()[0] >= 49
