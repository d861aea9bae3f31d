"""Giving money back: first what it would do, then doing exactly that, above the agency's limit once a second person has
approved it.

A request that waits has moved nothing. It is reckoned as of the moment when it was asked, so that nobody loses a
deadline to a colleague's lunch; what has changed in between is not given back but turned down and asked anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import Actor, Permission, allowed, require
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.states import RefundOrderState, RefundState
from travellr_desktop.domain.text import clean_line
from travellr_desktop.errors import InvalidInput, NotPermitted, WrongState
from travellr_desktop.services import (
    disputed,
    giving_back,
    keys,
    refund_listing,
    refund_orders,
    refund_parts,
    refund_preview,
    what_if,
)
from travellr_desktop.services.authority import ApprovalKind, Authority, DeskAlone, refuse_unapproved
from travellr_desktop.services.refund_asks import OrderView, RefundAsk, RefundOutcome, RefundPreview
from travellr_desktop.services.refund_kinds import Part
from travellr_desktop.services.refund_listing import RefundRow
from travellr_desktop.services.refunding import Refunding
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Refund, RefundOrder
from travellr_desktop.storage.uow import Database, Reading, UnitOfWork

SHOWN = 200
"""How many requests are listed."""


@dataclass(frozen=True, slots=True)
class _Asked:
    ask: RefundAsk
    back: Money


@dataclass(frozen=True, slots=True)
class _Retry:
    refund_id: UUID
    to: RefundTo


class RefundService:
    def __init__(self, database: Database, refunding: Refunding, authority: Authority | None = None) -> None:
        self._db = database
        self._refunding = refunding
        self._authority = authority or DeskAlone()

    # looking

    def preview(self, actor: Actor, ask: RefundAsk, *, at: datetime | None = None) -> RefundPreview:
        """What it would do now, or by the policies as of another moment. Nothing moves.

        Raises `NotFound`, `InvalidInput` naming the field, `WrongState`, `AlreadyRefunded`, `NotPermitted` beyond the
        policy without the permission."""
        _may(actor, ask)
        with self._db.read() as view:
            return _preview(view, ask, at or view.clock.now())

    def orders(self, actor: Actor) -> tuple[OrderView, ...]:
        """Requests, the newest first; all that wait, then some of those that were decided."""
        require(actor, Permission.PAYMENT_REFUND)
        with self._db.read() as view:
            waiting = list(view.refund_orders.waiting())
            others = [row for row in view.refund_orders.newest(SHOWN) if row.state is not refund_orders.WAITS]
            return tuple(refund_orders.view_of(view, row, actor) for row in [*waiting, *others])

    def listed(self, actor: Actor, state: str | None = None) -> tuple[RefundRow, ...]:
        """All that was given back, or asked for and not: what waits, then the newest first; or those in one of
        `refund_listing.STATES`. Raises `InvalidInput(field="state")`."""
        require(actor, Permission.PAYMENT_REFUND)
        with self._db.read() as view:
            return refund_listing.listed(view, state)

    def order(self, actor: Actor, order_id: UUID) -> OrderView:
        """Raises `NotFound`."""
        require(actor, Permission.PAYMENT_REFUND)
        with self._db.read() as view:
            return refund_orders.view_of(view, view.refund_orders.get_full(order_id), actor)

    def order_preview(self, actor: Actor, order_id: UUID) -> RefundPreview:
        """What approving a request that waits would do. Raises `NotFound`; `WrongState` where it does not wait any
        more, or what was asked cannot be done any more."""
        require(actor, Permission.PAYMENT_REFUND)
        with self._db.read() as view:
            order = refund_orders.waiting(view.refund_orders.get_full(order_id))
            return _preview(view, refund_orders.ask_of(order), order.requested_at, deciding=order.id)

    def to_approve(self, actor: Actor) -> int:
        """How many requests wait for this person: none for who may not approve."""
        require(actor, Permission.PAYMENT_REFUND)
        if not allowed(actor.role, Permission.REFUND_APPROVE):
            return 0
        with self._db.read() as view:
            return view.refund_orders.count_waiting(not_of=actor.user_id)

    # asking and deciding

    def request(self, actor: Actor, ask: RefundAsk, expected_back: Money, *, key: UUID) -> RefundOutcome:
        """Give back what is asked for, or have it wait for a second person. `expected_back` is what the preview showed:
        raises `WrongState` where something else would go back by now. Raises as `preview`, `RequestInProgress`,
        `KeyReused`; what the provider says is in the outcome, never raised."""
        _may(actor, ask)
        require(actor, Permission.PAYMENT_REFUND)
        asked = _Asked(ask, expected_back)
        with ExitStack() as at:
            with self._db.write(Commit.BOOKING_CANCEL, actor) as work:
                earlier = keys.begin(work, self._db.workers, key, "refund.request", asked)
                if earlier is None:
                    parts = refund_parts.make_parts(work, ask, work.now)
                    outcome, refunds = _begin(work, ask, parts, expected_back)
                    keys.finish(work, key, outcome, outcome.sale_id)
                    self._ours(at, refunds)
                    work.commit()
            if earlier is not None:
                assert earlier.result is not None  # kept in the transaction that does it
                outcome = keys.from_json(RefundOutcome, earlier.result)
            else:
                self._send(actor, refunds)
        return self._as_it_stands(outcome, ask.booking_ids)

    def approve(self, actor: Actor, order_id: UUID, *, key: UUID) -> RefundOutcome:
        """Do what somebody else asked for. Raises `NotPermitted` for who asked, `NotFound`; `WrongState` where it was
        decided already, or something else would go back by now; `WaitsForCentral`."""
        require(actor, Permission.REFUND_APPROVE)
        if actor.user_id is not None:
            refuse_unapproved(self._authority.approve(ApprovalKind.REFUND_ORDER, order_id, actor.user_id))
        with ExitStack() as at:
            with self._db.write(Commit.REFUND_DECIDE, actor) as work:
                earlier = keys.begin(work, self._db.workers, key, "refund.approve", order_id, order_id)
                order = work.refund_orders.get_full(order_id)
                ask = refund_orders.ask_of(order)
                if earlier is None:
                    refund_orders.waiting(order)
                    if order.requested_by == actor.user_id:
                        raise NotPermitted("Nobody approves their own refund.", hint="Ask a colleague.")
                    parts = refund_parts.make_parts(work, ask, order.requested_at, deciding=order.id)
                    if sum(part.back for part in parts) != order.amount:
                        raise WrongState(
                            "Something else would go back by now.", hint="Turn it down and ask for it anew."
                        )
                    refund_orders.decide(work, order, RefundOrderState.APPROVED, "")
                    refunds = _carry_out(work, parts, ask, order)
                    outcome = _outcome(parts, order.id)
                    keys.finish(work, key, outcome, order_id)
                    self._ours(at, refunds)
                    work.commit()
            if earlier is not None:
                assert earlier.result is not None  # kept in the transaction that does it
                outcome = keys.from_json(RefundOutcome, earlier.result)
            else:
                self._send(actor, refunds)
        return self._as_it_stands(outcome, ask.booking_ids)

    def reject(self, actor: Actor, order_id: UUID, why: str) -> OrderView:
        """Turn down what somebody else asked for. Raises `NotPermitted` for who asked, `InvalidInput` without a reason,
        `NotFound`, `WrongState` where it was decided already."""
        require(actor, Permission.REFUND_APPROVE)
        return self._end(actor, order_id, RefundOrderState.REJECTED, clean_line(why, "why", 500))

    def withdraw(self, actor: Actor, order_id: UUID) -> OrderView:
        """Take one's own request back before it is decided: everything is as if it had not been asked. Raises
        `NotPermitted` for anybody else, `NotFound`, `WrongState` where it was decided already."""
        require(actor, Permission.PAYMENT_REFUND)
        return self._end(actor, order_id, RefundOrderState.WITHDRAWN, "")

    def _end(self, actor: Actor, order_id: UUID, state: RefundOrderState, words: str) -> OrderView:
        """A request ends with nothing given back."""
        with self._db.write(Commit.REFUND_DECIDE, actor) as work:
            order = work.refund_orders.get_full(order_id)
            mine = order.requested_by == actor.user_id
            if mine is not (state is RefundOrderState.WITHDRAWN):
                raise _not_theirs(mine)
            refund_orders.waiting(order)
            refund_orders.decide(work, order, state, words)
            shown = refund_orders.view_of(work, order, actor)
            work.commit()
        return shown

    # refunds that did not go through

    def send_now(self, actor: Actor, refund_id: UUID) -> None:
        """Send an approved or unknown refund now, without waiting for the schedule, under its own key."""
        require(actor, Permission.PAYMENT_REFUND)
        self._refunding.send(actor, refund_id)

    def go_on(self, actor: Actor, refund_id: UUID) -> None:
        """What a person means by trying again: the refund itself is sent, or where it failed another in its place, by
        the same way. Twice is once."""
        require(actor, Permission.PAYMENT_REFUND)
        with self._db.read() as view:
            failed = view.refunds.get(refund_id).state is RefundState.FAILED
        if failed:
            self.retry(actor, refund_id, RefundTo.PAYMENT, key=uuid5(refund_id, "again"))
        else:
            self._refunding.send(actor, refund_id)

    def look_again(self, actor: Actor, refund_id: UUID) -> None:
        """Ask the provider about a refund that arrived: a bank may have sent it back since. Never sends anything."""
        require(actor, Permission.PAYMENT_READ)
        self._refunding.look_again(actor, refund_id)

    def retry(self, actor: Actor, refund_id: UUID, to: RefundTo, *, key: UUID) -> RefundOutcome:
        """What failed is still owed: a new refund of the same amount stands for it, by the same way or as credit.
        Raises `NotFound`, `WrongState` where it did not fail, another stands for it already, or the traveller's bank
        has given it in a dispute; `DisputeOpen`."""
        require(actor, Permission.PAYMENT_REFUND)
        with ExitStack() as at:
            with self._db.write(Commit.REFUND_RETRY, actor) as work:
                asked = _Retry(refund_id, to)
                earlier = keys.begin(work, self._db.workers, key, "refund.retry", asked, refund_id)
                if earlier is None:
                    outcome, refunds = _again(work, work.refunds.get_full(refund_id), to)
                    keys.finish(work, key, outcome, refund_id)
                    self._ours(at, refunds)
                    work.commit()
            if earlier is not None:
                assert earlier.result is not None  # kept in the transaction that does it
                outcome = keys.from_json(RefundOutcome, earlier.result)
            else:
                self._send(actor, refunds)
        with self._db.read() as view:
            booking_id = view.refunds.get(refund_id).booking_id
        return self._as_it_stands(outcome, (booking_id,))

    # parts

    def _ours(self, at: ExitStack, refunds: Sequence[UUID]) -> None:
        """Before the commit they are this program's: recovery leaves them alone."""
        for refund_id in refunds:
            at.enter_context(self._db.workers.at(refund_id))

    def _send(self, actor: Actor, refunds: Sequence[UUID]) -> None:
        for refund_id in refunds:
            self._refunding.carry_out(actor, refund_id)

    def _as_it_stands(self, outcome: RefundOutcome, booking_ids: Sequence[UUID]) -> RefundOutcome:
        with self._db.read() as view:
            refunds = what_if.refund_views(view, booking_ids)
        return RefundOutcome(
            outcome.sale_id,
            outcome.references,
            outcome.back,
            outcome.kept,
            refunds,
            outcome.order_id,
            outcome.waits,
        )


