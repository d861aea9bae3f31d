"""What stands before the work: first start, sign-in, lock. One page, one card at a time."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop import __version__
from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.errors import Refusal
from travellr_desktop.ui.background import Background
from travellr_desktop.ui.bug_report import BugReport
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.mark import DepthLines, SandboxStripe
from travellr_desktop.ui.parts.menu import Menu
from travellr_desktop.ui.parts.pane import ScrollArea
from travellr_desktop.ui.people import Newcomer, People, SignedIn
from travellr_desktop.ui.shell import modes
from travellr_desktop.ui.shell.modes import add_modes
from travellr_desktop.ui.shell.status_bar import SandboxTag
from travellr_desktop.ui.signin.card import Card
from travellr_desktop.ui.signin.cards import LockCard, SignInCard
from travellr_desktop.ui.signin.first_start import DemoReady, FirstStartCard, OpenDemo
from travellr_desktop.ui.signin.join_card import JoinCard
from travellr_desktop.ui.signin.opening_card import OpeningCard
from travellr_desktop.ui.signin.own_password import OwnPasswordCard
from travellr_desktop.ui.signin.problem_card import ProblemCard
from travellr_desktop.ui.station import Station
from travellr_desktop.ui.theme import Theme

AskStation = Callable[[], Station]


class Door(QWidget):
    """Ask `open` once at the start: it finds out who can come in, and shows the card for it."""

    signed_in = Signal(object)
    """A `SignedIn`."""
    unlocked = Signal()
    sign_out = Signal()
    """Asked for on the lock: somebody else wants to come in."""

    def __init__(
        self,
        people: People,
        newcomer: Newcomer,
        background: Background,
        clock: Clock,
        *,
        station: AskStation,
        memory: QSettings,
        languages: tuple[str, ...] = ("English",),
        open_demo: OpenDemo | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._people, self._background = people, background
        self._ask_station = station
        self._hint = ""
        self._languages = languages
        self.lines = DepthLines(self)
        self._build_middle()
        self.sign_in = SignInCard(people, background, clock, self._middle)
        self.lock = LockCard(people, background, clock, self._middle)
        self.first = FirstStartCard(people, background, open_demo, self._middle)
        self.join = JoinCard(newcomer, background, memory, self._middle)
        self.own = OwnPasswordCard(people, background, self._middle)
        self.problem = ProblemCard(self._middle)
        self.opening = OpeningCard(self._middle)
        self._cards: tuple[Card, ...] = (
            *(self.sign_in, self.own, self.lock, self.first),
            *(self.join, self.problem, self.opening),
        )
        for card in self._cards:
            self._row.insertWidget(1, card)
            card.hide()
        self._build_foot()
        self.sign_in.signed_in.connect(self.signed_in)
        self.sign_in.own_wanted.connect(self._choose_own)
        self.own.signed_in.connect(self.signed_in)
        self.own.left.connect(self.show_sign_in)
        self.first.signed_in.connect(self.signed_in)
        self.first.demo_ready.connect(self._demo_ready)
        self.first.central_wanted.connect(self.show_join)
        self.join.left.connect(self._show_first)
        self.lock.unlocked.connect(self.unlocked)
        self.lock.sign_out.connect(self.sign_out)
        self.problem.again.connect(self.open)
        Theme.current().changed.connect(self._show_mode)
        self._show_mode()

    # which card

    @property
    def card(self) -> Card | None:
        return next((card for card in self._cards if not card.isHidden()), None)

    def open(self) -> None:
        """Ask whether there is anybody who can sign in, then show the card."""
        self._background.run(
            self,
            lambda _: (self._people.needs_first_admin(), self._ask_station()),
            words=self.tr("Opening the profile"),
            key="door",
            done=self._opened,
            refused=self.show_problem,
            failed=self.show_broken,
        )

    def show_lock(self, actor: Actor) -> None:
        self.lock.set_actor(actor)
        self._show(self.lock)

    def show_sign_in(self, email: str = "", note: str = "") -> None:
        if email:
            self.sign_in.fill(email)
        self.sign_in.set_note(note or self._hint)
        self._show(self.sign_in)

    def _choose_own(self, signed_in: SignedIn, given: str) -> None:
        self.own.set_person(signed_in.email, signed_in.actor.name, given)
        self._show(self.own)

    def _opened(self, answer: tuple[bool, Station]) -> None:
        first, station = answer
        self.set_station(station)
        self._show(self.first if first else self.sign_in)

    def show_join(self) -> None:
        """The first start of a further desk."""
        self._show(self.join)

    def _show_first(self) -> None:
        self._show(self.first)

    def show_opening(self) -> None:
        """Another file is being opened."""
        self._show(self.opening)

    def show_problem(self, refusal: Refusal) -> None:
        """The profile does not open."""
        self.problem.set_problem(str(refusal), refusal.hint)
        self._show(self.problem)

    def show_broken(self, report: BugReport) -> None:
        hint = self.tr(
            "Something in the program went wrong ({0}). The details are in the profile's logs folder."
        )
        self.problem.set_problem(self.tr("The profile could not be opened."), hint.format(report.kind))
        self._show(self.problem)

    def set_station(self, station: Station) -> None:
        self.sign_in.set_station(station)
        self._hint = station.hint
        if station.hint:
            self.sign_in.set_note(station.hint)
        for widget in (self.tag, self.no_money, self.stripe):
            widget.setVisible(station.sandbox)
        self.tag.set_test(station.test)

    def _demo_ready(self, ready: DemoReady) -> None:
        self.open()
        self.sign_in.fill(ready.email, ready.password)
        self.sign_in.set_note(
            self.tr("The demo agency is ready. Its agent's password is: {0}").format(ready.password)
        )

    def _show(self, card: Card) -> None:
        for other in self._cards:
            other.setVisible(other is card)
        card.begin()

    # building

    def _build_middle(self) -> None:
        self._middle = QWidget()
        # stretches, not an alignment: only so is a card as high as its wrapped words need at its own width
        self._row = QHBoxLayout()
        self._row.setSpacing(0)
        self._row.addStretch(1)
        self._row.addStretch(1)
        column = QVBoxLayout(self._middle)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(0)
        column.addStretch(1)
        column.addLayout(self._row)
        column.addStretch(1)
        self._scroll = ScrollArea(self._middle, self)

    def _build_foot(self) -> None:
        self.tag = SandboxTag(self)
        self.no_money = Label(
            self.tr("No real money moves on this profile"), "small", "text_secondary", elide=True, parent=self
        )
        self.language = Button(self._languages[0], Kind.QUIET, icon="languages", parent=self)
        self.language.setVisible(len(self._languages) > 1)
        self.mode = Button("", Kind.QUIET, icon="sun", parent=self)
        self.mode.clicked.connect(self._mode_menu)
        version = Label(f"Travellr Desktop {__version__}", "small", "text_muted", parent=self)
        self.stripe = SandboxStripe(self)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 0, 20, 8)
        foot.setSpacing(8)
        foot.addWidget(self.tag)
        foot.addWidget(self.no_money)
        foot.addStretch(1)
        foot.addWidget(self.language)
        foot.addWidget(self.mode)
        foot.addWidget(version)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._scroll, 1)
        whole.addLayout(foot)
        whole.addWidget(self.stripe)
        self.lines.lower()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.lines.setGeometry(self.rect())
        for card in self._cards:
            card.set_room(self.width() - 64)

    # light and dark

    def _mode_menu(self) -> None:
        menu = Menu(self.tr("Light or dark"), self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        add_modes(menu)
        menu.popup_above(self.mode)

    def _show_mode(self) -> None:
        mode = Theme.current().mode
        self.mode.set_words(modes.words(mode))
        self.mode.set_icon(modes.ICONS[mode])
