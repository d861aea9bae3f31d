"""What happens outside the program: travellers pay links, hold cards to readers, banks ask money back, vendors sign up,
payouts arrive. Each writes what Stripe would, events included, and is met by every process that uses the file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from travellr_desktop.domain.clock import Clock
from travellr_desktop.errors import InvalidInput, NotFound, WrongState
from travellr_desktop.payments.sandbox import (
    accounts,
    charging,
    checkout,
    disputes,
    intents,
    passing,
    payouts,
    refunds,
    settings,
    terminal,
)
from travellr_desktop.payments.sandbox.call import Call, new_ref
from travellr_desktop.payments.sandbox.cards import CARDS, INSUFFICIENT_FUNDS, Card
from travellr_desktop.payments.sandbox.charging import Attempt
from travellr_desktop.payments.sandbox.methods import Chosen
from travellr_desktop.payments.sandbox.rows import wanted
from travellr_desktop.payments.sandbox.store import Store
from travellr_desktop.payments.sandbox.wire import ApiError, Json, invalid

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class LinkAttempt:
    """What came of a traveller's try to pay a link: the payment intent, and the reason where it was declined. Of a slow
    card neither is known yet."""

    intent: str
    is_paid: bool
    decline_code: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A payment link as its traveller sees it. Amounts are in Stripe's minor units, `currency` in lower case; `status`
    is open, complete or expired; `lines` are names and amounts."""

    ref: str
    status: str
    description: str
    amount: int
    currency: str
    lines: tuple[tuple[str, int], ...]
    success_url: str
    cancel_url: str | None


@dataclass(frozen=True, slots=True)
class PastPayment:
    """A payment that was made at `at`, in Stripe's minor units, by one of the sandbox's cards that succeed."""

    at: datetime
    amount: int
    currency: str
    metadata: Mapping[str, str] = field(default_factory=dict)
    card: str = "pm_card_visa"


