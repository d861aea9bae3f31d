"""Every call of the sandbox: it answers, refuses a parameter that Stripe does not know, and meets each of its faults
without a lost or a doubled effect."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import stripe

from helpers.stripe_side import NO_FUNDS, VISA, link, paid, reader, refusal, to_be_held
from travellr_desktop.payments.factory import SANDBOX_KEY
from travellr_desktop.payments.sandbox.control import SandboxControl
from travellr_desktop.payments.sandbox.faults import DECLINES, READER_TROUBLES, FaultKind, possible
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.payments.sandbox.server import Sandbox
from travellr_desktop.payments.sandbox.wire import Delivery

Call = Callable[..., Any]
Prepare = Callable[[stripe.V1Services, SandboxControl], Call]

HAPPENED = {FaultKind.REPLY_LOST_AFTER, FaultKind.LATE, FaultKind.TRUNCATED, FaultKind.SERVER_ERROR_AFTER}
NOT_MET_HERE = {*DECLINES, *READER_TROUBLES, FaultKind.BALANCE_INSUFFICIENT}
"""Those have tests of their own: they are answers, not troubles of the wire."""


@dataclass(frozen=True)
class Of:
    """A call on an object that was made before, by its id."""

    make: Callable[[stripe.V1Services, SandboxControl], str]
    service: str
    params: dict[str, Any] | None = None

    def __call__(self, api: stripe.V1Services, outside: SandboxControl) -> Call:
        ref = self.make(api, outside)
        method = _found(api, self.service)
        return lambda extra, options: method(ref, {**(self.params or {}), **extra}, options)


@dataclass(frozen=True)
class Plain:
    """A call without an id in its address."""

    service: str
    params: Callable[[stripe.V1Services, SandboxControl], dict[str, Any]] = lambda api, outside: {}

    def __call__(self, api: stripe.V1Services, outside: SandboxControl) -> Call:
        params, method = self.params(api, outside), _found(api, self.service)
        return lambda extra, options: method({**params, **extra}, options)


def _found(api: stripe.V1Services, name: str) -> Any:
    found: Any = api
    for part in name.split("."):
        found = getattr(found, part)
    return found


def _charge(api: stripe.V1Services, _: SandboxControl) -> str:
    return str(paid(api).latest_charge)


def _paid(api: stripe.V1Services, _: SandboxControl) -> str:
    return paid(api).id


def _unpaid(api: stripe.V1Services, _: SandboxControl) -> str:
    return api.payment_intents.create({"amount": 500, "currency": "eur"}).id


def _refund(api: stripe.V1Services, _: SandboxControl) -> str:
    return api.refunds.create({"payment_intent": paid(api).id}).id


def _event(api: stripe.V1Services, _: SandboxControl) -> str:
    paid(api)
    return api.events.list().data[0].id


def _customer(api: stripe.V1Services, _: SandboxControl) -> str:
    return api.customers.create({"name": "Mara"}).id


def _saved(api: stripe.V1Services, outside: SandboxControl) -> str:
    return api.payment_methods.attach(VISA, {"customer": _customer(api, outside)}).id


def _link(api: stripe.V1Services, _: SandboxControl) -> str:
    return str(link(api).id)


def _location(api: stripe.V1Services, _: SandboxControl) -> str:
    return api.terminal.locations.create({"display_name": "Riva", "address": {"country": "ME"}}).id


def _reader(api: stripe.V1Services, _: SandboxControl) -> str:
    return str(reader(api).id)


def _asking(api: stripe.V1Services, outside: SandboxControl) -> str:
    at = _reader(api, outside)
    api.terminal.readers.process_payment_intent(at, {"payment_intent": to_be_held(api).id})
    return at


def _move(api: stripe.V1Services, _: SandboxControl) -> str:
    paid(api)
    return api.balance_transactions.list().data[0].id


def _payout(api: stripe.V1Services, outside: SandboxControl) -> str:
    paid(api)
    return outside.pay_out("eur")


def _account(_: stripe.V1Services, outside: SandboxControl) -> str:
    return outside.open_account("Perast Boats")


def _transferring(api: stripe.V1Services, outside: SandboxControl) -> dict[str, Any]:
    paid(api)
    return {"amount": 100, "currency": "eur", "destination": outside.open_account("Perast Boats")}


def _transfer(api: stripe.V1Services, outside: SandboxControl) -> str:
    params: Any = _transferring(api, outside)
    return api.transfers.create(params).id


def _dispute(api: stripe.V1Services, outside: SandboxControl) -> str:
    return outside.open_dispute(paid(api).id)


def _linking(api: stripe.V1Services, outside: SandboxControl) -> dict[str, Any]:
    price = {"currency": "eur", "unit_amount": 500, "product_data": {"name": "A walk"}}
    return {
        "mode": "payment",
        "success_url": "https://agency.example",
        "line_items": [{"price_data": price, "quantity": 1}],
    }


PREPARED: dict[Operation, Prepare] = {
    Operation.INTENT_CREATE: Plain("payment_intents.create", lambda *_: {"amount": 500, "currency": "eur"}),
    Operation.INTENT_RETRIEVE: Of(_paid, "payment_intents.retrieve"),
    Operation.INTENT_CONFIRM: Of(_unpaid, "payment_intents.confirm", {"payment_method": VISA}),
    Operation.INTENT_CANCEL: Of(_unpaid, "payment_intents.cancel"),
    Operation.INTENT_LIST: Plain("payment_intents.list"),
    Operation.REFUND_CREATE: Plain(
        "refunds.create", lambda api, outside: {"payment_intent": _paid(api, outside), "amount": 100}
    ),
    Operation.REFUND_RETRIEVE: Of(_refund, "refunds.retrieve"),
    Operation.REFUND_LIST: Plain("refunds.list"),
    Operation.CHARGE_RETRIEVE: Of(_charge, "charges.retrieve"),
    Operation.CHARGE_LIST: Plain("charges.list"),
    Operation.EVENT_RETRIEVE: Of(_event, "events.retrieve"),
    Operation.EVENT_LIST: Plain("events.list"),
    Operation.BALANCE_RETRIEVE: Plain("balance.retrieve"),
    Operation.CUSTOMER_CREATE: Plain("customers.create", lambda *_: {"name": "Mara"}),
    Operation.CUSTOMER_RETRIEVE: Of(_customer, "customers.retrieve"),
    Operation.CUSTOMER_UPDATE: Of(_customer, "customers.update", {"name": "Mara Ilić"}),
    Operation.CUSTOMER_LIST: Plain("customers.list"),
    Operation.CUSTOMER_METHOD_LIST: Of(_customer, "customers.payment_methods.list"),
    Operation.METHOD_RETRIEVE: Of(_saved, "payment_methods.retrieve"),
    Operation.METHOD_LIST: Plain("payment_methods.list"),
    Operation.METHOD_ATTACH: lambda api, outside: _attaching(api, _customer(api, outside)),
    Operation.METHOD_DETACH: Of(_saved, "payment_methods.detach"),
    Operation.SESSION_CREATE: Plain("checkout.sessions.create", _linking),
    Operation.SESSION_RETRIEVE: Of(_link, "checkout.sessions.retrieve"),
    Operation.SESSION_EXPIRE: Of(_link, "checkout.sessions.expire"),
    Operation.SESSION_LIST: Plain("checkout.sessions.list"),
    Operation.SESSION_LINES: Of(_link, "checkout.sessions.line_items.list"),
    Operation.LOCATION_CREATE: Plain(
        "terminal.locations.create", lambda *_: {"display_name": "Riva", "address": {"country": "ME"}}
    ),
    Operation.LOCATION_RETRIEVE: Of(_location, "terminal.locations.retrieve"),
    Operation.LOCATION_LIST: Plain("terminal.locations.list"),
    Operation.READER_CREATE: Plain(
        "terminal.readers.create", lambda *_: {"registration_code": "simulated-wpe"}
    ),
    Operation.READER_RETRIEVE: Of(_reader, "terminal.readers.retrieve"),
    Operation.READER_LIST: Plain("terminal.readers.list"),
    Operation.READER_PROCESS: lambda api, outside: Of(
        _reader, "terminal.readers.process_payment_intent", {"payment_intent": to_be_held(api).id}
    )(api, outside),
    Operation.READER_CANCEL: Of(_asking, "terminal.readers.cancel_action"),
    Operation.READER_PRESENT: Of(_asking, "test_helpers.terminal.readers.present_payment_method"),
    Operation.BALANCE_TRANSACTION_RETRIEVE: Of(_move, "balance_transactions.retrieve"),
    Operation.BALANCE_TRANSACTION_LIST: Plain("balance_transactions.list"),
    Operation.PAYOUT_RETRIEVE: Of(_payout, "payouts.retrieve"),
    Operation.PAYOUT_LIST: Plain("payouts.list"),
    Operation.ACCOUNT_RETRIEVE: Of(_account, "accounts.retrieve"),
    Operation.ACCOUNT_CURRENT: Plain("accounts.retrieve_current"),
    Operation.TRANSFER_CREATE: Plain("transfers.create", _transferring),
    Operation.TRANSFER_RETRIEVE: Of(_transfer, "transfers.retrieve"),
    Operation.TRANSFER_LIST: Plain("transfers.list"),
    Operation.REVERSAL_CREATE: Of(_transfer, "transfers.reversals.create", {"amount": 10}),
    Operation.REVERSAL_LIST: Of(_transfer, "transfers.reversals.list"),
    Operation.DISPUTE_RETRIEVE: Of(_dispute, "disputes.retrieve"),
    Operation.DISPUTE_LIST: Plain("disputes.list"),
}


def _attaching(api: stripe.V1Services, customer: str) -> Call:
    attach: Any = api.payment_methods.attach
    return lambda extra, options: attach(VISA, {"customer": customer, **extra}, options)


def content(file: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All that the sandbox knows of money and objects."""
    with closing(sqlite3.connect(file)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        kept = (name for name in names if name not in ("keys", "faults", "settings", "sqlite_sequence"))
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in kept}


