"""A vendor's session asks every service, list and export about another vendor: it is told, to the letter, what it is
told about what does not exist.

Every method that a vendor's permissions reach has a line here; a new one fails until it has."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import fields, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from helpers.clock import HandClock
from helpers.desk import DAY, desk_at
from helpers.strangers import LATER, NOBODY, STRANGE, Theirs, Two, two_vendors
from travellr_desktop.domain.party import Party
from travellr_desktop.domain.permissions import Actor, Role
from travellr_desktop.errors import NotFound, NotPermitted, Refusal
from travellr_desktop.services.departure_views import DepartureQuery
from travellr_desktop.services.earnings.views import Span
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.services.registry import Services
from travellr_desktop.services.statements.exporting import FileForm

Ask = Callable[[Services, Actor, Theirs], object]

NAMES: dict[str, Ask] = {
    "users.find_by_id": lambda s, who, of: s.users.find_by_id(who, of.user),
    "vendor_terms.terms": lambda s, who, of: s.vendor_terms.terms(who, of.vendor),
    "vendor_terms.balances": lambda s, who, of: s.vendor_terms.balances(who, of.vendor, DAY),
    "earnings.overview": lambda s, who, of: s.earnings.overview(who, of.vendor),
    "earnings.by_travel": lambda s, who, of: s.earnings.by_travel(who, of.vendor, "EUR", Span.THIS_YEAR),
    "earnings.payouts": lambda s, who, of: s.earnings.payouts(who, of.vendor),
    "earnings.profile": lambda s, who, of: s.earnings.profile(who, of.vendor),
    "pictures.of_trip": lambda s, who, of: s.pictures.of_trip(who, of.trip),
    "departures.offer": lambda s, who, of: s.departures.offer(who, of.departure, Party(1)),
    "departures.alternatives": lambda s, who, of: s.departures.alternatives(who, of.departure, Party(1)),
    "plans.get": lambda s, who, of: s.plans.get(who, of.plan),
    "seats.plan_of": lambda s, who, of: s.seats.plan_of(who, of.departure),
    "board.trip": lambda s, who, of: s.board.trip(who, of.trip, DAY),
    "board.departure": lambda s, who, of: s.board.departure(who, of.departure),
    "manifests.manifest": lambda s, who, of: s.manifests.manifest(who, of.departure),
    "bookings.detail": lambda s, who, of: s.bookings.detail(who, of.booking),
    "documents.manifest": lambda s, who, of: s.documents.manifest(who, of.departure),
    "statements.detail": lambda s, who, of: s.statements.detail(who, of.statement),
    "statements.find": lambda s, who, of: s.statements.find(who, of.number),
    "documents.statement": lambda s, who, of: s.documents.statement(who, of.statement),
    "documents.statement_pictures": lambda s, who, of: s.documents.statement_pictures(who, of.statement),
}
"""What names something: of another vendor it is refused."""


def _of(query: DepartureQuery, of: Theirs) -> tuple[DepartureQuery, ...]:
    return replace(query, text=of.title), replace(query, place=of.place)


WEEK = DepartureQuery(LATER, days=7)
SEARCHES: dict[str, Ask] = {
    "departures.search": lambda s, who, of: [s.departures.search(who, each) for each in _of(WEEK, of)],
    "departures.calendar": lambda s, who, of: [s.departures.calendar(who, each) for each in _of(WEEK, of)],
}
"""What is looked for by words: of another vendor nothing is found."""

OWN: dict[str, Ask] = {
    "departures.places": lambda s, who, of: s.departures.places(who),
    "plans.list": lambda s, who, of: s.plans.list(who, everything=True),
    "board.day": lambda s, who, of: s.board.day(who, LATER),
    "board.month": lambda s, who, of: s.board.month(who, DAY, LATER),
    "board.trips": lambda s, who, of: s.board.trips(who),
    "statements.choices": lambda s, who, of: s.statements.choices(who),
}
"""What names nothing: it is of one's own."""

