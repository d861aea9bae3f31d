"""Records of travellers: what is kept of them, their money, their documents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from helpers.clock import START, HandClock
from helpers.desk import CARD, CASH, DAY, Desk
from travellr_desktop.domain.money import Money
from travellr_desktop.errors import InvalidInput, NotFound
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.services.travel_documents import DocumentKind, TravelDocumentDraft
from travellr_desktop.services.travellers import TravellerDraft, TravellerRow

TODAY = START.date()
WHOLE = TravellerDraft(
    "Jovana Đukić",
    "jovana@example.org",
    "+382 69 555 410",
    date(1988, 3, 14),
    "sr",
    "Njegoševa 41, Kotor",
    "ME",
)


def made(desk: Desk, **more: Any) -> TravellerRow:
    return desk.services.travellers.create(desk.agent, replace(WHOLE, **more), key=uuid4())


def test_all_that_was_typed_is_kept_and_read_again(desk: Desk) -> None:
    record = desk.services.travellers.record(desk.agent, made(desk).id)
    kept = TravellerDraft(
        record.name, record.email, record.phone, record.born, record.language, record.address, record.country
    )
    assert kept == WHOLE
    assert record.age == 38
    assert (record.bookings, record.notes, record.alike, record.money, record.merged) == (0, 0, 0, (), ())
    changed = replace(WHOLE, born=None, country="")
    desk.services.travellers.update(desk.agent, record.id, changed)
    again = desk.services.travellers.record(desk.agent, record.id)
    assert (again.born, again.age, again.country) == (None, None, "")
    assert again.version == record.version + 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("born", TODAY + timedelta(days=2)),
        ("born", date(1, 1, 1)),
        ("born", date(9999, 12, 31)),
        ("born", date(TODAY.year - 131, 1, 1)),
        ("name", "x" * 200),
        ("name", "\u202egnirts"),
        ("name", "   "),
        ("language", "klingon"),
        ("country", "Atlantis"),
        ("address", "x" * 301),
        ("email", "not an email"),
        ("phone", "call me"),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field(desk: Desk, field: str, value: Any) -> None:
    row = made(desk)
    tries: tuple[Callable[[], object], ...] = (
        lambda: made(desk, **{field: value}),
        lambda: desk.services.travellers.update(desk.agent, row.id, replace(WHOLE, **{field: value})),
    )
    for refused in tries:
        with pytest.raises(InvalidInput) as said:
            refused()
        assert said.value.field == field
        assert said.value.hint
    assert desk.services.travellers.find(desk.agent, "").total == 1


@pytest.mark.parametrize("name", ["محمد عبد الرحمن", "שרה כהן", "👩‍👩‍👧‍👦 Müller", "x" * 120, "王小明"])
def test_names_of_every_writing_are_kept_and_found(desk: Desk, name: str) -> None:
    row = made(desk, name=name)
    assert row.name == name
    assert [each.id for each in desk.services.travellers.search(desk.agent, name[:60])] == [row.id]


def test_born_today_is_nobodys_mistake(desk: Desk) -> None:
    assert desk.services.travellers.record(desk.agent, made(desk, born=TODAY).id).age == 0


def test_their_money_is_what_came_in_and_went_back(desk: Desk) -> None:
    row = made(desk)
    departure = desk.add_departure()
    dear = desk.add_departure(
        desk.add_trip("Kuwait towers", currency="KWD", adult=12_500, zone="Asia/Kuwait")
    )
    desk.sell(desk.hold(departure), pay=CASH, traveller=row)
    gone = desk.sell(desk.hold(departure, adult=1), pay=CARD, traveller=row)
    desk.sell(desk.hold(dear, adult=1), pay=CARD, traveller=row)
    desk.cancel(gone.bookings[0].id)
    desk.sell(desk.hold(departure, adult=1), pay=CASH)  # somebody else's
    record = desk.services.travellers.record(desk.agent, row.id)
    euros = next(each for each in record.money if each.booked.currency == "EUR")
    assert (euros.booked, euros.paid, euros.back) == (
        Money(9_000, "EUR"),
        Money(13_500, "EUR"),
        Money(4_500, "EUR"),
    )
    assert euros.left == Money(9_000, "EUR")
    assert [each.booked for each in record.money if each.booked.currency == "KWD"] == [Money(12_500, "KWD")]
    assert record.bookings == 3
    for rows, count in (
        (desk.services.lists.bookings(desk.agent, ListQuery(filters={"traveller": row.id})), 3),
        (desk.services.lists.payments(desk.agent, ListQuery(filters={"traveller": row.id})), 3),
    ):
        assert len(rows.first()) == count
        rows.close()


# travel documents

PASSPORT = TravelDocumentDraft(DocumentKind.PASSPORT, "P7734051", "ME", date(2030, 1, 1), "the new one")


def test_a_document_is_added_changed_and_removed(desk: Desk) -> None:
    documents, row, key = desk.services.traveller_documents, made(desk), uuid4()
    added = documents.add(desk.agent, row.id, PASSPORT, key=key)
    assert documents.add(desk.agent, row.id, PASSPORT, key=key) == added, "the same form again"
    assert documents.of_traveller(desk.agent, row.id) == (added,)
    assert (added.number, added.country, added.expired, added.too_short) == ("P7734051", "ME", False, None)
    changed = documents.change(desk.agent, added.id, replace(PASSPORT, number="P1", kind=DocumentKind.VISA))
    assert (changed.number, changed.kind) == ("P1", DocumentKind.VISA)
    documents.remove(desk.agent, added.id)
    assert documents.of_traveller(desk.agent, row.id) == ()
    for gone in (
        lambda: documents.remove(desk.agent, added.id),
        lambda: documents.change(desk.agent, added.id, PASSPORT),
        lambda: documents.add(desk.agent, uuid4(), PASSPORT, key=uuid4()),
    ):
        with pytest.raises(NotFound):
            gone()


@pytest.mark.parametrize(
    ("ends", "expired", "too_short"),
    [
        (TODAY - timedelta(days=1), True, True),
        (TODAY, False, True),
        (DAY - timedelta(days=1), False, True),
        (DAY, False, False),
        (None, False, False),
    ],
)
def test_a_document_that_does_not_last_until_the_trip_is_said(
    desk: Desk, ends: date | None, expired: bool, too_short: bool
) -> None:
    row = made(desk)
    later = desk.add_departure(day=DAY + timedelta(days=30))
    first = desk.sell(desk.hold(desk.add_departure(day=DAY)), pay=CASH, traveller=row).bookings[0]
    desk.sell(desk.hold(later), pay=CASH, traveller=row)
    document = replace(PASSPORT, expires_on=ends)
    said = desk.services.traveller_documents.add(desk.agent, row.id, document, key=uuid4())
    assert said.expired is expired
    if too_short:
        assert said.too_short is not None
        assert (said.too_short.reference, said.too_short.day) == (first.reference, DAY)
    elif ends is None:
        assert said.too_short is None
    else:
        assert said.too_short is not None
        assert said.too_short.day == DAY + timedelta(days=30)


def test_a_document_runs_out_when_its_last_day_ends_at_the_agency(desk: Desk, clock: HandClock) -> None:
    row = made(desk, born=date(1980, 6, 19))
    key, document = uuid4(), replace(PASSPORT, expires_on=TODAY)
    clock.at(datetime(2026, 6, 18, 21, 59, tzinfo=UTC))
    assert not desk.services.traveller_documents.add(desk.agent, row.id, document, key=key).expired
    assert desk.services.travellers.record(desk.agent, row.id).age == 45
    clock.at(datetime(2026, 6, 18, 22, 0, tzinfo=UTC))  # midnight in Podgorica
    (said,) = desk.services.traveller_documents.of_traveller(desk.agent, row.id)
    assert said.expired
    assert desk.services.travellers.record(desk.agent, row.id).age == 46


def test_a_cancelled_trip_needs_no_document(desk: Desk) -> None:
    row = made(desk)
    sale = desk.sell(desk.hold(desk.add_departure()), pay=CASH, traveller=row)
    desk.cancel(sale.bookings[0].id)
    document = replace(PASSPORT, expires_on=TODAY)
    said = desk.services.traveller_documents.add(desk.agent, row.id, document, key=uuid4())
    assert said.too_short is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", ""),
        ("number", "9" * 61),
        ("country", "Narnia"),
        ("expires_on", date(1, 1, 1)),
        ("expires_on", date(9999, 1, 1)),
        ("note", "x" * 301),
        ("kind", "library card"),
    ],
)
def test_a_document_that_makes_no_sense_is_refused_at_its_field(
    desk: Desk, field: str, value: object
) -> None:
    row = made(desk)
    draft = replace(PASSPORT, **{field: value})  # type: ignore[arg-type]
    with pytest.raises(InvalidInput) as refused:
        desk.services.traveller_documents.add(desk.agent, row.id, draft, key=uuid4())
    assert refused.value.field == field
    assert desk.services.traveller_documents.of_traveller(desk.agent, row.id) == ()
