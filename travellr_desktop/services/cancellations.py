"""Cancelling a booking, or a whole sale, by the policy frozen on it: first what it would do, then doing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from travellr_desktop.domain import ledger
from travellr_desktop.domain.cancellation import Quote
from travellr_desktop.domain.ledger import Account, LedgerEvent
from travellr_desktop.domain.money import Money, sum_money
from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.domain.states import BookingState, HoldState, is_open
from travellr_desktop.domain.text import clean_line
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import AlreadyRefunded, InvalidInput, NotFound, WrongState
from travellr_desktop.services import giving_back, keys, posting
from travellr_desktop.services.refunding import Refunding
from travellr_desktop.services.sales import end_unpaid
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
class BackWay:
    """To which payment how much goes back."""

    payment_id: UUID
    way: Way
    label: str
    paid_at: datetime
    paid: Money
    amount: Money


@dataclass(frozen=True, slots=True)
class BalanceChange:
    """One party's balance before and after. `whose` is a word of `note`: traveller, vendor, agency, money."""

    whose: str
    note: str
    before: Money
    after: Money


@dataclass(frozen=True, slots=True)
class EntryPreview:
    """An entry that would be written in the ledger."""

    event: LedgerEvent
    debit: Account
    credit: Account
    amount: Money
    vendor_id: UUID | None = None


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
class RefundView:
    id: UUID
    way: Way
    label: str
    amount: Money
    state: str
    failure: str | None


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
            refunds = [
                RefundView(
                    id=refund.id,
                    way=refund.payment.way,
                    label=refund.payment.label,
                    amount=Money(refund.amount, refund.currency),
                    state=refund.state.value,
                    failure=refund.failure,
                )
                for booking_id in booking_ids
                for refund in view.refunds.find_by_booking_id(booking_id)
            ]
        return CancelOutcome(outcome.sale_id, outcome.references, outcome.back, outcome.kept, tuple(refunds))


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
    zero = Money.zero(currency)
    shown: list[BookingCancel] = []
    ways: dict[UUID, BackWay] = {}
    entries: list[EntryPreview] = []
    for booking in bookings:
        quote = quotes[booking.id]
        shown.append(_shown(booking, quote))
        for payment, amount in giving_back.back_ways(view, booking.id, quote.back):
            had = ways[payment.id].amount if payment.id in ways else zero
            ways[payment.id] = BackWay(
                payment_id=payment.id,
                way=payment.way,
                label=payment.label,
                paid_at=payment.ended_at or payment.created_at,
                paid=Money(payment.amount, currency),
                amount=had + Money(amount, currency),
            )
        entries.extend(
            EntryPreview(entry.event, entry.debit, entry.credit, entry.amount, entry.vendor_id)
            for entry in giving_back.cancel_entries(view, booking, quote)
        )
    for way in ways.values():
        out_of = posting.MONEY_OF[way.way]
        entries.append(EntryPreview(LedgerEvent.REFUND_ACCEPTED, Account.REFUNDS_PAYABLE, out_of, way.amount))
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
        balances=_balances(view, bookings, entries, sale.traveller.name),
        entries=tuple(entries),
        seats=sum(line.takes_seat and line.ended_at is None for b in bookings for line in b.lines),
    )


def _shown(booking: Booking, quote: Quote) -> BookingCancel:
    def money(minor: int) -> Money:
        return Money(minor, booking.currency)

    if quote.kept + quote.back == 0:
        why = "Nothing was paid"
    elif quote.in_grace:
        why = "Within the time to think it over"
    elif quote.kept == 0:
        why = "Early enough: nothing is kept"
    elif quote.back == 0:
        why = "Too late: all of it is kept"
    else:
        why = f"Kept by the policy “{booking.policy.get('name', '')}”"
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
        why=why,
        next_change=quote.next_change,
        next_back=None if quote.next_back is None else money(quote.next_back),
    )


def _balances(
    view: Reading, bookings: Sequence[Booking], entries: Sequence[EntryPreview], traveller: str
) -> tuple[BalanceChange, ...]:
    """Every party's balance before and after: what is owed to each, then where the money is."""
    currency = bookings[0].currency
    rows: list[BalanceChange] = []

    def change(account: Account) -> int:
        out = sum(entry.amount.minor for entry in entries if entry.debit is account)
        into = sum(entry.amount.minor for entry in entries if entry.credit is account)
        return ledger.standing(account, out - into)

    funds = sum(
        ledger.standing(
            Account.TRAVELLER_FUNDS, view.ledger.balance(Account.TRAVELLER_FUNDS, currency, booking_id=b.id)
        )
        for b in bookings
    )
    rows.append(_row(traveller, "Paid, still to travel", funds, change(Account.TRAVELLER_FUNDS), currency))
    for vendor in {b.vendor_id: b.vendor for b in bookings}.values():
        own = sum(
            entry.amount.minor
            for entry in entries
            if entry.credit is Account.VENDOR_PAYABLE and entry.vendor_id == vendor.id
        )
        held = view.ledger.balance(Account.VENDOR_PAYABLE, currency, vendor_id=vendor.id)
        before = ledger.standing(Account.VENDOR_PAYABLE, held)
        rows.append(_row(vendor.name, "Earned, not paid out yet", before, own, currency))
    for account, whose, note in (
        (Account.CANCELLATION_REVENUE, "Agency", "Its share of what was kept, all sales"),
        (Account.TILL, "Till", "Cash"),
        (Account.STRIPE, "Card payments", "With the provider"),
    ):
        moved = change(account)
        if moved:
            before = ledger.standing(account, view.ledger.balance(account, currency))
            rows.append(_row(whose, note, before, moved, currency))
    return tuple(rows)


def _row(whose: str, note: str, before: int, change: int, currency: str) -> BalanceChange:
    return BalanceChange(whose, note, Money(before, currency), Money(before + change, currency))