LISTS: dict[str, tuple[str, ...]] = {
    "lists.bookings": ("vendor", "departure", "sale"),
    "lists.departures": ("vendor", "trip"),
    "lists.statements": ("vendor", "batch"),
    "lists.earnings": ("vendor", "trip", "booking", "payout", "statement"),
}
"""Lists, and the filters that take something of a vendor."""

ONLY_ONESELF = {
    *("users.sign_out", "users.verify", "users.may_go_on"),
    *("provider.view", "provider.take_up"),
}
"""Of the person who asks, whoever that is, or of this machine."""


WITH_A_LIST = {"exports.to_csv"}
"""What writes a list that was opened with the person's own permission."""


def asks(services: Services) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public method that is told who asks."""
    for field in fields(services):
        service = getattr(services, field.name)
        for name, function in inspect.getmembers(type(service), inspect.isfunction):
            parameters = list(inspect.signature(function).parameters)
            if not name.startswith("_") and "actor" in parameters[1:2]:
                yield f"{field.name}.{name}", getattr(service, name)


def may(ask: Callable[..., Any], who: Actor) -> bool:
    """Whether somebody is let in, with nothing in the form."""
    given = {
        parameter.name: None
        for parameter in list(inspect.signature(ask).parameters.values())[1:]
        if parameter.default is parameter.empty
    }
    try:
        said = ask(who, **given)
    except NotPermitted:
        return False
    except Exception:
        return True  # whatever else is wrong with an empty form, it is not the person
    if hasattr(said, "close"):
        said.close()
    return True


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    with desk_at(tmp_path_factory.mktemp("strangers") / "profile", HandClock()) as desk:
        yield two_vendors(desk)


def test_everything_that_a_vendor_reaches_is_asked_here(two: Two) -> None:
    """A new method says by its line how it is asked about another vendor. Everything else refuses before it looks, so
    nothing is learnt by it."""
    lines = [*NAMES, *SEARCHES, *OWN, *LISTS, *WITH_A_LIST]
    there = dict(asks(two.desk.services))
    assert set(there) >= ONLY_ONESELF
    reached = {method for method in set(there) - ONLY_ONESELF if may(there[method], two.person)}
    assert reached - set(lines) == set(), "no line says how these are asked"
    assert set(lines) - reached == {"users.find_by_id"}, "with nobody in the form it is about somebody else"
    assert len(lines) == len(set(lines))


def answer(ask: Ask, services: Services, who: Actor, of: Theirs) -> str:
    """All that comes of it, in words."""
    try:
        said = ask(services, who, of)
    except Refusal as refusal:
        return f"{type(refusal).__name__}: {refusal} | {refusal.hint} | {refusal.field}"
    return f"{said!r}{_content(said)}"


def _content(said: object) -> str:
    """What is in the files that were written."""
    return str(said.read_bytes()) if isinstance(said, Path) else ""


@pytest.mark.parametrize("method", NAMES)
def test_what_is_named_of_another_vendor_is_not_there(two: Two, method: str) -> None:
    ask, services = NAMES[method], two.desk.services
    theirs, nobodys = (answer(ask, services, two.person, of) for of in (two.theirs, NOBODY))
    assert theirs == nobodys
    assert theirs.startswith(("NotFound", "NotPermitted")), "it is refused"
    own = answer(ask, services, two.person, two.own)
    assert not own.startswith(("NotFound", "NotPermitted")), "of one's own it is not"
    assert STRANGE not in own


@pytest.mark.parametrize("method", NAMES)
def test_the_control_somebody_of_the_office_is_told(two: Two, method: str) -> None:
    """That there is something to be told; the office is not held back by whose it is."""
    told = answer(NAMES[method], two.desk.services, two.desk.admin, two.theirs)
    assert not told.startswith(("NotFound", "NotPermitted")), told


@pytest.mark.parametrize("method", SEARCHES)
def test_what_is_looked_for_of_another_vendor_is_not_found(two: Two, method: str) -> None:
    ask, services = SEARCHES[method], two.desk.services
    theirs, nobodys = (answer(ask, services, two.person, of) for of in (two.theirs, NOBODY))
    assert theirs == nobodys
    assert answer(ask, services, two.person, two.own) != nobodys
    assert STRANGE in answer(SEARCHES["departures.search"], services, two.desk.admin, two.theirs)


@pytest.mark.parametrize("method", OWN)
def test_what_names_nothing_is_of_ones_own(two: Two, method: str) -> None:
    told = answer(OWN[method], two.desk.services, two.person, two.own)
    assert STRANGE not in told
    for value in two.theirs.values().values():
        if value != two.own.batch:  # one batch paid both
            assert str(value) not in told


def rows_of(services: Services, method: str, who: Actor, query: ListQuery) -> tuple[Any, ...]:
    """A list in full: its rows by either way, how many, its sums, and how many it has without filters."""
    with closing(getattr(services.lists, method.split(".")[1])(who, query)) as rows:
        first = rows.first(500)
        count = rows.index()
        return first, count, rows.page(0, 500), rows.totals()


@pytest.mark.parametrize("method", LISTS)
def test_a_list_has_ones_own_rows_whatever_is_asked_of_it(two: Two, method: str) -> None:
    services, person = two.desk.services, two.person
    everything = rows_of(services, method, person, ListQuery())
    assert everything[1] > 0 and STRANGE not in repr(everything)
    for name in LISTS[method]:
        value = getattr(two.theirs, name, uuid4())
        if value == two.own.batch:
            continue  # one batch paid both: each sees their own statement in it
        theirs, nobodys = (
            rows_of(services, method, person, ListQuery(filters={name: each})) for each in (value, uuid4())
        )
        assert theirs == nobodys, name
        assert theirs[1] == 0, name
    for words in (STRANGE, two.theirs.reference, two.theirs.number):
        found = rows_of(services, method, person, ListQuery(text=words))
        assert STRANGE not in repr(found) and two.theirs.reference not in repr(found)


@pytest.mark.parametrize("method", LISTS)
def test_an_export_has_not_a_byte_of_another_vendor(two: Two, method: str, tmp_path: Path) -> None:
    services, name = two.desk.services, method.split(".")[1]
    written = {}
    for who in (two.person, two.desk.admin):
        file = tmp_path / f"{who.role}.csv"
        with closing(getattr(services.lists, name)(who, ListQuery())) as rows:
            services.exports.to_csv(who, name, rows, file)
        written[who.role] = file.read_text("utf-8-sig")
    foreign = (STRANGE, two.theirs.reference, two.theirs.number)
    assert not [each for each in foreign if each in written[Role.VENDOR]]
    assert [each for each in foreign if each in written[Role.ADMIN]], "the control: the office has them"


@pytest.mark.parametrize("form", FileForm)
def test_a_statement_of_another_vendor_is_no_file_in_any_form(two: Two, form: FileForm) -> None:
    told = []
    for of in (two.theirs, NOBODY):
        with pytest.raises(NotFound) as refusal:
            two.desk.services.documents.statement(two.person, of.statement, form)
        told.append((str(refusal.value), refusal.value.hint))
    assert len(set(told)) == 1


def test_an_account_of_a_vendor_that_is_gone_sees_nothing(two: Two) -> None:
    stranger = Actor(uuid4(), "Somebody", Role.VENDOR, UUID(int=1))
    for method, ask in {**NAMES, **OWN}.items():
        told = answer(ask, two.desk.services, stranger, two.theirs)
        assert STRANGE not in told, method
    for method in LISTS:
        assert rows_of(two.desk.services, method, stranger, ListQuery())[1] == 0
