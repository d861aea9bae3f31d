"""Payment links at Stripe: checkout sessions on a page of Stripe's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from travellr_desktop.payments.gateway import LinkRefused, LinkRequest, LinkState, PaymentLink
from travellr_desktop.payments.stripe_amounts import from_stripe, to_stripe
from travellr_desktop.payments.stripe_gateway.calling import Calling
from travellr_desktop.payments.stripe_gateway.reading import moment, our_id, reads, ref_of, seconds, state_of

if TYPE_CHECKING:
    from stripe.checkout import Session
    from stripe.params.checkout import SessionCreateParams

_WHOLE = ["payment_intent"]
_STATES = {
    "open": LinkState.OPEN,
    # used up, which is not yet paid: that is told by the session and its intent together
    "complete": LinkState.PROCESSING,
    "expired": LinkState.EXPIRED,
}
_FAILED = frozenset({"requires_payment_method", "canceled"})
_LIVELY = frozenset({"processing", "requires_capture", "succeeded"})


class LinkPart(Calling):
    def create_link(self, request: LinkRequest, *, key: str) -> PaymentLink:
        from travellr_desktop.payments.stripe_gateway_errors import link_refusal_of

        params = _session_params(request)
        session = self._call(
            lambda: self._client.v1.checkout.sessions.create(params, {"idempotency_key": key}),
            refusal=link_refusal_of,
        )
        return _link(session)

    def get_link(self, ref: str) -> PaymentLink:
        return _link(self._call(lambda: self._client.v1.checkout.sessions.retrieve(ref, {"expand": _WHOLE})))

    def expire_link(self, ref: str, *, key: str) -> PaymentLink:
        from stripe import InvalidRequestError

        from travellr_desktop.payments.stripe_gateway_errors import is_about_content

        def expire_and_read() -> Session:
            try:
                self._client.v1.checkout.sessions.expire(ref, {}, {"idempotency_key": key})
            except InvalidRequestError as error:
                if not is_about_content(error):
                    raise
            # it may have been paid meanwhile, or long before
            return self._client.v1.checkout.sessions.retrieve(ref, {"expand": _WHOLE})

        return _link(self._call(expire_and_read))


def _session_params(request: LinkRequest) -> SessionCreateParams:
    if request.saves_card and request.customer_ref is None:
        raise LinkRefused("A card can only be kept for a customer.", hint="Choose the traveller first.")
    payment_id = str(request.payment_id)
    metadata = {**request.metadata, "payment_id": payment_id}
    params: SessionCreateParams = {
        "mode": "payment",
        "ui_mode": "hosted_page",
        "allowed_payment_method_types": ["card"],
        "line_items": [
            {
                "price_data": {
                    "currency": request.amount.currency.lower(),
                    "unit_amount": to_stripe(request.amount),
                    "product_data": {"name": request.description},
                },
                "quantity": 1,
            }
        ],
        "payment_intent_data": {
            "description": request.description,
            "metadata": metadata,
        },
        "metadata": metadata,
        "client_reference_id": payment_id,
        "success_url": request.success_url,
        "expires_at": seconds(request.expires_at),
        "expand": _WHOLE,
    }
    if request.customer_ref is not None:
        params["customer"] = request.customer_ref
    if request.saves_card:
        params["payment_intent_data"]["setup_future_usage"] = "off_session"
    return params


@reads
def _link(session: Session) -> PaymentLink:
    return PaymentLink(
        ref=session.id,
        state=_state(session),
        payment_ref=ref_of(session.payment_intent),
        payment_id=our_id(session, "payment_id"),
        amount=from_stripe(session.amount_total or 0, session.currency or ""),
        url=session.url,
        expires_at=moment(session.expires_at),
    )


def _state(session: Session) -> LinkState:
    state = state_of(_STATES, session.status)
    intent = getattr(session.payment_intent, "status", None)
    if session.payment_status == "paid" and intent == "succeeded":
        return LinkState.PAID
    if session.payment_status == "paid" or intent in _LIVELY:
        return LinkState.PROCESSING  # one of the two says that money moves: neither over nor open
    if state is LinkState.PROCESSING and intent in _FAILED:
        return LinkState.EXPIRED  # a link is used once, and the bank has said no
    return state
