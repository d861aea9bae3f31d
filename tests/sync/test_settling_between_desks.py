"""What waits is settled by people at their desks, through the services that their window asks; a silent desk is written
off there. Every file and the hub are the same afterwards, whoever decided."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from helpers.desk import CASH
from helpers.three_towns import DAY, ThreeTowns, Town
from travellr_desktop.domain.discounts import DiscountKind
from travellr_desktop.errors import WrongState
from travellr_desktop.services.central.views import ChoiceKind, EntryKind, InboxEntry
from travellr_desktop.services.promos import PromoDraft
from travellr_desktop.services.travellers import TravellerDraft
from travellr_desktop.storage.commits import Commit
from travellr_desktop.sync import cycle
from travellr_desktop.sync.steps import DeskSteps


def turns(here: ThreeTowns) -> None:
    for town in here.towns * 2:
        if town.online:
            town.turn()


def inbox(town: Town) -> tuple[InboxEntry, ...]:
    town.look()
    return town.desk.services.central.inbox(town.desk.admin)


def same(here: ThreeTowns) -> None:
    turns(here)
    for town in here.towns:
        assert inbox(town) == ()
        assert town.dump() == here.place.dump()
        assert town.desk.services.check.run().problems == ()


def promise(town: Town, name: str, code: str = "SUMMER10") -> None:
    days = date(2026, 6, 1), date(2026, 8, 31)
    draft = PromoDraft(code, DiscountKind.PERCENT, *days, name, bps=1000)
    town.desk.services.promos.save(town.desk.admin, draft)


def written_twice(here: ThreeTowns) -> tuple[Town, Town, UUID]:
    """Kotor and Budva write phone and email of one traveller, Kotor first."""
    one, two, _three = here.towns
    traveller = one.desk.traveller("Henrik Söderberg").id
    turns(here)
    for town, end in ((one, "1"), (two, "2")):
        service, agent = town.desk.services.travellers, town.desk.agent
        draft = TravellerDraft("Henrik Söderberg", email=f"h{end}@h.example", phone=f"+46 70 111 11 1{end}")
        service.update(agent, traveller, draft)
    turns(here)
    return one, two, traveller


def found(town: Town, traveller: UUID) -> tuple[str, str]:
    shown = town.desk.services.travellers.find_by_id(town.desk.agent, traveller)
    return shown.phone, shown.email


def test_a_third_value_goes_to_every_desk(here: ThreeTowns) -> None:
    one, two, traveller = written_twice(here)
    phone = next(each for each in inbox(two) if each.field == "Phone number")
    assert phone.hub is not None
    assert phone.along == ("Email",)
    service = two.desk.services.central
    service.take_other(two.desk.admin, phone.id, phone.hub.value, "+46 70 999 99 99")
    (email,) = inbox(one)
    one.desk.services.central.keep_hub(one.desk.admin, email.id)
    same(here)
    for town in here.towns:
        assert found(town, traveller) == ("+46 70 999 99 99", "h1@h.example")


def test_the_desks_value_of_all_fields_of_one_change(here: ThreeTowns) -> None:
    one, two, traveller = written_twice(here)
    first = inbox(one)[0]
    service, admin = one.desk.services.central, one.desk.admin
    for each in (first, *service.fellows(admin, first.id)):
        assert each.hub is not None
        service.take_desk(admin, each.id, each.hub.value)
    same(here)
    assert found(two, traveller) == ("+46 70 111 11 12", "h2@h.example")


def promised_twice(here: ThreeTowns) -> tuple[Town, Town, InboxEntry]:
    """Kotor and Budva gave one code to two promises, Kotor first."""
    one, two, _three = here.towns
    promise(one, "A tenth")
    promise(two, "Summer")
    turns(here)
    (entry,) = inbox(one)
    assert entry.kind is EntryKind.REFUSED
    return one, two, entry


def test_what_was_refused_says_why_in_plain_words_and_goes_with_another_value(here: ThreeTowns) -> None:
    one, two, entry = promised_twice(here)
    assert entry.reason == "Promo code SUMMER10 has the same code already, and there is one of it only."
    assert entry.where == "Code of Promo code Summer"
    assert entry.tried == ("Adds: Promo code Summer.",)
    (ask,) = next(each for each in entry.choices if each.kind is ChoiceKind.RETRY_WITH).asks
    assert (ask.field, ask.given) == ("code", "SUMMER10")
    service, admin = one.desk.services.central, one.desk.admin
    assert service.retry(admin, entry.id) != ""  # as it was, for the same reason
    assert service.retry(admin, entry.id, {"code": "SUMMER11"}) == ""
    same(here)
    assert two.lies("SELECT code FROM promo_codes ORDER BY code") == [("SUMMER10",), ("SUMMER11",)]


def test_what_is_dropped_is_gone_at_every_desk(here: ThreeTowns) -> None:
    one, _two, entry = promised_twice(here)
    drop = next(each for each in entry.choices if each.kind is ChoiceKind.DROP)
    assert not drop.off and "Lost for good" in drop.follows
    one.desk.services.central.drop(one.desk.admin, entry.id, "It is one promise")
    same(here)


def test_a_silent_desk_is_written_off_from_another_and_is_told_when_it_is_back(here: ThreeTowns) -> None:
    one, _two, three = here.towns
    trip = UUID(one.lies("SELECT id FROM trips")[0][0])
    departure = one.desk.add_departure(trip, day=DAY + timedelta(days=2), capacity=6)
    turns(here)
    hold = three.desk.hold(departure, adult=3)
    three.desk.services.holds.release(three.desk.agent, hold.id)
    turns(here)
    three.online = False
    sold = three.desk.sold(departure, pay=CASH, adult=1).bookings[0].id
    service, admin = one.desk.services.central, one.desk.admin
    one.look()
    with pytest.raises(WrongState):
        service.write_off(admin, three.id, "Perast")  # it was there a moment ago
    here.place.connection.execute(
        "UPDATE hub.members SET seen_at = seen_at - interval '1 hour' WHERE desk_id = %s", (three.id,)
    )
    one.look()
    _as_late_as_the_hub(here, one)
    assert service.write_off(admin, three.id, "Perast") > 0
    assert service.desk(admin, three.id).keeps == "Its seats are written off already."
    assert three.desk.services.central.standing().came_back is None
    three.online = True
    cycle.come_back(three.desk.database, three.hub)
    assert three.desk.services.central.standing().came_back is not None
    turns(here)
    one.look()
    assert service.desk(admin, three.id).keeps != "Its seats are written off already."
    assert one.desk.services.bookings.detail(one.desk.agent, sold).id == sold
    same(here)


def _as_late_as_the_hub(here: ThreeTowns, town: Town) -> None:
    """The moments of the hub are the machine's, those of a desk its own clock's: what was said is made as old."""
    at = here.place.one(
        "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
    )
    with town.desk.database.write(Commit.SYNC_LOOKED, town.desk.admin) as work:
        work.connection.exec_driver_sql("UPDATE hub_copies SET at = ? WHERE name = 'standing'", (at,))
        work.commit()


def test_what_comes_or_is_settled_elsewhere_is_known_with_the_next_turn(here: ThreeTowns) -> None:
    """Clocks stand still here: nobody looks because it is time again."""
    one, two, three = here.towns
    heard: list[int] = []
    steps = DeskSteps(three.desk.database, lambda: heard.append(1))
    steps.begin(three.hub)
    steps.turn(three.hub)
    service, admin = three.desk.services.central, three.desk.admin
    promise(one, "A tenth")
    promise(two, "Summer")
    one.turn()
    two.turn()
    assert service.inbox(admin) == ()
    heard.clear()
    steps.turn(three.hub)
    (entry,) = service.inbox(admin)
    assert heard == [1]
    steps.turn(three.hub)
    assert heard == [1]  # nothing came, and nobody was asked again
    two.look()
    two.desk.services.central.drop(two.desk.admin, entry.id, "It is one promise")
    steps.turn(three.hub)
    assert service.inbox(admin) == ()
    assert heard == [1, 1]
