"""What two desks did without knowing of each other, and what a person makes of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from helpers.central_hub import Enrolled, HubPlace, two_desks
from helpers.postgres import Central
from travellr_desktop.domain.discounts import DiscountKind
from travellr_desktop.services.promos import PromoDraft
from travellr_desktop.services.travellers import TravellerDraft
from travellr_desktop.sync import pulling
from travellr_desktop.sync.hub import Outcome


def same(place: HubPlace, *desks: Enrolled) -> bool:
    return all(desk.dump() == place.dump() for desk in desks)


def waiting(place: HubPlace, desk: Enrolled) -> list[int]:
    return list(place.desks[0].hub.waiting(_id(desk)))


def _id(desk: Enrolled) -> UUID:
    return UUID(desk.lies("SELECT desk_id FROM this_desk")[0][0])


def promise(desk: Enrolled, name: str, code: str = "SUMMER10") -> None:
    """A promo code; there is one of a code."""
    days = date(2026, 6, 1), date(2026, 8, 31)
    desk.desk.services.promos.save(
        desk.desk.admin, PromoDraft(code, DiscountKind.PERCENT, *days, name, bps=1000)
    )


def promised(desk: Enrolled) -> set[str]:
    return {row[0] for row in desk.lies("SELECT name FROM promo_codes")}


def phone(desk: Enrolled, traveller: UUID, number: str) -> None:
    service, agent = desk.desk.services.travellers, desk.desk.agent
    shown = service.find_by_id(agent, traveller)
    service.update(agent, traveller, TravellerDraft(shown.name, email=shown.email, phone=number))


def test_one_code_given_twice_waits_and_both_desks_go_on(central: Central, tmp_path: Path) -> None:
    with two_desks(central, tmp_path) as (place, first, second):
        promise(first, "A tenth")
        promise(second, "Summer")
        second.desk.traveller("Nora Lindqvist")
        place.quiet()
        (op,) = waiting(place, second)
        assert same(place, first, second)  # what was refused gave way; the hub keeps it
        assert promised(second) == {"A tenth"}

        (entry,) = (one for one in first.hub.standing()["conflicts"] if one["op_no"] == op)
        row = next(change for change in entry["changes"] if change["t"] == "promo_codes")
        patch = [{"t": "promo_codes", "id": row["id"], "f": {"code": "SUMMER11"}}]
        (answer,) = first.hub.retry(_id(second), op, patch, first.desk.admin.user_id)
        assert answer.outcome is Outcome.APPLIED
        place.quiet()
        assert same(place, first, second)
        assert promised(second) == promised(first) == {"A tenth", "Summer"}
        assert waiting(place, second) == []
        for desk in (first, second):
            assert desk.desk.services.check.run().ok


def test_what_is_dropped_is_gone_at_its_desk_too(central: Central, tmp_path: Path) -> None:
    with two_desks(central, tmp_path) as (place, first, second):
        promise(first, "A tenth")
        promise(second, "Summer")
        place.quiet()
        (op,) = waiting(place, second)
        second.hub.drop(_id(second), op, second.desk.admin.user_id, "It was one person")
        place.quiet()
        assert same(place, first, second)
        assert waiting(place, second) == []
        assert second.desk.services.check.run().ok


@pytest.mark.parametrize("earlier", [0, 1], ids=["Kotor first", "Budva first"])
def test_one_field_written_twice_keeps_the_first_and_asks(
    central: Central, tmp_path: Path, earlier: int
) -> None:
    with two_desks(central, tmp_path) as (place, *desks):
        traveller = desks[0].desk.traveller("Henrik Söderberg").id
        place.quiet()
        phone(desks[0], traveller, "+46 70 111 11 11")
        phone(desks[1], traveller, "+46 70 222 22 22")
        for desk in (desks[earlier], desks[1 - earlier]):
            desk.turn()
        place.quiet()
        kept = ("+46 70 111 11 11", "+46 70 222 22 22")[earlier]
        assert same(place, *desks)
        assert place.one("SELECT phone FROM agency.travellers WHERE id = %s", traveller) == kept
        entries = [one for one in desks[0].hub.standing()["conflicts"] if one["field"] == "phone"]
        assert [(one["desk_value"] != kept, one["hub_value"] == kept) for one in entries] == [(True, True)]


def rename(desk: Enrolled, traveller: UUID, name: str) -> None:
    service, agent = desk.desk.services.travellers, desk.desk.agent
    shown = service.find_by_id(agent, traveller)
    service.update(agent, traveller, TravellerDraft(name, email=shown.email, phone=shown.phone))


@pytest.mark.parametrize("earlier", [0, 1], ids=["Kotor first", "Budva first"])
def test_what_follows_from_two_fields_that_two_desks_wrote_is_made_of_both(
    central: Central, tmp_path: Path, earlier: int
) -> None:
    with two_desks(central, tmp_path) as (place, *desks):
        traveller = desks[0].desk.traveller("Henrik Söderberg").id
        place.quiet()
        rename(desks[0], traveller, "Anna Lindqvist")
        phone(desks[1], traveller, "+46 70 222 22 22")
        for desk in (desks[earlier], desks[1 - earlier]):
            desk.turn()
        place.quiet()
        place.quiet()
        search = place.one("SELECT search FROM agency.travellers WHERE id = %s", traveller)
        assert "lindqvist" in search and "46702222222" in search and "soderberg" not in search
        assert desks[0].hub.standing()["conflicts"] == []
        assert same(place, *desks)
        assert all(desk.desk.services.check.run().ok for desk in desks)


@pytest.mark.parametrize(
    "other", ["Bea Lindqvist", "Henrik Söderberg"], ids=["another name", "only an accent"]
)
def test_two_names_are_one_conflict_and_what_follows_goes_with_the_one_that_stands(
    central: Central, tmp_path: Path, other: str
) -> None:
    with two_desks(central, tmp_path) as (place, *desks):
        traveller = desks[0].desk.traveller("Henrik Soderberg").id
        place.quiet()
        rename(desks[0], traveller, other)
        rename(desks[1], traveller, "Clara Ek")
        for desk in desks:
            desk.turn()
        place.quiet()
        place.quiet()
        (entry,) = desks[0].hub.standing()["conflicts"]
        assert (entry["field"], entry["desk_value"], entry["hub_value"]) == ("name", "Clara Ek", other)
        assert same(place, *desks)
        search = place.one("SELECT search FROM agency.travellers WHERE id = %s", traveller)
        assert "clara" not in search and other.split(maxsplit=1)[0].lower() in search


def test_without_making_anew_what_follows_is_of_one_value_alone(
    central: Central, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulling, "make_anew_where_two_wrote", lambda *_: None)
    with two_desks(central, tmp_path) as (place, *desks):
        traveller = desks[0].desk.traveller("Henrik Söderberg").id
        place.quiet()
        rename(desks[0], traveller, "Anna Lindqvist")
        phone(desks[1], traveller, "+46 70 222 22 22")
        place.quiet()
        search = place.one("SELECT search FROM agency.travellers WHERE id = %s", traveller)
        assert "46702222222" not in search
