"""What people can type, choose or paste that makes no sense: said where it belongs, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from helpers import empty_file
from helpers.books import ops
from helpers.desk import CASH, PASSWORD, VISA, Desk, desk_again, open_at
from travellr_desktop.domain.cancellation import PRESETS
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.party import Party, TravellerType
from travellr_desktop.domain.permissions import Role
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import InvalidInput, NotFound, SalesClosed, WrongState
from travellr_desktop.paths import Profile
from travellr_desktop.services.agency import AgencyDraft
from travellr_desktop.services.departure_views import DepartureQuery
from travellr_desktop.services.sales import NamedTraveller, PayChoice, Sell, SellLine
from travellr_desktop.services.timetable import DepartureDraft
from travellr_desktop.services.travellers import TravellerDraft
from travellr_desktop.services.trips import TripDraft
from travellr_desktop.services.users import FirstAdmin, NewUser
from travellr_desktop.services.vendors import VendorDraft

ADULT, CHILD = TravellerType.ADULT, TravellerType.CHILD
BIDI, LONELY, NUL = "Ana\u202eanA", "Ana\ud800", "Ana\x00"
HUGE = 10**30

GOOD_NAMES = (
    "Ł",
    "Ана Вуковић",
    "أحمد بن محمد",
    "שרה כהן",
    "王小明",
    "อนันต์ จันทร์โอชา",
    "👩‍👩‍👧‍👦 Familie Müller",
    "José María de la Purísima Concepción Ñuñez O’Connor-Łódź",
    "x" * 120,
    "Robert'); DROP TABLE travellers;--",
)
BAD_NAMES = ("", "   ", "\u200b\u200e", "x" * 121, BIDI, LONELY, NUL, "a\x07b", "\u202e")


def vendor(**more: Any) -> Callable[[Desk], object]:
    return lambda desk: desk.services.vendors.create(desk.admin, VendorDraft(**{"name": "V", **more}))


def trip(**more: Any) -> Callable[[Desk], object]:
    def call(desk: Desk) -> object:
        draft = TripDraft(
            vendor_id=desk.vendor_id,
            title="T",
            place="P",
            zone="Europe/Podgorica",
            currency="EUR",
            duration_min=60,
            policy=PRESETS["moderate"],
            prices={ADULT: 100},
        )
        return desk.services.trips.create(desk.admin, replace(draft, **more))

    return call


def departure(**more: Any) -> Callable[[Desk], object]:
    def call(desk: Desk) -> object:
        draft = replace(DepartureDraft(date(2026, 7, 4), time(9), 10), **more)
        return desk.services.timetable.add_departures(desk.admin, desk.trips["Blue Cave and Perast"], [draft])

    return call


def traveller(**more: Any) -> Callable[[Desk], object]:
    draft = TravellerDraft(**{"name": "Henrik", **more})
    return lambda desk: desk.services.travellers.create(desk.agent, draft, key=uuid4())


def user(**more: Any) -> Callable[[Desk], object]:
    given = {"name": "Iva", "email": "iva@travellr.example", "password": "harbour lights at ten"}
    draft = NewUser(**{"role": Role.AGENT, **given, **more})
    return lambda desk: desk.services.users.register(desk.admin, draft)


def agency(**more: Any) -> Callable[[Desk], object]:
    draft = AgencyDraft(
        **{"name": "A", "desk_name": "D", "legal": "", "tax_number": "", "contact": "", **more}
    )
    return lambda desk: desk.services.agency.save(desk.admin, draft)


def search(**more: Any) -> Callable[[Desk], object]:
    query = DepartureQuery(**{"day": date(2026, 7, 4), **more})
    return lambda desk: desk.services.departures.search(desk.agent, query)


REFUSED: dict[str, tuple[Callable[[Desk], object], str]] = {
    # vendors, trips, departures
    "a vendor without a name": (vendor(name=" "), "name"),
    "a vendor with a name of 201 letters": (vendor(name="x" * 201), "name"),
    "a vendor with no such email": (vendor(email="nobody"), "email"),
    "a vendor with no such telephone": (vendor(phone="call me"), "phone"),
    "a commission of more than all": (vendor(commission_bps=10_001), "commission_bps"),
    "a commission of less than nothing": (vendor(commission_bps=-1), "commission_bps"),
    "a holdback of less than nothing": (vendor(holdback_days=-1), "holdback_days"),
    "a holdback of a thousand years": (vendor(holdback_days=365_000), "holdback_days"),
    "a trip without a title": (trip(title=""), "title"),
    "a trip with a title of 201 letters": (trip(title="x" * 201), "title"),
    "a trip without a place": (trip(place=" "), "place"),
    "a trip in a zone there is not": (trip(zone="Mars/Olympus"), "zone"),
    "a trip in a zone that is a path": (trip(zone="../../etc/passwd"), "zone"),
    "a trip in a currency there is not": (trip(currency="XXX"), "currency"),
    "a trip in a currency in lower case": (trip(currency="eur"), "currency"),
    "a trip without a price": (trip(prices={}), "prices"),
    "a price of less than nothing": (trip(prices={ADULT: -1}), "prices"),
    "a price beyond all money": (trip(prices={ADULT: HUGE}), "prices"),
    "a price that is not whole": (trip(prices={ADULT: 10.5}), "prices"),
    "a trip of no time": (trip(duration_min=0), "duration_min"),
    "a trip of a century": (trip(duration_min=60 * 24 * 36_500), "duration_min"),
    "a tax of more than all": (trip(tax_bps=10_001), "tax_bps"),
    "meeting after the departure": (trip(meet_before_min=-1), "meet_before_min"),
    "meeting a year before": (trip(meet_before_min=HUGE), "meet_before_min"),
    "a description of a book": (trip(description="x" * 4001), "description"),
    "an included thing of 201 letters": (trip(included=("x" * 201,)), "included"),
    "a departure in the past": (departure(day=date(2026, 6, 17)), "day"),
    "a departure this morning": (departure(day=date(2026, 6, 18), at=time(8, 0)), "day"),
    "a departure in the year 1": (departure(day=date.min), "day"),
    "a departure at the end of time": (departure(day=date.max), "day"),
    "a time that daylight saving skips": (departure(day=date(2027, 3, 28), at=time(2, 30)), "time"),
    "a departure without seats": (departure(capacity=0), "capacity"),
    "a departure of less than no seats": (departure(capacity=-5), "capacity"),
    "a departure of a million seats": (departure(capacity=1_000_000), "capacity"),
    "sales that close after the departure": (departure(cutoff=timedelta(minutes=-1)), "cutoff"),
    "sales that close before there was a calendar": (departure(cutoff=timedelta(days=10**6)), "cutoff"),
    "a departure in a zone there is not": (departure(zone="Mars/Olympus"), "zone"),
    # people
    **{f"a traveller called {name[:20]!r}": (traveller(name=name), "name") for name in BAD_NAMES},
    "a traveller with no such email": (traveller(email="a@b"), "email"),
    "a traveller with an email of 300 letters": (traveller(email="x" * 300 + "@example.com"), "email"),
    "a traveller with no such telephone": (traveller(phone="12"), "phone"),
    **{f"a person called {name[:20]!r}": (user(name=name), "name") for name in BAD_NAMES},
    "a person with no email": (user(email=""), "email"),
    "a person with no such email": (user(email="ana at home"), "email"),
    "a vendor's person without a vendor": (user(role=Role.VENDOR), "role"),
    "an agent of a vendor": (user(vendor_id=UUID(int=1)), "role"),
    "a password of nine letters": (user(password="ninechars"), "password"),
    "a password that everybody has": (user(password="password123"), "password"),
    "a password that nobody can type": (user(password=LONELY * 5), "password"),
    "an agency without a name": (agency(name="", zone="UTC"), "name"),
    "an agency in a zone there is not": (agency(zone="Mars/Olympus"), "zone"),
    # looking for departures
    "a search of no days": (search(days=0), "days"),
    "a search of a year": (search(days=366), "days"),
    "a search beyond the end of time": (search(day=date.max, days=2), "day"),
    "a price below nothing": (search(max_price=-1), "max_price"),
    "a price beyond all money looked for": (search(max_price=HUGE), "max_price"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused_where_it_belongs_and_nothing_is_written(what: str, desk: Desk) -> None:
    call, field = REFUSED[what]
    before = ops(desk)
    with pytest.raises(InvalidInput) as refused:
        call(desk)
    assert refused.value.field == field
    assert str(refused.value)
    assert refused.value.hint
    assert ops(desk) == before


@pytest.mark.parametrize("name", GOOD_NAMES)
def test_a_name_in_any_script_is_kept_and_found(name: str, desk: Desk) -> None:
    row = desk.services.travellers.create(desk.agent, TravellerDraft(name), key=uuid4())
    assert row.name == name
    assert row in desk.services.travellers.search(desk.agent, name)
    outcome = desk.sell(desk.hold(desk.add_departure()), traveller=row, pay=CASH)
    lines = desk.services.bookings.detail(desk.agent, outcome.bookings[0].id).lines
    assert lines[0].name == name


@pytest.mark.parametrize(
    "text", ["", " ", "%", "_", "\\", "'", "x" * 5000, "BK-", "BK-\ud800", "👩‍👩‍👧‍👦", "\u202e"]
)
def test_whatever_is_searched_for_finds_or_does_not(text: str, desk: Desk) -> None:
    desk.traveller("Ana")
    assert desk.services.travellers.search(desk.agent, text) == ()
    query = DepartureQuery(date(2026, 7, 4), text=text or "nothing like it")
    desk.services.departures.search(desk.agent, query)


@pytest.mark.parametrize("email", ["", LONELY, NUL, "x" * 5000, "'; --"])
def test_whoever_tries_to_sign_in_is_told_the_same(email: str, desk: Desk) -> None:
    with pytest.raises(Exception, match="not right"):
        desk.services.users.sign_in(email, PASSWORD)
    with pytest.raises(Exception, match="not right"):
        desk.services.users.sign_in("ana@travellr.example", email)


@pytest.mark.parametrize("text", [LONELY, NUL, BIDI[:4]])
def test_what_cannot_be_seen_is_not_searched_for(text: str, desk: Desk) -> None:
    row = desk.traveller("Ana")
    assert desk.services.travellers.search(desk.agent, text) == (row,)
    desk.add_trip("Ana")
    desk.add_departure(desk.trips["Ana"])
    query = DepartureQuery(date(2026, 7, 4), text=text)
    assert len(desk.services.departures.search(desk.agent, query).rows) == 1


# selling


@pytest.mark.parametrize("counts", [(-1, 0, 0), (1000, 0, 0), (HUGE, 0, 0), (1.5, 0, 0), (True, 0, 0)])
def test_a_party_that_cannot_be(counts: tuple[int, int, int]) -> None:
    with pytest.raises(InvalidInput) as refused:
        Party(*counts)
    assert refused.value.field == "party"


@pytest.mark.parametrize("party", [Party(), Party(infant=2)])
def test_a_party_that_takes_no_seat(party: Party, desk: Desk) -> None:
    departure_id = desk.add_departure()
    before = ops(desk)
    with pytest.raises(InvalidInput) as refused:
        desk.services.holds.hold(desk.agent, departure_id, party, key=uuid4())
    assert refused.value.field == "party"
    assert ops(desk) == before


def test_a_traveller_for_whom_there_is_no_price(desk: Desk) -> None:
    draft = TripDraft(desk.vendor_id, "Adults", "Kotor", "UTC", "EUR", 60, PRESETS["moderate"], {ADULT: 100})
    departure_id = desk.add_departure(desk.services.trips.create(desk.admin, draft))
    before = ops(desk)
    with pytest.raises(InvalidInput) as refused:
        desk.hold(departure_id, adult=1, child=1)
    assert refused.value.field == "party"
    assert ops(desk) == before


def _sell(desk: Desk, **more: Any) -> object:
    hold = desk.hold(desk.add_departure(), adult=1)
    buyer = desk.traveller().id
    before = ops(desk)
    order = Sell((SellLine(hold.id, more.pop("named", ())),), buyer, CASH)
    try:
        return desk.services.sales.sell(desk.agent, replace(order, **more), key=uuid4())
    finally:
        assert ops(desk) == before


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"lines": ()}, "basket"),
        ({"named": (NamedTraveller("", ADULT),)}, "name"),
        ({"named": (NamedTraveller(BIDI, ADULT),)}, "name"),
        ({"named": (NamedTraveller(LONELY, ADULT),)}, "name"),
        ({"named": (NamedTraveller("x" * 121, ADULT),)}, "name"),
        ({"named": (NamedTraveller("Ana", ADULT, 131),)}, "age"),
        ({"named": (NamedTraveller("Ana", ADULT, -1),)}, "age"),
        ({"named": (NamedTraveller("Ana", CHILD),)}, "travellers"),
        ({"named": (NamedTraveller("Ana", ADULT), NamedTraveller("Iva", ADULT))}, "travellers"),
        ({"pay": PayChoice(Way.CARD)}, "card"),
        ({"pay": PayChoice(Way.CASH, VISA)}, "card"),
    ],
)
def test_a_sale_that_cannot_be(more: dict[str, Any], field: str, desk: Desk) -> None:
    with pytest.raises(InvalidInput) as refused:
        _sell(desk, **more)
    assert refused.value.field == field


def test_a_buyer_there_is_not(desk: Desk) -> None:
    with pytest.raises(NotFound) as refused:
        _sell(desk, traveller_id=uuid4())
    assert refused.value.field == "traveller"


def test_the_same_hold_twice_in_the_basket(desk: Desk) -> None:
    hold = desk.hold(desk.add_departure())
    buyer = desk.traveller()
    before = ops(desk)
    with pytest.raises(InvalidInput) as refused:
        desk.sell(hold, hold, traveller=buyer)
    assert refused.value.field == "basket"
    assert ops(desk) == before


def test_two_currencies_in_one_basket(desk: Desk) -> None:
    dollars = desk.add_departure(desk.add_trip("In dollars", currency="USD"))
    holds = desk.hold(desk.add_departure(desk.trips["Blue Cave and Perast"])), desk.hold(dollars)
    buyer = desk.traveller()
    before = ops(desk)
    with pytest.raises(InvalidInput, match="EUR and USD") as refused:
        desk.sell(*holds, traveller=buyer)
    assert refused.value.field == "basket"
    assert ops(desk) == before


def test_a_card_there_is_not(desk: Desk) -> None:
    outcome = desk.sold(desk.add_departure(), pay=PayChoice(Way.CARD, "pm_card_nobody"))
    assert outcome.refusal is not None
    assert outcome.paid == Money(0, "EUR")
    assert desk.services.sales.pay(desk.agent, outcome.sale_id, CASH, key=uuid4()).due == Money(0, "EUR")


def test_an_amount_that_the_provider_does_not_take(desk: Desk) -> None:
    """A million euros by card: a definite no, and the seats stay held for another way."""
    dear = desk.add_departure(desk.add_trip("Dear", adult=100_000_000))
    outcome = desk.sold(dear, adult=2)
    assert outcome.refusal is not None
    assert outcome.refusal.code == "AmountNotPossible"


@pytest.mark.parametrize(
    "back", [Money(-1, "EUR"), Money(9001, "EUR"), Money(9000, "USD"), Money(10**14, "EUR")]
)
def test_more_back_than_was_shown(back: Money, desk: Desk) -> None:
    ids = [desk.sold(desk.add_departure(), adult=2).bookings[0].id]
    before = ops(desk)
    with pytest.raises(WrongState):
        desk.services.cancellations.cancel(desk.agent, ids, "", back, key=uuid4())
    assert ops(desk) == before


@pytest.mark.parametrize(
    ("reason", "kept"),
    [(LONELY, "Ana"), (NUL, "Ana"), (BIDI, "AnaanA"), ("سبب", "سبب"), ("👍" * 500, "👍" * 500)],
)
def test_a_reason_is_kept_in_plain_words(reason: str, kept: str, desk: Desk) -> None:
    booking = desk.sold(desk.add_departure(), pay=CASH).bookings[0].id
    desk.cancel(booking, reason=reason)
    assert desk.services.bookings.detail(desk.agent, booking).end_reason == kept


def test_a_reason_as_long_as_a_letter(desk: Desk) -> None:
    booking = desk.sold(desk.add_departure(), pay=CASH).bookings[0].id
    before = ops(desk)
    with pytest.raises(InvalidInput) as refused:
        desk.cancel(booking, reason="x" * 501)
    assert refused.value.field == "reason"
    assert ops(desk) == before


def test_a_departure_there_is_not(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.hold(uuid4())
    with pytest.raises(NotFound):
        desk.services.departures.offer(desk.agent, uuid4(), Party(adult=1))


def test_a_departure_that_has_left(desk: Desk) -> None:
    departure_id = desk.add_departure()
    with desk_again(desk.profile.folder) as later:
        later.clock.at(later.clock.now() + timedelta(days=60))  # type: ignore[attr-defined]
        before = ops(later)
        with pytest.raises(SalesClosed):
            later.hold(departure_id)
        assert ops(later) == before


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": ""}, "name"),
        ({"email": "x"}, "email"),
        ({"password": "short"}, "password"),
        ({"agency_name": "   "}, "agency_name"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"zone": ""}, "zone"),
        ({"currency": "XXX"}, "currency"),
        ({"desk_name": "x" * 121}, "desk_name"),
    ],
)
def test_a_first_start_that_cannot_be(more: dict[str, str], field: str, tmp_path: Any) -> None:
    good = FirstAdmin("Mira", "mira@travellr.example", PASSWORD, "Kotor", "Europe/Podgorica", "EUR")
    empty_file.put(Profile.at(tmp_path).database)
    program = open_at(tmp_path)
    try:
        with pytest.raises(InvalidInput) as refused:
            program.services.users.create_first_admin(replace(good, **more))
        assert refused.value.field == field
        assert program.services.users.needs_first_admin()
    finally:
        program.close()
