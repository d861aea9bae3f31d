"""The log: a file in the profile, the last errors in memory, and never a secret."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from travellr_desktop.errors import Cancelled, SeatsGone
from travellr_desktop.logs import ERRORS_KEPT, FILES_KEPT, Journal, hide, redact, start_logging
from travellr_desktop.paths import Profile

log = logging.getLogger("travellr_desktop.tests")


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile.at(tmp_path / "desk").make()


@pytest.fixture
def journal(profile: Profile) -> Iterator[Journal]:
    journal = start_logging(profile)
    yield journal
    journal.close()


def written(profile: Profile) -> str:
    return (profile.logs / "travellr.log").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "secret",
    [
        "sk_live_51HxAbCdEf",
        "rk_test_abc_def",
        "whsec_abcdef",
        "pi_3Abc_secret_XyZ123",
        "Bearer abcdefgh12345",
        "Basic dXNlcjpwYXNz",
        "password=hunter2",
        "MAIL_PASSWORD: hunter2",
        "{'password': 'hunter 2', 'a': 1}",
        '{"smtp_password": "hunt\\"er2"}',
        "api_key = hunter2",
        "redis://desk:hunter2@cache:6379",
        "$argon2id$v=19$m=65536,t=3,p=4$abc$hunter2",
        "$2b$12$hunter2hunter2",
    ],
)
def test_what_looks_like_a_secret_is_blotted_out(secret: str) -> None:
    clean = redact(f"before {secret} after")
    assert clean.startswith("before ")
    assert clean.endswith(" after")
    assert "•••" in clean
    for part in ("51Hx", "abc_def", "abcdef", "XyZ", "dXNl", "hunt"):
        assert part not in clean


def test_ordinary_text_is_left_alone() -> None:
    text = "BK-2026-001234 sold: 3 seats for Ana Kovač, pi_3Abc, https://example.org:443/a@b"
    assert redact(text) == text


@pytest.mark.parametrize(
    ("number", "left"),
    [
        ("4242424242424242", "4242"),
        ("4242 4242 4242 4242", "4242"),
        ("4000-0000-0000-0002", "0002"),
        ("3782 822463 10005", "0005"),
        ("30569309025904", "5904"),
        ("6011000990139424", "9424"),
    ],
)
def test_card_numbers_are_blotted_out_but_for_their_last_four_digits(number: str, left: str) -> None:
    assert redact(f"card {number}, declined") == f"card ••• {left}, declined"


@pytest.mark.parametrize(
    "text",
    [
        "at 1763654400000 ms",
        "4242424242424241 is off by one",
        "01935a7b-1234-7123-8123-424242424242",
        "2026-11-20T16:01:05.123456Z",
        "0004242424242424242",
        "12.4242424242424242",
    ],
)
def test_other_long_numbers_are_left_alone(text: str) -> None:
    assert redact(text) == text


def test_what_looks_like_nothing_is_hidden_by_name() -> None:
    assert redact("opened with nine grey herons") == "opened with nine grey herons"
    hide("nine grey herons")
    hide("grey")  # too short to be told from words
    assert redact("opened with nine grey herons, grey all of them") == "opened with •••, grey all of them"


def test_errors_are_written_and_kept_newest_first(profile: Profile, journal: Journal) -> None:
    log.info("started with %s", "sk_test_12345")
    log.error("first")
    try:
        raise ValueError("password=hunter2")
    except ValueError:
        log.exception("second, key %s", "rk_live_999")
    newest, oldest = journal.recent_errors()
    assert (oldest.message, oldest.details, oldest.level) == ("first", "", "ERROR")
    assert newest.message == "second, key rk_live_•••"
    assert "ValueError: password=•••" in newest.details
    assert newest.source == log.name
    assert newest.at.utcoffset() is not None
    text = written(profile)
    assert "INFO MainThread travellr_desktop.tests: started with sk_test_•••" in text
    assert "hunter2" not in text
    assert "Traceback" in text


def test_only_so_many_errors_are_kept(journal: Journal) -> None:
    for number in range(ERRORS_KEPT + 5):
        log.error("number %d", number)
    kept = journal.recent_errors()
    assert len(kept) == ERRORS_KEPT
    assert kept[0].message == f"number {ERRORS_KEPT + 4}"


def test_the_file_is_turned_over_and_old_ones_go(profile: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("travellr_desktop.logs.FILE_BYTES", 500)
    journal = start_logging(profile)
    for number in range(200):
        log.info("line %d", number)
    journal.close()
    files = sorted(path.name for path in profile.logs.glob("travellr.log*"))
    assert files == ["travellr.log", *(f"travellr.log.{n}" for n in range(1, FILES_KEPT + 1))]
    assert all(path.stat().st_size <= 500 for path in profile.logs.glob("travellr.log*"))


def test_what_nobody_catches_is_an_error_and_a_refusal_is_none(profile: Profile, journal: Journal) -> None:
    for error in (ValueError("broken"), Cancelled(), SeatsGone("no seat is left")):
        sys.excepthook(type(error), error, None)
    entries = journal.recent_errors()
    assert [entry.message for entry in entries] == ["Nobody caught this, in the main thread: broken"]
    assert "WARNING MainThread travellr_desktop: Nobody caught this" in written(profile)


def test_an_error_that_ends_a_thread_is_seen(journal: Journal) -> None:
    def work() -> None:
        raise ValueError("in a thread")

    thread = threading.Thread(target=work, name="worker-1")
    thread.start()
    thread.join()
    assert [entry.message for entry in journal.recent_errors()] == [
        "Nobody caught this, in the thread worker-1: in a thread"
    ]


def test_closing_puts_everything_back(profile: Profile) -> None:
    hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    journal = start_logging(profile, "DEBUG")
    assert sys.excepthook is not hooks[0]
    journal.close()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == hooks
    log.error("after")
    assert "after" not in written(profile)


def test_a_folder_that_cannot_be_written_leaves_the_errors_in_memory(tmp_path: Path) -> None:
    journal = start_logging(Profile.at(tmp_path / "missing"))
    log.error("still seen")
    messages = [entry.message for entry in journal.recent_errors()]
    journal.close()
    assert messages[0] == "still seen"
    assert messages[1].startswith("No log is written to")
