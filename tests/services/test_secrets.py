"""Secrets: which place is asked first, and what happens where there is no keyring or it stays shut."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.keyrings import LockedKeyring, MemoryKeyring, needs_secret_service, secret_service
from travellr_desktop.config import load_settings
from travellr_desktop.errors import InvalidInput, SettingsInvalid, WrongState
from travellr_desktop.paths import Profile
from travellr_desktop.services.secrets import (
    Place,
    SecretName,
    SecretStore,
    open_secrets,
    system_keyring,
)
from travellr_desktop.services.vault import Cost, Vault, VaultDamaged, VaultShut, VaultState

KEY = SecretName.STRIPE_API_KEY
MAIL = SecretName.MAIL_PASSWORD
WORDS = "lanterns over the quay"


def store(keyring: MemoryKeyring | LockedKeyring | None = None, **environment: str) -> SecretStore:
    return SecretStore("/desk", {SecretName(name): value for name, value in environment.items()}, keyring)


def test_a_secret_that_nobody_set_is_none() -> None:
    secrets = store()
    assert secrets.read(KEY) is None
    assert secrets.where(KEY) == "not set"


def test_the_keyring_comes_before_the_environment() -> None:
    keyring = MemoryKeyring()
    secrets = store(keyring, STRIPE_API_KEY="sk_test_env")
    assert secrets.read(KEY) == "sk_test_env"
    assert secrets.where(KEY) == "from the environment (STRIPE_API_KEY)"
    assert secrets.write(KEY, "sk_test_ring") == "in the system keyring (MemoryKeyring)"
    assert secrets.read(KEY) == "sk_test_ring"
    secrets.forget(KEY)
    assert secrets.read(KEY) == "sk_test_env"
    assert keyring.kept == {}


def test_the_keyring_outlives_the_program() -> None:
    keyring = MemoryKeyring()
    store(keyring).write(MAIL, "a password")
    assert store(keyring).read(MAIL) == "a password"


def test_profiles_do_not_see_each_others_secrets() -> None:
    keyring = MemoryKeyring()
    SecretStore("/one", {}, keyring).write(KEY, "sk_test_one")
    assert SecretStore("/two", {}, keyring).read(KEY) is None


def test_without_a_keyring_a_secret_is_kept_for_this_session_only() -> None:
    secrets = store(None, STRIPE_API_KEY="sk_test_env")
    assert "for this session only" in secrets.place()
    assert secrets.write(KEY, " sk_test_typed ") == "kept for this session only"
    assert secrets.read(KEY) == "sk_test_typed"
    assert store(None).read(KEY) is None
    secrets.forget(KEY)
    assert secrets.read(KEY) == "sk_test_env"


def test_a_keyring_that_stays_locked_gives_way_to_the_session() -> None:
    secrets = store(LockedKeyring(), STRIPE_API_KEY="sk_test_env")
    assert secrets.read(KEY) == "sk_test_env"
    assert secrets.write(KEY, "sk_test_typed") == "kept for this session only"
    assert secrets.read(KEY) == "sk_test_typed"
    secrets.forget(KEY)
    assert secrets.read(KEY) == "sk_test_env"


def test_forgetting_what_was_never_there_is_nothing() -> None:
    secrets = store(MemoryKeyring())
    secrets.forget(KEY)
    assert secrets.where(KEY) == "not set"


@pytest.mark.parametrize("value", ["", "   ", "x" * 1001])
def test_an_empty_or_absurd_secret_is_refused(value: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        store().write(MAIL, value)
    assert refused.value.field == "MAIL_PASSWORD"


def test_a_key_that_is_none_of_stripes_is_refused_and_not_kept() -> None:
    secrets = store(MemoryKeyring())
    with pytest.raises(SettingsInvalid):
        secrets.write(KEY, "pk_live_123")
    assert secrets.where(KEY) == "not set"


def test_the_environments_secrets_are_taken_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STRIPE_API_KEY", "sk_test_1")
    monkeypatch.setenv("REDIS_PASSWORD", "r")
    secrets = open_secrets(Profile.at(tmp_path), load_settings(), keyring=None)
    assert secrets.read(KEY) == "sk_test_1"
    assert secrets.read(SecretName.REDIS_PASSWORD) == "r"
    assert secrets.read(MAIL) is None


def test_where_no_secret_service_answers_there_is_no_keyring() -> None:
    assert system_keyring("linux") is None


def test_another_systems_keyring_is_never_taken_here() -> None:
    assert system_keyring("darwin") is None
    assert system_keyring("win32") is None


# the vault


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "keys.vault"


def vaulted(
    file: Path, keyring: MemoryKeyring | LockedKeyring | None = None, **environment: str
) -> SecretStore:
    vault = Vault(file, lock=file.with_name("vault.lock"), cost=Cost(memory=64, passes=1))
    given = {SecretName(name): value for name, value in environment.items()}
    return SecretStore("/desk", given, keyring, vault)


def test_a_vault_is_made_by_the_first_secret_that_is_put_in(file: Path) -> None:
    secrets = vaulted(file)
    assert secrets.places == (Place.VAULT, Place.SESSION)
    assert secrets.best() is Place.SESSION
    where = secrets.write(KEY, "rk_test_1", Place.VAULT, passphrase=WORDS, label="test")
    assert where == "in the vault of this profile"
    assert (secrets.best(), secrets.lasts) == (Place.VAULT, True)
    assert secrets.read(KEY) == "rk_test_1"
    secrets.write(MAIL, "a password")  # for no place in particular: the vault is in use
    again = vaulted(file)
    again.unlock(WORDS)
    assert (again.read(KEY), again.read(MAIL)) == ("rk_test_1", "a password")


def test_behind_a_locked_vault_there_is_nothing_and_no_other_key_takes_its_place(file: Path) -> None:
    vaulted(file).write(KEY, "rk_live_1", Place.VAULT, passphrase=WORDS, label="live")
    keyring = MemoryKeyring()
    keyring.set_password("travellr-desktop", "STRIPE_API_KEY /desk", "rk_test_old")
    secrets = vaulted(file, keyring, STRIPE_API_KEY="sk_test_env", MAIL_PASSWORD="m")
    assert secrets.read(KEY) is None
    assert (secrets.locked(KEY), secrets.label(KEY)) == (True, "live")
    assert secrets.where(KEY) == "in the vault of this profile, which is locked"
    assert not secrets.entered(KEY)
    assert secrets.read(MAIL) == "m"  # that one is not in it
    with pytest.raises(VaultShut):
        secrets.unlock("something else entirely")
    secrets.unlock(WORDS)
    assert secrets.read(KEY) == "rk_live_1"


@pytest.mark.parametrize("place", [Place.KEYRING, Place.SESSION])
def test_a_key_that_is_moved_lies_in_one_place_only(place: Place, file: Path) -> None:
    keyring = MemoryKeyring()
    secrets = vaulted(file, keyring)
    secrets.write(KEY, "rk_test_1", place)
    secrets.write(KEY, "rk_test_2", Place.VAULT, passphrase=WORDS)
    assert keyring.kept == {}
    assert secrets.where(KEY) == "in the vault of this profile"
    secrets.write(KEY, "rk_test_3", place)
    assert secrets.read(KEY) == "rk_test_3"
    again = vaulted(file)
    again.unlock(WORDS)
    assert again.read(KEY) is None


def test_what_is_forgotten_is_in_no_place_any_more(file: Path) -> None:
    keyring = MemoryKeyring()
    secrets = vaulted(file, keyring)
    secrets.write(KEY, "rk_test_1", Place.VAULT, passphrase=WORDS)
    secrets.forget(KEY)
    assert (secrets.read(KEY), secrets.label(KEY), keyring.kept) == (None, "", {})


@pytest.mark.parametrize("weak", ["", "short", "passphrase123"])
def test_a_weak_passphrase_makes_no_vault(weak: str, file: Path) -> None:
    secrets = vaulted(file)
    with pytest.raises(InvalidInput) as refused:
        secrets.write(KEY, "rk_test_1", Place.VAULT, passphrase=weak)
    assert refused.value.field == "passphrase"
    assert not file.exists()
    assert secrets.read(KEY) is None


def test_nothing_is_put_into_a_locked_vault_nor_into_a_keyring_there_is_not(file: Path) -> None:
    vaulted(file).write(KEY, "rk_test_1", Place.VAULT, passphrase=WORDS)
    secrets = vaulted(file)
    with pytest.raises(WrongState):
        secrets.write(KEY, "rk_test_2", Place.VAULT)
    with pytest.raises(InvalidInput):
        secrets.write(KEY, "rk_test_2", Place.KEYRING)
    with pytest.raises(InvalidInput):
        store().write(KEY, "rk_test_2", Place.VAULT, passphrase=WORDS)


def test_a_vault_that_cannot_be_written_gives_way_to_the_session(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    secrets = vaulted(file)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", full)
        assert secrets.write(KEY, "rk_test_1", Place.VAULT, passphrase=WORDS) == "kept for this session only"
    assert secrets.read(KEY) == "rk_test_1"


def test_a_damaged_vault_holds_everything_back(file: Path) -> None:
    vaulted(file).write(KEY, "rk_test_1", Place.VAULT, passphrase=WORDS)
    file.write_bytes(file.read_bytes()[:-20])
    secrets = vaulted(file, STRIPE_API_KEY="sk_test_env")
    assert secrets.vault_state() is VaultState.DAMAGED
    assert (secrets.read(KEY), secrets.locked(KEY), secrets.label(KEY)) == (None, True, "")
    with pytest.raises(VaultDamaged):
        secrets.unlock(WORDS)
    secrets.discard_vault()
    assert secrets.read(KEY) == "sk_test_env"


def test_the_passphrase_is_changed_only_for_a_strong_one(file: Path) -> None:
    secrets = vaulted(file)
    secrets.write(KEY, "rk_test_1", Place.VAULT, passphrase=WORDS)
    with pytest.raises(InvalidInput) as refused:
        secrets.change_passphrase(WORDS, "short")
    assert refused.value.field == "fresh"
    secrets.change_passphrase(WORDS, "an olive and two capers")
    again = vaulted(file)
    again.unlock("an olive and two capers")
    assert again.read(KEY) == "rk_test_1"


# a real Secret Service


@needs_secret_service
def test_a_real_secret_service_keeps_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with secret_service(tmp_path / "ring") as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        secrets = SecretStore("/desk", {}, system_keyring("linux"))
        assert secrets.places == (Place.KEYRING, Place.SESSION)
        assert secrets.write(KEY, "sk_test_real") == "in the system keyring (Secret Service)"
        assert SecretStore("/desk", {}, system_keyring("linux")).read(KEY) == "sk_test_real"
        assert SecretStore("/other", {}, system_keyring("linux")).read(KEY) is None
        assert secrets.write(KEY, "rk_test_rolled") == "in the system keyring (Secret Service)"
        assert SecretStore("/desk", {}, system_keyring("linux")).read(KEY) == "rk_test_rolled"
        secrets.forget(KEY)
        assert secrets.read(KEY) is None
        secrets.forget(KEY)


@needs_secret_service
def test_the_keyring_on_the_disk_does_not_show_what_it_keeps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = tmp_path / "ring"
    with secret_service(ring) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        SecretStore("/desk", {}, system_keyring("linux")).write(KEY, "sk_test_unseen")
        kept = [each.read_bytes() for each in ring.rglob("*.keyring")]
    assert kept
    assert not any(b"unseen" in each for each in kept)


@needs_secret_service
def test_a_secret_service_that_went_away_gives_way_to_the_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with secret_service(tmp_path / "ring") as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        secrets = SecretStore("/desk", {}, system_keyring("linux"))
        secrets.write(KEY, "sk_test_kept")
    assert secrets.read(KEY) is None
    assert secrets.write(KEY, "sk_test_typed") == "kept for this session only"
    assert secrets.read(KEY) == "sk_test_typed"
