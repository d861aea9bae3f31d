"""Money goes back once, though two desks have the booking and neither can ask the other."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from helpers.central_hub import Enrolled, HubPlace, two_desks
from helpers.desk import CASH
from helpers.naive_sync import owners_unguarded, refunds_unguarded
from helpers.postgres import Central
from travellr_desktop.errors import SoldElsewhere
from travellr_desktop.services import planning, refund_blocks
from travellr_desktop.sync.cycle import look


def sold(place: HubPlace, at: Enrolled) -> UUID:
    outcome = at.desk.sold(at.departure(), pay=CASH, adult=2)
    place.quiet()
    return outcome.bookings[0].id


def given_back(place: HubPlace) -> int:
    return int(place.one("SELECT coalesce(sum(amount), 0) FROM agency.refunds WHERE state = 'completed'"))


def test_who_sold_it_gives_it_back_and_nobody_else(central: Central, tmp_path: Path) -> None:
    with two_desks(central, tmp_path) as (place, first, second):
        booking = sold(place, first)
        with pytest.raises(SoldElsewhere, match="Desk 1 sold this"):
            second.desk.cancel(booking)
        first.online = second.online = False
        first.desk.cancel(booking)
        first.online = second.online = True
        place.quiet()
        assert given_back(place) == place.one("SELECT sum(amount) FROM agency.payments")
        assert first.dump() == second.dump() == place.dump()
        assert all(desk.desk.services.check.run().ok for desk in (first, second))


def test_for_a_desk_that_is_gone_others_do_it(central: Central, tmp_path: Path) -> None:
    with two_desks(central, tmp_path) as (place, first, second):
        booking = sold(place, first)
        desk_id = UUID(first.lies("SELECT desk_id FROM this_desk")[0][0])
        second.hub.write_off(desk_id, second.desk.admin.user_id)
        look(second.desk.database, second.hub)
        second.desk.cancel(booking)
        second.turn()
        assert given_back(place) == place.one("SELECT sum(amount) FROM agency.payments")


def unruly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Desks give back what others sold."""
    for module in (refund_blocks, planning):
        monkeypatch.setattr(module, "refuse_elsewhere", lambda *_: None)


def test_a_desk_without_that_rule_is_refused_at_the_hub(
    central: Central, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unruly(monkeypatch)
    with two_desks(central, tmp_path) as (place, first, second):
        booking = sold(place, first)
        for each in (first, second):
            each.desk.cancel(booking)
        place.quiet()
        assert given_back(place) == place.one("SELECT sum(amount) FROM agency.payments")
        (entry,) = first.hub.standing()["conflicts"]
        assert (entry["fault"]["why"], entry["fault"]["t"]) == ("owner", "refund_orders")


def test_without_that_rule_at_the_hub_more_never_goes_back_than_came_in(
    central: Central, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unruly(monkeypatch)
    with two_desks(central, tmp_path) as (place, first, second):
        owners_unguarded(place)
        booking = sold(place, first)
        for each in (first, second):
            each.desk.cancel(booking)
        place.quiet()
        assert given_back(place) == place.one("SELECT sum(amount) FROM agency.payments")
        (entry,) = first.hub.standing()["conflicts"]
        assert (entry["fault"]["why"], entry["fault"]["t"]) == ("money", "refunds")


def test_without_any_of_these_rules_it_goes_back_twice(
    central: Central, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unruly(monkeypatch)
    with two_desks(central, tmp_path) as (place, first, second):
        owners_unguarded(place)
        refunds_unguarded(place)
        booking = sold(place, first)
        for each in (first, second):
            each.desk.cancel(booking)
        place.quiet()
        assert given_back(place) == 2 * place.one("SELECT sum(amount) FROM agency.payments")
