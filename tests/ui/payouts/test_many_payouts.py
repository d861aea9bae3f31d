"""A batch of more payouts than fit on the screen, while it is sent: read a few times, to the last, in its place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest
from PySide6.QtCore import QSize, Qt
from pytestqt.qtbot import QtBot

from helpers.gui_thread import off_gui
from helpers.many_vendors import MANY, OWED, many_approved
from helpers.paying_out import not_once
from helpers.payouts_shown import Paying, paying
from travellr_desktop.domain.states import BatchState, PayoutState
from travellr_desktop.events import VendorPayout
from travellr_desktop.ui.pace import EVERY_MS
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.payouts.batch_page import BatchPage

Key = Qt.Key


@pytest.fixture
def many(qtbot: QtBot, tmp_path: Path) -> Iterator[Paying]:
    with paying(qtbot, tmp_path, many_approved, size=QSize(1280, 720)) as made:
        yield made


def sent(paying: Paying) -> list[VendorPayout]:
    """Send all of it, and wait until the window says so; what was heard meanwhile."""
    heard: list[VendorPayout] = []
    subscription = paying.desk.services.bus.subscribe(VendorPayout, heard.append)
    page = paying.page
    page.sending.ask_run()
    paying.question(Decision).act.click()
    paying.closed()
    paying.office.until(lambda: page.head.badge.word == "Paid")
    paying.settled()
    subscription.cancel()
    return heard


def words(page: BatchPage) -> set[str]:
    column = next(each for each in page.tables.paid.rows_model.columns if each.key == "state")
    return {column.text(row) for row in page.tables.paid.rows}


def test_events_that_come_thick_are_few_readings_and_the_last_state_is_shown(many: Paying) -> None:
    page = many.open()
    before, began = page.reading.times, monotonic()
    heard = sent(many)
    seconds = monotonic() - began
    assert len(heard) == 2 * MANY, "each was begun, and is paid"
    # one at the start and one at the end are asked for at once
    assert page.reading.times - before <= 4 + seconds * 1_000 / EVERY_MS
    assert words(page) == {"Paid"}
    assert len(page.tables.paid.rows) == MANY
    assert page.run_ticket.progress.text() == f"{MANY} of {MANY} paid"
    assert page.run_ticket.bar.value() == MANY
    assert many.row().state is BatchState.DONE
    assert off_gui(lambda: not_once(many.desk)) == []


def test_a_storm_of_events_is_read_twice_at_most(many: Paying) -> None:
    """However thick they come: the naive screen would read the batch for each that comes through by itself."""
    page, desk = many.open(), many.desk
    (any_payout, *_) = page.tables.paid.rows
    assert any_payout.payout is not None and page.batch is not None
    event = VendorPayout(
        aggregate_id=any_payout.payout.id,
        timestamp=desk.clock.now(),
        vendor_id=any_payout.vendor_id,
        batch_id=page.batch.id,
        amount=any_payout.amount,
        state=PayoutState.SENDING,
    )
    refreshed: list[None] = []
    real, before = page.changed, page.reading.times

    def changed() -> None:
        refreshed.append(None)
        real()

    page.changed = changed  # type: ignore[method-assign]
    began = monotonic()
    while len(refreshed) < 60:
        count = len(refreshed)
        off_gui(lambda: desk.services.bus.publish(event))
        many.office.until(lambda: len(refreshed) > count)  # noqa: B023 - asked before the next turn
    seconds = monotonic() - began
    many.office.until(lambda: page.reading.times > before)
    many.settled()
    assert page.reading.times - before <= 2 + seconds * 1_000 / EVERY_MS


def test_cursor_place_and_labels_stay_where_they_are(many: Paying) -> None:
    page = many.open()
    table = page.tables.paid
    table.go_to(MANY - 5)
    many.office.until(lambda: table.verticalScrollBar().value() > 0)
    row, place = table.current_row(), table.verticalScrollBar().value()
    labels = {id(each) for each in page.run_ticket.rows.findChildren(Label)}
    sent(many)
    assert (table.current_row().id, table.verticalScrollBar().value()) == (row.id, place)
    assert table.current_row().payout.state is PayoutState.PAID
    assert {id(each) for each in page.run_ticket.rows.findChildren(Label)} == labels


def test_the_vendor_beside_it_is_shown_as_they_are_now(many: Paying) -> None:
    page = many.open()
    last = page.tables.paid.rows[-1]
    page.tables.paid.go_to(MANY - 1)
    page.open_vendor(last)
    sent(many)
    many.office.until(lambda: page.panel.shown.payout.state is PayoutState.PAID)  # type: ignore[union-attr]
    assert page.watched is not None
    assert (page.watched.id, page.watched.amount.minor) == (last.id, OWED)


def test_all_batches_are_read_anew_when_they_are_shown_again(many: Paying) -> None:
    many.open()
    sent(many)
    many.screen.show_all()
    many.office.until(lambda: many.screen.list.rows[0].state is BatchState.DONE)
