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
    CUSTOMER_CREATE = "customers.create"
    CUSTOMER_RETRIEVE = "customers.retrieve"
    CUSTOMER_UPDATE = "customers.update"
    CUSTOMER_LIST = "customers.list"
    CUSTOMER_METHOD_LIST = "customers.payment_methods.list"
    METHOD_RETRIEVE = "payment_methods.retrieve"
    METHOD_LIST = "payment_methods.list"
    METHOD_ATTACH = "payment_methods.attach"
    METHOD_DETACH = "payment_methods.detach"
    SESSION_CREATE = "checkout.sessions.create"
    SESSION_RETRIEVE = "checkout.sessions.retrieve"
    SESSION_EXPIRE = "checkout.sessions.expire"
    SESSION_LIST = "checkout.sessions.list"
    SESSION_LINES = "checkout.sessions.line_items.list"
    LOCATION_CREATE = "terminal.locations.create"
    LOCATION_RETRIEVE = "terminal.locations.retrieve"
    LOCATION_LIST = "terminal.locations.list"
    READER_CREATE = "terminal.readers.create"
    READER_RETRIEVE = "terminal.readers.retrieve"
    READER_LIST = "terminal.readers.list"
    READER_PROCESS = "terminal.readers.process_payment_intent"
    READER_CANCEL = "terminal.readers.cancel_action"
    READER_PRESENT = "test_helpers.terminal.readers.present_payment_method"
    BALANCE_TRANSACTION_RETRIEVE = "balance_transactions.retrieve"
    BALANCE_TRANSACTION_LIST = "balance_transactions.list"
    PAYOUT_RETRIEVE = "payouts.retrieve"
    PAYOUT_LIST = "payouts.list"
    ACCOUNT_RETRIEVE = "accounts.retrieve"
    ACCOUNT_CURRENT = "accounts.retrieve_current"
    TRANSFER_CREATE = "transfers.create"
    TRANSFER_RETRIEVE = "transfers.retrieve"
    TRANSFER_LIST = "transfers.list"
    REVERSAL_CREATE = "transfers.reversals.create"
    REVERSAL_LIST = "transfers.reversals.list"
    DISPUTE_RETRIEVE = "disputes.retrieve"
    DISPUTE_LIST = "disputes.list"

    @property
    def writes(self) -> bool:
        return ROUTES[self].method == "post"


@dataclass(frozen=True, slots=True)
class Route:
    """`params` is the class in the module `stripe.params` (with `folder` below it) that says what the call takes;
    `kind` names the objects of the reply, one or, if `listed`, a page of them."""

    method: str
    pattern: re.Pattern[str]
    params: str
    kind: str
    folder: str = ""
    listed: bool = False


def _route(method: str, path: str, params: str, kind: str, folder: str = "") -> Route:
    pattern = re.compile("^/v1/" + path.replace("{id}", "(?P<id>[A-Za-z0-9_]+)") + "$")
    return Route(
        method, pattern, params, kind, folder, listed=method == "get" and params.endswith("ListParams")
    )


_TERMINAL = "terminal"

