"""What `travellr payouts list`, `prepare`, `preview`, `approve`, `discard` and `overdue` say."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from typing import Any

import pytest

from helpers.batches import given, looked_at, prepared, vendor
from helpers.clock import HandClock
from helpers.desk import ADMIN, CARD, PASSWORD, Desk
from helpers.paying_out import paid_to
from helpers.refunding import colleague
from travellr_desktop.__main__ import main
from travellr_desktop.domain.money import Money
from travellr_desktop.services.payout_settings import PayoutRules
from travellr_desktop.services.payouts.batches_report import tell_overdue

WEEK = timedelta(days=7)


@pytest.fixture
def profile(desk: Desk, clock: HandClock) -> list[str]:
    """Boats are to be paid 60.00, and Little less than the minimum; as an option of the command."""
    colleague(desk)
    given(desk, vendor(desk, "Boats"), 6_000)
    given(desk, vendor(desk, "Little"), 1_000)
    clock.forward(WEEK)
    return ["--profile", str(desk.profile.folder)]


def said(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def typed(monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{line}\n"))


def test_a_draft_is_prepared_and_looked_at(profile: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["payouts", "prepare", "weekly", "--json", *profile]) == 0
    told = said(capsys)
    assert (told["batch"]["reference"], told["batch"]["prepared_by"]) == ("PB-2026-000001", None)
    assert main(["payouts", "prepare", "weekly", "--json", *profile]) == 2
    assert "PB-2026-000001" in capsys.readouterr().out
    days = ["--from", "2026-06-20", "--to", "2026-06-10"]
    assert main(["payouts", "prepare", "extra", *days, "--json", *profile]) == 2


def test_a_preview_has_every_figure(
    desk: Desk, profile: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    batch = prepared(desk)
    assert main(["payouts", "preview", "--json", *profile]) == 0
    told = said(capsys)
    assert told["digest"] == looked_at(desk, batch).digest
    assert told["batch"] == {
        "reference": "PB-2026-000001",
        "kind": "weekly",
        "state": "draft",
        "first": "2026-06-15",
        "last": "2026-06-21",
        "zone": "Europe/Podgorica",
        "prepared_by": desk.admin.name,
        "approved_by": None,
        "alone": False,
        "sent_back": None,
        "sums": [],
    }
    assert told["reconciled"] is None
    (run,) = told["currencies"]
    (row,) = run["payouts"]
    assert {name: row[name] for name in ("vendor", "bookings", "gross", "adjustments", "to_pay", "to")} == {
        "vendor": "Boats",
        "bookings": 0,
        "gross": "0.00",
        "adjustments": "60.00",
        "to_pay": "60.00",
        "to": "COBA ••3000",
    }
    (left,) = run["left"]
    assert (left["vendor"], left["reason"], left["would_be"], left["means"], left["next_step"]) == (
        "Little",
        "below_minimum",
        "10.00",
        "Below 50.00 EUR. Carried to the next batch.",
        "nothing",
    )


def test_a_person_reads_who_is_paid_and_who_is_not(
    desk: Desk, profile: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["payouts", "list", *profile]) == 0
    assert capsys.readouterr().out == "No batch was prepared.\n"
    assert main(["payouts", "preview", *profile]) == 2
    assert "no draft" in capsys.readouterr().err
    mark = looked_at(desk, prepared(desk)).digest
    assert main(["payouts", "preview", "pb-2026-000001", *profile]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "PB-2026-000001  2026-06-15 to 2026-06-21  weekly   draft",
        "",
        "EUR",
        "  Boats: 60.00 to COBA ••3000, 0 bookings",
        "  1 payouts, 60.00 EUR",
        "  Little: Below minimum, 10.00. Below 50.00 EUR. Carried to the next batch. Nothing to do.",
        "",
        f"To approve it as it is: --seen {mark}",
    ]


def test_dinars_that_go_to_the_next_batch_are_told(
    desk: Desk, clock: HandClock, capsys: pytest.CaptureFixture[str]
) -> None:
    """60.006 are owed, and the provider pays 60.000."""
    desk.services.payout_settings.save(desk.admin, PayoutRules(minimums=(Money(0, "KWD"),)))
    dhow = vendor(desk, "Dhow", currency="KWD")
    with desk.sandbox() as sandbox:
        account = sandbox.open_account("Dhow")
    paid_to(desk, dhow, account)
    far = desk.add_trip("Far", currency="KWD", adult=90_000)
    desk.sold(desk.add_departure(far, day=date(2027, 5, 1)), pay=CARD, adult=1)
    given(desk, dhow, 60_006, "KWD")
    clock.forward(WEEK)
    prepared(desk)
    profile = ["--profile", str(desk.profile.folder)]
    assert main(["payouts", "preview", "--json", *profile]) == 0
    (run,) = said(capsys)["currencies"]
    (row,) = run["payouts"]
    assert (row["to_pay"], row["adjustments"], row["carried_on"]) == ("60.000", "60.000", "0.006")
    assert main(["payouts", "preview", *profile]) == 0
    label = f"Stripe ••{account[-4:]}"
    assert f"  Dhow: 60.000 to {label}, 0 bookings, 0.006 goes to the next batch\n" in capsys.readouterr().out


def test_a_person_approves_with_their_password_what_they_saw(
    desk: Desk, profile: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = prepared(desk)
    mark = looked_at(desk, batch).digest
    approve = ["payouts", "approve", "PB-2026-000001", *profile]
    typed(monkeypatch, "not the password")
    assert main([*approve, "--seen", mark, "--as", ADMIN, "--json"]) == 2
    assert said(capsys)["error"]["code"] == "SignInRefused"
    typed(monkeypatch, PASSWORD)
    assert main([*approve, "--seen", mark, "--as", ADMIN, "--json"]) == 2
    assert said(capsys)["error"]["code"] == "NotPermitted"  # she prepared it
    desk.services.payouts.discard(desk.admin, batch)
    prepared(desk, by=colleague(desk, "Vera Nik"))
    mark = looked_at(desk, desk.services.payouts.batches(desk.admin)[0].id).digest
    approve = ["payouts", "approve", "PB-2026-000002", *profile]
    typed(monkeypatch, PASSWORD)
    assert main([*approve, "--seen", "something else", "--as", ADMIN, "--json"]) == 2
    assert said(capsys)["error"]["code"] == "ChangedMeanwhile"
    typed(monkeypatch, PASSWORD)
    assert main([*approve, "--seen", mark, "--as", ADMIN, "--json"]) == 0
    told = said(capsys)
    assert (told["payouts"], told["left"], told["statements"]) == (
        1,
        1,
        ["ST-2026-000001", "ST-2026-000002"],
    )
    assert told["batch"]["sums"] == [
        {"currency": "EUR", "amount": "60.00", "payouts": 1, "paid": 0, "failed": 0, "unknown": 0}
    ]
    assert main(["payouts", "list", *profile]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "PB-2026-000002  2026-06-15 to 2026-06-21  weekly   approved   60.00 EUR",
        "PB-2026-000001  2026-06-15 to 2026-06-21  weekly   discarded",
    ]


def test_a_password_that_was_given_approves_nothing(
    desk: Desk, profile: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = looked_at(desk, prepared(desk)).digest
    vera = colleague(desk, "Vera Nik")
    assert vera.user_id is not None
    desk.services.users.reset_password(desk.admin, vera.user_id, PASSWORD)
    typed(monkeypatch, PASSWORD)
    assert (
        main(
            [
                *("payouts", "approve", "PB-2026-000001", *profile),
                *("--seen", mark, "--as", "vera@travellr.example", "--json"),
            ]
        )
        == 2
    )
    assert "given to you" in said(capsys)["error"]["message"]


def test_a_draft_is_discarded(desk: Desk, profile: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    prepared(desk)
    assert main(["payouts", "discard", "PB-2026-000001", "--json", *profile]) == 0
    assert said(capsys)["batches"][0]["state"] == "discarded"
    assert main(["payouts", "discard", "PB-2026-000001", *profile]) == 2
    assert "is no draft any more" in capsys.readouterr().err


@pytest.mark.usefixtures("profile")
def test_what_is_overdue_is_an_answer_of_no(desk: Desk, clock: HandClock) -> None:
    prepared(desk)
    clock.forward(WEEK)
    told = tell_overdue(desk.services)
    assert not told.ok
    assert told.as_text().splitlines() == [
        "PB-2026-000001 waits for approval since 2026-06-25.",
        "Boats could be paid 60.00 EUR since 2026-06-18.",
    ]
    assert [each["vendor"] for each in told.as_json()["overdue"]] == [None, "Boats"]


def test_nothing_overdue_is_an_answer_of_yes(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["payouts", "overdue", "--profile", str(desk.profile.folder)]) == 0
    assert capsys.readouterr().out == "Nothing is overdue.\n"
