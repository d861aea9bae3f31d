"""No picture of the window holds a key, a passphrase or a card number: what is painted is read off as it is grabbed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from helpers import disputed
from helpers.gui_thread import off_gui
from helpers.keys import SECRET_KEY, TEST_KEY, rolled
from helpers.leaked import leaked
from helpers.office import Office, office_at
from helpers.painted import lines_of
from helpers.settings_page import Key, section, settings
from helpers.tilling import open_till
from travellr_desktop.domain.ways import Way
from travellr_desktop.services.sales import PayChoice
from travellr_desktop.services.secrets import Place
from travellr_desktop.ui.bug_report import BugReport
from travellr_desktop.ui.screens import SCREENS
from travellr_desktop.ui.settings.payments import PaymentsSection

WORDS, WRONG = "lanterns over the quay", "seven gulls in a bucket"
CARD_NUMBER = "4242 4242 4242 4242"


@pytest.fixture(autouse=True)
def _none_is_rolled() -> Iterator[None]:
    yield
    rolled.clear()


@pytest.fixture
def office(qtbot: QtBot, tmp_path: Path) -> Iterator[Office]:
    with office_at(qtbot, tmp_path, at="settings") as office:
        yield office


def shown(root: QWidget) -> str:
    """Every word on a picture of the widget, and what a screen reader would be told with it."""
    lines, _ = lines_of(root)
    words = [line.text for line in lines]
    for edit in root.findChildren(QLineEdit):
        words += [edit.displayText(), edit.placeholderText()]
    words += [text.toPlainText() for text in root.findChildren(QPlainTextEdit)]
    for label in root.findChildren(QLabel):
        words.append(label.text())
    for each in root.findChildren(QWidget):
        words += [each.accessibleName(), each.accessibleDescription(), each.toolTip()]
    return "\n".join(words)


def secrets_in(office: Office) -> list[str]:
    office.quiet()
    return leaked(shown(office.window), (WORDS, WRONG))


def test_a_key_is_on_no_picture_while_it_is_typed_refused_and_used(office: Office) -> None:
    payments = section(settings(office), PaymentsSection)
    form = payments.form
    office.tab_to(form.field.edit)
    office.type(SECRET_KEY)
    assert secrets_in(office) == []
    office.key(Key.Key_Return)
    office.until(lambda: form.field.error)
    assert secrets_in(office) == []
    form.place.set_value("vault")
    for field, text in ((form.field, TEST_KEY), (form.passphrase, WORDS), (form.again, WORDS)):
        field.set_text(text)
    assert secrets_in(office) == []
    form.send()
    office.until(lambda: "vault" in payments.where.text())
    assert secrets_in(office) == []
    payments.vault.change.click()
    payments.vault.passphrase.set_text(WRONG)
    payments.vault.fresh.set_text(WORDS)
    payments.vault.again.set_text(WORDS)
    payments.vault.send()
    office.until(lambda: payments.vault.passphrase.error)
    assert secrets_in(office) == []


def test_a_key_that_ended_is_told_without_it(office: Office) -> None:
    provider = office.desk.services.provider
    off_gui(lambda: provider.set_key(office.desk.admin, TEST_KEY, Place.VAULT, WORDS))
    rolled.add(TEST_KEY)
    off_gui(lambda: office.desk.sold(office.desk.add_departure(), adult=1))
    payments = section(settings(office), PaymentsSection)
    office.until(payments.missing.isVisible)
    assert secrets_in(office) == []
    office.go("activity")
    assert secrets_in(office) == []


def test_no_screen_with_money_on_it_shows_a_key_or_a_card(office: Office) -> None:
    """Every screen and every view that the palette names, after sales through a provider whose key is in the vault."""
    desk = office.desk

    def a_day() -> None:
        desk.services.provider.set_key(desk.admin, TEST_KEY, Place.VAULT, WORDS)
        desk.cancel(desk.sold(desk.add_departure(), adult=1).bookings[0].id)
        sale = disputed.sold(desk)
        disputed.opened(desk, sale)
        desk.services.listening.poll()
        desk.services.matching.fetch()
        desk.sold(desk.add_departure(), pay=PayChoice(Way.LINK), adult=1)
        open_till(desk)

    off_gui(a_day)
    seen = 0
    for entry in SCREENS:
        screen = office.go(entry.key)
        for view in (None, *entry.views):
            if view is not None:
                screen.go_view(view.key)
            assert secrets_in(office) == [], f"{entry.key}, {view}"
            seen += 1
    assert seen > len(SCREENS)


def test_what_is_told_of_a_bug_has_no_key_and_no_card(office: Office) -> None:
    try:
        raise RuntimeError(f"could not send {SECRET_KEY} of {CARD_NUMBER}")
    except RuntimeError as error:
        report = BugReport.of(error)
    office.window.show_bug(report)
    dialog = office.window.bug
    assert dialog is not None
    office.until(dialog.isVisible)
    assert leaked(shown(dialog)) == []
    dialog.act.click()
    assert "RuntimeError" in office.clipboard()
    assert leaked(office.clipboard()) == []
    dialog.reject()


def test_a_key_in_the_open_would_be_seen(office: Office) -> None:
    """The control: the same field, with its eye open."""
    payments = section(settings(office), PaymentsSection)
    payments.form.field.set_text(SECRET_KEY)
    payments.form.field.edit.setEchoMode(QLineEdit.EchoMode.Normal)
    assert secrets_in(office) == [SECRET_KEY]
    payments.form.field.set_text("")
    payments.where.setText(f"paid with {CARD_NUMBER}")
    assert CARD_NUMBER in secrets_in(office)
