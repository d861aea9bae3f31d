"""In their own file a vendor's person finds what they find at a desk of the agency, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from helpers.desk import CASH, DAY, PASSWORD, desk_at
from helpers.strangers import LATER, Theirs
from helpers.vendor_place import VendorPlace
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.errors import Refusal, VendorsFile
from travellr_desktop.jobs.runner import Runner, start_up
from travellr_desktop.services.earnings.views import Span
from travellr_desktop.services.paged import ListQuery, PagedRows
from travellr_desktop.services.registry import Services
from travellr_desktop.services.travellers import TravellerDraft
from travellr_desktop.storage.commits import OF_VENDORS, Commit

EMAIL = "nikola@travellr.example"


def _rows(rows: PagedRows[Any]) -> list[Any]:
    with closing(rows):
        return list(rows.first(100))


def asked(s: Services, who: Actor, of: Theirs) -> Mapping[str, Callable[[], Any]]:
    """Everything that a vendor's screens ask."""
    lists = {
        f"{name} {query}": lambda name=name, query=query: _rows(getattr(s.lists, name)(who, query))
        for name in ("bookings", "departures", "earnings", "statements")
        for query in (ListQuery(), ListQuery(text="ana"), ListQuery(text="blue"))
    }
    return {
        **lists,
        "overdue": lambda: _rows(s.lists.bookings(who, ListQuery(filters={"act": True}))),
        "day": lambda: s.board.day(who, DAY),
        "a later day": lambda: s.board.day(who, LATER),
        "month": lambda: s.board.month(who, DAY, DAY + timedelta(days=40)),
        "trips": lambda: s.board.trips(who),
        "trip": lambda: s.board.trip(who, of.trip, DAY),
        "departure": lambda: s.board.departure(who, of.departure),
        "manifest": lambda: s.manifests.manifest(who, of.departure),
        "seats": lambda: s.seats.plan_of(who, of.departure),
        "plans": lambda: s.plans.list(who),
        "plan": lambda: s.plans.get(who, of.plan),
        "pictures": lambda: s.pictures.of_trip(who, of.trip),
        "earned": lambda: s.earnings.overview(who, of.vendor),
        "by travel": lambda: s.earnings.by_travel(who, of.vendor, "EUR", Span.TWELVE_MONTHS),
        "payouts": lambda: s.earnings.payouts(who, of.vendor, "EUR"),
        "profile": lambda: s.earnings.profile(who, of.vendor),
        "terms": lambda: s.vendor_terms.terms(who, of.vendor),
        "balances": lambda: s.vendor_terms.balances(who, of.vendor),
        "statement": lambda: s.statements.detail(who, of.statement),
        "statement by number": lambda: s.statements.find(who, of.number),
        "choices": lambda: s.statements.choices(who),
        "statement on paper": lambda: s.documents.statement_pictures(who, of.statement),
        "account": lambda: s.users.find_by_id(who, UUID(str(who.user_id))),
        "booking": lambda: s.bookings.detail(who, of.booking),
    }


NOT_THEIRS: Mapping[str, frozenset[str]] = {
    "booking": frozenset({"paid"}),  # by which way it was paid is between agency and traveller
    "statement": frozenset({"batch_id"}),
    "statement by number": frozenset({"batch_id"}),
}
"""What is not in a vendor's file, of what is asked."""


def _fields(value: Any, without: frozenset[str]) -> Any:
    if not without:
        return value
    return {name: getattr(value, name) for name in value.__dataclass_fields__ if name not in without}


def test_all_that_their_screens_ask_is_answered_as_at_a_desk(vendors: VendorPlace) -> None:
    desk = vendors.kotor.desk
    coming = desk.add_departure(day=LATER, trip_id=vendors.two.own.trip)
    desk.sold(coming, pay=CASH, adult=2, child=1)
    gone = desk.sold(coming, pay=CASH, adult=1)
    desk.cancel(*(booking.id for booking in gone.bookings))
    vendors.quiet()
    own = vendors.own.program.services
    who = own.users.sign_in(EMAIL, PASSWORD).actor
    assert who == vendors.person
    there = asked(desk.services, who, vendors.two.own)
    for name, ask in asked(own, who, vendors.two.own).items():
        without = NOT_THEIRS.get(name, frozenset())
        assert _fields(ask(), without) == _fields(there[name](), without), name


def _papers(s: Services, who: Actor, of: Theirs) -> list[Path]:
    return [
        s.documents.manifest(who, of.departure),
        *(s.documents.statement(who, of.statement, form) for form in _forms()),
    ]


def _forms() -> tuple[Any, ...]:
    from travellr_desktop.services.statements.exporting import FileForm

    return tuple(FileForm)


def test_papers_and_lists_are_handed_out(vendors: VendorPlace, tmp_path: Path) -> None:
    s = vendors.own.program.services
    for paper in _papers(s, vendors.person, vendors.two.own):
        assert paper.stat().st_size > 200
    with closing(s.lists.earnings(vendors.person, ListQuery())) as rows:
        assert s.exports.to_csv(vendors.person, "earnings", rows, tmp_path / "earnings.csv").rows > 0


def test_nothing_is_changed_and_it_is_said_why(vendors: VendorPlace) -> None:
    database, s = vendors.own.program.database, vendors.own.program.services
    before = vendors.own.dump()
    for name in Commit:
        if name not in OF_VENDORS:
            with (
                pytest.raises(VendorsFile, match="nothing is changed in it"),
                database.write(name, vendors.person),
            ):
                pass
    for change in (
        lambda: s.users.update(vendors.person, UUID(str(vendors.person.user_id)), name="Somebody"),
        lambda: s.travellers.create(vendors.kotor.desk.agent, TravellerDraft("Somebody"), key=uuid4()),
        lambda: s.vendors.deactivate(vendors.kotor.desk.admin, vendors.two.own.vendor),
        lambda: s.manifests.check_in(vendors.kotor.desk.agent, (uuid4(),)),
    ):
        with pytest.raises(Refusal, match=r"nothing is changed in it|may not"):
            change()
    assert vendors.own.dump() == before


def test_of_what_runs_by_itself_only_the_files_own_upkeep_does(vendors: VendorPlace) -> None:
    s = vendors.own.program.services
    runner = Runner(s)
    assert {run.name for run in runner.runs()} == {"Note which events were told", "Forget old command keys"}
    for run in runner.runs():
        assert runner.run_now(run.name).failed is None
    assert start_up(s).endswith("events told")


def test_a_desk_is_as_it_was(tmp_path: Path) -> None:
    """The control: what is refused in a vendor's file is done in a desk's."""
    with desk_at(tmp_path / "kotor") as desk:
        assert not desk.services.of_vendor
        assert desk.traveller("Somebody").name == "Somebody"
