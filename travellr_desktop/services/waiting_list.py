"""The waiting list of full departures: who waits, who is offered seats, and who has given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from travellr_desktop.domain.party import Party
from travellr_desktop.domain.permissions import SYSTEM, Actor, Permission, require
from travellr_desktop.domain.states import HoldKind, HoldState, WaitingState, is_open
from travellr_desktop.domain.text import clean_line
from travellr_desktop.errors import InvalidInput, NotFound, WrongState
from travellr_desktop.services import freeing, keys, waitlist
from travellr_desktop.services.holds import open_for_more, party_data, party_of, prices_of, seats_for
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Departure, WaitingEntry
from travellr_desktop.storage.uow import Database, Reading

NOTE_LENGTH = 500


@dataclass(frozen=True, slots=True)
class WaitingView:
    """Somebody who waits, or waited. `place` is how many wait before them, and themself; 0 where they do not wait any
    more. `offer_id` is the hold they were offered, `offer_until` when it ends while it stands; `taken_up`: it is in
    somebody's basket."""

    id: UUID
    state: WaitingState
    departure_id: UUID
    title: str
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
    note: str
    joined_at: datetime
    joined_by: str
    place: int
    free: int
    offered_at: datetime | None
    offer_id: UUID | None
    offer_until: datetime | None
    taken_up: bool
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Join:
    departure_id: UUID
    traveller_id: UUID
    party: Party
    note: str


class WaitingListService:
    def __init__(self, database: Database) -> None:
        self._db = database

    def join(
        self, actor: Actor, departure_id: UUID, traveller_id: UUID, party: Party, note: str = "", *, key: UUID
    ) -> WaitingView:
        """Put somebody on the list of a departure that has too few seats for them.

        Raises `InvalidInput` where seats suffice, where the departure never has so many, or where they wait already;
        `NotFound`, `SalesClosed`."""
        require(actor, Permission.HOLD_CREATE)
        asked = _Join(departure_id, traveller_id, party, _note(note))
        with self._db.write(Commit.WAITING_SAVE, actor) as work:
            earlier = keys.begin(work, self._db.workers, key, "waiting.join", asked)
            if earlier is not None and earlier.aggregate_id is not None:
                return _view(work, work.waiting.get(earlier.aggregate_id))
            departure = work.departures.get(departure_id)
            open_for_more(work, departure)
            traveller = work.travellers.find_by_id(traveller_id)
            if traveller is None:
                raise NotFound("There is no such traveller.", hint="Choose who waits.")
            traveller_id = traveller.id  # that of the record it was merged into, where it was
            wanted = seats_for(prices_of(work, departure), party)
            self._refuse_in_vain(work, departure, traveller_id, wanted)
            entry = work.waiting.save(
                WaitingEntry(
                    departure_id=departure_id,
                    traveller_id=traveller_id,
                    party=party_data(party),
                    seats=wanted,
                    state=WaitingState.WAITING,
                    note=asked.note,
                    created_at=work.now,
                    created_by=actor.user_id,
                    desk_id=work.desk_id,
                )
            )
            work.audit("waiting.join", "waiting_list", entry.id, seats=wanted)
            keys.finish(work, key, {"entry": str(entry.id)}, entry.id)
            work.publish(waitlist.changed(work, entry))
            joined = _view(work, entry)
            work.commit()
        return joined

    @staticmethod
    def _refuse_in_vain(view: Reading, departure: Departure, traveller_id: UUID, wanted: int) -> None:
        desk_id = view.agency.this_desk().id
        grant = view.departures.grant(departure.id, desk_id)
        if grant is None or wanted > grant.seats:
            raise InvalidInput(
                "This departure never has so many seats.",
                field="party",
                hint="Split the party, or look elsewhere.",
            )
        if wanted <= view.departures.free(departure.id, desk_id):
            raise InvalidInput("There are seats enough now.", field="party", hint="Hold them.")
        if view.waiting.is_open_for(departure.id, traveller_id):
            raise InvalidInput("They wait for this departure already.", field="traveller")

    def withdraw(self, actor: Actor, entry_id: UUID) -> WaitingView:
        """Somebody does not want to wait any more; what they were offered goes to the next. One that has ended is left
        as it is. Raises `NotFound`, and `WrongState` while their offer is in somebody's basket."""
        require(actor, Permission.HOLD_CREATE)
        with self._db.write(Commit.WAITING_SAVE, actor) as work:
            entry = work.waiting.get(entry_id)
            if not is_open(entry.state):
                return _view(work, entry)
            hold = None if entry.hold_id is None else work.options.get(entry.hold_id)
            if hold is not None and hold.kind is not HoldKind.OFFER:
                raise WrongState(
                    "Somebody has taken the offer up already.", hint="Release the seats from their basket."
                )
            waitlist.end(work, entry, WaitingState.WITHDRAWN)
            work.audit("waiting.withdraw", "waiting_list", entry.id, seats=entry.seats)
            if hold is not None:
                freeing.end_holds(work, [hold], HoldState.RELEASED)
            withdrawn = _view(work, entry)
            work.commit()
        return withdrawn

    def detail(self, actor: Actor, entry_id: UUID) -> WaitingView:
        """Raises `NotFound`."""
        require(actor, Permission.HOLD_CREATE)
        with self._db.read() as reading:
            return _view(reading, reading.waiting.get(entry_id))

    def of_departure(self, actor: Actor, departure_id: UUID) -> tuple[WaitingView, ...]:
        """Everybody who waits for a departure or has an offer of it, in the order in which they joined."""
        require(actor, Permission.HOLD_CREATE)
        with self._db.read() as reading:
            entries = reading.waiting.of_departure(departure_id)
            return tuple(_view(reading, entry) for entry in entries if is_open(entry.state))

    def keep_up(self) -> int:
        """End the waiting for departures that are not sold any more, and offer seats that came free otherwise than by
        a sale's end: a departure that is sold again, or larger. Returns how many departures were looked at. The
        program's own doing."""
        with self._db.read() as reading:
            if not self._anything(reading):
                return 0
        with self._db.write(Commit.WAITING_OFFER, SYSTEM) as work:
            over = work.waiting.in_vain(work.now)
            for entry in over:
                waitlist.end(work, entry, WaitingState.LAPSED)
            offered = set(work.waiting.to_offer(work.agency.this_desk().id, work.now))
            freeing.offer(work, offered)
            work.commit()
        return len({entry.departure_id for entry in over} | offered)

    @staticmethod
    def _anything(reading: Reading) -> bool:
        now = reading.clock.now()
        if reading.agency.find() is None:
            return False
        desk_id = reading.agency.this_desk().id
        return bool(reading.waiting.in_vain(now) or reading.waiting.to_offer(desk_id, now))


