"""Locations and simulated card readers.

A reader is told to take a payment and answers at once that it has begun; a card held to it (by the test helper, or by
whoever plays the traveller) ends the action. An action that no card has been held to is replaced by the next one.
"""

from __future__ import annotations

import json
import secrets
import sqlite3

from travellr_desktop.payments.sandbox import faults, limits
from travellr_desktop.payments.sandbox.call import Call, new_ref
from travellr_desktop.payments.sandbox.cards import PRESENTED, Card
from travellr_desktop.payments.sandbox.charging import Attempt, attempt
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.happenings import record
from travellr_desktop.payments.sandbox.intents import CONFIRMABLE
from travellr_desktop.payments.sandbox.methods import Chosen
from travellr_desktop.payments.sandbox.objects import intent_object
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.payments.sandbox.rows import Row, known, wanted
from travellr_desktop.payments.sandbox.wire import ApiError, Json, absent, invalid

_DEVICES = {
    "simulated-wpe": "simulated_wisepos_e",
    "simulated-s700": "simulated_stripe_s700",
    "simulated-s710": "simulated_stripe_s710",
}
_VISA_NUMBER = "4242424242424242"


# locations


def create_location(call: Call) -> Json:
    limits.check_known(call.params, frozenset({"display_name", "address", "metadata"}))
    for name in ("display_name", "address"):
        if name not in call.params:
            raise absent(name)
    ref = new_ref("tml")
    call.connection.execute(
        "INSERT INTO locations (id, created, display_name, address, metadata) VALUES (?, ?, ?, ?, ?)",
        (
            ref,
            call.now,
            call.params["display_name"],
            json.dumps(call.params["address"]),
            json.dumps(limits.checked_metadata(call.params.get("metadata"))),
        ),
    )
    return location_object(call.connection, known(call.connection, "locations", ref))


def location_object(_connection: sqlite3.Connection, row: Row) -> Json:
    return {
        "id": row["id"],
        "object": "terminal.location",
        "address": {
            "city": None,
            "country": None,
            "line1": None,
            "line2": None,
            "postal_code": None,
            "state": None,
        }
        | json.loads(row["address"]),
        "display_name": row["display_name"],
        "livemode": False,
        "metadata": json.loads(row["metadata"]),
    }


# readers


def create_reader(call: Call) -> Json:
    params = call.params
    limits.check_known(params, frozenset({"registration_code", "label", "location", "metadata"}))
    device = _DEVICES.get(params["registration_code"])
    if device is None:
        raise invalid(
            "The registration code is invalid. The sandbox has simulated readers only:"
            f" {', '.join(_DEVICES)}.",
            param="registration_code",
        )
    location = None
    if "location" in params:
        location = wanted(
            call.connection, "locations", "location", params["location"], "location", in_address=False
        )["id"]
    ref = new_ref("tmr")
    serial = f"SIMULATOR-{secrets.token_hex(6).upper()}"
    call.connection.execute(
        "INSERT INTO readers (id, created, label, device_type, serial_number, location, metadata)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            ref,
            call.now,
            params.get("label") or serial,
            device,
            serial,
            location,
            json.dumps(limits.checked_metadata(params.get("metadata"))),
        ),
    )
    return _shown(call, ref)


def process(call: Call) -> Json:
    """The reader asks for a card. Raises `ApiError` where it cannot, and where it may have, but did not say so."""
    limits.check_known(call.params, frozenset({"payment_intent", "process_config"}))
    row = _read(call)
    trouble = faults.take(call.connection, Operation.READER_PROCESS, faults.READER_TROUBLES)
    _refuse_troubled(row, trouble)
    intent = wanted(
        call.connection,
        "intents",
        "payment_intent",
        call.params["payment_intent"],
        "payment_intent",
        in_address=False,
    )
    if "card_present" not in json.loads(intent["method_types"]):
        raise invalid(
            "The PaymentIntent must allow card_present to be processed on a reader.", param="payment_intent"
        )
    if intent["status"] not in CONFIRMABLE:
        raise _wrong_state(call, intent)
    _set_action(
        call,
        call.ref,
        {
            "type": "process_payment_intent",
            "status": "in_progress",
            "process_payment_intent": {
                "payment_intent": intent["id"],
                "process_config": call.params.get("process_config"),
            },
        },
    )
    if trouble is FaultKind.READER_TIMEOUT:
        raise _timed_out()
    return _shown(call, call.ref)


