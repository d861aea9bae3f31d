"""The words of payouts: how often, by which way, and why somebody is left out."""

from __future__ import annotations

from enum import StrEnum


class Schedule(StrEnum):
    """How often a vendor is paid."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"


class BatchKind(StrEnum):
    """EXTRA: for days that somebody chose, and for vendors of either schedule."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    EXTRA = "extra"


class PayoutWay(StrEnum):
    TRANSFER = "transfer"  # to the vendor's account with the provider
    BANK = "bank"  # by a file for the agency's bank


class LeftOut(StrEnum):
    """Why a vendor gets nothing in a batch. What is theirs stays theirs and is looked at again by the next."""

    NEGATIVE = "negative"
    BELOW_MINIMUM = "below_minimum"
    NO_MINIMUM = "no_minimum"  # none is set for the currency
    HOLDBACK = "holdback"
    DISPUTED = "disputed"
    NO_ACCOUNT = "no_account"
    ACCOUNT_NOT_READY = "account_not_ready"
    DOCUMENT_MISSING = "document_missing"
    NO_FUNDS = "no_funds"
    INACTIVE = "inactive"  # deactivated; what is theirs is paid once they are taken back
    OTHER_SCHEDULE = "other_schedule"
    BY_HAND = "by_hand"


class LinePart(StrEnum):
    """Where an open line counts. The first three are what a booking gave its vendor: CHARGE the first line of it, AGAIN
    the first of what it gave at another time, MORE what else it gave at the same time."""

    CHARGE = "charge"
    MORE = "more"
    AGAIN = "again"
    REFUND = "refund"  # taken back of a booking
    ADJUSTMENT = "adjustment"  # by hand, or carried from one payout to the next
    RETURNED = "returned"  # an earlier payout that did not arrive


class LineKind(StrEnum):
    """What a line of a statement is about."""

    NORMAL = "normal"  # a booking's share, earned
    REVERSED = "reversed"  # taken back of one
    ADJUSTMENT = "adjustment"  # written by hand, with a reason; or carried from one payout to the next
    RETURNED = "returned"  # an earlier payout that did not arrive


class VendorPaper(StrEnum):
    """Documents that an agency may want from a vendor before it pays."""

    CONTRACT = "contract"
    TAX_FORM = "tax_form"
    LICENCE = "licence"
    INSURANCE = "insurance"
    IDENTITY = "identity"
