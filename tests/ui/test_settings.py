from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import TypeVar

import pytest
from _pytest.mark import ParameterSet
from PySide6.QtCore import QObject, QSettings, QSize, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from helpers.desk import PASSWORD, Desk
from helpers.gui_thread import may_block, off_gui
from helpers.keyrings import MemoryKeyring
from helpers.office import Office, cut, office_at
from travellr_desktop.domain.permissions import Role
from travellr_desktop.domain.ways import PaymentsKind
from travellr_desktop.errors import SignInRefused
from travellr_desktop.services.agency import AgencyDraft
from travellr_desktop.services.pinning import pin
from travellr_desktop.services.provider import ProviderView
from travellr_desktop.services.secrets import SecretName
from travellr_desktop.storage.commits import Commit
from travellr_desktop.ui.parts.zones import zone_names
from travellr_desktop.ui.settings.about import AboutSection
from travellr_desktop.ui.settings.agency import AgencySection
from travellr_desktop.ui.settings.look import LookSection
from travellr_desktop.ui.settings.payments import PaymentsSection
from travellr_desktop.ui.settings.remembered import keep_text_scale, text_scale
from travellr_desktop.ui.settings.sandbox import SandboxSection
from travellr_desktop.ui.settings.screen import SettingsScreen
from travellr_desktop.ui.settings.section import ReadOnly, SettingsSection
from travellr_desktop.ui.settings.selling import SellingSection
from travellr_desktop.ui.settings.you import YouSection
from travellr_desktop.ui.tables import Density, ListScreen
from travellr_desktop.ui.theme import Mode, Theme

Key = Qt.Key
S = TypeVar("S", bound=SettingsSection)
TEST_KEY = "sk_test_51AbCdEfGhIjKlMnOp"
LIVE_KEY = "rk_live_51AbCdEfGhIjKlMnOp"
STANDS = ProviderView(
    kind=PaymentsKind.TEST,
    keeps_to=None,
    where="from the environment (STRIPE_API_KEY)",
    place="kept for this session only",
    lasts=False,
    entered=False,
    key_missing=False,
    may_change=True,
)
FRESH = "a lantern over the water"


def sold_by_card(desk: Desk) -> None:
    desk.sold(desk.add_departure(), adult=1)


@pytest.fixture
def office(qtbot: QtBot, tmp_path: Path) -> Iterator[Office]:
    with office_at(qtbot, tmp_path, at="settings") as office:
        yield office


@pytest.fixture
def outside(qtbot: QtBot, tmp_path: Path) -> Iterator[Office]:
    """At the desk: the settings are not read yet."""
    with office_at(qtbot, tmp_path) as office:
        yield office


def settings(office: Office) -> SettingsScreen:
    screen = office.go("settings")
    assert isinstance(screen, SettingsScreen)
    office.quiet()
    return screen


def section(screen: SettingsScreen, kind: type[S]) -> S:
    found = screen.sections[kind.key]
    assert isinstance(found, kind)
    return found


def why_read_only(part: SettingsSection) -> list[str]:
    return [each.why.text() for each in part.findChildren(ReadOnly)]


# the agency


def test_the_agency_is_changed_and_saved_by_keys(office: Office) -> None:
    agency = section(settings(office), AgencySection)
    office.tab_to(agency.fields["name"].edit)
    office.type("Bay of Kotor Travel")
    office.tab_to(agency.fields["legal"].edit)
    office.type("Bay of Kotor d.o.o.")
    office.ctrl(Key.Key_Return)
    office.until(lambda: agency.foot.why.text() == "Nothing was changed")
    office.quiet()
    view = off_gui(office.desk.services.agency.view)
    assert view is not None
    assert (view.name, view.legal, view.desk_name) == ("Bay of Kotor Travel", "Bay of Kotor d.o.o.", "Desk 1")
    office.until(lambda: not agency.button.isEnabled())


def test_a_refusal_stands_beside_its_field_and_nothing_typed_is_lost(office: Office) -> None:
    agency = section(settings(office), AgencySection)
    for name, text in (("name", "x" * 121), ("contact", "desk@example.com")):
        office.tab_to(agency.fields[name].edit)
        office.type(text)
    office.key(Key.Key_Return)
    office.until(lambda: agency.fields["name"].error)
    office.quiet()
    assert office.focus() is agency.fields["name"].edit
    assert agency.fields["contact"].text() == "desk@example.com"
    assert not agency.fields["contact"].error
    view = off_gui(office.desk.services.agency.view)
    assert view is not None
    assert view.contact == ""


