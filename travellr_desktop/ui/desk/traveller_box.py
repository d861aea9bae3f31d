"""Who buys: found by name, phone, email or booking reference, or added on the spot."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from travellr_desktop.errors import Refusal
from travellr_desktop.services.registry import Services
from travellr_desktop.services.travellers import TravellerDraft, TravellerRow
from travellr_desktop.ui.desk.chosen_traveller import ChosenTraveller, contact, earlier
from travellr_desktop.ui.desk.draft import Attempt
from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.field import Field, SearchField
from travellr_desktop.ui.parts.keycap import KeyCap
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.press import Pressable
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.theme import Theme

MOST_MATCHES = 4
TYPING_MS = 120


class Match(Pressable):
    """One line of the matches: name and contact, what speaks for it at the trailing end."""

    def __init__(self, title: str, second: str, end: str = "", icon: str = "user") -> None:
        super().__init__()
        self._title, self._second, self._end, self._icon = title, second, end, icon
        self.marked = False
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(", ".join(part for part in (title, second, end) if part))
        self.setToolTip("\n".join(part for part in (title, second) if part))

    def mark(self, on: bool) -> None:
        self.marked = on
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, Theme.current().px(44 if self._second else 34))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        pad, size = theme.px(8), theme.size("icon")
        with QPainter(self) as painter:
            if self.marked or self.over:
                fill = theme.colour("selection" if self.marked else "hover")
                paint.box(painter, self.rect(), fill=fill, radius=theme.radius("control"))
            place = QRect(pad, (self.height() - size) // 2, size, size)
            paint.icon(painter, paint.leading(self, place), self._icon, "text_secondary")
            left, right = pad + size + theme.px(10), self.width() - pad
            line, second = theme.line("body_m"), theme.line("small")
            high = line + (second if self._second else 0)
            top, whole = (self.height() - high) // 2, right - left
            if self._end:
                font = theme.font("small")
                wide = paint.width_of(self._end, font)
                place = paint.leading(self, QRect(right - wide, top, wide + 1, line))
                paint.words(painter, place, self._end, font, theme.colour("text_muted"))
                right -= wide + pad
            place = paint.leading(self, QRect(left, top, right - left, line))
            font = theme.font("body_m")
            paint.words(painter, place, self._title, font, theme.colour("text"), elide=True)
            if self._second:
                place = paint.leading(self, QRect(left, top + line, whole, second))
                colour = theme.colour("text_secondary")
                paint.words(painter, place, self._second, theme.font("small"), colour, elide=True)


class FindTraveller(QWidget):
    """The search: arrows move over the matches, Enter chooses; the last line adds what was typed."""

    chosen = Signal(object)
    shown = Signal()
    add = Signal(str)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._services = cast(Services, context.services)
        self.field = SearchField(
            self.tr("Find the traveller"),
            placeholder=self.tr("Name, phone, email or reference"),
            key="",
            icon="search",
            height="control",
        )
        self.setFocusProxy(self.field)
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._rows: list[TravellerRow] = []
        self._matches: list[Match] = []
        self._marked = 0
        self._found_for = ""
        self._enter_waits = False
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.field)
        column.addLayout(self._list)
        self._typing.timeout.connect(self._search)
        self.field.edited.connect(lambda _text: self._typing.start())
        self.field.entered.connect(self._entered)
        self.field.edit.installEventFilter(self)

    @property
    def matches(self) -> tuple[Match, ...]:
        """The lines on view; the last one adds a traveller."""
        return tuple(self._matches)

    def clear(self) -> None:
        self._typing.stop()
        self._enter_waits = False
        self.field.set_text("")
        self._show([], "")

    def _search(self) -> None:
        self._typing.stop()
        text = self.field.text()
        actor, service = self._context.actor, self._services.travellers
        self._context.background.run(
            self,
            lambda _task: service.search(actor, text, MOST_MATCHES),
            key="desk.travellers",
            newest=True,
            done=lambda found: self._show(list(found), text),
        )

    def _show(self, rows: list[TravellerRow], text: str) -> None:
        while (taken := self._list.takeAt(0)) is not None:
            if (old := taken.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._rows, self._matches, self._found_for = rows, [], text
        typed = " ".join(text.split())
        if typed:
            for row in rows:
                self._add(Match(row.name, contact(row), earlier(row)))
            self._add(Match(self.tr("Add “{0}”").format(typed), "", icon="user-plus"))
        self._mark(0)
        self.shown.emit()
        if self._enter_waits and text == self.field.text():
            self._enter_waits = False
            self._take(0)

    def _add(self, match: Match) -> None:
        at = len(self._matches)
        match.clicked.connect(lambda: self._take(at))
        self._matches.append(match)
        self._list.addWidget(match)

    def _mark(self, at: int) -> None:
        self._marked = at
        for number, match in enumerate(self._matches):
            match.mark(number == at)

    def _entered(self) -> None:
        if not self.field.text().strip():
            self.add.emit("")
        elif self._found_for != self.field.text():
            self._enter_waits = True  # never take a match of what was typed before
            self._search()
        else:
            self._take(self._marked)

    def _take(self, at: int) -> None:
        if at < len(self._rows):
            self.chosen.emit(self._rows[at])
        elif self._matches:
            self.add.emit(" ".join(self._found_for.split()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._matches:
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
            if step is not None:
                self._mark((self._marked + step) % len(self._matches))
                return True
        return super().eventFilter(watched, event)


class NewTraveller(QWidget):
    """Name, phone, email; Enter adds, Esc goes back. What is refused stands beside its field."""

    added = Signal(object)
    back = Signal()
    """Cancel; Esc comes through the screen."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._services = cast(Services, context.services)
        self._attempt = Attempt()
        self.fields = {
            "name": Field(self.tr("Name")),
            "phone": Field(self.tr("Phone"), placeholder="+382 67 555 214"),
            "email": Field(self.tr("Email"), placeholder="name@example.org"),
        }
        self.note = Note("bad", "")
        self.note.hide()
        self.button = Button(self.tr("Add traveller"), icon="user-plus", key="Enter")
        cancel = Button(self.tr("Cancel"), Kind.QUIET, key="Esc")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for field in self.fields.values():
            field.entered.connect(self.save)
            field.edited.connect(lambda _text, field=field: field.set_error(None))
            column.addWidget(field)
        column.addWidget(self.note)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.button)
        row.addWidget(cancel)
        row.addStretch(1)
        column.addLayout(row)
        self.setFocusProxy(self.fields["name"])
        self.button.clicked.connect(self.save)
        cancel.clicked.connect(self.back)

    def begin(self, typed: str) -> None:
        """Empty fields, with what was typed in the search where it fits best."""
        for field in self.fields.values():
            field.set_text("")
            field.set_error(None)
        self.note.hide()
        digits = sum(ch.isdigit() for ch in typed)
        which = "email" if "@" in typed else "phone" if digits > len(typed) / 2 else "name"
        self.fields[which].set_text(typed)
        first = "name" if which != "name" or not typed else "phone"
        self.fields[first].setFocus(Qt.FocusReason.OtherFocusReason)

    def save(self) -> None:
        draft = TravellerDraft(
            name=self.fields["name"].text(),
            email=self.fields["email"].text(),
            phone=self.fields["phone"].text(),
        )
        key = self._attempt.key_for(draft)
        actor, service = self._context.actor, self._services.travellers
        self._context.background.run(
            self,
            lambda _task: service.create(actor, draft, key=key),
            words=self.tr("Adding the traveller"),
            button=self.button,
            done=self._saved,
            refused=self._refused,
        )

    def _saved(self, row: TravellerRow) -> None:
        self._attempt.answered()
        self.added.emit(row)

    def _refused(self, refusal: Refusal) -> None:
        self._attempt.answered(refusal)
        field = self.fields.get(refusal.field or "")
        if field is None:
            self.note.say("bad", str(refusal), refusal.hint)
            self.note.show()
            return
        field.set_error(str(refusal))
        field.setFocus(Qt.FocusReason.OtherFocusReason)


