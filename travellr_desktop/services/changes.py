"""Changing a booking after its sale: first what it would do, then doing exactly that.

What costs nothing, or less, is done in one transaction, and money that goes back is sent after it. What costs more
waits for its payment: cash is there at once; a card is charged while the new seats are held, and the change is made
in the transaction that records the payment, whoever finds out about it.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.party import Party
from travellr_desktop.domain.permissions import SYSTEM, Actor, Permission, require
from travellr_desktop.domain.states import AmendmentState, HoldKind, HoldState, PaymentState
from travellr_desktop.domain.ways import AT_ONCE, Way
from travellr_desktop.errors import InvalidInput, SeatsGone, WrongState
from travellr_desktop.payments.gateway import PaymentGateway
from travellr_desktop.services import (
    amendments,
    change_preview,
    destinations,
    keys,
    pinning,
    posting,
    refund_orders,
    seating,
    settling,
    what_if,
)
from travellr_desktop.services.amendments import ChangeKind, Plan
from travellr_desktop.services.authority import Authority
from travellr_desktop.services.change_preview import ChangePreview
from travellr_desktop.services.charging import Charging
from travellr_desktop.services.destinations import Destination
from travellr_desktop.services.holds import party_data
from travellr_desktop.services.outcomes import RefusalView, refusal_of
from travellr_desktop.services.planning import CancelTravellers, Change, make_plan
from travellr_desktop.services.refunding import Refunding
from travellr_desktop.services.sales import PayChoice
from travellr_desktop.services.what_if import RefundView
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Amendment, Booking, Hold, Payment, PaymentShare
from travellr_desktop.storage.uow import Database, Reading, UnitOfWork


class ChangeState(StrEnum):
    """How a change stands for the person at the desk. `UNKNOWN` is neither paid nor failed."""

    DONE = "done"
    WAITING = "waiting"  # the provider is still working on the payment
    UNKNOWN = "unknown"
    DECLINED = "declined"  # not paid: the booking stays as it was
    GIVEN_BACK = "given_back"  # paid, but it could not be made any more: the money goes back by itself


@dataclass(frozen=True, slots=True)
class ChangeOutcome:
    """How a change stands. `difference` as in the preview; `next_read_at` is when recovery looks again."""

    amendment_id: UUID
    booking_id: UUID
    reference: str
    kind: ChangeKind
    state: ChangeState
    difference: Money
    way: Way | None
    payment_id: UUID | None
    payment_label: str
    refusal: RefusalView | None
    refunds: tuple[RefundView, ...]
    next_read_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Asked:
    booking_id: UUID
    change: Change
    expected: Money
    pay: PayChoice | None


class ChangeService:
    """`lasts` is how long the seats of a change are held at least; they stay held while its payment is under way."""

    def __init__(
        self,
        database: Database,
        gateway: PaymentGateway,
        charging: Charging,
        refunding: Refunding,
        authority: Authority,
        lasts: timedelta,
    ) -> None:
        self._db = database
        self._gateway = gateway
        self._charging = charging
        self._refunding = refunding
        self._authority = authority
        self._lasts = lasts

    def preview(self, actor: Actor, booking_id: UUID, change: Change, way: Way = Way.CASH) -> ChangePreview:
        """What a change would do now, the difference paid in `way`. Where it `needs_second`, `apply` refuses it. Raises
        as `planning.make_plan`, and `SeatsGone` where there are too few seats for it."""
        require(actor, Permission.BOOKING_UPDATE)
        asks = self._authority.reached()
        with self._db.read() as view:
            booking = view.bookings.get_full(booking_id)
            plan, quote = make_plan(view, actor, booking, change)
            destinations.refuse_full(view, booking, plan, asks=asks)
            shown = change_preview.build(view, booking, plan, quote, way)
            limit, above = refund_orders.limit_of(view, booking, plan.back + plan.goodwill)
            return replace(shown, limit=limit, needs_second=above)

    def destinations(
        self, actor: Actor, booking_id: UUID, first: date, last: date
    ) -> tuple[Destination, ...]:
        """The departures of the booking's vendor on these local days, both included, by their time: what each would
        cost more or less, and why the booking cannot go there where it cannot. Raises `NotFound`."""
        require(actor, Permission.BOOKING_UPDATE)
        with self._db.read() as view:
            booking = view.bookings.get_full(booking_id)
            return destinations.find(view, booking, first, last, asks=self._authority.reached())

    def apply(
        self,
        actor: Actor,
        booking_id: UUID,
        change: Change,
        expected: Money,
        pay: PayChoice | None,
        *,
        key: UUID,
    ) -> ChangeOutcome:
        """Make a change: all of it, or nothing is written. `expected` is the difference that the preview showed:
        raises `WrongState` where it is another by now. `pay` is needed where something is to be paid.

        Raises as `preview`, `RequestInProgress`, `KeyReused`. What the provider says is in the outcome, never
        raised."""
        require(actor, Permission.BOOKING_UPDATE)
        if isinstance(change, CancelTravellers) or expected.minor < 0:
            require(actor, Permission.PAYMENT_REFUND)
        if pay is not None:
            require(actor, Permission.PAYMENT_CREATE)
        asked = _Asked(booking_id, change, expected, pay)
        try:
            return self._apply(actor, asked, key)
        except SeatsGone:
            if not self._more_seats(actor, booking_id, change):
                raise
            return self._apply(actor, asked, key)

    def _more_seats(self, actor: Actor, booking_id: UUID, change: Change) -> bool:
        with self._db.read() as view:
            booking = view.bookings.get_full(booking_id)
            plan, _quote = make_plan(view, actor, booking, change)
        return self._authority.more_seats(plan.departure_id, len(destinations.new_sitters(booking, plan)))

    def _apply(self, actor: Actor, asked: _Asked, key: UUID) -> ChangeOutcome:
        pay, done = asked.pay, None
        with ExitStack() as at:
            with self._db.write(Commit.BOOKING_AMEND, actor) as work:
                earlier = keys.begin(work, self._db.workers, key, "booking.change", asked)
                if earlier is None:
                    amendment, refunds = self._begin(work, asked)
                    keys.works_on(work, key, amendment.id)
                    if amendment.state is AmendmentState.PENDING:
                        assert amendment.payment_id is not None  # it waits for nothing else
                        at.enter_context(self._db.workers.at(key))
                        at.enter_context(self._db.workers.at(amendment.payment_id))
                    else:
                        done = _outcome(work, amendment)
                        keys.finish(work, key, done, amendment.id)
                    for refund_id in refunds:  # ours from before the commit: recovery leaves them alone
                        at.enter_context(self._db.workers.at(refund_id))
                    work.commit()
            if earlier is not None:
                return self._again(earlier)
            for refund_id in refunds:
                self._refunding.carry_out(actor, refund_id)
            if done is None:
                assert pay is not None and pay.card is not None and amendment.payment_id is not None
                self._charging.charge(actor, amendment.payment_id, pay.card, command=None)
                self._keep(actor, key, amendment.id)
        return self.outcome(actor, amendment.id)

    def outcome(self, actor: Actor, amendment_id: UUID) -> ChangeOutcome:
        """How a change stands now. Raises `NotFound`."""
        require(actor, Permission.BOOKING_UPDATE)
        with self._db.read() as view:
            return _outcome(view, view.amendments.get(amendment_id))

    def waiting(self, actor: Actor, booking_id: UUID) -> ChangeOutcome | None:
        """The change of a booking that waits for its payment, if there is one."""
        require(actor, Permission.BOOKING_UPDATE)
        with self._db.read() as view:
            found = view.amendments.pending(booking_id)
            return None if found is None else _outcome(view, found)

    def read_now(self, actor: Actor, amendment_id: UUID) -> ChangeOutcome:
        """Ask the provider about the payment of a change, without waiting for the schedule. Never charges."""
        require(actor, Permission.PAYMENT_READ)
        self._read_open(actor, amendment_id)
        return self.outcome(actor, amendment_id)

    def _begin(self, work: UnitOfWork, asked: _Asked) -> tuple[Amendment, list[UUID]]:
        """Write the change down, and make it where nothing has to be waited for."""
        booking = work.bookings.get_full(asked.booking_id)
        plan, _quote = make_plan(work, work.actor, booking, asked.change)
        shown = change_preview.difference(plan, booking.currency)
        if shown != asked.expected:
            raise WrongState(
                "What is to be paid, or goes back, has changed since it was shown.", hint="Look at it again."
            )
        refund_orders.refuse_alone(work, booking, plan.back + plan.goodwill)
        if plan.to_pay and asked.pay is None:
            raise InvalidInput("Choose how the difference is paid.", field="pay", hint="Cash or card.")
        if not plan.to_pay:
            refunds = amendments.carry_out(work, booking, plan)
            return work.amendments.save(self._row(work, booking, plan, None, None)), refunds
        assert asked.pay is not None
        hold = self._hold(work, booking, plan)
        payment = self._payment(work, booking, plan, asked.pay)
        amendment = work.amendments.save(self._row(work, booking, plan, hold, payment))
        if label := settling.LABELS.get(asked.pay.way):  # it is there at once
            settling.complete(work, work.payments.get_full(payment.id), label=label)
        return amendment, []

    @staticmethod
    def _row(
        work: UnitOfWork, booking: Booking, plan: Plan, hold: Hold | None, payment: Payment | None
    ) -> Amendment:
        waits = payment is not None
        return Amendment(
            booking_id=booking.id,
            kind=plan.kind.value,
            state=AmendmentState.PENDING if waits else AmendmentState.DONE,
            plan=keys.to_json(plan),
            difference=plan.price - plan.old_price,
            hold_id=None if hold is None else hold.id,
            payment_id=None if payment is None else payment.id,
            created_at=work.now,
            created_by=work.actor.user_id,
            ended_at=None if waits else work.now,
        )

    def _hold(self, work: UnitOfWork, booking: Booking, plan: Plan) -> Hold | None:
        """Hold the seats that a change needs beside those that the booking has; None where it needs none."""
        sitting = destinations.new_sitters(booking, plan)
        if not sitting:
            return None
        grant = work.departures.grant(plan.departure_id, work.agency.this_desk().id)
        if grant is None:
            raise SeatsGone("This desk has no seats of that departure to sell.")
        party = Party.of({kind: sitting.count(kind) for kind in set(sitting)})
        hold = Hold(
            departure_id=plan.departure_id,
            grant_id=grant.id,
            seats=len(sitting),
            party=party_data(party),
            state=HoldState.ACTIVE,
            expires_at=work.now + self._lasts,
            created_at=work.now,
            created_by=work.actor.user_id,
            kind=HoldKind.CHANGE,
            traveller_id=booking.traveller_id,
        )
        work.holds.save(hold)  # the database refuses more than the grant has left
        here = [line.id for line in booking.lines if not plan.moves]
        beside = seating.labels_of(work, here).values()
        seating.take(work, hold, work.departures.get(plan.departure_id), beside=tuple(beside))
        work.publish(posting.hold_changed(hold, work.now))
        return hold

    def _payment(self, work: UnitOfWork, booking: Booking, plan: Plan, pay: PayChoice) -> Payment:
        """The payment's row for the difference, with its share for the booking."""
        if pay.way not in AT_ONCE:
            raise InvalidInput("A change is paid by card or in cash.", field="pay")
        if (pay.way is Way.CARD) != (pay.card is not None):
            raise InvalidInput("Choose a card.", field="card")
        if pay.way is Way.CARD:
            pinning.pin_card(work, self._gateway, pay.card)
        payment = work.payments.save(
            Payment(
                sale_id=booking.sale_id,
                way=pay.way,
                amount=plan.to_pay,
                currency=booking.currency,
                state=PaymentState.CREATED,
                label="",
                created_at=work.now,
                created_by=work.actor.user_id,
                worker=work.worker,
                desk_id=work.desk_id,
            )
        )
        work.session.add(PaymentShare(payment_id=payment.id, booking_id=booking.id, amount=plan.to_pay))
        work.session.flush()
        work.session.expire(payment, ["shares"])
        work.audit(
            "payment.take",
            "payment",
            payment.id,
            way=pay.way.value,
            amount=plan.to_pay,
            sale=booking.sale.reference,
            booking=booking.reference,
        )
        return payment

    def _keep(self, actor: Actor, key: UUID, amendment_id: UUID) -> None:
        """Keep the outcome under the command's key, once it is known."""
        with self._db.write(Commit.AMENDMENT_END, actor) as work:
            amendment = work.amendments.get(amendment_id)
            if amendment.state is AmendmentState.PENDING:
                return
            keys.finish(work, key, _outcome(work, amendment), amendment.id)
            work.commit()

    def _again(self, earlier: keys.Earlier) -> ChangeOutcome:
        """The same command once more. Where its program died, recovery says how it ended."""
        if earlier.result is not None:
            return keys.from_json(ChangeOutcome, earlier.result)
        assert earlier.aggregate_id is not None  # it goes with the change, in one transaction
        self._read_open(SYSTEM, earlier.aggregate_id)
        with self._db.read() as view:
            return _outcome(view, view.amendments.get(earlier.aggregate_id))

    def _read_open(self, actor: Actor, amendment_id: UUID) -> None:
        with self._db.read() as view:
            amendment = view.amendments.get(amendment_id)
        if amendment.state is AmendmentState.PENDING and amendment.payment_id is not None:
            self._charging.read(actor, amendment.payment_id)


