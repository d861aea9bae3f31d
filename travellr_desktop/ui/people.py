"""What the window needs of the service of people. Written as protocols, so that the first painted window has not
waited for the services to be imported."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from travellr_desktop.domain.permissions import Actor


class SignedIn(Protocol):
    """The answer to a sign-in."""

    @property
    def actor(self) -> Actor: ...

    @property
    def email(self) -> str: ...

    @property
    def last_signed_in_at(self) -> datetime | None: ...


class NewAgency(Protocol):
    """What the first start asks for. `currency` by its ISO 4217 code, `zone` by its IANA name."""

    @property
    def name(self) -> str: ...

    @property
    def email(self) -> str: ...

    @property
    def password(self) -> str: ...

    @property
    def agency_name(self) -> str: ...

    @property
    def zone(self) -> str: ...

    @property
    def currency(self) -> str: ...


class People(Protocol):
    """Called in the background only. All may raise `Refusal`."""

    def needs_first_admin(self) -> bool:
        """Whether nobody can sign in yet."""
        ...

    def create_first_admin(self, first: NewAgency, /) -> SignedIn:
        """Raises `InvalidInput` (`WeakPassword`) whose `field` is one of `NewAgency`."""
        ...

    def sign_in(self, email: str, password: str) -> SignedIn:
        """Raises `SignInRefused`, with the seconds until the next try."""
        ...

    def verify(self, actor: Actor, password: str) -> object:
        """The password of the person who locked the window; raises `SignInRefused`."""
        ...

    def sign_out(self, actor: Actor) -> object: ...
