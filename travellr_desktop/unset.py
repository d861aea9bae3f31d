"""Settings as they are where nobody has set any: for the first picture, which does not wait for what reads them.

Reading settings with care takes as long as all else before the first picture together. Where there is nothing to read,
that is done afterwards, in the background.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from travellr_desktop.paths import Profile

_OF_SETTINGS = ("DATABASE_URL", "HUB_", "MAIL_", "REDIS_", "STRIPE_", "TRAVELLR_")
"""How the names of all settings in the environment begin."""


@dataclass(frozen=True, slots=True)
class Unset:
    """What `config.Settings` holds of these where nothing is set."""

    theme: str = "system"
    locale: str = "en_GB"
    log_level: str = "INFO"


def anything_set(profile: Profile, environment: Iterable[str]) -> bool:
    """Whether there may be a setting: a file, or a name in the environment that is like one."""
    return profile.settings.exists() or any(
        name.startswith(_OF_SETTINGS) and name != "TRAVELLR_PROFILE" for name in environment
    )
