"""Signing in and out, and people's accounts."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import uuid4

import bcrypt
import pytest

from helpers.books import ops
from helpers.clock import HandClock
from helpers.desk import ADMIN, AGENT, PASSWORD, Desk
from helpers.raw import value
from travellr_desktop.domain.permissions import SYSTEM, Actor, Role
from travellr_desktop.errors import (
    InvalidInput,
    NotFound,
    NotPermitted,
    SignInRefused,
    WeakPassword,
    WrongState,
)
from travellr_desktop.services import passwords
from travellr_desktop.services.users import FirstAdmin, NewUser
from travellr_desktop.storage.commits import Commit

NEW = "a boat with seven sails"


def test_sign_in_says_who_it_is_and_when_they_were_last_there(desk: Desk, clock: HandClock) -> None:
    first = desk.services.users.sign_in(f"  {AGENT.upper()} ", PASSWORD)
    assert (first.actor, first.last_signed_in_at) == (desk.agent, None)
    then = clock.now()
    clock.forward(timedelta(hours=1))
    assert desk.services.users.sign_in(AGENT, PASSWORD).last_signed_in_at == then


@pytest.mark.parametrize("email", [AGENT, "nobody@travellr.example"])
def test_it_is_never_said_which_of_the_two_was_wrong(email: str, desk: Desk) -> None:
    with pytest.raises(SignInRefused, match=r"^The email or the password is not right\.$"):
        desk.services.users.sign_in(email, "not the password")


@pytest.mark.parametrize("email", [AGENT, "nobody@travellr.example"])
def test_each_failure_after_the_third_doubles_the_wait(email: str, desk: Desk, clock: HandClock) -> None:
    waits = []
    for _ in range(14):
        with pytest.raises(SignInRefused) as refused:
            desk.services.users.sign_in(email, "not the password")
        waits.append(refused.value.wait_seconds)
        clock.forward(timedelta(seconds=refused.value.wait_seconds))
    assert waits == [0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]


def test_too_soon_is_refused_even_with_the_right_password(desk: Desk, clock: HandClock) -> None:
    for _ in range(4):
        with pytest.raises(SignInRefused) as refused:
            desk.services.users.sign_in(AGENT, "not the password")
        clock.forward(timedelta(seconds=refused.value.wait_seconds))
    clock.forward(-timedelta(seconds=1))
    before = ops(desk)
    with pytest.raises(SignInRefused) as refused:
        desk.services.users.sign_in(AGENT, PASSWORD)
    assert refused.value.wait_seconds >= 1
    assert ops(desk) == before
    clock.forward(timedelta(seconds=1))
    desk.services.users.sign_in(AGENT, PASSWORD)
    with pytest.raises(SignInRefused) as refused:  # what was before counts no more
        desk.services.users.sign_in(AGENT, "not the password")
    assert refused.value.wait_seconds == 0


def test_a_bcrypt_hash_is_taken_over_at_the_first_sign_in(desk: Desk) -> None:
    old = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
    with desk.database.write(Commit.USER_SAVE, SYSTEM) as work:
        user = work.users.find_by_email(AGENT)
        assert user is not None
        user.password_hash = old
        work.commit()
    for _ in range(2):
        desk.services.users.sign_in(AGENT, PASSWORD)
        kept = value(desk.profile.database, "SELECT password_hash FROM users WHERE email = ?", AGENT)
        assert kept.startswith("$argon2id$")


def test_unlocking_asks_the_same_person(desk: Desk) -> None:
    desk.services.users.verify(desk.agent, PASSWORD)
    with pytest.raises(SignInRefused, match=r"^The password is not right\.$"):
        desk.services.users.verify(desk.agent, "not the password")
    with pytest.raises(NotPermitted):
        desk.services.users.verify(SYSTEM, PASSWORD)


def test_who_was_removed_does_not_sign_in(desk: Desk) -> None:
    assert desk.agent.user_id is not None
    desk.services.users.delete(desk.admin, desk.agent.user_id)
    with pytest.raises(SignInRefused):
        desk.services.users.sign_in(AGENT, PASSWORD)


@pytest.mark.parametrize("meanwhile", ["removed", "given another password"])
def test_what_happens_while_a_password_is_looked_at_counts(
    desk: Desk, meanwhile: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An old hash is looked at, which takes a moment, and would be renewed."""
    old = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
    agent = desk.agent.user_id
    assert agent is not None
    with desk.database.write(Commit.USER_SAVE, SYSTEM) as work:
        work.users.get(agent).password_hash = old
        work.commit()
    look = passwords.verify_password

    def looked_at(password: str, kept: str) -> tuple[bool, str | None]:
        if meanwhile == "removed":
            desk.services.users.delete(desk.admin, agent)
        else:
            desk.services.users.reset_password(desk.admin, agent, NEW)
        return look(password, kept)

    with monkeypatch.context() as patch:
        patch.setattr(passwords, "verify_password", looked_at)
        with pytest.raises(SignInRefused):
            desk.services.users.sign_in(AGENT, PASSWORD)
    if meanwhile != "removed":
        assert desk.services.users.sign_in(AGENT, NEW).must_change


