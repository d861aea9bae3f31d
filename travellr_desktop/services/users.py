"""People: the first admin, signing in and out, accounts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.money import decimals
from travellr_desktop.domain.periods import zone as zone_of
from travellr_desktop.domain.permissions import SYSTEM, Actor, Permission, Role, require
from travellr_desktop.domain.text import clean_email, clean_line, clean_name
from travellr_desktop.errors import InvalidInput, NotPermitted, SignInRefused, WrongState
from travellr_desktop.events import Change, UserChanged
from travellr_desktop.services import passwords
from travellr_desktop.services.authority import ApprovalKind, Authority, DeskAlone, refuse_unapproved
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Agency, Desk, SignInAttempts, ThisDesk, User
from travellr_desktop.storage.uow import Database, Reading, UnitOfWork

FREE_TRIES = 3
"""So many failures cost nothing but the try."""

LONGEST_WAIT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class FirstAdmin:
    """What the first start asks for. `zone` is an IANA name, `currency` what the agency's books are kept in."""

    name: str
    email: str
    password: str = field(repr=False)
    agency_name: str
    zone: str
    currency: str
    desk_name: str = "Desk 1"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """`must_change`: somebody else gave the password, and another has to be chosen before the work begins."""

    actor: Actor
    email: str
    last_signed_in_at: datetime | None
    must_change: bool = False


@dataclass(frozen=True, slots=True)
class UserRow:
    id: UUID
    name: str
    email: str
    role: Role
    vendor_id: UUID | None
    active: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewUser:
    """`must_change`: the password is only for the first sign-in."""

    name: str
    email: str
    password: str = field(repr=False)
    role: Role
    vendor_id: UUID | None = None
    must_change: bool = False


