"""The list of travellers: a field to find them by, those who fit, and how many are likely there twice."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from travellr_desktop.errors import Refusal
from travellr_desktop.services.duplicates import LikelyPair, LikelyPairs
from travellr_desktop.services.paged import ListQuery, PagedRows
from travellr_desktop.services.registry import Services
from travellr_desktop.services.traveller_pages import TravellerPages
from travellr_desktop.services.travellers import TravellerRow
from travellr_desktop.ui.actions import NEW_KEY
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.empty import EmptyState, LoadFailed
from travellr_desktop.ui.parts.field import Glyph, SearchField
from travellr_desktop.ui.parts.keycap import KeyCap
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Divider, Pane
from travellr_desktop.ui.records.words import count
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.tables import Density, LoadState, PagedModel, TableView
from travellr_desktop.ui.tables.export import CsvButton
from travellr_desktop.ui.tables.in_memory import InMemory
from travellr_desktop.ui.tables.states import Found, Place
from travellr_desktop.ui.travellers.columns import PAIRS, PEOPLE, FoundRows

MOST = 100
"""As many of those who fit are listed; more words find the others."""
ORDER = "travellers/order"
"""Where in the memory it is kept in which order all of them stand: `added` or `name`."""
SETTLED_MS = 1_500
"""Likely pairs are looked for again when nothing has changed for so long."""


class Finder(Pane):
    """`current_changed` tells the traveller with the cursor, and the other one of a pair."""

    current_changed = Signal(object, object)
    """Ids of a traveller and of who is likely the same, each may be None."""
    entered = Signal()
    """Enter: go on to the record."""
    new_asked = Signal()
    failure_asked = Signal(object)

    def __init__(self, context: Context, services: Services, parent: QWidget | None = None) -> None:
        super().__init__("surface", edges=("right",), parent=parent)
        self._context, self._services = context, services
        self._wanted: UUID | None = None
        self._more = False
        self._picking = ""
        self.search = SearchField(self.tr("Find a traveller"), placeholder=self.tr("Name, phone, reference"))
        self.count = Label("", "small", "text_secondary", elide=True)
        self.order = Button("", Kind.LINK, height="control_small")
        self._by_name = str(context.memory.value(ORDER, "added")) == "name"
        self.people: PagedModel[TravellerRow] = PagedModel(PEOPLE, self._open_people)
        self.pairs: PagedModel[LikelyPair] = PagedModel(PAIRS, self._open_pairs)
        self.table = _table(self.people, self.tr("Travellers"))
        self.pair_table = _table(self.pairs, self.tr("Likely duplicates"))
        self._likely: LikelyPairs | None = None
        self._settled = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._build()
        self._connect()
        self._show_order()
        self.export = CsvButton(
            self,
            context,
            "travellers",
            self.people,
            lambda: partial(services.lists.travellers, context.actor, self._all()),
            self.tr("Save all travellers as CSV"),
        )
        self._counts.addWidget(self.export.button)
        self.setTabOrder(self.order, self.export.button)

    # building

    def _build(self) -> None:
        self._new = Button(self.tr("New traveller"), icon="user-plus", key=NEW_KEY)
        self.nothing = EmptyState("users", self.tr("Nobody yet"), buttons=(self._new,))
        self.failed = LoadFailed(self.tr("The travellers could not be read"))
        self.stack = QStackedWidget()
        for page in (self.table, self.pair_table, self.nothing, self.failed):
            self.stack.addWidget(page)
        head = QVBoxLayout()
        head.setContentsMargins(16, 16, 16, 6)
        head.setSpacing(6)
        head.addWidget(self.search)
        self._counts = QHBoxLayout()
        self._counts.setSpacing(4)
        self._counts.addWidget(self.count, 1)
        self._counts.addWidget(self.order)
        head.addLayout(self._counts)
        self._likely_words = Label("", "body_m", elide=True)
        self._likely_where = Label("", "small", "text_secondary", elide=True)
        self.show_pairs = Button(self.tr("Show"), Kind.LINK, height="control_small")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._likely_words)
        words.addWidget(self._likely_where)
        self.likely_line = QWidget()
        line = QHBoxLayout(self.likely_line)
        line.setContentsMargins(16, 8, 12, 8)
        line.setSpacing(8)
        line.addWidget(Glyph("copy"), 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        line.addWidget(self.show_pairs)
        self.likely_line.hide()
        hints = QHBoxLayout()
        hints.setContentsMargins(16, 10, 16, 12)
        hints.setSpacing(6)
        for keys, says in ((("Up", "Down"), self.tr("move")), (("F4",), self.tr("to the basket"))):
            for key in keys:
                hints.addWidget(KeyCap(key))
            hints.addWidget(Label(says, "small", "text_secondary"))
            hints.addSpacing(6)
        hints.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 1, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(Divider())
        column.addWidget(self.stack, 1)
        column.addWidget(Divider())
        column.addWidget(self.likely_line)
        column.addLayout(hints)

    def _connect(self) -> None:
        self.search.edited.connect(self._typed)
        self.search.entered.connect(self.entered)
        self.search.edit.installEventFilter(self)
        self.show_pairs.clicked.connect(self.toggle_pairs)
        self._settled.timeout.connect(self._look_for_pairs)
        self._new.clicked.connect(self.new_asked)
        self.order.clicked.connect(self._turn_order)
        self.failed.again.connect(self._reopen)
        self.failed.details.connect(lambda: self.failure_asked.emit(self.people.failure))
        for table in (self.table, self.pair_table):
            table.current_changed.connect(self._moved)
            table.row_activated.connect(lambda _row: self.entered.emit())
        self.people.state_changed.connect(self._show_state)
        self.people.counted.connect(self._stand)
        self.people.reread.connect(lambda _found: self._show_state())
        self.people.totalled.connect(self._show_counts)
        self.pairs.counted.connect(self._stand_on_pair)
        self.pairs.reread.connect(lambda _found: self._pairs_read())

    # reading, on the readers' threads

    def _open_people(self, query: ListQuery) -> PagedRows[TravellerRow]:
        """With nothing typed everybody, a page at a time."""
        if not query.text.strip():
            travellers, actor = self._services.travellers, self._context.actor
            rows = self._services.lists.travellers(actor, query)
            return TravellerPages(rows, partial(travellers.find_all, actor))
        found = self._services.travellers.find(self._context.actor, query.text, MOST)
        self._more = found.more
        return FoundRows(found)

    def _open_pairs(self, _query: ListQuery) -> InMemory[LikelyPair]:
        return InMemory(self._services.duplicates.find_all(self._context.actor).pairs)

    # what the screen does with it

    @property
    def in_pairs(self) -> bool:
        return self.stack.currentWidget() is self.pair_table

    @property
    def current(self) -> UUID | None:
        """The traveller with the cursor."""
        row = self.table.current_row()
        return row.id if row is not None else None

    def refresh(self) -> None:
        """Read again: selection and place stay."""
        if (
            self.people.state is LoadState.EMPTY or self._wanted is not None
        ):  # who is asked for is still looked for
            self._reopen()
        else:
            self.people.refresh(self.table.place())
        if self.in_pairs:
            self.pairs.refresh(self.pair_table.place())
        self._settled.start()

    def look_for(self, text: str, traveller_id: UUID | None = None) -> None:
        """Show those who fit, with the cursor on one of them."""
        self._wanted = traveller_id
        self.leave_pairs()
        self.search.set_text(text)
        self._reopen()

    def say_picking(self, name: str) -> None:
        """The other record of a merge is looked for, or, with no name, is not any more."""
        self._picking = name
        self._show_counts()

    def focus_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.edit.selectAll()

    def toggle_pairs(self) -> None:
        """From the travellers to the likely pairs, and back."""
        if self.in_pairs:
            self.leave_pairs()
            return
        self.stack.setCurrentWidget(self.pair_table)
        self.show_pairs.set_words(self.tr("Back"))
        if self.pairs.state is LoadState.EMPTY:
            self.pairs.open(ListQuery())
        else:
            self.pairs.refresh(self.pair_table.place())
            self._moved()
        self.pair_table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_counts()

    def leave_pairs(self) -> bool:
        """Back to the travellers; False if they are shown already."""
        if not self.in_pairs:
            return False
        self.stack.setCurrentWidget(self.table)
        self.show_pairs.set_words(self.tr("Show"))
        self._show_state()
        self._moved()
        self.focus_search()
        return True

    def close_down(self) -> None:
        self._settled.stop()
        self.people.close()
        self.pairs.close()

    # typing

    def _typed(self, _text: str) -> None:
        self.leave_pairs()
        self._reopen()

    def _reopen(self) -> None:
        wanted = self._wanted
        place = Place((wanted,), wanted) if wanted is not None else None
        self.people.open(replace(self._all(), text=self.search.text()), place)
        self._settled.start()

    def _all(self) -> ListQuery:
        """Everybody, in the order that was chosen."""
        return ListQuery(sort="name") if self._by_name else ListQuery(sort="added", descending=True)

    def _turn_order(self) -> None:
        """From the newest first to the order of names, or back; who has the cursor keeps it."""
        self._by_name = not self._by_name
        self._context.memory.setValue(ORDER, "name" if self._by_name else "added")
        self._show_order()
        self._wanted = self.current
        self._reopen()

    def _show_order(self) -> None:
        self.order.set_words(self.tr("Newest first") if self._by_name else self.tr("By name"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move over the list while the words are typed."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            keys = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
            table = self.pair_table if self.in_pairs else self.table
            if event.key() in keys and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                table.keyPressEvent(event)
                return True
        return super().eventFilter(watched, event)

    # showing

    def _stand(self, found: Found) -> None:
        """Of new rows the first has the cursor, or who was asked for."""
        self._show_state()
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            at = found.positions.get(wanted)
            if at is None:  # not among those who are listed
                self.table.clearSelection()
            else:
                self.table.go_to(at)
            self.current_changed.emit(wanted, None)  # the row itself may not have been read yet
            return
        if self.people.rowCount():
            self.table.go_to(0)
        self._moved()

    def _stand_on_pair(self, _found: object) -> None:
        if self.pairs.rowCount():
            self.pair_table.go_to(0)
        self._pairs_read()
        self._moved()

    def _pairs_read(self) -> None:
        if self.in_pairs and not self.pairs.rowCount():
            self.leave_pairs()

    def _moved(self, *_: object) -> None:
        if self.in_pairs:
            pair = self.pair_table.current_row()
            if pair is not None:
                self.current_changed.emit(pair.first.id, pair.second.id)
            return
        self.current_changed.emit(self.current, None)

    def _show_state(self) -> None:
        state = self.people.state
        if self.in_pairs:
            return
        if state is LoadState.FAILED:
            failure = self.people.failure
            words = str(failure) if isinstance(failure, Refusal) else self.tr("The program made a mistake.")
            self.failed.say(self.tr("The travellers could not be read"), words)
            self.stack.setCurrentWidget(self.failed)
        elif state is LoadState.READY and not self.people.rowCount():
            self._say_nobody()
            self.stack.setCurrentWidget(self.nothing)
        elif state is LoadState.READY:
            self.stack.setCurrentWidget(self.table)
        self._show_counts()

    def _say_nobody(self) -> None:
        typed = " ".join(self.search.text().split())
        if typed:
            self.nothing.say(
                self.tr("Nobody fits “{0}”").format(typed[:40]),
                self.tr("Fewer letters find more. Spelling, accents and order do not matter."),
            )
        else:
            self.nothing.say(
                self.tr("Nobody yet"), self.tr("Whoever buys or travels is kept here, with all they booked.")
            )

    def _show_counts(self) -> None:
        totals, model = self.people.totals, self.people
        typed = bool(model.query.text.strip())
        self.export.button.setVisible(not self._picking)
        self.order.setVisible(not (self._picking or self.in_pairs or typed or not model.rowCount()))
        if self._picking:
            self.count.setText(self.tr("Who else? Enter takes, Esc leaves"))
        elif self.in_pairs:
            self.count.setText(self.tr("The likeliest first"))
        elif totals is None or model.state is not LoadState.READY:
            self.count.setText("")
        elif not typed:
            words = self.tr("{0} by name") if self._by_name else self.tr("{0}, the newest first")
            self.count.setText(words.format(f"{totals.whole:,}") if totals.whole else "")
        elif self._more:
            self.count.setText(self.tr("The first {0}, more letters find fewer").format(f"{MOST:,}"))
        else:
            words = self.tr("{0} of {1}, spelling forgiven")
            self.count.setText(words.format(f"{model.rowCount():,}", f"{totals.whole:,}"))

    # likely pairs

    def _look_for_pairs(self) -> None:
        service, actor = self._services.duplicates, self._context.actor
        self._context.background.run(
            self,
            lambda _task: service.find_all(actor, 1),
            key=("likely", id(self)),
            newest=True,
            done=self._show_likely,
        )

    def _show_likely(self, likely: LikelyPairs) -> None:
        self._likely = likely
        self.likely_line.setVisible(bool(likely.total) or self.in_pairs)
        self._likely_words.setText(
            count(likely.total, self.tr("likely duplicate"), self.tr("likely duplicates"))
        )
        self._likely_where.setText(self.tr("among all travellers"))


def _table(model: PagedModel[TravellerRow] | PagedModel[LikelyPair], title: str) -> TableView:
    table = TableView(model, title=title, density=Density.TWO_LINE)
    table.horizontalHeader().hide()
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    return table
