"""The vault and the machine's kind in the settings, and the way there from the start and from the status bar."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from pytestqt.exceptions import TimeoutError as QtTimeout
from pytestqt.qtbot import QtBot

from helpers.alternating import alternating
from helpers.gui_thread import may_block, off_gui
from helpers.keys import OTHER_TEST_KEY, SECRET_KEY, TEST_KEY, rolled
from helpers.layout import faults
from helpers.office import Office, office_at
from helpers.rest import SETTLES_MS
from helpers.settings_page import Key, section, settings
from travellr_desktop.domain.key_trouble import KeyTrouble
from travellr_desktop.domain.permissions import Role
from travellr_desktop.domain.ways import ProfileKind
from travellr_desktop.payments.sandbox.access import DESK_KEY, OFFICE_KEY
from travellr_desktop.services.secrets import Place
from travellr_desktop.services.vault import VaultState
from travellr_desktop.ui.settings.payments import PaymentsSection
from travellr_desktop.ui.station import Station
from travellr_desktop.ui.theme import Mode, Theme

WORDS, OTHER = "lanterns over the quay", "an olive and two capers"


@pytest.fixture(autouse=True)
def _none_is_rolled() -> Iterator[None]:
    yield
    rolled.clear()


def payments_of(office: Office) -> PaymentsSection:
    screen = settings(office)
    screen.show_section("payments")
    return section(screen, PaymentsSection)


def put_in_vault(office: Office, key: str = TEST_KEY) -> None:
    off_gui(lambda: office.desk.services.provider.set_key(office.desk.admin, key, Place.VAULT, WORDS))


def lock(office: Office) -> None:
    """As the vault is at the next start."""

    def close() -> None:
        vault = office.desk.services.secrets._vault
        assert vault is not None
        vault.close()

    off_gui(close)


def test_a_key_goes_into_a_vault_by_the_keyboard_alone(office: Office) -> None:
    payments = payments_of(office)
    form = payments.form
    office.tab_to(form.field.edit)
    office.type(DESK_KEY)
    office.tab_to(form.place.box)
    office.key(Key.Key_Up)
    office.until(form.passphrase.isVisible)
    assert "sealed file" in form.why.text()
    office.tab_to(form.passphrase.edit)
    office.type(WORDS)
    office.tab_to(form.again.edit)
    office.type("lanterns under the quay")
    office.key(Key.Key_Return)
    assert form.again.error == "The two are not the same."
    office.type(WORDS)
    office.key(Key.Key_Return)
    office.until(lambda: payments.where.text() == "In the vault of this profile")
    office.quiet()
    assert [field.text() for field in (form.field, form.passphrase, form.again)] == ["", "", ""]
    assert payments.powers.can.words.text() == (
        "The key is good for card payments, payment links, saved cards, card readers and refunds."
    )
    assert "paying vendors and reading the balance" in payments.powers.lacks.words.text()
    assert form.place.value() == "vault"
    assert not form.passphrase.isVisible()


@pytest.mark.parametrize(
    ("passphrase", "says"), [("short", "at least 10"), ("password1234", "first that are guessed")]
)
def test_a_weak_passphrase_is_said_at_its_field(office: Office, passphrase: str, says: str) -> None:
    form = payments_of(office).form
    form.place.set_value("vault")
    form.field.set_text(TEST_KEY)
    for field in (form.passphrase, form.again):
        field.set_text(passphrase)
    form.send()
    office.until(lambda: form.passphrase.error)
    assert says in form.passphrase.error
    office.until(lambda: office.focus() is form.passphrase.edit)


def test_a_key_that_is_too_strong_is_refused_at_the_field_by_what_it_can_do(office: Office) -> None:
    form = payments_of(office).form
    office.tab_to(form.field.edit)
    office.type(SECRET_KEY)
    office.key(Key.Key_Return)
    office.until(lambda: form.field.error)
    assert form.field.error.startswith("This is a secret key, which may do everything.")
    assert form.field.text() == SECRET_KEY


def test_what_the_machine_is_for_is_chosen_and_said(office: Office) -> None:
    payments = payments_of(office)
    assert payments.machine.why.text().startswith("Desk and office in one")
    payments.machine.kinds.focus_chosen()
    office.key(Key.Key_Right)
    office.until(lambda: payments.machine.why.text().endswith("must not pay vendors."))
    office.quiet()
    provider = office.desk.services.provider
    assert off_gui(lambda: provider.view(office.desk.admin)).profile is ProfileKind.DESK


def test_a_kind_that_the_key_is_too_strong_for_goes_back_and_says_why(office: Office) -> None:
    off_gui(lambda: office.desk.services.provider.set_key(office.desk.admin, OFFICE_KEY))
    payments = payments_of(office)
    payments.machine.chosen.emit("desk")
    office.until(payments.machine.problem.isVisible)
    assert "transfers and balance" in payments.machine.problem.text()
    assert payments.machine.kinds.value() == "standalone"


def test_the_vault_is_opened_where_a_wrong_passphrase_is_said(office: Office) -> None:
    put_in_vault(office)
    lock(office)
    payments = payments_of(office)
    office.until(payments.vault.unlock.isVisible)
    office.tab_to(payments.vault.passphrase.edit)
    office.type(OTHER)
    office.key(Key.Key_Return)
    office.until(lambda: payments.vault.passphrase.error)
    assert payments.vault.passphrase.error == "This is not the passphrase of the vault."
    office.type(WORDS)
    office.key(Key.Key_Return)
    office.until(lambda: not payments.vault.note.isVisible())
    office.quiet()
    assert payments.vault.passphrase.text() == ""
    assert payments.where.text() == "In the vault of this profile"


def test_the_passphrase_is_changed_in_the_settings(office: Office) -> None:
    put_in_vault(office)
    payments = payments_of(office)
    office.until(payments.vault.change.isVisible)
    office.tab_to(payments.vault.change)
    office.key(Key.Key_Space)
    for field, text in zip(payments.vault.fields, (WORDS, OTHER, OTHER), strict=True):
        office.tab_to(field.edit)
        office.type(text)
    office.key(Key.Key_Return)
    office.until(lambda: not payments.vault.changing)
    office.quiet()
    lock(office)
    view = off_gui(lambda: office.desk.services.vault.unlock(office.desk.agent, OTHER))
    assert view.vault is VaultState.OPEN


def test_a_damaged_vault_is_said_and_thrown_away_only_after_asking(office: Office) -> None:
    put_in_vault(office)
    with may_block():
        file = office.desk.profile.vault
        file.write_bytes(file.read_bytes()[:-9])
    payments = payments_of(office)
    office.until(payments.vault.note.isVisible)
    assert payments.vault.note.accessibleName().startswith("The vault was damaged or changed")
    assert not payments.vault.unlock.isVisible()
    office.tab_to(payments.vault.discard)
    office.key(Key.Key_Space)
    office.until(payments.question.isVisible)
    payments.question.act.click()
    office.until(lambda: not payments.vault.isVisible())
    assert payments.where.text() == "Not set"


# the way there


def trouble(office: Office, key: KeyTrouble | None) -> None:
    """As the window reads it when it hears of the key."""
    told = Station("Kotor Riva", "Desk 2", sandbox=True, test=True, key=key)
    office.window._ask_station = lambda: told
    assert office.window.workspace is not None
    office.window.workspace.set_station(told)


def test_at_the_start_the_passphrase_is_asked_for_once(office: Office) -> None:
    put_in_vault(office)
    lock(office)
    trouble(office, KeyTrouble.LOCKED)
    work = office.window.workspace
    assert work is not None
    work.key_way.start()
    office.until(lambda: work.key_way.dialog is not None and work.key_way.dialog.isVisible())
    dialog = work.key_way.dialog
    assert dialog is not None
    office.until(lambda: office.focus() is dialog.field.edit)
    office.type(OTHER)
    office.key(Key.Key_Return)
    office.until(lambda: dialog.field.error)
    assert dialog.isVisible()
    office.until(lambda: office.focus() is dialog.field.edit)
    office.type(WORDS)
    office.key(Key.Key_Return)
    office.until(lambda: work.key_way.dialog is None)
    office.quiet()
    assert off_gui(office.desk.services.provider.trouble) is None


def test_not_now_leaves_the_words_in_the_status_bar_that_lead_back(office: Office) -> None:
    put_in_vault(office)
    lock(office)
    trouble(office, KeyTrouble.LOCKED)
    work = office.window.workspace
    assert work is not None
    assert work.status.key.accessibleName() == "Payment key locked"
    office.tab_to(work.status.key)
    office.key(Key.Key_Space)
    office.until(lambda: work.key_way.dialog is not None and work.key_way.dialog.isVisible())
    dialog = work.key_way.dialog
    assert dialog is not None
    office.until(lambda: office.focus() is dialog.field.edit)
    office.key(Key.Key_Escape)
    office.until(lambda: work.key_way.dialog is None)
    assert work.status.key.isVisible()


def test_a_key_that_ends_is_said_in_the_status_bar_with_a_way_to_the_settings(outside: Office) -> None:
    provider = outside.desk.services.provider
    off_gui(lambda: provider.set_key(outside.desk.admin, TEST_KEY))
    rolled.add(TEST_KEY)
    off_gui(lambda: outside.desk.sold(outside.desk.add_departure(), adult=1))
    assert off_gui(provider.trouble) is KeyTrouble.REFUSED
    trouble(outside, KeyTrouble.REFUSED)
    work = outside.window.workspace
    assert work is not None
    outside.tab_to(work.status.key)
    outside.key(Key.Key_Space)
    outside.until(lambda: work.screen_key == "settings")
    payments = section(settings(outside), PaymentsSection)
    outside.until(payments.missing.isVisible)
    assert payments.missing.accessibleName().startswith("Stripe does not accept the key any more")
    outside.until(lambda: outside.focus() is payments.form.field.edit)
    outside.type(OTHER_TEST_KEY)
    outside.key(Key.Key_Return)
    outside.until(lambda: not payments.missing.isVisible())
    trouble(outside, None)
    assert not work.status.key.isVisible()


def test_an_agent_may_open_the_vault_and_nothing_else(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, role=Role.AGENT, at="settings") as office:
        put_in_vault(office)
        lock(office)
        payments = payments_of(office)
        office.until(payments.vault.unlock.isVisible)
        assert not payments.vault.discard.isVisible()
        assert not payments.machine.kinds.isVisible()
        assert payments.machine.told.text() == "The only one"


# nothing is cut


@pytest.mark.parametrize(
    ("scale", "mode"), alternating([[1.0], [2.0]], [("light", Mode.LIGHT), ("dark", Mode.DARK)], first=1)
)
def test_every_state_of_the_key_can_be_read(mode: Mode, scale: float, qtbot: QtBot, tmp_path: Path) -> None:
    size = QSize(1280, 720) if scale == 1.0 else QSize(1920, 1080)
    with office_at(qtbot, tmp_path, at="settings", mode=mode, size=size) as office:
        Theme.current().set_text_scale(scale)
        wrong: list[str] = []

        def look(where: str) -> None:
            office.quiet()
            found: list[str] = []

            def clean() -> bool:
                found[:] = faults(office.window)
                return not found

            with suppress(QtTimeout):
                qtbot.waitUntil(clean, timeout=SETTLES_MS)
            wrong.extend(f"{where}: {each}" for each in found)

        payments = payments_of(office)
        payments.form.place.set_value("vault")
        look("to a vault")
        payments.form.field.set_text(SECRET_KEY)
        payments.form.place.set_value("session")
        payments.form.send()
        office.until(lambda: payments.form.field.error)
        look("too strong")
        payments.form.kept()
        put_in_vault(office, DESK_KEY)
        office.until(lambda: "vault" in payments.where.text())
        look("what it lacks")
        payments.vault.change.click()
        look("another passphrase")
        payments.vault.done()
        lock(office)
        trouble(office, KeyTrouble.LOCKED)
        payments_of(office).refresh()
        office.until(payments.vault.unlock.isVisible)
        look("locked")
        for each in KeyTrouble:
            trouble(office, each)
            look(each)
    assert wrong == []
