"""A list of what is sold with its form beside it: what the screens of trips and of vendors do alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from travellr_desktop.errors import Refusal
from travellr_desktop.events import CatalogueChanged, Event, RowsImported
from travellr_desktop.services.agency import AgencyView
from travellr_desktop.services.catalogue import InUse
from travellr_desktop.services.removing import Removed
from travellr_desktop.services.vendors import Deactivated
from travellr_desktop.ui.actions import Act, Handler
from travellr_desktop.ui.background import Task
from travellr_desktop.ui.catalogue.panel import WIDE, EditPanel
from travellr_desktop.ui.catalogue.thing import Thing
from travellr_desktop.ui.catalogue.words import say
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.button import Kind
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.menu import Menu
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.tables.screen import ListedScreen


class CatalogueScreen(Thing, ListedScreen):
    """Whoever inherits sets `lists` and `panel`, calls `_connect`, and answers what `Thing` asks. Everything that is
    saved can be undone from its toast."""

    new_act: Act
    panel: EditPanel
    panel_width = WIDE

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.formats = Formats(self._services.locale)
        self._go_to: UUID | None = None
        self._stood_on: UUID | None = None
        self._wanted = ""
        self.agency: AgencyView | None = None
        self.shown: Any = None
        """What the form was filled with, as it was read."""

    def _connect(self) -> None:
        super()._connect()
        lists, panel = self.lists, self.panel
        lists.current_changed.connect(self._current)
        lists.first_action.connect(self.new)
        lists.model.reread.connect(self._find)
        lists.model.counted.connect(self._find)
        panel.save_asked.connect(self.save)
        panel.put_back_asked.connect(self.put_back)
        panel.more_asked.connect(self.offer_more)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(lists)

    # what the shell asks

    def command(self) -> Act | None:
        return self.new_act

    def handlers(self) -> Mapping[Act, Handler]:
        return {self.new_act: self.new, **super().handlers()}

    def primary(self) -> QAbstractButton | None:
        return self.panel.save if self.panel.isVisible() else None

    def cares(self, event: Event) -> bool:
        return isinstance(event, (CatalogueChanged, RowsImported))

    def _begin(self, agency: AgencyView | None) -> None:
        self.agency = agency
        if agency is not None:
            self.formats.zone = agency.zone
            self.lists.own_currency = agency.currency
        if self._wanted:
            self.lists.start({}, self._wanted)
        else:
            self.lists.start({"active": True})

    # reading

    def _current(self, row: Any) -> None:
        if row is None or self.panel.is_new:
            return
        self._stood_on = row.id
        if self.shown is not None and self.panel.dirty:
            if row.id != self._id(self.shown):
                self.panel.say_unsaved()
            return
        self._load(row.id)

    def _load(self, thing_id: UUID) -> None:
        self.context.background.run(
            self,
            lambda _task: self._read(thing_id),
            key=(self.what, id(self)),
            newest=True,
            done=self._came,
            refused=lambda _: None,  # it was removed meanwhile: the list says so
        )

    def _came(self, loaded: Any) -> None:
        if self.shown is not None and self.panel.dirty and self._id(self.shown) == self._id(loaded):
            return  # what somebody typed is theirs
        if self.shown == loaded and not self.panel.is_new:
            return
        self.shown = loaded
        self._fill(loaded)

    def _find(self, *_: object) -> None:
        """Go to what was added or changed once the list has it; show it as it is now."""
        table = self.lists.table
        wanted = self._go_to
        if wanted is None and table.current_row() is None:
            wanted = self._stood_on  # a list that is read twice at once may forget it
        if wanted is not None and self._go_to_row(wanted):
            self._go_to = None
        self._current(table.current_row())

    # what others ask

    def open_thing(self, thing_id: UUID, words: str) -> None:
        """Show one of them, found by these words, deactivated or not."""
        if self.panel.dirty:
            self.panel.say_unsaved()
            return
        self._go_to = thing_id
        self._wanted = words
        self.lists.open_detail()
        if self._started and self.agency is not None:
            self.lists.start({}, words)

    # what the person does

    def back(self) -> None:
        """From a new one to the list, from the form to the table, then what the list does."""
        if self.panel.is_new and not self.panel.dirty:
            self._leave_new()
        elif self.panel.is_new:
            self._ask_discard(self._leave_new)
        elif self._in_panel():
            self._to_table()
        elif self.panel.dirty:
            self.panel.say_unsaved()
        else:
            self.lists.back()

    def _leave_new(self) -> None:
        self.panel.is_new = False
        self.shown = None
        row = self.lists.table.current_row()
        if row is not None:
            self._load(row.id)
        else:
            self.lists.close_detail()
        self._to_table()

    def new(self) -> None:
        """An empty form beside the list."""
        if self.panel.dirty:
            self.panel.say_unsaved()
            return
        self.context.background.run(
            self, lambda _task: self._read_new(), key=(self.what, "new"), done=self._show_new
        )

    def _show_new(self, loaded: Any) -> None:
        self.lists.open_detail(without_row=True)
        self.shown = None
        self._fill_new(loaded)
        self.panel.turn_to(self.panel.pages[0].key)
        self.panel.focus_first()

    def put_back(self) -> None:
        """Forget what was typed."""
        if self.shown is not None:
            self._fill(self.shown)
            row = self.lists.table.current_row()
            if row is not None and row.id != self._id(self.shown):
                self._load(row.id)
            self.panel.focus_first()

    def save(self) -> None:
        """Keep what was typed."""
        if not self.panel.dirty and not self.panel.is_new:
            return
        try:
            draft = self._draft()
        except Refusal as refusal:
            self.panel.refuse(refusal)
            return
        shown = None if self.panel.is_new else self.shown

        before = self._before()

        def work(_task: Task) -> tuple[UUID, Any]:
            if shown is None:
                return self._create(draft), None
            return self._id(shown), self._update(self._id(shown), draft, before)

        self.context.background.run(
            self,
            work,
            words=say("Saving"),
            button=self.panel.save,
            done=partial(self._saved, self._title(draft), before),
            refused=self.panel.refuse,
        )

    def _saved(self, title: str, before: Any, saved: tuple[UUID, Any]) -> None:
        thing_id, kept = saved
        self.panel.is_new = False
        self.shown = None
        self._go_to = thing_id
        if kept is None:
            self._finished(say("{0} is added").format(title), lambda: self._remove(thing_id))
        else:
            self._finished(say("{0} is saved").format(title), lambda: self._update(thing_id, before, kept))
        self._load(thing_id)
        self.lists.refresh()

    def _finished(self, words: str, undo: Callable[[], object]) -> None:
        """Say what was done; Undo does the opposite."""
        self.context.say.finished(words, lambda: self._undo(undo))

    def _undo(self, undo: Callable[[], object]) -> None:
        self.context.background.run(
            self,
            lambda _task: undo(),
            words=say("Undoing"),
            key=(self.what, "undo"),
            done=lambda _: self.context.say.finished(say("Undone")),
            refused=self.context.say.refused,
            ended=self._again,
        )

    def _again(self) -> None:
        self.shown = None
        self.lists.refresh()

    # the rest of the actions

    def offer_more(self) -> None:
        menu = Menu(say("More"), self)
        if self._is_active():
            menu.add(say("Deactivate"), self.offer_no_more, icon="ban")
        else:
            menu.add(say("Activate"), self.activate_again, icon="circle-check")
        menu.add(say("Remove"), self.remove, icon="x", tone="bad")
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup_below(self.panel.more)

    def offer_no_more(self, sold_stays: bool = False) -> None:
        """Offer it no more; where it is sold, ask first."""
        if self.shown is None:
            return
        thing_id = self._id(self.shown)
        self.context.background.run(
            self,
            lambda _task: self._deactivate(thing_id, sold_stays),
            words=say("Deactivating"),
            key=(self.what, thing_id),
            done=self._deactivated,
            refused=self._ask_deactivate,
        )

    def _ask_deactivate(self, refusal: Refusal) -> None:
        if not isinstance(refusal, InUse):
            self.context.say.refused(refusal)
            return
        question = Decision(
            say("Deactivate {0}?").format(self._title(self._before())),
            verb=say("Deactivate"),
            keep=say("Keep"),
            second=f"{refusal} {refusal.hint}",
            kind=Kind.DANGER,
            parent=self,
        )
        question.accepted.connect(lambda: self.offer_no_more(sold_stays=True))
        question.finished.connect(question.deleteLater)
        question.open()

    def _deactivated(self, done: Deactivated) -> None:
        words = say("{0} is not offered any more").format(self._title(self._before()))
        self._finished(words, lambda: self._activate(done))
        self._again()

    def activate_again(self) -> None:
        """Offer it again."""
        if self.shown is None:
            return
        done = Deactivated(self._id(self.shown), (), self.shown_use())
        title = self._title(self._before())
        self.context.background.run(
            self,
            lambda _task: self._activate(done),
            words=say("Activating"),
            key=(self.what, done.id),
            done=lambda _: self.context.say.finished(say("{0} is offered again").format(title)),
            refused=self.panel.refuse,
            ended=self._again,
        )

    def remove(self) -> None:
        """Take it back out, which the toast undoes; what was ever sold stays and says so."""
        if self.shown is None:
            return
        thing_id = self._id(self.shown)
        self.context.background.run(
            self,
            lambda _task: self._remove(thing_id),
            words=say("Removing"),
            key=(self.what, thing_id),
            done=self._removed,
            refused=self.panel.refuse,
        )

    def _removed(self, removed: Removed) -> None:
        removal, actor = self._services.removal, self._actor
        self._finished(say("{0} is removed").format(removed.words), lambda: removal.put_back(actor, removed))
        self._again()
