"""Secrets: which place is asked first, and what happens where there is no keyring or it stays shut."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.keyrings import LockedKeyring, MemoryKeyring, has_secret_service, secret_service
from travellr_desktop.config import load_settings
from travellr_desktop.errors import InvalidInput, SettingsInvalid
from travellr_desktop.paths import Profile
from travellr_desktop.services.secrets import SecretName, SecretStore, open_secrets, system_keyring

KEY = SecretName.STRIPE_API_KEY
MAIL = SecretName.MAIL_PASSWORD


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


@pytest.mark.skipif(not has_secret_service(), reason="gnome-keyring is not installed")
def test_a_real_secret_service_keeps_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with secret_service(tmp_path / "ring") as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        keyring = system_keyring("linux")
        secrets = SecretStore("/desk", {}, keyring)
        assert secrets.write(KEY, "sk_test_real") == "in the system keyring (Secret Service)"
        assert SecretStore("/desk", {}, system_keyring("linux")).read(KEY) == "sk_test_real"
        secrets.forget(KEY)
        assert secrets.read(KEY) is None
        secrets.forget(KEY)
