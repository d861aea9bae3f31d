"""Cancelling a booking, or a whole sale, by the policy frozen on it: first what it would do, then doing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from travellr_desktop.domain.cancellation import Quote
from travellr_desktop.domain.money import Money, sum_money
from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.domain.states import BookingState, HoldState, is_open
from travellr_desktop.domain.text import clean_line
from travellr_desktop.errors import AlreadyRefunded, InvalidInput, NotFound, WrongState
from travellr_desktop.services import giving_back, keys, what_if
from travellr_desktop.services.refunding import Refunding
from travellr_desktop.services.sales import end_unpaid
from travellr_desktop.services.what_if import BackWay, BalanceChange, EntryPreview, RefundView
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Booking
from travellr_desktop.storage.uow import Database, Reading


@dataclass(frozen=True, slots=True)
class BookingCancel:
    """What cancelling does to one booking. `why` says in words why that much is kept; until `next_change`
    nothing changes, after it `next_back` would go back."""

    id: UUID
    reference: str
    title: str
    vendor_name: str
    starts_at: datetime
    zone: str
    state: BookingState
    paid: Money
    kept: Money
    back: Money
    why: str
    next_change: datetime | None
    next_back: Money | None


@dataclass(frozen=True, slots=True)
class CancelPreview:
    """What would happen. Nothing has moved. `back` must be handed to `cancel`, which refuses if it has changed."""

    sale_id: UUID
    sale_reference: str
    traveller_name: str
    bookings: tuple[BookingCancel, ...]
    paid: Money
    kept: Money
    back: Money
    ways: tuple[BackWay, ...]
    balances: tuple[BalanceChange, ...]
    entries: tuple[EntryPreview, ...]
    seats: int


@dataclass(frozen=True, slots=True)
class CancelOutcome:
    sale_id: UUID
    references: tuple[str, ...]
    back: Money
    kept: Money
    refunds: tuple[RefundView, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    booking_ids: tuple[UUID, ...]
    reason: str
    back: Money


class CancellationService:
    def __init__(self, database: Database, refunding: Refunding) -> None:
        self._db = database
        self._refunding = refunding

    def preview(self, actor: Actor, booking_ids: Sequence[UUID]) -> CancelPreview:
        """What cancelling these bookings of one sale would do now. Raises `WrongState` for a booking that cannot
        be cancelled, `NotFound`, `InvalidInput` where they are of several sales."""
        require(actor, Permission.BOOKING_CANCEL)
        with self._db.read() as view:
            bookings = _load(view, booking_ids)
            return _preview(view, bookings, _quotes(view, bookings, view.clock.now()))

    def preview_sale(self, actor: Actor, sale_id: UUID) -> CancelPreview:
        """The same for all bookings of a sale that still stand. Raises `AlreadyRefunded` where none does."""
        require(actor, Permission.BOOKING_CANCEL)
        return self.preview(actor, self._standing(sale_id))

    def cancel(
        self, actor: Actor, booking_ids: Sequence[UUID], reason: str, expected_back: Money, *, key: UUID
    ) -> CancelOutcome:
        """Cancel, and send the money back. `expected_back` is what the preview showed: raises `WrongState` where
        something else would go back by now. Raises as `preview`, `RequestInProgress`, `KeyReused`."""
        require(actor, Permission.BOOKING_CANCEL)
        require(actor, Permission.PAYMENT_REFUND)
        words = clean_line(reason, "reason", 500, required=False)
        asked = _Asked(tuple(sorted(booking_ids)), words, expected_back)
        with ExitStack() as at:
            with self._db.write(Commit.BOOKING_CANCEL, actor) as work:
                earlier = keys.begin(work, self._db.workers, key, "booking.cancel", asked)
                if earlier is None:
                    bookings = _load(work, booking_ids)
                    quotes = _quotes(work, bookings, work.now)
                    shown = _preview(work, bookings, quotes)
                    if shown.back != expected_back:
                        raise WrongState(
                            "What would go back has changed since it was shown.", hint="Look at it again."
                        )
                    words = asked.reason or "Cancelled at the traveller's wish."
                    to_send: list[UUID] = []
                    for booking in bookings:
                        quote = quotes[booking.id]
                        if booking.state is BookingState.PENDING and quote.back + quote.kept == 0:
                            end_unpaid(work, (booking,), words, HoldState.RELEASED)
                        else:
                            to_send += giving_back.cancel(work, booking, quote, words)
                        work.audit(
                            "booking.cancel",
                            "booking",
                            booking.id,
                            reason=words,
                            kept=quote.kept,
                            back=quote.back,
                            policy=booking.policy.get("code", ""),
                        )
                    outcome = CancelOutcome(
                        sale_id=shown.sale_id,
                        references=tuple(each.reference for each in shown.bookings),
                        back=shown.back,
                        kept=shown.kept,
                        refunds=(),
                    )
                    keys.finish(work, key, outcome, shown.sale_id)
                    for refund_id in to_send:  # ours from before the commit: recovery leaves them alone
                        at.enter_context(self._db.workers.at(refund_id))
                    work.commit()
            if earlier is not None:
                assert earlier.result is not None  # kept in the transaction that cancels
                outcome = keys.from_json(CancelOutcome, earlier.result)
            else:
                for refund_id in to_send:
                    self._refunding.carry_out(actor, refund_id)
        return self._with_refunds(outcome, booking_ids)

    def retry_refund(self, actor: Actor, refund_id: UUID) -> None:
        """Send an approved or unknown refund now, without waiting for the schedule, under its own key."""
        require(actor, Permission.PAYMENT_REFUND)
        self._refunding.send(actor, refund_id)

    def _standing(self, sale_id: UUID) -> list[UUID]:
        with self._db.read() as view:
            sale = view.sales.get_full(sale_id)
            found = [b.id for b in sale.bookings if is_open(b.state)]
        if not found:
            raise AlreadyRefunded("Nothing of this sale is left to cancel.")
        return found

    def _with_refunds(self, outcome: CancelOutcome, booking_ids: Sequence[UUID]) -> CancelOutcome:
        with self._db.read() as view:
            refunds = what_if.refund_views(view, booking_ids)
        return CancelOutcome(outcome.sale_id, outcome.references, outcome.back, outcome.kept, refunds)


def _load(view: Reading, booking_ids: Sequence[UUID]) -> list[Booking]:
    bookings = list(view.bookings.find_many(booking_ids))
    if not bookings or len(bookings) != len(set(booking_ids)):
        raise NotFound("There is no such booking.")
    if len({booking.sale_id for booking in bookings}) > 1:
        raise InvalidInput("These bookings are of several sales.", hint="Cancel one sale after the other.")
    for booking in bookings:
        if booking.state is BookingState.CANCELLED:
            raise AlreadyRefunded(f"{booking.reference} is cancelled already.")
        if not is_open(booking.state):
            raise WrongState(
                f"{booking.reference} is {booking.state.value.replace('_', '-')} and cannot be cancelled.",
                hint="A trip that is over is refunded, not cancelled.",
            )
    if view.payments.in_flight(bookings[0].sale_id):
        raise WrongState(
            "A payment of this sale is still under way.", hint="Wait until its outcome is known, then cancel."
        )
    return bookings


def _quotes(view: Reading, bookings: Sequence[Booking], now: datetime) -> dict[UUID, Quote]:
    paid = giving_back.left(view, bookings)
    return {booking.id: giving_back.quote(booking, paid[booking.id], now) for booking in bookings}


def _preview(view: Reading, bookings: Sequence[Booking], quotes: Mapping[UUID, Quote]) -> CancelPreview:
    currency = bookings[0].currency
    shown: list[BookingCancel] = []
    ways: dict[UUID, BackWay] = {}
    entries: list[EntryPreview] = []
    for booking in bookings:
        quote = quotes[booking.id]
        shown.append(_shown(booking, quote))
        what_if.add_ways(ways, giving_back.back_ways(view, booking.id, quote.back))
        entries += what_if.entry_previews(giving_back.cancel_entries(view, booking, quote))
    entries += what_if.accepted(ways.values())
    sale = view.sales.get_full(bookings[0].sale_id)
    return CancelPreview(
        sale_id=sale.id,
        sale_reference=sale.reference,
        traveller_name=sale.traveller.name,
        bookings=tuple(shown),
        paid=sum_money((each.paid for each in shown), currency),
        kept=sum_money((each.kept for each in shown), currency),
        back=sum_money((each.back for each in shown), currency),
        ways=tuple(ways.values()),
        balances=what_if.balances(view, bookings, entries, sale.traveller.name),
        entries=tuple(entries),
        seats=sum(line.takes_seat and line.ended_at is None for b in bookings for line in b.lines),
    )


def _shown(booking: Booking, quote: Quote) -> BookingCancel:
    def money(minor: int) -> Money:
        return Money(minor, booking.currency)

    return BookingCancel(
        id=booking.id,
        reference=booking.reference,
        title=booking.trip.title,
        vendor_name=booking.vendor.name,
        starts_at=booking.departure.starts_at,
        zone=booking.departure.zone,
        state=booking.state,
        paid=money(quote.kept + quote.back),
        kept=money(quote.kept),
        back=money(quote.back),
        why=what_if.why_kept(booking, quote),
        next_change=quote.next_change,
        next_back=None if quote.next_back is None else money(quote.next_back),
    )
