"""Every kind of object: its table, how it is written, what can be expanded in it and by what a list is chosen."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field

from travellr_desktop.payments.sandbox import (
    accounts,
    checkout,
    customers,
    disputes,
    moves,
    objects,
    payouts,
    terminal,
    transfers,
)
from travellr_desktop.payments.sandbox.cards import CARDS
from travellr_desktop.payments.sandbox.objects import Render
from travellr_desktop.payments.sandbox.rows import one
from travellr_desktop.payments.sandbox.wire import Json


@dataclass(frozen=True, slots=True)
class Kind:
    """`called` is its name in a complaint, `param` the parameter its id goes by. `expands` gives for a field, with dots
    into what it is in, the kinds that may stand there; `filters` for a parameter of the list its column."""

    name: str
    table: str
    address: str
    render: Render
    prefix: str
    param: str = "id"
    called: str = ""
    expands: dict[str, tuple[str, ...]] = field(default_factory=dict)
    filters: dict[str, str] = field(default_factory=dict)
    moments: tuple[str, ...] = ("created",)


_INTENT, _CHARGE, _CUSTOMER = ("payment_intent",), ("charge",), ("customer",)
_MOVE, _METHOD = ("balance_transaction",), ("payment_method",)

_ALL = (
    Kind(
        "payment_intent",
        "intents",
        "payment_intents",
        objects.intent_object,
        "pi",
        "intent",
        expands={"latest_charge": _CHARGE, "customer": _CUSTOMER, "payment_method": _METHOD},
        filters={"customer": "customer"},
    ),
    Kind(
        "charge",
        "charges",
        "charges",
        objects.charge_object,
        "ch",
        expands={"payment_intent": _INTENT, "customer": _CUSTOMER, "balance_transaction": _MOVE},
        filters={
            "payment_intent": "intent",
            "customer": "(SELECT customer FROM intents WHERE intents.id = charges.intent)",
            "transfer_group": "(SELECT transfer_group FROM intents WHERE intents.id = charges.intent)",
        },
    ),
    Kind(
        "refund",
        "refunds",
        "refunds",
        objects.refund_object,
        "re",
        expands={
            "charge": _CHARGE,
            "payment_intent": _INTENT,
            "balance_transaction": _MOVE,
            "failure_balance_transaction": _MOVE,
        },
        filters={"payment_intent": "intent", "charge": "charge"},
    ),
    Kind("event", "events", "events", objects.event_object, "evt"),
    Kind(
        "customer",
        "customers",
        "customers",
        customers.customer_object,
        "cus",
        filters={"email": "email"},
    ),
    Kind(
        "payment_method",
        "methods",
        "payment_methods",
        objects.saved_method_object,
        "pm",
        "payment_method",
        "PaymentMethod",
        expands={"customer": _CUSTOMER},
        filters={"customer": "customer"},
    ),
    Kind(
        "checkout.session",
        "sessions",
        "checkout/sessions",
        checkout.session_object,
        "cs",
        "session",
        expands={"payment_intent": _INTENT, "customer": _CUSTOMER, "line_items": ("item",)},
        filters={"payment_intent": "intent", "customer": "customer", "status": "status"},
    ),
    Kind("terminal.location", "locations", "terminal/locations", terminal.location_object, "tml", "location"),
    Kind(
        "terminal.reader",
        "readers",
        "terminal/readers",
        terminal.reader_object,
        "tmr",
        "reader",
        expands={
            "location": ("terminal.location",),
            "action.process_payment_intent.payment_intent": _INTENT,
        },
        filters={
            "location": "location",
            "status": "status",
            "device_type": "device_type",
            "serial_number": "serial_number",
        },
    ),
    Kind(
        "balance_transaction",
        "balance_transactions",
        "balance_transactions",
        moves.balance_transaction_object,
        "txn",
        expands={"source": ("charge", "refund", "dispute", "payout", "transfer", "transfer_reversal")},
        filters={"currency": "currency", "source": "source", "type": "type", "payout": "payout"},
    ),
    Kind(
        "payout",
        "payouts",
        "payouts",
        payouts.payout_object,
        "po",
        expands={"balance_transaction": _MOVE, "failure_balance_transaction": _MOVE},
        filters={"status": "status"},
        moments=("created", "arrival_date"),
    ),
    Kind("account", "accounts", "accounts", accounts.account_object, "acct"),
    Kind(
        "transfer",
        "transfers",
        "transfers",
        transfers.transfer_object,
        "tr",
        expands={"balance_transaction": _MOVE, "destination": ("account",)},
        filters={"destination": "destination", "transfer_group": "transfer_group"},
    ),
    Kind(
        "transfer_reversal",
        "reversals",
        "transfers/{id}/reversals",
        transfers.reversal_object,
        "trr",
        expands={"balance_transaction": _MOVE, "transfer": ("transfer",)},
    ),
    Kind(
        "dispute",
        "disputes",
        "disputes",
        disputes.dispute_object,
        "du",
        expands={"charge": _CHARGE, "payment_intent": _INTENT},
        filters={"charge": "charge", "payment_intent": "intent"},
    ),
)

KINDS: dict[str, Kind] = {kind.name: kind for kind in _ALL}
_BY_PREFIX: dict[str, Kind] = {kind.prefix: kind for kind in _ALL}


def fetched(connection: sqlite3.Connection, ref: str) -> Json | None:
    """The object of that id, whatever its kind: the id's prefix tells."""
    if ref in CARDS:
        return objects.payment_method_object(CARDS[ref], 0)
    kind = _BY_PREFIX.get(ref.partition("_")[0])
    row = None if kind is None else one(connection, kind.table, ref)
    return None if kind is None or row is None else kind.render(connection, row)
