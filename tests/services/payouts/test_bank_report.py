"""What the commands of `travellr payouts` about the bank do and say."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from helpers.bank_paid import IBANS, asked_of_the_bank, at_banks, files, moved, not_once
from helpers.desk import Desk
from helpers.paying_out import approved, open_lines, payouts, states
from travellr_desktop.__main__ import main
from travellr_desktop.domain.payouts.bank_days import bank_day
from travellr_desktop.domain.states import PayoutState


class Command:
    def __init__(self, desk: Desk, capsys: pytest.CaptureFixture[str], out: Path) -> None:
        self._profile = ["--profile", str(desk.profile.folder)]
        self._capsys = capsys
        self.out = out

    def said(self, *words: str) -> tuple[int, Any]:
        """Another command than `file`."""
        code = main(["payouts", *words, "--json", *self._profile])
        return code, json.loads(self._capsys.readouterr().out)

    def __call__(self, *words: str) -> tuple[int, Any]:
        code = main(["payouts", "file", *words, "--out", str(self.out), "--json", *self._profile])
        return code, json.loads(self._capsys.readouterr().out)

    def printed(self) -> str:
        return self._capsys.readouterr().out

    def text(self, *words: str) -> tuple[int, str]:
        code = main(["payouts", "file", *words, "--out", str(self.out), *self._profile])
        return code, self._capsys.readouterr().out


@pytest.fixture
def command(desk: Desk, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    return Command(desk, capsys, tmp_path / "bank.xml")


def batch(desk: Desk) -> tuple[UUID, str]:
    at_banks(desk, "Adria", "Boka")
    batch_id = approved(desk)
    with desk.database.read() as view:
        return batch_id, view.payouts.batch(batch_id).reference


def test_the_file_is_written_and_told(desk: Desk, command: Command) -> None:
    _, reference = batch(desk)
    code, told = command(reference)
    assert (code, told["ok"], told["again"]) == (0, True, False)
    assert told["path"] == str(command.out)
    assert command.out.read_bytes() == files(desk)[0]
    assert {name: told["file"][name] for name in ("currency", "total", "count", "state")} == {
        "currency": "EUR",
        "total": "153.00",
        "count": 2,
        "state": "made",
    }
    day = date.fromisoformat(told["file"]["execute_on"])
    assert day == bank_day(day, "EUR")
    assert [(each["vendor"], each["amount"]) for each in told["file"]["payouts"]] == [
        ("Adria", "76.50"),
        ("Boka", "76.50"),
    ]
    assert IBANS[0] not in json.dumps(told), "the number of an account stands in the file alone"


def test_again_it_is_the_same_file_also_as_csv(desk: Desk, command: Command) -> None:
    _, reference = batch(desk)
    command(reference)
    first = command.out.read_bytes()
    code, text = command.text(reference)
    assert code == 0 and "It was made before" in text and "153.00 EUR for 2" in text
    assert command.out.read_bytes() == first
    command(reference, "--csv")
    assert command.out.read_text().startswith("payment,name,iban")
    assert len(files(desk)) == 1


def test_it_says_who_could_not_be_paid_and_ends_with_one(desk: Desk, command: Command) -> None:
    _, reference = batch(desk)
    moved(desk, payouts(desk)[0].vendor_id, IBANS[2])
    code, told = command(reference)
    assert (code, told["ok"], told["file"]["count"]) == (1, False, 1)
    assert [(each["vendor"], each["amount"]) for each in told["refused"]] == [("Adria", "76.50")]
    assert not_once(desk) == []


def test_where_nobody_is_left_no_file_is_written(desk: Desk, command: Command) -> None:
    _, reference = batch(desk)
    for row in payouts(desk):
        moved(desk, row.vendor_id, IBANS[2])
    code, text = command.text(reference)
    assert code == 1 and text.startswith("Nobody could be paid; there is no file.")
    assert not command.out.exists()


def test_what_the_bank_refused_goes_into_another_file(desk: Desk, command: Command) -> None:
    batch_id, reference = batch(desk)
    wanted = datetime.now(UTC).date() + timedelta(days=10)  # the command has the machine's clock
    command(reference, "--on", wanted.isoformat())
    (file,) = desk.services.bank_files.of_batch(desk.admin, batch_id).files
    assert file.execute_on == bank_day(wanted, "EUR")
    desk.services.bank_files.refused(desk.admin, file.id, "No cover")
    code, told = command(reference, "--again", "--currency", "eur")
    assert code == 0 and told["file"]["message"].endswith("-EUR-2")
    assert states(desk)[PayoutState.SENDING] == 2
    assert len(asked_of_the_bank(*files(desk))) == 4
    assert not_once(desk) == []


def test_a_batch_without_anybody_at_a_bank_is_refused_in_words(desk: Desk, command: Command) -> None:
    _, reference = batch(desk)
    code, told = command(reference, "--currency", "USD")
    assert (code, told["error"]["code"]) == (2, "NothingByBank")
    code, told = command("PB-0000")
    assert (code, told["error"]["code"]) == (2, "NotFound")
    assert not command.out.exists()


# what the bank did


def test_a_file_that_arrived_is_paid_and_said_twice_it_changes_nothing(desk: Desk, command: Command) -> None:
    _, reference = batch(desk)
    _, made = command(reference)
    message = made["file"]["message"]
    for words in (message, message.lower()):
        code, told = command.said("arrived", words)
        assert (code, told["count"], told["files"][0]["state"]) == (0, 1, "arrived")
        assert states(desk) == {PayoutState.PAID: 2}
    code, told = command.said("refused", message, "--reason", "No cover")
    assert (code, told["error"]["code"]) == (2, "WrongState")
    assert not_once(desk) == []


def test_one_payment_that_came_back_is_owed_again(desk: Desk, command: Command) -> None:
    _, reference = batch(desk)
    _, made = command(reference)
    adria, boka = made["file"]["payouts"]
    assert command.said("came-back", adria["payout"], "--reason", "No such account")[0] == 0  # left out of it
    command.said("arrived", made["file"]["message"])
    code, told = command.said("came-back", boka["payout"], "--reason", "Account closed")  # sent back later
    assert code == 0
    (file,) = told["files"]
    assert [(each["vendor"], each["state"], each["failure"]) for each in file["payouts"]] == [
        ("Adria", "failed", "No such account"),
        ("Boka", "returned", "Account closed"),
    ]
    assert [open_lines(desk, row.vendor_id) for row in payouts(desk)] == [76_50, 76_50]
    code, told = command.said("came-back", boka["payout"], "--reason", "Again")
    assert (code, told["error"]["code"]) == (2, "WrongState")
    assert not_once(desk) == []


def test_a_file_that_was_refused_is_listed_beside_the_one_that_stands_for_it(
    desk: Desk, command: Command
) -> None:
    _, reference = batch(desk)
    assert command.said("files", reference) == (0, {"ok": True, "count": 0, "files": []})
    first = command(reference)[1]["file"]["message"]
    code, told = command.said("refused", first, "--reason", "A wrong day")
    assert (code, told["files"][0]["state"]) == (0, "refused")
    assert states(desk) == {PayoutState.FAILED: 2}
    second = command(reference, "--again")[1]["file"]["message"]
    command.said("arrived", second)
    code, told = command.said("files", reference)
    assert [(each["message"], each["state"]) for each in told["files"]] == [
        (first, "refused"),
        (second, "arrived"),
    ]
    assert main(["payouts", "files", reference, "--profile", str(desk.profile.folder)]) == 0
    lines = command.printed().splitlines()
    assert lines[0].startswith(f"{first}: refused, 153.00 EUR for 2, on ")
    assert lines[1].endswith("Adria: 76.50 EUR, failed. A wrong day")


def test_what_the_bank_did_needs_a_reason_and_a_file_that_is_there(desk: Desk, command: Command) -> None:
    _, reference = batch(desk)
    made = command(reference)[1]["file"]
    code, told = command.said("refused", made["message"], "--reason", " ")
    assert (code, told["error"]["code"]) == (2, "InvalidInput")
    for words in (("arrived", "PB-0000-EUR-1"), ("refused", "PB-0000-EUR-1", "--reason", "No cover")):
        code, told = command.said(*words)
        assert (code, told["error"]["code"]) == (2, "NotFound")
    assert states(desk) == {PayoutState.SENDING: 2}
