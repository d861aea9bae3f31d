"""Promo codes: when, how often, for what and in which currency they hold, and who may make them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from helpers.changing import euros
from helpers.clock import HandClock
from helpers.desk import CASH, PASSWORD, Desk
from travellr_desktop.domain.discounts import DiscountKind
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import Actor, Role
from travellr_desktop.errors import (
    DiscountBeyondCommission,
    InvalidInput,
    NotFound,
    PromoElsewhere,
    PromoNotNow,
    PromoOtherCurrency,
    PromoRefused,
    PromoUnknown,
    PromoUsedUp,
)
from travellr_desktop.services.discounts import DiscountAsk
from travellr_desktop.services.promos import PromoDraft
from travellr_desktop.services.users import NewUser
from travellr_desktop.services.vendors import VendorDraft
from travellr_desktop.storage.repositories import PromoRepository

JUNE, AUGUST = date(2026, 6, 1), date(2026, 8, 31)
TENTH = PromoDraft("Summer 10", DiscountKind.PERCENT, JUNE, AUGUST, bps=1_000)
FIVE = PromoDraft("FIVE", DiscountKind.AMOUNT, JUNE, AUGUST, amount=Money(500, "EUR"), own=False)


def save(desk: Desk, draft: PromoDraft = TENTH) -> None:
    desk.services.promos.save(desk.admin, draft)


def test_a_code_takes_its_share_off_as_it_is_typed(desk: Desk) -> None:
    save(desk)
    sale = desk.sold(desk.add_departure(), promo=" summer10 ", adult=2)
    assert sale.total == euros(8100)
    (view,) = desk.services.promos.list(desk.agent)
    assert (view.code, view.uses, view.own) == ("SUMMER10", 1, True)


def test_the_code_comes_first_then_what_is_given_at_the_desk(desk: Desk) -> None:
    save(desk)
    ask = DiscountAsk(DiscountKind.PERCENT, bps=1_000, reason="They come each year")
    hold = desk.hold(desk.add_departure(), adult=2)
    quote = desk.services.promos.quote(desk.agent, [hold.id], ask, "SUMMER10")
    assert (quote.list_total, quote.discount, quote.own) == (euros(9000), euros(1710), euros(900))
    assert quote.tax == euros(1265)  # 21 % contained in 72.90
    assert desk.sell(hold, discount=ask, promo="SUMMER10").total == quote.total


@pytest.mark.parametrize("code", ["NONSENSE", "x" * 50])
def test_a_code_that_is_not_there(desk: Desk, code: str) -> None:
    with pytest.raises(PromoUnknown) as refusal:
        desk.sold(desk.add_departure(), promo=code)
    assert refusal.value.field == "promo"


def test_the_days_are_those_of_the_agency(desk: Desk, clock: HandClock) -> None:
    """The last evening in Podgorica is not over at 21:59 in Greenwich, and is a minute later."""
    save(desk, replace(TENTH, last_day=date(2026, 6, 30)))
    departure = desk.add_departure()
    clock.at(datetime(2026, 6, 30, 21, 59, tzinfo=UTC))
    assert desk.sold(departure, promo="SUMMER10", adult=1).total == euros(4050)
    clock.at(datetime(2026, 6, 30, 22, 0, tzinfo=UTC))
    with pytest.raises(PromoNotNow, match="was valid until 30 Jun 2026"):
        desk.sold(departure, promo="SUMMER10", adult=1)


def test_a_code_of_the_future(desk: Desk) -> None:
    save(desk, replace(TENTH, first_day=date(2026, 7, 1)))
    with pytest.raises(PromoNotNow, match="is valid from 1 Jul 2026"):
        desk.sold(desk.add_departure(), promo="SUMMER10")


def test_a_code_is_used_as_often_as_it_may_be_and_a_cancelled_sale_gives_its_use_back(desk: Desk) -> None:
    save(desk, replace(TENTH, most_uses=1))
    departure = desk.add_departure()
    sale = desk.sold(departure, promo="SUMMER10", pay=CASH, adult=1)
    with pytest.raises(PromoUsedUp):
        desk.sold(departure, promo="SUMMER10", adult=1)
    desk.cancel(sale.bookings[0].id)
    assert desk.sold(departure, promo="SUMMER10", adult=1).total == euros(4050)


def test_the_database_has_the_last_word_on_the_count(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two sell at once: both have looked, and the second is refused all the same."""
    save(desk, replace(TENTH, most_uses=1))
    departure = desk.add_departure()
    desk.sold(departure, promo="SUMMER10", adult=1)
    monkeypatch.setattr(PromoRepository, "uses", lambda _self, ids: dict.fromkeys(ids, 0))
    with pytest.raises(PromoUsedUp):
        desk.sold(departure, promo="SUMMER10", adult=1)


def test_a_code_for_one_trip_takes_off_that_booking_only(desk: Desk) -> None:
    kayak = desk.add_trip("Kayak")
    save(desk, replace(TENTH, trip_id=kayak))
    blue, other = desk.add_departure(), desk.add_departure(kayak)
    with pytest.raises(PromoElsewhere, match="another trip"):
        desk.sold(blue, promo="SUMMER10")
    sale = desk.sell(desk.hold(blue, adult=1), desk.hold(other, adult=1), promo="SUMMER10")
    assert [booking.price.minor for booking in sale.bookings] == [4500, 4050]