ROUTES: dict[Operation, Route] = {
    Operation.INTENT_CREATE: _route("post", "payment_intents", "PaymentIntentCreateParams", "payment_intent"),
    Operation.INTENT_RETRIEVE: _route(
        "get", "payment_intents/{id}", "PaymentIntentRetrieveParams", "payment_intent"
    ),
    Operation.INTENT_CONFIRM: _route(
        "post", "payment_intents/{id}/confirm", "PaymentIntentConfirmParams", "payment_intent"
    ),
    Operation.INTENT_CANCEL: _route(
        "post", "payment_intents/{id}/cancel", "PaymentIntentCancelParams", "payment_intent"
    ),
    Operation.INTENT_LIST: _route("get", "payment_intents", "PaymentIntentListParams", "payment_intent"),
    Operation.REFUND_CREATE: _route("post", "refunds", "RefundCreateParams", "refund"),
    Operation.REFUND_RETRIEVE: _route("get", "refunds/{id}", "RefundRetrieveParams", "refund"),
    Operation.REFUND_LIST: _route("get", "refunds", "RefundListParams", "refund"),
    Operation.CHARGE_RETRIEVE: _route("get", "charges/{id}", "ChargeRetrieveParams", "charge"),
    Operation.CHARGE_LIST: _route("get", "charges", "ChargeListParams", "charge"),
    Operation.EVENT_RETRIEVE: _route("get", "events/{id}", "EventRetrieveParams", "event"),
    Operation.EVENT_LIST: _route("get", "events", "EventListParams", "event"),
    Operation.BALANCE_RETRIEVE: _route("get", "balance", "BalanceRetrieveParams", "balance"),
    Operation.CUSTOMER_CREATE: _route("post", "customers", "CustomerCreateParams", "customer"),
    Operation.CUSTOMER_RETRIEVE: _route("get", "customers/{id}", "CustomerRetrieveParams", "customer"),
    Operation.CUSTOMER_UPDATE: _route("post", "customers/{id}", "CustomerUpdateParams", "customer"),
    Operation.CUSTOMER_LIST: _route("get", "customers", "CustomerListParams", "customer"),
    Operation.CUSTOMER_METHOD_LIST: _route(
        "get", "customers/{id}/payment_methods", "CustomerPaymentMethodListParams", "payment_method"
    ),
    Operation.METHOD_RETRIEVE: _route(
        "get", "payment_methods/{id}", "PaymentMethodRetrieveParams", "payment_method"
    ),
    Operation.METHOD_LIST: _route("get", "payment_methods", "PaymentMethodListParams", "payment_method"),
    Operation.METHOD_ATTACH: _route(
        "post", "payment_methods/{id}/attach", "PaymentMethodAttachParams", "payment_method"
    ),
    Operation.METHOD_DETACH: _route(
        "post", "payment_methods/{id}/detach", "PaymentMethodDetachParams", "payment_method"
    ),
    Operation.SESSION_CREATE: _route(
        "post", "checkout/sessions", "SessionCreateParams", "checkout.session", "checkout"
    ),
    Operation.SESSION_RETRIEVE: _route(
        "get", "checkout/sessions/{id}", "SessionRetrieveParams", "checkout.session", "checkout"
    ),
    Operation.SESSION_EXPIRE: _route(
        "post", "checkout/sessions/{id}/expire", "SessionExpireParams", "checkout.session", "checkout"
    ),
    Operation.SESSION_LIST: _route(
        "get", "checkout/sessions", "SessionListParams", "checkout.session", "checkout"
    ),
    Operation.SESSION_LINES: _route(
        "get", "checkout/sessions/{id}/line_items", "SessionLineItemListParams", "item", "checkout"
    ),
    Operation.LOCATION_CREATE: _route(
        "post", "terminal/locations", "LocationCreateParams", "terminal.location", _TERMINAL
    ),
    Operation.LOCATION_RETRIEVE: _route(
        "get", "terminal/locations/{id}", "LocationRetrieveParams", "terminal.location", _TERMINAL
    ),
    Operation.LOCATION_LIST: _route(
        "get", "terminal/locations", "LocationListParams", "terminal.location", _TERMINAL
    ),
    Operation.READER_CREATE: _route(
        "post", "terminal/readers", "ReaderCreateParams", "terminal.reader", _TERMINAL
    ),
    Operation.READER_RETRIEVE: _route(
        "get", "terminal/readers/{id}", "ReaderRetrieveParams", "terminal.reader", _TERMINAL
    ),
    Operation.READER_LIST: _route(
        "get", "terminal/readers", "ReaderListParams", "terminal.reader", _TERMINAL
    ),
    Operation.READER_PROCESS: _route(
        "post",
        "terminal/readers/{id}/process_payment_intent",
        "ReaderProcessPaymentIntentParams",
        "terminal.reader",
        _TERMINAL,
    ),
    Operation.READER_CANCEL: _route(
        "post",
        "terminal/readers/{id}/cancel_action",
        "ReaderCancelActionParams",
        "terminal.reader",
        _TERMINAL,
    ),
    Operation.READER_PRESENT: _route(
        "post",
        "test_helpers/terminal/readers/{id}/present_payment_method",
        "ReaderPresentPaymentMethodParams",
        "terminal.reader",
        "test_helpers/terminal",
    ),
    Operation.BALANCE_TRANSACTION_RETRIEVE: _route(
        "get", "balance_transactions/{id}", "BalanceTransactionRetrieveParams", "balance_transaction"
    ),
    Operation.BALANCE_TRANSACTION_LIST: _route(
        "get", "balance_transactions", "BalanceTransactionListParams", "balance_transaction"
    ),
    Operation.PAYOUT_RETRIEVE: _route("get", "payouts/{id}", "PayoutRetrieveParams", "payout"),
    Operation.PAYOUT_LIST: _route("get", "payouts", "PayoutListParams", "payout"),
    Operation.ACCOUNT_RETRIEVE: _route("get", "accounts/{id}", "AccountRetrieveParams", "account"),
    Operation.ACCOUNT_CURRENT: _route("get", "account", "AccountRetrieveCurrentParams", "account"),
    Operation.TRANSFER_CREATE: _route("post", "transfers", "TransferCreateParams", "transfer"),
    Operation.TRANSFER_RETRIEVE: _route("get", "transfers/{id}", "TransferRetrieveParams", "transfer"),
    Operation.TRANSFER_LIST: _route("get", "transfers", "TransferListParams", "transfer"),
    Operation.REVERSAL_CREATE: _route(
        "post", "transfers/{id}/reversals", "TransferReversalCreateParams", "transfer_reversal"
    ),
    Operation.REVERSAL_LIST: _route(
        "get", "transfers/{id}/reversals", "TransferReversalListParams", "transfer_reversal"
    ),
    Operation.DISPUTE_RETRIEVE: _route("get", "disputes/{id}", "DisputeRetrieveParams", "dispute"),
    Operation.DISPUTE_LIST: _route("get", "disputes", "DisputeListParams", "dispute"),
}


def find_route(method: str, path: str) -> tuple[Operation, str | None] | None:
    """The operation at that address and the id in it, or None where Stripe has none (or the sandbox not yet)."""
    for operation, route in ROUTES.items():
        if route.method == method.lower() and (match := route.pattern.match(path)):
            return operation, match.groupdict().get("id")
    return None
