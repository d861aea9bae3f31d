"""Every other place at which the gateway calls Stripe's library, staged: customers, vendors, balance, disputes, events
and keys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from helpers.gateway_hand import AMOUNT, HALF, new_key
from helpers.gateway_paying import READER
from helpers.gateway_world import Place, Stage, Staged, World, reading
from helpers.provider import VISA
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.money import Money
from travellr_desktop.payments.gateway import (
    BalanceTooLow,
    CustomerRequest,
    Power,
    ReversalRequest,
    TransferRequest,
)
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


# customers


def making_a_customer(world: World) -> Staged:
    request, key = CustomerRequest(new_id(), "Mara Kovač", "mara@example.org"), new_key()

    def held() -> int:
        return world.control.counted("customer", "traveller_id")[str(request.traveller_id)]

    return Staged(lambda: world.gateway.create_customer(request, key=key), held, held)


def changing_a_customer(world: World) -> Staged:
    ref, key = world.customer(), new_key()
    request = CustomerRequest(new_id(), "Mara Novak")
    return Staged(
        lambda: world.gateway.update_customer(ref, request, key=key),
        lambda: world.number("SELECT COUNT(*) FROM customers WHERE id = ? AND name = 'Mara Novak'", ref),
        lambda: int(world.gateway.get_customer(ref).name == "Mara Novak"),
    )


def reading_a_customer(world: World) -> Staged:
    ref = world.customer()
    return reading(lambda: world.gateway.get_customer(ref).name, "Mara Kovač")


def listing_saved_cards(world: World) -> Staged:
    customer = world.customer()
    card = world.saved(customer)
    return reading(lambda: [each.ref for each in world.gateway.saved_cards(customer)], [card])


def _kept_for(world: World, customer: str) -> Callable[[], int]:
    return lambda: world.number("SELECT COUNT(*) FROM methods WHERE customer = ?", customer)


def keeping_a_card(world: World) -> Staged:
    customer, key = world.customer(), new_key()
    return Staged(
        lambda: world.gateway.attach_card(VISA, customer, key=key),
        _kept_for(world, customer),
        lambda: len(world.gateway.saved_cards(customer)),
    )


def _taking_away(world: World, before: int) -> Staged:
    customer, key = world.customer(), new_key()
    card, kept = world.saved(customer), _kept_for(world, customer)
    if before:
        world.gateway.detach_card(card, key=new_key())
    return Staged(
        lambda: world.gateway.detach_card(card, key=key),
        lambda: 1 - kept(),
        lambda: 1 - len(world.gateway.saved_cards(customer)),
        before=before,
    )


def taking_a_card_away(world: World) -> Staged:
    return _taking_away(world, 0)


def taking_away_what_is_gone(world: World) -> Staged:
    return _taking_away(world, 1)


# vendors


def reading_an_account(world: World) -> Staged:
    ref = world.control.open_account("Perast Boats", past_due=("business_profile.url",))
    return reading(lambda: world.gateway.account(ref).past_due, ("business_profile.url",))


def transferring(world: World) -> Staged:
    world.paid()
    account, key = world.control.open_account("Perast Boats"), new_key()
    request = TransferRequest(new_id(), account, HALF, f"payout-{key}")
    return Staged(
        lambda: world.gateway.create_transfer(request, key=key),
        lambda: world.control.counted("transfer", "payout_id")[str(request.payout_id)],
        lambda: len(world.gateway.find_transfers(request.group)),
        answers={FaultKind.BALANCE_INSUFFICIENT: BalanceTooLow},
    )


def reading_a_transfer(world: World) -> Staged:
    ref = world.transferred()
    return reading(lambda: world.gateway.get_transfer(ref).amount, HALF)


def finding_transfers(world: World) -> Staged:
    ref = world.transferred("payout-7")
    return reading(lambda: [each.ref for each in world.gateway.find_transfers("payout-7")], [ref])


def reversing(world: World) -> Staged:
    request, key = ReversalRequest(new_id(), world.transferred(), Money(2_000, "EUR")), new_key()
    return Staged(
        lambda: world.gateway.reverse_transfer(request, key=key),
        lambda: world.control.counted("transfer_reversal", "reversal_id")[str(request.reversal_id)],
        lambda: world.gateway.get_transfer(request.transfer_ref).reversed.minor // 2_000,
        answers={FaultKind.BALANCE_INSUFFICIENT: BalanceTooLow},
    )


def finding_reversals(world: World) -> Staged:
    ref = world.transferred()
    made = world.gateway.reverse_transfer(ReversalRequest(new_id(), ref, HALF), key=new_key())
    return reading(lambda: world.gateway.find_reversals(ref), (made,))


# the office


def reading_the_balance(world: World) -> Staged:
    world.transferred()
    there = world.control.balances()["eur"]
    return reading(lambda: world.gateway.balance().available, (Money(there, "EUR"),))


def listing_moves(world: World) -> Staged:
    payment = world.paid()
    return reading(
        lambda: [(m.payment_ref, m.amount) for m in world.gateway.balance_transactions().items],
        [(payment, AMOUNT)],
    )


def reading_the_move_of_a_payment(world: World) -> Staged:
    payment, there = world.paid(), world.control.balances()

    def net() -> dict[str, int]:
        move = world.gateway.payment_move(payment)
        assert move is not None
        return {"eur": move.net.minor}

    return reading(net, there)


def listing_bank_payouts(world: World) -> Staged:
    world.paid()
    ref = world.control.pay_out("eur")
    return reading(lambda: [each.ref for each in world.gateway.bank_payouts().items], [ref])


def reading_a_bank_payout(world: World) -> Staged:
    world.paid()
    there = world.control.balances()["eur"]
    ref = world.control.pay_out("eur")
    return reading(lambda: world.gateway.get_bank_payout(ref).amount.minor, there)


def listing_disputes(world: World) -> Staged:
    ref = world.control.open_dispute(world.paid())
    return reading(lambda: [each.ref for each in world.gateway.disputes(since=LONG_AGO)], [ref])


def reading_a_dispute(world: World) -> Staged:
    payment = world.paid()
    ref = world.control.open_dispute(payment)
    return reading(lambda: world.gateway.get_dispute(ref).payment_ref, payment)


def looking_for_a_dispute(world: World) -> Staged:
    payment = world.paid()
    ref = world.control.open_dispute(payment)

    def found() -> str | None:
        dispute = world.gateway.dispute_of(payment)
        return None if dispute is None else dispute.ref

    return reading(found, ref)


def reading_events_since(world: World) -> Staged:
    payment = world.paid()
    begin = datetime.now(UTC) - timedelta(hours=1)
    return reading(lambda: [each.about for each in world.gateway.events(since=begin)], [payment])


def reading_events_after(world: World) -> Staged:
    world.paid()
    newest, payment = world.gateway.events()[-1].ref, world.paid()
    return reading(lambda: [each.about for each in world.gateway.events(after=newest)], [payment])


def probing(world: World) -> Staged:
    passes = frozenset({FaultKind.BALANCE_INSUFFICIENT, *READER})  # it is not there, so it is refused before

    def objects() -> int:
        return sum(
            world.number(f"SELECT COUNT(*) FROM {table}") for table in ("intents", "refunds", "transfers")
        )

    return Staged(
        lambda: world.gateway.probe_key().powers == frozenset(Power),
        objects,
        lambda: 0,
        after=0,
        passes=passes,
        heals=True,
    )


OFFICE: dict[Place, Stage] = {
    ("create_customer", Operation.CUSTOMER_CREATE): making_a_customer,
    ("update_customer", Operation.CUSTOMER_UPDATE): changing_a_customer,
    ("get_customer", Operation.CUSTOMER_RETRIEVE): reading_a_customer,
    ("saved_cards", Operation.CUSTOMER_METHOD_LIST): listing_saved_cards,
    ("attach_card", Operation.METHOD_ATTACH): keeping_a_card,
    ("detach_card", Operation.METHOD_DETACH): taking_a_card_away,
    ("detach_card", Operation.METHOD_RETRIEVE): taking_away_what_is_gone,
    ("account", Operation.ACCOUNT_RETRIEVE): reading_an_account,
    ("create_transfer", Operation.TRANSFER_CREATE): transferring,
    ("get_transfer", Operation.TRANSFER_RETRIEVE): reading_a_transfer,
    ("find_transfers", Operation.TRANSFER_LIST): finding_transfers,
    ("reverse_transfer", Operation.REVERSAL_CREATE): reversing,
    ("find_reversals", Operation.REVERSAL_LIST): finding_reversals,
    ("balance", Operation.BALANCE_RETRIEVE): reading_the_balance,
    ("balance_transactions", Operation.BALANCE_TRANSACTION_LIST): listing_moves,
    ("payment_move", Operation.INTENT_RETRIEVE): reading_the_move_of_a_payment,
    ("bank_payouts", Operation.PAYOUT_LIST): listing_bank_payouts,
    ("get_bank_payout", Operation.PAYOUT_RETRIEVE): reading_a_bank_payout,
    ("disputes", Operation.DISPUTE_LIST): listing_disputes,
    ("get_dispute", Operation.DISPUTE_RETRIEVE): reading_a_dispute,
    ("dispute_of", Operation.DISPUTE_LIST): looking_for_a_dispute,
    ("_since", Operation.EVENT_LIST): reading_events_since,
    ("_newer_than", Operation.EVENT_LIST): reading_events_after,
    ("probe_key", Operation.INTENT_CANCEL): probing,
    ("probe_key", Operation.SESSION_EXPIRE): probing,
    ("probe_key", Operation.CUSTOMER_UPDATE): probing,
    ("probe_key", Operation.READER_CANCEL): probing,
    ("probe_key", Operation.REFUND_CREATE): probing,
    ("probe_key", Operation.TRANSFER_CREATE): probing,
    ("probe_key", Operation.BALANCE_RETRIEVE): probing,
}
