"""What is scarce is given once, whoever asks at the same moment: seats, claims, numbers, the agency's chores."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from helpers.postgres import Central, fresh_database
from helpers.scarce_hub import CAPACITY, At, Connection, Made, ScarceHub, at_once, make_hub, open_hub
from postgres import Postgres


@pytest.fixture(scope="module")
def template(cluster: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Central, Made]]:
    """Made once: installing takes longer than any of these tests."""
    with fresh_database(cluster) as central:
        yield central, make_hub(central, tmp_path_factory.mktemp("scarce") / "desk")


@pytest.fixture
def hub(cluster: Postgres, template: tuple[Central, Made]) -> Iterator[ScarceHub]:
    first, made = template
    with fresh_database(cluster, template=first.name) as copy, open_hub(copy, made) as found:
        yield found


# seats


def test_what_nobody_has_is_given_at_once_and_told_to_all(hub: ScarceHub) -> None:
    first, second, _third = hub.desks
    assert hub.granted() == [10, 0, 0]
    hub.lower(first, 6)
    assert second.ask("ask_seats(%s, 3)", hub.departure) == {"given": 3}
    assert second.ask("ask_seats(%s, 1)", hub.departure) == {"given": 1}
    assert hub.granted() == [6, 4, 0]
    assert hub.told()[-2:] == [("grants", "I"), ("grants", "U")]
    first.ask("publish()")
    page = first.ask("pull(0, 100)")
    grants = [change for op in page["ops"] for change in op["changes"] if change["t"] == "grants"]
    assert [change["f"].get("seats") for change in grants] == [3, 4]
    assert grants[0]["f"]["desk_id"] == second.id.hex
    assert {event["event_name"] for op in page["ops"] for event in op["events"]} == {"DepartureChanged"}


def test_what_is_short_is_asked_of_who_has_it(hub: ScarceHub) -> None:
    first, second, third = hub.desks
    assert second.ask("ask_seats(%s, 4)", hub.departure) == {"given": 0}
    wanted = first.ask("asked_of_me()")
    assert wanted == [{"departure_id": str(hub.departure), "seats": 4, "by": "Budva"}]
    assert second.ask("asked_of_me()") == third.ask("asked_of_me()") == []
    hub.lower(first, 5)
    assert second.ask("ask_seats(%s, 4)", hub.departure) == {"given": 4}
    assert first.ask("asked_of_me()") == []


def test_no_more_seats_than_there_are_whoever_asks_at_once(hub: ScarceHub) -> None:
    first = hub.desks[0]
    hub.lower(first, 3)  # all it has sold or holds
    for _ in range(CAPACITY):
        said = at_once(
            hub.desks,
            lambda own, _desk: own.execute("SELECT api.ask_seats(%s, 1)", (hub.departure,)).fetchone(),
        )
        assert len(said) == 3
        assert sum(hub.granted()) <= CAPACITY
    assert sum(hub.granted()) == CAPACITY


def test_without_the_lock_more_are_given_than_there_are(hub: ScarceHub) -> None:
    """The negative control: who counts first and gives afterwards."""
    first, second, third = hub.desks
    hub.lower(first, CAPACITY - 1)
    hub.admin.execute("ALTER TABLE agency.grants DISABLE TRIGGER USER")
    counted = Barrier(2)

    def naively(_own: Connection, desk: At) -> None:
        free = counted_free(hub)
        counted.wait(30)
        if free > 0:
            with psycopg.connect(hub.url, autocommit=True) as own:
                own.execute(
                    "INSERT INTO agency.grants (id, departure_id, desk_id, seats) VALUES (%s, %s, %s, %s)",
                    (uuid4(), hub.departure, desk.id, free),
                )

    at_once([second, third], naively)
    assert sum(hub.granted()) > CAPACITY


def counted_free(hub: ScarceHub) -> int:
    with psycopg.connect(hub.url, autocommit=True) as own:
        found = own.execute(
            "SELECT d.capacity - sum(g.seats) FROM agency.departures d JOIN agency.grants g ON g.departure_id = d.id "
            "WHERE d.id = %s GROUP BY d.id",
            (hub.departure,),
        ).fetchone()
    assert found is not None
    return int(found[0])


def test_numbered_seats_are_given_one_by_one(hub: ScarceHub) -> None:
    first, second, third = hub.desks
    most = sum(hub.granted(hub.numbered))
    hub.lower(first, most - 3, hub.numbered)
    for _ in range(3):
        at_once(
            [second, third], lambda own, _desk: own.execute("SELECT api.ask_seats(%s, 1)", (hub.numbered,))
        )
    labels = hub.admin.execute(
        "SELECT label, count(*) FROM agency.seat_grants WHERE departure_id = %s GROUP BY label",
        (hub.numbered,),
    ).fetchall()
    assert len(labels) == most and {count for _label, count in labels} == {1}
    for desk, granted in zip(hub.desks, hub.granted(hub.numbered), strict=True):
        query = "SELECT count(*) FROM agency.seat_grants WHERE departure_id = %s AND desk_id = %s"
        assert hub.one(query, hub.numbered, desk.id) == granted


def test_a_desk_with_little_is_given_a_share_before_it_asks(hub: ScarceHub) -> None:
    first, second, _third = hub.desks
    hub.lower(first, 4)
    assert second.ask("allot()") == 2  # of six, for three desks
    assert hub.granted() == [4, 2, 0]
    assert second.ask("allot()") == 2  # of the four that are left
    assert second.ask("allot()") == 0  # it has four


@pytest.mark.parametrize(
    ("agency", "own", "given"), [(0, None, 2), (3650, None, 0), (3650, 0, 2), (None, 3650, 0)]
)
def test_nothing_is_filled_up_from_the_release_date_on(
    hub: ScarceHub, agency: int | None, own: int | None, given: int
) -> None:
    second = hub.desks[1]
    hub.lower(hub.desks[0], 4)
    for table, check in (("agencies", agency), ("departures", own)):
        hub.admin.execute(f"ALTER TABLE agency.{table} DROP CONSTRAINT ck_{table}_release_days_known")
        hub.admin.execute(f"UPDATE agency.{table} SET release_days = %s", (check,))
    assert second.ask("allot()") == given
    assert second.ask("ask_seats(%s, 1)", hub.departure) == {"given": 1}  # for one party


def test_of_numbered_seats_those_that_are_wanted_are_given(hub: ScarceHub) -> None:
    _first, second, _third = hub.desks
    hub.admin.execute("DELETE FROM agency.seat_grants WHERE departure_id = %s", (hub.numbered,))
    hub.admin.execute("UPDATE agency.grants SET seats = 0 WHERE departure_id = %s", (hub.numbered,))
    free = hub.one("SELECT hub.nobodys_labels(%s)", hub.numbered)
    last = free[-1]
    assert second.ask("ask_seats(%s, 2, ARRAY[%s, 'no such seat'])", hub.numbered, last) == {"given": 1}
    assert second.ask("ask_seats(%s, 2, ARRAY[%s])", hub.numbered, free[-2]) == {"given": 2}
    owned = "SELECT array_agg(label ORDER BY label) FROM agency.seat_grants WHERE departure_id = %s"
    assert hub.one(owned, hub.numbered) == sorted([free[0], free[-2], last])


def test_a_departure_that_is_not_sold_gives_nothing(hub: ScarceHub) -> None:
    hub.lower(hub.desks[0], 4)
    hub.admin.execute("UPDATE agency.departures SET state = 'stopped' WHERE id = %s", (hub.departure,))
    assert hub.desks[1].ask("ask_seats(%s, 1)", hub.departure) == {"given": 0}


# a desk that is silent


def test_a_manager_writes_a_silent_desk_off_and_others_are_given_its_seats(hub: ScarceHub) -> None:
    first, second, third = hub.desks
    with pytest.raises(psycopg.Error, match="A manager writes seats off"):
        second.ask("write_off(%s, %s)", first.id, hub.users["agent"])
    with pytest.raises(psycopg.Error, match="is not silent"):
        first.ask("write_off(%s, %s)", first.id, hub.users["admin"])
    assert hub.person.ask("write_off(%s)", first.id) == 2
    assert hub.granted() == [3, 0, 0]
    assert second.ask("ask_seats(%s, 7)", hub.departure) == {"given": 7}
    assert third.ask("ask_seats(%s, 1)", hub.departure) == {"given": 0}
    assert hub.person.ask("write_off(%s)", first.id) == 0
    left = hub.one(
        "SELECT count(*) FROM agency.seat_grants WHERE departure_id = %s AND desk_id = %s",
        hub.numbered,
        first.id,
    )
    assert left == 0


def test_its_late_sale_stands_beyond_what_there_is_and_lies_in_the_inbox(hub: ScarceHub) -> None:
    first, second, _third = hub.desks
    hub.person.ask("write_off(%s)", first.id)
    second.ask("ask_seats(%s, 7)", hub.departure)
    hub.take(first, 2)
    assert hub.granted() == [5, 7, 0]
    assert hub.one("SELECT sum(seats) FROM agency.allowances WHERE departure_id = %s", hub.departure) == 2
    assert hub.one("SELECT kind FROM hub.conflicts") == "oversale"
    first.ask("come_back()")
    with pytest.raises(psycopg.errors.CheckViolation, match="not_oversold"):
        hub.take(first, 1)


# claims


def claim(own: Connection, thing: UUID, amount: int = 9000) -> Any:
    found = own.execute("SELECT api.claim('refund', %s, %s, 'EUR')", (thing, amount)).fetchone()
    assert found is not None
    return found[0]


def test_one_desk_has_a_claim_and_has_it_again(hub: ScarceHub) -> None:
    for _ in range(10):
        thing = uuid4()
        said = at_once(hub.desks, lambda own, _desk, thing=thing: claim(own, thing))  # type: ignore[misc]
        assert sorted(one["word"] for one in said) == ["no", "no", "yes"]
        winner = next(desk for desk, one in zip(hub.desks, said, strict=True) if one["word"] == "yes")
        name = hub.one("SELECT name FROM agency.desks WHERE id = %s", winner.id)
        assert {one["held_by"] for one in said if one["word"] == "no"} == {name}
        assert claim(winner.connection, thing) == {"word": "yes", "taken_over": False}


def test_a_claim_is_for_one_amount(hub: ScarceHub) -> None:
    thing = uuid4()
    claim(hub.desks[0].connection, thing)
    with pytest.raises(psycopg.Error, match="another amount"):
        claim(hub.desks[0].connection, thing, 9001)


def test_what_a_desk_had_that_was_written_off_is_taken_over_by_one(hub: ScarceHub) -> None:
    first, second, third = hub.desks
    thing = uuid4()
    claim(first.connection, thing)
    hub.person.ask("write_off(%s)", first.id)
    said = at_once([second, third], lambda own, _desk: claim(own, thing))
    assert sorted(one["word"] for one in said) == ["no", "yes"]
    assert [one["taken_over"] for one in said if one["word"] == "yes"] == [True]
    assert claim(first.connection, thing)["word"] == "no"


def test_after_a_restore_nothing_is_given_before_all_have_been_there(hub: ScarceHub) -> None:
    first, second, third = hub.desks
    hub.lower(first, 4)
    hub.admin.execute("SELECT hub.new_epoch()")
    first.ask("enroll(%s)", uuid4())
    second.ask("enroll(%s)", uuid4())
    waits = "The central database was restored; it waits for desk Split."
    assert second.ask("ask_seats(%s, 1)", hub.departure) == {"given": 0, "why": waits}
    assert claim(second.connection, uuid4()) == {"word": "waits", "why": waits}
    assert second.ask("lease('chores')") is None
    hub.person.ask("write_off(%s)", third.id)
    assert second.ask("ask_seats(%s, 1)", hub.departure) == {"given": 1}
    assert claim(second.connection, uuid4())["word"] == "yes"


# numbers, chores, approvals


def test_blocks_of_numbers_never_overlap(hub: ScarceHub) -> None:
    def ask(own: Connection, _desk: At) -> int:
        found = own.execute("SELECT api.numbers('IV', 2026)").fetchone()
        assert found is not None
        return int(found[0])

    first = at_once(hub.desks, ask)
    assert sorted(first) == [1, 1001, 2001]
    assert at_once(hub.desks, ask) == first  # whose answer was lost has it already
    hub.admin.execute("UPDATE agency.number_series SET next = next + 500 WHERE kind = 'IV'")
    assert sorted(at_once(hub.desks, ask)) == [3001, 4001, 5001]
    assert hub.told().count(("number_series", "I")) == 6


def test_one_desk_does_the_chores_until_it_is_silent(hub: ScarceHub) -> None:
    first, second, third = hub.desks
    said = at_once(hub.desks, lambda own, _desk: own.execute("SELECT api.lease('chores')").fetchone())
    holders = [
        desk for desk, row in zip(hub.desks, said, strict=True) if row is not None and row[0] is not None
    ]
    assert len(holders) == 1
    assert holders[0].ask("lease('chores')") is not None
    others = [desk for desk in (first, second, third) if desk is not holders[0]]
    assert [desk.ask("lease('chores')") for desk in others] == [None, None]
    hub.admin.execute("UPDATE hub.leases SET until = clock_timestamp()")
    said = at_once(others, lambda own, _desk: own.execute("SELECT api.lease('chores')").fetchone())
    assert sum(row is not None and row[0] is not None for row in said) == 1


def test_only_a_persons_own_sign_in_approves(hub: ScarceHub) -> None:
    batch = uuid4()
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        hub.desks[0].ask("approve('payout_batch', %s)", batch)
    hub.person.ask("approve('payout_batch', %s)", batch)
    hub.person.ask("approve('payout_batch', %s)", batch)
    assert hub.one("SELECT user_id FROM hub.approvals WHERE id = %s", batch) == hub.users["admin"]
