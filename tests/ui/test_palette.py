from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from pytestqt.qtbot import QtBot

from helpers.window import Desk, open_desk
from travellr_desktop.domain.permissions import Permission
from travellr_desktop.errors import NotPermitted
from travellr_desktop.ui.screen import Context, SearchEntry
from travellr_desktop.ui.shell.matching import match
from travellr_desktop.ui.shell.palette import Provider
from travellr_desktop.ui.shell.palette_list import Found
from travellr_desktop.ui.theme import Mode, Theme

Key = Qt.Key


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    with open_desk(qtbot, tmp_path) as desk:
        desk.sign_in()
        yield desk


def words(desk: Desk) -> list[str]:
    return [found.words for found in desk.work.finder.rows]


# matching


@pytest.mark.parametrize(
    ("typed", "text", "spans"),
    [
        ("vou", "Open voucher", ((5, 8),)),
        ("voucher open", "Open voucher", ((0, 4), (5, 12))),
        ("soder", "Henrik Söderberg", ((7, 12),)),
        ("ĐUR", "Đurđevac", ((0, 3),)),
        ("4159", "BK-2026-004159", ((10, 14),)),
        ("strasse", "Lange Straße", ((6, 12),)),
        ("", "Open voucher", ()),
    ],
)
def test_what_was_typed_is_found_and_where(typed: str, text: str, spans: tuple[tuple[int, int], ...]) -> None:
    found = match(typed, text)
    assert found is not None
    assert found.spans == spans


def test_every_part_must_be_there() -> None:
    assert match("open refund", "Open voucher") is None


def test_the_beginning_is_better_than_a_word_and_a_word_than_the_middle() -> None:
    scores = [match("ope", text) for text in ("Open voucher", "Do open it", "Scopes")]
    assert [found.score for found in scores if found is not None] == [0, 1, 2]


# the palette


def test_control_k_opens_with_everything_that_can_be_done_and_closes(desk: Desk) -> None:
    desk.ctrl(Key.Key_K)
    finder = desk.work.finder
    desk.until(lambda: desk.focus() is finder.edit)
    assert "Open voucher" in words(desk)
    assert "Go to Bookings" in words(desk)
    assert "Take payment" not in words(desk)
    desk.ctrl(Key.Key_K)
    desk.until(lambda: not finder.isVisible())


def test_the_field_in_the_bar_opens_it_too(desk: Desk) -> None:
    desk.work.bar.field.click()
    assert desk.work.finder.isVisible()


def test_type_and_enter_do_it_and_the_focus_goes_back(desk: Desk) -> None:
    sample = desk.sample
    sample.button.setFocus()
    desk.ctrl(Key.Key_K)
    desk.type("vouch")
    assert words(desk) == ["Open voucher"]
    desk.key(Key.Key_Return)
    assert sample.done == ["voucher"]
    assert not desk.work.finder.isVisible()
    assert desk.focus() is sample.button


def test_an_action_is_found_by_what_its_help_says_too(desk: Desk) -> None:
    desk.ctrl(Key.Key_K)
    desk.type("stays")
    assert words(desk) == ["Lock"]


def test_the_theme_is_chosen_by_its_name(desk: Desk) -> None:
    desk.ctrl(Key.Key_K)
    desk.type("theme")
    assert words(desk) == ["Theme: dark", "Theme: as the system"]
    desk.key(Key.Key_Return)
    assert Theme.current().mode is Mode.DARK


def test_the_arrows_go_round_and_pages_stop_at_the_ends(desk: Desk) -> None:
    desk.ctrl(Key.Key_K)
    view, last = desk.work.finder.view, len(words(desk)) - 1
    assert view.currentIndex().row() == 0
    desk.key(Key.Key_Up)
    assert view.currentIndex().row() == last
    desk.key(Key.Key_Down)
    desk.key(Key.Key_Down)
    assert view.currentIndex().row() == 1
    desk.key(Key.Key_PageDown)
    desk.key(Key.Key_PageDown)
    assert view.currentIndex().row() == last
    desk.key(Key.Key_PageUp)
    desk.key(Key.Key_PageUp)
    assert view.currentIndex().row() == 0


def test_escape_closes_it_and_reaches_nothing_behind(desk: Desk) -> None:
    desk.sample.field.setFocus()
    desk.ctrl(Key.Key_K)
    desk.type("x")
    desk.key(Key.Key_Escape)
    desk.until(lambda: not desk.work.finder.isVisible())
    desk.until(lambda: desk.focus() is desk.sample.field)
    assert desk.sample.done == []