def _not_theirs(mine: bool) -> NotPermitted:
    if mine:
        return NotPermitted("You asked for this refund yourself.", hint="Take it back instead.")
    return NotPermitted("Only who asked for a refund takes it back.", hint="Turn it down instead.")


def _may(actor: Actor, ask: RefundAsk) -> None:
    require(actor, Permission.BOOKING_CANCEL)
    if ask.change is not None:
        require(actor, Permission.BOOKING_UPDATE)
    if ask.beyond is not None:
        require(actor, Permission.POLICY_OVERRIDE)


def _preview(view: Reading, ask: RefundAsk, now: datetime, *, deciding: UUID | None = None) -> RefundPreview:
    parts = refund_parts.make_parts(view, ask, now, deciding=deciding)
    limit, counted = refund_orders.against_limit(view, parts)
    return refund_preview.build(view, ask, parts, now, limit, counted)


def _begin(
    work: UnitOfWork, ask: RefundAsk, parts: Sequence[Part], expected: Money
) -> tuple[RefundOutcome, list[UUID]]:
    """Write down what is asked; do it, unless it waits."""
    currency = parts[0].booking.currency
    back = sum(part.back for part in parts)
    if Money(back, currency) != expected:
        raise WrongState("What would go back has changed since it was shown.", hint="Look at it again.")
    if any(part.goodwill for part in parts) and not ask.reason.strip():
        raise InvalidInput(
            "Going beyond the policy needs a reason.", field="reason", hint="Say why more goes back."
        )
    if not back and all(part.quote is None for part in parts):
        raise InvalidInput("Nothing would go back.", field="give_back", hint="Say how much goes back.")
    if not back:
        return _outcome(parts, None), _carry_out(work, parts, ask, None)
    limit, counted = refund_orders.against_limit(work, parts)
    waits = limit is not None and counted > limit
    assert work.actor.user_id is not None  # people ask for refunds; the program's own need no request
    order = work.refund_orders.save(
        RefundOrder(
            sale_id=parts[0].booking.sale_id,
            state=refund_orders.WAITS if waits else RefundOrderState.APPROVED,
            asked=keys.to_json(ask),
            amount=back,
            policy_amount=sum(part.policy_back for part in parts),
            currency=currency,
            borne_by=None if ask.beyond is None else ask.beyond.borne_by,
            destination=ask.to,
            reason=clean_line(ask.reason, "reason", 500, required=False),
            approval_above=limit,
            counted=counted,
            requested_at=work.now,
            requested_by=work.actor.user_id,
        )
    )
    if not waits:
        return _outcome(parts, order.id), _carry_out(work, parts, ask, order)
    work.audit("refund.request", "refund_order", order.id, amount=back, reason=order.reason)
    work.publish(refund_orders.changed(work, order))
    return _outcome(parts, order.id, waits=True), []


