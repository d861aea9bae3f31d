"""A profile is sandbox, test or live, for good from its first card payment: money of one kind is never taken, read or
given back through a provider of another."""

from __future__ import annotations

from travellr_desktop.domain.ways import PaymentsKind
from travellr_desktop.errors import InvalidInput, OtherPaymentsKind
from travellr_desktop.payments.gateway import PaymentGateway
from travellr_desktop.storage.uow import Reading, UnitOfWork

FIELD = "stripe_api_key"

_TOOK = {
    PaymentsKind.SANDBOX: "This profile has taken card payments in the sandbox and stays there",
    PaymentsKind.TEST: "This profile has taken card payments in Stripe's test mode and stays there",
    PaymentsKind.LIVE: "This profile has taken real money and stays live",
}
_KEY_IS = {
    PaymentsKind.SANDBOX: "without a key cards would go to the sandbox",
    PaymentsKind.TEST: "the Stripe key is one of test mode",
    PaymentsKind.LIVE: "the Stripe key is for real money",
}
_HINTS = {
    PaymentsKind.SANDBOX: "Enter another key of the same kind in its place.",
    PaymentsKind.TEST: "To try things out, start Travellr with --profile DIR, in a profile of its own.",
    PaymentsKind.LIVE: OtherPaymentsKind.hint,
}


def pin(work: UnitOfWork, kind: PaymentsKind) -> None:
    """A card payment is about to be created, to go to a provider of that kind: the profile keeps to it from here on.
    Raises `OtherPaymentsKind` where it keeps to another."""
    refuse_other(work, kind)
    if work.agency.payments_kind() is None:
        work.agency.pin_payments_kind(kind)


def pin_card(work: UnitOfWork, gateway: PaymentGateway, card: str | None) -> None:
    """The same for a card that was picked by name. Raises `InvalidInput` too, for one that this gateway does not have
    where money is real: it may have been on the screen from before the key was entered."""
    pin(work, gateway.kind)
    if gateway.kind.is_real and card not in {each.payment_method for each in gateway.test_cards()}:
        raise InvalidInput(
            "That is a card to try things out with: here the money is real.",
            field="card",
            hint="Take the payment another way.",
        )


def is_other(view: Reading, kind: PaymentsKind) -> bool:
    """Whether the profile has taken card payments of another kind."""
    return view.agency.payments_kind() not in (None, kind)


def refuse_other(view: Reading, kind: PaymentsKind) -> None:
    """Raises `OtherPaymentsKind` where the profile has taken card payments of another kind."""
    pinned = view.agency.payments_kind()
    if pinned is not None and pinned is not kind:
        raise OtherPaymentsKind(f"{_TOOK[pinned]}; {_KEY_IS[kind]}.", hint=_HINTS[kind], field=FIELD)
