"""Which passwords are taken, and how they are kept."""

from __future__ import annotations

import time
from pathlib import Path

import bcrypt
import pytest

from travellr_desktop import paths
from travellr_desktop.errors import ResourceMissing, WeakPassword
from travellr_desktop.services import passwords
from travellr_desktop.services.passwords import check_password, dummy_verify, hash_password, verify_password

GOOD = "copper lantern weighs nine plums"


def refused(password: str, *, email: str = "ana.vukovic@example.org", name: str = "Ana Vuković") -> str:
    with pytest.raises(WeakPassword) as weak:
        check_password(password, email=email, name=name)
    assert weak.value.field == "password"
    return str(weak.value)


@pytest.mark.parametrize("password", ["", "short", "tR4!x9_kQ"])
def test_fewer_than_ten_characters_are_refused_with_their_count(password: str) -> None:
    assert str(len(password)) in refused(password)


def test_an_endless_password_is_refused() -> None:
    assert "256" in refused("kx7 mugwort " * 30)


@pytest.mark.parametrize(
    "password",
    [
        "password123",
        "Password2026!",
        "P@ssw0rd2026",
        "passwordpassword",
        "passpasspass",
        "1234567890",
        "12345678910",
        "0987654321",
        "aaaaaaaaaaaa",
        "ababababab",
        "abc123abc123",
        "abcdefghij",
        "qwertyuiop",
        "QWERTYUIOP123",
        "qwertzuiopasdf",
        "1qaz2wsx3edc",
        "1q2w3e4r5t6y",
        "qazwsxedcrfv",
        "йцукенгшщз",
        "asdfghjkl;'",
        "zxcvbnm12345",
        "iloveyou2026",
        "welcome2026!",
        "Summer-2026-",
        "letmein12345",
        "admin123456",
        "administrator",
        "changeme1234",
        "SummerDragon",
        "summer.dragon.99",
        "montenegro2026",
        "lozinka12345",
        "Lozinka!2026",
        "princess1111111",
        "kotor20202020",
        "19841984198419",
        "01.02.1984 01.02.1984",
        "          ",
        "!!!!!!!!!!!!",
        "travellr2026",
    ],
)
def test_what_is_guessed_first_is_refused(password: str) -> None:
    assert "guessed" in refused(password)


@pytest.mark.parametrize(
    "password",
    [
        "ana.vukovic@example.org",
        "Ana Vuković",
        "anavukovic",
        "AnaVukovic2026",
        "vukovic-ana-1984",
        "Vukovic!!123",
        "vuković vuković",
        "vukovicana",
    ],
)
def test_the_persons_own_name_or_email_is_refused(password: str) -> None:
    assert "your name" in refused(password) or "guessed" in refused(password)


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "correct horse battery staple",
        "tR4!x9_kQz",
        "mjesec iznad starog mosta",
        "Gurkensalat um halb vier",
        "vukovic bluish anvil",
        "семь рыжих чайников",
        "海の向こうに白い帆が見えた日",
        "🎣🧭🥨🪁🦔🧶🪗🛶🧊🪵",
        "w8kq-zz3m-pl0v",
    ],
)
def test_a_password_of_ones_own_is_taken(password: str) -> None:
    check_password(password, email="ana.vukovic@example.org", name="Ana Vuković")


def test_a_short_name_or_none_refuses_nobody() -> None:
    check_password(GOOD, email="", name="")
    check_password("lampshade quince orbit", email="la@x.org", name="Li Am")


def test_a_very_long_unlucky_password_is_judged_quickly() -> None:
    started = time.perf_counter()
    refused("summer" * 42)
    assert time.perf_counter() - started < 1


def test_a_missing_list_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "data_root", lambda: tmp_path)
    passwords._words.cache_clear()
    try:
        with pytest.raises(ResourceMissing, match=r"common-passwords\.txt"):
            check_password(GOOD, email="", name="")
        (tmp_path / "resources").mkdir()
        (tmp_path / "resources" / "common-passwords.txt").write_text("# nothing\n", "utf-8")
        with pytest.raises(ResourceMissing, match="empty"):
            check_password(GOOD, email="", name="")
    finally:
        passwords._words.cache_clear()


def test_the_list_is_long_enough_to_matter() -> None:
    assert len(passwords._words()) > 1000


def test_a_password_is_kept_as_argon2id_with_its_own_salt() -> None:
    first, second = hash_password(GOOD), hash_password(GOOD)
    assert first.startswith("$argon2id$")
    assert first != second
    assert verify_password(GOOD, first) == (True, None)
    assert verify_password(GOOD + "x", first) == (False, None)


def test_a_composed_and_a_decomposed_letter_are_one() -> None:
    assert verify_password("vukovic\N{COMBINING ACUTE ACCENT} quince", hash_password("vuković quince")) == (
        True,
        None,
    )


def test_a_weaker_argon2_hash_is_replaced_at_sign_in() -> None:
    from pwdlib.hashers.argon2 import Argon2Hasher

    old = Argon2Hasher(time_cost=1, memory_cost=8192, parallelism=1).hash(GOOD)
    ok, new = verify_password(GOOD, old)
    assert ok and new is not None
    assert verify_password(GOOD, new) == (True, None)


@pytest.mark.parametrize("password", ["secret", GOOD, "sö lang " * 20])
def test_a_bcrypt_hash_is_accepted_and_replaced(password: str) -> None:
    old = bcrypt.hashpw(password.encode()[:72], bcrypt.gensalt(4)).decode()
    ok, new = verify_password(password, old)
    assert ok and new is not None and new.startswith("$argon2id$")
    assert verify_password(password, new) == (True, None)
    assert verify_password("another one", old) == (False, None)


@pytest.mark.parametrize("kept", ["", "plain text", "$2b$12$short", "$argon2id$v=19$m=1", "\N{SNOWMAN}"])
def test_a_hash_of_no_known_kind_lets_nobody_in(kept: str) -> None:
    assert verify_password(GOOD, kept) == (False, None)


def test_an_unknown_person_costs_the_same_work() -> None:
    """A loose bound on purpose: what must not be is an answer in no time."""
    kept = hash_password(GOOD)
    dummy_verify("warm up")

    def seconds(work: object) -> float:
        started = time.perf_counter()
        assert callable(work)
        work()
        return time.perf_counter() - started

    known = min(seconds(lambda: verify_password("wrong", kept)) for _ in range(5))
    unknown = min(seconds(lambda: dummy_verify("wrong")) for _ in range(5))
    assert known / 3 < unknown < known * 3