def test_a_code_for_another_vendor(desk: Desk) -> None:
    vendor = desk.services.vendors.create(desk.admin, VendorDraft("Another"))
    save(desk, replace(TENTH, vendor_id=vendor))
    with pytest.raises(PromoElsewhere, match="another vendor"):
        desk.sold(desk.add_departure(), promo="SUMMER10")


def test_an_amount_in_another_currency(desk: Desk) -> None:
    save(desk, FIVE)
    yen = desk.add_trip("Night market", currency="JPY", zone="Asia/Tokyo", adult=6000)
    with pytest.raises(PromoOtherCurrency):
        desk.sold(desk.add_departure(yen), promo="FIVE")
    assert desk.sold(desk.add_departure(), promo="FIVE", adult=1).total == euros(4000)


def test_a_code_of_the_agencys_own_beyond_its_commission(desk: Desk) -> None:
    save(desk, replace(TENTH, bps=2_500))
    with pytest.raises(DiscountBeyondCommission) as refusal:
        desk.sold(desk.add_departure(), promo="SUMMER10")
    assert refusal.value.field == "promo"


def test_a_code_that_is_not_given_any_more(desk: Desk) -> None:
    save(desk)
    (view,) = desk.services.promos.list(desk.agent)
    desk.services.promos.deactivate(desk.admin, view.id)
    desk.services.promos.deactivate(desk.admin, view.id)
    hold = desk.hold(desk.add_departure())
    with pytest.raises(PromoUnknown):
        desk.services.promos.quote(desk.agent, [hold.id], None, "SUMMER10")
    assert not desk.services.promos.list(desk.agent)[0].active


def test_a_code_that_is_changed_is_not_given_again_by_it(desk: Desk) -> None:
    save(desk)
    (view,) = desk.services.promos.list(desk.agent)
    desk.services.promos.deactivate(desk.admin, view.id)
    save(desk, replace(TENTH, id=view.id, name="Summer"))
    (changed,) = desk.services.promos.list(desk.agent)
    assert (changed.name, changed.active) == ("Summer", False)
    desk.services.promos.reactivate(desk.admin, view.id)
    assert desk.services.promos.list(desk.agent)[0].active


def test_a_quote_is_in_one_currency_as_the_sale_will_be(desk: Desk) -> None:
    yen = desk.add_trip("Night market", currency="JPY", zone="Asia/Tokyo", adult=6000)
    holds = [desk.hold(desk.add_departure()).id, desk.hold(desk.add_departure(yen)).id]
    with pytest.raises(InvalidInput, match="these are in EUR and JPY"):
        desk.services.promos.quote(desk.agent, holds, None)


def test_what_others_hold_is_quoted_to_nobody_but_who_manages_it(desk: Desk) -> None:
    draft = NewUser("Bo Berg", "bo@travellr.example", PASSWORD, Role.AGENT)
    row = desk.services.users.register(desk.admin, draft)
    hold = desk.hold(desk.add_departure(), adult=2)
    with pytest.raises(NotFound):
        desk.services.promos.quote(Actor(row.id, row.name, row.role), [hold.id], None)
    assert desk.services.promos.quote(desk.admin, [hold.id], None).total == euros(9000)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "X"}, "code"),
        ({"code": ""}, "code"),
        ({"first_day": date(2027, 1, 1)}, "last_day"),
        ({"most_uses": 0}, "most_uses"),
        ({"bps": 0}, "discount"),
        ({"bps": 10_001}, "discount"),
        ({"kind": DiscountKind.AMOUNT}, "discount"),
    ],
)
def test_a_draft_is_refused_at_its_field(desk: Desk, change: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        save(desk, replace(TENTH, **change))  # type: ignore[arg-type]
    assert refusal.value.field == field


def test_a_code_is_changed_and_no_two_are_the_same(desk: Desk) -> None:
    save(desk)
    save(desk, FIVE)
    with pytest.raises(InvalidInput) as refusal:
        save(desk, replace(FIVE, code="SUMMER10"))
    assert refusal.value.field == "code"
    found = next(each for each in desk.services.promos.list(desk.agent) if each.code == "SUMMER10")
    save(desk, replace(TENTH, id=found.id, bps=1_500))
    changed = next(each for each in desk.services.promos.list(desk.agent) if each.code == "SUMMER10")
    assert (changed.id, changed.bps) == (found.id, 1_500)
    with pytest.raises(NotFound):
        save(desk, replace(TENTH, code="OTHER", id=uuid4()))
    with pytest.raises(NotFound):
        save(desk, replace(TENTH, code="OTHER", trip_id=uuid4()))


def test_every_no_is_a_refusal_of_the_code() -> None:
    kinds = (PromoUnknown, PromoNotNow, PromoUsedUp, PromoElsewhere, PromoOtherCurrency)
    assert all(issubclass(kind, PromoRefused) and kind("x").field == "promo" for kind in kinds)
