"""Nothing of payouts is cut, covered or too pale: long names, high amounts, large text, right to left."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.exceptions import TimeoutError as QtTimeout
from pytestqt.qtbot import QtBot

from helpers.batches import by_bank, given, vendor
from helpers.crowded import NAMES, WORDS
from helpers.desk import Desk
from helpers.gui_thread import off_gui
from helpers.layout import faults
from helpers.paying_out import plenty
from helpers.payouts_shown import WEEK, Paying, forward, nobody, paying, sold_by, travelled
from helpers.refunding import colleague
from helpers.rest import SETTLES_MS
from travellr_desktop.domain.payouts.words import BatchKind
from travellr_desktop.errors import Refusal
from travellr_desktop.services.vendor_drafts import TermsDraft
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.toast import Toast
from travellr_desktop.ui.payouts.prepare import PrepareQuestion
from travellr_desktop.ui.payouts.rows import LeftLine, PaidRow
from travellr_desktop.ui.theme import Theme

SIZES = (QSize(1280, 720), QSize(1920, 1080))


def crowded_batches(desk: Desk) -> None:
    """Vendors with long names who are owed hundreds of millions, in two currencies, some left out; a draft."""
    plenty(desk)
    _, departure = sold_by(desk, "By transfer", 9900, 4)
    _, dollars = sold_by(desk, "In dollars", 9900, 4, currency="USD")
    travelled(desk, departure, dollars)
    for name, minor in zip(
        (WORDS[:150], NAMES[0], NAMES[2]), (98_765_432_10, -12_345_678_90, 1_234), strict=True
    ):
        given(desk, vendor(desk, name, by_bank("Holder")), minor)
    given(desk, vendor(desk, NAMES[1], TermsDraft()), 87_654_321_00)
    forward(desk, WEEK)
    who = colleague(desk, "Petar " + WORDS[:60])
    batch = desk.services.payouts.prepare(who, BatchKind.WEEKLY)
    out = next(row for row in desk.services.payouts.dry_run(who, batch).currencies[0].rows)
    desk.services.payouts.leave_out(who, batch, out.vendor_id, " ".join(WORDS.split())[:180])
    desk.services.payouts.take_in(who, batch, out.vendor_id)


def settled(paying: Paying, within: QWidget | None = None) -> list[str]:
    """What is wrong once columns have grown and layouts have settled; `within` a question that stands over the rest."""
    paying.office.quiet()
    wrong: list[str] = []

    def clean() -> bool:
        wrong[:] = faults(within or paying.office.window)
        return not wrong

    with suppress(QtTimeout):
        paying.office.qtbot.waitUntil(clean, timeout=SETTLES_MS)
    return wrong


def walk(at: Paying, size: QSize) -> list[str]:
    """The list, a draft with every vendor, refused, the last question, approved, by the bank."""
    wrong: list[str] = []

    def look(where: str) -> None:
        wrong.extend(f"{where}: {each}" for each in settled(at))
        if at.office.window.size() != size:
            wrong.append(f"{where}: the window is pushed to {at.office.window.size()}")
            at.office.window.resize(size)

    look("all batches")
    if not at.screen.list.rows:
        return wrong
    at.screen.open_batch(at.screen.list.rows[0].id)
    at.office.until(lambda: at.page.batch is not None)
    page = at.page
    look("the draft")
    rows: list[PaidRow | LeftLine] = [*page.tables.paid.rows, *page.tables.left.rows]
    for row in rows:
        page.open_vendor(row)
        look(f"{row.name[:20]}")
    page.close_vendor()
    if page.is_narrow:
        page._turn()
        look("the ticket alone")
        page._turn()
    page.draft_ticket.refuse(Refusal(WORDS, hint="Run it again, look, then approve."))
    look("refused")
    page.drafting.ask_approve()
    question = at.question(Decision)
    wrong.extend(f"the last question: {each}" for each in settled(at, question))
    question.act.click()
    at.office.until(lambda: QApplication.activeModalWidget() is None)
    at.office.until(lambda: page.run is None)
    for toast in at.office.window.findChildren(Toast):
        toast.hide()  # it stands over the rest for a while
    look("approved")
    page.tables.show_bank()
    look("by the bank")
    page.open_vendor(page.tables.paid.rows[0])
    look("a payout")
    at.screen.show_all()
    look("all batches, approved")
    return wrong


@pytest.mark.parametrize(
    ("size", "large"),
    [
        pytest.param(SIZES[0], False, id="1280x720"),
        pytest.param(SIZES[1], False, id="1920x1080", marks=pytest.mark.soak),
        pytest.param(SIZES[1], True, id="large text", marks=pytest.mark.soak),
    ],
)
def test_nothing_is_cut(qtbot: QtBot, tmp_path: Path, size: QSize, large: bool) -> None:
    with paying(qtbot, tmp_path, crowded_batches, size=size) as at:
        if large:
            Theme.current().set_text_scale(2.0)
        wrong = [each for each in walk(at, size) if "Rail" not in each]  # that scrolls
        assert not wrong, "\n" + "\n".join(wrong)


def test_nothing_is_cut_from_right_to_left(qtbot: QtBot, tmp_path: Path) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        with paying(qtbot, tmp_path, crowded_batches, size=SIZES[0]) as at:
            wrong = [each for each in walk(at, SIZES[0]) if "Rail" not in each]
            assert not wrong, "\n" + "\n".join(wrong)
    finally:
        application.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.mark.soak
def test_the_first_use_has_room(qtbot: QtBot, tmp_path: Path) -> None:
    with paying(qtbot, tmp_path, nobody, size=SIZES[0]) as at:
        assert walk(at, SIZES[0]) == []


def test_what_could_not_be_read_is_said_whole(qtbot: QtBot, tmp_path: Path) -> None:
    with paying(qtbot, tmp_path, nobody, size=SIZES[0]) as at:
        at.screen._fail(Refusal(WORDS, hint="Try again."))
        assert settled(at) == []
        at.screen.prepare()
        question = at.question(PrepareQuestion)
        assert settled(at, question) == []
        question.choose(BatchKind.EXTRA)
        assert settled(at, question) == []
        question.reject()
        at.closed()
        assert off_gui(lambda: at.desk.services.payouts.batches(at.desk.admin)) == ()