@pytest.mark.parametrize("text", ["", "   ", "Kotor\u202eRiva\x00"])
def test_a_name_that_cannot_be_is_refused_or_cleaned(office: Office, text: str) -> None:
    agency = section(settings(office), AgencySection)
    field = agency.fields["name"]
    field.edit.setFocus()
    field.set_text(text)
    field.edited.emit(text)
    agency.save()
    office.quiet()
    view = off_gui(office.desk.services.agency.view)
    assert view is not None
    assert view.name.isprintable()
    assert view.name.strip()
    assert field.error or field.text() == view.name


@pytest.mark.qt_log_ignore("^This plugin does not support ")
def test_a_zone_is_found_by_a_part_of_its_name(office: Office) -> None:
    agency = section(settings(office), AgencySection)
    zone = agency.fields["zone"]
    office.tab_to(zone.edit)
    office.type("tokyo")
    completer = zone.edit.completer()
    assert completer is not None
    popup = completer.popup()
    assert popup is not None
    office.until(popup.isVisible)
    office.qtbot.keyClick(popup, Key.Key_Down)
    office.qtbot.keyClick(popup, Key.Key_Return)
    assert zone.text() == "Asia/Tokyo"
    agency.save()
    office.quiet()
    view = off_gui(office.desk.services.agency.view)
    assert view is not None
    assert view.zone == "Asia/Tokyo"


@pytest.mark.qt_log_ignore("^This plugin does not support ")
def test_a_zone_that_is_none_is_told_beside_the_field(office: Office) -> None:
    agency = section(settings(office), AgencySection)
    office.tab_to(agency.fields["zone"].edit)
    office.type("Europe/Nowhere")
    agency.save()
    office.until(lambda: agency.fields["zone"].error)
    assert "Europe/Nowhere" in agency.fields["zone"].error


def test_zones_are_places() -> None:
    names = zone_names()
    assert "Europe/Podgorica" in names
    assert not any(name.startswith("Etc/") or "/" not in name for name in names)


def test_put_back_forgets_what_was_typed(office: Office) -> None:
    agency = section(settings(office), AgencySection)
    office.tab_to(agency.fields["desk_name"].edit)
    office.type("Another")
    office.tab_to(agency.undo)
    office.key(Key.Key_Space)
    assert agency.fields["desk_name"].text() == "Desk 1"
    assert not agency.undo.isVisible()


def test_what_another_saves_shows_but_leaves_what_is_being_typed(office: Office) -> None:
    agency = section(settings(office), AgencySection)
    office.tab_to(agency.fields["contact"].edit)
    office.type("half a num")

    def another() -> None:
        draft = AgencyDraft("Perast Riva", "Desk 1", "", "", "other@example.com", "Europe/Podgorica")
        office.desk.services.agency.save(office.desk.admin, draft)

    off_gui(another)
    office.until(lambda: agency.fields["name"].text() == "Perast Riva")
    assert agency.fields["contact"].text() == "half a num"


def test_the_currency_is_read_only_and_says_why(office: Office) -> None:
    agency = section(settings(office), AgencySection)
    assert agency.currency.text() == "EUR"
    assert why_read_only(agency) == [
        "Fixed since the first start: every entry in the books is in it. Another needs a new profile."
    ]


@pytest.mark.parametrize("role", [Role.AGENT, Role.MANAGER, Role.VENDOR])
def test_who_is_no_admin_reads_and_is_told_why(qtbot: QtBot, tmp_path: Path, role: Role) -> None:
    with office_at(qtbot, tmp_path, role=role, at="settings") as office:
        screen = settings(office)
        assert "Only an admin changes the agency." in why_read_only(section(screen, AgencySection))
        assert why_read_only(section(screen, PaymentsSection)) == ["Only an admin enters or forgets the key."]
        assert why_read_only(section(screen, SandboxSection)) == [
            "Only an admin changes how the sandbox behaves."
        ]
        assert section(screen, AgencySection)._values["name"].text() == "Kotor Riva"