def test_every_call_is_prepared_here() -> None:
    assert list(PREPARED) == list(Operation)


@pytest.mark.parametrize("operation", Operation, ids=str)
def test_it_answers_and_refuses_what_stripe_does_not_know(
    operation: Operation, api: stripe.V1Services, outside: SandboxControl, sandbox_file: Path
) -> None:
    call = PREPARED[operation](api, outside)
    before = content(sandbox_file)
    refused = refusal(lambda: call({"misspelt": "1"}, {}))
    assert refused == (400, "parameter_unknown", "misspelt")
    assert refusal(lambda: call({"expand": ["nothing.of.that"]}, {}))[::2] == (400, "expand")
    assert content(sandbox_file) == before
    answered = call({}, {})
    assert answered.object and answered.last_response.request_id.startswith("req_")
    assert (content(sandbox_file) != before) is operation.writes


@pytest.mark.parametrize("operation", [one for one in Operation if one.writes], ids=str)
def test_the_same_key_has_one_effect_and_with_other_parameters_none(
    operation: Operation, api: stripe.V1Services, outside: SandboxControl, sandbox_file: Path
) -> None:
    call = PREPARED[operation](api, outside)
    first = call({}, {"idempotency_key": "k"})
    after = content(sandbox_file)
    again = call({}, {"idempotency_key": "k"})
    assert again.to_dict() == first.to_dict()
    assert again.last_response.headers["idempotent-replayed"] == "true"
    with pytest.raises(stripe.IdempotencyError):
        call(_other(operation), {"idempotency_key": "k"})
    assert content(sandbox_file) == after


