"""Two desks that have sold by themselves meet at one hub: the second one's file comes beside the first one's. Nothing
is lost, nothing comes twice, nobody becomes somebody else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from helpers.central_hub import hub_place
from helpers.clock import HandClock
from helpers.desk import ADMIN, AGENT, CASH, desk_again
from helpers.hub_proofs import same_rows
from helpers.joining_kills import copied, join_now, joining
from helpers.naive_joining import ids_anew, merged_by_name
from helpers.postgres import Central, fresh_database
from helpers.two_alone import books, came_whole, dump_of, rows_of, two_alone
from travellr_desktop.__main__ import main
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.domain.ways import PaymentsKind
from travellr_desktop.services.authority import DeskAlone
from travellr_desktop.services.vendors import VendorDraft
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import TravellerAccount
from travellr_desktop.sync.adoption import Adoption
from travellr_desktop.sync.connecting import HubDeclines, HubSilent, connect
from travellr_desktop.sync.cycle import greet, turn
from travellr_desktop.sync.hub import Hub
from travellr_desktop.sync.joining import plan


def test_a_second_file_comes_beside_the_first_and_all_are_whole(central: Central, tmp_path: Path) -> None:
    with two_alone(central, tmp_path, whole=True) as (place, first, second):
        here, there = dump_of(second), place.dump()
        joined = place.beside(second, place.sign_in("Budva"))
        came_whole(here, there, place.dump())
        assert place.connection.execute("SELECT number, name FROM agency.desks ORDER BY 1").fetchall() == [
            (1, "Desk 1"),
            (2, "Budva"),
        ]
        place.quiet()
        same_rows(place, first, joined)
        for each in (first, joined):
            found = each.desk.services.check.run().problems
            # in a test each desk has a provider of its own, who knows nothing of the other's payments
            assert [one for one in found if not one.kind.startswith("provider.")] == []


def test_both_sell_on_what_either_brought(central: Central, tmp_path: Path) -> None:
    with two_alone(central, tmp_path) as (place, first, second):
        theirs = next(iter(rows_of(dump_of(second), "departures")))
        joined = place.beside(second, place.sign_in("Budva"))
        place.quiet()
        ours = first.departure()
        joined.desk.sold(ours, pay=CASH, adult=2)
        first.desk.sold(UUID(theirs), pay=CASH, adult=1)
        place.quiet()
        same_rows(place, first, joined)
        assert place.one("SELECT count(*) FROM hub.conflicts") == 0
        assert {
            row[0] for row in joined.lies("SELECT reference FROM sales WHERE reference LIKE '%-000001%'")
        } == {
            "SA-2026-000001",
            "SA-2026-000001/2",
        }


BOUNDARIES = (
    "before the hub commits #1",
    "after the hub has committed #1",
    "after api.enroll #1",
    "the new file is there #1",
)
"""Around what is for ever; all of them are tried in the long run."""


def test_whoever_dies_on_the_way_joins_again(central: Central, tmp_path: Path) -> None:
    killed_and_again(central, tmp_path, BOUNDARIES)


@pytest.mark.soak
def test_whoever_dies_anywhere_on_the_way_joins_again(central: Central, tmp_path: Path) -> None:
    killed_and_again(central, tmp_path, ())


def killed_and_again(central: Central, folder: Path, only: Sequence[str]) -> None:
    """At each boundary, or those: the program is killed, people sell on in whichever file there is, the desk joins
    again. Nothing is lost, nothing is there twice."""
    with two_alone(central, folder) as (place, _first, second):
        clock, alone, sign_in = second.clock, second.profile.folder, place.sign_in("Budva")
        assert isinstance(clock, HandClock)
        second.program.close()
        place.save("as_it_was")
        there, here = place.dump(), dump_of(second)

        def url(of: Central) -> str:
            return of.url(sign_in.login, sign_in.password)

        with fresh_database(central.server, "as_it_was") as copy:
            passed = joining(copied(alone, folder / "undisturbed"), clock, url(copy))
        assert {*BOUNDARIES} <= {*passed}
        for number, at in enumerate(only or passed):
            own = copied(alone, folder / f"{number}")
            with fresh_database(central.server, "as_it_was") as copy, closing(copy.connect()) as admin:
                joining(own, clock, url(copy), at)
                with closing(Hub(connect(url(copy), insecure_loopback=True))) as hub:
                    sold_on = sells_and_joins_again(own, clock, hub)
                    with desk_again(own, clock, authority=DeskAlone()) as desk:
                        greet(desk.database, hub)
                        turn(desk.database, hub)
                        now = dump_of(desk)
                        assert desk.services.check.run().problems == (), at
                assert admin.execute("SELECT op_no, reason FROM hub.conflicts").fetchall() == [], at
                entries = (
                    "SELECT debit, credit, currency, sum(amount)::bigint FROM agency.ledger GROUP BY 1, 2, 3"
                )
                assert {row[:3]: row[3] for row in admin.execute(entries)} == books(now), at
            before = rows_of(here, "ledger") | rows_of(there, "ledger")
            assert rows_of(now, "ledger").items() >= before.items(), at
            assert len(rows_of(now, "sales")) == 2 + sold_on, at


def sells_and_joins_again(folder: Path, clock: HandClock, hub: Hub) -> int:
    """Returns how many sales were made in the old file."""
    with desk_again(folder, clock, authority=DeskAlone()) as desk:
        with desk.database.read() as view:
            if view.agency.has_hub():
                return 0  # it is the new one
        desk.sold(desk.add_departure(capacity=8), pay=CASH, adult=3)
        join_now(desk, hub)
        return 1


def test_a_lost_reply_is_answered_by_asking_again(central: Central, tmp_path: Path) -> None:
    with two_alone(central, tmp_path) as (place, _first, second):
        here, there, sign_in = dump_of(second), place.dump(), place.sign_in("Budva")
        lossy = LossyHub(place.reach(sign_in)._connection)
        with pytest.raises(HubSilent):
            join_now(second, lossy)
        second.database.thaw()
        place.beside(second, sign_in)
        came_whole(here, there, place.dump())


class LossyHub(Hub):
    """The hub has taken the rows, and the line breaks before it can say so."""

    @contextmanager
    def adoption(self, *, trying: bool = False) -> Iterator[Adoption]:
        with super().adoption(trying=trying) as adoption:
            yield adoption
        raise HubSilent("The line broke.")


# what is looked at before


def test_what_would_come_of_it_is_said_and_nothing_is_changed(central: Central, tmp_path: Path) -> None:
    with two_alone(central, tmp_path) as (place, _first, second):
        hub = place.reach(place.sign_in("Budva"))
        here, there = dump_of(second), place.dump()
        changes = "SELECT count(*) FROM hub.changes"
        told = place.one(changes)
        said = plan(second.database, hub)
        assert (dump_of(second), place.dump(), place.one(changes)) == (here, there, told)
        assert hub.adopted_as() is None
        assert said.beside and said.in_the_way == () and said.rows == sum(len(rows) for rows in here.values())
        assert (said.desk, said.mark) == ("Budva", "/2")
        assert {person.email for person in said.people} == {ADMIN, AGENT}
        assert said.vendors == ("Bokeška Plovidba",)
        assert said.trips == ("Blue Cave and Perast",)
        assert said.numbers == len(here["sales"]) + len(here["bookings"])
        assert "SA-2026-000001/2" in "\n".join(said.lines())


def test_an_empty_hub_takes_it_as_it_is(central: Central, tmp_path: Path) -> None:
    with hub_place(central) as place, place.alone(tmp_path / "kotor") as desk:
        said = plan(desk.database, place.reach(place.sign_in("Kotor")))
        assert not said.beside and said.in_the_way == ()
        assert place.one("SELECT count(*) FROM agency.agencies") == 0


def test_a_file_that_is_known_there_is_no_second_one(central: Central, tmp_path: Path) -> None:
    """A copy of a desk's file, or one that has left."""
    with (
        hub_place(central) as place,
        place.alone(tmp_path / "kotor") as one,
        place.alone(tmp_path / "copy") as copy,
    ):
        place.first(one)
        sign_in, there = place.sign_in("Budva"), place.dump()
        hub = place.reach(sign_in)
        assert "a copy of a file that is known here" in plan(copy.database, hub).in_the_way[0]
        with pytest.raises(HubDeclines, match="a copy of a file that is known here"):
            join_now(copy, hub)
        assert place.dump() == there