class TravellerBox(QWidget):
    """Search, new fields or the one chosen, in one place. `chosen(TravellerRow | None)`; `next` when done."""

    chosen = Signal(object)
    next = Signal()
    busy_changed = Signal(bool)
    """Whether matches or fields are open, which take room."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.finder = FindTraveller(context)
        self.new = NewTraveller(context)
        self.shown = ChosenTraveller()
        self._context = context
        self._row: TravellerRow | None = None
        self._title = Label(self.tr("Traveller"), "small_m", "text_secondary")
        self._earlier = Label("", "small", "text_secondary")
        self._change = Button(self.tr("Change"), Kind.LINK, height="control_small")
        self._change.clicked.connect(self.start)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._earlier)
        head.addWidget(self._change)
        head.addWidget(KeyCap("F4"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 8)
        column.setSpacing(4)
        column.addLayout(head)
        for page in (self.finder, self.new, self.shown):
            column.addWidget(page)
        self.finder.chosen.connect(self._choose)
        self.finder.add.connect(self._begin_new)
        self.finder.shown.connect(self._tell)
        self.new.added.connect(self._choose)
        self.new.back.connect(self.start)
        self.shown.opened.connect(self._open_record)
        self.show_traveller(None)

    def start(self) -> None:
        """Go to the search, whoever is chosen."""
        self._page(self.finder)
        self.finder.field.edit.selectAll()
        self.finder.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _open_record(self) -> None:
        screen = self._context.go("travellers")
        show = getattr(screen, "open_traveller", None)
        if show is not None and self._row is not None:
            show(self._row.id, self._row.name)

    def leave(self) -> bool:
        """One step back, for Esc; says whether there was one."""
        if self.new.isVisible():
            self.start()
            return True
        if self.finder.isVisible() and self._row is not None:
            self._page(self.shown)
            return True
        return False

    def show_traveller(self, row: TravellerRow | None) -> None:
        self._row = row
        self._earlier.setText(earlier(row) if row is not None else "")
        if row is None:
            self.finder.clear()
            self._page(self.finder)
        else:
            self.shown.show_traveller(row)
            self._page(self.shown)

    def _page(self, page: QWidget) -> None:
        for each in (self.finder, self.new, self.shown):
            each.setVisible(each is page)
        self._change.setVisible(page is self.shown)
        self._earlier.setVisible(page is self.shown)
        self._tell()

    def _tell(self) -> None:
        open_now = not self.new.isHidden() or (not self.finder.isHidden() and bool(self.finder.matches))
        self.busy_changed.emit(open_now)

    def _begin_new(self, typed: str) -> None:
        self._page(self.new)
        self.new.begin(typed)

    def _choose(self, row: TravellerRow) -> None:
        self.chosen.emit(row)
        self.finder.clear()
        self.next.emit()
