"""What is kept of a bug, so that a person can report it."""

from __future__ import annotations

import platform
import traceback
from dataclasses import dataclass
from datetime import UTC, datetime

import PySide6

from travellr_desktop import __version__
from travellr_desktop.logs import redact


@dataclass(frozen=True, slots=True)
class BugReport:
    """One error that nobody foresaw. `trace` holds file names and lines, never the values of variables; what an error
    says of itself is blotted as in the log."""

    at: datetime
    doing: str
    kind: str  # the error's class: all that is shown where there is room for one line
    error: str
    trace: str

    @classmethod
    def of(cls, error: BaseException, doing: str = "") -> BugReport:
        trace = redact("".join(traceback.format_exception(error)))
        kind = type(error).__name__
        return cls(datetime.now(UTC), doing, kind, redact(f"{kind}: {error}").strip(": "), trace)

    def details(self) -> str:
        """The text a person copies into a report."""
        return "\n".join(
            (
                f"Travellr Desktop {__version__}",
                f"Python {platform.python_version()}, PySide6 {PySide6.__version__}, {platform.platform()}",
                f"At {self.at:%Y-%m-%d %H:%M:%S} UTC" + (f", while: {self.doing}" if self.doing else ""),
                "",
                self.trace.rstrip(),
                "",
            )
        )
