"""Pages of a form: parts by the names of a draft's fields, with what is wrong beside each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from travellr_desktop.ui.parts.choice import Choice
from travellr_desktop.ui.parts.choices import CheckBox
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.text_box import TextBox

Part = Field | TextBox | Choice | CheckBox
P = TypeVar("P", bound=Part)

LONGEST_LINE = 300


class FormPage(QWidget):
    """One page. `keep` takes a part in; `raw` is what stands in all of them, to be compared with what stood there."""

    edited = Signal()
    entered = Signal()
    """Enter in a field of one line."""
    added = Signal(object)
    """A part came to the page and has the keyboard: it is to be seen."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.parts: dict[str, Part] = {}
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(12)

    def keep(self, name: str, part: P) -> P:
        """Take a part in under the name of its field."""
        self.parts[name] = part
        follow(part, self.edited.emit, self.entered.emit)
        return part

    def raw(self) -> tuple[object, ...]:
        """What stands in the parts."""
        return tuple(raw_of(part) for part in self.parts.values())

    def text(self, name: str) -> str:
        """What stands in a field."""
        return str(raw_of(self.parts[name])).strip()

    def refuse(self, field: str, words: str) -> bool:
        """Say beside a part what is wrong with it, and go there; False where it is none of this page's."""
        return say_wrong(self.parts.get(field), words)

    def forgive(self) -> None:
        """Nothing is wrong any more."""
        for part in self.parts.values():
            if not isinstance(part, CheckBox):
                part.set_error(None)

    def focus_first(self) -> None:
        first = next(iter(self.parts.values()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)


def follow(part: Part, edited: Callable[[], object], entered: Callable[[], object]) -> None:
    """Have a part tell of each change by hand, and of Enter; what was wrong with it goes with the change."""
    if isinstance(part, Field):
        part.edit.setMaxLength(LONGEST_LINE)
        part.edited.connect(lambda _: part.set_error(None))
        part.edited.connect(lambda _: edited())
        part.entered.connect(entered)
    elif isinstance(part, TextBox):
        part.edited.connect(lambda _: part.set_error(None))
        part.edited.connect(lambda _: edited())
    elif isinstance(part, Choice):
        part.box.currentIndexChanged.connect(lambda _: part.set_error(None))
        part.box.currentIndexChanged.connect(lambda _: edited())
    else:
        part.toggled.connect(lambda _: edited())


def raw_of(part: Part) -> object:
    if isinstance(part, CheckBox):
        return part.isChecked()
    return part.value() if isinstance(part, Choice) else part.text()


def say_wrong(part: Part | None, words: str) -> bool:
    """Say beside a part what is wrong with it, and go there; False for no part."""
    if part is None:
        return False
    if not isinstance(part, CheckBox):
        part.set_error(words)
    part.setFocus(Qt.FocusReason.OtherFocusReason)
    return True
