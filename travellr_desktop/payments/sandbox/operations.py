"""The calls the sandbox answers, by name, address and the library's own type for their parameters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Operation(StrEnum):
    """A call, named as the stripe library names it under `client.v1`."""

    INTENT_CREATE = "payment_intents.create"
    INTENT_RETRIEVE = "payment_intents.retrieve"
    INTENT_CONFIRM = "payment_intents.confirm"
    INTENT_CANCEL = "payment_intents.cancel"
    INTENT_LIST = "payment_intents.list"
    REFUND_CREATE = "refunds.create"
    REFUND_RETRIEVE = "refunds.retrieve"
    REFUND_LIST = "refunds.list"
    CHARGE_RETRIEVE = "charges.retrieve"
    CHARGE_LIST = "charges.list"
    EVENT_RETRIEVE = "events.retrieve"
    EVENT_LIST = "events.list"
    BALANCE_RETRIEVE = "balance.retrieve"

    @property
    def writes(self) -> bool:
        return ROUTES[self].method == "post"


@dataclass(frozen=True, slots=True)
class Route:
    """`params` is the class in `stripe.params` that says what the call takes; its module follows from it."""

    method: str
    pattern: re.Pattern[str]
    params: str


def _route(method: str, path: str, params: str) -> Route:
    return Route(method, re.compile("^/v1/" + path.replace("{id}", "(?P<id>[A-Za-z0-9_]+)") + "$"), params)


ROUTES: dict[Operation, Route] = {
    Operation.INTENT_CREATE: _route("post", "payment_intents", "PaymentIntentCreateParams"),
    Operation.INTENT_RETRIEVE: _route("get", "payment_intents/{id}", "PaymentIntentRetrieveParams"),
    Operation.INTENT_CONFIRM: _route("post", "payment_intents/{id}/confirm", "PaymentIntentConfirmParams"),
    Operation.INTENT_CANCEL: _route("post", "payment_intents/{id}/cancel", "PaymentIntentCancelParams"),
    Operation.INTENT_LIST: _route("get", "payment_intents", "PaymentIntentListParams"),
    Operation.REFUND_CREATE: _route("post", "refunds", "RefundCreateParams"),
    Operation.REFUND_RETRIEVE: _route("get", "refunds/{id}", "RefundRetrieveParams"),
    Operation.REFUND_LIST: _route("get", "refunds", "RefundListParams"),
    Operation.CHARGE_RETRIEVE: _route("get", "charges/{id}", "ChargeRetrieveParams"),
    Operation.CHARGE_LIST: _route("get", "charges", "ChargeListParams"),
    Operation.EVENT_RETRIEVE: _route("get", "events/{id}", "EventRetrieveParams"),
    Operation.EVENT_LIST: _route("get", "events", "EventListParams"),
    Operation.BALANCE_RETRIEVE: _route("get", "balance", "BalanceRetrieveParams"),
}


def find_route(method: str, path: str) -> tuple[Operation, str | None] | None:
    """The operation at that address and the id in it, or None where Stripe has none (or the sandbox not yet)."""
    for operation, route in ROUTES.items():
        if route.method == method.lower() and (match := route.pattern.match(path)):
            return operation, match.groupdict().get("id")
    return None
