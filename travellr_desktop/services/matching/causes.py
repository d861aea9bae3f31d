"""Why a difference is there, as far as can be told, and what puts it right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from travellr_desktop.domain.matching import Difference, DifferenceKind, Moved
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.states import PaymentState, RefundState, is_open
from travellr_desktop.storage.models import Payment, ProviderMove, Refund
from travellr_desktop.storage.uow import Reading


class Correction(StrEnum):
    """What puts a difference right. None of them moves money."""

    READ_PAYMENT = "read_payment"  # find out how it stands, and record it
    READ_REFUND = "read_refund"
    POST_FEE = "post_fee"
    POST_RATE = "post_rate"
    POST_AGAIN = "post_again"  # take back what was posted, and post what was taken
    TAKE_OVER = "take_over"  # post what nothing here knows of, as paid too much or as its way back


@dataclass(frozen=True, slots=True)
class Explained:
    """Why somebody says that a difference is there."""

    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known here of the object of a difference."""

    payment: Payment | None
    refund: Refund | None
    move: ProviderMove | None
    taken_over: bool
    """The payment that it goes back to was taken over as paid too much."""


def facts(view: Reading, found: Sequence[Difference]) -> list[Facts]:
    """Read what is known of each: a few statements, however many they are."""
    repo = view.matching
    refs = {one.ref for one in found}
    payments, refunds = repo.payments_of(refs), repo.refunds_of(refs)
    moves = repo.fetched(one.theirs[0].move_ref for one in found if one.theirs)
    over = _taken_over(view, moves.values())
    rows = []
    for one in found:
        move = moves.get(one.theirs[0].move_ref) if one.theirs else None
        rows.append(
            Facts(
                payment=payments.get(one.ref),
                refund=refunds.get(one.ref),
                move=move,
                taken_over=move is not None and move.kind is Moved.REFUND and move.payment_ref in over,
            )
        )
    return rows


def _taken_over(view: Reading, moves: Iterable[ProviderMove]) -> set[str]:
    """The payments that these go back to and that were taken over as paid too much."""
    back_to = {
        move.payment_ref for move in moves if move.kind is Moved.REFUND and move.payment_ref is not None
    }
    strange = back_to - view.matching.payments_by_ref(back_to).keys()
    return {
        move.payment_ref
        for move in view.matching.about((), strange)
        if move.kind is Moved.PAYMENT and move.posted and move.payment_ref is not None
    }


_Why = tuple[str, Correction | None]

_NOBODY_KNOWS: _Why = ("Nothing here knows of it.", None)


def cause(found: Difference, known: Facts) -> _Why:
    """A sentence for whoever reads it, and the right correction; None where a person has to look into it."""
    match found.kind:
        case DifferenceKind.NOT_THERE:
            return "The books have it, the provider does not list it. Look for it at the provider.", None
        case DifferenceKind.NOT_HERE:
            return _not_here(found, known)
        case DifferenceKind.LATE_FAILURE:
            return "The traveller's bank sent it back. It is still owed.", Correction.READ_REFUND
        case DifferenceKind.UNKNOWN:
            return _unknown(found, known)
        case DifferenceKind.TWICE_THERE:
            return "The provider lists it more than once. Ask the provider which stands.", None
        case DifferenceKind.CURRENCY:
            return "It is in another currency at the provider.", None
        case DifferenceKind.DAY:
            return "It is the same movement, recorded here on another day: when it was found.", None
    return _otherwise(found, known)


def _not_here(found: Difference, known: Facts) -> _Why:
    if found.moved is Moved.PAYMENT and known.payment is not None:
        return _payment_not_here(known.payment)
    if found.moved is Moved.REFUND and known.refund is not None:
        state = known.refund.state
        if is_open(state) and state is not RefundState.PENDING:
            return "It has gone back; the answer was never read here.", Correction.READ_REFUND
        return "It is accepted here, but the ledger has no entry of it.", Correction.POST_AGAIN
    return _NOBODY_KNOWS


def _unknown(found: Difference, known: Facts) -> _Why:
    if found.moved is Moved.PAYMENT:
        return "It was taken outside this program. It belongs to no booking here.", Correction.TAKE_OVER
    if known.taken_over:
        return "What had been paid too much was given back outside this program.", Correction.TAKE_OVER
    if found.moved is Moved.REFUND:
        return "It was given back outside this program.", None
    if found.moved is Moved.TRANSFER:
        return "No payout here knows of it. One that was not answered is looked up by itself.", None
    if found.moved is Moved.TRANSFER_REVERSED:
        return "It was taken back of a payout, and is heard of by itself.", None
    return _NOBODY_KNOWS


def _otherwise(found: Difference, known: Facts) -> _Why:
    """Another amount, fee or rate than was posted."""
    ours = known.payment is not None or known.refund is not None
    if found.kind is DifferenceKind.FEE and found.moved is Moved.PAYMENT and known.payment is not None:
        never = found.here is None
        words = "The fee was never posted." if never else "Another fee was posted than was taken."
        return words, Correction.POST_FEE
    if found.kind is DifferenceKind.RATE and known.move is not None and ours:
        return (
            "It came to another amount in the currency of the balance than was posted.",
            Correction.POST_RATE,
        )
    if found.kind in (DifferenceKind.TWICE_HERE, DifferenceKind.AMOUNT) and _as_taken(found, known):
        twice = found.kind is DifferenceKind.TWICE_HERE
        words = "It was posted more than once." if twice else "Another amount was posted than was taken."
        return words, Correction.POST_AGAIN
    return "The two do not say the same. What the provider says is what really moved.", None


def _payment_not_here(payment: Payment) -> tuple[str, Correction]:
    if is_open(payment.state):
        return "It was paid; the answer was never read here.", Correction.READ_PAYMENT
    if payment.state is PaymentState.COMPLETED:
        return "It is paid here, but the ledger has no entry of it.", Correction.POST_AGAIN
    return "It was paid, although it ended here without money.", Correction.TAKE_OVER


def _as_taken(found: Difference, known: Facts) -> bool:
    """Whether our row says what the provider does, so that the posting alone is wrong."""
    if found.there is None:
        return False
    if found.moved is Moved.PAYMENT and known.payment is not None:
        row = known.payment
        return row.state is PaymentState.COMPLETED and Money(row.amount, row.currency) == found.there
    if found.moved is Moved.REFUND and known.refund is not None:
        return Money(-known.refund.amount, known.refund.currency) == found.there
    return False


def about(known: Facts) -> UUID | None:
    """The payment that a difference is of, for whoever wants to open it."""
    if known.payment is not None:
        return known.payment.id
    return None if known.refund is None else known.refund.payment_id
