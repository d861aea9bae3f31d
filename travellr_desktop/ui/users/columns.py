"""The list of people: its columns, filters and words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from travellr_desktop.domain.permissions import Role
from travellr_desktop.services.lists import UserListRow
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.tables import Choice, Column, Kind, ListFilter, ListWords


def say(text: str) -> str:
    return QCoreApplication.translate("Users", text)


ROLES: dict[Role, tuple[str, str]] = {
    Role.AGENT: ("Agent", "Sells, changes, cancels and gives money back."),
    Role.MANAGER: ("Manager", "Also trips, departures, discounts above the limit, the audit trail."),
    Role.ADMIN: ("Admin", "Also people, settings and keys: everything."),
    Role.VENDOR: ("Vendor", "Sees the bookings of one vendor's departures and nothing else."),
}
"""What a role is called, and what it may do."""


def list_words() -> ListWords:
    return ListWords(
        say("Users"),
        say("people"),
        "users",
        say("Everybody who may sign in is listed here."),
        first_action=say("New person"),
    )


def status(row: UserListRow) -> str:
    """The badge of a person."""
    if not row.active:
        return "cancelled"
    return "requested" if row.must_change else "confirmed"


def status_word(row: UserListRow) -> str:
    if not row.active:
        return say("Deactivated")
    return say("Password given") if row.must_change else say("Active")


def user_columns(formats: Formats) -> tuple[Column[UserListRow], ...]:
    def last(row: UserListRow) -> str:
        return formats.when(row.last_signed_in, formats.zone) if row.last_signed_in else "–"

    return (
        Column("name", say("Name"), lambda row: row.name, width=160, stretch=2, strong=True),
        Column("email", say("Email"), lambda row: row.email, width=200, stretch=2),
        Column("role", say("Role"), lambda row: say(ROLES[row.role][0]), width=88),
        Column("vendor", say("Vendor"), lambda row: row.vendor or "–", width=140, stretch=1),
        Column("status", say("Status"), status_word, Kind.BADGE, badge=status, width=128),
        Column("last", say("Last signed in"), last, Kind.DATE, width=140, descending_first=True),
    )


def user_filters() -> tuple[ListFilter, ...]:
    return (
        ListFilter(
            "active",
            say("Status"),
            (Choice(True, say("May sign in")), Choice(False, say("Deactivated"))),
            many=False,
            pinned=True,
        ),
        ListFilter(
            "role",
            say("Role"),
            tuple(Choice(role.value, say(words)) for role, (words, _) in ROLES.items()),
            pinned=True,
        ),
    )
