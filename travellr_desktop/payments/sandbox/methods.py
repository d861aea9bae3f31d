"""Cards that are kept for customers: a card's own name becomes an id that belongs to one customer, until it is taken
away; after that nobody can use it."""

from __future__ import annotations

from dataclasses import dataclass

from travellr_desktop.payments.sandbox import customers
from travellr_desktop.payments.sandbox.call import Call, new_ref
from travellr_desktop.payments.sandbox.cards import AUTHENTICATION, CARDS, Card
from travellr_desktop.payments.sandbox.happenings import record
from travellr_desktop.payments.sandbox.objects import payment_method_object, saved_method_object
from travellr_desktop.payments.sandbox.rows import Row, known, one, wanted
from travellr_desktop.payments.sandbox.wire import ApiError, Json, absent, invalid, missing

_SPENT = (
    "This PaymentMethod was used without a Customer, or was detached from one. It may not be used again. Attach a"
    " PaymentMethod to a Customer first to use it more than once."
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A card that is about to be charged, and the id it goes by."""

    card: Card
    ref: str

    def told(self, now: int, customer: str | None) -> Json:
        """The payment method as an error tells it."""
        owner = None if self.ref in CARDS else customer
        return payment_method_object(self.card, now, ref=self.ref, customer=owner)


def chosen(call: Call, ref: str, customer: str | None) -> Chosen:
    """The card of that id, for a payment of that customer. Raises `ApiError` where the payment may not use it."""
    if ref in CARDS:
        return Chosen(CARDS[ref], ref)
    row = one(call.connection, "methods", ref)
    if row is None:
        raise missing("PaymentMethod", ref, "payment_method", in_address=False)
    if row["customer"] is None:
        raise invalid(_SPENT, param="payment_method")
    if row["customer"] != customer:
        raise invalid(
            "The provided PaymentMethod belongs to a Customer. Include that Customer in the customer parameter:"
            f" {ref}.",
            param="payment_method",
        )
    return Chosen(CARDS[row["card"]], ref)


def retrieve(call: Call) -> Json:
    if call.ref in CARDS:
        return payment_method_object(CARDS[call.ref], call.now)
    return saved_method_object(call.connection, _row(call))


def attach(call: Call) -> Json:
    customer = customers.named(call)
    if customer is None:
        raise absent("customer")
    if call.ref in CARDS:
        card = CARDS[call.ref]
        if card.decline is not None and card.decline is not AUTHENTICATION and not card.attaches:
            raise ApiError(
                402,
                "card_error",
                card.decline.message,
                code=card.decline.code,
                extra={"decline_code": card.decline.reason},
            )
        return keep(call, card, customer)
    row = _row(call)
    if row["customer"] is None:
        raise invalid(_SPENT)
    if row["customer"] != customer:
        raise invalid("The payment method you provided has already been attached to a customer.")
    return saved_method_object(call.connection, row)


def detach(call: Call) -> Json:
    row = None if call.ref in CARDS else _row(call)
    if row is None or row["customer"] is None:
        raise invalid(
            "The payment method you provided is not attached to a customer so detachment is impossible."
        )
    call.connection.execute("UPDATE methods SET customer = NULL WHERE id = ?", (call.ref,))
    shape = saved_method_object(call.connection, _row(call))
    record(call, "payment_method.detached", shape)
    return shape


def keep(call: Call, card: Card, customer: str | None) -> Json:
    """Give the card an id; without a customer it is one that cannot be used again."""
    ref = new_ref("pm")
    call.connection.execute(
        "INSERT INTO methods (id, created, card, customer) VALUES (?, ?, ?, ?)",
        (ref, call.now, card.method, customer),
    )
    shape = saved_method_object(call.connection, known(call.connection, "methods", ref))
    if customer is not None:
        record(call, "payment_method.attached", shape)
    return shape


def _row(call: Call) -> Row:
    return wanted(call.connection, "methods", "PaymentMethod", call.ref, "payment_method")