def test_a_vendor_does_not_change_their_own_account(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, role=Role.VENDOR, at="settings") as office:
        you = section(settings(office), YouSection)
        assert not you.may_change
        assert you.email.text() == "vendor@travellr.example"
        assert len(why_read_only(you)) == 1


# selling


def test_the_hold_says_how_long_and_that_it_is_not_set(office: Office) -> None:
    selling = section(settings(office), SellingSection)
    assert selling.hold.text() == "15 minutes"
    assert selling.where.text() == "Nowhere: as the program comes"
    office.tab_to(selling.copy)
    office.key(Key.Key_Space)
    assert office.clipboard() == "hold_minutes = 15"


def test_the_hold_says_that_the_file_sets_it(outside: Office) -> None:
    outside.desk.profile.settings.write_text("hold_minutes = 20\n", encoding="utf-8")
    selling = section(settings(outside), SellingSection)
    assert (selling.hold.text(), selling.where.text()) == ("20 minutes", "In the settings file")


def test_the_hold_says_that_the_environment_sets_it(outside: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAVELLR_HOLD_MINUTES", "1")
    selling = section(settings(outside), SellingSection)
    assert selling.hold.text() == "1 minute"
    assert selling.where.text() == "In the environment, as TRAVELLR_HOLD_MINUTES"
    assert not selling.copy.isVisible()


def test_settings_that_cannot_be_understood_are_told_in_their_place(outside: Office) -> None:
    outside.desk.profile.settings.write_text("hold_minutes = -4\n", encoding="utf-8")
    selling = section(settings(outside), SellingSection)
    assert "Write a whole number of minutes from 1 to 240" in selling.how.text()
    assert selling.how.tone == "bad"


def test_the_rules_for_selling_are_changed_by_keys(office: Office) -> None:
    rules = section(settings(office), SellingSection).rules
    office.until(lambda: rules.limit.text() == "10" and rules.hours.text() == "24")
    office.tab_to(rules.limit.edit)
    office.type("7,5")
    office.key(Key.Key_Return)
    office.until(lambda: rules.limit.text() == "7.5")
    kept = off_gui(lambda: office.desk.services.agency.rules(office.desk.agent))
    assert (kept.discount_limit_bps, kept.offer_hours) == (750, 24)


@pytest.mark.parametrize(
    ("limit", "hours", "wrong"), [("110", "24", "limit"), ("10", "0", "hours"), ("10", "x", "hours")]
)
def test_rules_that_make_no_sense_are_told_at_their_field(
    office: Office, limit: str, hours: str, wrong: str
) -> None:
    rules = section(settings(office), SellingSection).rules
    office.until(lambda: rules.hours.text() == "24")
    for field, text in ((rules.limit, limit), (rules.hours, hours)):
        office.tab_to(field.edit)
        office.type(text)
    office.key(Key.Key_Return)
    office.until(lambda: bool({"limit": rules.limit, "hours": rules.hours}[wrong].error))
    kept = off_gui(lambda: office.desk.services.agency.rules(office.desk.agent))
    assert (kept.discount_limit_bps, kept.offer_hours) == (1000, 24)


# the key


def test_the_sandbox_is_said_plainly(office: Office) -> None:
    payments = section(settings(office), PaymentsSection)
    assert payments.mode.words.text() == "Sandbox"
    assert payments.where.text() == "Not set"


@pytest.mark.parametrize(
    "text", ["pk_test_51AbCdEf", "4242 4242 4242 4242", "sk_", "ключ", "sk_test_ with spaces"]
)
def test_a_wrong_kind_of_key_is_refused_beside_the_field(office: Office, text: str) -> None:
    payments = section(settings(office), PaymentsSection)
    office.tab_to(payments.field.edit)
    office.type(text)
    office.ctrl(Key.Key_Return)
    office.until(lambda: payments.field.error)
    office.quiet()
    assert payments.field.text() == text
    assert off_gui(lambda: office.desk.services.secrets.read(SecretName.STRIPE_API_KEY)) is None
    if text.startswith("pk_"):
        assert "publishable" in payments.field.error


def test_a_key_is_kept_told_where_and_used_at_once(outside: Office) -> None:
    outside.desk.services.secrets._keyring = MemoryKeyring()
    payments = section(settings(outside), PaymentsSection)
    assert not payments.lost.isVisible()
    outside.tab_to(payments.field.edit)
    outside.type(TEST_KEY)
    outside.key(Key.Key_Return)
    outside.until(lambda: payments.where.text().startswith("In the system keyring"))
    outside.quiet()
    assert payments.field.text() == ""
    assert payments.mode.words.text() == "Stripe, test mode"
    assert outside.desk.services.provider.kind is PaymentsKind.TEST
    assert off_gui(lambda: outside.desk.services.secrets.read(SecretName.STRIPE_API_KEY)) == TEST_KEY


def test_without_a_keyring_a_key_is_used_at_once_and_said_not_to_last(office: Office) -> None:
    screen = settings(office)
    payments, sandbox = section(screen, PaymentsSection), section(screen, SandboxSection)
    assert payments.place.text() == "For this session only: this system has no keyring"
    assert payments.lost.isVisible()
    assert sandbox.isVisible()
    office.tab_to(payments.field.edit)
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
    assert screen.nav.current == "you"
    office.key(Key.Key_Up)
    assert screen.nav.current == "payments"


def test_the_sandbox_that_is_no_longer_used_is_left_in_the_list(office: Office) -> None:
    screen = settings(office)
    screen.show_section("sandbox")
    off_gui(lambda: office.desk.services.provider.set_key(office.desk.admin, TEST_KEY))
    office.until(screen.nav.items["sandbox"].isHidden)
    office.quiet()
    assert not screen.nav.items[screen.nav.current].isHidden()


def test_a_key_of_another_kind_is_refused_beside_the_field(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, prepare=sold_by_card, at="settings") as office:
        payments = section(settings(office), PaymentsSection)
        assert payments.keeps.text() == "The sandbox, since its first card payment"
        office.tab_to(payments.field.edit)
        office.type(LIVE_KEY)
        office.key(Key.Key_Return)
        office.until(lambda: payments.field.error)
        office.quiet()
        assert payments.field.error == (
            "This profile has taken card payments in the sandbox and stays there; the Stripe key is for real money. "
            "Real money needs a profile of its own: start Travellr with --profile DIR."
        )
        assert payments.field.text() == LIVE_KEY
        assert office.focus() is payments.field.edit
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
    assert payments.forget.isHidden()


def test_a_missing_key_is_said(office: Office) -> None:
    payments = section(settings(office), PaymentsSection)
    payments._show(
        replace(STANDS, kind=PaymentsKind.LIVE, keeps_to=PaymentsKind.LIVE, where="not set", key_missing=True)
    )
    assert payments.missing.isVisible()
    assert payments.missing.accessibleName().startswith("The key is missing")
    assert payments.keeps.text() == "Real money, since its first card payment"


def test_a_demonstration_takes_no_key(office: Office) -> None:
    payments = section(settings(office), PaymentsSection)
    payments._show(replace(STANDS, kind=PaymentsKind.SANDBOX, may_change=False))
    assert not payments.field.isVisible()
    assert not payments.foot.isVisible()
    assert payments.fixed.isVisible()


def test_a_key_that_must_stay_is_not_forgotten_and_it_is_said_why(office: Office) -> None:
    def charged_in_test_mode() -> None:
        office.desk.services.provider.set_key(office.desk.admin, TEST_KEY)
        with office.desk.database.write(Commit.PAYMENT_CREATE, office.desk.admin) as work:
            pin(work, PaymentsKind.TEST)
            work.commit()

    off_gui(charged_in_test_mode)
    payments = section(settings(office), PaymentsSection)
    office.tab_to(payments.forget)
    office.key(Key.Key_Space)
    office.until(payments.question.isVisible)
    office.qtbot.keyClick(payments.question, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    office.until(payments.problem.isVisible)
    office.quiet()
    assert payments.problem.text().endswith("Enter another key of the same kind in its place.")
    assert off_gui(lambda: office.desk.services.secrets.read(SecretName.STRIPE_API_KEY)) == TEST_KEY


def test_a_key_is_forgotten_only_after_asking(outside: Office) -> None:
    store = outside.desk.services.secrets
    store._keyring = MemoryKeyring()
    store.write(SecretName.STRIPE_API_KEY, TEST_KEY)
    payments = section(settings(outside), PaymentsSection)
    outside.tab_to(payments.forget)
    outside.key(Key.Key_Space)
    outside.until(payments.question.isVisible)
    outside.qtbot.keyClick(payments.question, Key.Key_Escape)
    outside.quiet()
    assert store.read(SecretName.STRIPE_API_KEY) == TEST_KEY
    outside.window.activateWindow()
    outside.until(outside.window.isActiveWindow)
    outside.tab_to(payments.forget)
    outside.key(Key.Key_Space)
    outside.until(payments.question.isVisible)
    outside.qtbot.keyClick(payments.question, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    outside.until(lambda: payments.where.text() == "Not set")
    outside.quiet()
    assert store.read(SecretName.STRIPE_API_KEY) is None


# the sandbox


def test_the_random_card_and_the_wait_are_set(office: Office) -> None:
    sandbox = section(settings(office), SandboxSection)
    assert (sandbox.rate.text(), sandbox.latency.text()) == ("90", "0")
    office.tab_to(sandbox.rate.edit)
    office.type("55")
    office.tab_to(sandbox.latency.edit)
    office.type("250")
    office.key(Key.Key_Return)
    office.until(lambda: not sandbox.save.isEnabled() and not office.background.running)
    with may_block():
        view = office.desk.services.sandbox.view(office.desk.admin)
    assert (view.success_rate, view.latency_ms) == (0.55, 250)


@pytest.mark.parametrize("text", ["", "101", "-1", "9.5", "ninety", "٩٠", "1" * 9])
def test_a_share_that_is_none_is_refused_beside_its_field(office: Office, text: str) -> None:
    sandbox = section(settings(office), SandboxSection)
    office.tab_to(sandbox.rate.edit)
    office.type(text)
    office.key(Key.Key_Return)
    office.quiet()
    assert sandbox.rate.error == "Enter a whole number from 0 to 100."
    assert office.focus() is sandbox.rate.edit
    assert sandbox.rate.text() == text


def test_a_fault_is_armed_listed_and_disarmed_by_keys(office: Office) -> None:
    sandbox = section(settings(office), SandboxSection)
    assert sandbox.none.isVisible()
    office.tab_to(sandbox.operation.box)
    office.key(Key.Key_Home)
    office.tab_to(sandbox.kind.box)
    sandbox.kind.set_value("reply_lost_after")
    office.tab_to(sandbox.arm)
    office.key(Key.Key_Space)
    office.until(lambda: sandbox.armed)
    assert (
        sandbox.armed[0].accessibleName().startswith("Preparing a payment · Reply lost, but done, the next")
    )
    assert not sandbox.none.isVisible()
    office.quiet()
    for _ in range(6):  # it stands above, in the head of the section
        if sandbox.disarm.hasFocus():
            break
        office.key(Key.Key_Backtab)
    assert sandbox.disarm.hasFocus()
    office.key(Key.Key_Space)
    office.until(lambda: not sandbox.armed)
    with may_block():
        assert office.desk.services.sandbox.view(office.desk.admin).faults == ()


def test_a_fault_that_cannot_be_is_told_beside_its_choices(office: Office) -> None:
    sandbox = section(settings(office), SandboxSection)
    sandbox.operation.set_value("payment_intents.retrieve")
    office.tab_to(sandbox.arm)
    office.key(Key.Key_Space)
    office.until(sandbox.problem.isVisible)
    assert sandbox.problem.text() == (
        "“Declined: insufficient funds” cannot happen while the program does this: reading a payment. "
        "Choose another."
    )
    sandbox.operation.set_value("payment_intents.confirm")
    assert not sandbox.problem.isVisible()


# oneself


def test_a_name_is_changed(office: Office) -> None:
    you = section(settings(office), YouSection)
    office.tab_to(you.name.edit)
    office.type("Mira Kovačević")
    office.ctrl(Key.Key_Return)
    office.until(lambda: not you.save_name.isEnabled() and not office.background.running)
    admin = office.desk.admin
    assert admin.user_id is not None
    row = off_gui(lambda: office.desk.services.users.find_by_id(admin, admin.user_id))  # type: ignore[arg-type]
    assert row.name == "Mira Kovačević"


def test_a_password_is_changed_and_the_old_one_ends(office: Office) -> None:
    you = section(settings(office), YouSection)
    office.tab_to(you.current.edit)
    office.type(PASSWORD)
    office.key(Key.Key_Return)
    office.type(FRESH)
    office.key(Key.Key_Return)
    office.until(lambda: you.current.text() == "")
    office.quiet()
    users = office.desk.services.users
    assert off_gui(lambda: users.sign_in("mira@travellr.example", FRESH)).actor == office.desk.admin
    with pytest.raises(SignInRefused):
        off_gui(lambda: users.sign_in("mira@travellr.example", PASSWORD))


@pytest.mark.parametrize("fresh", ["short", "password123", "mira@travellr.example"])
def test_a_weak_password_is_refused_beside_it_and_stays(office: Office, fresh: str) -> None:
    you = section(settings(office), YouSection)
    assert "At least 10 characters" in you.rules.text()
    office.tab_to(you.current.edit)
    office.type(PASSWORD)
    office.tab_to(you.fresh.edit)
    office.type(fresh)
    office.ctrl(Key.Key_Return)
    office.until(lambda: you.fresh.error)
    office.quiet()
    assert (you.current.text(), you.fresh.text()) == (PASSWORD, fresh)
    signed_in = off_gui(lambda: office.desk.services.users.sign_in("mira@travellr.example", PASSWORD))
    assert signed_in.actor == office.desk.admin


def test_a_wrong_password_now_is_told_at_its_own_field(office: Office) -> None:
    you = section(settings(office), YouSection)
    office.tab_to(you.current.edit)
    office.type("not this one")
    office.tab_to(you.fresh.edit)
    office.type(FRESH)
    office.key(Key.Key_Return)
    office.until(lambda: you.current.error)
    assert you.current.error == "This is not the password you have now."
    assert not you.fresh.error


# the look


def test_light_and_dark_are_switched_live_and_come_back(office: Office) -> None:
    look = section(settings(office), LookSection)
    office.tab_to(look.mode._buttons["light"])
    office.key(Key.Key_Right)
    assert Theme.current().mode is Mode.DARK
    assert office.memory.value("theme/mode") == "dark"
    Theme.current().set_mode(Mode.SYSTEM)
    assert look.mode.value() == "system"


def test_the_size_of_text_is_switched_live_and_comes_back(office: Office) -> None:
    look = section(settings(office), LookSection)
    office.tab_to(look.scale.box)
    office.key(Key.Key_End)
    assert Theme.current().text_scale == 2.0
    office.memory.sync()
    again = QSettings(str(office.desk.profile.window), QSettings.Format.IniFormat)
    assert text_scale(again) == 2.0


@pytest.mark.parametrize("kept", ["", "big", "0.5", "20", "nan"])
def test_a_damaged_size_of_text_counts_as_none(tmp_path: Path, kept: str) -> None:
    memory = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    memory.setValue("theme/text_scale", kept)
    assert text_scale(memory) == 1.0
    keep_text_scale(memory, 1.5)
    assert text_scale(memory) == 1.5


def test_compact_rows_hold_for_open_tables_and_those_to_come(office: Office) -> None:
    activity = office.go("activity")
    office.key(Key.Key_Right)
    office.until(lambda: activity.findChildren(ListScreen))
    office.quiet()
    (events,) = activity.findChildren(ListScreen)
    look = section(settings(office), LookSection)
    office.tab_to(look.compact)
    office.key(Key.Key_Space)
    assert events.table.density is Density.COMPACT
    office.go("activity")
    office.key(Key.Key_Right)
    office.quiet()
    assert {each.table.density for each in activity.findChildren(ListScreen)} == {Density.COMPACT}
    settings(office)
    office.tab_to(look.compact)
    office.key(Key.Key_Space)
    assert events.table.density is Density.NORMAL


def test_single_letters_are_switched_off_and_remembered(office: Office) -> None:
    look = section(settings(office), LookSection)
    assert look.letters.isChecked()
    office.tab_to(look.letters)
    office.key(Key.Key_Space)
    assert not look.context.actions.single_letters
    assert str(office.memory.value("keys/single_letters")).lower() == "false"


# about


class Opened(QObject):
    """What the desktop was asked to open."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[str] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.urls.append(url.toLocalFile())


def test_the_profile_folder_is_opened_and_copied(office: Office) -> None:
    about = section(settings(office), AboutSection)
    line = about.paths["folder"]
    opened = Opened()
    QDesktopServices.setUrlHandler("file", opened, "open")  # type: ignore[arg-type]
    try:
        office.tab_to(line.open)
        office.key(Key.Key_Space)
    finally:
        QDesktopServices.unsetUrlHandler("file")
    assert opened.urls == [str(office.desk.profile.folder)]
    assert line.failed.isHidden()
    office.tab_to(line.copy)
    office.key(Key.Key_Space)
    assert office.clipboard() == str(office.desk.profile.folder)


def test_about_names_the_database_that_is_used(outside: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:////srv/desk/other.db")
    about = section(settings(outside), AboutSection)
    assert about.paths["database"].path == Path("/srv/desk/other.db")
    outside.tab_to(about.copy)
    outside.key(Key.Key_Space)
    assert "Database: /srv/desk/other.db\n" in outside.clipboard()


def test_every_licence_is_there_to_read(office: Office) -> None:
    about = section(settings(office), AboutSection)
    assert [line.path.is_file() for line in about.licences] == [True] * 3


# the page


def test_the_list_of_sections_goes_to_each_by_arrows(office: Office) -> None:
    screen = settings(office)
    screen.nav.items["agency"].setFocus()
    office.until(lambda: screen._scroll.verticalScrollBar().maximum() > 1000)
    for key in list(screen.sections)[1:]:
        office.key(Key.Key_Down)
        assert screen.nav.current == key
        top = screen.sections[key].mapTo(screen, screen.rect().topLeft()).y()
        assert 0 <= top < 60
    office.key(Key.Key_Down)
    assert screen.nav.current == "about"


def test_tab_goes_from_the_list_into_the_section_that_is_marked(office: Office) -> None:
    screen = settings(office)
    for key, item in screen.nav.items.items():
        screen.show_section(key)
        item.setFocus()
        office.key(Key.Key_Tab)
        focus = QApplication.focusWidget()
        assert focus is not None
        assert screen.sections[key].isAncestorOf(focus), key
        assert not focus.visibleRegion().isEmpty(), key


def test_tab_brings_what_it_reaches_into_sight(office: Office) -> None:
    screen = settings(office)
    about = section(screen, AboutSection)
    office.tab_to(about.copy)
    office.until(lambda: not about.copy.visibleRegion().isEmpty())
    assert screen.nav.current == "about"


def test_escape_goes_back_to_the_list(office: Office) -> None:
    screen = settings(office)
    office.tab_to(section(screen, AgencySection).fields["contact"].edit)
    office.key(Key.Key_Escape)
    assert QApplication.focusWidget() is screen.nav.items["agency"]


def _looks() -> Iterator[ParameterSet]:
    """Every size, scale and role is met once; the other ways to join them are soak."""
    met = {(1280, 2.0, Role.ADMIN), (1440, 1.5, Role.AGENT), (1920, 1.0, Role.ADMIN)}
    sizes = (QSize(1280, 720), QSize(1440, 900), QSize(1920, 1080))
    for role, scale, size in product((Role.ADMIN, Role.AGENT), (1.0, 1.5, 2.0), sizes):
        marks = () if (size.width(), scale, role) in met else (pytest.mark.soak,)
        yield pytest.param(role, size, scale, id=f"{role.value}-{scale}-{size.width()}", marks=marks)


@pytest.mark.parametrize(("role", "size", "scale"), list(_looks()))
def test_no_words_are_cut(qtbot: QtBot, tmp_path: Path, role: Role, size: QSize, scale: float) -> None:
    with office_at(qtbot, tmp_path, role=role, size=size, at="settings") as office:
        draft = AgencyDraft("وكالة " * 15, "Ш" * 100, "Putovanja " * 19, "0" * 100, "@" * 100, "Asia/Tokyo")
        off_gui(lambda: office.desk.services.agency.save(office.desk.admin, draft))
        Theme.current().set_text_scale(scale)
        screen = settings(office)
        office.until(lambda: not cut(screen))
