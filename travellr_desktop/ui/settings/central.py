"""Central database: joining one, where this desk is enrolled, and leaving it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QAbstractButton

from travellr_desktop.domain.permissions import Permission, allowed, vendor_scope
from travellr_desktop.errors import Refusal
from travellr_desktop.events import CentralChanged, Event
from travellr_desktop.services.agency import AgencyView
from travellr_desktop.services.central.door import Arrived, Found, Gone, SignIn
from travellr_desktop.services.central.joining import JoinPlan
from travellr_desktop.services.central.link import LinkState
from travellr_desktop.services.central.service import CentralService
from travellr_desktop.services.central.views import Standing
from travellr_desktop.ui.background import Progress, Task
from travellr_desktop.ui.central.words import head_words, synced_words
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.columns import FactColumns
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.settings.central_form import CentralForm, Coming
from travellr_desktop.ui.settings.central_joining import ask_to_join, say_why_not
from travellr_desktop.ui.settings.central_person import CentralPerson
from travellr_desktop.ui.settings.section import ActionRow, ReadOnly, SettingsSection


def _say(text: str) -> str:
    return QCoreApplication.translate("CentralSection", text)


@dataclass(frozen=True, slots=True)
class _Read:
    standing: Standing
    agency: AgencyView | None
    signed_in: bool


class CentralSection(SettingsSection):
    key, icon = "central", "database"

    def __init__(self, context: Context) -> None:
        super().__init__(
            context,
            _say("Central database"),
            _say("Where the desks of an agency meet: they sell the same departures, online and offline."),
        )
        self.standing = Standing(desk="")
        self.question: Decision | None = None
        self.note = Note("info", "-")
        self.note.hide()
        self.facts = FactColumns()
        self.state = self.facts.add_fact(_say("State"))
        self.where = self.facts.add_fact(_say("Address"))
        self.own = bool(context.services.of_vendor)  # in their own file a vendor's person enrols it anew
        self.login = self.facts.add_fact(
            _say("Your name there") if self.own else _say("This desk's name there")
        )
        self.synced = self.facts.add_fact(_say("Last sync"))
        self.body.addWidget(self.facts)
        self.body.addWidget(self.note)
        self.person = CentralPerson()
        self.person.sent.connect(self._sign_in)
        self.person.hide()
        self.body.addWidget(self.person)
        if not self.may_come:
            self.body.addWidget(
                ReadOnly(_say("Only an admin has this desk join a central database or leave it."))
            )
            return
        if self.own:
            self.body.addWidget(
                ReadOnly(_say("What the agency has of you, to be read. It keeps up by itself."))
            )
        self.form = CentralForm(context.memory)
        self.form.tried.connect(self._try)
        self.form.came.connect(self._come)
        self.leave = Button(_say("Leave the central database"), Kind.DANGER_PLAIN, icon="unplug")
        self.leave.clicked.connect(self.ask_leave)
        self.leaving = ActionRow(self.leave)
        if self.own:
            self.leaving.hide()
        self.body.addWidget(self.form)
        self.body.addWidget(self.leaving)

    @property
    def may_come(self) -> bool:
        """Whether this person may have everything taken anew."""
        return self.may_write or (self.own and vendor_scope(self.actor) is not None)

    def _service(self) -> CentralService:
        """In the background: the services may not be open yet."""
        service: CentralService = self.context.services.central
        return service

    # reading

    def refresh(self) -> None:
        services, actor = self.context.services, self.actor
        decides = allowed(actor.role, Permission.SYNC_SETTLE)
        self.context.background.run(
            self,
            lambda _task: _Read(
                self._service().standing(),
                services.agency.view(),
                decides and self._service().signed_in(actor),
            ),
            key="settings.central",
            newest=True,
            done=self._show,
        )

    def cares(self, event: Event) -> bool:
        return isinstance(event, CentralChanged)

    def _show(self, read: _Read) -> None:
        self.standing = standing = read.standing
        zone = read.agency.zone if read.agency is not None else "UTC"
        formats, now = Formats(self.context.services.locale, zone), self.context.clock.now()
        alone = _say("This desk works by itself")
        self.state.setText(head_words(standing.link, own=self.own) if standing.enrolled else alone)
        for label in (self.where, self.login, self.synced):
            fact = label.parentWidget()
            if fact is not None:
                fact.setVisible(standing.enrolled)
        self.where.setText(standing.address or "–")
        self.login.setText(standing.login or "–")
        self.synced.setText("–" if standing.link is None else synced_words(standing.link, formats, now))
        link = standing.link
        wrong = link is not None and link.state in (LinkState.OFFLINE, LinkState.REFUSED) and link.why
        self.note.setVisible(bool(wrong))
        if link is not None and wrong:
            self.note.say("bad" if link.state is LinkState.REFUSED else "wait", link.why, link.hint)
        self.person.setVisible(standing.enrolled and allowed(self.actor.role, Permission.SYNC_SETTLE))
        self.person.show_signed_in(read.signed_in)
        if self.may_come:
            refused = link is not None and link.state is LinkState.REFUSED
            self.form.setVisible(refused or not standing.enrolled)
            self.form.anew(standing.address, standing.login, again=standing.enrolled)
            self.leaving.setVisible(standing.enrolled and not self.own)

    # coming

    def _try(self, sign_in: SignIn) -> None:
        central, actor = self._service, self.actor
        self.context.background.run(
            self,
            lambda _task: central().try_address(actor, sign_in),
            words=_say("Asking the central database"),
            button=self.form.ask,
            done=self._tried,
            refused=self.form.refuse,
        )

    def _tried(self, found: Found) -> None:
        self.form.found(found)

    def _come(self, sign_in: SignIn, coming: Coming, *, agreed: bool = False) -> None:
        """Do it. Whoever joins others is told what becomes of everything, and asked, before."""
        central, actor = self._service, self.actor

        def work(task: Task) -> Arrived | JoinPlan:
            def far(done: int, everything: int) -> None:
                task.check()
                task.report(done, everything)

            if coming is Coming.ENROL:
                return central().enrol(actor, sign_in, far)
            if not agreed and (plan := central().plan_join(actor, sign_in, far)).beside:
                return plan
            return central().join(actor, sign_in, far)

        operation = self.context.background.run(
            self,
            work,
            words=_say("Joining") if coming is Coming.JOIN else _say("Taking everything"),
            button=self.form.come,
            stoppable=True,
            progress=self._far,
            done=partial(self._came, sign_in),
            refused=self.form.refuse,
            ended=self._ended,
        )
        if operation is not None:
            self.form.start(operation.cancel)

    def _far(self, progress: Progress) -> None:
        self.form.far(progress.done, progress.total or 0)

    def _ended(self) -> None:
        self.form.finish()
        self.refresh()

    def _came(self, sign_in: SignIn, what: Arrived | JoinPlan) -> None:
        if isinstance(what, Arrived):
            self._arrived(what)
        elif what.in_the_way:
            say_why_not(what, self.form.note)
        else:
            self.question = ask_to_join(what, self)
            self.question.accepted.connect(partial(self._come, sign_in, Coming.JOIN, agreed=True))
            self.question.finished.connect(self.question.deleteLater)
            self.question.open()

    def _arrived(self, arrived: Arrived) -> None:
        self.form.kept()
        if not arrived.again:  # else the window opens the other file
            self.context.say.finished(_say("This desk has joined: {0} rows").format(f"{arrived.rows:,}"))

    # whoever sits here

    def _sign_in(self, login: str, password: str) -> None:
        central, actor = self._service, self.actor
        self.context.background.run(
            self,
            lambda _task: central().sign_in(actor, login, password),
            words=_say("Signing in there"),
            button=self.person.enter,
            done=lambda _: self.person.show_signed_in(True),
            refused=self.person.refuse,
        )

    # leaving

    def ask_leave(self) -> None:
        """Leave, once somebody has confirmed what stays and what does not."""
        waiting = self.standing.waiting
        untold = (
            _say("{0} changes of this desk were not told yet, and stay here alone.").format(f"{waiting:,}")
            if waiting
            else _say("Everything that was done here was told.")
        )
        self.question = Decision(
            _say("Leave the central database?"),
            verb=_say("Leave it"),
            keep=_say("Stay"),
            second=_say(
                "This desk keeps everything that is in it and works by itself from then on. Its free seats of "
                "departures to come go to the other desks, and its sign-in there is over. {0} To come back it takes "
                "everything anew."
            ).format(untold),
            parent=self,
        )
        self.question.accepted.connect(self._leave)
        self.question.finished.connect(self.question.deleteLater)
        self.question.open()

    def _leave(self) -> None:
        central, actor = self._service, self.actor
        self.context.background.run(
            self,
            lambda _task: central().leave(actor),
            words=_say("Leaving"),
            button=self.leave,
            done=self._left,
            refused=partial(self._refused),
            ended=self.refresh,
        )

    def _left(self, gone: Gone) -> None:
        self.context.say.finished(_say("This desk works by itself"))
        if gone.why:
            self.form.note.say(
                "wait", _say("The central database does not know that this desk has left."), gone.why
            )
            self.form.note.show()

    def _refused(self, refusal: Refusal) -> None:
        self.note.say("bad", str(refusal), refusal.hint)
        self.note.show()

    # as a section

    def take_keyboard(self) -> None:
        if self.may_come and not self.form.isHidden():
            self.form.where.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.may_come and not self.own:
            self.leave.setFocus(Qt.FocusReason.OtherFocusReason)

    def primary(self) -> QAbstractButton | None:
        return self.form.come if self.may_come and not self.form.isHidden() else None
