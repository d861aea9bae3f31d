"""A key is tried before it is taken, one that may do too much is refused, one that ends is said and loses nothing."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from helpers.books import charged, refund_states
from helpers.clock import HandClock
from helpers.desk import Desk, desk_again, desk_at, no_wait
from helpers.keyrings import needs_secret_service, secret_service
from helpers.keys import LIVE_KEY, OTHER_TEST_KEY, SECRET_KEY, TEST_KEY, answered, rolled
from helpers.raw import dump, rows, value
from travellr_desktop.app import open_program
from travellr_desktop.domain.key_trouble import KeyTrouble
from travellr_desktop.domain.states import RefundState
from travellr_desktop.domain.ways import PaymentsKind, ProfileKind, Way
from travellr_desktop.errors import (
    InvalidInput,
    NotPermitted,
    OtherPaymentsKind,
    Refusal,
    SettingsInvalid,
    WrongState,
)
from travellr_desktop.events import SettingsChanged
from travellr_desktop.payments.gateway import GatewayUnreachable, KeyRefused, KeyTooStrong
from travellr_desktop.payments.sandbox.access import DESK_KEY, OFFICE_KEY, READ_ONLY_KEY
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.secrets import Place, SecretName, SecretStore, system_keyring
from travellr_desktop.services.vault import VaultDamaged, VaultShut, VaultState
from travellr_desktop.storage.commits import Commit

KEY = SecretName.STRIPE_API_KEY
WORDS, OTHER = "lanterns over the quay", "an olive and two capers"
LIVE_DESK_KEY = DESK_KEY.replace("_test_", "_live_")


@pytest.fixture(autouse=True)
def _none_is_rolled() -> Iterator[None]:
    yield
    rolled.clear()


def kept(desk: Desk) -> str | None:
    return desk.services.secrets.read(KEY)


# what a key can do


def test_what_a_key_can_do_and_what_it_lacks_is_shown(desk: Desk) -> None:
    assert desk.services.provider.view(desk.admin).powers == ()
    view = desk.services.provider.set_key(desk.admin, DESK_KEY)
    assert view.profile is ProfileKind.STANDALONE
    assert view.missing == ("transfers", "balance")
    can = [each.power for each in view.powers if each.has]
    assert can == ["payments", "links", "customers", "readers", "refunds"]
    assert all(each.needs for each in view.powers)
    assert view.trouble is None


@pytest.mark.parametrize(
    ("profile", "key", "excess"),
    [
        (ProfileKind.DESK, OFFICE_KEY, "transfers and balance"),
        (ProfileKind.DESK, READ_ONLY_KEY, "balance"),
        (ProfileKind.DESK, SECRET_KEY, "may do everything"),
        (ProfileKind.OFFICE, SECRET_KEY, "may do everything"),
        (ProfileKind.STANDALONE, SECRET_KEY, "may do everything"),
    ],
)
def test_a_key_that_can_do_more_than_the_profile_is_refused_by_the_names_of_its_powers(
    profile: ProfileKind, key: str, excess: str, desk: Desk
) -> None:
    desk.services.provider.set_profile(desk.admin, profile)
    before = dump(desk.database.path)
    with pytest.raises(KeyTooStrong, match=excess) as refused:
        desk.services.provider.set_key(desk.admin, key)
    assert key not in str(refused.value) + refused.value.hint
    assert (kept(desk), desk.services.is_sandbox) == (None, True)
    assert dump(desk.database.path) == before


@pytest.mark.parametrize(
    ("profile", "key"),
    [(ProfileKind.DESK, DESK_KEY), (ProfileKind.OFFICE, OFFICE_KEY), (ProfileKind.STANDALONE, OFFICE_KEY)],
)
def test_a_key_of_the_profiles_kind_lacks_nothing(profile: ProfileKind, key: str, desk: Desk) -> None:
    desk.services.provider.set_profile(desk.admin, profile)
    view = desk.services.provider.set_key(desk.admin, key)
    assert (view.profile, view.missing, view.kind) == (profile, (), PaymentsKind.TEST)


def test_a_key_that_the_provider_does_not_know_is_not_taken(desk: Desk) -> None:
    rolled.add(TEST_KEY)
    with pytest.raises(KeyRefused, match="does not accept"):
        desk.services.provider.set_key(desk.admin, TEST_KEY)
    assert (kept(desk), desk.services.is_sandbox) == (None, True)


def test_a_key_that_cannot_be_tried_is_not_taken(desk: Desk) -> None:
    with desk.sandbox() as sandbox:
        sandbox.arm(Operation.INTENT_CANCEL, FaultKind.UNREACHABLE, times=9)
    with pytest.raises(GatewayUnreachable):
        desk.services.provider.set_key(desk.admin, TEST_KEY)
    assert (kept(desk), desk.services.is_sandbox) == (None, True)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("pk_test_51Shown", "publishable"),
        ("whsec_51Hook", "webhook"),
        ("4242424242424242", "cannot be understood"),
        ("https://dashboard.stripe.com", "cannot be understood"),
    ],
)
def test_what_is_no_key_is_told_for_what_it_is(text: str, says: str, desk: Desk) -> None:
    with pytest.raises(SettingsInvalid, match=says) as refused:
        desk.services.provider.set_key(desk.admin, text)
    assert text not in str(refused.value)


# live and test


@pytest.mark.parametrize(("first", "second"), [(TEST_KEY, LIVE_KEY), (LIVE_KEY, TEST_KEY)])
def test_live_and_test_are_never_mixed(first: str, second: str, desk: Desk) -> None:
    desk.services.provider.set_key(desk.admin, first)
    with desk.database.write(Commit.PAYMENT_CREATE, desk.admin) as work:
        work.agency.pin_payments_kind(desk.services.provider.kind)
        work.commit()
    with pytest.raises(OtherPaymentsKind):
        desk.services.provider.set_key(desk.admin, second)
    assert kept(desk) == first


# what the machine is for


def test_a_machine_is_the_only_one_until_something_else_is_said(desk: Desk) -> None:
    provider = desk.services.provider
    assert provider.view(desk.agent).profile is ProfileKind.STANDALONE
    assert provider.set_profile(desk.admin, ProfileKind.DESK).profile is ProfileKind.DESK
    assert provider.view(desk.agent).profile is ProfileKind.DESK
    ((detail,),) = rows(desk.database.path, "SELECT detail FROM audit WHERE detail LIKE '%profile_kind%'")
    assert '"desk"' in str(detail)
    with pytest.raises(NotPermitted):
        provider.set_profile(desk.agent, ProfileKind.OFFICE)


def test_a_kind_that_the_key_in_use_is_too_strong_for_is_not_chosen(desk: Desk) -> None:
    provider = desk.services.provider
    provider.set_key(desk.admin, OFFICE_KEY)
    with pytest.raises(KeyTooStrong, match="transfers and balance") as refused:
        provider.set_profile(desk.admin, ProfileKind.DESK)
    assert refused.value.hint.startswith("Enter a key first")
    assert provider.view(desk.admin).profile is ProfileKind.STANDALONE
    provider.set_key(desk.admin, DESK_KEY)
    view = provider.set_profile(desk.admin, ProfileKind.DESK)
    assert (view.profile, view.missing) == (ProfileKind.DESK, ())


def test_the_kind_is_kept_for_the_next_start(desk: Desk, clock: HandClock) -> None:
    desk.services.provider.set_profile(desk.admin, ProfileKind.OFFICE)
    with desk_again(desk.profile.folder, clock) as again:
        assert again.services.provider.view(again.admin).profile is ProfileKind.OFFICE


@needs_secret_service
def test_a_key_in_a_real_keyring_is_there_at_the_next_start(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with secret_service(tmp_path / "ring") as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        desk.services.secrets._keyring = system_keyring("linux")
        view = desk.services.provider.set_key(desk.admin, TEST_KEY)
        assert (view.where, view.lasts) == ("in the system keyring (Secret Service)", True)
        gateways = answered(desk.profile.sandbox, sleep=no_wait)
        program = open_program(desk.profile, clock=desk.clock, ask_keyring=True, gateways=gateways)
        with closing(program):
            again = program.services.provider
            assert (again.kind, again.trouble()) == (PaymentsKind.TEST, None)
            view = again.set_key(desk.admin, OTHER_TEST_KEY, Place.VAULT, WORDS)
            assert view.where == "in the vault of this profile"
        assert desk.services.secrets._in_keyring(KEY) is None  # it lies in one place only


@needs_secret_service
def test_a_keyring_that_is_locked_and_stays_so_is_waited_for_no_longer_than_its_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import secretstorage

    with secret_service(tmp_path / "ring") as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        secrets = SecretStore("/desk", {}, system_keyring("linux"))
        secrets.write(KEY, TEST_KEY)
        with closing(secretstorage.dbus_init()) as bus:
            secretstorage.get_default_collection(bus).lock()
        with warnings.catch_warnings():  # the library leaves its connection open when it is refused
            warnings.simplefilter("ignore", ResourceWarning)
            assert secrets.read(KEY) is None
            assert secrets.write(KEY, OTHER_TEST_KEY) == "kept for this session only"
            gc.collect()


# a key that was never tried


def test_a_key_of_the_environment_that_is_too_strong_stops_being_used(tmp_path: Path) -> None:
    with desk_at(tmp_path, stripe_api_key=SecretStr(SECRET_KEY)) as desk:
        provider = desk.services.provider
        assert "may do everything" in provider.try_key()
        view = provider.view(desk.agent)
        assert view.trouble is KeyTrouble.TOO_STRONG
        assert "Nothing was sent to Stripe" in view.said
        assert [each.way for each in desk.services.sales.ways(desk.agent)] == [Way.CASH]
        refused = desk.sold(desk.add_departure(), adult=1)
        assert refused.refusal is not None
        assert "may do everything" in refused.refusal.sentence
        assert charged(desk) == (0, 0)
        assert provider.try_key() == "there is no key to try"
        assert provider.set_key(desk.admin, OFFICE_KEY).trouble is None
        assert Way.CARD in [each.way for each in desk.services.sales.ways(desk.agent)]


def test_a_key_that_became_too_strong_is_taken_up_again_when_the_kind_allows_it(tmp_path: Path) -> None:
    with desk_at(tmp_path, stripe_api_key=SecretStr(OFFICE_KEY)) as desk:
        provider = desk.services.provider
        with desk.database.write(Commit.PAYMENT_CREATE, desk.admin) as work:
            work.agency.set_profile_kind(ProfileKind.DESK)
            work.commit()
        provider.try_key()
        assert provider.trouble() is KeyTrouble.TOO_STRONG
        view = provider.set_profile(desk.admin, ProfileKind.OFFICE)
        assert (view.trouble, view.missing) == (None, ())


def test_a_key_that_is_right_is_only_looked_at(tmp_path: Path) -> None:
    with desk_at(tmp_path, stripe_api_key=SecretStr(DESK_KEY)) as desk:
        before = dump(desk.database.path)
        assert desk.services.provider.try_key() == "2 powers are missing"
        assert dump(desk.database.path) == before
        assert desk.services.provider.view(desk.agent).missing == ("transfers", "balance")


def test_in_the_sandbox_there_is_nothing_to_try(desk: Desk) -> None:
    assert desk.services.provider.try_key() == "there is no key to try"


# a key that ends


def test_a_key_that_was_rolled_is_said_at_the_first_call_and_nothing_is_lost(
    desk: Desk, clock: HandClock
) -> None:
    provider = desk.services.provider
    heard: list[SettingsChanged] = []
    provider.set_key(desk.admin, TEST_KEY)
    booking = desk.sold(desk.add_departure(), adult=2).bookings[0].id
    subscription = desk.services.bus.subscribe(SettingsChanged, heard.append)
    rolled.add(TEST_KEY)
    refused = desk.sold(desk.add_departure(), adult=1)
    assert refused.refusal is not None
    assert refused.refusal.code == "KeyRefused"
    assert provider.trouble() is KeyTrouble.REFUSED
    assert len(heard) == 1
    desk.cancel(booking)
    assert refund_states(desk, booking) == [(RefundState.APPROVED, 9000)]
    assert charged(desk) == (9000, 0)
    assert provider.set_key(desk.admin, OTHER_TEST_KEY).trouble is None
    clock.forward(timedelta(hours=2))
    desk.services.payments.recover()
    assert refund_states(desk, booking) == [(RefundState.COMPLETED, 9000)]
    assert charged(desk) == (9000, 9000)
    assert desk.services.check.run().problems == ()
    subscription.cancel()


def test_a_key_that_is_taken_again_is_no_trouble_any_more(desk: Desk) -> None:
    provider = desk.services.provider
    provider.set_key(desk.admin, TEST_KEY)
    rolled.add(TEST_KEY)
    with pytest.raises(KeyRefused):
        provider.try_key()
    assert provider.view(desk.agent).trouble is KeyTrouble.REFUSED
    rolled.clear()
    provider.try_key()
    assert provider.view(desk.agent).trouble is None


# the vault


def test_a_key_in_the_vault_waits_for_its_passphrase_at_the_next_start(desk: Desk, clock: HandClock) -> None:
    view = desk.services.provider.set_key(desk.admin, TEST_KEY, Place.VAULT, WORDS)
    assert (view.where, view.vault, view.lasts) == ("in the vault of this profile", VaultState.OPEN, True)
    with desk_again(desk.profile.folder, clock) as again:
        services = again.services
        assert (services.is_sandbox, services.provider.kind) == (False, PaymentsKind.TEST)
        assert services.provider.trouble() is KeyTrouble.LOCKED
        assert services.vault.state(again.agent) is VaultState.LOCKED
        refused = again.sold(again.add_departure(), adult=1)
        assert refused.refusal is not None
        assert refused.refusal.sentence.startswith("The payment key is locked away")
        with pytest.raises(VaultShut):
            services.vault.unlock(again.agent, OTHER)
        view = services.vault.unlock(again.agent, WORDS)
        assert (view.trouble, view.vault, view.kind) == (None, VaultState.OPEN, PaymentsKind.TEST)
        assert view.missing == ()
        assert again.sold(again.add_departure(), adult=1).refusal is None


def test_a_locked_vault_never_leads_to_the_sandbox(desk: Desk, clock: HandClock) -> None:
    """The naive program finds no key, and takes the first real card into the sandbox."""
    desk.services.provider.set_key(desk.admin, LIVE_DESK_KEY, Place.VAULT, WORDS)
    with desk_again(desk.profile.folder, clock) as again:
        assert again.services.provider.kind is PaymentsKind.LIVE
        with pytest.raises(InvalidInput, match="here the money is real"):
            again.sold(again.add_departure(), adult=1)
        assert value(again.database.path, "SELECT payments_kind FROM this_desk") in (None, "live")
        assert charged(again) == (0, 0)


def test_a_damaged_vault_never_leads_to_the_sandbox_either(desk: Desk, clock: HandClock) -> None:
    desk.services.provider.set_key(desk.admin, TEST_KEY, Place.VAULT, WORDS)
    file = desk.profile.vault
    file.write_bytes(file.read_bytes()[:-30])
    with desk_again(desk.profile.folder, clock) as again:
        assert not again.services.is_sandbox
        view = again.services.provider.view(again.admin)
        assert (view.trouble, view.vault) == (KeyTrouble.LOCKED, VaultState.DAMAGED)
        with pytest.raises(VaultDamaged):
            again.services.vault.unlock(again.agent, WORDS)
        view = again.services.vault.discard(again.admin)
        assert (view.kind, view.trouble, view.vault) == (PaymentsKind.SANDBOX, None, VaultState.NONE)
        assert not file.exists()


def test_only_an_admin_changes_the_passphrase_or_throws_the_vault_away(desk: Desk, clock: HandClock) -> None:
    desk.services.provider.set_key(desk.admin, TEST_KEY, Place.VAULT, WORDS)
    vault = desk.services.vault
    with pytest.raises(NotPermitted):
        vault.change_passphrase(desk.agent, WORDS, OTHER)
    with pytest.raises(NotPermitted):
        vault.discard(desk.agent)
    with pytest.raises(VaultShut):
        vault.change_passphrase(desk.admin, OTHER, "something else entirely")
    vault.change_passphrase(desk.admin, WORDS, OTHER)
    with desk_again(desk.profile.folder, clock) as again:
        assert again.services.vault.unlock(again.agent, OTHER).trouble is None
    query = (
        "SELECT action FROM audit WHERE action LIKE 'vault.%' OR action LIKE 'payments.key%' ORDER BY at, id"
    )
    assert [action for (action,) in rows(desk.database.path, query)] == [
        "payments.key_set",
        "vault.passphrase",
        "payments.key_taken_up",
    ]


def test_a_vault_that_is_thrown_away_leaves_a_profile_that_waits_for_a_key(desk: Desk) -> None:
    desk.services.provider.set_key(desk.admin, TEST_KEY, Place.VAULT, WORDS)
    desk.sold(desk.add_departure(), adult=1)
    view = desk.services.vault.discard(desk.admin)
    assert (view.kind, view.trouble) == (PaymentsKind.TEST, KeyTrouble.MISSING)
    assert desk.services.provider.set_key(desk.admin, OTHER_TEST_KEY).trouble is None


def test_no_second_key_is_put_into_a_locked_vault(desk: Desk, clock: HandClock) -> None:
    desk.services.provider.set_key(desk.admin, TEST_KEY, Place.VAULT, WORDS)
    with desk_again(desk.profile.folder, clock) as again:
        with pytest.raises(WrongState, match="not open"):
            again.services.provider.set_key(again.admin, OTHER_TEST_KEY, Place.VAULT)
        assert again.services.provider.set_key(again.admin, OTHER_TEST_KEY).trouble is None
        assert again.services.provider.view(again.admin).where == "kept for this session only"


@pytest.mark.parametrize("weak", ["", "short"])
def test_with_a_weak_passphrase_no_key_is_taken(weak: str, desk: Desk) -> None:
    with pytest.raises(Refusal) as refused:
        desk.services.provider.set_key(desk.admin, TEST_KEY, Place.VAULT, weak)
    assert refused.value.field == "passphrase"
    assert (kept(desk), desk.services.is_sandbox, desk.profile.vault.exists()) == (None, True, False)
