"""The seats of a departure as a person sees and chooses them on its plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from uuid import UUID

from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.permissions import Actor, Permission, require, require_own
from travellr_desktop.domain.seating import Layout, PlanKind
from travellr_desktop.domain.states import HoldKind
from travellr_desktop.errors import InvalidInput, NotFound
from travellr_desktop.services import seat_granting, seating
from travellr_desktop.services.authority import Authority, with_more_seats
from travellr_desktop.services.holds import HoldView, unsold, view
from travellr_desktop.services.posting import hold_changed
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Departure, Hold
from travellr_desktop.storage.repositories import TakenSeat
from travellr_desktop.storage.uow import Database, UnitOfWork


class SeatState(StrEnum):
    FREE = "free"
    HELD = "held"  # by others, for a traveller, or granted to another desk
    YOURS = "yours"  # under a hold in the basket of the person who asks
    SOLD = "sold"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class SeatNow:
    """How one seat stands. `hold_id` and `position` (that of the traveller in the party, from 1) say whose of one's
    own it is; `who` has words about whoever has it: a name, with the booking's reference where it is sold."""

    label: str
    state: SeatState
    hold_id: UUID | None = None
    position: int = 0
    who: str = ""


@dataclass(frozen=True)
class SeatMap:
    """A departure on its plan. `seats` has every seat, in the plan's order; travellers of the types in `laps` take
    none. This desk can have `to_sell` more, which can be fewer than are free on the plan."""

    departure_id: UUID
    title: str
    vendor_name: str
    starts_at: datetime
    zone: str
    plan_name: str
    kind: PlanKind
    layout: Layout
    seats: tuple[SeatNow, ...]
    to_sell: int
    laps: frozenset[TravellerType] = frozenset()

    def count(self, state: SeatState) -> int:
        return sum(1 for seat in self.seats if seat.state is state)

    @cached_property
    def by_label(self) -> Mapping[str, SeatNow]:
        return MappingProxyType({seat.label: seat for seat in self.seats})

    @cached_property
    def taken(self) -> frozenset[str]:
        """What cannot be chosen, as others or one's own other holds have it."""
        return frozenset(seat.label for seat in self.seats if seat.state is not SeatState.FREE)


