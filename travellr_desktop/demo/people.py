"""Who can sign in to the demonstration agency. Every one of them has the same password."""

from __future__ import annotations

from dataclasses import dataclass

from travellr_desktop.demo.data import DemoData
from travellr_desktop.domain.permissions import Role

PASSWORD = "perast-by-boat"
"""No secret: everything behind it is made up, and no money moves."""


@dataclass(frozen=True, slots=True)
class DemoSignIn:
    """With these somebody signs in."""

    email: str
    password: str


def sign_in_of(data: DemoData, role: Role) -> DemoSignIn:
    """The first person in that role."""
    return DemoSignIn(next(person.email for person in data.agency.people if person.role is role), PASSWORD)
