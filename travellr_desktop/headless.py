"""A desk without a window: what runs by itself, and what keeps it and its hub together, until it is told to end."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType
from typing import TYPE_CHECKING, TypeVar

from travellr_desktop.domain.permissions import Actor
from travellr_desktop.errors import Refusal, WaitsForCentral
from travellr_desktop.events import CentralChanged, Event
from travellr_desktop.services.central.link import Link, LinkState
from travellr_desktop.services.central.service import CentralService
from travellr_desktop.services.central.told import StandingTold, tell_standing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from travellr_desktop.app import Program

R = TypeVar("R")

PATIENCE = timedelta(seconds=60)
"""How long a turn is waited for: with an answer it takes a second, without one the tries come further apart."""

_ENDING = (signal.SIGINT, signal.SIGTERM)
_WELL = (LinkState.ONLINE, LinkState.ELSEWHERE)


class WorksByItself(Refusal):
    """There is nobody to sync with."""

    hint = "Join a central database with travellr sync join, or come to one with travellr sync enrol."


def turn(program: Program, patience: timedelta = PATIENCE) -> StandingTold:
    """Take a turn with the hub, and say how it stands then. Raises `WorksByItself`."""
    central = program.services.central
    if not central.standing().enrolled:
        raise WorksByItself("This desk works by itself.")
    with _heard(program) as changed:
        if program.central is not None:
            program.central.start()
        for _ in range(max(int(patience.total_seconds() * 4), 1)):
            link = central.standing().link
            if link is not None and _is_over(link):
                break
            changed.wait(0.25)
            changed.clear()
    return tell_standing(central, asked=True)


def _is_over(link: Link) -> bool:
    return link.state in (LinkState.ELSEWHERE, LinkState.OFFLINE, LinkState.REFUSED) or link.last is not None


def decide(
    program: Program,
    email: str,
    password: str,
    do: Callable[[CentralService, Actor], R],
    patience: timedelta = PATIENCE,
) -> R:
    """Have a person decide on something at the hub, which is reached first; what they wrote is told before this
    returns, as far as there is an answer in time. Raises `WorksByItself`, `WaitsForCentral`, `SignInRefused`, and as
    `do`."""
    actor = program.services.users.sign_in(email, password).actor
    reached = turn(program, patience)
    if not reached.ok:
        link = reached.standing.link
        raise WaitsForCentral(link.why if link is not None and link.why else "It is not reached.")
    central = program.services.central
    done = do(central, actor)
    with _heard(program) as changed:
        for _ in range(max(int(patience.total_seconds() * 4), 1)):
            if not central.standing().waiting:
                break
            central.sync_now(actor)
            changed.wait(0.25)
            changed.clear()
    return done


def work(program: Program, say: Callable[[str], None], *, as_json: bool = False) -> bool:
    """Be a desk until SIGINT or SIGTERM; a line for each state of the link. Call it on the main thread. True where it
    ended because another file has taken the place of this one: the program is to be opened again."""
    ending = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        ending.set()

    before = {number: signal.signal(number, end) for number in _ENDING}
    try:
        return run(program, ending, say, as_json=as_json)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run(
    program: Program, ending: threading.Event, say: Callable[[str], None], *, as_json: bool = False
) -> bool:
    """The same until `ending` is set."""
    central = program.services.central
    said: tuple[object, ...] = ()
    with _heard(program) as changed:
        program.start()
        while not ending.is_set():
            if program.database.replaced():
                return True
            standing = central.standing()
            link = standing.link
            now = (standing.enrolled, link.state if link else None, link.why if link else "")
            if now != said:
                said = now
                say(_line(program, standing.enrolled, link, as_json))
            changed.wait(0.5)  # a wait without an end would not let a signal through everywhere
            changed.clear()
    return False


def _line(program: Program, enrolled: bool, link: Link | None, as_json: bool) -> str:
    at = program.services.clock.now().isoformat(timespec="seconds")
    state = link.state.value if link is not None else "connecting" if enrolled else "alone"
    why, hint = (link.why, link.hint) if link is not None else ("", "")
    if as_json:
        return json.dumps({"at": at, "state": state, "why": why, "hint": hint}, ensure_ascii=False)
    return " ".join(part for part in (at, state, why, hint) if part)


@contextmanager
def _heard(program: Program) -> Iterator[threading.Event]:
    """Set whenever the link changes."""
    changed = threading.Event()

    def hear(_event: Event) -> None:
        changed.set()

    subscription = program.services.bus.subscribe(CentralChanged, hear)
    try:
        yield changed
    finally:
        subscription.cancel()
