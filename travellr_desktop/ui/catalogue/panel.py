"""The form beside a list: one thing of the list, or a new one, on one or several pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from travellr_desktop.errors import Refusal
from travellr_desktop.services.catalogue import join
from travellr_desktop.ui.catalogue.form import FormPage
from travellr_desktop.ui.catalogue.words import say
from travellr_desktop.ui.parts.badge import Badge
from travellr_desktop.ui.parts.button import Button, IconButton, Kind
from travellr_desktop.ui.parts.detail import DetailPanel
from travellr_desktop.ui.parts.form import Part, first_wrong, forgive, go_to, say_wrong
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.segments import Segments
from travellr_desktop.ui.theme import Theme

WIDE = 488
"""Room for two columns of fields."""


_TOGETHER = 260
"""Parts that are not higher than this are seen as a whole."""


@dataclass(frozen=True, slots=True)
class Page:
    key: str
    words: str
    form: FormPage


class EditPanel(DetailPanel):
    """Save, Put back and the rest above; the pages below, one at a time. What was typed is never replaced without
    being asked for: `dirty` says whether there is something."""

    save_asked = Signal()
    put_back_asked = Signal()
    more_asked = Signal()

    def __init__(self, name: str, pages: Sequence[Page], parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.pages = tuple(pages)
        self.is_new = False
        self._marked = False
        self._loaded: tuple[object, ...] = ()
        self._wanted: QWidget | None = None
        self._bringing = QTimer(self, singleShot=True, interval=0)
        self._bringing.timeout.connect(self._brought)
        self._save_words = say("Save")
        self.save = Button(self._save_words, Kind.PRIMARY, key="Ctrl+Enter")
        self.put_back = Button(say("Put back"), Kind.QUIET)
        self.more = IconButton("ellipsis", say("More"), Kind.PLAIN, height="control")
        for button in (self.save, self.put_back, self.more):
            self.action_row.addWidget(button)
        self.action_row.addStretch(1)
        self.note = Note("info", "")
        self.add(self.note, divider=False)
        self.segments: Segments | None = None
        if len(self.pages) > 1:
            self.segments = Segments(name, [(page.key, page.words) for page in self.pages])
            self.segments.chosen.connect(self._turn_to)
            self.add(self.segments, divider=False)
        for page in self.pages:
            self.add(page.form, divider=False)
            page.form.edited.connect(self._edited)
            page.form.entered.connect(self.save_asked)
            page.form.added.connect(self._bring)
        self.save.clicked.connect(self.save_asked)
        self.put_back.clicked.connect(self.put_back_asked)
        self.more.clicked.connect(self.more_asked)
        self._turn_to(self.pages[0].key)
        self.note.hide()

    # filling

    def begin(self, title: str, badge: Badge | None, second: str, *, new: bool, save: str) -> None:
        """The head for what is shown from now on; the pages are filled before this."""
        self.is_new = new
        self._save_words = save
        self.set_head(title, badge=badge, person=second)
        self.save.set_words(save)
        self.more.setVisible(not new)
        self.note.hide()
        forgive(self._fields())
        self._marked = False
        self._loaded = self.raw()
        self._edited()

    def raw(self) -> tuple[object, ...]:
        """What stands on all pages."""
        return tuple(page.form.raw() for page in self.pages)

    @property
    def dirty(self) -> bool:
        """Whether something was typed that is not kept."""
        return bool(self._loaded) and self.raw() != self._loaded

    def _edited(self) -> None:
        dirty = self.dirty
        if not self.save.busy:
            self.save.set_off(None if dirty or self.is_new else say("Nothing was changed"))
        self.put_back.setVisible(dirty and not self.is_new)
        if not dirty and self.note.tone == "wait":
            self.note.hide()
        self._tell_other_pages()

    # saying

    def say(self, tone: str, first: str, second: str = "") -> None:
        """A message above the pages."""
        self.note.say(tone, first, second)
        self.note.show()
        self.scroll_area.ensureWidgetVisible(self.note)

    def say_unsaved(self) -> None:
        """Why something else is not shown."""
        self.say(
            "wait",
            say("This is not saved yet"),
            say("Save it or put it back, then the other one is shown."),
        )
        self.save.setFocus(Qt.FocusReason.OtherFocusReason)

    def refuse(self, refusal: Refusal) -> None:
        """Say at each field what is wrong with it, and go to the first of them; what is about no field stands above,
        else the other pages on which something is wrong."""
        left = say_wrong(self._fields(), refusal)
        self.note.hide()
        self._marked = len(left) < len(refusal.together)
        page = next((page for page in self.pages if first_wrong(page.form.fields())), None)
        part = first_wrong(self._fields())
        if page is not None and part is not None:
            self.turn_to(page.key)
            go_to(part)
            self._bring(part)
        if left:
            self.say("bad", str(left[0]), left[0].hint)

    def _fields(self) -> dict[str, Part]:
        return {name: part for page in self.pages for name, part in page.form.fields().items()}

    def _tell_other_pages(self) -> None:
        """Where else something is to be corrected, until nothing is."""
        if not self._marked:
            return
        wrong = [page for page in self.pages if first_wrong(page.form.fields())]
        others = [page.words for page in wrong if page.key != self.page]
        self._marked = bool(wrong)
        if others:
            self.note.say("bad", say("Something is to be corrected under {0} too").format(join(others)))
        self.note.setVisible(bool(others))

    def _bring(self, part: QWidget | None) -> None:
        """Scroll to a part, with its label and what is wrong with it, once it has its place."""
        self._wanted = part
        self._bringing.start()

    def _brought(self) -> None:
        part, self._wanted = self._wanted, None
        if part is None or not isValid(part) or not self._content.isAncestorOf(part):
            return
        self.scroll_area.ensureWidgetVisible(self._together(part), 0, Theme.current().px(16))

    def _together(self, part: QWidget) -> QWidget:
        """The part with what belongs to it: its label, what is wrong with it, the card it stands in."""
        around = part.parentWidget()
        if around is None or around is self._content or around.height() >= Theme.current().px(_TOGETHER):
            return part
        return self._together(around)

    # pages

    def turn_to(self, key: str) -> None:
        """Show a page."""
        if self.segments is not None:
            self.segments.set_value(key)
        self._turn_to(key)

    @property
    def page(self) -> str:
        """The key of the page that is shown."""
        return self.pages[0].key if self.segments is None else self.segments.value()

    def _turn_to(self, key: str) -> None:
        for page in self.pages:
            page.form.setVisible(page.key == key)
        self._tell_other_pages()
        self.scroll_area.verticalScrollBar().setValue(0)

    def first_actions(self) -> Sequence[QWidget | None]:
        shown = next(page for page in self.pages if page.key == self.page)
        first = next(iter(shown.form.parts.values()), None)
        return (first, self.save)
