"""The vault: what is in it comes out with its passphrase alone, and a file that was changed is refused."""

from __future__ import annotations

import json
import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from travellr_desktop.errors import CannotWrite, InvalidInput
from travellr_desktop.services import vault as vaults
from travellr_desktop.services.vault import Cost, Vault, VaultDamaged, VaultShut, VaultState

CHEAP = Cost(memory=64, passes=1)
WORDS, OTHER = "lanterns over the quay", "an olive and two capers"
KEY = "rk_live_51Harbour"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys.vault"


def at(path: Path) -> Vault:
    return Vault(path, lock=path.with_name("vault.lock"), cost=CHEAP)


@pytest.fixture
def made(path: Path) -> Vault:
    vault = at(path)
    vault.create(WORDS)
    vault.put("STRIPE_API_KEY", KEY, "live")
    return vault


def test_there_is_none_before_it_is_made(path: Path) -> None:
    vault = at(path)
    assert (vault.state, vault.labels()) == (VaultState.NONE, {})
    with pytest.raises(VaultShut):
        vault.open(WORDS)
    with pytest.raises(VaultShut):
        vault.get("STRIPE_API_KEY")
    assert not path.exists()


def test_what_was_put_in_comes_out_with_the_passphrase(made: Vault, path: Path) -> None:
    assert made.state is VaultState.OPEN
    again = at(path)
    assert again.state is VaultState.LOCKED
    with pytest.raises(VaultShut):
        again.get("STRIPE_API_KEY")
    again.open(WORDS)
    assert again.get("STRIPE_API_KEY") == KEY
    assert again.get("MAIL_PASSWORD") is None
    again.close()
    assert again.state is VaultState.LOCKED


def test_labels_are_read_without_the_passphrase_and_nothing_else(made: Vault, path: Path) -> None:
    assert at(path).labels() == {"STRIPE_API_KEY": "live"}
    content = path.read_text()
    assert "Harbour" not in content
    assert WORDS not in content


def test_only_the_owner_may_read_the_file(made: Vault, path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_wrong_passphrase_is_said_and_opens_nothing(made: Vault, path: Path) -> None:
    again = at(path)
    with pytest.raises(VaultShut, match="not the passphrase") as refused:
        again.open(OTHER)
    assert refused.value.field == "passphrase"
    assert OTHER not in str(refused.value)
    assert again.state is VaultState.LOCKED


def test_a_letter_typed_in_two_ways_is_one_letter(path: Path) -> None:
    at(path).create("caf\u00e9 am morgen")
    again = at(path)
    again.open("cafe\u0301 am morgen")
    assert again.state is VaultState.OPEN


def _set(name: str, to: Any) -> Callable[[dict[str, Any]], None]:
    return lambda head: head.__setitem__(name, to)


CHANGED: dict[str, Callable[[dict[str, Any]], None]] = {
    "a label that says another kind": _set("labels", {"STRIPE_API_KEY": "test"}),
    "a secret that is left out of the labels": _set("labels", {}),
    "another format": _set("format", 2),
    "another nonce": _set("nonce", "AAAAAAAAAAAAAAAA"),
    "other content": _set("sealed", "AAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
    "content that is no base64": _set("sealed", "ключ"),
    "a cost that takes the machine down": _set("cost", {"memory": 1 << 30, "passes": 1, "lanes": 1}),
    "a cost of nothing": _set("cost", {"memory": 64, "passes": 0, "lanes": 1}),
    "a salt that is too short": _set("salt", "AAAA"),
    "one thing more": _set("more", 1),
    "one thing less": lambda head: head.pop("proof"),
}


@pytest.mark.parametrize("change", CHANGED.values(), ids=CHANGED)
def test_a_file_that_was_changed_is_refused(
    change: Callable[[dict[str, Any]], None], made: Vault, path: Path
) -> None:
    head = json.loads(path.read_text())
    change(head)
    path.write_text(json.dumps(head))
    with pytest.raises(VaultDamaged):
        at(path).open(WORDS)
    # nor does a vault that is open take anything out of it
    with pytest.raises(VaultDamaged):
        made.get("STRIPE_API_KEY")
    assert made.state is VaultState.DAMAGED


def test_every_bit_of_what_is_sealed_counts(made: Vault, path: Path) -> None:
    """Without authentication a flipped bit would only change the key that comes out."""
    head = json.loads(path.read_text())
    sealed = vaults._unpacked(head["sealed"])
    for at_byte in range(len(sealed)):
        flipped = bytearray(sealed)
        flipped[at_byte] ^= 1
        path.write_text(json.dumps({**head, "sealed": vaults._packed(bytes(flipped))}))
        with pytest.raises(VaultDamaged):
            made.get("STRIPE_API_KEY")


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"null", b"\xff\xfe", b"{" * 300_000])
def test_what_is_no_vault_is_refused(content: bytes, path: Path) -> None:
    path.write_bytes(content)
    vault = at(path)
    assert vault.state is VaultState.DAMAGED
    with pytest.raises(VaultDamaged):
        vault.labels()


