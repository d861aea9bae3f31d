"""Seat plans of the agency and of vendors: kept whole, never under those who sit on them."""

from __future__ import annotations

from uuid import uuid4

import pytest

from helpers.desk import CASH, Desk
from helpers.seated import SMALL, add_numbered, add_plan, small
from travellr_desktop.domain.permissions import Actor, Role
from travellr_desktop.domain.seat_presets import boat_with_decks, coach
from travellr_desktop.domain.seat_text import plan_from
from travellr_desktop.domain.seating import PlanKind, sellable
from travellr_desktop.errors import InvalidInput, NotFound
from travellr_desktop.events import CatalogueChanged, Change, Event
from travellr_desktop.services.plans import PlanDraft
from travellr_desktop.services.vendors import VendorDraft


def draft(**more: object) -> PlanDraft:
    given = {"name": "Minibus", "kind": PlanKind.COACH, "layout": small(), **more}
    return PlanDraft(**given)  # type: ignore[arg-type]


def test_a_plan_comes_back_as_it_was_written(desk: Desk) -> None:
    plan = desk.services.plans.get(desk.agent, add_plan(desk, boat_with_decks(), kind=PlanKind.DECKS))
    assert plan.layout == boat_with_decks()
    assert plan.layout.text == boat_with_decks().text
    assert (plan.seats, plan.kind, plan.active, plan.departures) == (44, PlanKind.DECKS, True, 0)


def test_what_is_saved_is_told_and_written_down(desk: Desk) -> None:
    heard: list[Event] = []
    subscription = desk.services.bus.subscribe(CatalogueChanged, heard.append)
    plan_id = add_plan(desk)
    desk.services.plans.save(desk.admin, draft(name="Bus", id=plan_id))
    assert [(each.what, each.change) for each in heard if isinstance(each, CatalogueChanged)] == [
        ("plan", Change.CREATED),
        ("plan", Change.UPDATED),
    ]
    subscription.cancel()


def test_a_name_is_its_owners_once(desk: Desk) -> None:
    plan_id = add_plan(desk)
    with pytest.raises(InvalidInput, match="called Minibus already") as told:
        desk.services.plans.save(desk.admin, draft(name="  minibús "))
    assert told.value.field == "name"
    desk.services.plans.save(desk.admin, draft(vendor_id=desk.vendor_id))
    desk.services.plans.deactivate(desk.admin, plan_id)
    other = desk.services.plans.save(desk.admin, draft())
    assert other != plan_id
    with pytest.raises(InvalidInput, match="called Minibus already"):
        desk.services.plans.activate(desk.admin, plan_id)
    desk.services.plans.deactivate(desk.admin, other)
    desk.services.plans.activate(desk.admin, plan_id)
    desk.services.plans.activate(desk.admin, plan_id)
    assert desk.services.plans.get(desk.agent, plan_id).active


def test_plans_are_listed_by_whose_they_are(desk: Desk) -> None:
    other = desk.services.vendors.create(desk.admin, VendorDraft("Tara Raft"))
    save = desk.services.plans.save
    ours = save(desk.admin, draft(name="The agency’s"))
    theirs = save(desk.admin, draft(name="Theirs", vendor_id=desk.vendor_id))
    others = save(desk.admin, draft(name="Another’s", vendor_id=other))
    away = save(desk.admin, draft(name="Put away"))
    desk.services.plans.deactivate(desk.admin, away)

    def listed(actor: Actor, *args: object, **more: object) -> list[object]:
        return [plan.id for plan in desk.services.plans.list(actor, *args, **more)]  # type: ignore[arg-type]

    assert set(listed(desk.agent)) == {ours, theirs, others}
    assert listed(desk.agent, desk.vendor_id) == [ours, theirs]
    assert set(listed(desk.agent, everything=True)) == {ours, theirs, others, away}
    vendor = Actor(uuid4(), "Skipper", Role.VENDOR, desk.vendor_id)
    assert listed(vendor, other) == [ours, theirs], "whatever a vendor asks for"
    assert set(listed(vendor, everything=True)) == {ours, theirs, away}
    assert desk.services.plans.get(vendor, theirs).vendor_name == "Bokeška Plovidba"
    with pytest.raises(NotFound):
        desk.services.plans.get(vendor, others)


def test_a_plan_keeps_its_owner(desk: Desk) -> None:
    plan_id = add_plan(desk)
    with pytest.raises(InvalidInput, match="keeps its owner"):
        desk.services.plans.save(desk.admin, draft(id=plan_id, vendor_id=desk.vendor_id))
    with pytest.raises(NotFound):
        desk.services.plans.save(desk.admin, draft(vendor_id=uuid4()))
    with pytest.raises(NotFound):
        desk.services.plans.save(desk.admin, draft(id=uuid4()))


def test_a_seat_that_somebody_has_stays_on_its_plan(desk: Desk) -> None:
    plan_id = add_plan(desk)
    departure = add_numbered(desk, plan_id=plan_id, capacity=4)
    hold = desk.hold(departure, adult=1)
    desk.sell(hold, pay=CASH)
    (label,) = hold.labels
    for without in (SMALL.replace(label, "9Z"), SMALL.replace(label, f"{label}:crew")):
        with pytest.raises(InvalidInput, match=f"{label} is taken on a departure") as told:
            desk.services.plans.save(desk.admin, draft(id=plan_id, layout=plan_from(without)))
        assert told.value.field == "layout"
    desk.services.plans.save(desk.admin, draft(id=plan_id, layout=plan_from(SMALL + "\n4A 4B _ 4C")))
    assert desk.services.plans.get(desk.agent, plan_id).seats == sellable(small()) + 3


def test_a_plan_is_not_cut_below_what_a_departure_sells(desk: Desk) -> None:
    plan_id = add_plan(desk)
    add_numbered(desk, plan_id=plan_id)
    with pytest.raises(InvalidInput, match="sells 11 seats; the plan would have 4"):
        desk.services.plans.save(desk.admin, draft(id=plan_id, layout=plan_from("1A 1B _ 1C 1D")))
    assert desk.services.plans.get(desk.agent, plan_id).departures == 1


def test_a_departure_sells_no_more_than_its_plan_has(desk: Desk) -> None:
    plan_id = add_plan(desk, coach(), name="Coach")
    with pytest.raises(InvalidInput):
        add_numbered(desk, plan_id=plan_id, capacity=50)
    add_numbered(desk, plan_id=plan_id, capacity=49)
