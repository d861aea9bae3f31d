"""Travellers found by what was typed so far: the same as a plain scan finds, whichever index is asked."""

from __future__ import annotations

import random
from collections.abc import Iterator
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.desk import Desk, desk_at
from travellr_desktop.domain.text import search_words
from travellr_desktop.services.travellers import TravellerDraft
from travellr_desktop.storage.models import Traveller
from travellr_desktop.storage.repositories import traveller_search

FIRST = (
    "Ana",
    "Đuro",
    "Jovana",
    "Li",
    "Øystein",
    "Müller",
    "Ян",
    "محمد",
    "Zoë",
    "O'Neil",
    "100%",
    "a_b",
    "Djordje",
)
LAST = (
    "Đukić",
    "Djukic",
    "Vuković",
    "Anić",
    "Lj",
    "Xu",
    "Ng",
    "بن علي",
    "Łódź",
    "Straße",
    "王小明",
    'Q"uote',
    "🌊 Sea",
)
PARTS = (*FIRST, *LAST, "duk", "djuk", "đ", "uk", "an", "n", "li", "+382", "69", "555", "@example", "-")


def names(count: int) -> Iterator[tuple[str, str, str]]:
    chance = random.Random(7)
    for number in range(count):
        name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
        email = f"{chance.choice('abc')}{number}@example.org" if chance.random() < 0.6 else ""
        phone = (
            f"+382 {chance.randint(60, 69)} 555 {chance.randint(100, 999)}" if chance.random() < 0.7 else ""
        )
        yield name, email, phone


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_at(tmp_path_factory.mktemp("search")) as desk:
        for name, email, phone in names(300):
            desk.traveller(name, email=email, phone=phone)
        yield desk


def plain_scan(desk: Desk, typed: str) -> list[UUID]:
    """What fits, by looking at every one."""
    words = search_words(typed)
    if not words:
        return []
    with desk.database.read() as view:
        rows = [
            (row.search, at, row.id)
            for at, row in enumerate(view.session.query(Traveller).order_by(Traveller.id))
        ]
    fits = [row for row in rows if all(any(way in row[0] for way in ways) for ways in words)]
    begins = tuple(way for ways in words for way in ways)
    return [
        each for _search, _at, each in sorted(fits, key=lambda row: (not row[0].startswith(begins), row[:2]))
    ]


typed = st.lists(
    st.sampled_from(PARTS).flatmap(
        lambda word: st.tuples(st.just(word), st.integers(0, 4), st.integers(1, 8)).map(
            lambda cut: cut[0][cut[1] : cut[1] + cut[2]]
        )
    )
    | st.text(max_size=3),
    min_size=1,
    max_size=3,
).map(" ".join)


@pytest.mark.parametrize("many", [3, 40, 2_000])
@given(text=typed, limit=st.sampled_from([1, 5, 1_000]))
def test_it_finds_what_a_plain_scan_finds(full: Desk, many: int, text: str, limit: int) -> None:
    kept, traveller_search.MANY = traveller_search.MANY, many
    try:
        with full.database.read() as view:
            found = traveller_search.find(view.session, text, limit)
    finally:
        traveller_search.MANY = kept
    assert found == plain_scan(full, text)[:limit]


def found(desk: Desk, text: str, limit: int = 20) -> list[str]:
    return [row.name for row in desk.services.travellers.search(desk.agent, text, limit)]


@pytest.fixture
def few(desk: Desk) -> Desk:
    desk.traveller("Jovana Đukić", phone="+382 69 555 410", email="jovana.d@example.org")
    desk.traveller("Milica Djukanović", phone="+382 67 555 093")
    desk.traveller("Dragan Petrović", email="dragan@work.example.org")
    desk.traveller("Li Xu")
    return desk


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("djuk", ["Jovana Đukić", "Milica Djukanović"]),
        ("đuk", ["Jovana Đukić", "Milica Djukanović"]),
        ("DUK", ["Jovana Đukić", "Milica Djukanović"]),
        ("đukić jov", ["Jovana Đukić"]),
        ("li", ["Li Xu", "Milica Djukanović"]),
        ("xu", ["Li Xu"]),
        ("x", ["Dragan Petrović", "Jovana Đukić", "Li Xu"]),
        ("work", ["Dragan Petrović"]),
        ("069 555 410", []),
        ("069555410", ["Jovana Đukić"]),
        ("069/555-410", ["Jovana Đukić"]),
        ("69 555 410", ["Jovana Đukić"]),
        ("nobody", []),
        ("jovana nobody", []),
        ("%", []),
        ("_", []),
        ("   ", []),
    ],
)
def test_what_is_typed_finds(few: Desk, typed: str, names: list[str]) -> None:
    assert found(few, typed) == names


def test_a_booking_or_a_sale_leads_to_who_bought_it(few: Desk) -> None:
    buyer = few.services.travellers.search(few.agent, "Petrović")[0]
    departure = few.add_departure()
    few.sell(few.hold(departure))
    sale = few.sell(few.hold(departure), traveller=buyer)
    reference = sale.bookings[0].reference
    assert reference.endswith("000002") and sale.reference.endswith("000002")
    for typed in (reference, reference.lower(), "0002", reference[3:], sale.reference, sale.reference[5:]):
        assert found(few, typed) == ["Dragan Petrović"]
    assert found(few, "bk-2026") == ["Dragan Petrović", "Henrik Söderberg"]
    assert found(few, "BK-1999") == []
    assert found(few, f"{reference} nobody") == []


def test_names_that_begin_with_it_come_first_and_no_more_than_asked_for(few: Desk) -> None:
    assert found(few, "d", 2) == ["Dragan Petrović", "Jovana Đukić"]
    assert few.services.travellers.find(few.agent, "d", 2).more
    everybody = few.services.travellers.find(few.agent, "")
    assert everybody.rows[0].name == "Li Xu"
    assert everybody.total == 4


def test_what_is_found_by_is_kept_with_every_change(few: Desk) -> None:
    row = few.services.travellers.search(few.agent, "Xu")[0]
    few.services.travellers.update(few.agent, row.id, TravellerDraft("Łukasz Ng", phone="+48 22 555 01 01"))
    assert found(few, "xu") == []
    assert found(few, "lukasz") == found(few, "ng") == found(few, "225550101") == ["Łukasz Ng"]
    with few.database.read() as view:
        kept = view.travellers.get(row.id)
        assert (kept.name_key, kept.phone_key) == ("lukasz ng", "25550101")


def test_a_pasted_novel_is_no_trouble(few: Desk) -> None:
    assert found(few, "word " * 5_000) == []
    assert found(few, "\x00\ud800") == []


def test_many_are_found_without_reading_them_all(full: Desk) -> None:
    """Whatever is asked, the index of the names is walked or the index of the words is: the table is never scanned."""
    statements: list[str] = []
    with full.database.read() as view:
        raw = view.session.connection().connection.driver_connection
        assert raw is not None
        raw.set_trace_callback(statements.append)
        for text in ("ana", "an", "ana li", "bk-2026", "2026-0", "555"):
            traveller_search.find(view.session, text, 10)
        raw.set_trace_callback(None)
        plans = [
            " ".join(row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}"))
            for statement in statements
            if statement.startswith("SELECT")
        ]
    assert plans
    assert not [plan for plan in plans if "SCAN travellers" in plan and "USING" not in plan]
    assert not [plan for plan in plans if "ix_travellers_merged_into" in plan]
    assert not [plan for plan in plans if plan.startswith("SCAN b ") or "SCAN bookings" in plan]
