"""The screen of settings in a test: its sections, and the keys and names it is given."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt

from helpers.desk import Desk
from helpers.office import Office
from travellr_desktop.domain.ways import PaymentsKind, ProfileKind
from travellr_desktop.services.provider import ProviderView
from travellr_desktop.services.secrets import Place
from travellr_desktop.services.vault import VaultState
from travellr_desktop.ui.settings.screen import SettingsScreen
from travellr_desktop.ui.settings.section import ReadOnly, SettingsSection

Key = Qt.Key
S = TypeVar("S", bound=SettingsSection)
TEST_KEY = "rk_test_51AbCdEfGhIjKlMnOp"
LIVE_KEY = "rk_live_51AbCdEfGhIjKlMnOp"
STANDS = ProviderView(
    kind=PaymentsKind.TEST,
    keeps_to=None,
    profile=ProfileKind.STANDALONE,
    powers=(),
    where="from the environment (STRIPE_API_KEY)",
    place="kept for this session only",
    lasts=False,
    places=(Place.VAULT, Place.SESSION),
    vault=VaultState.NONE,
    entered=False,
    trouble=None,
    said="",
    may_change=True,
)
FRESH = "a lantern over the water"


def sold_by_card(desk: Desk) -> None:
    desk.sold(desk.add_departure(), adult=1)


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