def cancel(call: Call) -> Json:
    """The reader stops asking; the payment intent stays as it is, open to another card."""
    row = _read(call)
    trouble = faults.take(call.connection, Operation.READER_CANCEL, faults.READER_TROUBLES)
    _refuse_troubled(row, trouble)
    call.connection.execute("UPDATE readers SET action = NULL WHERE id = ?", (call.ref,))
    if trouble is FaultKind.READER_TIMEOUT:
        raise _timed_out()
    return _shown(call, call.ref)


def present(call: Call) -> Json:
    """The test helper: a card by its published test number is held to the reader, Visa unless said."""
    limits.check_known(call.params, frozenset({"type", "card_present"}))
    if call.params.get("type", "card_present") != "card_present":
        raise invalid("The sandbox's readers take card_present only.", param="type")
    number = call.params.get("card_present", {}).get("number", _VISA_NUMBER)
    card = PRESENTED.get(number)
    if card is None:
        raise invalid("The card number is not a test number.", param="card_present[number]")
    return hold(call, card)


def hold(call: Call, card: Card) -> Json:
    """A card is held to the reader. A decline is the action's, not an error of this call."""
    row = _read(call)
    action = _in_progress(row)
    intent = known(call.connection, "intents", action["process_payment_intent"]["payment_intent"])
    if intent["status"] not in CONFIRMABLE:
        fail(call, "intent_invalid_state", "The payment can no longer be taken.")
        return _shown(call, call.ref)
    try:
        how = Attempt(
            Chosen(card, card.method), "card_present", approves=True, meets=Operation.READER_PRESENT
        )
        attempt(call, intent["id"], how)
    except ApiError as declined:
        told: Json = {"type": declined.kind, "code": declined.code, "message": declined.message}
        fail(
            call,
            str(declined.code),
            declined.message,
            told | {"decline_code": declined.extra["decline_code"]},
        )
    else:
        _set_action(call, call.ref, action | {"status": "succeeded"})
        record(call, "terminal.reader.action_succeeded", _shown(call, call.ref))
    return _shown(call, call.ref)


def fail(call: Call, code: str, message: str, api_error: Json | None = None) -> None:
    """The action comes to nothing on the reader: cancelled there, or declined."""
    action = _in_progress(_read(call))
    changed = {"status": "failed", "failure_code": code, "failure_message": message, "api_error": api_error}
    _set_action(call, call.ref, action | changed)
    record(call, "terminal.reader.action_failed", _shown(call, call.ref))


def _set_action(call: Call, ref: str, action: Json) -> None:
    whole = {"api_error": None, "failure_code": None, "failure_message": None} | action
    call.connection.execute("UPDATE readers SET action = ? WHERE id = ?", (json.dumps(whole), ref))


def _in_progress(row: Row) -> Json:
    action: Json | None = None if row["action"] is None else json.loads(row["action"])
    if action is None or action["status"] != "in_progress":
        raise invalid(f"The reader {row['id']} is not asking for a card.")
    return action


def _read(call: Call) -> Row:
    return wanted(call.connection, "readers", "terminal.reader", call.ref, "reader")


def _shown(call: Call, ref: str) -> Json:
    return reader_object(call.connection, known(call.connection, "readers", ref))


# refusing


def _refuse_troubled(row: Row, trouble: FaultKind | None) -> None:
    if row["status"] == "offline" or trouble is FaultKind.READER_OFFLINE:
        raise invalid(
            "Reader is currently offline, please ensure the reader is powered on and connected to the internet"
            " before retrying your request.",
            code="terminal_reader_offline",
        )
    if trouble is FaultKind.READER_BUSY:
        raise invalid(
            "Reader is currently busy processing another request, please retry once it has finished.",
            code="terminal_reader_busy",
        )


def _timed_out() -> ApiError:
    return invalid(
        "There was a timeout when sending this command to the reader. Read its state before you send it again.",
        code="terminal_reader_timeout",
    )


def _wrong_state(call: Call, intent: Row) -> ApiError:
    return invalid(
        f"The PaymentIntent has a status of {intent['status']} and cannot be processed on a reader.",
        code="intent_invalid_state",
        param="payment_intent",
        payment_intent=intent_object(call.connection, intent),
    )


def reader_object(_connection: sqlite3.Connection, row: Row) -> Json:
    return {
        "id": row["id"],
        "object": "terminal.reader",
        "action": None if row["action"] is None else json.loads(row["action"]),
        "device_sw_version": "",
        "device_type": row["device_type"],
        "ip_address": "0.0.0.0",
        "label": row["label"],
        "last_seen_at": row["created"] * 1_000,
        "livemode": False,
        "location": row["location"],
        "metadata": json.loads(row["metadata"]),
        "serial_number": row["serial_number"],
        "status": row["status"],
    }
