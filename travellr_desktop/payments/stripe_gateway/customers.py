"""Customers at Stripe, and the payment methods that are kept for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from travellr_desktop.errors import NotFound
from travellr_desktop.payments.gateway import Customer, CustomerRequest, SavedCard
from travellr_desktop.payments.stripe_gateway.calling import PAGE, Calling
from travellr_desktop.payments.stripe_gateway.reading import card_label, our_id, reads, ref_of

if TYPE_CHECKING:
    import stripe
    from stripe.params import CustomerCreateParams, CustomerPaymentMethodListParams


class CustomerPart(Calling):
    def create_customer(self, request: CustomerRequest, *, key: str) -> Customer:
        params: CustomerCreateParams = {
            "name": request.name,
            "metadata": {"traveller_id": str(request.traveller_id)},
        }
        if request.email:
            params["email"] = request.email
        if request.phone:
            params["phone"] = request.phone
        return _customer(
            self._call(lambda: self._client.v1.customers.create(params, {"idempotency_key": key}))
        )

    def update_customer(self, ref: str, request: CustomerRequest, *, key: str) -> Customer:
        return _customer(
            self._call(
                lambda: self._client.v1.customers.update(
                    ref,
                    {
                        "name": request.name,
                        "email": request.email or "",  # empty takes it away
                        "phone": request.phone or "",
                        "metadata": {"traveller_id": str(request.traveller_id)},
                    },
                    {"idempotency_key": key},
                )
            )
        )

    def get_customer(self, ref: str) -> Customer:
        return _customer(self._call(lambda: self._client.v1.customers.retrieve(ref)))

    def saved_cards(self, customer_ref: str) -> tuple[SavedCard, ...]:
        params: CustomerPaymentMethodListParams = {"type": "card", "limit": PAGE}
        listed = self._each(
            lambda turn: self._client.v1.customers.payment_methods.list(customer_ref, {**params, **turn})
        )
        return tuple(_saved(method) for method in listed)

    def attach_card(self, card_ref: str, customer_ref: str, *, key: str) -> SavedCard:
        from travellr_desktop.payments.stripe_gateway_errors import saved_refusal_of

        return _saved(
            self._call(
                lambda: self._client.v1.payment_methods.attach(
                    card_ref, {"customer": customer_ref}, {"idempotency_key": key}
                ),
                refusal=saved_refusal_of,
            )
        )

    def detach_card(self, card_ref: str, *, key: str) -> SavedCard:
        from stripe import InvalidRequestError

        def send_or_read() -> stripe.PaymentMethod:
            try:
                return self._client.v1.payment_methods.detach(card_ref, {}, {"idempotency_key": key})
            except InvalidRequestError:
                method = self._client.v1.payment_methods.retrieve(card_ref)
                if getattr(method, "customer", None) is not None:
                    raise
                return method

        return _saved(self._call(send_or_read))


@reads
def _customer(customer: stripe.Customer) -> Customer:
    if getattr(customer, "deleted", False):
        raise NotFound("The payment service has nothing under this number.")
    return Customer(
        ref=customer.id,
        traveller_id=our_id(customer, "traveller_id"),
        name=customer.name,
        email=customer.email,
        phone=customer.phone,
    )


@reads
def _saved(method: stripe.PaymentMethod) -> SavedCard:
    card = getattr(method, "card", None)
    return SavedCard(
        ref=method.id,
        customer_ref=ref_of(method.customer),
        label=(None if card is None else card_label(card.brand, card.last4)) or "Card",
        expires_year=0 if card is None else card.exp_year,
        expires_month=0 if card is None else card.exp_month,
    )
