"""What people are shown of the central database, of the desks that meet there, and of what waits for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from travellr_desktop.services.central.link import Link


@dataclass(frozen=True, slots=True)
class Standing:
    """How a desk stands to its hub, where it belongs to one. `link` is None where this program does not keep in
    touch. `waiting` are ops that are still to be told; `looked` when the hub was last asked about all desks and the
    inbox. `address` and `login` are where and as whom. `came_back` is when this desk, whose seats had been written
    off, was there again, for a day from then."""

    desk: str
    enrolled: bool = False
    link: Link | None = None
    waiting: int = 0
    looked: datetime | None = None
    cursor: int = 0
    epoch: int = 0
    address: str = ""
    login: str = ""
    came_back: datetime | None = None
    of_vendor: bool = False
    """It is no desk, but the file of a vendor's person; `desk` is then the vendor."""


class DeskState(StrEnum):
    """How a desk was when the hub was last asked."""

    ONLINE = "online"
    OFFLINE = "offline"
    OLD = "old"  # it is there, with another version of the program than this one
    NEVER = "never"  # it was never there
    WRITTEN_OFF = "written_off"


@dataclass(frozen=True, slots=True)
class DeskView:
    """A desk of the agency. `behind` are publications that it has not taken in; `waiting` its ops that are still to
    be told, where it is this desk, else those of it that lie in the inbox; None where nobody knows. `version` is that
    of the program, or where only that is known the number of the shape of its data. `granted` seats of departures to
    come, of which `taken` are gone."""

    id: UUID
    number: int
    name: str
    here: bool
    state: DeskState
    seen: datetime | None
    version: str
    behind: int | None
    waiting: int | None
    granted: int
    taken: int
    written_off: datetime | None = None

    @property
    def left(self) -> int:
        """Seats that it may still sell without asking."""
        return self.granted - self.taken


@dataclass(frozen=True, slots=True)
class LeftSeats:
    """What a desk may still sell of one departure."""

    departure_id: UUID
    title: str
    starts_at: datetime
    zone: str
    left: int


@dataclass(frozen=True, slots=True)
class DeskDetail:
    """A desk, and what it may still sell: the next departures, and how many seats of `more` later ones. `keeps` says
    why nobody writes them off, or is empty."""

    desk: DeskView
    next: tuple[LeftSeats, ...]
    more: int
    more_seats: int
    keeps: str = ""


class EntryKind(StrEnum):
    """Why something waits for a person."""

    FIELD = "field"  # two desks wrote the same field
    REFUSED = "refused"  # the hub took nothing of an op
    PARKED = "parked"  # an op that stands on one that was refused
    OVERSALE = "oversale"  # sold beyond what there is, or a numbered seat twice


class ChoiceKind(StrEnum):
    """What may be done about it."""

    KEEP_HUB = "keep_hub"
    TAKE_DESK = "take_desk"
    OTHER = "other"  # neither of the two values
    ANEW = "anew"  # what follows from other fields is made anew
    RETRY = "retry"
    RETRY_WITH = "retry_with"  # with another value for the field that the hub named
    DROP = "drop"
    MORE_SEATS = "more_seats"
    MOVE = "move"  # a booking, to another departure
    CANCEL = "cancel"  # a booking
    SEEN = "seen"


LEADS_ON = frozenset({ChoiceKind.MOVE, ChoiceKind.CANCEL})
"""They are done on the booking's own screen: nothing is settled by choosing them."""


class AskKind(StrEnum):
    """How a value is typed. What is handed back is text: an amount and a number as the locale writes them, a day as
    `2026-07-04`, of `PICK` the key of an option."""

    TEXT = "text"
    NUMBER = "number"
    AMOUNT = "amount"
    PERCENT = "percent"
    DAY = "day"
    PICK = "pick"


@dataclass(frozen=True, slots=True)
class Ask:
    """A value that has to be typed for a choice. `field` names it in an `InvalidInput`; `given` is what stands there at
    first; `unit` stands behind it. `needed`: it may not be left empty."""

    field: str
    label: str
    kind: AskKind = AskKind.TEXT
    given: str = ""
    options: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Side:
    """A value, and who wrote it when at which desk; empty where nobody knows."""

    value: str
    who: str
    at: datetime | None
    desk: str


@dataclass(frozen=True, slots=True)
class Choice:
    """`words` are a verb, `follows` one sentence of what becomes of it. `off` says why it cannot be chosen, else it
    is empty. `asks` is what has to be typed for it."""

    kind: ChoiceKind
    words: str
    follows: str
    off: str = ""
    asks: tuple[Ask, ...] = ()


@dataclass(frozen=True, slots=True)
class BeyondSale:
    """A booking of those that were sold last where there were no seats any more. `elsewhere` says which desk it is
    changed and cancelled at, where that is another one than this."""

    booking_id: UUID
    reference: str
    traveller: str
    seats: int
    who: str
    at: datetime
    desk: str
    elsewhere: str


@dataclass(frozen=True, slots=True)
class Oversold:
    """A departure with more sold than it has: `seats` there are (capacity, and what people allowed beyond it), `taken`
    all desks have sold or hold, `beyond` of them are too many; `open`: it is not cancelled or completed. `by` says
    which desk has taken how many. `sales` are the last ones of who sold too many."""

    departure_id: UUID
    title: str
    starts_at: datetime
    zone: str
    seats: int
    taken: int
    beyond: int
    numbered: bool
    open: bool
    by: tuple[tuple[str, int], ...]
    sales: tuple[BeyondSale, ...]


@dataclass(frozen=True, slots=True)
class InboxEntry:
    """Something that waits. `title` and `thing` are for a list; `reason` is the hub's sentence, or empty; `behind`
    are ops that wait for this one, `waits` what they would do.

    Of what was refused: `where` is the field of the row that the hub named, `tried` what it would have done, row by
    row. Of a field: `along` are the other fields of the same change that wait too. Of an oversale: `oversold`, None
    where the departure is not here."""

    id: str
    kind: EntryKind
    title: str
    thing: str
    came: datetime | None
    field: str
    hub: Side | None
    desk: Side
    reason: str
    op_no: int
    behind: int
    choices: tuple[Choice, ...]
    where: str = ""
    tried: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()
    along: tuple[str, ...] = ()
    oversold: Oversold | None = None