def test_the_passphrase_is_changed_and_the_old_one_opens_nothing(made: Vault, path: Path) -> None:
    made.change(WORDS, OTHER)
    assert made.get("STRIPE_API_KEY") == KEY
    again = at(path)
    with pytest.raises(VaultShut):
        again.open(WORDS)
    again.open(OTHER)
    assert again.get("STRIPE_API_KEY") == KEY


def test_a_wrong_passphrase_changes_none(made: Vault, path: Path) -> None:
    with pytest.raises(VaultShut):
        made.change(OTHER, "something else entirely")
    at(path).open(WORDS)


def test_a_passphrase_that_another_window_changed_is_asked_for_again(made: Vault, path: Path) -> None:
    other = at(path)
    other.open(WORDS)
    other.change(WORDS, OTHER)
    with pytest.raises(VaultShut, match="another window"):
        made.put("MAIL_PASSWORD", "x")
    assert made.state is VaultState.LOCKED
    made.open(OTHER)
    assert made.get("STRIPE_API_KEY") == KEY


def test_two_windows_do_not_lose_what_the_other_put_in(made: Vault, path: Path) -> None:
    other = at(path)
    other.open(WORDS)
    other.put("MAIL_PASSWORD", "from the other")
    made.put("REDIS_PASSWORD", "from this one")
    assert other.get("REDIS_PASSWORD") == "from this one"
    assert made.get("MAIL_PASSWORD") == "from the other"


def test_many_at_once_lose_nothing(made: Vault, path: Path) -> None:
    names = [f"SECRET_{number}" for number in range(12)]

    def put(name: str) -> None:
        vault = at(path)
        vault.open(WORDS)
        vault.put(name, name.lower())

    threads = [threading.Thread(target=put, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [made.get(name) for name in names] == [name.lower() for name in names]


def test_what_is_removed_is_gone_with_its_label(made: Vault, path: Path) -> None:
    made.remove("STRIPE_API_KEY")
    made.remove("STRIPE_API_KEY")
    assert made.get("STRIPE_API_KEY") is None
    assert at(path).labels() == {}


def test_a_second_one_is_not_made_over_the_first(made: Vault, path: Path) -> None:
    with pytest.raises(InvalidInput):
        at(path).create(OTHER)
    at(path).open(WORDS)


def test_one_that_nobody_can_open_is_thrown_away(made: Vault, path: Path) -> None:
    vault = at(path)
    vault.discard()
    assert vault.state is VaultState.NONE
    vault.create(OTHER)
    assert vault.get("STRIPE_API_KEY") is None


@pytest.mark.parametrize("fails", ["fsync", "replace"])
def test_a_writing_that_is_cut_off_leaves_the_old_file(
    fails: str, made: Vault, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(*((os, "fsync", full) if fails == "fsync" else (Path, "replace", full)))
        with pytest.raises(CannotWrite, match="No space left"):
            made.put("STRIPE_API_KEY", "rk_live_new")
        with pytest.raises(CannotWrite):
            made.change(WORDS, OTHER)
    assert path.read_bytes() == before
    assert made.get("STRIPE_API_KEY") == KEY
    assert [each.name for each in path.parent.iterdir() if each.name.endswith(".new")] == []


def test_what_a_killed_program_left_beside_the_file_is_cleared_away(made: Vault, path: Path) -> None:
    left = path.with_name(f"{path.name}.0a1b2c3d.new")
    left.write_bytes(b"half of it")
    assert at(path).state is VaultState.LOCKED
    made.put("MAIL_PASSWORD", "x")
    assert not left.exists()


def test_the_same_content_never_looks_the_same(made: Vault, path: Path) -> None:
    first = json.loads(path.read_text())
    made.put("STRIPE_API_KEY", KEY, "live")
    second = json.loads(path.read_text())
    assert first["nonce"] != second["nonce"]
    assert first["sealed"] != second["sealed"]


def test_a_try_costs_what_a_guess_must() -> None:
    cost = Cost()
    assert cost.memory >= 64 * 1024
    assert cost.passes >= 3
