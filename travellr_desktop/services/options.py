"""Options: seats kept to a date for a traveller who has not decided. Offers to those who waited are answered here too.

An option comes out of somebody's basket and is nobody's then: everybody at the desk may take it up, extend or release
it. Taken up, it is a hold like any other, in the basket of who took it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.party import Party
from travellr_desktop.domain.permissions import SYSTEM, Actor, Permission, require
from travellr_desktop.domain.states import HoldKind, HoldState, is_open
from travellr_desktop.domain.text import clean_line
from travellr_desktop.errors import HoldLapsed, InvalidInput, NotFound, WrongState
from travellr_desktop.events import OptionDue
from travellr_desktop.services import freeing, holds, keys
from travellr_desktop.services.holds import HoldView
from travellr_desktop.services.posting import hold_changed
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Departure, Hold
from travellr_desktop.storage.repositories.options import KEPT_KINDS
from travellr_desktop.storage.uow import Database, Reading, UnitOfWork

BEFORE = timedelta(days=1)
"""A reminder comes so long before the option ends, or half-way to it where that is shorter."""
NOTE_LENGTH = 500


@dataclass(frozen=True, slots=True)
class OptionView:
    """Seats kept for a traveller, as an option or as an offer to somebody who waited, and what they cost on that day.

    `until` is when they go back; `remind_at` is None for an offer. `kept_by` is empty for an offer: the program made
    it. `is_due`: the reminder has come, or there is an offer to be answered."""

    id: UUID
    kind: HoldKind
    state: HoldState
    departure_id: UUID
    title: str
    vendor_name: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    cutoff_at: datetime
    traveller_id: UUID
    traveller_name: str
    traveller_phone: str
    traveller_email: str
    party: Party
    seats: int
    labels: tuple[str, ...]
    total: Money
    until: datetime
    remind_at: datetime | None
    is_due: bool
    note: str
    kept_at: datetime
    kept_by: str


@dataclass(frozen=True, slots=True)
class ToDo:
    """How many options are due, and how many offers wait for an answer."""

    due: int
    offers: int


@dataclass(frozen=True, slots=True)
class _Keep:
    hold_id: UUID
    until: datetime
    traveller_id: UUID
    note: str
    remind_at: datetime | None


@dataclass(frozen=True, slots=True)
class _TakeUp:
    option_id: UUID


class OptionService:
    """Keeps seats for travellers. What is taken up lasts `lasts`, as other holds do."""

    def __init__(self, database: Database, lasts: timedelta) -> None:
        self._db = database
        self._lasts = lasts

    def keep(
        self,
        actor: Actor,
        hold_id: UUID,
        until: datetime,
        traveller_id: UUID,
        note: str = "",
        remind_at: datetime | None = None,
        *,
        key: UUID,
    ) -> OptionView:
        """Turn a hold of one's basket into an option until a moment that is not beyond the departure's cut-off.

        Raises `InvalidInput` naming `until`, `remind_at`, `note`, or `traveller` for seats that were offered to
        another; `HoldLapsed`, `NotFound`, `SalesClosed`, and `WrongState` for a hold that a booking waits on."""
        require(actor, Permission.HOLD_CREATE)
        asked = _Keep(hold_id, until, traveller_id, _note(note), remind_at)
        with self._db.write(Commit.OPTION_KEEP, actor) as work:
            earlier = keys.begin(work, self._db.workers, key, "option.keep", asked, hold_id)
            if earlier is not None:
                return view(work, work.options.get(hold_id))
            hold = _in_basket(actor, work, hold_id)
            departure = work.departures.get(hold.departure_id)
            holds.sellable(departure, work.now)
            traveller = work.travellers.find_by_id(traveller_id)
            if traveller is None:
                raise NotFound("There is no such traveller.", hint="Choose who they are kept for.")
            traveller_id = traveller.id  # that of the record it was merged into, where it was
            _as_offered(work, hold, traveller_id)
            hold.kind, hold.traveller_id, hold.note = HoldKind.OPTION, traveller_id, asked.note
            _set_time(work, hold, departure, until, remind_at)
            work.audit("option.keep", "hold", hold.id, seats=hold.seats, until=until.isoformat())
            keys.finish(work, key, {"hold": str(hold.id)}, hold.id)
            work.publish(hold_changed(hold, work.now))
            kept = view(work, hold)
            work.commit()
        return kept

    def extend(
        self, actor: Actor, option_id: UUID, until: datetime, remind_at: datetime | None = None
    ) -> OptionView:
        """Let an option or an offer end at another time, earlier or later. Raises as `keep`."""
        require(actor, Permission.HOLD_CREATE)
        with self._db.write(Commit.OPTION_KEEP, actor) as work:
            hold = _kept(work, option_id)
            departure = work.departures.get(hold.departure_id)
            holds.sellable(departure, work.now)
            _set_time(work, hold, departure, until, remind_at)
            work.audit("option.extend", "hold", hold.id, until=until.isoformat())
            work.publish(hold_changed(hold, work.now))
            extended = view(work, hold)
            work.commit()
        return extended

    def take_up(self, actor: Actor, option_id: UUID, *, key: UUID) -> HoldView:
        """Bring an option or an offer into one's own basket, for the usual minutes.

        Raises `HoldLapsed`, `NotFound`, `SalesClosed`, and `WrongState` where somebody has taken it up already."""
        require(actor, Permission.HOLD_CREATE)
        with self._db.write(Commit.OPTION_TAKE_UP, actor) as work:
            earlier = keys.begin(work, self._db.workers, key, "option.take_up", _TakeUp(option_id), option_id)
            if earlier is not None:
                return holds.view(work, work.options.get(option_id))
            hold = _kept(work, option_id)
            holds.sellable(work.departures.get(hold.departure_id), work.now)
            was = hold.kind
            hold.kind, hold.created_by = HoldKind.HOLD, actor.user_id
            # its time begins now: the longest that a hold may last is counted from here
            hold.created_at, hold.expires_at = work.now, work.now + self._lasts
            hold.remind_at = hold.reminded_at = None
            work.options.update(hold)
            work.audit("option.take_up", "hold", hold.id, was=was.value, seats=hold.seats)
            keys.finish(work, key, {"hold": str(hold.id)}, hold.id)
            work.publish(hold_changed(hold, work.now))
            taken = holds.view(work, hold)
            work.commit()
        return taken

    def release(self, actor: Actor, option_id: UUID) -> None:
        """Give the seats of an option or an offer back at once; they go to those who wait. One that has ended is left
        as it is. Raises `NotFound`, and `WrongState` where somebody has taken it up."""
        require(actor, Permission.HOLD_CREATE)
        with self._db.write(Commit.HOLD_RELEASE, actor) as work:
            hold = _named(work, option_id)
            if hold.state is not HoldState.ACTIVE:
                return
            _not_taken_up(hold)
            work.audit("option.release", "hold", hold.id, was=hold.kind.value, seats=hold.seats)
            freeing.end_holds(work, [hold], HoldState.RELEASED)
            work.commit()

    def detail(self, actor: Actor, option_id: UUID) -> OptionView:
        """One option or offer, also one that has ended. Raises `NotFound`."""
        require(actor, Permission.HOLD_CREATE)
        with self._db.read() as reading:
            return view(reading, _named(reading, option_id))

    def of_departure(self, actor: Actor, departure_id: UUID) -> tuple[OptionView, ...]:
        """What is kept of a departure now, the first to end first."""
        require(actor, Permission.HOLD_CREATE)
        with self._db.read() as reading:
            return tuple(view(reading, hold) for hold in reading.options.of_departure(departure_id))

    def due(self, actor: Actor) -> tuple[OptionView, ...]:
        """What somebody must act on: options whose reminder has come, and offers; the first to end first."""
        require(actor, Permission.HOLD_CREATE)
        with self._db.read() as reading:
            return tuple(view(reading, hold) for hold in reading.options.due(reading.clock.now()))

    def to_do(self, actor: Actor) -> ToDo:
        """How many those are."""
        require(actor, Permission.HOLD_CREATE)
        with self._db.read() as reading:
            return ToDo(reading.options.count_due(reading.clock.now()), reading.options.count_offers())

    def remind_due(self) -> int:
        """Tell of the options whose reminder has come, each once. Returns how many. The program's own doing."""
        with self._db.read() as reading:
            if not reading.options.to_remind(reading.clock.now(), limit=1):
                return 0
        with self._db.write(Commit.OPTION_REMIND, SYSTEM) as work:
            due = work.options.to_remind(work.now)
            for hold in due:
                assert hold.traveller_id is not None  # an option names its traveller
                hold.reminded_at = work.now
                work.publish(
                    OptionDue(
                        aggregate_id=hold.id,
                        timestamp=work.now,
                        departure_id=hold.departure_id,
                        traveller_id=hold.traveller_id,
                        expires_at=hold.expires_at,
                    )
                )
            work.commit()
        return len(due)


