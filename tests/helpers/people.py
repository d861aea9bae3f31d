"""A little agency in memory: real rules of signing in, no storage. For tests of the window."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from helpers.clock import HandClock
from travellr_desktop.domain.permissions import Actor, Permission, Role
from travellr_desktop.errors import InvalidInput, SignInRefused, WeakPassword
from travellr_desktop.events import Event, TravellerChanged
from travellr_desktop.services.users import FirstAdmin
from travellr_desktop.ui.actions import Act, Handler
from travellr_desktop.ui.screen import Context, Screen, ScreenEntry
from travellr_desktop.ui.station import Station

FREE_TRIES = 3


@dataclass(frozen=True)
class Inside:
    actor: Actor
    email: str
    last_signed_in_at: datetime | None
    must_change: bool = False


@dataclass
class _Account:
    actor: Actor
    email: str
    password: str
    last: datetime | None = None
    given: bool = False  # the password is only for the first sign-in


@dataclass
class LittleAgency:
    """Answers as the service of people does; a fourth wrong try waits 30 seconds."""

    clock: HandClock
    agency: str = ""
    desk: str = "Desk 2"
    till: str = ""
    accounts: list[_Account] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    threads: set[threading.Thread] = field(default_factory=set)
    failures: int = 0

    def add(
        self, name: str, email: str, password: str, role: Role = Role.AGENT, *, given: bool = False
    ) -> Actor:
        self.agency = self.agency or "Kotor Riva"
        actor = Actor(uuid4(), name, role, uuid4() if role is Role.VENDOR else None)
        self.accounts.append(_Account(actor, email, password, given=given))
        return actor

    def station(self) -> Station:
        return Station(self.agency, self.desk if self.agency else "", sandbox=True, till=self.till)

    def needs_first_admin(self) -> bool:
        self._called("needs_first_admin")
        return not self.accounts

    def create_first_admin(self, form: FirstAdmin, /) -> Inside:
        self._called("create_first_admin")
        if "@" not in form.email:
            raise InvalidInput("An email has an @ in it.", field="email")
        if len(form.password) < 10:
            raise WeakPassword("A password has at least 10 characters.")
        self.agency, self.desk = form.agency_name, form.desk_name
        actor = self.add(form.name, form.email, form.password, Role.ADMIN)
        return Inside(actor, form.email, None)

    def sign_in(self, email: str, password: str) -> Inside:
        self._called("sign_in")
        account = next((a for a in self.accounts if a.email == email), None)
        if account is None or account.password != password:
            raise self._refusal()
        self.failures = 0
        before, account.last = account.last, self.clock.now()
        return Inside(account.actor, email, before, account.given)

    def choose_password(self, email: str, given: str, password: str) -> Inside:
        inside = self.sign_in(email, given)
        if len(password) < 10:
            raise WeakPassword("A password has at least 10 characters.")
        account = next(a for a in self.accounts if a.email == email)
        account.password, account.given = password, False
        return Inside(inside.actor, email, inside.last_signed_in_at)

    def may_go_on(self, actor: Actor) -> bool:
        self._called("may_go_on")
        return any(a.actor == actor for a in self.accounts)

    def verify(self, actor: Actor, password: str) -> None:
        self._called("verify")
        if not any(a.actor == actor and a.password == password for a in self.accounts):
            raise self._refusal()

    def sign_out(self, actor: Actor) -> None:
        self._called(f"sign_out {actor.name}")

    def _called(self, what: str) -> None:
        self.calls.append(what)
        self.threads.add(threading.current_thread())

    def _refusal(self) -> SignInRefused:
        self.failures += 1
        wait = 30 if self.failures > FREE_TRIES else 0
        return SignInRefused("The email or the password is wrong.", wait_seconds=wait)


class SampleScreen(Screen):
    """An empty screen with two panes and a primary button."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.done: list[str] = []
        self.reads = 0
        row = QVBoxLayout(self)
        self.left, self.right = QWidget(self), QWidget(self)
        self.field, self.list = QLineEdit(), QLineEdit()
        self.button = QPushButton("Do")
        self.button.clicked.connect(lambda: self.done.append("primary"))
        for pane, widgets in ((self.left, [self.field]), (self.right, [self.list, self.button])):
            column = QVBoxLayout(pane)
            for widget in widgets:
                column.addWidget(widget)
            row.addWidget(pane)
        row.addStretch(1)

    def handlers(self) -> dict[Act, Handler]:
        return {
            Act.VOUCHER: lambda: self.done.append("voucher"),
            Act.NEW_BOOKING: lambda: self.done.append("new"),
        }

    def command(self) -> Act | None:
        return Act.VOUCHER

    def panes(self) -> tuple[QWidget, ...]:
        return (self.left, self.right)

    def primary(self) -> QPushButton:
        return self.button

    def cares(self, event: Event) -> bool:
        return isinstance(event, TravellerChanged)

    def refresh(self) -> None:
        super().refresh()
        self.reads += 1

    def close_down(self) -> None:
        self.done.append("closed")


class EmptyScreen(Screen):
    """A screen with a sentence."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.words = QLabel("Nothing here", self)


def sample_entries() -> tuple[ScreenEntry, ...]:
    read = Permission.BOOKING_READ
    return (
        ScreenEntry(
            "settings", "Settings", "settings", Permission.SETTINGS_WRITE, lambda: EmptyScreen, foot=True
        ),
        ScreenEntry("desk", "Desk", "compass", Permission.HOLD_CREATE, lambda: SampleScreen),
        ScreenEntry("bookings", "Bookings", "ticket", read, lambda: SampleScreen),
        ScreenEntry("payments", "Payments", "credit-card", Permission.PAYMENT_READ, lambda: EmptyScreen),
        ScreenEntry("conflicts", "Conflicts", "git-merge", read, lambda: EmptyScreen),
        ScreenEntry("activity", "Activity", "activity", None, lambda: EmptyScreen),
    )