def test_what_can_be_there_only_once_is_named(central: Central, tmp_path: Path) -> None:
    with two_alone(central, tmp_path) as (place, first, second):
        for desk in (first.desk, second):
            with desk.database.write(Commit.TRAVELLER_SAVE, SYSTEM) as work:
                traveller = work.connection.exec_driver_sql("SELECT id FROM travellers LIMIT 1").scalar()
                assert traveller is not None
                account = TravellerAccount(
                    traveller_id=UUID(traveller),
                    kind=PaymentsKind.SANDBOX,
                    customer_ref="cus_1",
                    created_at=work.now,
                )
                work.session.add(account)
                work.commit()
        first.turn()
        hub, there = place.reach(place.sign_in("Budva")), place.dump()
        words = "1 of traveller accounts with the same customer ref are here already: cus_1."
        assert plan(second.database, hub).in_the_way == (words,)
        with pytest.raises(HubDeclines, match="cus_1"):
            join_now(second, hub)
        assert place.dump() == there


def test_codes_that_are_taken_end_in_the_desks_mark(central: Central, tmp_path: Path) -> None:
    with two_alone(central, tmp_path) as (place, first, second):
        for desk in (first.desk, second):
            desk.services.vendors.create(desk.admin, VendorDraft("Lovćen tours", code="LOV"))
        first.turn()
        assert plan(second.database, place.reach(place.sign_in("Budva"))).codes == ("LOV/2",)


