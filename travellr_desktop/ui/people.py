"""What the window needs of the service of people. Written as protocols, so that the first painted window has not
waited for the services to be imported."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from travellr_desktop.domain.permissions import Actor

if TYPE_CHECKING:
    from travellr_desktop.services.central.door import Arrived, Found, Progress, SignIn
    from travellr_desktop.services.users import FirstAdmin


class SignedIn(Protocol):
    """The answer to a sign-in."""

    @property
    def actor(self) -> Actor: ...

    @property
    def email(self) -> str: ...

    @property
    def last_signed_in_at(self) -> datetime | None: ...

    @property
    def must_change(self) -> bool:
        """Whether another password has to be chosen first."""
        ...


class People(Protocol):
    """Called in the background only. All may raise `Refusal`."""

    def needs_first_admin(self) -> bool:
        """Whether nobody can sign in yet."""
        ...

    def create_first_admin(self, form: FirstAdmin, /) -> SignedIn:
        """Raises `InvalidInput` (`WeakPassword`) whose `field` is one of the form's."""
        ...

    def sign_in(self, email: str, password: str) -> SignedIn:
        """Raises `SignInRefused`, with the seconds until the next try."""
        ...

    def choose_password(self, email: str, given: str, password: str) -> SignedIn:
        """Instead of the one that was given; raises `SignInRefused`, `InvalidInput` (`WeakPassword`)."""
        ...

    def verify(self, actor: Actor, password: str) -> object:
        """The password of the person who locked the window; raises `SignInRefused`."""
        ...

    def sign_out(self, actor: Actor) -> object: ...

    def may_go_on(self, actor: Actor) -> bool:
        """Whether the account is still what it was when the person signed in."""
        ...


class Newcomer(Protocol):
    """How a profile in which nobody can sign in yet becomes a desk of an agency with a central database. Called in the
    background only; both raise a `Refusal` that names the field at fault."""

    def try_as_new(self, sign_in: SignIn, /) -> Found:
        """Who answers there; changes nothing."""
        ...

    def come_as_new(self, sign_in: SignIn, progress: Progress, /) -> Arrived:
        """Take everything from there; the window then opens another file. `progress` may raise `Cancelled`."""
        ...


class HasPeople(Protocol):
    """The program's services. Asking for `users` may open the database."""

    @property
    def users(self) -> People: ...


class HasCentral(Protocol):
    """The program's services, as `HasPeople`."""

    @property
    def central(self) -> Newcomer: ...


class LateNewcomer:
    """As `LatePeople`."""

    def __init__(self, services: HasCentral) -> None:
        self._services = services

    def try_as_new(self, sign_in: SignIn, /) -> Found:
        return self._services.central.try_as_new(sign_in)

    def come_as_new(self, sign_in: SignIn, progress: Progress, /) -> Arrived:
        return self._services.central.come_as_new(sign_in, progress)


class LatePeople:
    """The people of services that are opened when they are first asked: in the background, never before."""

    def __init__(self, services: HasPeople) -> None:
        self._services = services

    def needs_first_admin(self) -> bool:
        return self._services.users.needs_first_admin()

    def create_first_admin(self, form: FirstAdmin, /) -> SignedIn:
        return self._services.users.create_first_admin(form)

    def sign_in(self, email: str, password: str) -> SignedIn:
        return self._services.users.sign_in(email, password)

    def choose_password(self, email: str, given: str, password: str) -> SignedIn:
        return self._services.users.choose_password(email, given, password)

    def verify(self, actor: Actor, password: str) -> object:
        return self._services.users.verify(actor, password)

    def sign_out(self, actor: Actor) -> object:
        return self._services.users.sign_out(actor)

    def may_go_on(self, actor: Actor) -> bool:
        return self._services.users.may_go_on(actor)
