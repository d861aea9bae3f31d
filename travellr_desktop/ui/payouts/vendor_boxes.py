"""Vendors to be ticked: all of them where they are few; of very many those who were found, and the first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property, partial
from uuid import UUID

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from travellr_desktop.domain.text import fold
from travellr_desktop.services.vendors import VendorName
from travellr_desktop.ui.parts.choices import CheckBox
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import ScrollArea
from travellr_desktop.ui.payouts.words import say
from travellr_desktop.ui.theme import Theme

MOST = 40
"""So many boxes are there at once: with one for each of thousands the window would stand still."""
_LIST = 148
"""Height of the list, in logical pixels."""


class VendorBoxes(QWidget):
    """Whoever is ticked stands first and stays there, whatever is looked for."""

    def __init__(self, vendors: Sequence[VendorName], chosen: Collection[UUID]) -> None:
        super().__init__()
        self._vendors = tuple(vendors)
        self._ticked = dict.fromkeys(each.id for each in vendors if each.id in chosen)
        self.boxes: dict[UUID, CheckBox] = {}
        self.title = Label(say("Vendors"), "small_m", "text_secondary")
        self.search = Field(say("Find a vendor"), longest=80)
        self.more = Label("", "small", "text_secondary", elide=True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(2, 2, 2, 2)
        self._column.setSpacing(6)
        boxes = ScrollArea(inner)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.setSpacing(8)
        for part in (self.title, self.search, boxes, self.more):
            around.addWidget(part)
        self.search.setVisible(len(self._vendors) > MOST)
        self.search.edited.connect(lambda _text: self._fill())
        self._fill()
        boxes.setFixedHeight(min(Theme.current().px(_LIST), inner.sizeHint().height()))

    @property
    def ticked(self) -> tuple[UUID, ...]:
        """Those who were ticked, seen or not."""
        return tuple(self._ticked)

    @cached_property
    def _folded(self) -> dict[UUID, str]:
        return {each.id: fold(f"{each.name} {each.code}") for each in self._vendors}

    def _found(self) -> list[VendorName]:
        words = fold(self.search.text()).split()
        if not words:
            return list(self._vendors)
        return [each for each in self._vendors if all(word in self._folded[each.id] for word in words)]

    def _fill(self) -> None:
        while (taken := self._column.takeAt(0)) is not None:
            if (part := taken.widget()) is not None:
                part.hide()
                part.deleteLater()
        ticked = [each for each in self._vendors if each.id in self._ticked]
        others = [each for each in self._found() if each.id not in self._ticked]
        room = max(MOST - len(ticked), 0)
        self.boxes = {}
        for each in (*ticked[:MOST], *others[:room]):
            box = self.boxes[each.id] = CheckBox(each.name, checked=each.id in self._ticked)
            box.toggled.connect(partial(self._tick, each.id))
            self._column.addWidget(box)
        self._column.addStretch(1)
        hidden = max(len(ticked) - MOST, 0) + len(others) - len(others[:room])
        self.more.setText(say("And {0} more. Find them by name.").format(f"{hidden:,}") if hidden else "")
        self.more.setVisible(bool(hidden))

    def _tick(self, vendor_id: UUID, on: bool) -> None:
        if on:
            self._ticked[vendor_id] = None
        else:
            self._ticked.pop(vendor_id, None)
