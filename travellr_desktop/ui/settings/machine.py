"""What this machine is for, and what its key can do: chosen, and told plainly."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.ways import ProfileKind
from travellr_desktop.services.provider import PowerView
from travellr_desktop.ui.parts.field import Glyph
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.segments import Segments


def _say(text: str) -> str:
    return QCoreApplication.translate("MachinePart", text)


KINDS = {
    ProfileKind.STANDALONE: ("The only one", "Desk and office in one: it takes payments and pays vendors."),
    ProfileKind.DESK: ("A desk", "It takes payments and gives money back. Its key must not pay vendors."),
    ProfileKind.OFFICE: ("The office", "It does what a desk does, and pays vendors."),
}
POWERS = {
    "payments": "card payments",
    "links": "payment links",
    "customers": "saved cards",
    "readers": "card readers",
    "refunds": "refunds",
    "transfers": "paying vendors",
    "balance": "reading the balance",
}


class MachinePart(QWidget):
    """`chosen(str)` tells the kind that a person asks for; what it is, `show_kind` says."""

    chosen = Signal(str)

    def __init__(self, *, may_write: bool) -> None:
        super().__init__()
        self._shown: ProfileKind | None = None
        heading = Label(_say("This machine is"), "small_m", "text_secondary")
        self.kinds = Segments(
            heading.text(), [(kind.value, _say(words)) for kind, (words, _) in KINDS.items()]
        )
        self.kinds.chosen.connect(self.chosen)
        self.told = Label("", "body_m", wrap=True)
        self.why = Label("", "small", "text_secondary", wrap=True)
        self.problem = Label("", "small", "bad", wrap=True)
        row = QHBoxLayout()
        row.addWidget(self.kinds)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(heading)
        column.addLayout(row)
        for label in (self.told, self.why, self.problem):
            column.addWidget(label)
        self.kinds.setVisible(may_write)
        self.told.setVisible(not may_write)
        self.problem.hide()

    def show_kind(self, kind: ProfileKind) -> None:
        words, why = KINDS[kind]
        if kind is not self._shown:  # what was refused stays to be read while nothing changes
            self.problem.hide()
        self._shown = kind
        self.kinds.set_value(kind.value)
        self.told.setText(_say(words))
        self.why.setText(_say(why))

    def refused(self, kind: ProfileKind, sentence: str) -> None:
        """It stays as it was, and why."""
        self.show_kind(kind)
        self.problem.setText(sentence)
        self.problem.show()


class PowersPart(QWidget):
    """What the key was found to be good for, and what the machine would need beside that."""

    def __init__(self) -> None:
        super().__init__()
        self.can = _Line("circle-check", "ok")
        self.lacks = _Line("circle-alert", "wait")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.can)
        column.addWidget(self.lacks)
        self.hide()

    def show_powers(self, powers: tuple[PowerView, ...]) -> None:
        has = [_power(each) for each in powers if each.has]
        lacks = [_power(each) for each in powers if each.needs and not each.has]
        self.setVisible(bool(powers))
        self.can.say(_say("The key is good for {0}.").format(_listed(has) or _say("nothing")))
        self.lacks.setVisible(bool(lacks))
        self.lacks.say(
            _say("It lacks the right for {0}: add it at Stripe, or enter another key.").format(_listed(lacks))
        )


class _Line(QWidget):
    def __init__(self, icon: str, tone: str) -> None:
        super().__init__()
        self.words = Label("", "body", wrap=True)
        glyph = QVBoxLayout()
        glyph.setContentsMargins(0, 2, 0, 0)
        glyph.addWidget(Glyph(icon, tone))
        glyph.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addLayout(glyph)
        row.addWidget(self.words, 1)

    def say(self, words: str) -> None:
        self.words.setText(words)


def _power(each: PowerView) -> str:
    return _say(POWERS[each.power])


def _listed(words: list[str]) -> str:
    *most, last = words or [""]
    return _say("{0} and {1}").format(", ".join(most), last) if most else last