def _note(text: str) -> str:
    return clean_line(text, "note", NOTE_LENGTH, required=False)


def _view(reading: Reading, entry: WaitingEntry) -> WaitingView:
    departure = reading.departures.get(entry.departure_id)
    trip = reading.trips.get(departure.trip_id)
    traveller = reading.travellers.get(entry.traveller_id)
    joiner = None if entry.created_by is None else reading.users.find_by_id(entry.created_by)
    hold = None if entry.hold_id is None else reading.options.find_by_id(entry.hold_id)
    stands = hold is not None and hold.state is HoldState.ACTIVE
    waiting = [each.id for each in reading.waiting.waiting(departure.id)]
    return WaitingView(
        id=entry.id,
        state=entry.state,
        departure_id=departure.id,
        title=trip.title,
        starts_at=departure.starts_at,
        ends_at=departure.ends_at,
        zone=departure.zone,
        cutoff_at=departure.cutoff_at,
        traveller_id=traveller.id,
        traveller_name=traveller.name,
        traveller_phone=traveller.phone,
        traveller_email=traveller.email,
        party=party_of(entry),
        seats=entry.seats,
        note=entry.note,
        joined_at=entry.created_at,
        joined_by="" if joiner is None else joiner.name,
        place=waiting.index(entry.id) + 1 if entry.id in waiting else 0,
        free=reading.departures.free(departure.id, reading.agency.this_desk().id),
        offered_at=entry.offered_at,
        offer_id=entry.hold_id,
        offer_until=hold.expires_at if hold is not None and stands else None,
        taken_up=hold is not None and stands and hold.kind is HoldKind.HOLD,
        ended_at=entry.ended_at,
    )