def _outcome(view: Reading, amendment: Amendment) -> ChangeOutcome:
    booking = view.bookings.get(amendment.booking_id)
    plan = amendments.plan_of(amendment)
    payment = None if amendment.payment_id is None else view.payments.get(amendment.payment_id)
    state = _state(amendment, payment)
    gives_back = plan.back > 0 or state is ChangeState.GIVEN_BACK
    made = {
        refund.id
        for refund in view.refunds.find_by_booking_id(booking.id)
        if gives_back and refund.created_at == amendment.ended_at
    }
    return ChangeOutcome(
        amendment_id=amendment.id,
        booking_id=booking.id,
        reference=booking.reference,
        kind=plan.kind,
        state=state,
        difference=change_preview.difference(plan, booking.currency),
        way=None if payment is None else payment.way,
        payment_id=None if payment is None else payment.id,
        payment_label="" if payment is None else payment.label,
        refusal=refusal_of(payment),
        refunds=tuple(each for each in what_if.refund_views(view, [booking.id]) if each.id in made),
        next_read_at=None if payment is None else payment.next_read_at,
    )


def _state(amendment: Amendment, payment: Payment | None) -> ChangeState:
    if amendment.state is AmendmentState.DONE or payment is None:
        return ChangeState.DONE
    if amendment.state is AmendmentState.PENDING:
        return ChangeState.UNKNOWN if payment.state is PaymentState.UNKNOWN else ChangeState.WAITING
    return ChangeState.GIVEN_BACK if payment.state is PaymentState.COMPLETED else ChangeState.DECLINED
