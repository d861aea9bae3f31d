"""The provider's key: what it may be, where it is kept, when it goes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from helpers.gui_thread import off_gui
from helpers.keyrings import MemoryKeyring
from helpers.office import Office, cut, office_at
from helpers.settings_page import (
    LIVE_KEY,
    STANDS,
    TEST_KEY,
    Key,
    section,
    settings,
    sold_by_card,
)
from travellr_desktop.domain.key_trouble import KeyTrouble
from travellr_desktop.domain.ways import PaymentsKind
from travellr_desktop.services.pinning import pin
from travellr_desktop.services.secrets import SecretName
from travellr_desktop.storage.commits import Commit
from travellr_desktop.ui.settings.payments import PaymentsSection
from travellr_desktop.ui.settings.sandbox import SandboxSection


def test_the_sandbox_is_said_plainly(office: Office) -> None:
    payments = section(settings(office), PaymentsSection)
    assert payments.mode.words.text() == "Sandbox"
    assert payments.where.text() == "Not set"


@pytest.mark.parametrize(
    "text", ["pk_test_51AbCdEf", "4242 4242 4242 4242", "sk_", "ключ", "sk_test_ with spaces"]
)
def test_a_wrong_kind_of_key_is_refused_beside_the_field(office: Office, text: str) -> None:
    payments = section(settings(office), PaymentsSection)
    office.tab_to(payments.form.field.edit)
    office.type(text)
    office.ctrl(Key.Key_Return)
    office.until(lambda: payments.form.field.error)
    office.quiet()
    assert payments.form.field.text() == text
    assert off_gui(lambda: office.desk.services.secrets.read(SecretName.STRIPE_API_KEY)) is None
    if text.startswith("pk_"):
        assert "publishable" in payments.form.field.error


def test_a_key_is_kept_told_where_and_used_at_once(outside: Office) -> None:
    outside.desk.services.secrets._keyring = MemoryKeyring()
    payments = section(settings(outside), PaymentsSection)
    outside.tab_to(payments.form.field.edit)
    outside.type(TEST_KEY)
    outside.key(Key.Key_Return)
    outside.until(lambda: payments.where.text().startswith("In the system keyring"))
    outside.quiet()
    assert payments.form.field.text() == ""
    assert payments.mode.words.text() == "Stripe, test mode"
    assert outside.desk.services.provider.kind is PaymentsKind.TEST
    assert off_gui(lambda: outside.desk.services.secrets.read(SecretName.STRIPE_API_KEY)) == TEST_KEY


def test_without_a_keyring_a_key_is_used_at_once_and_said_not_to_last(office: Office) -> None:
    screen = settings(office)
    payments, sandbox = section(screen, PaymentsSection), section(screen, SandboxSection)
    assert payments.form.place.words() == "For this session only"
    assert "gone when the program ends" in payments.form.why.text()
    assert sandbox.isVisible()
    office.tab_to(payments.form.field.edit)
    office.type(TEST_KEY)
    office.key(Key.Key_Return)
    office.until(lambda: payments.where.text() == "Kept for this session only")
    office.until(lambda: not sandbox.isVisible())
    assert payments.mode.words.text() == "Stripe, test mode"
    assert payments.keeps.text() == "No card payment yet: the key may be of any kind"
    assert not screen.nav.items["sandbox"].isVisible()


def test_the_list_of_sections_passes_over_a_sandbox_that_is_not_used(office: Office) -> None:
    screen = settings(office)
    off_gui(lambda: office.desk.services.provider.set_key(office.desk.admin, TEST_KEY))
    office.until(screen.nav.items["sandbox"].isHidden)
    screen.show_section("payments")
    screen.nav.items["payments"].setFocus()
    office.key(Key.Key_Down)
    assert screen.nav.current not in ("payments", "sandbox")
    office.key(Key.Key_Up)
    assert screen.nav.current == "payments"


def test_the_sandbox_that_is_no_longer_used_is_left_in_the_list(office: Office) -> None:
    screen = settings(office)
    screen.show_section("sandbox")
    off_gui(lambda: office.desk.services.provider.set_key(office.desk.admin, TEST_KEY))
    office.until(screen.nav.items["sandbox"].isHidden)
    office.quiet()
    office.until(lambda: not screen.nav.items[screen.nav.current].isHidden())


def test_a_key_of_another_kind_is_refused_beside_the_field(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, prepare=sold_by_card, at="settings") as office:
        payments = section(settings(office), PaymentsSection)
        assert payments.keeps.text() == "The sandbox, since its first card payment"
        office.tab_to(payments.form.field.edit)
        office.type(LIVE_KEY)
        office.key(Key.Key_Return)
        office.until(lambda: payments.form.field.error)
        office.quiet()
        assert payments.form.field.error == (
            "This profile has taken card payments in the sandbox and stays there; the Stripe key is for real money. "
            "Real money needs a profile of its own: start Travellr with --profile DIR."
        )
        assert payments.form.field.text() == LIVE_KEY
        assert office.focus() is payments.form.field.edit
        assert payments.mode.words.text() == "Sandbox"
        assert not cut(payments)


@pytest.mark.parametrize(
    ("kind", "words"), [(PaymentsKind.TEST, "Stripe, test mode"), (PaymentsKind.LIVE, "Stripe, live")]
)
def test_a_key_of_the_environment_cannot_be_forgotten_here(
    office: Office, kind: PaymentsKind, words: str
) -> None:
    payments = section(settings(office), PaymentsSection)
    payments._show(replace(STANDS, kind=kind))
    assert payments.mode.words.text() == words
    assert payments.missing.isHidden()
    assert payments.form.forget.isHidden()


def test_a_missing_key_is_said(office: Office) -> None:
    payments = section(settings(office), PaymentsSection)
    payments._show(
        replace(
            STANDS,
            kind=PaymentsKind.LIVE,
            keeps_to=PaymentsKind.LIVE,
            where="not set",
            trouble=KeyTrouble.MISSING,
        )
    )
    assert payments.missing.isVisible()
    assert payments.missing.accessibleName().startswith("The key is missing")
    assert payments.keeps.text() == "Real money, since its first card payment"


def test_a_demonstration_takes_no_key(office: Office) -> None:
    payments = section(settings(office), PaymentsSection)
    payments._show(replace(STANDS, kind=PaymentsKind.SANDBOX, may_change=False))
    assert not payments.form.field.isVisible()
    assert not payments.form.foot.isVisible()
    assert payments.fixed.isVisible()


def test_a_key_that_must_stay_is_not_forgotten_and_it_is_said_why(office: Office) -> None:
    def charged_in_test_mode() -> None:
        office.desk.services.provider.set_key(office.desk.admin, TEST_KEY)
        with office.desk.database.write(Commit.PAYMENT_CREATE, office.desk.admin) as work:
            pin(work, PaymentsKind.TEST)
            work.commit()

    off_gui(charged_in_test_mode)
    payments = section(settings(office), PaymentsSection)
    office.tab_to(payments.form.forget)
    office.key(Key.Key_Space)
    office.until(payments.question.isVisible)
    office.qtbot.keyClick(payments.question, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    office.until(payments.form.problem.isVisible)
    office.quiet()
    assert payments.form.problem.text().endswith("Enter another key of the same kind in its place.")
    assert off_gui(lambda: office.desk.services.secrets.read(SecretName.STRIPE_API_KEY)) == TEST_KEY


def test_a_key_is_forgotten_only_after_asking(outside: Office) -> None:
    store = outside.desk.services.secrets
    store._keyring = MemoryKeyring()
    store.write(SecretName.STRIPE_API_KEY, TEST_KEY)
    payments = section(settings(outside), PaymentsSection)
    outside.tab_to(payments.form.forget)
    outside.key(Key.Key_Space)
    outside.until(payments.question.isVisible)
    outside.qtbot.keyClick(payments.question, Key.Key_Escape)
    outside.quiet()
    assert store.read(SecretName.STRIPE_API_KEY) == TEST_KEY
    outside.window.activateWindow()
    outside.until(outside.window.isActiveWindow)
    outside.tab_to(payments.form.forget)
    outside.key(Key.Key_Space)
    outside.until(payments.question.isVisible)
    outside.qtbot.keyClick(payments.question, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    outside.until(lambda: payments.where.text() == "Not set")
    outside.quiet()
    assert store.read(SecretName.STRIPE_API_KEY) is None
