"""Refunds as the command says them, and what one would do."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from helpers.clock import HandClock
from helpers.desk import CARD, Desk, desk_again, desk_at
from helpers.refunding import limit, refunded
from travellr_desktop.cli import run
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.states import BookingState
from travellr_desktop.errors import InvalidInput
from travellr_desktop.services.refund_asks import RefundAsk

SOON = date(2026, 6, 23)  # in five days: strict keeps half


def asked(desk: Desk) -> Any:
    """A refund of 90.00 that waits for a second person."""
    limit(desk, 0)
    booking = desk.sold(desk.add_departure(), adult=2).bookings[0].id
    back = desk.services.refunds.preview(desk.agent, RefundAsk((booking,))).back
    return desk.services.refunds.request(desk.agent, RefundAsk((booking,)), back, key=uuid4()).order_id


def test_what_waits_comes_first_then_the_newest(desk: Desk, clock: HandClock) -> None:
    first, second = (desk.sold(desk.add_departure(), adult=1).bookings[0].id for _ in range(2))
    refunded(desk, first)
    clock.forward(timedelta(minutes=5))
    refunded(desk, second, to=RefundTo.CREDIT)
    waits = asked(desk)
    clock.forward(timedelta(minutes=5))
    back = asked(desk)
    desk.services.refunds.withdraw(desk.agent, back)
    rows = desk.services.refunds.listed(desk.agent)
    assert [(row.state, row.amount.minor, row.to.value) for row in rows] == [
        ("requested", 9000, "payment"),
        ("withdrawn", 9000, "payment"),
        ("completed", 4500, "credit"),
        ("completed", 4500, "payment"),
    ]
    assert [(row.asked_by, row.decided_by) for row in rows] == [
        ("Ana Vuković", ""),
        ("Ana Vuković", "Ana Vuković"),
        ("Mira Kovač", ""),
        ("Mira Kovač", ""),
    ]
    desk.services.refunds.approve(desk.admin, waits, key=uuid4())
    rows = desk.services.refunds.listed(desk.agent, "completed")
    assert [row.decided_by for row in rows if row.amount.minor == 9000] == ["Mira Kovač"]
    assert [row.state for row in desk.services.refunds.listed(desk.agent, "withdrawn")] == ["withdrawn"]
    assert desk.services.refunds.listed(desk.agent, "failed") == ()
    with pytest.raises(InvalidInput) as refused:
        desk.services.refunds.listed(desk.agent, "lost")
    assert refused.value.field == "state"


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, Any]:
    assert run([*arguments, "--json"]) == code
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


def test_the_command_lists_and_previews_and_moves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "profile"
    with desk_at(folder) as desk:
        trip = desk.add_trip("Half kept", policy="strict")
        sale = desk.sold(desk.add_departure(trip, day=SOON), pay=CARD, adult=2)
        booking = sale.bookings[0]
    at = ("--profile", str(folder), "--at", "2026-06-18")
    shown = said(capsys, "refunds", "preview", booking.reference, *at)
    assert (shown["paid"], shown["kept"], shown["back"], shown["most"]) == (
        "90.00",
        "45.00",
        "45.00",
        "90.00",
    )
    assert [row["back"] for row in shown["travellers"]] == ["22.50", "22.50"]
    assert [(step["kept"], step["back"]) for step in shown["on_other_days"]][-1] == ("90.00", "0.00")
    assert {row["whose"] for row in shown["balances"]} >= {"Bokeška Plovidba", "Agency"}
    late = said(capsys, "refunds", "preview", booking.reference, *at[:3], "2026-06-22T09:00")
    assert late["back"] == "0.00"
    one = said(capsys, "refunds", "preview", booking.reference.lower(), *at, "--traveller", "2")
    assert one["back"] == "22.50"
    assert [row["chosen"] for row in one["travellers"]] == [False, True]
    assert run(["refunds", "preview", booking.reference, *at, "--traveller", "3"]) == 2
    assert run(["refunds", "preview", "BK-2026-999999", *at]) == 2
    assert run(["refunds", "preview", *at]) == 2
    assert run(["refunds", "list", *at]) == 2
    capsys.readouterr()
    assert run(["refunds", "preview", booking.reference, *at]) == 0
    assert "nothing has moved" in capsys.readouterr().out
    assert said(capsys, "refunds", "list", "--profile", str(folder))["refunds"] == []
    with desk_again(folder) as desk:
        assert desk.services.bookings.detail(desk.agent, booking.id).state is BookingState.CONFIRMED
        refunded(desk, booking.id)
    (row,) = said(capsys, "refunds", "list", "--profile", str(folder), "--state", "completed")["refunds"]
    assert (row["bookings"], row["amount"], row["way"], row["to"]) == (
        [booking.reference],
        "45.00",
        "card",
        "payment",
    )
    assert run(["refunds", "list", "--profile", str(folder)]) == 0
    assert booking.reference in capsys.readouterr().out
