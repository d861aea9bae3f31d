"""The card reader: which of the agency's stands at this desk. Where no money is real, one can be made to try out."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QAbstractButton

from travellr_desktop.errors import Refusal
from travellr_desktop.events import Event, SettingsChanged
from travellr_desktop.services.readers import ReaderRow, ReaderService
from travellr_desktop.ui.background import Task
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.choice import Choice
from travellr_desktop.ui.parts.columns import FactColumns
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.settings.section import ActionRow, ReadOnly, SettingsSection

NONE = ""
"""No reader stands here."""


def _say(text: str) -> str:
    return QCoreApplication.translate("ReadersSection", text)


class ReadersSection(SettingsSection):
    key, icon = "readers", "smartphone-nfc"

    def __init__(self, context: Context) -> None:
        super().__init__(
            context,
            _say("Card reader"),
            _say("The desk asks it for a card. It is set up at Stripe, and remembered with the desk."),
        )
        self._here: str | None = None
        facts = FactColumns()
        self.where = facts.add_fact(_say("At this desk"))
        self.state = facts.add_fact(_say("It is"))
        self.body.addWidget(facts)
        self.problem = Label("", "small", "bad", wrap=True)
        self.problem.hide()
        if not self.may_write:
            self.body.addWidget(ReadOnly(_say("Only an admin chooses the reader of a desk.")))
            self.body.addWidget(self.problem)
            return
        self.reader = Choice(_say("Card reader"), [(NONE, _say("None"))])
        self.use = Button(_say("Use it here"), icon="check")
        self.use.clicked.connect(self.choose)
        self.add = Button(_say("Add a simulated reader"), icon="plus")
        self.add.clicked.connect(self.add_simulated)
        self.add.hide()
        self.body.addWidget(self.reader)
        self.body.addWidget(self.problem)
        self.body.addWidget(ActionRow(self.use, self.add))

    def _service(self) -> ReaderService:
        """In the background: the services may not be open yet."""
        service: ReaderService = self.context.services.readers
        return service

    # reading

    def refresh(self) -> None:
        self.context.background.run(
            self,
            self._read,
            key="settings.readers",
            newest=True,
            done=self._show,
            refused=self._refused,
        )

    def cares(self, event: Event) -> bool:
        return isinstance(event, SettingsChanged)

    def _read(self, _: Task) -> tuple[tuple[ReaderRow, ...], bool]:
        service = self._service()
        return service.readers(self.actor), bool(service.test_cards(self.actor))

    def _show(self, found: tuple[tuple[ReaderRow, ...], bool]) -> None:
        rows, simulated = found
        self.problem.hide()
        here = next((row for row in rows if row.is_here), None)
        self.where.setText(here.label if here is not None else _say("None"))
        self.state.setText(_state(here))
        self._here = None if here is None else here.ref
        if not self.may_write:
            return
        self.add.setVisible(simulated)
        self.reader.offer([(NONE, _say("None")), *((row.ref, _words(row)) for row in rows)])
        self.reader.set_value(self._here or NONE)

    def _refused(self, refusal: Refusal) -> None:
        self.problem.setText(f"{refusal} {refusal.hint}".strip())
        self.problem.show()

    # changing

    def choose(self) -> None:
        wanted = self.reader.value() or None
        self.context.background.run(
            self,
            lambda _: self._service().choose(self.actor, wanted),
            words=_say("Choosing the reader"),
            button=self.use,
            done=lambda _: self._chosen(),
            refused=self._refused,
        )

    def _chosen(self) -> None:
        self.context.say.finished(_say("The reader of this desk is set"))
        self.refresh()

    def add_simulated(self) -> None:
        """One that exists at the provider alone; it is used here at once where there was none."""

        def work(_: Task) -> None:
            service = self._service()
            count = len(service.readers(self.actor))
            made = service.add_simulated(self.actor, _say("Simulated reader {0}").format(count + 1))
            if self._here is None:
                service.choose(self.actor, made.ref)

        self.context.background.run(
            self,
            work,
            words=_say("Making a simulated reader"),
            button=self.add,
            done=lambda _: self._chosen(),
            refused=self._refused,
        )

    def primary(self) -> QAbstractButton | None:
        return self.use if self.may_write else None


def _words(row: ReaderRow) -> str:
    device = _say("{0}, simulated").format(row.device) if row.is_simulated else row.device
    off = "" if row.is_online else f" · {_say('off')}"
    return f"{row.label} · {device}{off}"


def _state(row: ReaderRow | None) -> str:
    if row is None:
        return "–"
    if not row.is_online:
        return _say("Off, or not connected")
    return _say("Asking for a card") if row.is_asking else _say("Ready")