def default_reminder(now: datetime, until: datetime) -> datetime:
    """When one is reminded of an option that ends at `until`, where nobody says."""
    return until - min(BEFORE, (until - now) / 2)


def _set_time(
    work: UnitOfWork, hold: Hold, departure: Departure, until: datetime, remind_at: datetime | None
) -> None:
    if until <= work.now:
        raise InvalidInput("That moment is past.", field="until", hint="Choose a later one.")
    if until > departure.cutoff_at:
        raise InvalidInput(
            "Seats are kept no longer than the departure is sold.",
            field="until",
            hint="Choose a moment before its sales close.",
        )
    if hold.kind is HoldKind.OPTION:
        reminder = remind_at or default_reminder(work.now, until)
        if not work.now < reminder <= until:
            raise InvalidInput(
                "A reminder comes before the option ends.", field="remind_at", hint="Choose another moment."
            )
        hold.remind_at, hold.reminded_at = reminder, None
    hold.expires_at = until
    work.options.update(hold)


def _in_basket(actor: Actor, work: UnitOfWork, hold_id: UUID) -> Hold:
    """A hold of the actor's own basket that lives."""
    hold = work.holds.get(hold_id)
    if hold.created_by != actor.user_id or hold.kind is not HoldKind.HOLD:
        raise NotFound("There is no such hold.")
    if hold.state is not HoldState.ACTIVE or hold.expires_at <= work.now:
        raise HoldLapsed("The hold has ended; the seats went back.")
    if work.holds.booking_of(hold.id) is not None:
        raise WrongState("A booking waits on these seats.", hint="Release the sale first.")
    holds.refuse_elsewhere(work, hold)
    return hold


