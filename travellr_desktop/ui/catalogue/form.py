"""Pages of a form: parts by the names of a draft's fields, with what is wrong beside each."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from travellr_desktop.ui.parts.form import Part, follow, go_to, raw_of

P = TypeVar("P", bound=Part)


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

    def fields(self) -> dict[str, Part]:
        """All parts by the names that refusals have for them, in the order of the page; those that come and go too."""
        return dict(self.parts)

    def raw(self) -> tuple[object, ...]:
        """What stands in the parts."""
        return tuple(raw_of(part) for part in self.fields().values())

    def text(self, name: str) -> str:
        """What stands in a field."""
        return str(raw_of(self.parts[name])).strip()

    def focus_first(self) -> None:
        first = next(iter(self.parts.values()), None)
        if first is not None:
            go_to(first)
