"""Reconciliation, driven by keys over real services: what differs is found, and put right by a click and a reason."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from threading import Event
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from helpers.clock import HandClock
from helpers.desk import Desk
from helpers.reconciling import days, dearer, later, opened, said, screen_of, theirs, trade, whats
from helpers.workplace import Workplace, work_at
from travellr_desktop.domain.permissions import Actor, Role
from travellr_desktop.errors import Refusal
from travellr_desktop.services.matching.fetching import Fetching
from travellr_desktop.services.matching.service import MatchingService
from travellr_desktop.ui.till.screen import DayCloseScreen

Key = Qt.Key


def test_a_day_that_agrees_says_so_with_both_sides(office: Workplace) -> None:
    office.off(lambda: trade(office.desk))
    page = opened(office)
    assert days(page) == [
        ("15 Jun to 18 Jun, 2 movements", "", "", "1 explained"),
        ("Thu 18 Jun, Card payments", "€135.00", "€135.00", "Agrees"),
        ("Thu 18 Jun, Till Z 0001", "€290.00", "€288.00", "1 explained"),
    ]
    assert page.days._first.text() == "Everything agrees, or is explained"


def test_when_all_agrees_one_calm_line_proves_it(office: Workplace) -> None:
    office.off(lambda: office.desk.sold(office.desk.add_departure(), adult=1))
    later(office.desk)
    page = opened(office)
    assert page.instead.words.startswith("4 days, 1 movement: everything agrees")
    assert page._right.currentWidget() is page.instead


def test_before_the_first_card_payment_it_says_what_will_be_here(office: Workplace) -> None:
    page = opened(office)
    assert page.instead.words.startswith("No card payments yet")


def test_by_keys_from_the_days_to_a_difference_and_its_correction(office: Workplace) -> None:
    office.off(lambda: dearer(office.desk))
    page = opened(office)
    office.until(page.days.table.hasFocus)
    assert days(page)[1][3] == "1 open"
    office.key(Key.Key_Return)
    office.until(page.lists.table.hasFocus)
    office.until(lambda: page.panel.shown is not None)
    assert page.panel.decide is not None
    assert page.panel.decide.accessibleName().startswith("Post €0.25 more of the fee")
    assert "Another fee was posted than was taken." in said(page)
    assert any("Processor fees to Stripe" in words for words in said(page))
    office.key(Key.Key_Return)
    assert page.panel.reason is not None
    office.until(page.panel.reason.edit.hasFocus)
    office.ctrl(Key.Key_Return)
    assert page.panel.reason.error == "Say why."
    office.type("Seen on the list")
    assert page.panel.reason.error == ""
    office.ctrl(Key.Key_Return)
    office.until(lambda: page.found.matched is not None and not page.found.matched.differences)
    office.quiet()
    assert days(page)[1][3] == "Agrees"


def test_escape_goes_back_a_step_at_a_time_and_f6_round_the_panes(office: Workplace) -> None:
    office.off(lambda: dearer(office.desk))
    page = opened(office)
    office.until(page.days.table.hasFocus)
    office.key(Key.Key_F6)
    office.until(page.lists.table.hasFocus)
    office.key(Key.Key_Down)
    office.key(Key.Key_Up)
    office.until(lambda: page.panel.reason is not None)
    office.key(Key.Key_Return)
    assert page.panel.reason is not None
    office.until(page.panel.reason.edit.hasFocus)
    office.type("half a rea")
    office.key(Key.Key_Escape)
    office.until(page.lists.table.hasFocus)
    page.refresh()
    office.quiet()
    assert page.panel.reason.text() == "half a rea"
    office.key(Key.Key_Escape)
    office.until(page.panel.isHidden)
    office.key(Key.Key_Escape)
    office.until(page.days.table.hasFocus)


def test_f5_matches_again_and_a_sale_elsewhere_does_not(office: Workplace) -> None:
    office.off(lambda: trade(office.desk))
    page = opened(office)
    before = page.found.matched
    departure = office.off(lambda: office.desk.add_departure(capacity=9))
    office.off(lambda: office.desk.sold(departure, adult=1))
    office.quiet()
    assert page.found.matched is before
    later(office.desk)
    office.key(Key.Key_F5)
    office.until(lambda: page.found.matched is not before)
    office.quiet()
    assert page.found.matched is not None and page.found.matched.movements == 3


def test_nothing_is_corrected_without_a_reason(office: Workplace) -> None:
    office.off(lambda: dearer(office.desk))
    page = opened(office)
    page._go_in()
    office.until(lambda: page.panel.decide is not None)
    assert page.panel.decide is not None
    page.panel.decide.click()
    office.quiet()
    assert page.found.open == 1
    found = office.off(
        lambda: office.desk.services.matching.match(office.desk.admin, page.span.first, page.span.last)
    )
    assert len(found.differences) == 1


def test_what_no_posting_puts_right_is_explained_and_stays(office: Workplace) -> None:
    office.off(lambda: trade(office.desk))
    office.off(lambda: theirs(office.desk, "DELETE FROM balance_transactions WHERE seq = 1"))
    page = opened(office)
    page._go_in()
    office.until(lambda: page.panel.shown is not None)
    assert page.panel.decide is not None and page.panel.reason is not None
    assert page.panel.decide.accessibleName().startswith("Explain")
    page.panel.reason.edit.setPlainText("Stripe's support: a gap of theirs")
    page.panel.decide.click()
    office.until(lambda: page.found.open == 0)
    office.quiet()
    assert days(page)[1][3] == "1 explained"
    assert "Stripe's support: a gap of theirs" in [
        row.difference.explained.reason
        for row in (page.lists.model.row(at) for at in range(page.lists.model.rowCount()))
        if row is not None and row.difference is not None and row.difference.explained is not None
    ]


def test_the_day_with_the_cursor_narrows_the_differences(office: Workplace) -> None:
    clock = office.desk.clock
    assert isinstance(clock, HandClock)
    clock.at(clock.now() - timedelta(days=1))
    office.off(lambda: office.desk.sold(office.desk.add_departure(), adult=1))
    clock.forward(timedelta(days=1))
    office.off(lambda: dearer(office.desk))
    page = opened(office)
    assert whats(page) == ["Another fee", "Counted short"]
    office.key(Key.Key_Down)
    office.until(lambda: whats(page) == ["Another fee"])
    office.key(Key.Key_Down)
    office.until(lambda: whats(page) == ["Counted short"])
    assert page.days.day == page.span.last
    office.key(Key.Key_Home)
    office.until(lambda: len(whats(page)) == 2)


def test_a_day_that_agrees_says_so_among_others_that_do_not(office: Workplace) -> None:
    clock = office.desk.clock
    assert isinstance(clock, HandClock)
    clock.at(clock.now() - timedelta(days=1))
    office.off(lambda: trade(office.desk))
    clock.forward(timedelta(days=1))
    office.off(lambda: office.desk.sold(office.desk.add_departure(), adult=1))
    later(office.desk)
    page = opened(office)
    office.key(Key.Key_End)
    office.until(lambda: page.instead.words == "Everything agrees Thu 18 Jun")
    assert page._right.currentWidget() is page.instead


def test_a_payment_and_a_till_lead_to_their_screens(office: Workplace) -> None:
    office.off(lambda: dearer(office.desk))
    page = opened(office)
    page._go_in()
    office.until(lambda: page.panel.show_payment is not None)
    page.lists.table.go_to(1)
    office.until(lambda: page.panel.show_till is not None)
    assert "Change given twice" in said(page)
    assert page.panel.decide is None
    page.lists.table.go_to(0)
    office.until(lambda: page.panel.show_payment is not None)
    assert page.panel.show_payment is not None
    page.panel.show_payment.click()
    screen = screen_of(office)
    office.until(lambda: screen.view == "payments" and screen.shown is not None)
    screen.go_view("reconciliation")
    page.till_asked.emit()
    assert isinstance(office.work.current, DayCloseScreen)
    office.quiet()


def test_fetching_can_be_stopped_and_begun_again(office: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    office.off(lambda: trade(office.desk))
    begun, go_on = Event(), Event()
    real = MatchingService.match

    def slow(self: MatchingService, *given: object, seen: object) -> object:
        begun.set()
        assert go_on.wait(30)
        return real(self, *given, seen=seen)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(MatchingService, "match", slow)
        screen = screen_of(office)
        screen.go_view("reconciliation")
        page = screen.reconciliation
        assert page is not None
        office.until(begun.is_set)
        office.until(page.days.progress.isVisible)
        office.until(lambda: len(page.days.table.rows) == 2)
        assert days(page)[0][3] == "", "nothing is said to agree before it was matched"
        page.days.progress.stopped.emit()
        go_on.set()
        office.quiet()
    assert page.found.matched is None
    assert page.instead.words.startswith("Stopped")
    page.instead.to_match.click()
    office.until(lambda: page.found.matched is not None)
    office.quiet()


class KeyNotAllowed(Refusal):
    """As the gateway refuses what a desk's key may not do."""


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (KeyNotAllowed("The payment key may not do this."), "This desk's key may not read the balance"),
        (
            Refusal("The provider does not answer.", hint="Try again in a while."),
            "The books could not be matched",
        ),
    ],
)
def test_what_cannot_be_asked_is_told_with_what_to_do_and_the_tills_still_stand(
    office: Workplace, monkeypatch: pytest.MonkeyPatch, refusal: Refusal, words: str
) -> None:
    office.off(lambda: trade(office.desk))

    def refused(*_: object, **__: object) -> None:
        raise refusal

    with monkeypatch.context() as patched:
        patched.setattr(Fetching, "moves", refused)
        screen = screen_of(office)
        screen.go_view("reconciliation")
        page = screen.reconciliation
        assert page is not None
        office.quiet()
        office.until(lambda: len(page.days.table.rows) == 2)
        office.until(lambda: page._failure is not None)
        office.until(lambda: page.instead.words.startswith(words))
        assert days(page)[1][0].endswith("Till Z 0001")
        assert words in page.days._first.text()
    page.refresh()
    office.until(lambda: page.found.matched is not None)
    office.quiet()
    assert len(page.days.table.rows) == 3


