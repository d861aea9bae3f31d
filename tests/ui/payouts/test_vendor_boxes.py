"""Vendors ticked for a batch of their own: of very many only some have a box, and nobody who was ticked is lost."""

from __future__ import annotations

from uuid import UUID

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from travellr_desktop.services.vendors import VendorName
from travellr_desktop.ui.payouts.vendor_boxes import MOST, VendorBoxes
from travellr_desktop.ui.theme import Theme

pytestmark = pytest.mark.usefixtures("theme")

VERY_MANY = 2_000


def vendors(count: int) -> list[VendorName]:
    return [VendorName(UUID(int=number), f"Ćamac {number:04}", "") for number in range(count)]


@pytest.fixture
def many(qtbot: QtBot, theme: Theme) -> VendorBoxes:
    made = VendorBoxes(vendors(VERY_MANY), {UUID(int=1_500)})
    qtbot.addWidget(made)
    return made


def test_of_few_all_have_a_box(qtbot: QtBot) -> None:
    boxes = VendorBoxes(vendors(MOST), ())
    qtbot.addWidget(boxes)
    assert len(boxes.boxes) == MOST
    assert boxes.search.isHidden()
    assert boxes.more.isHidden()
    assert boxes.ticked == ()


def test_of_very_many_there_are_as_many_widgets_as_of_some(qtbot: QtBot, many: VendorBoxes) -> None:
    some = VendorBoxes(vendors(MOST + 1), ())
    qtbot.addWidget(some)
    assert len(many.findChildren(QWidget)) == len(some.findChildren(QWidget))
    assert many.more.text() == f"And {VERY_MANY - MOST:,} more. Find them by name."


def test_who_was_chosen_before_stands_first_and_is_ticked(many: VendorBoxes) -> None:
    first = next(iter(many.boxes.values()))
    assert (first.text(), first.isChecked()) == ("Ćamac 1500", True)
    assert many.ticked == (UUID(int=1_500),)


def test_whoever_is_found_can_be_ticked_and_stays_ticked(many: VendorBoxes) -> None:
    many.search.set_text("camac 1999")
    many.search.edited.emit("camac 1999")
    assert [box.text() for box in many.boxes.values()] == ["Ćamac 1500", "Ćamac 1999"]
    many.boxes[UUID(int=1_999)].click()
    many.search.set_text("0007")
    many.search.edited.emit("0007")
    assert [box.text() for box in many.boxes.values()] == ["Ćamac 1500", "Ćamac 1999", "Ćamac 0007"]
    assert set(many.ticked) == {UUID(int=1_500), UUID(int=1_999)}
    many.boxes[UUID(int=1_500)].click()
    assert many.ticked == (UUID(int=1_999),)
