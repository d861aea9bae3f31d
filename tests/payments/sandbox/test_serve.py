"""`travellr sandbox` as a process of its own: it says when it is ready, and ends when it is told to."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import stripe

from helpers.stripe_side import paid
from travellr_desktop.payments.factory import SANDBOX_KEY
from travellr_desktop.payments.sandbox.control import SandboxControl


@contextmanager
def running(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    command = [sys.executable, "-m", "travellr_desktop", "sandbox", "--json", "--port", "0", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process, json.loads(process.stdout.readline())
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_a_profile_until_it_is_told_to_end(tmp_path: Path, number: signal.Signals) -> None:
    with running("--profile", str(tmp_path)) as (process, told):
        assert told["ok"] is True and told["address"] == f"http://127.0.0.1:{told['port']}"
        assert Path(told["file"]) == tmp_path / "sandbox.db"
        wire = stripe.RequestsClient(timeout=10)
        client = stripe.StripeClient(SANDBOX_KEY, http_client=wire, base_addresses={"api": told["address"]})
        paid(client.v1)
        wire.close()  # type: ignore[no-untyped-call]
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (0, "", "")
    with SandboxControl(tmp_path / "sandbox.db") as control:
        assert control.counts().charges == 1


def test_a_file_can_be_named_instead(tmp_path: Path) -> None:
    with running("--file", str(tmp_path / "own.db")) as (process, told):
        assert Path(told["file"]) == tmp_path / "own.db"
        process.terminate()
        process.communicate(timeout=20)
    assert process.returncode == 0


def test_what_cannot_be_served_is_told_in_one_document(tmp_path: Path) -> None:
    (tmp_path / "own.db").write_bytes(b"no database" * 100)
    with running("--file", str(tmp_path / "own.db")) as (process, told):
        process.wait(timeout=20)
    assert (told["ok"], told["error"]["code"], process.returncode) == (False, "StorageRefusal", 2)
    with running("--file", str(tmp_path / "a.db"), "--profile", str(tmp_path)) as (process, told):
        process.wait(timeout=20)
    assert (told["ok"], process.returncode) == (False, 2)
