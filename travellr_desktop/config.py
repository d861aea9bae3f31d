"""Settings from the environment and from `settings.toml` in the profile; the environment comes first.

The names in the environment are those of the Travellr backend (`DATABASE_URL`, `STRIPE_API_KEY`, `REDIS_*`, `MAIL_*`)
and, for the desk's own, `TRAVELLR_*`. The file has the same settings in lower case, without `travellr_`, and no
secrets: those belong into the system keyring.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import unquote

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from travellr_desktop.errors import SettingsInvalid
from travellr_desktop.paths import Profile

_SQLITE = re.compile(r"sqlite(?:\+pysqlite)?:///(?P<path>.+)", re.DOTALL)
_SECRET_KEY = re.compile(r"(?:sk|rk)_(?:test|live)_[!-~]+")
_PUBLIC_KEY = re.compile(r"pk_(?:test|live)_[!-~]+")


def check_stripe_key(value: str) -> str:
    """A secret or restricted key of Stripe, spaces around it taken off.

    Raises `SettingsInvalid`, which never shows the value.
    """
    key = value.strip()
    if _PUBLIC_KEY.fullmatch(key):
        raise SettingsInvalid(
            "STRIPE_API_KEY holds the publishable key (pk_…). Write the secret one, which begins with sk_ or rk_.",
            field="STRIPE_API_KEY",
        )
    if key.startswith("whsec_"):
        raise SettingsInvalid(
            "STRIPE_API_KEY holds the secret of a webhook (whsec_…). Write a key, which begins with rk_ or sk_.",
            field="STRIPE_API_KEY",
        )
    if not _SECRET_KEY.fullmatch(key):
        raise SettingsInvalid(
            "STRIPE_API_KEY cannot be understood. Write a key of Stripe: sk_test_…, rk_test_…, sk_live_… or rk_live_….",
            field="STRIPE_API_KEY",
        )
    return key


class Settings(BaseSettings):
    """What was set, checked. Made by `load_settings`. The description of a field says what may be written."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", env_ignore_empty=True, case_sensitive=True, hide_input_in_errors=True
    )

    SECRETS: ClassVar[frozenset[str]] = frozenset(
        {"stripe_api_key", "redis_password", "mail_password", "hub_password"}
    )

    database_url: Annotated[
        str | None,
        Field(
            validation_alias="DATABASE_URL",
            description="the desk's own SQLite file: sqlite:////folder/travellr.db (the shared database is set "
            "by enrolment, not here)",
        ),
    ] = None
    stripe_api_key: Annotated[
        SecretStr | None,
        Field(
            validation_alias="STRIPE_API_KEY",
            description="a secret key of Stripe: sk_test_… or sk_live_…",
        ),
    ] = None
    stripe_public_key: Annotated[
        str | None,
        Field(
            validation_alias="STRIPE_PUBLIC_KEY",
            pattern=_PUBLIC_KEY.pattern,
            description="a publishable key of Stripe: pk_test_… or pk_live_…",
        ),
    ] = None
    redis_host: Annotated[
        str | None, Field(validation_alias="REDIS_HOST", description="the name of a machine")
    ] = None
    redis_port: Annotated[
        int,
        Field(
            validation_alias="REDIS_PORT",
            ge=1,
            le=65535,
            description="a port: a whole number from 1 to 65535",
        ),
    ] = 6379
    redis_db: Annotated[
        int, Field(validation_alias="REDIS_DB", ge=0, description="a whole number, 0 or more")
    ] = 0
    redis_password: Annotated[
        SecretStr | None, Field(validation_alias="REDIS_PASSWORD", description="a password")
    ] = None
    mail_server: Annotated[
        str | None, Field(validation_alias="MAIL_SERVER", description="the name of a machine")
    ] = None
    mail_port: Annotated[
        int,
        Field(
            validation_alias="MAIL_PORT",
            ge=1,
            le=65535,
            description="a port: a whole number from 1 to 65535",
        ),
    ] = 587
    mail_username: Annotated[
        str | None, Field(validation_alias="MAIL_USERNAME", description="the name to sign in with")
    ] = None
    mail_password: Annotated[
        SecretStr | None, Field(validation_alias="MAIL_PASSWORD", description="a password")
    ] = None
    hub_password: Annotated[
        SecretStr | None, Field(validation_alias="HUB_PASSWORD", description="a password")
    ] = None
    hold_minutes: Annotated[
        int,
        Field(
            validation_alias="TRAVELLR_HOLD_MINUTES",
            ge=1,
            le=240,
            description="a whole number of minutes from 1 to 240",
        ),
    ] = 15
    locale: Annotated[
        str,
        Field(
            validation_alias="TRAVELLR_LOCALE",
            description="a language and a country: en_GB, sr_RS, de_DE",
        ),
    ] = "en_GB"
    theme: Annotated[
        Literal["system", "light", "dark"],
        Field(validation_alias="TRAVELLR_THEME", description="system, light or dark"),
    ] = "system"
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"],
        Field(validation_alias="TRAVELLR_LOG_LEVEL", description="DEBUG, INFO, WARNING or ERROR"),
    ] = "INFO"

    @field_validator("database_url")
    @classmethod
    def _own_sqlite_file(cls, value: str | None) -> str | None:
        if value is None:
            return None
        found = _SQLITE.fullmatch(value)
        if not found or "?" in value or found["path"] in (":memory:", "/"):
            raise ValueError("not the address of an SQLite file")
        return value

    @field_validator("stripe_api_key")
    @classmethod
    def _key_of_stripe(cls, value: SecretStr | None) -> SecretStr | None:
        return value and SecretStr(check_stripe_key(value.get_secret_value()))

    @field_validator("locale")
    @classmethod
    def _known_locale(cls, value: str) -> str:
        from babel import Locale, UnknownLocaleError

        name = value.partition(".")[0].replace("-", "_")  # de_DE.UTF-8 and de-DE are written too
        try:
            Locale.parse(name)
        except (UnknownLocaleError, ValueError) as problem:
            raise ValueError("not a known locale") from problem
        return name

    @property
    def database(self) -> Path | None:
        """The file that `DATABASE_URL` names, absolute; None where the profile's own is meant."""
        found = _SQLITE.fullmatch(self.database_url or "")
        return Path(unquote(found["path"])).absolute() if found else None


