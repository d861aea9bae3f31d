"""Who is on a departure, beside the day: figures, the list, checking in by a scanner or by hand, closing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.services.board import Phase
from travellr_desktop.services.manifest_rows import Manifest
from travellr_desktop.ui.departures import words as say
from travellr_desktop.ui.departures.manifest_list import ManifestList
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.parts.badge import Badge
from travellr_desktop.ui.parts.button import Button, IconButton, Kind
from travellr_desktop.ui.parts.empty import EmptyState
from travellr_desktop.ui.parts.field import Glyph, SearchField
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Divider, Pane
from travellr_desktop.ui.theme import Theme

_EDGE = 16


class FactsRow(QWidget):
    """Small titles over values, side by side where they fit, else two in a row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(0)
        self._facts: list[tuple[Label, Label]] = []
        self._columns = 0

    def show_facts(self, facts: list[tuple[str, str, str]]) -> None:
        """(title, value, tone) each."""
        while len(self._facts) < len(facts):
            self._facts.append(
                (Label("", "small", "text_secondary", parent=self), Label("", "body_m", parent=self))
            )
        for at, (title, value) in enumerate(self._facts):
            title.setVisible(at < len(facts))
            value.setVisible(at < len(facts))
        for (title, value), (name, words, tone) in zip(self._facts, facts, strict=False):
            title.setText(name)
            value.setText(words)
            value.set_tone(tone)
            value.setAccessibleName(f"{name}: {words}")
        self._columns = 0
        self._lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        shown = [pair for pair in self._facts if not pair[0].isHidden()]
        needed = sum(self._wide(pair) for pair in shown) + 24 * max(len(shown) - 1, 0)
        columns = len(shown) if needed <= self.width() else 2
        if columns == self._columns or not shown:
            return
        self._columns = columns
        for title, value in self._facts:
            self._grid.removeWidget(title)
            self._grid.removeWidget(value)
        for at, (title, value) in enumerate(shown):
            row, column = divmod(at, columns)
            self._grid.addWidget(title, 2 * row, column)
            self._grid.addWidget(value, 2 * row + 1, column)
        self._grid.setColumnStretch(columns - 1, 1)

    @staticmethod
    def _wide(pair: tuple[Label, Label]) -> int:
        return max(paint.width_of(label.text(), label.font()) for label in pair)


