"""The mark of a demonstration's folder. Light: every start of the program looks for it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from travellr_desktop.paths import Profile

MARK = "demo.json"

PASSWORD = "perast-by-boat"
"""Of everybody in the demonstration agency. No secret: all behind it is made up, and no money moves."""

AGENT = "ana@example.com"
HINT = (
    f"Demo agency: {AGENT} is an agent, mira@example.com a manager, jovan@example.com the admin, "
    f"luka@example.com of a vendor. The password of all: {PASSWORD}"
)
"""What the sign-in screen of a demonstration says."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What `demo.json` says of the agency beside it. `today` is the day it was made around."""

    seed: int
    today: date
    bookings: int


@dataclass(frozen=True, slots=True)
class DemoSignIn:
    """With these somebody signs in."""

    email: str = AGENT
    password: str = PASSWORD


def demo_profile(own: Profile) -> Profile:
    """Where the demonstration is kept for a person with that profile."""
    return Profile.at(own.folder.with_name(f"{own.folder.name}-demo"))


def read_mark(profile: Profile) -> Mark | None:
    """What the folder's mark says; None where it holds no demonstration."""
    try:
        found = json.loads((profile.folder / MARK).read_text("utf-8"))
        mark = Mark(int(found["seed"]), date.fromisoformat(found["today"]), int(found["bookings"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return mark if profile.database.exists() else None


def write_mark(profile: Profile, mark: Mark) -> None:
    """Raises `OSError`."""
    text = json.dumps({"seed": mark.seed, "today": mark.today.isoformat(), "bookings": mark.bookings})
    partial = profile.folder / f"{MARK}.new"
    partial.write_text(text, "utf-8")
    partial.replace(profile.folder / MARK)
