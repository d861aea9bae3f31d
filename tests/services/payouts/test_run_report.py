"""What `travellr payouts run|pause|resume|stop|retry|take-back` say, and what `travellr recover` says of payouts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from helpers.desk import Desk
from helpers.paying_out import approved, not_once, owed, payouts, plenty
from travellr_desktop.__main__ import main
from travellr_desktop.domain.states import PayoutState
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation

SEND = Operation.TRANSFER_CREATE


class Command:
    """`travellr payouts …` of a desk's profile, with `--json`."""

    def __init__(self, desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
        self._profile = ["--profile", str(desk.profile.folder)]
        self._capsys = capsys

    def __call__(self, *words: str) -> tuple[int, Any]:
        code = main(["payouts", *words, "--json", *self._profile])
        return code, json.loads(self._capsys.readouterr().out)

    def text(self, *words: str) -> tuple[int, str, str]:
        code = main(["payouts", *words, *self._profile])
        said = self._capsys.readouterr()
        return code, said.out, said.err


@pytest.fixture
def command(desk: Desk, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(desk, capsys)


def batch(desk: Desk, *names: str) -> str:
    """The reference of an approved batch."""
    plenty(desk)
    owed(desk, *(names or ("Bay Kayaks", "Perast Boats")))
    batch_id = approved(desk)
    with desk.database.read() as view:
        return view.payouts.batch(batch_id).reference


def arm(desk: Desk, kind: FaultKind) -> None:
    with desk.sandbox() as sandbox:
        sandbox.arm(SEND, kind)


def test_a_run_says_what_became_of_each(desk: Desk, command: Command) -> None:
    reference = batch(desk)
    code, said = command("run", reference)
    assert (code, said["ok"], said["batch"], said["state"]) == (0, True, reference, "done")
    assert (said["total"], said["paid"], said["failed"], said["left"]) == (2, 2, 0, 0)
    assert [
        (each["vendor"], each["amount"], each["currency"], each["state"]) for each in said["payouts"]
    ] == [
        ("Bay Kayaks", "76.50", "EUR", "paid"),
        ("Perast Boats", "76.50", "EUR", "paid"),
    ]
    assert not_once(desk) == []


def test_a_person_sees_how_far_it_is_and_who_was_not_paid(desk: Desk, command: Command) -> None:
    reference = batch(desk)
    arm(desk, FaultKind.BALANCE_INSUFFICIENT)
    code, out, err = command.text("run", reference)
    assert code == 1
    assert err.splitlines() == ["1 of 2: Bay Kayaks", "2 of 2: Perast Boats"]
    assert f"{reference} is done: 1 of 2 paid, 1 failed" in out
    assert "Bay Kayaks: 76.50 EUR, failed. There is not enough available" in out
    assert str(payouts(desk)[0].id) in out


def test_what_failed_is_sent_again_by_its_id(desk: Desk, command: Command) -> None:
    reference = batch(desk, "Perast Boats")
    arm(desk, FaultKind.BALANCE_INSUFFICIENT)
    failed = command("run", reference)[1]["payouts"][0]["payout"]
    code, said = command("retry", failed)
    assert (code, said["state"], said["number"], said["retry_of"]) == (0, "paid", 2, failed)
    assert command("retry", said["payout"])[0] == 2  # it has not failed
    assert not_once(desk) == []


def test_what_nobody_knows_is_no_success_and_is_found_by_recovery(
    desk: Desk, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = batch(desk, "Perast Boats")
    arm(desk, FaultKind.REPLY_LOST_AFTER)
    code, said = command("run", reference)
    assert (code, said["state"], said["unknown"], said["paid"]) == (1, "sending", 1, 0)
    assert main(["recover", "--json", "--profile", str(desk.profile.folder)]) == 0
    assert json.loads(capsys.readouterr().out)["recovered_payouts"] == 1
    assert payouts(desk)[0].state is PayoutState.PAID


def test_a_batch_is_paused_gone_on_with_and_stopped(desk: Desk, command: Command) -> None:
    reference = batch(desk)
    for word in ("pause", "stop", "resume"):
        assert command(word, reference)[0] == 2  # nobody has run it
    arm(desk, FaultKind.REPLY_LOST_BEFORE)
    assert command("run", reference)[1]["state"] == "sending"
    code, said = command("pause", reference)
    assert (code, said["state"], said["unknown"]) == (0, "paused", 1)
    assert command("stop", reference)[1]["state"] == "approved"
    assert main(["recover", "--profile", str(desk.profile.folder)]) == 0
    assert not_once(desk) == []


def test_a_part_of_a_payout_is_taken_back(desk: Desk, command: Command) -> None:
    reference = batch(desk, "Perast Boats")
    payout = command("run", reference)[1]["payouts"][0]["payout"]
    code, said = command("take-back", payout, "20.00", "--reason", "Paid twice")
    assert (code, said["state"], said["amount"], said["payout_state"]) == (0, "done", "20.00", "paid")
    code, out, _ = command.text("take-back", payout, "56.50", "--reason", "All of it")
    assert (code, out) == (0, "56.50 EUR of Perast Boats: done\n")
    assert payouts(desk)[0].state is PayoutState.REVERSED
    assert command("take-back", payout, "1.00", "--reason", "More")[0] == 2


def test_what_is_not_there_is_refused(desk: Desk, command: Command) -> None:
    assert command("run", "PB-2026-999999")[0] == 2
    assert command("retry", "01a1fa68-ef52-7eb2-97e1-c1f7f235712d")[0] == 2
    assert command("take-back", "01a1fa68-ef52-7eb2-97e1-c1f7f235712d", "1.00", "--reason", "x")[0] == 2
