"""Payments at Stripe: payment intents, made, confirmed, cancelled and read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from travellr_desktop.errors import Refusal
from travellr_desktop.payments.gateway import (
    PaymentCancelled,
    PaymentRequest,
    PaymentStatus,
    PreparedPayment,
    ProviderPaymentState,
)
from travellr_desktop.payments.stripe_amounts import from_stripe, to_stripe
from travellr_desktop.payments.stripe_gateway.calling import Calling
from travellr_desktop.payments.stripe_gateway.reading import card_label, moment, reads, state_of

if TYPE_CHECKING:
    import stripe
    from stripe.params import PaymentIntentCreateParams

PAYMENT_STATES = {
    "requires_payment_method": ProviderPaymentState.WAITING,
    "requires_confirmation": ProviderPaymentState.WAITING,
    "requires_action": ProviderPaymentState.REQUIRES_ACTION,
    "processing": ProviderPaymentState.PROCESSING,
    "requires_capture": ProviderPaymentState.PROCESSING,
    "succeeded": ProviderPaymentState.SUCCEEDED,
    "canceled": ProviderPaymentState.CANCELLED,
}


class ChargePart(Calling):
    def prepare_payment(self, request: PaymentRequest, *, key: str) -> PreparedPayment:
        return self._prepare(request, "card", key)

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

        return _not_cancelled(self._act(send, ref))

    def charge_saved(self, ref: str, *, card_ref: str, key: str) -> PaymentStatus:
        from travellr_desktop.payments.stripe_gateway_errors import saved_refusal_of

        def send() -> stripe.PaymentIntent:
            return self._client.v1.payment_intents.confirm(
                ref,
                {"payment_method": card_ref, "off_session": True, "expand": ["latest_charge"]},
                {"idempotency_key": key},
            )

        return _not_cancelled(self._act(send, ref, refusal=saved_refusal_of))

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

    def _prepare(self, request: PaymentRequest, way: str, key: str) -> PreparedPayment:
        """An intent that takes a card in one way: `card` or `card_present`."""
        params: PaymentIntentCreateParams = {
            "amount": to_stripe(request.amount),
            "currency": request.amount.currency.lower(),
            "allowed_payment_method_types": [way],
            "description": request.description,
            "metadata": {**request.metadata, "payment_id": str(request.payment_id)},
        }
        if request.customer_ref is not None:
            params["customer"] = request.customer_ref
        intent = self._call(lambda: self._client.v1.payment_intents.create(params, {"idempotency_key": key}))
        return _prepared(intent)

    def _act(
        self,
        send: Callable[[], stripe.PaymentIntent],
        ref: str,
        *,
        refusal: Callable[[stripe.StripeError], Refusal] | None = None,
    ) -> PaymentStatus:
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

        return _payment_status(self._call(send_or_read, refusal=refusal))


def _not_cancelled(status: PaymentStatus) -> PaymentStatus:
    if status.state is ProviderPaymentState.CANCELLED:
        raise PaymentCancelled("This payment was cancelled; it cannot be charged any more.")
    return status


@reads
def _prepared(intent: stripe.PaymentIntent) -> PreparedPayment:
    return PreparedPayment(intent.id)


@reads
def _payment_status(intent: stripe.PaymentIntent) -> PaymentStatus:
    from stripe import Charge

    charge = intent.latest_charge if isinstance(intent.latest_charge, Charge) else None
    paid = charge if charge is not None and charge.paid else None
    return PaymentStatus(
        ref=intent.id,
        state=state_of(PAYMENT_STATES, intent.status),
        amount=from_stripe(intent.amount, intent.currency),
        received=from_stripe(intent.amount_received, intent.currency),
        refunded=from_stripe(0 if paid is None else paid.amount_refunded, intent.currency),
        card_label=_label_of(charge),
        decline_code=_last_decline(intent),
        created_at=moment(intent.created),
    )


def _label_of(charge: stripe.Charge | None) -> str | None:
    details = None if charge is None else charge.payment_method_details
    for way in ("card", "card_present"):
        card = getattr(details, way, None)
        if card is not None:
            return card_label(card.brand, card.last4)
    return None


def _last_decline(intent: stripe.PaymentIntent) -> str | None:
    from travellr_desktop.payments.stripe_gateway_errors import declined

    error = intent.last_payment_error
    if error is None:
        return None
    return declined(error.code, getattr(error, "decline_code", None)).decline_code
