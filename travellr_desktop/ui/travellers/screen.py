"""Travellers: found at the left, their record in the middle, who may be the same person at the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import cast
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from travellr_desktop.errors import Refusal
from travellr_desktop.events import Event
from travellr_desktop.services.agency import AgencyView
from travellr_desktop.services.registry import Services
from travellr_desktop.services.travellers import TravellerRow
from travellr_desktop.ui.actions import Act, Handler
from travellr_desktop.ui.bug_report import BugReport
from travellr_desktop.ui.desk.sideways import Sideways
from travellr_desktop.ui.parts.empty import EmptyState, LoadFailed
from travellr_desktop.ui.records.screen import CHANGES
from travellr_desktop.ui.screen import Context, Screen
from travellr_desktop.ui.theme import Theme
from travellr_desktop.ui.travellers.finder import Finder
from travellr_desktop.ui.travellers.forms import Form
from travellr_desktop.ui.travellers.keeping import Keeping
from travellr_desktop.ui.travellers.merge_pane import MergePane
from travellr_desktop.ui.travellers.pairing import Pairing
from travellr_desktop.ui.travellers.reading import Shown, read_shown
from travellr_desktop.ui.travellers.record import RecordPane
from travellr_desktop.ui.travellers.words import PeopleWords

FINDER, RECORD, MERGE = 284, 420, (440, 492)
"""Widths of the panes, of the last the least and the most; the record takes what is left."""


class TravellersScreen(Screen):
    """The people who buy and travel."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._services = cast(Services, context.services)
        self._started = False
        self._wanted: UUID | None = None
        self.words = PeopleWords(self._services.locale)
        self.finder = Finder(context, self._services)
        self.record = RecordPane(self._services, context.actor, self.words, context.clock)
        self.merging = MergePane(self.words)
        self.pairing = Pairing(context, self._services, self.merging, self)
        self.keeping = Keeping(context, self._services, self.record, self)
        self.nobody = EmptyState(
            "users", self.tr("Choose a traveller"), self.tr("Type a name, a number, an email or a reference.")
        )
        self.failed = LoadFailed(self.tr("The record could not be read"))
        self._build()
        self._connect()

    # building

    def _build(self) -> None:
        self.middle = QStackedWidget()
        for page in (
            self.nobody,
            self.record,
            self.failed,
            self.keeping.person,
            self.keeping.document,
        ):
            self.middle.addWidget(page)
        content = QWidget()
        content.setProperty("part", "scrolled")
        row = QHBoxLayout(content)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.finder)
        row.addWidget(self.middle, 1)
        row.addWidget(self.merging)
        self.merging.hide()
        self._sideways = Sideways(content)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._sideways)
        Theme.current().changed.connect(self._fit)
        self._fit()

    def _connect(self) -> None:
        self.finder.current_changed.connect(self._chosen)
        self.finder.entered.connect(self._enter)
        self.finder.new_asked.connect(self.new_traveller)
        self.finder.failure_asked.connect(self.context.failed)
        record = self.record
        record.new_booking_asked.connect(self.new_booking)
        record.edit_asked.connect(self.change)
        record.merge_asked.connect(self._pick)
        record.alike_asked.connect(self._show_alike)
        record.split_asked.connect(self.pairing.split)
        record.history.booking_opened.connect(self._open_booking)
        record.owed.opened.connect(self._open_booking)
        record.history.payment_opened.connect(self._open_payment)
        self.failed.again.connect(self.refresh)
        self.failed.details.connect(self._show_bug)
        self.keeping.form_closed.connect(self._form_closed)
        self.keeping.saved.connect(self._saved)
        self.pairing.pane_changed.connect(self._fit)
        self.middle.currentChanged.connect(lambda _at: self.pairing.cover(self.form is not None))
        self.pairing.merged.connect(lambda kept: self.open_traveller(kept, self.finder.search.text()))
        self.pairing.picking_changed.connect(self._picking_changed)

    def _fit(self) -> None:
        theme = Theme.current()
        room = self.width() - theme.px(FINDER + RECORD)
        merge = min(max(room - theme.px(48), theme.px(MERGE[0])), theme.px(MERGE[1]))
        self.finder.setFixedWidth(theme.px(FINDER))
        self.merging.setFixedWidth(merge)
        least = theme.px(FINDER + RECORD) + (merge if not self.merging.isHidden() else 0)
        self._sideways.set_least(least)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    # what the shell asks

    def command(self) -> Act | None:
        return Act.NEW_TRAVELLER

    def handlers(self) -> Mapping[Act, Handler]:
        return {
            Act.FIND: self.finder.focus_search,
            Act.NEW_TRAVELLER: self.new_traveller,
            Act.NEW_BOOKING: self.new_booking,
            Act.TRAVELLER: self.to_basket,
            Act.BACK: self.back,
        }

    def panes(self) -> Sequence[QWidget]:
        return (self.finder, self.middle.currentWidget() or self.record, self.merging)

    def primary(self) -> QAbstractButton | None:
        form = self.form
        if form is not None:
            return form.save
        return self.merging.merge if self.merging.isVisible() else None

    def press_primary(self) -> None:
        """A note that is being typed has no button of its own."""
        notes = self.record.notes
        if notes.field.edit.hasFocus():
            notes.enter()
        else:
            super().press_primary()

    def cares(self, event: Event) -> bool:
        return isinstance(event, CHANGES)

    def refresh(self) -> None:
        super().refresh()
        if self._started:
            self.finder.refresh()
            self._read(self.record.shown_id)
            return
        self._started = True
        agency = self._services.agency
        self.context.background.run(
            self, lambda _task: agency.view(), done=self._begin, failed=lambda _bug: self._begin(None)
        )

    def activate(self) -> None:
        first_time = not self._started
        super().activate()
        if first_time:
            self.finder.focus_search()

    def close_down(self) -> None:
        self.finder.close_down()
        self.record.close_down()

    def _begin(self, agency: AgencyView | None) -> None:
        if agency is not None:
            self.words.use_zone(agency.zone)
        self.finder.look_for(self.finder.search.text(), self._wanted)

    # reading

    def _chosen(self, traveller_id: UUID | None, other_id: UUID | None) -> None:
        """The cursor stands on another traveller, or on a pair."""
        if self.pairing.picking is not None:
            return
        self.pairing.want(other_id)
        self._read(traveller_id)

    def _read(self, traveller_id: UUID | None) -> None:
        self._wanted = traveller_id
        if traveller_id is None:
            self._show_nobody()
            return
        services, actor = self._services, self.context.actor
        self.context.background.run(
            self,
            lambda _task: read_shown(services, actor, traveller_id),
            key=("traveller", id(self)),
            newest=True,
            done=self._came,
            refused=self._cannot,
            failed=self._fell_over,
        )

    def _came(self, shown: Shown) -> None:
        if self.form is None:
            self.middle.setCurrentWidget(self.record)
        self.record.show_record(
            shown.record, shown.notes, shown.documents, shown.cards, shown.credit, shown.owed
        )
        self.pairing.show_pairs(shown.record, shown.pairs)

    def _show_nobody(self) -> None:
        if self.form is None:
            self.middle.setCurrentWidget(self.nobody)
        self.pairing.close_pane()

    def _cannot(self, refusal: Refusal) -> None:
        self.failed.say(str(refusal), refusal.hint)
        if self.form is None:
            self.middle.setCurrentWidget(self.failed)

    def _fell_over(self, bug: BugReport) -> None:
        self._bug = bug
        self.failed.say(self.tr("The record could not be read"), self.tr("The program made a mistake."))
        if self.form is None:
            self.middle.setCurrentWidget(self.failed)

    def _show_bug(self) -> None:
        bug = getattr(self, "_bug", None)
        if isinstance(bug, BugReport):
            self.context.background.bug.emit(bug)

    # what others ask

    def open_traveller(self, traveller_id: UUID, text: str = "") -> None:
        """Show one traveller; `text` is what they were found by."""
        self.keeping.leave_form(partial(self._open, traveller_id, text))

    def _open(self, traveller_id: UUID, text: str) -> None:
        self._wanted = traveller_id
        if self._started:
            self.finder.look_for(text, traveller_id)
        else:
            self.finder.search.set_text(text)

    # what the person does

    @property
    def form(self) -> Form | None:
        """The form that is open."""
        page = self.middle.currentWidget()
        return page if isinstance(page, Form) else None

    def row(self) -> TravellerRow | None:
        """Who is shown, as the desk takes them."""
        record = self.record.record
        if record is None or self.middle.currentWidget() is not self.record:
            return None
        return TravellerRow(
            record.id, record.name, record.email, record.phone, record.bookings, record.notes, record.alike
        )

    def new_traveller(self) -> None:
        self.keeping.leave_form(self._begin_new)

    def _begin_new(self) -> None:
        typed = " ".join(self.finder.search.text().split())
        self.keeping.new_person(typed if not self.finder.people.rowCount() else "")
        self.middle.setCurrentWidget(self.keeping.person)
        self.keeping.person.fields["name"].edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def change(self) -> None:
        if self.record.record is not None:
            self.middle.setCurrentWidget(self.keeping.person)
            self.keeping.change_person(self.record.record)

    def new_booking(self) -> None:
        """Take who is shown to the desk, with an empty basket."""
        self._to_desk(fresh=True)

    def to_basket(self) -> None:
        """Take who is shown to the basket as it is."""
        self._to_desk(fresh=False)

    def _to_desk(self, *, fresh: bool) -> None:
        from travellr_desktop.ui.desk.screen import DeskScreen

        row = self.row()
        desk = self.context.go("desk")
        if not isinstance(desk, DeskScreen):
            return
        if fresh or desk.session.outcome is not None:
            desk.handlers()[Act.NEW_BOOKING]()
        if row is not None:
            desk.session.choose(row)

    def _open_booking(self, reference: str) -> None:
        screen = self.context.go("bookings")
        show = getattr(screen, "open_booking", None)
        if show is not None:
            show(reference)

    def _open_payment(self, reference: str) -> None:
        screen = self.context.go("payments")
        show = getattr(screen, "show_sale", None)
        if show is not None:
            show(reference)

    def _enter(self) -> None:
        """Enter in the list: on to the record, or this is the other one of a merge."""
        picking = self.pairing.picking
        if picking is not None:
            if self.finder.current is not None:
                self.pairing.pick(self.finder.current)
            return
        if self.finder.in_pairs and self.merging.isVisible():
            self.merging.focus_first()
        elif self.middle.currentWidget() is self.record:
            self.record.focus_first()

    def _pick(self) -> None:
        if self.record.record is not None:
            self.pairing.start_picking(self.record.record)
            self.finder.focus_search()

    def _picking_changed(self) -> None:
        picking = self.pairing.picking
        self.finder.say_picking(picking.name if picking is not None else "")

    def _show_alike(self) -> None:
        self.pairing.open_pane()
        self.merging.focus_first()

    def _saved(self, traveller_id: UUID) -> None:
        """A traveller was added: show them, whoever was looked for."""
        self.open_traveller(traveller_id)
        self.record.focus_first()

    def _form_closed(self) -> None:
        found = self.record.record is not None and self._wanted is not None
        self.middle.setCurrentWidget(self.record if found else self.nobody)
        if found:
            self.record.focus_first()
        else:
            self.finder.focus_search()

    def back(self) -> None:
        """One step: out of a form, a choice of the other one, the pane at the right, then to the list."""
        focus = QApplication.focusWidget()
        if self.form is not None:
            self.keeping.leave_form()
        elif self.pairing.picking is not None:
            self.pairing.stop_picking()
        elif self.merging.isVisible() and focus is not None and self.merging.isAncestorOf(focus):
            self.pairing.later()
            self.finder.focus_search()
        elif focus is not None and self.middle.isAncestorOf(focus):
            self.finder.focus_search()
        elif not self.finder.leave_pairs() and self.finder.search.text():
            self.finder.search.clear()
            self.finder.focus_search()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        letters = self.context.actions.single_letters
        if event.key() == Qt.Key.Key_N and not event.modifiers() and letters and self.merging.isVisible():
            self.merging.not_same.click()
            return
        super().keyPressEvent(event)
