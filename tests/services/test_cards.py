"""Cards that are kept for later payments: agreed to, charged without their traveller, forgotten; and what silence of
the provider does to them."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from helpers.clock import HandClock
from helpers.desk import CASH, VISA, Desk, desk_again, desk_at
from travellr_desktop.domain.states import PaymentState
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import InvalidInput, NotFound
from travellr_desktop.payments.gateway import GatewayUnreachable
from travellr_desktop.payments.sandbox.faults import FaultKind, possible
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.kept_cards import KeptCard
from travellr_desktop.services.outcomes import OutcomeState, SaleOutcome
from travellr_desktop.services.sales import PayChoice
from travellr_desktop.services.travellers import TravellerRow
from travellr_desktop.storage.commits import Commit

LINK, KEEPING = PayChoice(Way.LINK), PayChoice(Way.LINK, keep=True)
DECLINED_LATER = "pm_card_chargeCustomerFail"
CALLS = (
    Operation.INTENT_CREATE,
    Operation.INTENT_CONFIRM,
    Operation.INTENT_RETRIEVE,
    Operation.INTENT_CANCEL,
)
FAULTS = [(call, kind) for call in CALLS for kind in FaultKind if possible(call, kind)]


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def desk(tmp_path: Path, clock: HandClock) -> Iterator[Desk]:
    with desk_at(tmp_path, clock) as desk:
        yield desk


def sell(desk: Desk, buyer: TravellerRow, pay: PayChoice) -> SaleOutcome:
    return desk.sell(desk.hold(desk.add_departure()), pay=pay, traveller=buyer)


def pays(desk: Desk, sale: SaleOutcome, card: str = VISA) -> SaleOutcome:
    """The traveller does, on their telephone, and it is read."""
    assert sale.link is not None
    with desk.sandbox() as sandbox:
        sandbox.pay_link(sale.link.ref, card)
    return desk.services.sales.read_now(desk.agent, sale.sale_id)


def kept(desk: Desk, buyer: TravellerRow, card: str = VISA) -> KeptCard:
    pays(desk, sell(desk, buyer, KEEPING), card)
    return desk.services.cards.of_traveller(desk.agent, buyer.id)[0]


def saved(card: KeptCard) -> PayChoice:
    return PayChoice(Way.SAVED, kept=card.id)


def arm(desk: Desk, operation: Operation, kind: FaultKind, *, for_long: bool = False) -> None:
    with desk.sandbox() as sandbox:
        sandbox.arm(operation, kind, until_disarmed=for_long)


def disarm(desk: Desk) -> None:
    with desk.sandbox() as sandbox:
        sandbox.disarm()


def code_of(sale: SaleOutcome) -> str:
    assert sale.refusal is not None
    return sale.refusal.code


def in_order(desk: Desk) -> bool:
    return desk.services.check.run().problems == ()


# kept


def test_a_card_is_kept_with_when_and_with_whom_its_traveller_agreed(desk: Desk, clock: HandClock) -> None:
    buyer, agreed = desk.traveller(), clock.now()
    sale = sell(desk, buyer, KEEPING)
    clock.forward(timedelta(minutes=3))
    pays(desk, sale)
    card = desk.services.cards.of_traveller(desk.agent, buyer.id)[0]
    assert card.label == "Visa ending 4242"
    assert (card.agreed_at, card.agreed_with) == (agreed, "Ana Vuković")
    assert not card.expired
    assert in_order(desk)


def test_nothing_is_kept_of_who_did_not_agree(desk: Desk) -> None:
    buyer = desk.traveller()
    pays(desk, sell(desk, buyer, LINK))
    assert desk.services.cards.look(desk.agent, buyer.id) == ()


def test_a_second_payment_that_keeps_a_card_is_of_the_same_customer(desk: Desk) -> None:
    buyer = desk.traveller()
    kept(desk, buyer)
    pays(desk, sell(desk, buyer, KEEPING), "pm_card_mastercard")
    with desk.database.read() as view:
        accounts = view.cards.accounts(buyer.id, desk.program.gateway.kind)
    assert len(accounts) == 1
    labels = [card.label for card in desk.services.cards.of_traveller(desk.agent, buyer.id)]
    assert labels == ["Mastercard ending 4444", "Visa ending 4242"]


def test_consent_is_given_with_a_link_and_with_nothing_else(desk: Desk) -> None:
    with pytest.raises(InvalidInput) as refused:
        sell(desk, desk.traveller(), PayChoice(Way.CASH, keep=True))
    assert refused.value.field == "keep"


def test_without_a_connection_nobody_is_made_a_customer(desk: Desk) -> None:
    arm(desk, Operation.CUSTOMER_CREATE, FaultKind.UNREACHABLE)
    sale = sell(desk, desk.traveller(), KEEPING)
    assert code_of(sale) == "NO_CONNECTION"
    assert desk.services.sales.pay(desk.agent, sale.sale_id, CASH, key=uuid4()).state is OutcomeState.PAID
    assert in_order(desk)


@pytest.mark.parametrize(
    "kind", [FaultKind.REPLY_LOST_AFTER, FaultKind.REPLY_LOST_BEFORE, FaultKind.TRUNCATED]
)
def test_a_customer_whose_reply_was_lost_is_made_once(desk: Desk, clock: HandClock, kind: FaultKind) -> None:
    arm(desk, Operation.CUSTOMER_CREATE, kind, for_long=True)
    buyer = desk.traveller()
    sale = sell(desk, buyer, KEEPING)
    disarm(desk)
    clock.forward(timedelta(seconds=5))
    desk.services.payments.recover()
    ended = desk.services.sales.outcome(desk.agent, sale.sale_id)
    assert code_of(ended) == "LINK_NEVER_MADE"
    assert in_order(desk)


def test_a_card_that_could_not_be_read_at_once_is_found_by_looking(desk: Desk) -> None:
    buyer = desk.traveller()
    sale = sell(desk, buyer, KEEPING)
    arm(desk, Operation.CUSTOMER_METHOD_LIST, FaultKind.UNREACHABLE, for_long=True)
    assert pays(desk, sale).state is OutcomeState.PAID
    assert desk.services.cards.of_traveller(desk.agent, buyer.id) == ()
    disarm(desk)
    assert [card.label for card in desk.services.cards.look(desk.agent, buyer.id)] == ["Visa ending 4242"]


# charged


def test_a_kept_card_is_charged_without_its_traveller(desk: Desk) -> None:
    buyer = desk.traveller()
    card = kept(desk, buyer)
    offers = {each.way: each for each in desk.services.sales.ways(desk.agent, buyer.id)}
    assert offers[Way.SAVED].kept == (card,)
    sale = sell(desk, buyer, saved(card))
    assert sale.state is OutcomeState.PAID
    assert (sale.way, sale.payment_label) == (Way.SAVED, "Visa ending 4242")
    assert in_order(desk)


def test_a_card_that_wants_its_traveller_falls_back_to_a_link_of_the_same_sale(desk: Desk) -> None:
    buyer = desk.traveller()
    card = kept(desk, buyer)
    arm(desk, Operation.INTENT_CONFIRM, FaultKind.AUTHENTICATION_REQUIRED)
    sale = sell(desk, buyer, saved(card))
    assert sale.state is OutcomeState.DECLINED
    assert code_of(sale) == "AUTHENTICATION_REQUIRED"
    link = desk.services.sales.pay(desk.agent, sale.sale_id, LINK, key=uuid4())
    assert pays(desk, link).state is OutcomeState.PAID
    with desk.sandbox() as sandbox:
        assert sandbox.counts().charges == 2  # the one that kept the card, and this one
    assert in_order(desk)


def test_a_declined_one_is_a_decline(desk: Desk) -> None:
    buyer = desk.traveller()
    card = kept(desk, buyer)
    arm(desk, Operation.INTENT_CONFIRM, FaultKind.INSUFFICIENT_FUNDS)
    assert code_of(sell(desk, buyer, saved(card))) == "INSUFFICIENT_FUNDS"
    assert desk.services.cards.of_traveller(desk.agent, buyer.id) == (card,)


def test_a_card_that_was_taken_away_at_the_provider_is_not_offered_again(desk: Desk) -> None:
    buyer = desk.traveller()
    card = kept(desk, buyer)
    with desk.database.read() as view:
        ref = view.cards.get(card.id).card_ref
    desk.program.gateway.detach_card(ref, key="in the dashboard")
    sale = sell(desk, buyer, saved(card))
    assert code_of(sale) == "CARD_NOT_KEPT"
    assert desk.services.cards.of_traveller(desk.agent, buyer.id) == ()
    assert in_order(desk)


def test_somebody_elses_card_and_one_that_was_forgotten_are_not_charged(desk: Desk) -> None:
    buyer, other = desk.traveller(), desk.traveller("Ada Brandt")
    card = kept(desk, buyer)
    with pytest.raises(NotFound):
        sell(desk, other, saved(card))
    desk.services.cards.forget(desk.agent, card.id)
    with pytest.raises(NotFound):
        sell(desk, buyer, saved(card))


def test_an_expired_card_is_listed_and_not_charged(desk: Desk, clock: HandClock) -> None:
    buyer = desk.traveller()
    card = kept(desk, buyer)
    with desk.database.write(Commit.CARD_SAVE, desk.agent) as work:
        row = work.cards.get(card.id)
        row.expires_year = 2020
        work.cards.update(row)
        work.commit()
    assert desk.services.cards.of_traveller(desk.agent, buyer.id)[0].expired
    assert Way.SAVED not in [each.way for each in desk.services.sales.ways(desk.agent, buyer.id)]
    with pytest.raises(InvalidInput, match="has expired"):
        sell(desk, buyer, saved(card))


# forgotten, merged


def test_a_forgotten_card_is_gone_at_the_provider_too(desk: Desk) -> None:
    buyer = desk.traveller()
    card = kept(desk, buyer)
    assert desk.services.cards.forget(desk.agent, card.id) == ()
    assert desk.services.cards.look(desk.agent, buyer.id) == ()
    assert desk.services.cards.forget(desk.agent, card.id) == ()


def test_what_could_not_be_forgotten_at_the_provider_is_not_forgotten_here(desk: Desk) -> None:
    buyer = desk.traveller()
    card = kept(desk, buyer)
    arm(desk, Operation.METHOD_DETACH, FaultKind.UNREACHABLE)
    with pytest.raises(GatewayUnreachable):
        desk.services.cards.forget(desk.agent, card.id)
    assert desk.services.cards.of_traveller(desk.agent, buyer.id) == (card,)
    assert desk.services.cards.forget(desk.agent, card.id) == ()


def test_two_merged_records_keep_the_cards_of_both(desk: Desk) -> None:
    one, other = desk.traveller("Henrik Söderberg"), desk.traveller("Henrik Soderberg")
    first, second = kept(desk, one), kept(desk, other, "pm_card_mastercard")
    shown = desk.services.duplicates.preview(desk.agent, one.id, other.id)
    desk.services.duplicates.merge(desk.agent, one.id, other.id, key=uuid4(), seen=shown.seen)
    assert set(desk.services.cards.of_traveller(desk.agent, one.id)) == {first, second}
    assert sell(desk, one, saved(second)).state is OutcomeState.PAID
    assert in_order(desk)


# whatever goes wrong


@pytest.mark.parametrize(("call", "kind"), FAULTS, ids=[f"{call}-{kind}" for call, kind in FAULTS])
def test_a_fault_costs_time_and_no_money(
    desk: Desk, clock: HandClock, call: Operation, kind: FaultKind
) -> None:
    buyer = desk.traveller()
    card = kept(desk, buyer)
    arm(desk, call, kind, for_long=True)
    sale = sell(desk, buyer, saved(card))
    desk.services.payments.recover()
    disarm(desk)
    for wait in (5, 60, 300, 3_600, 7_200, 80_000):
        clock.forward(timedelta(seconds=wait))
        desk.services.payments.recover()
        desk.services.upkeep.expire_holds()
    with desk.sandbox() as sandbox:
        paid = sandbox.counts().charges == 2
        assert set(sandbox.succeeded_by_payment().values()) == {1}
    with desk.database.read() as view:
        states = [row.state for row in view.payments.find_by_sale_id(sale.sale_id)]
    assert (states == [PaymentState.COMPLETED]) is paid
    assert states[0] in (PaymentState.COMPLETED, PaymentState.FAILED, PaymentState.ABANDONED)
    assert in_order(desk)


@pytest.mark.parametrize("attempt", range(3))
def test_a_double_click_charges_once(tmp_path: Path, clock: HandClock, attempt: int) -> None:
    with desk_at(tmp_path, clock) as desk, desk_again(tmp_path, clock) as other:
        buyer, key = desk.traveller(), uuid4()
        card, hold = kept(desk, buyer), desk.hold(desk.add_departure())
        with ThreadPoolExecutor(2) as pool:
            both = [
                pool.submit(each.sell, hold, pay=saved(card), traveller=buyer, key=key)
                for each in (desk, other)
            ]
        assert any(each.exception() is None for each in both)
        with desk.sandbox() as sandbox:
            assert sandbox.counts().charges == 2
        assert in_order(desk)
