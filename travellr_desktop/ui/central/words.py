"""How the central database is spoken of: states, moments, what waits."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication

from travellr_desktop.services.central.link import Link, LinkState
from travellr_desktop.services.central.views import DeskState, Standing
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.station import CentralLine

NOTHING = "–"
_FRESH = timedelta(minutes=2)

DESK_BADGES: dict[DeskState, tuple[str, str]] = {
    DeskState.ONLINE: ("online", "Online"),
    DeskState.OFFLINE: ("offline", "Offline"),
    DeskState.OLD: ("notready", "Other version"),
    DeskState.NEVER: ("created", "Never there"),
    DeskState.WRITTEN_OFF: ("abandoned", "Written off"),
}
"""Status and word of the badge of a desk."""


def say(text: str) -> str:
    return QCoreApplication.translate("Central", text)


def line_of(standing: Standing, formats: Formats, now: datetime) -> CentralLine | None:
    """What the status bar says of it; None at a desk that works by itself."""
    if not standing.enrolled:
        return None
    link = standing.link
    icon, tone, words = _state(link, formats, now)
    second = [say("{0} waiting").format(f"{standing.waiting:,}")] if standing.waiting else []
    if link is not None and link.last is not None and link.state in (LinkState.OFFLINE, LinkState.REFUSED):
        second.append(say("synced {0}").format(since_words(link.last, formats, now)))
    tip = [say("Central database {0}").format(standing.address).strip()]
    if link is not None:
        tip.append(synced_words(link, formats, now))
        tip += [part for part in (link.why, link.hint) if part]
    if standing.waiting:
        tip.append(say("{0} changes of this desk wait to be told").format(f"{standing.waiting:,}"))
    return CentralLine(icon, tone, words, " · ".join(second), "\n".join(tip))


def _state(link: Link | None, formats: Formats, now: datetime) -> tuple[str, str, str]:
    if link is None or link.state is LinkState.CONNECTING:
        return "loader", "text_secondary", say("Connecting")
    if link.state in (LinkState.ONLINE, LinkState.ELSEWHERE):
        return "wifi", "ok", say("Online")
    if link.state is LinkState.OFFLINE:
        return "wifi-off", "wait", say("Offline since {0}").format(since_words(link.since, formats, now))
    return "cloud-off", "bad", say("Not connected")


def head_words(link: Link | None, *, own: bool = False) -> str:
    """How this desk stands, for a heading; with `own` a vendor's file."""
    if link is None or link.state is LinkState.CONNECTING:
        return say("Connecting to the central database")
    if own:
        return {
            LinkState.ONLINE: say("Online"),
            LinkState.ELSEWHERE: say("Another window of this file keeps in touch"),
            LinkState.OFFLINE: say("Offline"),
            LinkState.REFUSED: say("Not connected"),
        }[link.state]
    return {
        LinkState.ONLINE: say("This desk is online"),
        LinkState.ELSEWHERE: say("Another window of this desk keeps in touch"),
        LinkState.OFFLINE: say("This desk is offline"),
        LinkState.REFUSED: say("This desk is not connected"),
    }[link.state]


def since_words(moment: datetime, formats: Formats, now: datetime, *, short: bool = False) -> str:
    """`14:05`, with the day where that was another one; `short`: then the day alone."""
    day = formats.local(moment, formats.zone).date()
    if day == formats.local(now, formats.zone).date():
        return formats.time(moment, formats.zone)
    return formats.day_of_year(day) if short else formats.when(moment, formats.zone)


def synced_words(link: Link, formats: Formats, now: datetime) -> str:
    """When this desk and the hub were last at one."""
    if link.last is None:
        return say("Not synced since the program was started")
    if now - link.last < _FRESH:
        return say("Synced just now")
    return say("Synced at {0}").format(since_words(link.last, formats, now))


def seen_words(moment: datetime | None, asked: datetime | None, formats: Formats, now: datetime) -> str:
    """When a desk was last there, as the hub told it at `asked`."""
    if moment is None:
        return NOTHING
    if asked is not None and asked - moment < _FRESH and now - asked < _FRESH:
        return say("now")
    return since_words(moment, formats, now)


def count_words(number: int | None) -> str:
    return NOTHING if not number else f"{number:,}"
