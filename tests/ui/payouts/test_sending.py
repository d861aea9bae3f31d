"""A batch as it is sent: live, paused, gone on with, failed, unknown, taken back, by the bank; over real services."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event as Flag
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from helpers.desk import Desk
from helpers.gui_thread import off_gui
from helpers.paying_out import arm, disarm, not_once, payouts
from helpers.payouts_shown import Paying, paying, season, three_approved
from travellr_desktop.domain.permissions import Role
from travellr_desktop.domain.states import BatchState, PayoutState
from travellr_desktop.events import VendorPayout
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.payouts.questions import TakeBackQuestion

Key = Qt.Key
WAIT = 20


@pytest.fixture
def three(qtbot: QtBot, tmp_path: Path) -> Iterator[Paying]:
    with paying(qtbot, tmp_path, three_approved) as made:
        yield made


def send(paying: Paying) -> None:
    """Ask for it, and say yes."""
    paying.office.ctrl(Key.Key_Return)
    question = paying.question(Decision)
    paying.office.until(question.keep.hasFocus)
    paying.office.ctrl(Key.Key_Return)
    paying.closed()


@contextmanager
def stopped_after_the_first(desk: Desk) -> Iterator[Flag]:
    """The run waits after its first payout, on its own thread, until the flag is set."""
    go, seen = Flag(), list[VendorPayout]()

    def heard(event: VendorPayout) -> None:
        if event.state is PayoutState.PAID and not seen:
            seen.append(event)
            assert go.wait(WAIT)

    subscription = desk.services.bus.subscribe(VendorPayout, heard)
    try:
        yield go
    finally:
        go.set()
        subscription.cancel()


def words(paying: Paying) -> dict[str, str]:
    """How each vendor's payout stands in the table."""
    columns = {column.key: column for column in paying.page.tables.paid.rows_model.columns}
    return {row.name: columns["state"].text(row) for row in paying.page.tables.paid.rows}


def accounts(paying: Paying, **more: Any) -> None:
    """Every vendor's account with the provider becomes so."""

    def change() -> None:
        with paying.desk.sandbox() as sandbox:
            for row in payouts(paying.desk):
                assert row.account_ref is not None
                sandbox.change_account(row.account_ref, **more)

    off_gui(change)


def test_a_batch_is_sent_and_everybody_is_paid_once(three: Paying) -> None:
    page = three.open()
    assert page.run_ticket.act.words == "Send 3 payouts"
    send(three)
    three.office.until(lambda: set(words(three).values()) == {"Paid"})
    three.office.until(lambda: page.head.badge.word == "Paid")
    assert page.run_ticket.progress.text() == "3 of 3 paid"
    assert three.row().state is BatchState.DONE
    assert off_gui(lambda: not_once(three.desk)) == []
    assert page.run_ticket.act.isHidden()


def test_while_it_is_sent_the_window_lives_and_can_pause_it(three: Paying) -> None:
    page = three.open()
    with stopped_after_the_first(three.desk) as go:
        send(three)
        three.office.until(lambda: page.run_ticket.act.words == "Pause")
        three.office.until(lambda: sorted(words(three).values()) == ["Paid", "Waiting", "Waiting"])
        three.office.ctrl(Key.Key_Return)
        three.office.until(lambda: three.row().state is BatchState.PAUSED)
        go.set()
        three.office.quiet()
    three.office.until(lambda: page.run_ticket.act.words == "Go on")
    three.office.until(lambda: sorted(words(three).values()) == ["Paid", "Waiting", "Waiting"])
    three.office.ctrl(Key.Key_Return)
    three.office.until(lambda: set(words(three).values()) == {"Paid"})
    assert off_gui(lambda: not_once(three.desk)) == []


def test_a_run_is_stopped_after_the_current_one(three: Paying) -> None:
    page = three.open()
    with stopped_after_the_first(three.desk) as go:
        send(three)
        three.office.until(lambda: page.run_ticket.second.words == "Stop after this one")
        page.run_ticket.second.click()
        three.office.until(lambda: three.row().state is BatchState.APPROVED)
        go.set()
        three.office.quiet()
    three.office.until(lambda: page.run_ticket.act.words == "Send 2 payouts")
    three.office.until(lambda: sorted(words(three).values()) == ["Paid", "Waiting", "Waiting"])


def test_what_another_window_sends_is_seen_and_can_be_gone_on_with(three: Paying) -> None:
    page, desk = three.open(), three.desk
    batch = three.row().id
    with stopped_after_the_first(desk) as go:
        service = desk.services.payout_runs
        three.office.background.run(page, lambda _task: service.run(desk.admin, batch), key="another window")
        three.office.until(lambda: page.run_ticket.act.words == "Go on here")
        assert "Another window" in page.run_ticket.note.accessibleName()
        go.set()
        three.office.quiet()
    three.office.until(lambda: set(words(three).values()) == {"Paid"})


