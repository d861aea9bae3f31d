"""Every place at which the gateway calls Stripe's library to take money or to give it back, staged."""

from __future__ import annotations

from collections.abc import Callable

from helpers.gateway_hand import AMOUNT, HALF, link_request, new_key
from helpers.gateway_world import Place, Stage, Staged, World, reading
from helpers.provider import VISA
from travellr_desktop.domain.ids import new_id
from travellr_desktop.payments.gateway import (
    LinkState,
    PaymentRequest,
    ProviderPaymentState,
    ReaderActionState,
    ReaderBusy,
    ReaderOffline,
    RefundRequest,
)
from travellr_desktop.payments.sandbox.faults import DECLINES, FaultKind
from travellr_desktop.payments.sandbox.operations import Operation

READER = {
    FaultKind.READER_OFFLINE: ReaderOffline,
    FaultKind.READER_BUSY: ReaderBusy,
    FaultKind.READER_TIMEOUT: None,
}


def _paid_in(world: World, ref: str) -> Callable[[], int]:
    return lambda: world.number("SELECT COUNT(*) FROM charges WHERE intent = ? AND status = 'succeeded'", ref)


def _said_paid(world: World, ref: str) -> Callable[[], int]:
    return lambda: int(
        world.gateway.get_payment_status(ref).state is ProviderPaymentState.SUCCEEDED,
    )


# payments


def preparing(world: World) -> Staged:
    request, key = PaymentRequest(new_id(), AMOUNT, "Lagoon by kayak"), new_key()

    def held() -> int:
        return world.control.counted("payment_intent", "payment_id")[str(request.payment_id)]

    # what was prepared and not told is nowhere to be read: it is asked for again, with the same key
    return Staged(lambda: world.gateway.prepare_payment(request, key=key), held, held)


def charging(world: World) -> Staged:
    ref, key = world.prepared(), new_key()
    return Staged(
        lambda: world.gateway.process_payment(ref, payment_method=VISA, key=key),
        _paid_in(world, ref),
        _said_paid(world, ref),
    )


def charging_a_saved_card(world: World) -> Staged:
    customer = world.customer()
    card, ref, key = world.saved(customer), world.prepared(customer), new_key()
    return Staged(
        lambda: world.gateway.charge_saved(ref, card_ref=card, key=key),
        _paid_in(world, ref),
        _said_paid(world, ref),
    )


def cancelling(world: World) -> Staged:
    ref, key = world.prepared(), new_key()
    return Staged(
        lambda: world.gateway.cancel_payment(ref, key=key),
        lambda: world.number("SELECT COUNT(*) FROM intents WHERE id = ? AND status = 'canceled'", ref),
        lambda: int(world.gateway.get_payment_status(ref).state is ProviderPaymentState.CANCELLED),
    )


def reading_a_payment(world: World) -> Staged:
    ref = world.paid()
    return reading(lambda: world.gateway.get_payment_status(ref).received.minor, AMOUNT.minor)


def charging_what_is_paid(world: World) -> Staged:
    ref, key = world.paid(), new_key()
    return Staged(
        lambda: world.gateway.process_payment(ref, payment_method=VISA, key=key),
        _paid_in(world, ref),
        _said_paid(world, ref),
        before=1,
    )


# refunds


def refunding(world: World) -> Staged:
    request, key = RefundRequest(new_id(), world.paid(), HALF), new_key()
    return Staged(
        lambda: world.gateway.refund_payment(request, key=key),
        lambda: world.control.refunds_by_id()[str(request.refund_id)],
        lambda: world.gateway.get_payment_status(request.payment_ref).refunded.minor // HALF.minor,
    )


def reading_a_refund(world: World) -> Staged:
    ref = world.refunded(world.paid())
    return reading(lambda: world.gateway.get_refund_status(ref).amount, AMOUNT)


def finding_a_refund(world: World) -> Staged:
    payment = world.paid()
    made = world.gateway.get_refund_status(world.refunded(payment))
    assert made.refund_id is not None
    refund_id = made.refund_id
    return reading(lambda: world.gateway.find_refund(payment, refund_id), made)


# links


def linking(world: World) -> Staged:
    request, key = link_request(), new_key()

    def held() -> int:
        return world.control.counted("checkout.session", "payment_id")[str(request.payment_id)]

    return Staged(lambda: world.gateway.create_link(request, key=key), held, held)


def reading_a_link(world: World) -> Staged:
    ref = world.link()
    world.control.pay_link(ref, VISA)
    return reading(lambda: world.gateway.get_link(ref).state, LinkState.PAID)


def _expiring(world: World, before: int) -> Staged:
    ref, key = world.link(), new_key()
    return Staged(
        lambda: world.gateway.expire_link(ref, key=key),
        lambda: int(world.control.link(ref).status == "expired"),
        lambda: int(world.gateway.get_link(ref).state is LinkState.EXPIRED),
        before=before,
    )


def expiring(world: World) -> Staged:
    return _expiring(world, 0)


def reading_after_expiring(world: World) -> Staged:
    return _expiring(world, 1)


# readers


def _asks(world: World, reader: str) -> Callable[[], int]:
    return lambda: world.number(
        "SELECT COUNT(*) FROM readers WHERE id = ? AND action ->> 'status' = 'in_progress'", reader
    )


