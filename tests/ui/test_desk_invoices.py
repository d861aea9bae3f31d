"""After a sale: its invoice, by the button of the outcome or its key."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from helpers.desk import Desk
from helpers.desk_window import AtDesk, at_desk
from helpers.gui_thread import off_gui
from helpers.invoicing import ready
from helpers.raw import value
from travellr_desktop.ui.actions import Act
from travellr_desktop.ui.desk.payment_states import PaidPage
from travellr_desktop.ui.invoices.dialogs import IssueInvoice
from travellr_desktop.ui.parts.button import Button

K = Qt.Key
SATURDAY = date(2026, 6, 20)


def ready_season(desk: Desk) -> None:
    ready(desk)
    kayak = desk.add_trip("Perast islands kayak", adult=3800)
    desk.add_departure(desk.trips["Blue Cave and Perast"], day=SATURDAY, capacity=12)
    desk.add_departure(kayak, day=SATURDAY, at=time(9, 0), capacity=10)
    desk.traveller("Henrik Söderberg")


@pytest.fixture
def at(qtbot: QtBot, tmp_path: Path) -> Iterator[AtDesk]:
    with at_desk(qtbot, tmp_path, ready_season) as at:
        at.hold("blue cave")
        at.hold("kayak")
        at.buyer()
        assert not at.work.commands.enabled(Act.INVOICE)
        at.ctrl_enter()
        assert isinstance(at.page, PaidPage)
        yield at


def test_a_sale_is_invoiced_as_soon_as_it_is_paid(at: AtDesk, qtbot: QtBot) -> None:
    assert at.work.commands.enabled(Act.INVOICE)
    at.key(K.Key_I)
    issuing = at.screen.issuing
    qtbot.waitUntil(lambda: isinstance(issuing.dialog, IssueInvoice) and issuing.dialog.isVisible())
    with qtbot.waitSignal(issuing.made, timeout=20_000) as made:
        at.ctrl_enter()
    assert made.args is not None and made.args[0] == at.opened[-1]
    assert at.opened[-1].name == "IV-2026-000001.pdf"
    path = at.desk.profile.database
    assert off_gui(lambda: value(path, "SELECT gross FROM invoices")) == at.page.outcome.total.minor


def test_the_outcome_offers_it(at: AtDesk, qtbot: QtBot) -> None:
    (button,) = [each for each in at.page.findChildren(Button) if each.words == "Invoice…"]
    button.click()
    issuing = at.screen.issuing
    qtbot.waitUntil(lambda: isinstance(issuing.dialog, IssueInvoice) and issuing.dialog.isVisible())
    assert issuing.dialog is not None
    issuing.dialog.reject()
    qtbot.waitUntil(lambda: issuing.dialog is None)