def test_a_person_of_a_vendor_who_is_not_there(desk: Desk) -> None:
    draft = NewUser("Petar Ilić", "petar@travellr.example", PASSWORD, Role.VENDOR, uuid4())
    with pytest.raises(NotFound):
        desk.services.users.register(desk.admin, draft)


def test_nobody_removes_or_promotes_themselves(desk: Desk) -> None:
    assert desk.admin.user_id is not None
    with pytest.raises(NotPermitted):
        desk.services.users.delete(desk.admin, desk.admin.user_id)
    with pytest.raises(NotPermitted):
        desk.services.users.update(desk.admin, desk.admin.user_id, role=Role.AGENT)


def test_an_agent_changes_their_own_account_and_no_other(desk: Desk) -> None:
    assert desk.agent.user_id is not None
    assert desk.admin.user_id is not None
    row = desk.services.users.update(desk.agent, desk.agent.user_id, name="Ana V.", password=NEW)
    assert row.name == "Ana V."
    desk.services.users.sign_in(AGENT, NEW)
    with pytest.raises(SignInRefused):
        desk.services.users.sign_in(AGENT, PASSWORD)
    with pytest.raises(NotPermitted):
        desk.services.users.update(desk.agent, desk.admin.user_id, name="X")
    with pytest.raises(NotPermitted):
        desk.services.users.update(desk.agent, desk.agent.user_id, role=Role.ADMIN)
    with pytest.raises(NotPermitted):
        desk.services.users.find_by_id(desk.agent, desk.admin.user_id)


def test_a_weak_password_changes_nothing(desk: Desk) -> None:
    assert desk.agent.user_id is not None
    before = ops(desk)
    for weak in ("short", "password123", AGENT, "Ana Vuković"):
        with pytest.raises(WeakPassword):
            desk.services.users.update(desk.agent, desk.agent.user_id, password=weak)
    assert ops(desk) == before


