"""Errors of this session as lines, and the report a person can copy."""

from __future__ import annotations

import platform
from collections.abc import Sequence

import PySide6
from PySide6.QtCore import QCoreApplication

from travellr_desktop import __version__
from travellr_desktop.logs import ErrorEntry
from travellr_desktop.ui.activity.event_words import moment
from travellr_desktop.ui.activity.record import Record
from travellr_desktop.ui.formats import Formats


def _say(text: str) -> str:
    return QCoreApplication.translate("ErrorWords", text)


def place_of(source: str) -> str:
    """Where in the program, without its own name before it: `ui.background`."""
    return source.removeprefix("travellr_desktop.") or source


def records(entries: Sequence[ErrorEntry], formats: Formats) -> tuple[Record, ...]:
    """Newest first, as they come. Two errors of one moment are told apart by their place from the end."""
    count = len(entries)
    return tuple(
        Record(
            (entry.at, entry.source, count - number),
            entry.at,
            moment(formats, entry.at),
            _first_line(entry.message)[:1].upper() + _first_line(entry.message)[1:],
            place_of(entry.source),
            _last_line(entry.details),
            facts=(
                (_say("Message"), entry.message.strip()),
                (_say("Where"), entry.source),
                (_say("Level"), entry.level.capitalize()),
            ),
            record=report(entry),
            tone="bad",
        )
        for number, entry in enumerate(entries)
    )


def report(entry: ErrorEntry) -> str:
    """What a person sends to whoever looks after the program. The log has taken out what is secret."""
    head = (
        f"Travellr Desktop {__version__}",
        f"Python {platform.python_version()}, PySide6 {PySide6.__version__}, {platform.platform()}",
        f"At {entry.at:%Y-%m-%d %H:%M:%S} UTC, {entry.level} in {entry.source}",
        "",
        entry.message.strip(),
    )
    return "\n".join(head) + (f"\n\n{entry.details.strip()}\n" if entry.details.strip() else "\n")


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), _say("No message"))


def _last_line(text: str) -> str:
    """The error itself stands at the end of a traceback."""
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")
