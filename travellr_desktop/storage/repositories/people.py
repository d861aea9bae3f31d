"""Agency and users."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from travellr_desktop.domain.permissions import SYSTEM, Role
from travellr_desktop.domain.ways import PaymentsKind, ProfileKind
from travellr_desktop.errors import StorageRefusal
from travellr_desktop.storage.models import (
    Agency,
    Desk,
    NumberSeries,
    SignInAttempts,
    ThisDesk,
    User,
)
from travellr_desktop.storage.repositories.base import Repository

BLOCK = 999_999
"""How many numbers a desk alone may give out in a year of a series: six digits."""


class AgencyRepository:
    """The agency, this desk, and the numbers it gives out."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def find(self) -> Agency | None:
        """The agency, or None before it was set up."""
        return self.session.scalar(select(Agency).limit(1))

    def get(self) -> Agency:
        """The agency. Raises `StorageRefusal` before it was set up."""
        agency = self.find()
        if agency is None:
            raise StorageRefusal(
                "No agency has been set up in this profile.", hint="Start the program's window once."
            )
        return agency

    def has_hub(self) -> bool:
        """Whether this desk is one of several, which meet in a central database."""
        return self.session.scalar(select(ThisDesk.hub_id)) is not None

    def numbers(self, desk_id: UUID) -> Sequence[NumberSeries]:
        """The blocks of numbers that a desk was ever given."""
        return self.session.scalars(
            select(NumberSeries).where(NumberSeries.desk_id == desk_id).order_by(NumberSeries.first)
        ).all()

    def this_desk(self) -> Desk:
        """The desk whose file this is. Raises `StorageRefusal` before the agency was set up."""
        return self._this_desk

    @cached_property
    def _this_desk(self) -> Desk:
        desk = self.session.scalar(select(Desk).join(ThisDesk, ThisDesk.desk_id == Desk.id))
        if desk is None:
            raise StorageRefusal("This file belongs to no desk.", hint="Start the program's window once.")
        return desk

    def payments_kind(self) -> PaymentsKind | None:
        """Where the card payments of this file have gone; None where none was taken yet."""
        return self.session.scalar(select(ThisDesk.payments_kind))

    def pin_payments_kind(self, kind: PaymentsKind) -> None:
        """From the first card payment on; the database refuses another kind later."""
        self.session.execute(update(ThisDesk).values(payments_kind=kind))

    def profile_kind(self) -> ProfileKind:
        """What this machine is for; the only one of its agency before anything else was said."""
        return self.session.scalar(select(ThisDesk.profile_kind)) or ProfileKind.STANDALONE

    def set_profile_kind(self, kind: ProfileKind) -> None:
        self.session.execute(update(ThisDesk).values(profile_kind=kind))


class UserRepository(Repository[User]):
    model = User
    word = "person"

    def find_by_email(self, email: str) -> User | None:
        """Who signs in with `email`; case does not matter."""
        return self.session.scalar(select(User).where(User.email == email.strip().casefold()))

    def exists(self, email: str) -> bool:
        return self.find_by_email(email) is not None

    def any(self) -> bool:
        """Whether anybody can sign in at all."""
        return self.session.scalar(select(User.id).limit(1)) is not None

    def count_admins(self) -> int:
        """Admins who can sign in."""
        query = select(func.count()).where(User.role == Role.ADMIN, User.active)
        return self.session.scalar(query) or 0

    def attempts(self, email: str) -> SignInAttempts | None:
        """The failures that still count against `email`."""
        return self.session.get(SignInAttempts, email.strip().casefold())

    def clear_attempts(self, email: str) -> None:
        self.session.execute(delete(SignInAttempts).where(SignInAttempts.email == email.strip().casefold()))

    def names(self, user_ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
        """Who did what, by name: of each id that is given. None is the program itself."""
        ids = {user_id for user_id in user_ids if user_id is not None}
        query = select(User.id, User.name).where(User.id.in_(ids))
        return {None: SYSTEM.name} | {row.id: row.name for row in self.session.execute(query)}