class ManifestPanel(Pane):
    """`show_manifest` fills it. What is asked for comes as signals; the screen does it."""

    closed = Signal()
    scanned = Signal(str)
    """Enter in the field of the scanner."""
    print_asked = Signal()
    more_asked = Signal(object)
    """The button under which the menu opens."""
    close_asked = Signal()

    def __init__(self, formats: Formats, parent: QWidget | None = None) -> None:
        super().__init__("surface", edges=("left",), parent=parent)
        self._formats = formats
        self.manifest: Manifest | None = None
        self._may_change = self._low = False
        self.setAccessibleName(self.tr("Manifest"))
        self._title = Label("", "title", elide=True)
        self._when = Label("", "small", "text_secondary", wrap=True)
        self._badge = Badge("selling")
        self._close_panel = IconButton("x", self.tr("Close"))
        self.check_in = Button(self.tr("Check in"), icon="scan-line", key="C")
        self.print = Button(self.tr("Print"), icon="printer")
        self.more = IconButton("ellipsis", self.tr("More"), Kind.PLAIN, height="control")
        self.scan = SearchField(
            self.tr("Scan a voucher, or type a name"), key="", icon="scan-line", height="control"
        )
        self._said_icon = Glyph("circle-check", "ok", "icon_small")
        self._said = Label("", "small", wrap=True)
        self._facts = FactsRow()
        self.list = ManifestList(formats)
        self._empty = EmptyState("users", self.tr("Nobody is on this departure yet"))
        self._foot = Label("", "small", "text_secondary", wrap=True)
        self._foot_icon = Glyph("info", "text_secondary", "icon_small")
        self.close_button = Button(
            self.tr("Close the manifest"),
            Kind.PRIMARY,
            icon="clipboard-check",
            key="Ctrl+Enter",
            height="control_primary",
        )
        self._build()
        self._connect()
        self.show_manifest(None, may_change=False)

    # content

    def show_manifest(self, manifest: Manifest | None, *, may_change: bool) -> None:
        """Another departure, or the same read again: then what was scrolled to and chosen stays. `may_change`: of
        those who may check in and close."""
        same = (
            manifest is not None
            and self.manifest is not None
            and manifest.departure_id == self.manifest.departure_id
        )
        self.manifest = manifest
        self._content.setVisible(manifest is not None)
        self._nothing.setVisible(manifest is None)
        if not same:
            self.forget_said()
            self.scan.clear()
        self.list.show_manifest(manifest)
        if manifest is None:
            return
        self._title.setText(manifest.title)
        self._when.setText(say.span(self._formats, manifest))
        self._badge.set_status(say.STATUS[manifest.phase])
        self.check_in.setVisible(may_change)
        self.check_in.set_off(manifest.why_not_check_in or self._why_nobody(manifest))
        self._facts.show_facts(self._figures(manifest))
        self.list.setVisible(bool(manifest.bookings))
        self._empty.setVisible(not manifest.bookings)
        self._show_foot(manifest, may_change)
        self._badge.setToolTip(manifest.reason)
        self._fit()

    def set_low(self, low: bool) -> None:
        """A low screen says less below the list."""
        self._low = low
        if self.manifest is not None:
            self._show_foot(self.manifest, self._may_change)

    def say(self, tone: str, words: str) -> None:
        """What came of a scan: `ok`, `wait` or `bad`."""
        icons = {"ok": "circle-check", "wait": "circle-alert", "bad": "circle-x"}
        self._said_icon.set(icons[tone], tone)
        self._said.set_tone("text" if tone == "ok" else tone)
        self._said.setText(words)
        self._said_row.show()
        self.scan.edit.setAccessibleDescription(words)

    def forget_said(self) -> None:
        self._said_row.hide()
        self.scan.edit.setAccessibleDescription("")

    @property
    def scanning(self) -> bool:
        """Whether the field of the scanner is open."""
        return not self._scan_row.isHidden()

    def open_scan(self) -> None:
        """The field for a scanner takes the focus; what is in it is taken for the last one and goes."""
        if self.check_in.isHidden() or not self.check_in.isEnabled():
            return
        self._scan_row.show()
        self.scan.edit.selectAll()
        self.scan.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_scan(self) -> None:
        self._scan_row.hide()
        self.scan.clear()
        self.forget_said()

    def focus_first(self) -> None:
        """To the list, or where nobody is on it to what can be done."""
        target: QWidget = self.list if self.manifest is not None and self.manifest.bookings else self.print
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # inside

    def _why_nobody(self, manifest: Manifest) -> str | None:
        return None if manifest.bookings else self.tr("Nobody is on this departure yet.")

    def _figures(self, manifest: Manifest) -> list[tuple[str, str, str]]:
        owed = " + ".join(self._formats.money(money) for money in manifest.due)
        facts = [
            (self.tr("Here"), self.tr("{0} of {1}").format(manifest.here, manifest.pax), "text"),
            (self.tr("No-show"), str(manifest.absent), "text"),
            (self.tr("Due now"), owed or say.NOTHING, "wait" if owed else "text_muted"),
        ]
        if manifest.plan_name:
            facts.append((self.tr("Seats"), manifest.plan_name, "text"))
        else:
            facts.append((self.tr("Seats"), str(manifest.capacity), "text"))
        return facts

    def _show_foot(self, manifest: Manifest, may_change: bool) -> None:
        closing, why_not = manifest.closing, manifest.why_not_close
        self._may_change = may_change
        words, tone = self._foot_words(manifest)
        shown = bool(words)
        self._foot.setText(words)
        self._foot.set_tone("text_secondary" if tone == "info" else "wait")
        self._foot_icon.set(
            "info" if tone == "info" else "circle-alert", "text_secondary" if tone == "info" else tone
        )
        self._foot_row.setVisible(shown)
        self.close_button.setVisible(may_change and manifest.phase in (Phase.MANIFEST, Phase.BOARDING))
        absent = f" + {closing.absent}" if closing.absent else ""
        self.close_button.set_amount(f"{closing.here}{absent}")
        if not self.close_button.busy:
            self.close_button.set_off(why_not)

    def _foot_words(self, manifest: Manifest) -> tuple[str, str]:
        """What somebody should know before the manifest is closed, or why it cannot be."""
        closing, phase = manifest.closing, manifest.phase
        if phase in (Phase.STOPPED, Phase.CANCELLED):
            kind = self.tr("Stop-sell") if phase is Phase.STOPPED else self.tr("Cancelled")
            return f"{kind}: {manifest.reason}" if manifest.reason else "", "wait"
        if phase is Phase.BOARDING:
            time = self._formats.time(manifest.starts_at, manifest.zone)
            return self.tr("The manifest can be closed once it has left, at {0}.").format(time), "info"
        if phase is not Phase.MANIFEST:
            return "", "info"
        parts = []
        if closing.unsaid:
            one = closing.unsaid == 1
            verb = self.tr("is neither here nor a no-show: counts as travelled.")
            verb = verb if one else self.tr("are neither here nor a no-show: they count as travelled.")
            parts.append(f"{say.travellers(closing.unsaid)} {verb}")
        if closing.absent:
            parts.append(self.tr("No-shows count as travelled: the vendor is paid."))
        for booking in manifest.bookings:
            if booking.due.minor and not booking.pending:
                owed = self._formats.money(booking.due)
                parts.append(self.tr("{0} stays owed by {1}.").format(owed, booking.traveller_name))
        if closing.unpaid:
            left = (
                self.tr("is not paid and stays open.")
                if closing.unpaid == 1
                else self.tr("are not paid and stay open.")
            )
            parts.append(f"{say.count(closing.unpaid, 'booking', 'bookings')} {left}")
        return " ".join(parts[:1] if self._low else parts), "wait" if closing.unsaid else "info"

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title, 1)
        head.addWidget(self._close_panel)
        when = QHBoxLayout()
        when.setSpacing(8)
        when.setContentsMargins(0, 0, 4, 0)
        when.addWidget(self._when, 1)
        when.addWidget(self._badge, 0, Qt.AlignmentFlag.AlignTop)
        actions = QHBoxLayout()
        actions.setSpacing(8)
        for button in (self.check_in, self.print, self.more):
            actions.addWidget(button)
        actions.addStretch(1)
        self._said_row = QWidget()
        self._scan_row = QWidget()
        self._content, self._nothing = (
            QWidget(),
            EmptyState("clipboard-list", self.tr("No departure is chosen")),
        )
        top = QVBoxLayout()
        top.setContentsMargins(_EDGE, 12, 12, 0)
        top.setSpacing(4)
        top.addLayout(head)
        top.addLayout(when)
        top.addSpacing(8)
        top.addLayout(actions)
        top.addWidget(self._scan_row)
        top.addSpacing(8)
        top.addWidget(self._facts)
        top.addSpacing(8)
        self._fill_scan()
        foot = QVBoxLayout()
        foot.setContentsMargins(_EDGE, 12, _EDGE, 12)
        foot.setSpacing(12)
        foot.addWidget(self._fill_foot())
        foot.addWidget(self.close_button)
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(Divider(tone="border"))
        column.addWidget(self.list, 1)
        column.addWidget(self._empty, 1)
        column.addWidget(Divider())
        column.addLayout(foot)
        around = QVBoxLayout(self)
        around.setContentsMargins(1, 0, 0, 0)
        around.setSpacing(0)
        around.addWidget(self._content)
        around.addWidget(self._nothing)
        self._fit()
        Theme.current().changed.connect(self._fit)

    def _fill_scan(self) -> None:
        said = QHBoxLayout(self._said_row)
        said.setContentsMargins(0, 0, 0, 0)
        said.setSpacing(6)
        said.addWidget(self._said_icon, 0, Qt.AlignmentFlag.AlignTop)
        said.addWidget(self._said, 1)
        column = QVBoxLayout(self._scan_row)
        column.setContentsMargins(0, 4, 4, 0)
        column.setSpacing(6)
        column.addWidget(self.scan)
        column.addWidget(self._said_row)
        self._scan_row.hide()
        self._said_row.hide()

    def _fill_foot(self) -> QWidget:
        self._foot_row = QWidget()
        row = QHBoxLayout(self._foot_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._foot_icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._foot, 1)
        return self._foot_row

    def _connect(self) -> None:
        connections: tuple[tuple[Button | IconButton, Callable[[], object]], ...] = (
            (self._close_panel, self.closed.emit),
            (self.check_in, self.open_scan),
            (self.print, self.print_asked.emit),
            (self.more, lambda: self.more_asked.emit(self.more)),
            (self.close_button, self.close_asked.emit),
        )
        for button, act in connections:
            button.clicked.connect(lambda _=False, act=act: act())
        self.scan.entered.connect(lambda: self.scanned.emit(self.scan.text()))
        self.scan.edit.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down:
                self.list.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
            if event.key() == Qt.Key.Key_Escape and not self.scan.text():
                self.close_scan()
                self.list.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        """As wide as ever, or as its buttons need: their words are never cut."""
        buttons = sum(each.sizeHint().width() for each in (self.check_in, self.print, self.more)) + 2 * 8
        widest = max(buttons, self.close_button.sizeHint().width(), self.scan.minimumSizeHint().width())
        self.setFixedWidth(max(min(Theme.current().size("detail"), 480), widest + 2 * _EDGE + 1))
