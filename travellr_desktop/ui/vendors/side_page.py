"""Pages beside the form of a vendor: what is done there is kept at once, and is no part of the form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from travellr_desktop.errors import Refusal
from travellr_desktop.ui.catalogue.form import FormPage
from travellr_desktop.ui.catalogue.words import say
from travellr_desktop.ui.day_text import day_of
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.columns import Columns
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.form import Part, first_wrong, follow, forgive, go_to, raw_of, say_wrong
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Section


class SidePage(FormPage):
    """`own` are the parts of a short form of its own, with one button."""

    def __init__(self, name: str, locale: str) -> None:
        super().__init__(name)
        self.spoken = locale
        self.own: dict[str, Part] = {}
        self.button = Button("", Kind.PLAIN)
        self.problem = Label("", "small", "bad", wrap=True)
        self.problem.hide()

    def add_form(self, title: str, parts: Mapping[str, Part], verb: str) -> QVBoxLayout:
        """The short form at the end of the page; Enter in a field does what its button does. Gives the layout that
        it stands in."""
        self.own = dict(parts)
        for part in self.own.values():
            follow(part, self._edited, self.button.click)
        section = Section(title)
        section.body.setSpacing(12)
        section.body.addWidget(Columns(list(parts.values()), gap=12))
        section.body.addWidget(self.problem)
        self.button.set_words(verb)
        section.body.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeading)
        self.body.addWidget(section)
        return section.body

    def own_text(self, name: str) -> str:
        return str(raw_of(self.own[name])).strip()

    def day(self, name: str) -> date:
        """The day in a field of the short form. Raises `InvalidInput(name)`."""
        return day_of(self.own_text(name), self.spoken, name)

    def refuse(self, refusal: Refusal) -> None:
        """Say at each part of the short form what is wrong with it, and the rest below them."""
        left = say_wrong(self.own, refusal)
        self.problem.setText(" ".join(f"{each} {each.hint}".strip() for each in left))
        self.problem.setVisible(bool(left))
        wrong = first_wrong(self.own)
        if wrong is not None:
            go_to(wrong)

    def forget(self, *names: str) -> None:
        """Nothing is wrong any more, and these fields are empty."""
        forgive(self.own)
        self.problem.hide()
        for name in names:
            part = self.own[name]
            assert isinstance(part, Field)
            part.set_text("")

    def _edited(self) -> None:
        self.problem.hide()


def take_back(name: str) -> Button:
    """In a row of what can be taken back; `name` says what, for those who do not see the row."""
    button = Button(say("Take back"), Kind.LINK, height="control_small")
    button.setAccessibleName(say("Take back {0}").format(name))
    return button
