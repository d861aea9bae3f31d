"""The provider is asked of many accounts before a dry run: how far it is is shown, and it can be stopped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from pytestqt.qtbot import QtBot

from helpers.layout import faults
from helpers.many_vendors import MANY, many_owed, slow_provider
from helpers.payouts_shown import Paying, paying
from travellr_desktop.services.payouts.accounts import JUST_SAID
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.payouts.batch_page import BatchPage
from travellr_desktop.ui.theme import Theme

ANSWERED = 9
Key = Qt.Key


@pytest.fixture
def draft(qtbot: QtBot, tmp_path: Path) -> Iterator[Paying]:
    with paying(qtbot, tmp_path, many_owed, size=QSize(1280, 720)) as made:
        yield made


def begin(draft: Paying) -> BatchPage:
    """Open the draft; it is being asked when this returns."""
    screen, page = draft.screen, draft.screen.page
    draft.office.until(lambda: bool(screen.list.rows))
    screen.open_batch(screen.list.rows[0].id)
    draft.office.until(page.waiting.progress.isVisible)
    return page


def says(page: BatchPage) -> list[str]:
    return [each.text() for each in page.waiting.findChildren(Label) if each.isVisible()]


def stop(page: BatchPage) -> Button:
    return next(each for each in page.waiting.progress.findChildren(Button) if each.isVisible())


def test_it_says_how_many_have_been_answered_for(draft: Paying) -> None:
    with slow_provider(draft.desk, ANSWERED) as asked:
        page = begin(draft)
        draft.office.until(lambda: f"{ANSWERED} of {MANY}" in says(page))
        asked.go.set()
        draft.office.until(lambda: page.run is not None)
        draft.settled()
        assert len(page.tables.paid.rows) == MANY
        assert len(asked.refs) == len(set(asked.refs)) == MANY


def test_it_can_be_stopped_and_goes_on_from_there(draft: Paying) -> None:
    with slow_provider(draft.desk, ANSWERED) as asked:
        page = begin(draft)
        draft.office.until(lambda: f"{ANSWERED} of {MANY}" in says(page))
        stop(page).click()
        asked.go.set()  # those that were on their way are waited for
        draft.office.until(page.waiting.note.isVisible)
        assert page.batch is None
        assert "It was stopped." in says(page)
        before = len(asked.refs)
        assert before < MANY
        draft.screen.refresh()  # what happens elsewhere asks nobody
        draft.office.quiet()
        assert len(asked.refs) == before
        assert page.waiting.note.isVisible()
        draft.office.until(page.waiting.note.button.hasFocus)
        draft.office.key(Key.Key_Space)
        draft.office.until(lambda: page.run is not None)
        assert len(asked.refs) == len(set(asked.refs)) == MANY, "nobody is asked of twice"


def test_all_batches_are_a_step_away_while_it_is_asked(draft: Paying) -> None:
    with slow_provider(draft.desk, ANSWERED) as asked:
        page = begin(draft)
        draft.office.until(page.waiting.to_all.isVisible)
        page.waiting.to_all.click()
        draft.office.until(lambda: not draft.screen.in_batch)
        asked.go.set()
        draft.office.quiet()


def test_a_draft_that_is_shown_stays_when_running_it_again_is_stopped(draft: Paying) -> None:
    page = draft.open()
    figure = page.draft_ticket.figure.text()
    draft.office.clock.forward(JUST_SAID)
    with slow_provider(draft.desk, ANSWERED) as asked:
        draft.office.key(Key.Key_F5)
        draft.office.until(lambda: len(asked.refs) > ANSWERED)
        page.reading.stop()
        asked.go.set()
        draft.office.until(lambda: "It was stopped." in page.draft_ticket.note.accessibleName())
        assert page.draft_ticket.figure.text() == figure
        draft.office.key(Key.Key_F5)
        draft.office.until(lambda: "prepared this" in page.draft_ticket.note.accessibleName())
        draft.office.until(lambda: len(asked.refs) == MANY)


@pytest.mark.parametrize("scale", [1.0, pytest.param(2.0, marks=pytest.mark.soak)])
def test_nothing_of_it_is_cut(draft: Paying, scale: float) -> None:
    Theme.current().set_text_scale(scale)
    wrong: list[str] = []

    def clean() -> bool:
        wrong[:] = [each for each in faults(draft.office.window) if "Rail" not in each]
        return not wrong

    with slow_provider(draft.desk, ANSWERED) as asked:
        page = begin(draft)
        draft.office.until(clean)
        stop(page).click()
        asked.go.set()
        draft.office.until(page.waiting.note.isVisible)
        draft.office.until(clean)
    assert not wrong
