"""Who may do what: one table from role to permissions, asked by every service call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from travellr_desktop.errors import InvalidInput, NotFound, NotPermitted


class Role(StrEnum):
    AGENT = "agent"
    VENDOR = "vendor"
    MANAGER = "manager"
    ADMIN = "admin"


class Permission(StrEnum):
    # people
    USER_REGISTER = "user.register"
    USER_SIGN_IN = "user.sign_in"
    USER_SIGN_OUT = "user.sign_out"
    USER_READ = "user.read"
    USER_UPDATE = "user.update"
    USER_DELETE = "user.delete"
    USERS_WRITE = "users.write"  # anybody's account: roles, activation, a new password
    # selling
    HOLD_CREATE = "hold.create"
    BOOKING_CREATE = "booking.create"
    BOOKING_READ = "booking.read"
    BOOKING_UPDATE = "booking.update"
    BOOKING_CANCEL = "booking.cancel"
    BOOKING_OVERBOOK = "booking.overbook"  # sell more seats than there are
    POLICY_OVERRIDE = "policy.override"  # give back more than the policy does
    DISCOUNT_GIVE = "discount.give"
    DISCOUNT_ABOVE = "discount.above"  # more than the agency's limit
    PAYMENT_CREATE = "payment.create"
    PAYMENT_READ = "payment.read"
    PAYMENT_REFUND = "payment.refund"
    DEBT_WRITE_OFF = "debt.write_off"  # give up what a traveller owes
    REFUND_APPROVE = "refund.approve"  # what somebody else wants to give back above the agency's limit
    TILL_KEEP = "till.keep"  # open it, count it, close it, move what is in it
    TILL_BEYOND = "till.beyond"  # pay out more than the agency's limit; to the bank, or of its own funds
    INVOICE_ISSUE = "invoice.issue"  # invoices and credit notes
    TRAVELLER_READ = "traveller.read"
    TRAVELLER_WRITE = "traveller.write"
    DOCUMENT_PRINT = "document.print"
    # what is sold
    DEPARTURE_READ = "departure.read"
    DEPARTURE_CHECK_IN = "departure.check_in"
    DEPARTURE_COMPLETE = "departure.complete"
    CATALOGUE_WRITE = "catalogue.write"
    # the office
    ADMIN_USERS = "admin.users"
    ADMIN_BOOKINGS = "admin.bookings"
    ADMIN_ANALYTICS = "admin.analytics"
    ACTIVITY_READ = "activity.read"
    AUDIT_READ = "audit.read"
    LEDGER_READ = "ledger.read"
    LEDGER_CORRECT = "ledger.correct"  # post what puts a difference right, or explain it
    DISPUTE_READ = "dispute.read"
    EARNINGS_READ = "earnings.read"  # what a vendor has earned and was paid; statements: a vendor, their own
    PAYOUT_READ = "payout.read"
    PAYOUT_PREPARE = "payout.prepare"  # drafts, who is left out, adjustments
    PAYOUT_APPROVE = "payout.approve"
    PAYOUT_RUN = "payout.run"  # send what was approved, try again, take back
    VENDOR_MONEY = "vendor.money"  # rates, accounts, minimums, schedules, papers
    SETTINGS_WRITE = "settings.write"
    SYNC_READ = "sync.read"  # how this desk and the others stand to the central database
    SYNC_WRITE_OFF = "sync.write_off"  # take a silent desk's seats back
    SYNC_SETTLE = "sync.settle"  # decide where two desks wrote the same, or the hub did not take what one did


_VENDOR = frozenset(
    {
        Permission.USER_SIGN_IN,
        Permission.USER_SIGN_OUT,
        Permission.USER_READ,
        Permission.BOOKING_READ,
        Permission.DEPARTURE_READ,
        Permission.EARNINGS_READ,
    }
)

_AGENT = frozenset(
    {
        Permission.USER_SIGN_IN,
        Permission.USER_SIGN_OUT,
        Permission.USER_READ,
        Permission.USER_UPDATE,
        Permission.HOLD_CREATE,
        Permission.BOOKING_CREATE,
        Permission.BOOKING_READ,
        Permission.BOOKING_UPDATE,
        Permission.BOOKING_CANCEL,
        Permission.DISCOUNT_GIVE,
        Permission.DEPARTURE_CHECK_IN,
        Permission.DEPARTURE_COMPLETE,
        Permission.PAYMENT_CREATE,
        Permission.PAYMENT_READ,
        Permission.PAYMENT_REFUND,
        Permission.TILL_KEEP,
        Permission.INVOICE_ISSUE,
        Permission.TRAVELLER_READ,
        Permission.TRAVELLER_WRITE,
        Permission.DOCUMENT_PRINT,
        Permission.DEPARTURE_READ,
        Permission.ACTIVITY_READ,
        Permission.SYNC_READ,
    }
)

_MANAGER = _AGENT | {
    Permission.CATALOGUE_WRITE,
    Permission.BOOKING_OVERBOOK,
    Permission.POLICY_OVERRIDE,
    Permission.REFUND_APPROVE,
    Permission.DEBT_WRITE_OFF,
    Permission.DISCOUNT_ABOVE,
    Permission.TILL_BEYOND,
    Permission.ADMIN_BOOKINGS,
    Permission.ADMIN_ANALYTICS,
    Permission.AUDIT_READ,
    Permission.LEDGER_READ,
    Permission.LEDGER_CORRECT,
    Permission.DISPUTE_READ,
    Permission.EARNINGS_READ,
    Permission.PAYOUT_READ,
    Permission.PAYOUT_PREPARE,
    Permission.PAYOUT_APPROVE,
    Permission.PAYOUT_RUN,
    Permission.VENDOR_MONEY,
    Permission.SYNC_SETTLE,
    Permission.SYNC_WRITE_OFF,
}

PERMISSIONS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.VENDOR: _VENDOR,
        Role.AGENT: _AGENT,
        Role.MANAGER: _MANAGER,
        Role.ADMIN: frozenset(Permission),
    }
)
"""What each role may do. A vendor reads, and only what belongs to them: see `vendor_scope`."""

# how a refusal names them: "An agent may not ..."
WORDS: Mapping[Permission, str] = MappingProxyType(
    {
        Permission.USER_REGISTER: "add people",
        Permission.USER_SIGN_IN: "sign in",
        Permission.USER_SIGN_OUT: "sign out",
        Permission.USER_READ: "see people's accounts",
        Permission.USER_UPDATE: "change their account",
        Permission.USER_DELETE: "remove people",
        Permission.USERS_WRITE: "change other people's accounts",
        Permission.HOLD_CREATE: "hold seats",
        Permission.BOOKING_CREATE: "sell trips",
        Permission.BOOKING_READ: "see bookings",
        Permission.BOOKING_UPDATE: "change bookings",
        Permission.BOOKING_CANCEL: "cancel bookings",
        Permission.BOOKING_OVERBOOK: "sell more seats than there are",
        Permission.POLICY_OVERRIDE: "go beyond the cancellation policy",
        Permission.DISCOUNT_GIVE: "give a discount",
        Permission.DISCOUNT_ABOVE: "give a discount above the agency's limit",
        Permission.PAYMENT_CREATE: "take payments",
        Permission.PAYMENT_READ: "see payments",
        Permission.PAYMENT_REFUND: "give money back",
        Permission.REFUND_APPROVE: "approve refunds",
        Permission.DEBT_WRITE_OFF: "write debts off",
        Permission.TILL_KEEP: "keep the till",
        Permission.TILL_BEYOND: "take so much, or for this, out of the till",
        Permission.INVOICE_ISSUE: "issue invoices",
        Permission.TRAVELLER_READ: "see travellers",
        Permission.TRAVELLER_WRITE: "change travellers",
        Permission.DOCUMENT_PRINT: "print documents",
        Permission.DEPARTURE_READ: "see departures",
        Permission.DEPARTURE_CHECK_IN: "check travellers in",
        Permission.DEPARTURE_COMPLETE: "complete departures or record a no-show",
        Permission.CATALOGUE_WRITE: "change trips and departures",
        Permission.ADMIN_USERS: "manage people",
        Permission.ADMIN_BOOKINGS: "manage everybody's bookings",
        Permission.ADMIN_ANALYTICS: "see the analytics",
        Permission.ACTIVITY_READ: "see the activity",
        Permission.AUDIT_READ: "read the audit trail",
        Permission.LEDGER_READ: "read the ledger",
        Permission.LEDGER_CORRECT: "put the books right",
        Permission.DISPUTE_READ: "read disputes",
        Permission.EARNINGS_READ: "see what vendors earn",
        Permission.PAYOUT_READ: "see payouts",
        Permission.PAYOUT_PREPARE: "prepare payouts",
        Permission.PAYOUT_APPROVE: "approve payouts",
        Permission.PAYOUT_RUN: "send payouts",
        Permission.VENDOR_MONEY: "change how vendors are paid",
        Permission.SETTINGS_WRITE: "change the settings",
        Permission.SYNC_READ: "see the desks of the agency",
        Permission.SYNC_WRITE_OFF: "write off the seats of a silent desk",
        Permission.SYNC_SETTLE: "settle what waits in the inbox",
    }
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `user_id` is None for the program itself. A vendor has a `vendor_id`, nobody else does."""

    user_id: UUID | None
    name: str
    role: Role
    vendor_id: UUID | None = None

    def __post_init__(self) -> None:
        if (self.role is Role.VENDOR) != (self.vendor_id is not None):
            raise InvalidInput(
                "A vendor's account belongs to a vendor, and no other account does.", field="role"
            )


SYSTEM = Actor(user_id=None, name="Travellr", role=Role.ADMIN)
"""The program itself: recovery, schedules, the first start."""


def allowed(role: Role, permission: Permission) -> bool:
    return permission in PERMISSIONS[role]


def require(actor: Actor, permission: Permission) -> None:
    """Raises `NotPermitted` unless the actor's role has the permission."""
    if not allowed(actor.role, permission):
        who = "An" if actor.role.value[0] in "aeiou" else "A"
        raise NotPermitted(f"{who} {actor.role.value} may not {WORDS[permission]}.")


def vendor_scope(actor: Actor) -> UUID | None:
    """The one vendor whose rows the actor may read, or None for staff, who may read all.

    Every query on rows with a vendor takes this as a filter.
    """
    return actor.vendor_id


def require_own(actor: Actor, vendor_id: UUID, what: str) -> None:
    """Raises `NotFound` if the row belongs to another vendor. `what` it is called where it is not there at all: the
    same words are said of both, so that nobody learns which is which."""
    if actor.vendor_id is not None and actor.vendor_id != vendor_id:
        raise NotFound(f"There is no such {what}.")