def profile_from(folder: str | Path | None) -> Profile:
    """The profile named on the command line, else by `TRAVELLR_PROFILE`, else the person's own."""
    named = folder or os.environ.get("TRAVELLR_PROFILE")
    return Profile.at(named) if named else Profile.default()


def load_settings(profile: Profile | None = None) -> Settings:
    """Reads the environment, then `settings.toml` where the profile has one.

    Raises `SettingsInvalid` for the first setting that cannot be understood; its `field` is the name to look for:
    the one in the environment, or the one in the file.
    """
    in_file = _read_file(profile.settings) if profile else {}
    below = {
        env: in_file[name]
        for name, env in _env_names().items()
        if name in in_file and not os.environ.get(env)
    }
    try:
        return Settings(**below)
    except ValidationError as problem:
        raise _plain(problem, in_file, profile) from None


def _read_file(path: Path) -> Mapping[str, Any]:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise SettingsInvalid(
            f"The settings file cannot be read: {path} ({problem})", field=path.name
        ) from problem
    for name in values:
        if name not in Settings.model_fields:
            known = ", ".join(sorted(set(Settings.model_fields) - Settings.SECRETS))
            raise SettingsInvalid(
                f"{path} has a setting that does not exist: {name}. There are: {known}.", field=name
            )
        if name in Settings.SECRETS:
            raise SettingsInvalid(
                f"{path} holds {name}. A secret is never kept in a file.",
                field=name,
                hint="Take it out of the file and enter it under Settings.",
            )
    return values


def _plain(problem: ValidationError, in_file: Mapping[str, Any], profile: Profile | None) -> SettingsInvalid:
    """One sentence for a person, in place of a list for a programmer. Never shows a secret's value."""
    error = problem.errors(include_input=True, include_url=False)[0]
    env = str(error["loc"][0])
    name = next(field for field, alias in _env_names().items() if alias == env)
    from_file = name in in_file and not os.environ.get(env)
    shown = name if from_file else env
    value = in_file[name] if from_file else os.environ.get(env, "")
    said = "understood" if name in Settings.SECRETS or _holds_password(str(value)) else f"“{str(value)[:80]}”"
    where = f" in {profile.settings}" if from_file and profile else ""
    return SettingsInvalid(
        f"{shown}{where} cannot be {said}. Write {Settings.model_fields[name].description}.", field=shown
    )


def _env_names() -> dict[str, str]:
    return {name: str(field.validation_alias) for name, field in Settings.model_fields.items()}


def _holds_password(value: str) -> bool:
    return bool(re.search(r"://[^/]*:[^/]*@|[sr]k_(?:test|live)_", value))