def test_a_password_is_never_hashed_while_the_file_is_locked(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hashing takes long by design; other programs would wait for it."""
    assert desk.agent.user_id is not None
    hashing = passwords.hash_password
    written: list[str] = []

    def while_others_write(password: str) -> str:
        other = threading.Thread(target=lambda: written.append(desk.traveller().name))
        other.start()
        other.join(30)
        return hashing(password)

    monkeypatch.setattr(passwords, "hash_password", while_others_write)
    desk.services.users.update(desk.agent, desk.agent.user_id, password=NEW)
    draft = NewUser("Iva", "iva@travellr.example", "harbour lights at ten", Role.AGENT)
    desk.services.users.register(desk.admin, draft)
    assert len(written) == 2


def test_the_agency_is_set_up_once(desk: Desk) -> None:
    form = FirstAdmin("X", "x@travellr.example", NEW, "Another", "Europe/Berlin", "EUR")
    assert not desk.services.users.needs_first_admin()
    with pytest.raises(WrongState):
        desk.services.users.create_first_admin(form)


@pytest.mark.parametrize("email", [ADMIN, ADMIN.upper()])
def test_two_people_do_not_share_an_email(email: str, desk: Desk) -> None:
    before = ops(desk)
    with pytest.raises(InvalidInput) as refused:
        desk.services.users.register(desk.admin, NewUser("X", email, NEW, Role.AGENT))
    assert refused.value.field == "email"
    assert ops(desk) == before


def test_what_people_do_is_in_the_audit_trail(desk: Desk) -> None:
    desk.services.users.sign_in(AGENT, PASSWORD)
    desk.services.users.sign_out(desk.agent)
    newest = desk.services.activity.audit(desk.admin)[:2]
    assert [(entry.who, entry.action) for entry in newest] == [
        ("Ana Vuković", "user.sign_out"),
        ("Ana Vuković", "user.sign_in"),
    ]


def test_a_password_that_was_given_is_for_one_sign_in(desk: Desk) -> None:
    users = desk.services.users
    given = passwords.suggest()
    users.register(desk.admin, NewUser("Iva", "iva@travellr.example", given, Role.AGENT, must_change=True))
    assert users.sign_in("iva@travellr.example", given).must_change
    with pytest.raises(InvalidInput, match="the password you were given"):
        users.choose_password("iva@travellr.example", given, given)
    with pytest.raises(WeakPassword):
        users.choose_password("iva@travellr.example", given, "short")
    assert users.sign_in("iva@travellr.example", given).must_change
    assert not users.choose_password("iva@travellr.example", given, NEW).must_change
    assert not users.sign_in("iva@travellr.example", NEW).must_change
    with pytest.raises(SignInRefused):
        users.sign_in("iva@travellr.example", given)


def test_a_reset_ends_the_wait_and_asks_for_another_password(desk: Desk) -> None:
    users = desk.services.users
    assert desk.agent.user_id is not None
    for _ in range(4):
        with pytest.raises(SignInRefused):
            users.sign_in(AGENT, "not the password at all")
    users.reset_password(desk.admin, desk.agent.user_id, NEW)
    assert users.sign_in(AGENT, NEW).must_change
    with pytest.raises(NotPermitted):
        users.reset_password(desk.agent, desk.agent.user_id, NEW)
    assert desk.admin.user_id is not None
    with pytest.raises(NotPermitted, match="own password"):
        users.reset_password(desk.admin, desk.admin.user_id, NEW)


def test_somebody_who_left_may_come_back(desk: Desk) -> None:
    users = desk.services.users
    assert desk.agent.user_id is not None
    users.delete(desk.admin, desk.agent.user_id)
    assert not users.may_go_on(desk.agent)
    with pytest.raises(SignInRefused):
        users.sign_in(AGENT, PASSWORD)
    users.reactivate(desk.admin, desk.agent.user_id)
    assert users.may_go_on(desk.agent)
    assert users.sign_in(AGENT, PASSWORD).actor == desk.agent


def test_a_session_ends_with_the_role_it_began_with(desk: Desk) -> None:
    assert desk.agent.user_id is not None
    desk.services.users.update(desk.admin, desk.agent.user_id, role=Role.MANAGER)
    assert not desk.services.users.may_go_on(desk.agent)


def test_there_is_always_an_admin(desk: Desk) -> None:
    users = desk.services.users
    other = users.register(desk.admin, NewUser("Iva", "iva@travellr.example", NEW, Role.ADMIN))
    second = Actor(other.id, other.name, other.role)
    assert desk.admin.user_id is not None
    users.delete(second, desk.admin.user_id)
    users.reactivate(second, desk.admin.user_id)
    users.update(second, desk.admin.user_id, role=Role.AGENT)
    users.update(second, desk.admin.user_id, role=Role.MANAGER)
    mira = users.find_by_id(second, desk.admin.user_id)
    assert mira.role is Role.MANAGER
    boss = users.register(second, NewUser("Bo", "bo@travellr.example", NEW, Role.ADMIN))
    users.delete(Actor(boss.id, boss.name, boss.role), second.user_id or boss.id)
    with pytest.raises(WrongState, match="only admin"):
        users.update(SYSTEM, boss.id, role=Role.AGENT)
    with pytest.raises(WrongState, match="only admin"):
        users.delete(SYSTEM, boss.id)