class UserService:
    def __init__(self, database: Database, authority: Authority | None = None) -> None:
        self._db = database
        self._authority = authority or DeskAlone()

    def needs_first_admin(self) -> bool:
        """Whether nobody can sign in yet."""
        with self._db.read() as view:
            return not view.users.any()

    def create_first_admin(self, form: FirstAdmin) -> SignedIn:
        """Set up the agency, its first desk and its admin. Raises `InvalidInput` naming the field,
        `WeakPassword`, `WrongState` where that was done before."""
        agency_name = clean_line(form.agency_name, "agency_name", 120)
        desk_name = clean_line(form.desk_name, "desk_name", 120)
        zone_of(form.zone)
        decimals(form.currency)
        draft = _checked(NewUser(form.name, form.email, form.password, Role.ADMIN))
        kept = passwords.hash_password(form.password)
        with self._db.write(Commit.AGENCY_SETUP, SYSTEM) as work:
            if work.users.any() or work.agency.find() is not None:
                raise WrongState("The agency is set up already.", hint="Sign in.")
            desk_id = new_id()
            # first, so that the triggers know where to write down what follows
            work.session.add(ThisDesk(one=1, desk_id=desk_id, incarnation=uuid4(), next_op=1))
            work.session.flush()
            work.session.add(Desk(id=desk_id, number=1, name=desk_name))
            work.session.add(Agency(name=agency_name, zone=form.zone, currency=form.currency))
            user = self._add(work, draft, kept, new_id())
            work.commit()
        return SignedIn(_actor(user), user.email, None)

    def sign_in(self, email: str, password: str) -> SignedIn:
        """Raises `SignInRefused`; after three failures each further one doubles the wait, to 15 minutes. It is
        never said whether the email or the password was wrong."""
        return self._sign_in(email, password, "The email or the password is not right.")

    def _sign_in(self, email: str, password: str, wrong: str) -> SignedIn:
        address = clean_line(email[:254], "email", 254, required=False).casefold()
        with self._db.read() as view:
            self._wait(view, address)
            user = view.users.find_by_email(address)
            kept = user.password_hash if user is not None and user.active else None
            user_id = user.id if user is not None else None
            last = view.journal.last_of("user", user.id, "user.sign_in") if user is not None else None
        # halves of characters cannot be hashed
        password = password.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        ok, renewed = passwords.verify_password(password, kept) if kept is not None else (False, None)
        if kept is None:
            passwords.dummy_verify(password)  # as long as for somebody who exists
        if not ok or user_id is None:
            raise self._failed(address, wrong)
        with self._db.write(Commit.SIGN_IN, SYSTEM) as work:
            user = work.users.get(user_id)
            if not user.active or user.password_hash != kept:  # while the password was being looked at
                raise SignInRefused(wrong)
            if renewed is not None and not self._db.of_vendor:
                user.password_hash = renewed
            work.users.clear_attempts(address)
            work.actor = _actor(user)
            work.audit("user.sign_in", "user", user.id)
            work.commit()
        # a vendor's file takes no other password: it is given at a desk of the agency
        return SignedIn(_actor(user), user.email, last, user.must_change and not self._db.of_vendor)

    def verify(self, actor: Actor, password: str) -> None:
        """Unlock: the same person, the same rules. Raises `SignInRefused`."""
        with self._db.read() as view:
            email = self._own(view, actor).email
        self._sign_in(email, password, "The password is not right.")

    def may_go_on(self, actor: Actor) -> bool:
        """Whether the account is still what it was when the person signed in: there, active, in the same role."""
        with self._db.read() as view:
            user = view.users.find_by_id(actor.user_id) if actor.user_id is not None else None
            return user is not None and user.active and _actor(user).role is actor.role

    def sign_out(self, actor: Actor) -> None:
        """Write down that the person left."""
        require(actor, Permission.USER_SIGN_OUT)
        if actor.user_id is None or self._db.of_vendor:
            return
        with self._db.write(Commit.USER_SAVE, actor) as work:
            work.audit("user.sign_out", "user", actor.user_id)
            work.commit()

    def register(self, actor: Actor, draft: NewUser) -> UserRow:
        """Add a person. Raises `InvalidInput`, `WeakPassword`, `NotFound` for their vendor."""
        require(actor, Permission.USER_REGISTER)
        clean = _checked(draft)
        kept, user_id = passwords.hash_password(draft.password), new_id()
        self._approve(actor, user_id)
        with self._db.write(Commit.USER_SAVE, actor) as work:
            if work.users.exists(clean.email):
                raise InvalidInput("Somebody signs in with this email already.", field="email")
            if clean.vendor_id is not None:
                work.vendors.get(clean.vendor_id)
            user = self._add(work, clean, kept, user_id)
            work.commit()
        return _row(user)

    def find_by_id(self, actor: Actor, user_id: UUID) -> UserRow:
        """Oneself, or anybody with the permission for it. Raises `NotFound`."""
        require(actor, Permission.USER_READ)
        self._own_or(actor, user_id)
        with self._db.read() as view:
            return _row(view.users.get(user_id))

    def find_all(self, actor: Actor, page: int = 1, limit: int = 50) -> tuple[tuple[UserRow, ...], int]:
        """A page of people, from 1, and how many there are in all."""
        require(actor, Permission.ADMIN_USERS)
        with self._db.read() as view:
            rows, total = view.users.find_all(page, limit)
            return tuple(_row(row) for row in rows), total

    def update(
        self,
        actor: Actor,
        user_id: UUID,
        *,
        name: str | None = None,
        password: str | None = None,
        role: Role | None = None,
    ) -> UserRow:
        """Change a person; None leaves a thing as it is. Nobody changes their own role. Raises `InvalidInput`,
        `WeakPassword`, `NotPermitted`, `NotFound`."""
        require(actor, Permission.USER_UPDATE)
        self._own_or(actor, user_id)
        if role is not None:
            require(actor, Permission.USERS_WRITE)
        fresh_name = clean_name(name) if name is not None else None
        kept = self._hashed(user_id, fresh_name, password) if password is not None else None
        self._approve(actor, user_id)
        with self._db.write(Commit.USER_SAVE, actor) as work:
            user = work.users.get(user_id)
            if role is not None and role is not user.role:
                if user_id == actor.user_id:
                    raise NotPermitted("Nobody changes their own role.", hint="Ask another admin.")
                if Role.VENDOR in (role, user.role):
                    raise InvalidInput(
                        "A vendor's account stays a vendor's.", field="role", hint="Make a new one."
                    )
                _refuse_last_admin(work, user)
                user.role = role
            if fresh_name is not None:
                user.name = fresh_name
            if kept is not None:
                user.password_hash, user.must_change = kept, False
            self._changed(work, user, "user.update", Change.UPDATED)
            work.commit()
        return _row(user)

    def reset_password(self, actor: Actor, user_id: UUID, password: str) -> UserRow:
        """Give somebody a password for their next sign-in, at which they choose their own; the wait after failed tries
        ends. Raises `WeakPassword`, `NotFound`, `NotPermitted` for oneself."""
        require(actor, Permission.USERS_WRITE)
        if user_id == actor.user_id:
            raise NotPermitted("One's own password is changed under Settings.", hint="Open Settings, You.")
        kept = self._hashed(user_id, None, password)
        self._approve(actor, user_id)
        with self._db.write(Commit.USER_SAVE, actor) as work:
            user = work.users.get(user_id)
            user.password_hash, user.must_change = kept, True
            work.users.clear_attempts(user.email)
            self._changed(work, user, "user.reset", Change.UPDATED)
            work.commit()
        return _row(user)

    def choose_password(self, email: str, given: str, password: str) -> SignedIn:
        """Take the place of a password that somebody else gave: at the door, before the work begins. Raises
        `SignInRefused`, `WeakPassword`, `InvalidInput` for the same again."""
        signed_in = self.sign_in(email, given)
        if given == password:
            raise InvalidInput(
                "This is the password you were given.", field="password", hint="Choose another."
            )
        assert signed_in.actor.user_id is not None
        kept = self._hashed(signed_in.actor.user_id, None, password)
        with self._db.write(Commit.USER_SAVE, signed_in.actor) as work:
            user = work.users.get(signed_in.actor.user_id)
            user.password_hash, user.must_change = kept, False
            self._changed(work, user, "user.update", Change.UPDATED)
            work.commit()
        return SignedIn(signed_in.actor, signed_in.email, signed_in.last_signed_in_at)

    def reactivate(self, actor: Actor, user_id: UUID) -> UserRow:
        """The person may sign in again, with the password they had. Raises `NotFound`."""
        require(actor, Permission.USERS_WRITE)
        self._approve(actor, user_id)
        with self._db.write(Commit.USER_SAVE, actor) as work:
            user = work.users.get(user_id)
            user.active = True
            self._changed(work, user, "user.reactivate", Change.UPDATED)
            work.commit()
        return _row(user)

    def delete(self, actor: Actor, user_id: UUID) -> None:
        """The person cannot sign in any more; what they did stays under their name. Raises `NotFound`, `NotPermitted`
        for oneself."""
        require(actor, Permission.USER_DELETE)
        if user_id == actor.user_id:
            raise NotPermitted("Nobody removes themselves.", hint="Ask another admin.")
        self._approve(actor, user_id)
        with self._db.write(Commit.USER_SAVE, actor) as work:
            user = work.users.get(user_id)
            _refuse_last_admin(work, user)
            user.active = False
            self._changed(work, user, "user.deactivate", Change.REMOVED)
            work.commit()

    # within

    def _approve(self, actor: Actor, user_id: UUID) -> None:
        """Other people's accounts are changed by one's own login. Raises `WaitsForCentral`, `NotPermitted`."""
        if actor.user_id not in (None, user_id):
            assert actor.user_id is not None
            refuse_unapproved(self._authority.approve(ApprovalKind.USER, user_id, actor.user_id))

    def _hashed(self, user_id: UUID, fresh_name: str | None, password: str) -> str:
        """A new password as it is kept. Hashing takes long by design: never inside a transaction."""
        with self._db.read() as view:
            user = view.users.get(user_id)
        passwords.check_password(password, email=user.email, name=fresh_name or user.name)
        return passwords.hash_password(password)

    def _add(self, work: UnitOfWork, draft: NewUser, kept: str, user_id: UUID) -> User:
        user = User(
            id=user_id,
            email=draft.email,
            name=draft.name,
            role=draft.role,
            vendor_id=draft.vendor_id,
            password_hash=kept,
            must_change=draft.must_change,
            active=True,
            created_at=work.now,
        )
        work.users.save(user)
        self._changed(work, user, "user.register", Change.CREATED)
        return user

    @staticmethod
    def _changed(work: UnitOfWork, user: User, action: str, change: Change) -> None:
        work.users.update(user)
        work.audit(action, "user", user.id, role=user.role.value)
        work.publish(UserChanged(aggregate_id=user.id, timestamp=work.now, change=change))

    @staticmethod
    def _wait(view: Reading, address: str) -> None:
        attempts = view.users.attempts(address)
        if attempts is None:
            return
        left = (attempts.not_before - view.clock.now()).total_seconds()
        if left > 0:
            seconds = int(left) + 1
            # the window counts the seconds down itself
            raise SignInRefused("Too many tries.", wait_seconds=seconds, hint="Check Caps Lock meanwhile.")

    def _failed(self, address: str, wrong: str) -> SignInRefused:
        with self._db.write(Commit.SIGN_IN_FAIL, SYSTEM) as work:
            attempts = work.users.attempts(address)
            if attempts is None:
                attempts = SignInAttempts(email=address, failures=0, not_before=work.now)
                work.session.add(attempts)
            attempts.failures += 1
            over = attempts.failures - FREE_TRIES
            wait = min(timedelta(seconds=2 ** min(over, 12)), LONGEST_WAIT) if over >= 0 else timedelta(0)
            attempts.not_before = work.now + wait
            work.commit()
        return SignInRefused(wrong, wait_seconds=int(wait.total_seconds()))

    @staticmethod
    def _own(view: Reading, actor: Actor) -> User:
        if actor.user_id is None:
            raise NotPermitted("Nobody is signed in.", hint="Sign in.")
        return view.users.get(actor.user_id)

    @staticmethod
    def _own_or(actor: Actor, user_id: UUID) -> None:
        if user_id != actor.user_id:
            require(actor, Permission.USERS_WRITE)


def _checked(draft: NewUser) -> NewUser:
    email = clean_email(draft.email).casefold()
    name = clean_name(draft.name)
    passwords.check_password(draft.password, email=email, name=name)
    if (draft.role is Role.VENDOR) != (draft.vendor_id is not None):
        raise InvalidInput("A vendor's person belongs to a vendor.", field="role")
    return NewUser(name, email, draft.password, draft.role, draft.vendor_id, draft.must_change)


def _refuse_last_admin(work: UnitOfWork, user: User) -> None:
    if user.role is Role.ADMIN and user.active and work.users.count_admins() == 1:
        raise WrongState(f"{user.name} is the only admin.", hint="Make somebody else an admin first.")


def _actor(user: User) -> Actor:
    return Actor(user.id, user.name, user.role, user.vendor_id)


def _row(user: User) -> UserRow:
    return UserRow(user.id, user.name, user.email, user.role, user.vendor_id, user.active, user.created_at)
