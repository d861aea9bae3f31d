"""The gateway over the stripe library, for Stripe itself and for the sandbox: same code, another wire."""

from __future__ import annotations

from travellr_desktop.payments.stripe_gateway.balance import BalancePart
from travellr_desktop.payments.stripe_gateway.customers import CustomerPart
from travellr_desktop.payments.stripe_gateway.disputes import DisputePart
from travellr_desktop.payments.stripe_gateway.events import EventPart
from travellr_desktop.payments.stripe_gateway.keys import KeyPart
from travellr_desktop.payments.stripe_gateway.links import LinkPart
from travellr_desktop.payments.stripe_gateway.readers import ReaderPart
from travellr_desktop.payments.stripe_gateway.refunds import RefundPart
from travellr_desktop.payments.stripe_gateway.vendors import VendorPart


class StripeGateway(
    ReaderPart,  # payments too
    RefundPart,
    LinkPart,
    CustomerPart,
    VendorPart,
    BalancePart,
    DisputePart,
    EventPart,
    KeyPart,
):
    """A `PaymentGateway` over Stripe's wire; how it is made is said by `calling.Calling`."""