def _other(operation: Operation) -> dict[str, Any]:
    """A parameter beside those of the prepared call."""
    match operation:
        case (
            Operation.SESSION_EXPIRE
            | Operation.METHOD_ATTACH
            | Operation.METHOD_DETACH
            | Operation.INTENT_CANCEL
        ):
            return {"expand": ["customer"]}
        case Operation.INTENT_CONFIRM:
            return {"off_session": True}
        case Operation.READER_PROCESS:
            return {"process_config": {"skip_tipping": True}}
        case Operation.READER_CANCEL:
            return {"expand": ["location"]}
        case Operation.READER_PRESENT:
            return {"type": "card_present"}
    return {"metadata": {"other": "1"}}


WIRE_FAULTS = [
    (operation, kind)
    for operation in Operation
    for kind in FaultKind
    if kind not in NOT_MET_HERE and possible(operation, kind)
]


@pytest.mark.parametrize(("operation", "kind"), WIRE_FAULTS, ids=str)
def test_a_fault_is_felt_and_the_same_key_brings_the_effect_once(
    operation: Operation,
    kind: FaultKind,
    connect: Callable[..., stripe.V1Services],
    outside: SandboxControl,
    sandbox_file: Path,
) -> None:
    api = connect()
    call = PREPARED[operation](api, outside)
    before = content(sandbox_file)
    outside.arm(operation, kind, times=1)
    options = {"idempotency_key": "k"} if operation.writes else {}
    with pytest.raises(stripe.StripeError):
        call({}, options)
    assert outside.faults() == ()
    between = content(sandbox_file)
    assert (between != before) is (operation.writes and kind in HAPPENED)
    if kind is FaultKind.SERVER_ERROR_AFTER:  # kept as the key's reply
        assert refusal(lambda: call({}, options))[0] == 500
    else:
        call({}, options)
    after = content(sandbox_file)
    assert (after != before) is operation.writes
    if kind in HAPPENED:
        assert after == between


