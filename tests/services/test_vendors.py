"""Vendors: made, changed, deactivated; what is sold stays as it was sold."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest

from helpers.catalogue import audit_of, problems, the_trip
from helpers.desk import CASH, Desk
from travellr_desktop.errors import ChangedMeanwhile, InvalidInput, NotFound
from travellr_desktop.events import CatalogueChanged, Change
from travellr_desktop.services.catalogue import InUse
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.services.vendors import VendorDraft

NOMAD = VendorDraft("Nomad Travel", "Nomad d.o.o.", "ops@example.com", "+382 67 555 100", 1500, 7, "nomad")


def test_a_vendor_is_kept_as_it_was_typed_with_its_code_in_capitals(desk: Desk) -> None:
    heard: list[CatalogueChanged] = []
    with desk.services.bus.subscribe(CatalogueChanged, heard.append):
        made = desk.services.vendors.create(desk.admin, NOMAD)
    detail = desk.services.vendors.detail(desk.admin, made)
    assert detail.draft == replace(NOMAD, code="NOMAD")
    assert detail.active
    assert [(event.what, event.aggregate_id, event.change) for event in heard] == [
        ("vendor", made, Change.CREATED)
    ]


def test_a_new_rate_is_for_new_bookings_and_the_audit_says_what_it_was(desk: Desk) -> None:
    departure = desk.add_departure()
    old = desk.sold(departure, pay=CASH).bookings[0].id
    before = desk.services.vendors.detail(desk.admin, desk.vendor_id).draft
    wanted = replace(before, commission_bps=1250, holdback_days=9)
    detail = desk.services.vendors.update(desk.admin, desk.vendor_id, wanted, before=before)
    new = desk.sold(departure, pay=CASH).bookings[0].id
    with desk.database.read() as view:
        rates = [(each.commission_bps, each.holdback_days) for each in map(view.bookings.get, (old, new))]
    assert rates == [(2000, 2), (1250, 9)]
    assert detail.frozen == 1
    assert audit_of(desk, desk.vendor_id)[-1] == (
        "vendor.update",
        {
            "before": {"commission_bps": 2000, "holdback_days": 2},
            "after": {"commission_bps": 1250, "holdback_days": 9},
        },
    )
    assert problems(desk) == []


def test_nothing_is_written_where_nothing_differs(desk: Desk) -> None:
    before = desk.services.vendors.detail(desk.admin, desk.vendor_id).draft
    count = len(audit_of(desk, desk.vendor_id))
    desk.services.vendors.update(desk.admin, desk.vendor_id, before)
    assert len(audit_of(desk, desk.vendor_id)) == count


def test_who_began_from_something_else_is_told(desk: Desk) -> None:
    before = desk.services.vendors.detail(desk.admin, desk.vendor_id).draft
    desk.services.vendors.update(desk.admin, desk.vendor_id, replace(before, phone="+382 69 555 000"))
    with pytest.raises(ChangedMeanwhile):
        desk.services.vendors.update(desk.admin, desk.vendor_id, replace(before, legal="D"), before=before)
    assert desk.services.vendors.detail(desk.admin, desk.vendor_id).draft.legal == ""


def test_a_code_is_given_once_and_has_no_spaces(desk: Desk) -> None:
    desk.services.vendors.create(desk.admin, NOMAD)
    for wrong in (replace(NOMAD, name="Other"), replace(NOMAD, name="Other", code="a b")):
        with pytest.raises(InvalidInput) as refusal:
            desk.services.vendors.create(desk.admin, wrong)
        assert refusal.value.field == "code"
    desk.services.vendors.create(desk.admin, replace(NOMAD, name="No code", code=""))
    desk.services.vendors.create(desk.admin, replace(NOMAD, name="None either", code=""))


def test_trips_are_found_by_the_vendors_new_name(desk: Desk) -> None:
    before = desk.services.vendors.detail(desk.admin, desk.vendor_id).draft
    desk.services.vendors.update(desk.admin, desk.vendor_id, replace(before, name="Šćepan Charter"))
    with closing(desk.services.lists.trips(desk.admin, ListQuery("scepan"))) as rows:
        assert [row.title for row in rows.first()] == ["Blue Cave and Perast"]
    with closing(desk.services.lists.vendors(desk.admin, ListQuery("ŠĆEPAN"))) as rows:
        assert [(row.name, row.trips) for row in rows.first()] == [("Šćepan Charter", 1)]


def test_who_has_sold_trips_to_come_is_deactivated_only_knowingly(desk: Desk) -> None:
    booking = desk.sold(desk.add_departure(), pay=CASH).bookings[0].id
    desk.hold(desk.add_departure())
    with pytest.raises(InUse, match="1 booking and 1 hold of departures to come"):
        desk.services.vendors.deactivate(desk.admin, desk.vendor_id)
    assert desk.services.vendors.detail(desk.admin, desk.vendor_id).active

    done = desk.services.vendors.deactivate(desk.admin, desk.vendor_id, sold_stays=True)
    assert done.trips == (the_trip(desk),)
    assert done.use.live == 1
    assert not desk.services.trips.detail(desk.admin, the_trip(desk)).active
    assert desk.services.bookings.detail(desk.agent, booking).status == "confirmed"
    with pytest.raises(InUse, match="is deactivated"):
        desk.services.trips.activate(desk.admin, the_trip(desk))

    desk.services.vendors.activate(desk.admin, desk.vendor_id, done.trips)
    assert desk.services.trips.detail(desk.admin, the_trip(desk)).active
    assert problems(desk) == []


def test_a_trip_of_somebody_else_is_not_activated_along(desk: Desk) -> None:
    other = desk.services.vendors.create(desk.admin, NOMAD)
    with pytest.raises(NotFound):
        desk.services.vendors.activate(desk.admin, other, [the_trip(desk)])


def test_the_choice_of_a_vendor_offers_active_ones_by_name(desk: Desk) -> None:
    desk.services.vendors.create(desk.admin, replace(NOMAD, name="adriatic", code=""))
    gone = desk.services.vendors.create(desk.admin, NOMAD)
    desk.services.vendors.deactivate(desk.admin, gone)
    assert [each.name for each in desk.services.vendors.names(desk.admin)] == ["adriatic", "Bokeška Plovidba"]