def test_a_failed_one_says_why_and_is_tried_again_alone(three: Paying) -> None:
    page = three.open()
    accounts(three, transfers="inactive")
    send(three)
    three.office.until(lambda: set(words(three).values()) == {"Failed"})
    accounts(three, transfers="active")
    page.tables.paid.setFocus()
    three.office.until(page.tables.paid.hasFocus)
    page.tables.paid.go_to(0)
    three.office.key(Key.Key_Return)
    three.office.until(lambda: page.in_panel and page.panel.buttons[0].hasFocus())
    assert page.panel.buttons[0].words == "Send once more"
    three.office.key(Key.Key_Space)
    three.office.until(lambda: sorted(words(three).values()) == ["Failed", "Failed", "Paid"])
    assert three.row().sums[0].failed == 2
    three.office.key(Key.Key_Escape)
    three.office.until(lambda: not page.in_panel)
    assert off_gui(lambda: not_once(three.desk)) == []


def test_of_what_nobody_knows_it_is_said_not_to_pay_again(three: Paying) -> None:
    page = three.open()
    off_gui(lambda: arm(three.desk, Operation.TRANSFER_CREATE, FaultKind.REPLY_LOST_AFTER))
    send(three)
    three.office.until(lambda: sorted(words(three).values()) == ["Paid", "Paid", "Unknown"])
    three.office.quiet()
    assert page.run_ticket.note.tone == "unknown"
    assert "Do not pay them again" in page.run_ticket.note.accessibleName()
    page.run_ticket.note.button.click()
    three.office.until(lambda: set(words(three).values()) == {"Paid"})
    assert off_gui(lambda: not_once(three.desk)) == []


def test_where_nobody_answers_the_run_is_paused_and_says_so(three: Paying) -> None:
    page = three.open()
    off_gui(lambda: arm(three.desk, Operation.TRANSFER_CREATE, FaultKind.UNREACHABLE, for_good=True))
    send(three)
    three.office.until(lambda: three.row().state is BatchState.PAUSED)
    three.office.until(lambda: "Go on when" in page.run_ticket.note.accessibleName())
    off_gui(lambda: disarm(three.desk))
    assert off_gui(lambda: not_once(three.desk)) == []


def test_a_part_of_a_paid_transfer_is_taken_back_with_a_reason(three: Paying) -> None:
    page = three.open()
    send(three)
    three.office.until(lambda: set(words(three).values()) == {"Paid"})
    three.office.quiet()
    page.open_vendor(page.tables.paid.rows[0])
    take = next(each for each in page.panel.buttons if each.words == "Take back")
    take.click()
    question = three.question(TakeBackQuestion)
    question.field.set_text("1000.00")
    question.why.set_text("Paid for a trip that did not run")
    question.act.click()
    three.office.until(lambda: bool(question.field.error))
    question.field.set_text("20.00")
    question.act.click()
    three.closed()
    three.office.until(lambda: "Paid, part back" in words(three).values())
    taken = next(each for each in three.detail().payouts if each.taken_back.minor)
    assert taken.taken_back.minor == 2000
    assert off_gui(lambda: not_once(three.desk)) == []


def test_a_statement_opens_as_a_pdf(three: Paying) -> None:
    page = three.open()
    made: list[Path] = []
    page.row_doing.files.made.connect(made.append)
    page.row_doing.files._opener = lambda _path: True
    three.office.until(lambda: page.tables.current() is not None)
    page.row_doing.statement()
    three.office.until(lambda: bool(made))
    assert made[0].suffix == ".pdf"


def test_the_earnings_of_a_vendor_are_one_step_away(three: Paying) -> None:
    page = three.open()
    row = page.tables.paid.rows[0]
    page.open_vendor(row)
    page.panel.buttons[-1].click()
    earnings = three.office.go("earnings")
    three.office.until(lambda: earnings.page.vendor_id == row.vendor_id)  # type: ignore[attr-defined]


def test_what_goes_by_the_bank_waits_for_its_file(qtbot: QtBot, tmp_path: Path) -> None:
    with paying(qtbot, tmp_path, season) as weekly:
        page, office = weekly.open(), weekly.office
        office.ctrl(Key.Key_Return)
        weekly.question(Decision).act.click()
        weekly.closed()
        office.until(lambda: page.run is None)
        page.run_ticket.act.click()
        weekly.question(Decision).act.click()
        weekly.closed()
        office.until(lambda: words(weekly)["Prokletije Trails"] == "For the bank" and not page.sending.here)
        office.until(lambda: page.run_ticket.note.button.words == "See the files")
        page.run_ticket.note.button.click()
        office.until(page.bank.isVisible)


def test_whoever_may_only_look_is_offered_nothing_to_send(qtbot: QtBot, tmp_path: Path) -> None:
    """No button stands there that is then refused."""
    with paying(qtbot, tmp_path, three_approved, role=Role.ADMIN) as three:
        page = three.open()
        page.sending.may_run = False
        page.show_progress()
        assert page.run_ticket.act.isHidden()
        assert page.run_ticket.second.isHidden()