def _carry_out(
    work: UnitOfWork, parts: Sequence[Part], ask: RefundAsk, order: RefundOrder | None
) -> list[UUID]:
    words = clean_line(ask.reason, "reason", 500, required=False) or (
        "It was paid too much." if ask.excess else "Cancelled at the traveller's wish."
    )
    order_id = None if order is None else order.id
    return [
        refund_id for part in parts for refund_id in refund_parts.carry_out(work, part, ask, order_id, words)
    ]


def _again(work: UnitOfWork, failed: Refund, to: RefundTo) -> tuple[RefundOutcome, list[UUID]]:
    """A refund in the place of one that failed, with the same lines."""
    if failed.state is not RefundState.FAILED:
        raise WrongState("This refund has not failed.", hint="See how it stands.")
    if work.refund_orders.retried([failed.id]):
        raise WrongState("Another refund stands for this one already.", hint="See how that one stands.")
    disputed.refuse_disputed(work, (failed.booking,))
    disputed.refuse_given(work, failed)
    fresh = work.refunds.save(
        Refund(
            booking_id=failed.booking_id,
            payment_id=failed.payment_id,
            amount=failed.amount,
            currency=failed.currency,
            state=RefundState.APPROVED,
            reason=failed.reason,
            created_at=work.now,
            created_by=work.actor.user_id,
            worker=work.worker,
            desk_id=work.desk_id,
            order_id=failed.order_id,
            destination=to,
            beyond=failed.beyond,
            retry_of=failed.id,
            excess=failed.excess,
        )
    )
    work.refund_orders.add_lines(fresh.id, work.refund_orders.lines([failed.id])[failed.id])
    work.audit("refund.retry", "refund", fresh.id, of=str(failed.id), amount=fresh.amount, to=to.value)
    booking = failed.booking
    there = giving_back.hand_over(work, fresh, failed.payment, booking.traveller_id)
    money = Money(fresh.amount, fresh.currency)
    outcome = RefundOutcome(booking.sale_id, (booking.reference,), money, money - money, ())
    return outcome, [] if there else [fresh.id]


def _outcome(parts: Sequence[Part], order_id: UUID | None, *, waits: bool = False) -> RefundOutcome:
    currency = parts[0].booking.currency
    return RefundOutcome(
        sale_id=parts[0].booking.sale_id,
        references=tuple(part.booking.reference for part in parts),
        back=Money(sum(part.back for part in parts), currency),
        kept=Money(sum(part.kept for part in parts), currency),
        refunds=(),
        order_id=order_id,
        waits=waits,
    )