class SeatService:
    """Shows the seats of departures whose seats are numbered, and changes those under one's own hold."""

    def __init__(self, database: Database, authority: Authority) -> None:
        self._db = database
        self._authority = authority

    def plan_of(self, actor: Actor, departure_id: UUID) -> SeatMap:
        """The seats of a departure as they are now. Raises `NotFound` also where its seats have no numbers."""
        require(actor, Permission.DEPARTURE_READ)
        asks = self._authority.reached()
        with self._db.read() as reading:
            departure = reading.departures.get(departure_id)
            trip = reading.trips.get_full(departure.trip_id)
            require_own(actor, trip.vendor_id, "departure")
            if departure.plan_id is None:
                raise NotFound("Seats of this departure have no numbers.", hint="People sit where they like.")
            plan = reading.seats.get(departure.plan_id)
            layout = Layout.from_json(plan.layout)
            taken = {seat.label: seat for seat in reading.seats.taken_by(departure.id)}
            grant = reading.departures.grant(departure.id, reading.agency.this_desk().id)
            theirs = seat_granting.elsewhere(reading, departure, layout)
        nobodys = {
            seat.label
            for seat in layout.seats
            if asks and not seat.blocked and theirs.get(seat.label) == seat_granting.NOBODYS
        }
        return SeatMap(
            departure_id=departure.id,
            title=trip.title,
            vendor_name=trip.vendor.name,
            starts_at=departure.starts_at,
            zone=departure.zone,
            plan_name=plan.name,
            kind=plan.kind,
            layout=layout,
            seats=tuple(
                SeatNow(seat.label, SeatState.BLOCKED, who=seat.blocked)
                if seat.blocked
                else _now(
                    seat.label,
                    taken.get(seat.label),
                    "" if seat.label in nobodys else theirs.get(seat.label, ""),
                    actor,
                )
                for seat in layout.seats
            ),
            to_sell=(0 if grant is None else max(grant.seats - grant.taken, 0)) + len(nobodys),
            laps=frozenset(price.traveller_type for price in trip.prices if not price.takes_seat),
        )

    def choose(self, actor: Actor, hold_id: UUID, labels: Sequence[str]) -> HoldView:
        """Sit the party of one's own hold on these seats, one for each traveller who sits in the order of the
        party: all of them, or none is changed. Raises `SeatsGone` naming who lost theirs, `HoldLapsed`,
        `NotFound`, and `InvalidInput` for seats that the plan does not sell."""
        require(actor, Permission.HOLD_CREATE)

        def act() -> HoldView:
            with self._db.write(Commit.SEATS_CHOOSE, actor) as work:
                hold, departure, layout = self._own(actor, work, hold_id)
                sitting = seating.sitters(work, hold, departure)
                mine = {label for label, _position in work.seats.of_hold(hold.id)}
                taken = work.seats.taken(departure.id) - mine
                kinds = [kind for _position, kind in sitting]
                seating.refuse_theirs(labels, seat_granting.elsewhere(work, departure, layout))
                chosen = seating.checked(layout, taken, labels, kinds)
                return _sit(work, hold, departure, chosen, sitting)

        with self._db.read() as reading:
            departure_id = reading.holds.get(hold_id).departure_id
        return with_more_seats(self._authority, departure_id, 0, act, labels)

    def best(self, actor: Actor, hold_id: UUID) -> HoldView:
        """Sit the party of one's own hold on the best seats that are free together. Raises as `choose`."""
        require(actor, Permission.HOLD_CREATE)
        with self._db.write(Commit.SEATS_CHOOSE, actor) as work:
            hold, departure, layout = self._own(actor, work, hold_id)
            sitting = seating.sitters(work, hold, departure)
            mine = {label for label, _position in work.seats.of_hold(hold.id)}
            taken = work.seats.taken(departure.id) - mine
            taken = taken.union(seat_granting.elsewhere(work, departure, layout))
            chosen = seating.best(layout, taken, [kind for _position, kind in sitting])
            return _sit(work, hold, departure, chosen, sitting)

    @staticmethod
    def _own(actor: Actor, work: UnitOfWork, hold_id: UUID) -> tuple[Hold, Departure, Layout]:
        hold = unsold(actor, work, hold_id)
        departure = work.departures.get(hold.departure_id)
        if departure.plan_id is None:
            raise InvalidInput(
                "Seats of this departure have no numbers.", field="labels", hint="People sit where they like."
            )
        return hold, departure, seating.layout_of(work, departure.plan_id)


def _sit(
    work: UnitOfWork,
    hold: Hold,
    departure: Departure,
    chosen: Sequence[str],
    sitting: Sequence[tuple[int, TravellerType]],
) -> HoldView:
    before = set(work.seats.of_hold(hold.id))
    wanted = {(label, position) for label, (position, _kind) in zip(chosen, sitting, strict=True)}
    if before == wanted:
        return view(work, hold)
    work.seats.free_hold(hold.id, [label for label, _position in before - wanted])
    work.seats.take_for_hold(departure.id, hold.id, sorted(wanted - before, key=lambda place: place[1]))
    hold.labels = list(chosen)
    work.holds.update(hold)
    work.publish(hold_changed(hold, work.now))
    seen = view(work, hold)
    work.commit()
    return seen


def _now(label: str, taken: TakenSeat | None, theirs: str, actor: Actor) -> SeatNow:
    if taken is None and theirs:
        return SeatNow(label, SeatState.HELD, who="" if actor.vendor_id is not None else theirs)
    if taken is None:
        return SeatNow(label, SeatState.FREE)
    if taken.hold_id is None:
        who = ", ".join(word for word in (taken.traveller, taken.booking) if word)
        return SeatNow(label, SeatState.SOLD, who=who)
    basket = taken.kind is HoldKind.HOLD
    if basket and actor.user_id is not None and taken.holder_id == actor.user_id:
        return SeatNow(label, SeatState.YOURS, taken.hold_id, taken.position)
    # who holds, and for whom, is the agency's own until it is sold
    who = "" if actor.vendor_id is not None else taken.keeps_for or taken.holder
    return SeatNow(label, SeatState.HELD, who=who)
