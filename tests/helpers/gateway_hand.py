"""Things at the provider made with few words, each with a key of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from helpers.provider import VISA
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.money import Money
from travellr_desktop.payments.gateway import (
    CustomerRequest,
    LinkRequest,
    PaymentGateway,
    PaymentRequest,
    RefundRequest,
    TransferRequest,
)
from travellr_desktop.payments.sandbox.control import SandboxControl

AMOUNT = Money(10_000, "EUR")
HALF = Money(5_000, "EUR")


class Hand:
    """A hand on a gateway, and on the sandbox behind it."""

    gateway: PaymentGateway
    control: SandboxControl

    def __init__(self, gateway: PaymentGateway, control: SandboxControl) -> None:
        self.gateway, self.control = gateway, control

    def prepared(self, customer: str | None = None) -> str:
        request = PaymentRequest(new_id(), AMOUNT, "Lagoon by kayak", customer_ref=customer)
        return self.gateway.prepare_payment(request, key=new_key()).ref

    def prepared_in(self, amount: Money) -> str:
        request = PaymentRequest(new_id(), amount, "Lagoon by kayak")
        return self.gateway.prepare_payment(request, key=new_key()).ref

    def paid(self) -> str:
        ref = self.prepared()
        self.gateway.process_payment(ref, payment_method=VISA, key=new_key())
        return ref

    def refunded(self, ref: str) -> str:
        return self.gateway.refund_payment(RefundRequest(new_id(), ref, AMOUNT), key=new_key()).ref

    def link(self) -> str:
        return self.gateway.create_link(link_request(), key=new_key()).ref

    def reader(self) -> str:
        return self.gateway.add_simulated_reader("Desk 1", key=new_key()).ref

    def for_reader(self) -> str:
        request = PaymentRequest(new_id(), AMOUNT, "Lagoon by kayak")
        return self.gateway.prepare_reader_payment(request, key=new_key()).ref

    def asking(self) -> tuple[str, str]:
        """A reader that asks for a card, and the payment that it asks for."""
        reader, payment = self.reader(), self.for_reader()
        self.gateway.process_on_reader(reader, payment, key=new_key())
        return reader, payment

    def customer(self) -> str:
        return self.gateway.create_customer(CustomerRequest(new_id(), "Mara Kovač"), key=new_key()).ref

    def saved(self, customer: str, card: str = VISA) -> str:
        return self.gateway.attach_card(card, customer, key=new_key()).ref

    def transferred(self, group: str = "payout") -> str:
        """A vendor has got half of what was paid."""
        self.paid()
        request = TransferRequest(new_id(), self.control.open_account("Perast Boats"), HALF, group)
        return self.gateway.create_transfer(request, key=new_key()).ref


def link_request(**more: object) -> LinkRequest:
    ends = datetime.now(UTC) + timedelta(hours=2)
    known: dict[str, object] = {
        "payment_id": new_id(),
        "amount": AMOUNT,
        "description": "Lagoon by kayak",
        "success_url": "https://agency.example/thanks",
        "expires_at": ends,
    }
    return LinkRequest(**(known | more))  # type: ignore[arg-type]


def new_key() -> str:
    return str(new_id())
