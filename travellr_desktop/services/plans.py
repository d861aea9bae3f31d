"""Seat plans: the agency's own and its vendors', made, changed and put away."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from travellr_desktop.domain import lengths
from travellr_desktop.domain.permissions import Actor, Permission, require, vendor_scope
from travellr_desktop.domain.seating import Layout, PlanKind, sellable
from travellr_desktop.domain.text import clean_line, fold
from travellr_desktop.errors import InvalidInput, NotFound
from travellr_desktop.events import CatalogueChanged, Change
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import SeatPlan
from travellr_desktop.storage.uow import Database, UnitOfWork


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """A plan to be saved: a new one, or `id` anew. `vendor_id` None: it is the agency's, for any vendor's trips.
    A plan keeps its owner."""

    name: str
    kind: PlanKind
    layout: Layout
    vendor_id: UUID | None = None
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan. `seats` is how many can be sold on it, `departures` how many to come are on it."""

    id: UUID
    vendor_id: UUID | None
    vendor_name: str
    name: str
    kind: PlanKind
    layout: Layout
    seats: int
    active: bool
    departures: int


class PlanService:
    def __init__(self, database: Database) -> None:
        self._db = database

    def list(
        self, actor: Actor, vendor_id: UUID | None = None, *, everything: bool = False
    ) -> tuple[PlanView, ...]:
        """Plans by name that are in use: for a vendor's trips theirs and the agency's, else everybody's;
        `everything` adds those put away. A vendor is given no other vendor's."""
        require(actor, Permission.DEPARTURE_READ)
        owner = vendor_scope(actor) or vendor_id
        with self._db.read() as reading:
            all_owners = owner is None
            rows = [
                row for row in reading.seats.plans(owner, all_owners=all_owners) if row.active or everything
            ]
            uses = reading.seats.uses(reading.clock.now())
            owners = {row.vendor_id for row in rows if row.vendor_id is not None}
            names = {each: reading.vendors.get(each).name for each in owners}
            return tuple(_view(row, names, uses.get(row.id, 0)) for row in rows)

    def get(self, actor: Actor, plan_id: UUID) -> PlanView:
        """Raises `NotFound`, also for another vendor's."""
        require(actor, Permission.DEPARTURE_READ)
        with self._db.read() as reading:
            row = reading.seats.get(plan_id)
            if vendor_scope(actor) is not None and row.vendor_id not in (None, vendor_scope(actor)):
                raise NotFound("There is no such seat plan.")
            names = {}
            if row.vendor_id is not None:
                names[row.vendor_id] = reading.vendors.get(row.vendor_id).name
            return _view(row, names, reading.seats.uses(reading.clock.now()).get(row.id, 0))

    def save(self, actor: Actor, draft: PlanDraft) -> UUID:
        """Keep a plan. Raises `InvalidInput` where its owner has another of that name, where a seat that somebody
        has would go, or where a departure to come sells more than the plan would have; `NotFound`."""
        require(actor, Permission.CATALOGUE_WRITE)
        name = clean_line(draft.name, "name", lengths.NAME)
        with self._db.write(Commit.CATALOGUE_SAVE, actor) as work:
            if draft.vendor_id is not None:
                work.vendors.get(draft.vendor_id)
            plan = SeatPlan(vendor_id=draft.vendor_id, active=True)
            if draft.id is not None:
                plan = work.seats.get(draft.id)
                if plan.vendor_id != draft.vendor_id:
                    raise InvalidInput("A plan keeps its owner.", field="vendor_id", hint="Make a new plan.")
                _fits_what_is_sold(work, draft.id, draft.layout)
            _only_one(work, draft, name)
            plan.name, plan.kind, plan.layout = name, draft.kind, draft.layout.to_json()
            work.seats.save(plan)
            new = draft.id is None
            work.audit(
                "plan.create" if new else "plan.change", "seat_plan", plan.id, name=name,
                seats=sellable(draft.layout),
            )  # fmt: skip
            _tell(work, plan, Change.CREATED if new else Change.UPDATED)
            work.commit()
        return plan.id

    def deactivate(self, actor: Actor, plan_id: UUID) -> None:
        """Put a plan away: it is offered no more; departures that are on it keep it. Raises `NotFound`."""
        self._turn(actor, plan_id, on=False)

    def activate(self, actor: Actor, plan_id: UUID) -> None:
        """Offer a plan again. Raises `NotFound`, `InvalidInput` where another has its name by now."""
        self._turn(actor, plan_id, on=True)

    def _turn(self, actor: Actor, plan_id: UUID, *, on: bool) -> None:
        require(actor, Permission.CATALOGUE_WRITE)
        with self._db.write(Commit.CATALOGUE_SAVE, actor) as work:
            plan = work.seats.get(plan_id)
            if plan.active == on:
                return
            if on:
                layout = Layout.from_json(plan.layout)
                _only_one(work, PlanDraft(plan.name, plan.kind, layout, plan.vendor_id, plan.id), plan.name)
            plan.active = on
            work.seats.save(plan)
            work.audit("plan.activate" if on else "plan.deactivate", "seat_plan", plan.id, name=plan.name)
            _tell(work, plan, Change.UPDATED)
            work.commit()


def _only_one(work: UnitOfWork, draft: PlanDraft, name: str) -> None:
    for other in work.seats.plans(draft.vendor_id):
        same_owner = other.active and other.vendor_id == draft.vendor_id and other.id != draft.id
        if same_owner and fold(other.name) == fold(name):
            raise InvalidInput(
                f"There is a plan called {other.name} already.", field="name", hint="Choose another name."
            )


def _fits_what_is_sold(work: UnitOfWork, plan_id: UUID, layout: Layout) -> None:
    kept = {seat.label for seat in layout.seats if not seat.blocked}
    if lost := sorted(work.seats.labels_on(plan_id) - kept):
        verb = "is" if len(lost) == 1 else "are"
        raise InvalidInput(
            f"{', '.join(lost)} {verb} taken on a departure with this plan.",
            field="layout",
            hint="Keep them on the plan, or make a new plan.",
        )
    largest = work.seats.largest_on(plan_id, work.now)
    if sellable(layout) < largest:
        raise InvalidInput(
            f"A departure with this plan sells {largest} seats; the plan would have {sellable(layout)}.",
            field="layout",
            hint="Cut the departure's capacity first, or make a new plan.",
        )


def _tell(work: UnitOfWork, plan: SeatPlan, change: Change) -> None:
    work.publish(CatalogueChanged(aggregate_id=plan.id, timestamp=work.now, what="plan", change=change))


def _view(row: SeatPlan, names: dict[UUID, str], departures: int) -> PlanView:
    layout = Layout.from_json(row.layout)
    return PlanView(
        id=row.id,
        vendor_id=row.vendor_id,
        vendor_name=names.get(row.vendor_id, "") if row.vendor_id is not None else "",
        name=row.name,
        kind=row.kind,
        layout=layout,
        seats=sellable(layout),
        active=row.active,
        departures=departures,
    )