def _said_to_ask(world: World, reader: str) -> Callable[[], int]:
    def told() -> int:
        action = world.gateway.get_reader(reader).action
        return int(action is not None and action.state is ReaderActionState.WAITING)

    return told


def listing_readers(world: World) -> Staged:
    reader = world.reader()
    return reading(lambda: [each.ref for each in world.gateway.readers()], [reader])


def reading_a_reader(world: World) -> Staged:
    reader = world.reader()
    return reading(lambda: world.gateway.get_reader(reader).is_simulated, True)


def asking(world: World) -> Staged:
    reader, payment, key = world.reader(), world.for_reader(), new_key()
    return Staged(
        lambda: world.gateway.process_on_reader(reader, payment, key=key),
        _asks(world, reader),
        _said_to_ask(world, reader),
        answers=READER,
    )


def reading_the_reader_after_a_time_out(world: World) -> Staged:
    world_asks = asking(world)
    world.control.arm(Operation.READER_PROCESS, FaultKind.READER_TIMEOUT)
    return Staged(world_asks.call, world_asks.held, world_asks.told, before=1)


def asking_for_what_is_paid(world: World) -> Staged:
    reader, payment = world.asking()
    world.gateway.present_card(reader, VISA, key=new_key())
    key = new_key()
    return Staged(
        lambda: world.gateway.process_on_reader(reader, payment, key=key),
        _paid_in(world, payment),
        _said_paid(world, payment),
        before=1,
    )


def _stopping(world: World, before: int) -> Staged:
    (reader, _), key = world.asking(), new_key()
    asks, said = _asks(world, reader), _said_to_ask(world, reader)
    return Staged(
        lambda: world.gateway.cancel_on_reader(reader, key=key),
        lambda: 1 - asks(),
        lambda: 1 - said(),
        before=before,
        answers=READER,
    )


def stopping(world: World) -> Staged:
    return _stopping(world, 0)


def reading_the_reader_after_stopping_timed_out(world: World) -> Staged:
    staged = _stopping(world, 1)
    world.control.arm(Operation.READER_CANCEL, FaultKind.READER_TIMEOUT)
    return staged


def _adding(world: World, what: str, *, heals: bool = False) -> Staged:
    key = new_key()
    held: Callable[[], int] = lambda: world.number(f"SELECT COUNT(*) FROM {what}")  # noqa: E731
    told: Callable[[], int] = lambda: len(world.gateway.readers())  # noqa: E731
    return Staged(
        lambda: world.gateway.add_simulated_reader("Desk 1", key=key),
        held,
        held if what == "locations" else told,
        heals=heals,
    )


def adding_a_reader(world: World) -> Staged:
    return _adding(world, "readers")


def looking_for_a_place(world: World) -> Staged:
    return _adding(world, "readers")


def making_a_place(world: World) -> Staged:
    return _adding(world, "locations", heals=True)  # the next try finds it


def presenting(world: World) -> Staged:
    (reader, payment), key = world.asking(), new_key()
    return Staged(
        lambda: world.gateway.present_card(reader, VISA, key=key),
        _paid_in(world, payment),
        _said_paid(world, payment),
        answers=dict.fromkeys(DECLINES),
        passes=frozenset({FaultKind.AUTHENTICATION_REQUIRED}),  # whoever holds the card is there to approve
    )


PAYING: dict[Place, Stage] = {
    ("_prepare", Operation.INTENT_CREATE): preparing,
    ("process_payment", Operation.INTENT_CONFIRM): charging,
    ("charge_saved", Operation.INTENT_CONFIRM): charging_a_saved_card,
    ("cancel_payment", Operation.INTENT_CANCEL): cancelling,
    ("get_payment_status", Operation.INTENT_RETRIEVE): reading_a_payment,
    ("_act", Operation.INTENT_RETRIEVE): charging_what_is_paid,
    ("refund_payment", Operation.REFUND_CREATE): refunding,
    ("get_refund_status", Operation.REFUND_RETRIEVE): reading_a_refund,
    ("find_refund", Operation.REFUND_LIST): finding_a_refund,
    ("create_link", Operation.SESSION_CREATE): linking,
    ("get_link", Operation.SESSION_RETRIEVE): reading_a_link,
    ("expire_link", Operation.SESSION_EXPIRE): expiring,
    ("expire_link", Operation.SESSION_RETRIEVE): reading_after_expiring,
    ("readers", Operation.READER_LIST): listing_readers,
    ("get_reader", Operation.READER_RETRIEVE): reading_a_reader,
    ("process_on_reader", Operation.READER_PROCESS): asking,
    ("_after_time_out", Operation.READER_RETRIEVE): reading_the_reader_after_a_time_out,
    ("_done", Operation.INTENT_RETRIEVE): asking_for_what_is_paid,
    ("cancel_on_reader", Operation.READER_CANCEL): stopping,
    ("cancel_on_reader", Operation.READER_RETRIEVE): reading_the_reader_after_stopping_timed_out,
    ("add_simulated_reader", Operation.LOCATION_LIST): looking_for_a_place,
    ("add_simulated_reader", Operation.LOCATION_CREATE): making_a_place,
    ("add_simulated_reader", Operation.READER_CREATE): adding_a_reader,
    ("present_card", Operation.READER_PRESENT): presenting,
}
