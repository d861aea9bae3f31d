"""Three desks, a vendor and a hub, whatever they do in whatever order: whenever all is quiet they are of one mind,
nothing is sold twice, paid back twice or lost, and the vendor has what is theirs and no more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from helpers.three_towns import Lost, Met, ThreeTowns, met
from helpers.towns_played import Towns
from postgres import Postgres
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.errors import Refusal
from travellr_desktop.storage.commits import Commit, Moment
from travellr_desktop.storage.incoming import take_in
from travellr_desktop.storage.models import Grant
from travellr_desktop.storage.outgoing import Outgoing
from travellr_desktop.storage.uow import Database
from travellr_desktop.sync import cycle, first_sync
from travellr_desktop.sync.authority import HubAuthority
from travellr_desktop.sync.hub import Hub
from travellr_desktop.sync.pulling import Pulled


@pytest.fixture(scope="module")
def made(cluster: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Met]:
    with met(cluster, tmp_path_factory.mktemp("met")) as found:
        yield found


@pytest.fixture
def towns(made: Met, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Towns, "made", made, raising=False)
    monkeypatch.setattr(Towns, "scratch", tmp_path, raising=False)


def play(*, count: int, steps: int, again: bool = True) -> int:
    """The same steps each time, but for `again` False. Returns how many of them did something, and prints what."""
    before = Towns.done.copy()
    run_state_machine_as_test(
        Towns,
        settings=settings(
            max_examples=count,
            stateful_step_count=steps,
            deadline=None,
            derandomize=again,
            database=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate],
        ),
    )
    did = Towns.done - before
    print("\n".join(f"{times:6} {what}" for what, times in did.most_common()))
    return did.total() - did["proved"]


def test_three_desks_are_of_one_mind_whenever_all_is_quiet(towns: None) -> None:
    assert play(count=4, steps=30) > 20


@pytest.mark.soak
@pytest.mark.parametrize("attempt", range(20))
def test_they_still_are_after_thousands_of_steps(towns: None, attempt: int) -> None:
    assert play(count=10, steps=50, again=False) > 80


# desks and hubs that do one thing otherwise

Patch = pytest.MonkeyPatch


def cursor_goes_first(at: Patch) -> None:
    """A pull writes down up to where it is, and then what is there."""

    def pull_all(database: Database, hub: Hub) -> Pulled:
        hub.publish()
        while True:
            with database.read() as view:
                cursor = Outgoing(view.connection).standing().cursor
            page = hub.pull(cursor, 500)
            if page.up_to == cursor:
                return Pulled()
            for ops in ((), tuple(replace(op, pub=op.pub + 10**9) for op in page.ops)):
                with database.write(Commit.SYNC_TAKEN_IN, SYSTEM) as work:
                    take_in(work, ops, page.up_to)
                    work.commit()

    at.setattr(cycle, "pull_all", pull_all)


def hub_forgets(at: Patch) -> None:
    """A push keeps no account of what it was told."""
    known = "IF FOUND AND known.hash = op ->> 'hash' THEN"
    edits_hub(
        at, "api.push(jsonb)", {known: "IF false THEN", "ELSIF FOUND OR number": "ELSIF false AND number"}
    )
    ends = "nextval('hub.ord') END)"
    edits_hub(at, "hub.keep(uuid, jsonb)", {f"{ends};": f"{ends} ON CONFLICT DO NOTHING;"})


def last_word_stands(at: Patch) -> None:
    """The hub writes whatever it is told."""
    edits_hub(at, "hub.unseen(text, uuid, uuid, bigint)", {"RETURN found;": "RETURN '{}';"})


def seats_by_itself(at: Patch) -> None:
    """A desk that is short takes what nobody has, as far as it knows, and tells the hub later."""

    def more_seats(self: HubAuthority, departure_id: UUID, seats: int, labels: Sequence[str] = ()) -> bool:
        with self._db.write(Commit.SEATS_LET_GO, SYSTEM) as work:
            granted = work.session.scalars(select(Grant).where(Grant.departure_id == departure_id)).all()
            free = work.departures.get(departure_id).capacity - sum(each.seats for each in granted)
            own = [each for each in granted if each.desk_id == work.desk_id]
            if free < seats:
                return False
            if own:
                own[0].seats += seats
            else:
                work.session.add(Grant(departure_id=departure_id, desk_id=work.desk_id, seats=seats))
            work.commit()
        return True

    at.setattr(HubAuthority, "more_seats", more_seats)


def edits_hub(at: Patch, function: str, words: Mapping[str, str]) -> None:
    """The hub of each example has another function in the place of its own."""
    before = Towns.hurt

    def hurt(here: ThreeTowns) -> None:
        before(here)
        text = here.place.one("SELECT pg_get_functiondef(%s::regprocedure)", function)
        for old, new in words.items():
            assert old in text
            text = text.replace(old, new)
        here.place.connection.execute(text.encode())

    at.setattr(Towns, "hurt", staticmethod(hurt))


def rows_alone(at: Patch) -> None:
    """A vendor is told of rows that were touched, and not of those that came into view with them."""
    edits_hub(at, "api.pull_mine(bigint,bigint)", {"WHERE s.turned AND s.f IS NOT NULL": "WHERE false"})


def whole_rows(at: Patch) -> None:
    """A vendor is told rows as desks have them."""
    theirs = "hub.vendor_image(t, row_id, me.vendor_id, me.user_id)"
    edits_hub(at, "api.pull_mine(bigint,bigint)", {theirs: "hub.image(t, row_id)"})


def any_file(at: Patch) -> None:
    """The hub knows a desk by its sign-in, and an op by its number."""
    known = "IF FOUND AND known.hash = op ->> 'hash' THEN"
    other = "ELSIF me.incarnation IS DISTINCT FROM (op ->> 'incarnation')::uuid THEN"
    edits_hub(at, "api.push(jsonb)", {known: "IF FOUND THEN", other: "ELSIF false THEN"})


def nothing_is_carried(at: Patch) -> None:
    """Who takes everything anew has everything that the hub has, and that is all."""
    at.setattr(first_sync, "_untold", lambda *_more: iter(()))


def a_page_is_cut(towns: Towns) -> None:
    towns.write_a_note(0, 0)
    towns.turn(0)
    towns.die_in_a_turn(1, 0, Moment.AFTER)


def an_answer_is_lost(towns: Towns) -> None:
    towns.write_a_note(0, 0)
    towns.lose_the_line_in_a_turn(0, 1, Lost.REPLY)


def one_field_at_two_desks(towns: Towns) -> None:
    towns.change_a_traveller(0, 0, 1, 0)
    towns.change_a_traveller(1, 0, 2, 0)
    towns.turn(0)
    towns.turn(1)


def the_last_seats_at_two_desks(towns: Towns) -> None:
    towns.make_a_departure(0, 9)
    towns.turn(0)
    towns.chores(0)
    for at in (0, 1, 2):
        towns.turn(at)
    for at in (1, 2):
        towns.go_offline(at)
        towns.sell(at, 2, 4)


def a_sale_to_somebody_from_before(towns: Towns) -> None:
    town = towns.towns[0]
    henrik = town.desk.traveller("Henrik")
    towns.turn(0)
    towns.the_vendor_pulls(500)
    towns.sell_to(town, town.desk.hold(town.departure(), adult=2), henrik)


def a_sale_that_is_none_of_theirs(towns: Towns) -> None:
    towns.sell(0, 2, 2)


def a_copy_of_a_file(towns: Towns) -> None:
    towns.a_copy_of_a_file_is_refused(1, 2)


def a_hub_restored_twice(towns: Towns) -> None:
    towns.back_the_hub_up()
    for _ in range(2):
        towns.sell(0, 0, 1)
        towns.turn(0)
        towns.restore_the_hub()
        towns.turn(1)
        towns.sell(1, 0, 1)
        towns.turn(0)


def a_file_put_back(towns: Towns) -> None:
    towns.sell(0, 0, 1)
    towns.back_a_file_up(0)
    towns.turn(0)
    towns.write_a_note(0, 0)
    towns.turn(0)
    towns.put_a_file_back(0, renamed=True)


STORIES: dict[Callable[[Patch], None], Callable[[Towns], None]] = {
    cursor_goes_first: a_page_is_cut,
    hub_forgets: an_answer_is_lost,
    last_word_stands: one_field_at_two_desks,
    seats_by_itself: the_last_seats_at_two_desks,
    rows_alone: a_sale_to_somebody_from_before,
    whole_rows: a_sale_that_is_none_of_theirs,
    any_file: a_copy_of_a_file,
    nothing_is_carried: a_hub_restored_twice,
}


def named(done_wrong: Callable[[Patch], None]) -> str:
    return done_wrong.__name__


def walked(*stories: Callable[[Towns], None]) -> None:
    towns = Towns()
    towns.begin()
    try:
        for story in stories:
            story(towns)
            towns.rest(lambda: False)
    finally:
        towns.stack.close()


def test_rightly_done_each_of_them_ends_well(towns: None) -> None:
    walked(*STORIES.values(), a_file_put_back)


@pytest.mark.parametrize("done_wrong", STORIES, ids=named)
def test_what_is_done_wrong_is_found(
    towns: None, monkeypatch: Patch, done_wrong: Callable[[Patch], None]
) -> None:
    done_wrong(monkeypatch)
    with pytest.raises(AssertionError):
        walked(STORIES[done_wrong])


@pytest.mark.soak
@pytest.mark.parametrize("done_wrong", STORIES, ids=named)
def test_it_is_found_by_chance_too(
    towns: None, monkeypatch: Patch, done_wrong: Callable[[Patch], None]
) -> None:
    done_wrong(monkeypatch)
    with pytest.raises((AssertionError, Refusal, psycopg.Error, IntegrityError)):
        play(count=30, steps=40)
