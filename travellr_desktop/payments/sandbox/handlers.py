"""Which function answers which call."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from travellr_desktop.payments.sandbox import (
    accounts,
    checkout,
    customers,
    intents,
    methods,
    moves,
    reading,
    refunds,
    terminal,
    transfers,
)
from travellr_desktop.payments.sandbox.call import Call
from travellr_desktop.payments.sandbox.operations import ROUTES, Operation
from travellr_desktop.payments.sandbox.wire import Json

Handler = Callable[[Call], Json]

_OWN: dict[Operation, Handler] = {
    Operation.INTENT_CREATE: intents.create,
    Operation.INTENT_CONFIRM: intents.confirm,
    Operation.INTENT_CANCEL: intents.cancel,
    Operation.REFUND_CREATE: refunds.create,
    Operation.BALANCE_RETRIEVE: moves.balance,
    Operation.CUSTOMER_CREATE: customers.create,
    Operation.CUSTOMER_UPDATE: customers.update,
    Operation.CUSTOMER_METHOD_LIST: partial(reading.listing, name="payment_method", within="customer"),
    Operation.METHOD_RETRIEVE: methods.retrieve,
    Operation.METHOD_ATTACH: methods.attach,
    Operation.METHOD_DETACH: methods.detach,
    Operation.SESSION_CREATE: checkout.create,
    Operation.SESSION_EXPIRE: checkout.expire,
    Operation.SESSION_LINES: checkout.lines,
    Operation.LOCATION_CREATE: terminal.create_location,
    Operation.READER_CREATE: terminal.create_reader,
    Operation.READER_PROCESS: terminal.process,
    Operation.READER_CANCEL: terminal.cancel,
    Operation.READER_PRESENT: terminal.present,
    Operation.ACCOUNT_CURRENT: accounts.own,
    Operation.TRANSFER_CREATE: transfers.create,
    Operation.REVERSAL_CREATE: transfers.reverse,
    Operation.REVERSAL_LIST: partial(reading.listing, name="transfer_reversal", within="transfer"),
}


def _reading(operation: Operation) -> Handler:
    route = ROUTES[operation]
    return partial(reading.listing if route.listed else reading.retrieve, name=route.kind)


HANDLERS: dict[Operation, Handler] = {
    operation: _OWN.get(operation) or _reading(operation) for operation in Operation
}
"""What is not written out reads one object by its id, or a page of them."""