# ways that look as good and are not


def test_new_ids_let_a_file_in_twice(
    central: Central, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever gives rows that come new ids, so that nothing can collide, has them twice after a lost reply."""
    with two_alone(central, tmp_path) as (place, _first, second):
        here, there = dump_of(second), place.dump()
        ids_anew(monkeypatch)
        for name in ("Budva", "Budva once more"):
            with pytest.raises(HubSilent):
                join_now(second, LossyHub(place.reach(place.sign_in(name))._connection))
            second.database.thaw()
        with pytest.raises(AssertionError, match="the ledgers' sums"):
            came_whole(here, there, place.dump())


def test_who_is_merged_by_name_becomes_somebody_else(central: Central, tmp_path: Path) -> None:
    """Two travellers of one name, without email and phone: nobody but a person knows whether they are one."""
    with two_alone(central, tmp_path) as (place, _first, second):
        here, there = dump_of(second), place.dump()
        merged_by_name(place)
        place.beside(second, place.sign_in("Budva"))
        with pytest.raises(AssertionError, match="travellers"):
            came_whole(here, there, place.dump())


# as people do it


def test_the_command_says_what_would_come_of_it_and_does_it(
    central: Central, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def said(*arguments: str) -> tuple[int, dict[str, Any]]:
        code = main(["sync", *arguments, "--profile", str(folder), "--json"])
        return code, json.loads(capsys.readouterr().out)

    with two_alone(central, tmp_path) as (place, _first, second):
        sign_in, folder, here = place.sign_in("Budva"), second.profile.folder, dump_of(second)
        monkeypatch.setenv("HUB_PASSWORD", sign_in.password)
        second.program.close()
        where = f"127.0.0.1:{central.server.port}/{central.name}"
        to = ("join", where, "--login", sign_in.login, "--insecure-loopback")
        code, plan = said(*to, "--dry-run")
        assert (code, plan["beside"], plan["mark"], plan["in_the_way"]) == (0, True, "/2", [])
        assert said("status")[1]["enrolled"] is False
        there = place.dump()
        code, done = said(*to)
        assert (code, done["restart"]) == (0, True)
        came_whole(here, there, place.dump())
        assert said("status")[1]["enrolled"] is True
        assert list((folder / "backups").glob("*.db")) != []
        code, again = said(*to)
        assert code == 2 and again["error"]["code"] == "OtherHub"
