"""Every call of the port, with arguments that may stand for any."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from helpers.gateway_hand import AMOUNT, HALF, link_request
from helpers.provider import VISA
from travellr_desktop.payments.gateway import (
    CustomerRequest,
    PaymentGateway,
    PaymentRequest,
    RefundRequest,
    ReversalRequest,
    TransferRequest,
)

OURS = UUID(int=1)
_PAYMENT = PaymentRequest(OURS, AMOUNT, "Lagoon by kayak")
_CUSTOMER = CustomerRequest(OURS, "Mara Kovač", "mara@example.org", "+38269123456")
_DAY = datetime(2026, 6, 18, tzinfo=UTC)

CALLS: dict[str, Callable[[PaymentGateway], Any]] = {
    "prepare_payment": lambda g: g.prepare_payment(_PAYMENT, key="k"),
    "process_payment": lambda g: g.process_payment("pi_1", payment_method=VISA, key="k"),
    "charge_saved": lambda g: g.charge_saved("pi_1", card_ref="pm_1", key="k"),
    "cancel_payment": lambda g: g.cancel_payment("pi_1", key="k"),
    "get_payment_status": lambda g: g.get_payment_status("pi_1"),
    "refund_payment": lambda g: g.refund_payment(RefundRequest(OURS, "pi_1", HALF), key="k"),
    "get_refund_status": lambda g: g.get_refund_status("re_1"),
    "find_refund": lambda g: g.find_refund("pi_1", OURS),
    "create_link": lambda g: g.create_link(link_request(), key="k"),
    "get_link": lambda g: g.get_link("cs_1"),
    "expire_link": lambda g: g.expire_link("cs_1", key="k"),
    "readers": lambda g: g.readers(),
    "get_reader": lambda g: g.get_reader("tmr_1"),
    "prepare_reader_payment": lambda g: g.prepare_reader_payment(_PAYMENT, key="k"),
    "process_on_reader": lambda g: g.process_on_reader("tmr_1", "pi_1", key="k"),
    "cancel_on_reader": lambda g: g.cancel_on_reader("tmr_1", key="k"),
    "add_simulated_reader": lambda g: g.add_simulated_reader("Desk 1", key="k"),
    "present_card": lambda g: g.present_card("tmr_1", VISA, key="k"),
    "create_customer": lambda g: g.create_customer(_CUSTOMER, key="k"),
    "update_customer": lambda g: g.update_customer("cus_1", _CUSTOMER, key="k"),
    "get_customer": lambda g: g.get_customer("cus_1"),
    "saved_cards": lambda g: g.saved_cards("cus_1"),
    "attach_card": lambda g: g.attach_card("pm_1", "cus_1", key="k"),
    "detach_card": lambda g: g.detach_card("pm_1", key="k"),
    "account": lambda g: g.account("acct_1"),
    "create_transfer": lambda g: g.create_transfer(TransferRequest(OURS, "acct_1", HALF, "g"), key="k"),
    "get_transfer": lambda g: g.get_transfer("tr_1"),
    "find_transfers": lambda g: g.find_transfers("g"),
    "reverse_transfer": lambda g: g.reverse_transfer(ReversalRequest(OURS, "tr_1", HALF), key="k"),
    "find_reversals": lambda g: g.find_reversals("tr_1"),
    "balance": lambda g: g.balance(),
    "balance_transactions": lambda g: g.balance_transactions(since=_DAY),
    "payment_move": lambda g: g.payment_move("pi_1"),
    "bank_payouts": lambda g: g.bank_payouts(),
    "get_bank_payout": lambda g: g.get_bank_payout("po_1"),
    "disputes": lambda g: g.disputes(),
    "get_dispute": lambda g: g.get_dispute("du_1"),
    "dispute_of": lambda g: g.dispute_of("pi_1"),
    "events": lambda g: g.events(since=_DAY),
    "probe_key": lambda g: g.probe_key(),
}

SENDS_NOTHING = {"kind", "is_sandbox", "begins_payments", "test_cards", "close"}


def names_of_the_port() -> set[str]:
    """Everything that the port has, but for what no provider is asked."""
    return {
        name
        for part in PaymentGateway.__mro__
        for name in vars(part)
        if not name.startswith("_") and part.__module__.startswith("travellr_desktop")
    } - SENDS_NOTHING