@pytest.mark.parametrize("operation", [Operation.INTENT_CONFIRM, Operation.READER_PRESENT], ids=str)
@pytest.mark.parametrize("kind", DECLINES)
def test_a_decline_charges_nothing(
    operation: Operation, kind: FaultKind, api: stripe.V1Services, outside: SandboxControl
) -> None:
    call = PREPARED[operation](api, outside)
    outside.arm(operation, kind)
    if operation is Operation.INTENT_CONFIRM:
        if kind is FaultKind.AUTHENTICATION_REQUIRED:
            assert call({}, {}).status == "requires_action"
        else:
            assert refusal(lambda: call({}, {}))[0] == 402
    elif kind is FaultKind.AUTHENTICATION_REQUIRED:  # whoever holds the card is there to approve
        assert call({}, {}).action.status == "succeeded"
        return
    else:
        assert call({}, {}).action.status == "failed"
    assert outside.counts().charges == 0 and outside.balances() == {}


def test_a_fault_is_met_by_its_own_call_alone(api: stripe.V1Services, outside: SandboxControl) -> None:
    outside.arm(Operation.TRANSFER_CREATE, FaultKind.UNREACHABLE)
    paid(api)
    assert refusal(lambda: paid(api, payment_method=NO_FUNDS))[0] == 402
    assert len(outside.faults()) == 1


def test_every_reply_says_what_becomes_of_it_on_the_way(sandbox_file: Path, outside: SandboxControl) -> None:
    sandbox = Sandbox(sandbox_file)
    headers = {"Authorization": f"Bearer {SANDBOX_KEY}"}
    seen = {}
    for kind in (FaultKind.UNREACHABLE, FaultKind.REPLY_LOST_AFTER, FaultKind.LATE, FaultKind.TRUNCATED):
        outside.arm(Operation.DISPUTE_LIST, kind, times=1)
        reply = sandbox.handle("GET", "/v1/disputes", headers, "")
        seen[kind] = (reply.delivery, reply.is_cut)
    sandbox.close()
    assert seen == {
        FaultKind.UNREACHABLE: (Delivery.UNREACHED, False),
        FaultKind.REPLY_LOST_AFTER: (Delivery.LOST, False),
        FaultKind.LATE: (Delivery.LATE, False),
        FaultKind.TRUNCATED: (Delivery.WHOLE, True),
    }
