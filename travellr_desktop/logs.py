"""What the program writes down about itself: a file in the profile, and the last errors for the Activity screen.

No secret is ever written: whatever looks like a key, a password or a card number is blotted out as the line is formed,
tracebacks included. What looks like nothing, a passphrase, is named here by whoever is given it (`hide`).
"""

from __future__ import annotations

import faulthandler
import logging
import re
import sys
import threading
import time
import traceback
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from types import TracebackType
from typing import TextIO

from travellr_desktop.errors import Cancelled, Refusal
from travellr_desktop.paths import Profile

FILE_BYTES = 1_000_000
FILES_KEPT = 5
ERRORS_KEPT = 200

_BLOT = "•••"
_SECRETS = (
    # keys of Stripe (secret, restricted, webhook) and a payment object's client secret
    (re.compile(r"\b((?:sk|rk)_(?:test|live)_|whsec_)[A-Za-z0-9_]+"), rf"\1{_BLOT}"),
    (re.compile(r"\b((?:pi|seti)_[A-Za-z0-9]+_secret_)[A-Za-z0-9]+"), rf"\1{_BLOT}"),
    (re.compile(r"(?i)\b((?:basic|bearer)\s+)[A-Za-z0-9+/=._~-]{8,}"), rf"\1{_BLOT}"),
    # a name that speaks of a password, then its value: password=x, "smtp_password": "x y", --password x
    (
        re.compile(
            r"""(?ix) ( \w*(?:passw(?:or)?d|passphrase|api_?key|secret)\w* ["']? \s* [:=] \s* )
            ( "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' | [^\s,;&)}\]]+ )"""
        ),
        rf"\1{_BLOT}",
    ),
    (re.compile(r"(\w+://[^\s/:@]*:)[^\s/@]+(@)"), rf"\1{_BLOT}\2"),  # user:password@host
    (re.compile(r"\$(?:argon2\w*|2[aby])\$[^\s'\"]+"), _BLOT),
)


# as it is printed on a card, in groups or without: 13 to 19 digits, of which the first says whose card it is
_CARD = re.compile(r"(?<![\w.-])[2-6]\d{2,5}(?:[ -]?\d{2,6}){2,5}(?![\w-]|\.\d)")
_hidden: set[str] = set()
_SHORTEST_HIDDEN = 6
"""Characters. A shorter secret would blot out words that are none."""


def hide(secret: str) -> None:
    """From now on this very text is never written. For secrets that do not look like one; those of less than six
    characters are left to their looks."""
    if len(secret) >= _SHORTEST_HIDDEN:
        _hidden.add(secret)


def redact(text: str) -> str:
    """The same text with keys, passwords, password hashes and card numbers blotted out."""
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    for secret in sorted(_hidden, key=len, reverse=True):
        text = text.replace(secret, _BLOT)
    return _CARD.sub(_without_card, text)


def is_card_number(text: str) -> bool:
    """Whether 13 to 19 digits, spaces and dashes aside, add up as those of a card do."""
    digits = [int(each) for each in text if each.isdecimal()]
    twice = [each * 2 - 9 if each > 4 else each * 2 for each in digits[-2::-2]]
    return 13 <= len(digits) <= 19 and (sum(digits[-1::-2]) + sum(twice)) % 10 == 0


def _without_card(found: re.Match[str]) -> str:
    return f"{_BLOT} {found[0][-4:]}" if is_card_number(found[0]) else found[0]


@dataclass(frozen=True, slots=True)
class ErrorEntry:
    """One error as the Activity screen shows it. `at` is UTC; `details` is the traceback, or empty."""

    at: datetime
    level: str
    source: str
    message: str
    details: str


class Journal:
    """What `start_logging` started. `close` stops it and puts the hooks back as they were."""

    def __init__(self, profile: Profile, level: str) -> None:
        """Raises OSError where the log cannot be written; `start_logging` goes on without a file then."""
        self._errors = _Ring()
        self._handlers: list[logging.Handler] = [self._errors]
        self._root = logging.getLogger("travellr_desktop")
        self._level_before = self._root.level
        self._crash: TextIO | None = None
        self._hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        self._open_files(profile)
        for handler in self._handlers:
            self._root.addHandler(handler)
        self._root.setLevel(level)
        sys.excepthook = self._excepthook
        threading.excepthook = self._thread_hook
        sys.unraisablehook = self._unraisable_hook

    def recent_errors(self) -> tuple[ErrorEntry, ...]:
        """The newest errors, newest first, at most `ERRORS_KEPT`. May be asked from any thread."""
        return self._errors.entries()

    def close(self) -> None:
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._hooks
        self._root.setLevel(self._level_before)
        for handler in self._handlers:
            self._root.removeHandler(handler)
            handler.close()
        if self._crash is not None:
            faulthandler.disable()
            self._crash.close()
            self._crash = None

    def _open_files(self, profile: Profile) -> None:
        try:
            handler = RotatingFileHandler(
                profile.logs / "travellr.log", maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8"
            )
        except OSError as problem:
            # the program still runs from a folder that cannot be written to, and says so in its own place
            self._errors.note(f"No log is written to {profile.logs}: {problem.strerror or problem}")
            return
        handler.setFormatter(_Redacting("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"))
        self._handlers.append(handler)
        if not faulthandler.is_enabled():  # a test run has its own
            self._crash = (profile.logs / "crash.log").open("a", encoding="utf-8")
            faulthandler.enable(self._crash)

    def _excepthook(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._hooks[0](kind, error, trace)
            return
        self._uncaught("in the main thread", error)

    def _thread_hook(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._uncaught(f"in the thread {args.thread.name if args.thread else '?'}", args.exc_value)

    def _unraisable_hook(self, args: sys.UnraisableHookArgs) -> None:
        if args.exc_value is not None:
            self._uncaught(args.err_msg or "while an object was let go", args.exc_value)

    def _uncaught(self, where: str, error: BaseException) -> None:
        if isinstance(error, (Cancelled, SystemExit)):
            return
        level = logging.WARNING if isinstance(error, Refusal) else logging.ERROR
        self._root.log(level, "Nobody caught this, %s: %s", where, error, exc_info=error)


def start_logging(profile: Profile, level: str = "INFO") -> Journal:
    """Writes to the profile's `logs` folder from now on, and keeps the last errors in memory.

    Where the folder cannot be written to, the errors are kept in memory alone and the first entry says so.
    """
    return Journal(profile, level)


class _Redacting(logging.Formatter):
    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


class _Ring(logging.Handler):
    """The last errors, each blotted before it is kept."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._entries: deque[ErrorEntry] = deque(maxlen=ERRORS_KEPT)

    def emit(self, record: logging.LogRecord) -> None:
        trace = "".join(traceback.format_exception(*record.exc_info)) if record.exc_info else ""
        self._entries.appendleft(
            ErrorEntry(
                datetime.fromtimestamp(record.created, UTC),
                record.levelname,
                record.name,
                redact(record.getMessage()),
                redact(trace),
            )
        )

    def note(self, message: str) -> None:
        self._entries.appendleft(ErrorEntry(datetime.now(UTC), "ERROR", __name__, redact(message), ""))

    def entries(self) -> tuple[ErrorEntry, ...]:
        with self.lock:  # type: ignore[union-attr]  # made by Handler.__init__
            return tuple(self._entries)
