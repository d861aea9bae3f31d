"""The gateway over the stripe library, for Stripe itself and for the sandbox: same code, another wire.

Nothing of the library leaves this module: results are the port's, and so is every error. The library takes a moment
to load and is loaded when the first gateway is made.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from travellr_desktop.domain.ways import PaymentsKind
from travellr_desktop.errors import Refusal
from travellr_desktop.payments.gateway import (
    OutcomeUnknown,
    PaymentCancelled,
    PaymentRequest,
    PaymentStatus,
    PreparedPayment,
    ProviderPaymentState,
    ProviderRefundState,
    RefundRequest,
    RefundStatus,
    TestCard,
)
from travellr_desktop.payments.retries import NETWORK_RETRIES, RATE_LIMIT_WAITS
from travellr_desktop.payments.stripe_amounts import from_stripe, to_stripe

if TYPE_CHECKING:
    import stripe
    from stripe import HTTPClient

T = TypeVar("T")

_PAYMENT_STATES = {
    "requires_payment_method": ProviderPaymentState.WAITING,
    "requires_confirmation": ProviderPaymentState.WAITING,
    "requires_action": ProviderPaymentState.REQUIRES_ACTION,
    "processing": ProviderPaymentState.PROCESSING,
    "requires_capture": ProviderPaymentState.PROCESSING,
    "succeeded": ProviderPaymentState.SUCCEEDED,
    "canceled": ProviderPaymentState.CANCELLED,
}
_REFUND_STATES = {
    "pending": ProviderRefundState.PENDING,
    "requires_action": ProviderRefundState.PENDING,
    "succeeded": ProviderRefundState.SUCCEEDED,
    "failed": ProviderRefundState.FAILED,
    "canceled": ProviderRefundState.FAILED,
}
_BRANDS = {
    "amex": "American Express",
    "cartes_bancaires": "Cartes Bancaires",
    "diners": "Diners Club",
    "discover": "Discover",
    "jcb": "JCB",
    "mastercard": "Mastercard",
    "unionpay": "UnionPay",
    "visa": "Visa",
}
_PAGE = 100


class StripeGateway:
    """A `PaymentGateway` over Stripe's wire.

    `kind` is what the key is of. `cards` may be picked by name; leave them empty where real money moves.
    `http_client` stands in for the network and is closed with the gateway. `sleep` spends the waits between
    repetitions of a request that met a rate limit.
    """

    def __init__(
        self,
        api_key: str,
        *,
        kind: PaymentsKind,
        cards: tuple[TestCard, ...] = (),
        http_client: HTTPClient | None = None,
        api_base: str | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        import stripe

        from travellr_desktop.payments.stripe_gateway_http import Watched, network_client

        stripe.enable_telemetry = False  # else it sends timings along, and keeps a file for them
        self._http = Watched(http_client or network_client())
        self._client = stripe.StripeClient(
            api_key,
            base_addresses={} if api_base is None else {"api": api_base},
            http_client=self._http,
            max_network_retries=NETWORK_RETRIES,
        )
        self._kind = kind
        self._cards = cards
        self._sleep = sleep

    @property
    def kind(self) -> PaymentsKind:
        return self._kind

    @property
    def is_sandbox(self) -> bool:
        return self._kind is PaymentsKind.SANDBOX

    def test_cards(self) -> tuple[TestCard, ...]:
        return self._cards

    def close(self) -> None:
        self._http.close()

    # payments

    def prepare_payment(self, request: PaymentRequest, *, key: str) -> PreparedPayment:
        amount = to_stripe(request.amount)
        intent = self._call(
            lambda: self._client.v1.payment_intents.create(
                {
                    "amount": amount,
                    "currency": request.amount.currency.lower(),
                    "allowed_payment_method_types": ["card"],
                    "description": request.description,
                    "metadata": {**request.metadata, "payment_id": str(request.payment_id)},
                },
                {"idempotency_key": key},
            )
        )
        return PreparedPayment(intent.id)

    def process_payment(self, ref: str, *, payment_method: str, key: str) -> PaymentStatus:
        def send() -> stripe.PaymentIntent:
            return self._client.v1.payment_intents.confirm(
                ref,
                {
                    "payment_method": payment_method,
                    # nobody at the desk can approve: a card that asks for it is declined
                    "error_on_requires_action": True,
                    "expand": ["latest_charge"],
                },
                {"idempotency_key": key},
            )

        status = self._act(send, ref)
        if status.state is ProviderPaymentState.CANCELLED:
            raise PaymentCancelled("This payment was cancelled; it cannot be charged any more.")
        return status

    def cancel_payment(self, ref: str, *, key: str) -> PaymentStatus:
        def send() -> stripe.PaymentIntent:
            return self._client.v1.payment_intents.cancel(
                ref,
                {"cancellation_reason": "abandoned", "expand": ["latest_charge"]},
                {"idempotency_key": key},
            )

        return self._act(send, ref)

    def get_payment_status(self, ref: str) -> PaymentStatus:
        intent = self._call(
            lambda: self._client.v1.payment_intents.retrieve(ref, {"expand": ["latest_charge"]})
        )
        return _payment_status(intent)

    # refunds

    def refund_payment(self, request: RefundRequest, *, key: str) -> RefundStatus:
        from travellr_desktop.payments.stripe_gateway_errors import refund_refusal_of

        amount = to_stripe(request.amount)
        refund = self._call(
            lambda: self._client.v1.refunds.create(
                {
                    "payment_intent": request.payment_ref,
                    "amount": amount,
                    "reason": "requested_by_customer",
                    "metadata": {"refund_id": str(request.refund_id)},
                },
                {"idempotency_key": key},
            ),
            refusal=refund_refusal_of,
        )
        return _refund_status(refund)

    def get_refund_status(self, ref: str) -> RefundStatus:
        return _refund_status(self._call(lambda: self._client.v1.refunds.retrieve(ref)))

    def find_refund(self, payment_ref: str, refund_id: UUID) -> RefundStatus | None:
        after: str | None = None
        while True:
            page = self._call(lambda: self._refund_page(payment_ref, after))  # noqa: B023 - called at once
            for refund in page.data:
                status = _refund_status(refund)
                if status.refund_id == refund_id:
                    return status
            if not page.has_more:
                return None
            after = page.data[-1].id

    def _refund_page(self, payment_ref: str, after: str | None) -> stripe.ListObject[stripe.Refund]:
        if after is None:
            return self._client.v1.refunds.list({"payment_intent": payment_ref, "limit": _PAGE})
        return self._client.v1.refunds.list(
            {"payment_intent": payment_ref, "limit": _PAGE, "starting_after": after}
        )

    # calling

    def _act(self, send: Callable[[], stripe.PaymentIntent], ref: str) -> PaymentStatus:
        """Send something that moves an intent on; where the intent has moved already, read it instead."""
        from stripe import InvalidRequestError

        from travellr_desktop.payments.stripe_gateway_errors import code_of

        def send_or_read() -> stripe.PaymentIntent:
            try:
                return send()
            except InvalidRequestError as error:
                if code_of(error) != "payment_intent_unexpected_state":
                    raise
                return self._client.v1.payment_intents.retrieve(ref, {"expand": ["latest_charge"]})

        return _payment_status(self._call(send_or_read))

    def _call(
        self,
        send: Callable[[], T],
        *,
        refusal: Callable[[stripe.StripeError], Refusal] | None = None,
    ) -> T:
        """Send, wait and send again where there is a rate limit, and let no error of the library out."""
        from stripe import RateLimitError, StripeError

        from travellr_desktop.payments.stripe_gateway_errors import in_view_of_all_tries, refusal_of

        self._http.begin_call()
        for wait in (*RATE_LIMIT_WAITS, None):
            try:
                return send()
            except StripeError as error:
                if wait is None or not isinstance(error, RateLimitError):
                    told = (refusal or refusal_of)(error)
                    raise in_view_of_all_tries(told, error, unanswered=self._http.unanswered) from error
                self._sleep(wait)
        raise AssertionError("the last turn returns or raises")


def _payment_status(intent: stripe.PaymentIntent) -> PaymentStatus:
    from stripe import Charge

    charge = intent.latest_charge if isinstance(intent.latest_charge, Charge) else None
    paid = charge if charge is not None and charge.paid else None
    return PaymentStatus(
        ref=intent.id,
        state=_state(_PAYMENT_STATES, intent.status),
        amount=from_stripe(intent.amount, intent.currency),
        received=from_stripe(intent.amount_received, intent.currency),
        refunded=from_stripe(0 if paid is None else paid.amount_refunded, intent.currency),
        card_label=_card_label(charge),
        decline_code=_last_decline(intent),
        created_at=datetime.fromtimestamp(intent.created, UTC),
    )


def _state(states: Mapping[str, T], word: str) -> T:
    state = states.get(word)
    if state is None:
        raise OutcomeUnknown(f"The payment service gave a state that this program does not know: {word}.")
    return state


def _card_label(charge: stripe.Charge | None) -> str | None:
    if charge is None or charge.payment_method_details is None:
        return None
    card = getattr(charge.payment_method_details, "card", None)
    if card is None or card.last4 is None:
        return None
    brand = str(card.brand or "card")
    return f"{_BRANDS.get(brand, brand.title())} ending {card.last4}"


def _last_decline(intent: stripe.PaymentIntent) -> str | None:
    from travellr_desktop.payments.stripe_gateway_errors import declined

    error = intent.last_payment_error
    if error is None:
        return None
    return declined(error.code, getattr(error, "decline_code", None)).decline_code


def _refund_status(refund: stripe.Refund) -> RefundStatus:
    payment = refund.payment_intent
    return RefundStatus(
        ref=refund.id,
        payment_ref=payment if isinstance(payment, str) else "" if payment is None else payment.id,
        state=_state(_REFUND_STATES, refund.status or "pending"),
        amount=from_stripe(refund.amount, refund.currency),
        refund_id=_refund_id(refund),
        failure_code=getattr(refund, "failure_reason", None),
    )


def _refund_id(refund: stripe.Refund) -> UUID | None:
    """Our id, if the refund was made by this program and not, say, on Stripe's own pages."""
    text = None if refund.metadata is None else refund.metadata.to_dict().get("refund_id")
    try:
        return None if text is None else UUID(str(text))
    except ValueError:
        return None
