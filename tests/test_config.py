"""Settings: where they come from, which come first, and what is said of one that cannot be understood."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.guards import OWN_SETTINGS
from travellr_desktop.config import Settings, load_settings, profile_from
from travellr_desktop.errors import SettingsInvalid
from travellr_desktop.paths import Profile


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile.at(tmp_path)


def write(profile: Profile, text: str) -> None:
    profile.settings.write_text(text, encoding="utf-8")


def test_a_bare_machine_has_sensible_settings(profile: Profile) -> None:
    settings = load_settings(profile)
    assert settings.hold_minutes == 15
    assert settings.database is None
    assert settings.stripe_api_key is None
    assert settings.theme == "system"


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("REDIS_HOST", "cache", "redis_host"),
        ("REDIS_PORT", "6380", "redis_port"),
        ("REDIS_DB", "3", "redis_db"),
        ("MAIL_SERVER", "smtp", "mail_server"),
        ("MAIL_PORT", "25", "mail_port"),
        ("MAIL_USERNAME", "desk", "mail_username"),
        ("STRIPE_PUBLIC_KEY", "pk_test_1", "stripe_public_key"),
        ("TRAVELLR_HOLD_MINUTES", "20", "hold_minutes"),
        ("TRAVELLR_LOCALE", "sr_RS.UTF-8", "locale"),
        ("TRAVELLR_THEME", "dark", "theme"),
    ],
)
def test_each_name_in_the_environment_is_read(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, field: str
) -> None:
    monkeypatch.setenv(name, value)
    assert str(getattr(load_settings(), field)) == value.removesuffix(".UTF-8")


def test_the_environment_comes_before_the_file_and_the_file_before_the_default(
    monkeypatch: pytest.MonkeyPatch, profile: Profile
) -> None:
    write(profile, 'hold_minutes = 30\nlocale = "de_DE"\n')
    monkeypatch.setenv("TRAVELLR_HOLD_MINUTES", "45")
    settings = load_settings(profile)
    assert (settings.hold_minutes, settings.locale, settings.theme) == (45, "de_DE", "system")


def test_an_empty_variable_counts_as_none(monkeypatch: pytest.MonkeyPatch, profile: Profile) -> None:
    write(profile, "hold_minutes = 30")
    monkeypatch.setenv("TRAVELLR_HOLD_MINUTES", "")
    monkeypatch.setenv("DATABASE_URL", "")
    settings = load_settings(profile)
    assert (settings.hold_minutes, settings.database) == (30, None)


def test_a_variable_that_only_looks_like_a_setting_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("theme", "neon")
    monkeypatch.setenv("hold_minutes", "many")
    assert load_settings() == Settings()


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:////srv/desk/travellr.db", Path("/srv/desk/travellr.db")),
        ("sqlite+pysqlite:////srv/a%20b.db", Path("/srv/a b.db")),
        ("sqlite:///desk.db", Path("desk.db").absolute()),
    ],
)
def test_database_url_names_the_desks_own_file(monkeypatch: pytest.MonkeyPatch, url: str, path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    assert load_settings().database == path


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://desk:hunter2@hub/travellr",
        "mysql://hub/travellr",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:////srv/a.db?mode=ro",
        "travellr.db",
    ],
)
def test_any_other_database_is_refused_with_what_to_write(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(
        SettingsInvalid, match=r"^DATABASE_URL cannot be .+ sqlite:////folder/travellr\.db"
    ) as refused:
        load_settings()
    assert refused.value.field == "DATABASE_URL"
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        (
            "TRAVELLR_HOLD_MINUTES",
            "soon",
            "TRAVELLR_HOLD_MINUTES cannot be “soon”. Write a whole number of minutes",
        ),
        ("TRAVELLR_HOLD_MINUTES", "0", "from 1 to 240"),
        ("MAIL_PORT", "70000", "a whole number from 1 to 65535"),
        ("TRAVELLR_LOCALE", "klingon", "en_GB"),
        ("TRAVELLR_THEME", "neon", "system, light or dark"),
        ("STRIPE_PUBLIC_KEY", "abc", "pk_test_"),
    ],
)
def test_a_setting_that_cannot_be_understood_is_named_with_what_may_be_written(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsInvalid) as refused:
        load_settings()
    assert refused.value.field == name
    assert said in str(refused.value)


def test_a_bad_value_in_the_file_names_the_file(profile: Profile) -> None:
    write(profile, 'mail_port = "yes"')
    with pytest.raises(SettingsInvalid) as refused:
        load_settings(profile)
    assert refused.value.field == "mail_port"
    assert str(profile.settings) in str(refused.value)
    assert "“yes”" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hold_minuts = 3", "does not exist: hold_minuts"),
        ("hold_minutes = ", "cannot be read"),
        ("\x00", "cannot be read"),
        ('stripe_api_key = "sk_test_1"', "never kept in a file"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused(profile: Profile, text: str, said: str) -> None:
    write(profile, text)
    with pytest.raises(SettingsInvalid, match=said) as refused:
        load_settings(profile)
    assert "sk_test_1" not in str(refused.value)


@pytest.mark.parametrize("key", ["pk_live_abc123", "hello", "sk_prod_1", "sk_test_"])
def test_a_wrong_stripe_key_is_refused_and_never_shown(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("STRIPE_API_KEY", key)
    with pytest.raises(SettingsInvalid) as refused:
        load_settings()
    assert refused.value.field == "STRIPE_API_KEY"
    assert key not in str(refused.value).replace("sk_test_…", "")


def test_a_secret_is_never_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIPE_API_KEY", " sk_test_51secret ")
    settings = load_settings()
    assert "51secret" not in repr(settings) + settings.model_dump_json()
    assert settings.stripe_api_key is not None
    assert settings.stripe_api_key.get_secret_value() == "sk_test_51secret"


def test_the_profile_is_the_one_named_then_the_one_set_then_the_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert profile_from(None) == Profile.default()
    monkeypatch.setenv("TRAVELLR_PROFILE", str(tmp_path / "set"))
    assert profile_from(None).folder == tmp_path / "set"
    assert profile_from(tmp_path / "named").folder == tmp_path / "named"


def test_the_tests_shut_out_every_setting_there_is() -> None:
    names = {str(field.validation_alias) for field in Settings.model_fields.values()}
    assert names | {"TRAVELLR_PROFILE"} == set(OWN_SETTINGS)