@pytest.mark.parametrize("span", ["month", "last_month"])
def test_other_days_are_matched_and_remembered(office: Workplace, span: str) -> None:
    from travellr_desktop.ui.reconciliation.span import KEPT, Span

    office.off(lambda: trade(office.desk))
    page = opened(office)
    page.span.choose(Span(span))
    office.until(lambda: page.found.matched is not None and page.found.matched.first == page.span.first)
    office.quiet()
    assert office.memory.value(KEPT) == span
    assert page.span.first.day == 1


def test_days_that_are_typed_are_refused_at_the_field(office: Workplace) -> None:
    from travellr_desktop.ui.reconciliation.span import Span

    page = opened(office)
    page.span.choose(Span.CHOSEN)
    for first, last, field in (
        ("31/02/2026", "18/06/2026", page.span.from_field),
        ("18/06/2026", "17/06/2026", page.span.to_field),
        ("17/06/2026", "19/06/2026", page.span.to_field),
    ):
        page.span.from_field.set_text(first)
        page.span.to_field.set_text(last)
        page.span._typed()
        assert field.error
    page.span.from_field.set_text("01/01/2026")
    page.span.to_field.set_text("18/06/2026")
    page.span._typed()
    office.until(lambda: "92 days" in page.span.to_field.error)
    office.quiet()


def test_agents_have_no_such_view(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    with work_at(qtbot, desk, tmp_path, actor=Actor(uuid4(), "Ana Vuković", Role.AGENT)) as place:
        screen = screen_of(place)
        with pytest.raises(KeyError):
            screen.show_view("reconciliation")
        place.quiet()
