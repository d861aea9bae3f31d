"""The seat map on the desk while others take seats, and give them back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from helpers.desk_seats import K, elsewhere, go, hold, own, plan, season, tones, view
from helpers.desk_window import AtDesk, at_desk
from helpers.gui_thread import may_block
from travellr_desktop.ui.parts.seat_paint import SeatTone


@pytest.fixture
def at(qtbot: QtBot, tmp_path: Path) -> Iterator[AtDesk]:
    with at_desk(qtbot, tmp_path, season) as at:
        yield at


def test_a_seat_that_another_takes_turns_held_and_free_again(at: AtDesk) -> None:
    hold(at, "tara")
    go(at, "3D")
    taken = elsewhere(at, ("3D",))
    at.qtbot.waitUntil(lambda: tones(at)["3D"] is SeatTone.HELD)
    at.quiet()
    assert plan(at).cursor_at == "3D", "the cursor stays where it was"
    assert view(at).readout.state.text() == "held"
    assert plan(at).cell("3D").accessibleName() == f"3D, window, held, {at.desk.admin.name}"
    with may_block():
        at.desk.services.holds.release(at.desk.admin, taken)
    at.qtbot.waitUntil(lambda: tones(at)["3D"] is SeatTone.FREE)


def test_who_comes_too_late_is_told_whose_seat_it_was_and_loses_nothing(at: AtDesk) -> None:
    hold(at, "tara")
    before = own(at)
    go(at, "3D")
    seating = at.screen.seats.seating
    view(at).blockSignals(True)
    at.screen.context.bridge.happened.disconnect(seating._heard)  # the news has not come yet
    elsewhere(at, ("3D",))
    assert tones(at)["3D"] is SeatTone.FREE
    at.key(K.Key_Return)
    assert own(at) == before
    assert "3D (the adult’s) was taken by somebody else" in view(at).refusal.accessibleName()
    assert tones(at)["3D"] is SeatTone.HELD


def test_seats_that_lapsed_and_went_to_others_are_told(at: AtDesk) -> None:
    hold(at, "tara")
    lost = own(at)
    at.pass_time(minutes=20)
    with may_block():
        at.desk.services.upkeep.expire_holds()
    at.quiet()
    elsewhere(at, lost)
    at.qtbot.waitUntil(lambda: tones(at)[lost[0]] is SeatTone.HELD)
    at.quiet()
    at.until(view(at).lost.isVisible)
    assert ", ".join(lost) in view(at).lost.accessibleName()
    assert "Was yours until the hold lapsed" in view(at).readout.words.text()
    assert not view(at).best.isEnabled()
    go(at, "3D")
    at.key(K.Key_Return)
    at.until(lambda: not view(at).readout.button.isEnabled())
    assert tones(at)["3D"] is SeatTone.FREE