def _as_offered(work: UnitOfWork, hold: Hold, traveller_id: UUID) -> None:
    """Seats that were offered to somebody who waited are theirs, or go to the next who waits."""
    if hold.traveller_id in (None, traveller_id):
        return
    entry = work.waiting.of_hold(hold.id)
    if entry is not None and is_open(entry.state):
        raise InvalidInput(
            "These seats were offered to somebody else who waits.",
            field="traveller",
            hint="Keep them for the same person, or release them.",
        )


def _named(reading: Reading, option_id: UUID) -> Hold:
    """A hold that is, or was, kept for a traveller."""
    hold = reading.options.get(option_id)
    if hold.traveller_id is None:
        raise NotFound("There is no such option.")
    return hold


def _kept(work: UnitOfWork, option_id: UUID) -> Hold:
    """One whose seats are still kept."""
    hold = _named(work, option_id)
    if hold.state is not HoldState.ACTIVE or hold.expires_at <= work.now:
        raise HoldLapsed("It has ended; the seats went back.")
    _not_taken_up(hold)
    return hold


def _not_taken_up(hold: Hold) -> None:
    if hold.kind not in KEPT_KINDS:
        raise WrongState("Somebody has taken it up already.", hint="The seats are in their basket.")


def _note(text: str) -> str:
    return clean_line(text, "note", NOTE_LENGTH, required=False)


def view(reading: Reading, hold: Hold) -> OptionView:
    """An option or offer with all that belongs to it. It names a traveller."""
    assert hold.traveller_id is not None
    shown = holds.view(reading, hold)
    departure = reading.departures.get(hold.departure_id)
    traveller = reading.travellers.get(hold.traveller_id)
    keeper = None if hold.created_by is None else reading.users.find_by_id(hold.created_by)
    now = reading.clock.now()
    due = hold.kind is HoldKind.OFFER or (hold.remind_at is not None and hold.remind_at <= now)
    return OptionView(
        id=hold.id,
        kind=hold.kind,
        state=hold.state,
        departure_id=departure.id,
        title=shown.title,
        vendor_name=shown.vendor_name,
        starts_at=departure.starts_at,
        ends_at=departure.ends_at,
        zone=departure.zone,
        cutoff_at=departure.cutoff_at,
        traveller_id=traveller.id,
        traveller_name=traveller.name,
        traveller_phone=traveller.phone,
        traveller_email=traveller.email,
        party=shown.party,
        seats=hold.seats,
        labels=shown.labels,
        total=shown.total,
        until=hold.expires_at,
        remind_at=hold.remind_at,
        is_due=due and hold.state is HoldState.ACTIVE,
        note=hold.note,
        kept_at=hold.created_at,
        kept_by="" if keeper is None else keeper.name,
    )
