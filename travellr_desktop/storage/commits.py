"""Every commit has a name: what a failpoint hangs on, what an op is called, what a log line says.

A crash test lists `Commit`, kills the program before and after each, and fails for a name that is never reached.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum


class Commit(StrEnum):
    """The commit boundaries of the program, by what the transaction did."""

    AGENCY_SETUP = "agency.setup"
    SETTINGS_SAVE = "settings.save"
    USER_SAVE = "user.save"
    SIGN_IN = "user.sign_in"
    SIGN_IN_FAIL = "user.sign_in_fail"
    CATALOGUE_SAVE = "catalogue.save"
    TRAVELLER_SAVE = "traveller.save"
    HOLD_TAKE = "hold.take"
    HOLD_EXTEND = "hold.extend"
    HOLD_RELEASE = "hold.release"
    HOLD_EXPIRE = "hold.expire"
    HOLD_CHANGE = "hold.change"
    SEATS_CHOOSE = "hold.seats"
    SEATS_LET_GO = "seats.let_go"
    OPTION_KEEP = "option.keep"
    OPTION_TAKE_UP = "option.take_up"
    OPTION_REMIND = "option.remind"
    WAITING_SAVE = "waiting.save"
    WAITING_OFFER = "waiting.offer"
    OVERBOOK = "departure.overbook"
    SALE_PLACE = "sale.place"
    SALE_RELEASE = "sale.release"
    PAYMENT_CREATE = "payment.create"
    PAYMENT_PREPARE = "payment.prepare"
    PAYMENT_LINK = "payment.link"
    PAYMENT_ASK = "payment.ask"
    CUSTOMER_SAVE = "payment.customer"
    CARD_SAVE = "card.save"
    PAYMENT_COMPLETE = "payment.complete"
    PAYMENT_FAIL = "payment.fail"
    PAYMENT_UNSETTLED = "payment.unsettled"
    BOOKING_CANCEL = "booking.cancel"
    BOOKING_COMPLETE = "booking.complete"
    BOOKING_NO_SHOW = "booking.no_show"
    BOOKING_AMEND = "booking.amend"
    AMENDMENT_END = "booking.amendment_end"
    NOTE_SAVE = "note.save"
    CHECK_IN = "manifest.check_in"
    MANIFEST_CLOSE = "manifest.close"
    TRAVELLER_MERGE = "traveller.merge"
    IMPORT_ROWS = "import.rows"
    REFUND_DECIDE = "refund.decide"
    REFUND_RETRY = "refund.retry"
    REFUND_SEND = "refund.send"
    REFUND_RECORD = "refund.record"
    REFUND_UNSETTLED = "refund.unsettled"
    DEBT_SAVE = "debt.save"
    EXCESS_USE = "excess.use"
    MOVES_FETCH = "moves.fetch"
    MATCH_CORRECT = "match.correct"
    MATCH_NOTE = "match.note"
    MATCH_DONE = "match.done"
    DISPUTE_RECORD = "dispute.record"
    EVENTS_HEAR = "events.hear"
    EVENTS_DONE = "events.done"
    TILL_OPEN = "till.open"
    TILL_MOVE = "till.move"
    TILL_READ = "till.read"
    TILL_CLOSE = "till.close"
    RATE_SAVE = "vendor.rate"
    VENDOR_TERMS_SAVE = "vendor.terms"
    VENDOR_ADJUST = "vendor.adjust"
    BATCH_SAVE = "batch.save"
    BATCH_APPROVE = "batch.approve"
    BATCH_RUN = "batch.run"
    PAYOUT_SEND = "payout.send"
    PAYOUT_RECORD = "payout.record"
    PAYOUT_UNSETTLED = "payout.unsettled"
    PAYOUT_RETRY = "payout.retry"
    PAYOUT_FILE = "payout.file"
    TAKE_BACK_SEND = "take_back.send"
    TAKE_BACK_RECORD = "take_back.record"
    TAKE_BACK_UNSETTLED = "take_back.unsettled"
    DOCUMENT_PRINT = "document.print"
    INVOICE_ISSUE = "invoice.issue"
    INVOICE_CREDIT = "invoice.credit"
    LIST_EXPORT = "list.export"
    SYNC_GAVE_WAY = "sync.gave_way"
    SYNC_JOINED = "sync.joined"
    SYNC_LEFT = "sync.left"
    SYNC_LOOKED = "sync.looked"
    SYNC_PUSHED = "sync.pushed"
    SYNC_SETTLED = "sync.settled"
    SYNC_TAKEN_IN = "sync.taken_in"
    OUTBOX_PUBLISH = "outbox.publish"
    CLEAN_UP = "clean_up"


OF_VENDORS: frozenset[Commit] = frozenset(
    {
        Commit.SIGN_IN,
        Commit.SIGN_IN_FAIL,
        Commit.DOCUMENT_PRINT,
        Commit.LIST_EXPORT,
        Commit.SYNC_LOOKED,
        Commit.SYNC_TAKEN_IN,
        Commit.OUTBOX_PUBLISH,
        Commit.CLEAN_UP,
    }
)
"""What happens in a vendor's file: it changes no row that travels, or is the hub's word."""


class Moment(StrEnum):
    BEFORE = "before"  # all written, nothing committed
    AFTER = "after"  # committed, nobody told yet


Failpoint = Callable[[Commit, Moment], None]


class _Around:
    """What is called around every commit of this process."""

    failpoint: Failpoint | None = None


def set_failpoint(failpoint: Failpoint | None) -> None:
    """Have `failpoint` called around every commit of this process; None takes it away again."""
    _Around.failpoint = failpoint


def reach(commit: Commit, moment: Moment) -> None:
    """Called by the unit of work, and by nothing else."""
    if _Around.failpoint is not None:
        _Around.failpoint(commit, moment)
