"""What stands in the place of the list until it is done: a head, a message, its content, and a ticket beside it.

First it is looked at, then a last question, then it is sent, then how it went stands there. The same for cancelling
and for changing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from uuid import UUID

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import Refusal, WrongState
from travellr_desktop.services.registry import Services
from travellr_desktop.services.what_if import BackWay
from travellr_desktop.ui.background import Background
from travellr_desktop.ui.bookings.cancel_books import Books
from travellr_desktop.ui.bookings.ticket_parts import TicketParts, as_credit
from travellr_desktop.ui.desk.draft import Attempt
from travellr_desktop.ui.desk.sideways import Sideways
from travellr_desktop.ui.desk.tabs import step
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Pane, ScrollArea
from travellr_desktop.ui.records.words import Words
from travellr_desktop.ui.theme import Theme

NARROW = 760
"""Below this width a table leaves out what stands elsewhere too."""

LEAST = 480
"""The least width beside the ticket; a window too narrow for it, as with very large text, scrolls."""


class Step(Enum):
    """CHOOSING: nothing has moved; SENDING: the command runs; SENT: its outcome stands there."""

    CHOOSING = auto()
    SENDING = auto()
    SENT = auto()


@dataclass(frozen=True, slots=True)
class Means:
    """What a view works with."""

    background: Background
    services: Services
    actor: Actor
    words: Words


class AwayView(QWidget):
    """Whoever inherits makes its parts, calls `_frame`, and lays them out in `_fit_to`."""

    left = Signal()
    """The person goes back."""

    def __init__(self, means: Means, ticket: TicketParts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._background, self._services = means.background, means.services
        self._actor, self._words = means.actor, means.words
        self.step = Step.CHOOSING
        self._attempt = Attempt()
        self._side = ticket
        self.books = Books(means.words)
        self.decision: Decision | None = None
        self._head, self._scrolled = Pane("surface", edges=("bottom",)), QWidget()
        self._title = Label("", "lead")
        self._whose = Label("", "body", "text_secondary", elide=True)
        self.back_button = Button(self.tr("Back to the list"), Kind.QUIET, key="Esc", height="control_small")
        self.back_button.clicked.connect(self.back)
        self.note = Note("bad", "")
        self._notes = QWidget()
        notes = QVBoxLayout(self._notes)
        notes.setContentsMargins(16, 12, 16, 12)
        notes.addWidget(self.note)
        self._notes.hide()
        ticket.kept.connect(self.back)
        ticket.confirmed.connect(self._ask)

    # what the screen does with it

    def back(self) -> None:
        """To the list; while the command runs there is no way back."""
        if self.step is not Step.SENDING:
            self.left.emit()

    def refresh(self) -> None:
        """Something changed: look again, or see how it stands."""
        raise NotImplementedError

    @property
    def panes(self) -> Sequence[QWidget]:
        """In the order of F6."""
        raise NotImplementedError

    @property
    def primary(self) -> Button | None:
        return self._side.act

    def tab_from(self, here: QWidget | None, *, ahead: bool) -> QWidget | None:
        """As one reads: the head, what scrolls below it, the ticket; rows of its tables are made anew all the time."""
        return step((self._head, *self._in_order(), self._side), here, ahead=ahead)

    # what whoever inherits says

    def _ask(self) -> None:
        """The button of the ticket was pressed."""
        raise NotImplementedError

    def _look(self) -> None:
        """Read what would happen."""
        raise NotImplementedError

    def _in_order(self) -> Sequence[QWidget]:
        """What is between the head and the ticket: parts that are read one after the other, each row by row."""
        return (self._scrolled,)

    def _enable(self, on: bool) -> None:
        """What is typed and chosen, while nothing is sent."""

    def _fit_to(self, room: int, *, narrow: bool) -> None:
        """Lay out what is beside the ticket for a width."""
        raise NotImplementedError

    # from looking to the outcome

    def _start(self, title: str, whose: str) -> None:
        self.step, self._attempt = Step.CHOOSING, Attempt()
        self._title.setText(title)
        self._whose.setText(whose)
        self._notes.hide()
        self.books.show_preview(None)
        self._enable(True)

    def _refund_question(self, back: Money, ways: Sequence[BackWay], name: str) -> str:
        """Whether money is to go back: by its way where there is one, else to the person."""
        amount = self._words.money(back)
        if as_credit(ways):
            return self.tr("Give {0} as credit to {1}?").format(amount, name)
        if len(ways) == 1 and ways[0].way is Way.CASH:
            return self.tr("Refund {0} in cash?").format(amount)
        return self.tr("Refund {0} to {1}?").format(amount, ways[0].label if len(ways) == 1 else name)

    def _refund_verb(self, back: Money, ways: Sequence[BackWay]) -> str:
        words = self.tr("Give {0} as credit") if as_credit(ways) else self.tr("Refund {0}")
        return words.format(self._words.money(back))

    def _ask_last(
        self,
        question: str,
        verb: str,
        second: str,
        rows: Iterable[tuple[str, str]],
        ways: Iterable[BackWay],
        then: Callable[[], object],
    ) -> None:
        """The last question, with the amounts that the ticket shows and the ways by which money goes back."""
        dialog = Decision(question, verb=verb, keep=self.tr("Keep"), second=second, parent=self)
        for words, amount in rows:
            dialog.rows.add(words, amount)
        for way in ways:
            words = self.tr("Back, {0}").format(way.label or way.way.value)
            if way.to is RefundTo.CREDIT:
                words = self.tr("Credit with the agency")
            dialog.rows.add(words, self._words.money(way.amount))
        dialog.accepted.connect(then)
        dialog.finished.connect(dialog.deleteLater)
        self.decision = dialog
        dialog.open()

    def _dispatch(
        self,
        work: Callable[[UUID], object],
        content: object,
        words: str,
        came: Callable[..., object],
    ) -> None:
        """Send the command under the key of `content`: the same is asked for again under the same key until it is
        answered."""
        key = self._attempt.key_for(content)
        self.step = Step.SENDING
        self._enable(False)
        self._notes.hide()
        started = self._background.run(
            self,
            lambda _task: work(key),
            words=words,
            key=("command", id(self)),
            button=self._side.act,
            done=came,
            refused=self._refused,
            failed=lambda _bug: self._not_sent(),
        )
        if started is None:
            self._not_sent()

    def _not_sent(self) -> None:
        """It was not carried out, or nobody knows."""
        self.step = Step.CHOOSING
        self._enable(True)

    def _refused(self, refusal: Refusal) -> None:
        self._not_sent()
        self._attempt.answered(refusal)
        changed = isinstance(refusal, WrongState)
        self._say(refusal, self.tr("It was read again: look at the amounts once more.") if changed else "")
        if changed:
            self._look()

    def _sent(self) -> None:
        """There is an outcome."""
        self.step = Step.SENT
        self._attempt.answered()

    def _show_sent(self, show: Callable[[], object], *, first: bool = False) -> None:
        """Fill the ticket with an outcome; the first time, and while the focus is in it, that goes to the way back."""
        focus = QApplication.focusWidget()
        within = focus is not None and self._side.isAncestorOf(focus)
        show()
        if (first or within) and self._side.keep is not None:
            self._side.keep.setFocus(Qt.FocusReason.OtherFocusReason)

    # building

    def _frame(self, content: QWidget, *head_buttons: QWidget) -> None:
        """Put it together: `content` scrolls below the head, the ticket stands at its side."""
        content.setProperty("part", "scrolled")
        self._scrolled = content
        row = QHBoxLayout(self._head)
        row.setContentsMargins(16, 8, 12, 9)
        row.setSpacing(8)
        row.addWidget(self._title)
        row.addWidget(self._whose, 1)
        for button in (*head_buttons, self.back_button):
            row.addWidget(button)
        left = Pane("surface")
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self._notes)
        self._scroll = ScrollArea(content)
        column.addWidget(self._scroll, 1)
        side = Pane("canvas", edges=("left",))
        beside = QVBoxLayout(side)
        beside.setContentsMargins(17, 16, 16, 16)
        beside.addWidget(self._side)
        both = QWidget()
        both.setProperty("part", "scrolled")
        across = QHBoxLayout(both)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(left, 1)
        across.addWidget(side)
        self._sideways = Sideways(both)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._sideways)
        Theme.current().changed.connect(self._retheme)
        self._retheme()

    def _say(self, refusal: Refusal, second: str = "") -> None:
        """Why it cannot be done, above everything."""
        self.note.say("bad", str(refusal), second or refusal.hint)
        self._notes.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        theme = Theme.current()
        beside = theme.size("ticket") + 33
        self._sideways.set_least(beside + theme.px(LEAST))
        room = max(self.width() - beside, theme.px(LEAST))
        self.books.fit(room)
        self._fit_to(room, narrow=room < theme.px(NARROW))

    def _retheme(self) -> None:
        self._side.setFixedWidth(Theme.current().size("ticket"))
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(1100, 640)
