"""How it stands between a desk and its hub."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class LinkState(StrEnum):
    """How it stands between a desk and its hub."""

    CONNECTING = "connecting"
    ONLINE = "online"
    OFFLINE = "offline"  # no answer; tried again by itself
    REFUSED = "refused"  # something has to be done by a person
    ELSEWHERE = "elsewhere"  # another program on this file does it


@dataclass(frozen=True, slots=True)
class Link:
    """`since` it has been so; `why` a sentence and `hint` what to do, where it is not well; `last` the end of the
    last turn that went through."""

    state: LinkState
    since: datetime
    why: str = ""
    hint: str = ""
    last: datetime | None = None

    @property
    def reached(self) -> bool:
        """Whether the hub answered the last time, here or to another program on this file."""
        return self.state in (LinkState.ONLINE, LinkState.ELSEWHERE)