class Outside:
    """Over one sandbox's file. Everything raises `NotFound` for an id that is not there, and `WrongState` for what
    cannot happen to it now."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    # time

    def shift_clock(self, by: timedelta) -> None:
        """Put the sandbox's time ahead of the clock by this much, in all; what falls due happens."""
        with self._store.write() as connection:
            settings.set_setting(connection, "clock_shift", str(int(by.total_seconds())))
        self._act("", lambda _: None)

    # the traveller

    def link(self, ref: str) -> Link:
        """What the page of a link shows."""

        def look(call: Call) -> Link:
            row = wanted(call.connection, "sessions", "checkout.session", call.ref, "session")
            lines = tuple((line["description"], line["amount_total"]) for line in json.loads(row["lines"]))
            return Link(
                ref=row["id"],
                status=row["status"],
                description=json.loads(row["intent_data"]).get("description") or lines[0][0],
                amount=row["amount"],
                currency=row["currency"],
                lines=lines,
                success_url=row["success_url"],
                cancel_url=row["cancel_url"],
            )

        return self._act(ref, look)

    def pay_link(self, ref: str, card: str) -> LinkAttempt:
        """The traveller pays a link with one of the sandbox's cards, and approves where the bank asks for it. With
        `pm_card_slow` the link is complete and not paid before `settle_payment`."""
        chosen = _card(card)

        def pay(call: Call) -> LinkAttempt:
            try:
                paid = checkout.pay(call, chosen)
            except ApiError as error:
                if error.kind != "card_error":
                    raise
                return LinkAttempt(error.extra["payment_intent"]["id"], False, error.extra["decline_code"])
            return LinkAttempt(paid["payment_intent"], paid["payment_status"] == "paid")

        return self._act(ref, pay)

    def hold_card(self, reader: str, card: str) -> bool:
        """The traveller holds one of the sandbox's cards to a reader that asks for one; says whether it was charged."""
        chosen = _card(card)
        return bool(
            self._act(reader, lambda call: terminal.hold(call, chosen)["action"]["status"] == "succeeded")
        )

    def leave_reader(
        self, reader: str, code: str = "customer_canceled", message: str = "The customer canceled."
    ) -> None:
        """The reader stops asking with no card: the traveller pressed cancel, or nobody came in time."""
        self._act(reader, lambda call: terminal.fail(call, code, message))

    def write_history(self, payments: Iterable[PastPayment]) -> tuple[str, ...]:
        """Payments by card that were made before, all in one transaction, without their events. Gives the payment
        intents' ids in the same order."""

        def write(call: Call) -> tuple[str, ...]:
            last = call.connection.execute("SELECT COALESCE(MAX(seq), 0) FROM events").fetchone()[0]
            refs = tuple(_write_past(call, payment) for payment in payments)
            call.connection.execute("DELETE FROM events WHERE seq > ?", (last,))
            return refs

        return self._act("", write)

    # the bank of the traveller

    def settle_payment(self, ref: str, *, declined: bool = False) -> None:
        """The bank of a slow card decides about the payment intent that waits for it."""

        def decide(call: Call) -> None:
            intent = wanted(call.connection, "intents", "payment_intent", ref, "intent")
            if intent["status"] != "processing":
                raise invalid(f"The payment intent {ref} is {intent['status']}.")
            charging.decide(call, ref, INSUFFICIENT_FUNDS if declined else None)
            checkout.tell_decided(call, ref, paid=not declined)

        self._act(ref, decide)

    def open_dispute(
        self,
        ref: str,
        *,
        inquiry: bool = False,
        reason: str = "fraudulent",
        amount: int | None = None,
    ) -> str:
        """The bank asks back what was paid: `ref` is a charge or its payment intent, `amount` in Stripe's units, all
        that is left unless said. An inquiry only asks. Gives the dispute's id."""
        if reason not in disputes.REASONS:
            raise InvalidInput(f"No bank gives the reason {reason}.", field="reason")

        def begin(call: Call) -> str:
            charge = _charge_of(call, ref)
            made = disputes.open_one(_at(call, charge), inquiry=inquiry, reason=reason, amount=amount)
            return str(made["id"])

        return self._act(ref, begin)

    def escalate_dispute(self, ref: str) -> None:
        """An inquiry becomes a dispute, and takes the money."""
        self._act(ref, disputes.escalate)

    def answer_dispute(self, ref: str) -> None:
        """The agency has sent its evidence: the dispute is under review."""
        self._act(ref, disputes.answer)

    def close_dispute(self, ref: str, *, won: bool) -> None:
        """The bank decides; an inquiry is closed either way."""
        self._act(ref, lambda call: disputes.close(call, won=won))

    def settle_refund(self, ref: str, *, failure: str | None = None) -> None:
        """Let a pending refund go through; with a `failure` reason (`"expired_or_canceled_card"`) let it fail, even
        after it had succeeded."""
        self._act(ref, lambda call: refunds.settle(call, failure=failure))

    # the agency's bank

    def pay_out(self, currency: str, amount: int | None = None) -> str:
        """Stripe sends what is available to the agency's bank, or `amount` of it in Stripe's units. Gives the payout's
        id; `settle_payout` lets it arrive."""
        return str(self._act("", lambda call: payouts.send(call, currency.lower(), amount))["id"])

    def settle_payout(self, ref: str, *, failure: str | None = None) -> None:
        """It arrives; with a `failure` code (`"account_closed"`) it comes back, even after it had arrived."""
        self._act(ref, lambda call: payouts.settle(call, failure=failure))

    # vendors

    def open_account(
        self,
        name: str,
        *,
        country: str = "ME",
        currency: str = "EUR",
        transfers: str = "active",
        past_due: tuple[str, ...] = (),
    ) -> str:
        """A vendor signs up. `transfers` is the capability: active, inactive or pending; `past_due` names what Stripe
        still wants. Gives the account's id."""
        _check_capability(transfers)

        def sign_up(call: Call) -> Json:
            return accounts.open_one(
                call,
                name=name,
                country=country,
                currency=currency,
                transfers=transfers,
                past_due=list(past_due),
            )

        return str(self._act("", sign_up)["id"])

    def change_account(
        self, ref: str, *, transfers: str | None = None, past_due: tuple[str, ...] | None = None
    ) -> None:
        """Stripe looks at the account again; what is left out stays."""
        if transfers is not None:
            _check_capability(transfers)
        wants = None if past_due is None else list(past_due)
        self._act(ref, lambda call: accounts.change(call, transfers=transfers, past_due=wants))

    # readers

    def set_reader_online(self, ref: str, online: bool) -> None:
        """Switch a reader on or off."""

        def switch(call: Call) -> None:
            wanted(call.connection, "readers", "terminal.reader", call.ref)
            call.connection.execute(
                "UPDATE readers SET status = ? WHERE id = ?", ("online" if online else "offline", call.ref)
            )

        self._act(ref, switch)

    def _act(self, ref: str, happen: Callable[[Call], T]) -> T:
        try:
            with self._store.write() as connection:
                now = int(self._clock.now().timestamp()) + settings.clock_shift(connection)
                passing.let_pass(connection, now)
                return happen(Call(connection, {}, now, "", ref))
        except ApiError as error:
            if error.code == "resource_missing":
                raise NotFound(f"The sandbox has no {ref}.") from error
            raise WrongState(error.message) from error


def _write_past(call: Call, payment: PastPayment) -> str:
    ref, at = new_ref("pi"), int(payment.at.timestamp())
    then = Call(call.connection, call.params, at, call.request_id)
    intents.insert(
        then,
        ref,
        amount=payment.amount,
        currency=payment.currency.lower(),
        ways=["card"],
        customer=None,
        method=None,
        data={"metadata": dict(payment.metadata)},
    )
    charging.attempt(then, ref, Attempt(Chosen(_card(payment.card), payment.card), alone=True))
    return ref


def _at(call: Call, ref: str) -> Call:
    return Call(call.connection, call.params, call.now, call.request_id, ref, call.key)


def _charge_of(call: Call, ref: str) -> str:
    if not ref.startswith("pi_"):
        return ref
    intent = wanted(call.connection, "intents", "payment_intent", ref)
    return str(intent["latest_charge"] or ref)


def _card(name: str) -> Card:
    if name not in CARDS:
        raise InvalidInput(f"The sandbox has no card {name}.", field="card")
    return CARDS[name]


def _check_capability(transfers: str) -> None:
    if transfers not in ("active", "inactive", "pending"):
        raise InvalidInput("A capability is active, inactive or pending.", field="transfers")
