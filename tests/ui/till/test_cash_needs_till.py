"""Cash while the till is closed, where the agency wants it open: asked on the Desk, led to Day close, nothing lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from helpers.clock import HandClock
from helpers.desk import CASH
from helpers.tilling import euros, open_till
from helpers.workplace import Workplace
from travellr_desktop.app import station
from travellr_desktop.errors import Refusal, TillNotOpen
from travellr_desktop.services.till_forms import TillRules
from travellr_desktop.ui.desk.screen import DeskScreen
from travellr_desktop.ui.settings.screen import SettingsScreen
from travellr_desktop.ui.settings.till_rules import TillRulesForm
from travellr_desktop.ui.till.screen import DayCloseScreen

Key = Qt.Key


def test_the_desk_leads_to_the_till_and_the_basket_stays(place: Workplace) -> None:
    desk = place.desk
    place.off(lambda: desk.services.till.save_rules(desk.admin, TillRules(True, euros(10_000))))
    departure = place.off(desk.add_departure)
    held = place.off(lambda: desk.hold(departure))
    screen = place.work.go("desk")
    assert isinstance(screen, DeskScreen)
    place.quiet()

    def refused() -> Refusal:
        with pytest.raises(TillNotOpen) as found:
            desk.sell(held, pay=CASH)
        return found.value

    screen.basket.refuse(place.off(refused))
    screen.basket.show()
    place.until(screen.basket.note.button.hasFocus)
    place.key(Key.Key_Return)
    place.until(lambda: isinstance(place.work.current, DayCloseScreen))


def test_an_admin_sets_the_rules(place_of_admin: Workplace) -> None:
    place = place_of_admin
    screen = place.work.go("settings")
    assert isinstance(screen, SettingsScreen)
    place.quiet()
    form = next(each for each in screen.findChildren(TillRulesForm))
    place.until(lambda: form.limit.text() == "100.00")
    assert not form.button.isEnabled()
    form.limit.set_text("250")
    form.limit.edited.emit("250")
    form.needed.setChecked(True)
    place.until(form.button.isEnabled)
    form.save()
    place.until(lambda: form.limit.text() == "250.00")
    rules = place.off(lambda: place.desk.services.till.rules(place.desk.agent))
    assert rules == TillRules(True, euros(25_000))


def test_the_frame_says_how_the_till_stands_where_cash_needs_it(place: Workplace) -> None:
    desk = place.desk

    def said() -> tuple[str, bool]:
        found = station(desk.services, desk.profile)
        return found.till, found.till_waits

    assert place.off(said) == ("", False)
    place.off(lambda: desk.services.till.save_rules(desk.admin, TillRules(True, euros(10_000))))
    assert place.off(said) == ("Till closed", True)
    place.off(lambda: open_till(desk))
    assert place.off(said) == ("Till open since 10:42", False)
    assert isinstance(desk.clock, HandClock)
    desk.clock.forward(timedelta(days=1))
    assert place.off(said) == ("Till open since Thu 18 Jun, 10:42", False)
