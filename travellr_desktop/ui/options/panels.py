"""One option, or one who waits, beside its list: what it is about, until when, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.party import Party
from travellr_desktop.domain.states import HoldKind, HoldState, WaitingState, is_open
from travellr_desktop.errors import Refusal
from travellr_desktop.services.options import OptionView
from travellr_desktop.services.waiting_list import WaitingView
from travellr_desktop.ui.desk import wording
from travellr_desktop.ui.options.columns import kept_badge, waiting_badge
from travellr_desktop.ui.options.until import UntilFields
from travellr_desktop.ui.parts.badge import Badge
from travellr_desktop.ui.parts.button import Button, IconButton, Kind
from travellr_desktop.ui.parts.detail import DetailPanel
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.menu import Menu
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Facts, MoneyRows, Section
from travellr_desktop.ui.records.words import Words


class ExtendForm(Section):
    """Another time for an option or offer. `sent(until, remind_at)`."""

    sent = Signal(object, object)
    left = Signal()

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self.title.setText(self.tr("Keep until another time"))
        self.fields = UntilFields(words.formats)
        self.button = Button(self.tr("Save"), icon="check")
        self._cancel = Button(self.tr("Cancel"), Kind.QUIET)
        self.note = Note("bad", "")
        self.note.hide()
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.button)
        row.addWidget(self._cancel)
        row.addStretch(1)
        self.body.addWidget(self.fields)
        self.body.addWidget(self.note)
        self.body.addLayout(row)
        self.setFocusProxy(self.fields)
        self.button.clicked.connect(self._send)
        self._cancel.clicked.connect(self.left)

    def begin(self, now: datetime, latest: datetime, until: datetime, *, reminder: bool) -> None:
        self.note.hide()
        self.fields.show_reminder(reminder)
        self.fields.set_span(now, latest, until)
        self.button.setEnabled(self.fields.until is not None)

    def refuse(self, refusal: Refusal) -> None:
        self.note.say("bad", str(refusal), refusal.hint)
        self.note.show()

    def _send(self) -> None:
        if self.fields.until is not None:
            self.sent.emit(self.fields.until, self.fields.remind_at)


class KeptPanel(DetailPanel):
    """What the panels of both views share: taking up, another time, and giving up."""

    take_up_asked = Signal()
    extend_asked = Signal(object, object)
    """Until, and when to remind (None where the program says)."""
    give_up_asked = Signal()
    departure_asked = Signal()

    def __init__(self, name: str, words: Words, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._words, self._clock = words, clock
        self.take: Button | None = None
        self.extend: Button | None = None
        self.give_up: Button | None = None
        self.more: IconButton | None = None
        self.form: ExtendForm | None = None

    @property
    def primary(self) -> Button | None:
        return self.take

    def first_actions(self) -> Sequence[QWidget | None]:
        return (self.take, self.extend, self.give_up, self.more)

    def refuse(self, refusal: Refusal) -> bool:
        """Say it in the open form; False where none is open."""
        if self.form is None:
            return False
        self.form.refuse(refusal)
        return True

    def close_form(self) -> bool:
        """Put away the form for another time; says whether it was open."""
        if self.form is None:
            return False
        self.form.hide()
        self.form.deleteLater()
        self.form = None
        self.focus_first()
        return True

    # for those who inherit

    def _begin(self) -> None:
        self.take = self.extend = self.give_up = self.more = None
        self.form = None

    def _offer_take_up(self) -> None:
        self.take = Button(self.tr("Take up"), Kind.PRIMARY, icon="ticket", key="Ctrl+Enter")
        self.take.clicked.connect(self.take_up_asked)
        self.action_row.addWidget(self.take)

    def _offer_extend(self) -> None:
        self.extend = Button(self.tr("Extend"))
        self.extend.clicked.connect(self.open_form)
        self.action_row.addWidget(self.extend)

    def _offer_give_up(self, words: str) -> None:
        self.give_up = Button(words, Kind.DANGER_PLAIN)
        self.give_up.clicked.connect(self.give_up_asked)
        self.action_row.addWidget(self.give_up)

    def open_form(self) -> None:
        """Ask for another time."""
        raise NotImplementedError

    def _show_form(self, latest: datetime, until: datetime, *, reminder: bool) -> None:
        if self.form is None:
            self.form = ExtendForm(self._words)
            self.form.sent.connect(self.extend_asked)
            self.form.left.connect(self.close_form)
            self._body.insertWidget(0, self.form)
        self.form.begin(self._clock.now(), latest, until, reminder=reminder)
        self.form.setFocus()

    def _trip(
        self, title: str, second: str, party: Party, seats: int, labels: tuple[str, ...] = ()
    ) -> QWidget:
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(Label(title, "body_b", wrap=True))
        column.addWidget(Label(second, "body", "text_secondary", wrap=True))
        who = f"{wording.party(party)} · {wording.seat_count(seats)}"
        if labels:
            who = f"{who}: {', '.join(labels)}"
        column.addWidget(Label(who, "body", "text_secondary", wrap=True))
        return part

    def _said(self, note: str) -> Facts:
        facts = Facts(columns=1)
        facts.add(self.tr("Note"), note, wrap=True)
        return facts

    def _stamp(self, at: datetime) -> str:
        return self._words.stamp(at, self._clock.now())

    def _offer_more(self, phone: str, email: str) -> None:
        """The rest of what can be done."""
        self.more = self.add_more(partial(self._open_menu, phone, email))

    def _open_menu(self, phone: str, email: str) -> None:
        menu = Menu(self.tr("More"), self)
        menu.add(self.tr("Show the departure"), self.departure_asked.emit, icon="compass")
        copy = QGuiApplication.clipboard().setText
        if phone:
            menu.add(self.tr("Copy phone"), partial(copy, phone), icon="phone")
        if email:
            menu.add(self.tr("Copy email"), partial(copy, email), icon="mail")
        if self.give_up is None and self._may_give_up():
            menu.add(self._give_up_words(), self.give_up_asked.emit, icon="x", tone="bad")
        menu.aboutToHide.connect(menu.deleteLater)
        if self.more is not None:
            menu.popup_below(self.more)

    def _may_give_up(self) -> bool:
        return False

    def _give_up_words(self) -> str:
        return ""


class OptionPanel(KeptPanel):
    def __init__(self, words: Words, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__("Option", words, clock, parent)
        self.shown: OptionView | None = None

    def show_option(self, option: OptionView) -> None:
        """Another option, or the same read again; a form that is open for it stays."""
        same = self.shown is not None and self.shown.id == option.id
        if same and (option == self.shown or self.form is not None):
            self.shown = option
            return
        self.shown = option
        with self.refilled(same=same):
            self._begin()
            active = option.state is HoldState.ACTIVE
            standing = active and option.kind is not HoldKind.HOLD
            status, word = kept_badge(
                option.kind.value if active else option.state.value, option.remind_at, self._clock.now()
            )
            self.set_head(
                option.traveller_name,
                badge=Badge(status, word=word),
                person=option.traveller_phone,
                contact=option.traveller_email,
            )
            if standing:
                self._offer_take_up()
                self._offer_extend()
            self._offer_more(option.traveller_phone, option.traveller_email)
            if standing and option.is_due:
                self.add(self._due(option), divider=False)
            elif active and not standing:
                self.add(Note("info", self.tr("It is in somebody's basket.")), divider=False)
            when = self._words.span(option.starts_at, option.ends_at, option.zone)
            self.add(self._trip(option.title, when, option.party, option.seats, option.labels), divider=False)
            self.add(self._facts(option))
            if option.note:
                self.add(self._said(option.note), divider=False)
            self.add(self._money(option.total))

    def open_form(self) -> None:
        option = self.shown
        if option is not None:
            self._show_form(option.cutoff_at, option.until, reminder=option.kind is HoldKind.OPTION)

    def _due(self, option: OptionView) -> Note:
        until = self._stamp(option.until)
        if option.kind is HoldKind.OFFER:
            first = self.tr("Seats came free for somebody who waited.")
            second = self.tr("Call them, then take it up or give it up. It goes to the next on {0}.")
        else:
            first = self.tr("The reminder has come.")
            second = self.tr("Call them, then take it up, extend or release it. It ends on {0}.")
        return Note("wait", first, second.format(until))

    def _facts(self, option: OptionView) -> Facts:
        facts = Facts(columns=2)
        facts.add(self.tr("Kept until"), self._stamp(option.until))
        reminder = self._stamp(option.remind_at) if option.remind_at is not None else "–"
        facts.add(self.tr("Reminder"), reminder)
        facts.add(self.tr("Since"), self._stamp(option.kept_at))
        facts.add(self.tr("Kept by"), option.kept_by or self.tr("Waiting list"), wrap=True)
        facts.add(self.tr("Sales close"), self._stamp(option.cutoff_at))
        facts.add(self.tr("Vendor"), option.vendor_name, wrap=True)
        return facts

    def _money(self, total: Money) -> MoneyRows:
        rows = MoneyRows()
        rows.add_total(self.tr("Total"), self._words.money(total))
        return rows

    def _may_give_up(self) -> bool:
        option = self.shown
        return option is not None and option.state is HoldState.ACTIVE and option.kind is not HoldKind.HOLD

    def _give_up_words(self) -> str:
        return self.tr("Release the seats")


class WaitingPanel(KeptPanel):
    def __init__(self, words: Words, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__("Waiting list", words, clock, parent)
        self.shown: WaitingView | None = None

    def show_entry(self, entry: WaitingView) -> None:
        same = self.shown is not None and self.shown.id == entry.id
        if same and (entry == self.shown or self.form is not None):
            self.shown = entry
            return
        self.shown = entry
        with self.refilled(same=same):
            self._begin()
            status, word = waiting_badge(entry.state.value)
            self.set_head(
                entry.traveller_name,
                badge=Badge(status, word=word),
                person=entry.traveller_phone,
                contact=entry.traveller_email,
            )
            offered = entry.state is WaitingState.OFFERED and not entry.taken_up
            if offered:
                self._offer_take_up()
                self._offer_extend()
            elif entry.state is WaitingState.WAITING:
                self._offer_give_up(self.tr("Withdraw"))
            self._offer_more(entry.traveller_phone, entry.traveller_email)
            self.add(self._note(entry), divider=False)
            when = self._words.span(entry.starts_at, entry.ends_at, entry.zone)
            self.add(self._trip(entry.title, when, entry.party, entry.seats), divider=False)
            self.add(self._facts(entry))
            if entry.note:
                self.add(self._said(entry.note), divider=False)

    def open_form(self) -> None:
        entry = self.shown
        if entry is not None and entry.offer_until is not None:
            self._show_form(entry.cutoff_at, entry.offer_until, reminder=False)

    def _note(self, entry: WaitingView) -> Note:
        if entry.state is WaitingState.WAITING:
            first = self.tr("No. {0} on the list of this departure.").format(entry.place)
            free = self.tr("{0} free now.").format(wording.seat_count(entry.free))
            return Note("info", first, f"{free} {self.tr('They are offered seats when enough come free.')}")
        if entry.taken_up:
            return Note("info", self.tr("The offer is in somebody's basket."))
        if entry.state is WaitingState.OFFERED and entry.offer_until is not None:
            until = self._stamp(entry.offer_until)
            second = self.tr("Call them, then take it up or withdraw them. It goes to the next on {0}.")
            return Note("wait", self.tr("Seats are kept for them."), second.format(until))
        ended = self._stamp(entry.ended_at) if entry.ended_at is not None else ""
        words = {
            WaitingState.TAKEN: self.tr("They have bought the seats."),
            WaitingState.WITHDRAWN: self.tr("They do not want to wait any more."),
        }.get(entry.state, self.tr("The offer or the departure went by."))
        return Note("info", words, ended)

    def _facts(self, entry: WaitingView) -> Facts:
        facts = Facts(columns=2)
        facts.add(self.tr("Waits since"), self._stamp(entry.joined_at))
        facts.add(self.tr("Put there by"), entry.joined_by or "–", wrap=True)
        facts.add(self.tr("Sales close"), self._stamp(entry.cutoff_at))
        facts.add(self.tr("Free now"), wording.seat_count(entry.free))
        return facts

    def _may_give_up(self) -> bool:
        return self.shown is not None and is_open(self.shown.state) and not self.shown.taken_up

    def _give_up_words(self) -> str:
        return self.tr("Withdraw from the list")