def test_it_opens_empty_again(desk: Desk) -> None:
    desk.ctrl(Key.Key_K)
    desk.type("vouch")
    desk.key(Key.Key_Escape)
    desk.ctrl(Key.Key_K)
    assert desk.work.finder.edit.text() == ""
    assert len(words(desk)) > 1


def test_nothing_found_is_said(desk: Desk) -> None:
    desk.ctrl(Key.Key_K)
    desk.type("zzz")
    assert words(desk) == []
    assert desk.work.finder.said == "Nothing matches “zzz”."
    desk.key(Key.Key_Return)
    desk.until(desk.work.finder.isVisible)


def test_a_click_beside_it_closes_it(desk: Desk) -> None:
    desk.ctrl(Key.Key_K)
    finder = desk.work.finder
    desk.qtbot.mouseClick(finder, Qt.MouseButton.LeftButton, pos=finder.rect().bottomLeft())
    assert not finder.isVisible()


def test_going_to_a_screen_by_its_number_closes_it(desk: Desk) -> None:
    desk.ctrl(Key.Key_K)
    desk.ctrl(Key.Key_2)
    assert desk.work.screen_key == "bookings"
    assert not desk.work.finder.isVisible()


def test_things_are_searched_in_the_background_after_the_verbs(desk: Desk) -> None:
    threads: list[threading.Thread] = []
    opened: list[str] = []

    def travellers(text: str) -> Sequence[Found]:
        threads.append(threading.current_thread())
        return [Found("Vuk Voujošević", "user", lambda: opened.append(text), second="3 bookings")]

    desk.work.finder.add_search("travellers", travellers)
    desk.ctrl(Key.Key_K)
    desk.type("vou")
    desk.qtbot.waitUntil(lambda: words(desk) == ["Open voucher", "Vuk Voujošević"])
    assert threading.main_thread() not in threads
    desk.key(Key.Key_Down)
    desk.key(Key.Key_Return)
    assert opened == ["vou"]


def test_the_registry_of_searches_is_offered_to_whom_it_is_permitted(qtbot: QtBot, tmp_path: Path) -> None:
    def load() -> Callable[[Context], Provider]:
        def made(context: Context) -> Provider:
            return lambda text: [Found(f"{text} for {context.actor.name}", "ticket", lambda: None)]

        return made

    searches = (
        SearchEntry("bookings", Permission.BOOKING_READ, load),
        SearchEntry("people", Permission.USERS_WRITE, load),
    )
    with open_desk(qtbot, tmp_path, searches=searches) as desk:
        desk.sign_in()
        desk.ctrl(Key.Key_K)
        desk.type("zz")
        qtbot.waitUntil(lambda: words(desk) == ["zz for Ana Vuković"])


def test_one_letter_searches_nothing_and_clearing_takes_the_things_away(desk: Desk) -> None:
    asked: list[str] = []

    def travellers(text: str) -> Sequence[Found]:
        asked.append(text)
        return [Found("Vuk", "user", lambda: None)]

    desk.work.finder.add_search("travellers", travellers)
    desk.ctrl(Key.Key_K)
    desk.type("vu")
    desk.qtbot.waitUntil(lambda: "Vuk" in words(desk))
    desk.key(Key.Key_Backspace)
    assert "Vuk" not in words(desk)
    assert asked == ["vu"]


def test_a_search_that_is_refused_leaves_the_other_answers(desk: Desk) -> None:
    def secret(text: str) -> Sequence[Found]:
        raise NotPermitted("An agent may not read the audit trail.")

    desk.work.finder.add_search("audit", secret)
    desk.work.finder.add_search("things", lambda _: [Found("Vouchers of June", "ticket", lambda: None)])
    desk.ctrl(Key.Key_K)
    desk.type("vou")
    desk.qtbot.waitUntil(lambda: "Vouchers of June" in words(desk))
    desk.quiet()
    assert "Open voucher" in words(desk)
    desk.until(lambda: not desk.work.note.isVisible())


def test_a_screen_reader_hears_words_second_words_and_key(desk: Desk) -> None:
    desk.ctrl(Key.Key_K)
    desk.type("go to bookings")
    model: QAbstractItemModel = desk.work.finder.view.model()
    heard = model.data(model.index(0, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert heard == "Go to Bookings, Ctrl+2"
