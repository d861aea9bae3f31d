"""A section of the agency's settings with one form: an admin has fields, everybody else reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QAbstractButton

from travellr_desktop.errors import InvalidInput, Refusal
from travellr_desktop.events import Event, SettingsChanged
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.form import Part, first_wrong, follow, forgive, go_to, put, raw_of, say_wrong
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.settings.section import ActionRow, ReadOnly, SettingsSection

View = TypeVar("View")


def _say(text: str) -> str:
    return QCoreApplication.translate("FormSection", text)


class FormSection(SettingsSection, Generic[View]):
    """What is typed stays when somebody else saves meanwhile. Whoever inherits fills `parts` and calls `end_form`, or
    for those who read `end_facts`, and answers the questions below."""

    def __init__(self, context: Context, title: str, second: str) -> None:
        super().__init__(context, title, second)
        self.parts: Mapping[str, Part] = {}
        self.problem = Label("", "small", "bad", wrap=True)
        self.problem.hide()
        self._loaded: Mapping[str, object] | None = None

    # who inherits

    def _read(self) -> View:
        """In the background."""
        raise NotImplementedError

    def _raw(self, view: View) -> Mapping[str, object]:
        """What was read as it stands in the parts."""
        raise NotImplementedError

    def _show_view(self, view: View) -> None:
        """Show what stands beside the form, or to who reads."""
        raise NotImplementedError

    def _keeping(self) -> Callable[[], object]:
        """Read the form, and give what keeps it, to be called in the background. Raises `InvalidInput`."""
        raise NotImplementedError

    def _edited(self) -> None:
        """Something stands in the parts now that did not before."""

    # building

    def end_form(self, save: str, saving: str, saved: str) -> None:
        """The button below the parts, and what it says while it saves and after that."""
        self._saving, self._said = saving, saved
        for part in self.parts.values():
            follow(part, self._show_changed, self.save)
        self.body.addWidget(self.problem)
        self.button = Button(save, Kind.PRIMARY, key="Ctrl+Enter")
        self.button.clicked.connect(self.save)
        self.foot = ActionRow(self.button)
        self.body.addWidget(self.foot)
        self._show_changed()

    def end_facts(self) -> None:
        """Why there is nothing to fill in."""
        self.body.addWidget(self.problem)
        self.body.addWidget(ReadOnly(_say("Only an admin changes this.")))

    # reading

    def refresh(self) -> None:
        if self.wanted():
            self.context.background.run(
                self,
                lambda _: self._read(),
                key=f"settings.{self.key}",
                newest=True,
                done=self._show,
                refused=self._refused,
            )

    def cares(self, event: Event) -> bool:
        return isinstance(event, SettingsChanged)

    def _show(self, view: View) -> None:
        before, self._loaded = self._loaded, self._raw(view)
        for name, part in self.parts.items():
            if before is None or self._now(part) == before[name]:
                put(part, self._loaded[name])
        self._show_view(view)
        if self.may_write:
            self._show_changed()

    # changing

    @staticmethod
    def _now(part: Part) -> object:
        raw = raw_of(part)
        return raw if isinstance(raw, bool) else str(raw).strip()

    def raw(self) -> dict[str, object]:
        """What stands in the parts."""
        return {name: self._now(part) for name, part in self.parts.items()}

    def _show_changed(self) -> None:
        same = self._loaded is None or self.raw() == self._loaded
        self.foot.set_off(_say("Nothing was changed") if same else None)
        self._edited()

    def save(self) -> None:
        if not self.button.isEnabled():
            return
        self.problem.hide()
        forgive(self.parts)
        try:
            keep = self._keeping()
        except InvalidInput as wrong:
            self._refused(wrong)
            return
        self.context.background.run(
            self,
            lambda _: keep(),
            words=self._saving,
            button=self.button,
            done=lambda _: self._saved(),
            refused=self._refused,
        )

    def _saved(self) -> None:
        self._loaded = None  # what comes back takes its place, cleaned
        self.context.say.finished(self._said)
        self.refresh()

    def _refused(self, refusal: Refusal) -> None:
        left = say_wrong(self.parts, refusal)
        if left:
            self.problem.setText(" ".join(f"{each} {each.hint}".strip() for each in left))
            self.problem.show()
        wrong = first_wrong(self.parts)
        if wrong is not None:
            go_to(wrong)

    def primary(self) -> QAbstractButton | None:
        return self.button if self.may_write else None
