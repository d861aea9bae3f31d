"""The bar under the screen: sandbox or live, what runs, where this is, what time it is."""

from __future__ import annotations

from time import monotonic

from PySide6.QtCore import QDateTime, QLocale, QTimer, QTimeZone, Signal
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.key_trouble import KeyTrouble
from travellr_desktop.ui.background import Background, Operation
from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.field import Glyph
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.mark import SandboxStripe
from travellr_desktop.ui.station import CentralLine, Station
from travellr_desktop.ui.theme import Theme

CLOCK_FORMAT = "ddd d MMM yyyy, HH:mm"


class SandboxTag(QWidget):
    """The word "Sandbox", or "Test mode" where it is Stripe's, in the colours of the stripe."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(7, 0, 8, 0)
        row.setSpacing(5)
        row.addWidget(Glyph("flask-conical", "wait", "icon_small", self))
        self.words = Label("", "small_m", "wait", parent=self)
        row.addWidget(self.words)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip(self.tr("No real money moves on this profile"))
        self.set_test(False)
        Theme.current().changed.connect(self._fit)
        self._fit()

    def set_test(self, test: bool) -> None:
        """Whether cards go to Stripe's test mode, and not to the program's own sandbox."""
        self.words.setText(self.tr("Test mode") if test else self.tr("Sandbox"))
        self.setAccessibleName(
            self.tr("Stripe's test mode: no real money moves on this profile")
            if test
            else self.tr("Sandbox: no real money moves on this profile")
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        painter = QPainter(self)
        fill, line = theme.colour("wait.fill"), theme.colour("wait.line")
        paint.box(painter, self.rect(), fill=fill, line=line, radius=theme.radius("badge"))
        painter.end()

    def _fit(self) -> None:
        self.setFixedHeight(Theme.current().size("badge"))


class WorkLine(QWidget):
    """What runs longer than 600 ms: the sentence, how far it is, and a way to stop it."""

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._shown: Operation[object] | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.glyph = Glyph("loader", "text_secondary", "icon_small", self)
        self.words = Label("", "small", "text_secondary", elide=True, parent=self)
        self.stop = Button(self.tr("Stop"), Kind.LINK, height="target", parent=self)
        self.stop.clicked.connect(self._stop)
        for widget in (self.glyph, self.words, self.stop):
            row.addWidget(widget)
            widget.hide()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self.look)
        background.changed.connect(self.look)

    def look(self) -> None:
        """Show the oldest operation with words that has run long enough; come back when the next is due."""
        after = Theme.current().duration("progress_after_ms") / 1000
        now = monotonic()
        named = [operation for operation in self._background.running if operation.words]
        due = [operation for operation in named if now - operation.started >= after]
        waiting = [after - (now - operation.started) for operation in named if operation not in due]
        if waiting:
            self._later.start(max(round(min(waiting) * 1000), 1))
        else:
            self._later.stop()
        self._show(due)

    def _show(self, due: list[Operation[object]]) -> None:
        shown = self._shown = due[0] if due else None
        for widget in (self.glyph, self.words):
            widget.setVisible(shown is not None)
        self.stop.setVisible(shown is not None and shown.stoppable and not shown.task.cancelled)
        if shown is None:
            return
        parts = [shown.words]
        progress = shown.progress
        if progress is not None and progress.total:
            parts.append(self.tr("{0} of {1}").format(progress.done, progress.total))
        if len(due) > 1:
            parts.append(self.tr("and {0} more").format(len(due) - 1))
        self.words.setText(" · ".join(parts))

    def _stop(self) -> None:
        if self._shown is not None:
            self._shown.cancel()
            self.look()


class StatusBar(QWidget):
    """28 high, with the stripe of 3 above it in the sandbox. `key_asked` comes from the words that tell of a key that
    cannot be used, `central_asked` from those about the central database."""

    key_asked = Signal()
    central_asked = Signal()

    def __init__(self, background: Background, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._zone = ""
        self.stripe = SandboxStripe(self)
        self._bar = QWidget(self)
        self._row = QHBoxLayout(self._bar)
        self._row.setContentsMargins(12, 0, 16, 0)
        self._row.setSpacing(8)
        self.tag = SandboxTag(self._bar)
        self.live = Label(self.tr("Live"), "small_m", "text_secondary", parent=self._bar)
        self._key_icon = Glyph("circle-alert", "bad", "icon_small", self._bar)
        self.key = Button("", Kind.LINK, height="target", parent=self._bar)
        self.key.clicked.connect(self.key_asked)
        self._online_icon = Glyph("wifi", "ok", "icon_small", self._bar)
        self.online = Label("", "small_m", "text", parent=self._bar)
        self.central = Button("", Kind.LINK, height="target", parent=self._bar)
        self.central.clicked.connect(self.central_asked)
        self.synced = Label("", "small", "text_secondary", parent=self._bar)
        self.work = WorkLine(background, self._bar)
        self.place = Label("", "small", "text_secondary", elide=True, parent=self._bar)
        self.till = Label("", "small", "text_secondary", parent=self._bar)
        self.time = Label("", "small", "text_secondary", parent=self._bar)
        self._dots = [Label("·", "small", "text_muted", parent=self._bar) for _ in range(2)]
        self._lay_out()
        self._tick = QTimer(self)
        self._tick.setSingleShot(True)
        self._tick.timeout.connect(self.show_time)
        self.set_central(None)
        self.set_station(Station())
        Theme.current().changed.connect(self._fit)
        self._fit()

    def set_station(self, station: Station) -> None:
        self.stripe.setVisible(station.sandbox)
        self.tag.setVisible(station.sandbox)
        self.tag.set_test(station.test)
        self.live.setVisible(not station.sandbox and not station.copy)
        self._show_key(station.key)
        self.set_central(station.central)
        self.place.setText(station.words())
        self.till.setText(station.till)
        self.till.set_tone("wait" if station.till_waits else "text_secondary")
        self.till.setVisible(bool(station.till))
        self._show_dots()
        self._zone = station.zone
        if self.isVisible():
            self.show_time()

    def _show_key(self, trouble: KeyTrouble | None) -> None:
        words = {
            KeyTrouble.MISSING: self.tr("Payment key missing"),
            KeyTrouble.LOCKED: self.tr("Payment key locked"),
            KeyTrouble.REFUSED: self.tr("Payment key not accepted"),
            KeyTrouble.TOO_STRONG: self.tr("Payment key too strong"),
        }
        for widget in (self._key_icon, self.key):
            widget.setVisible(trouble is not None)
        if trouble is not None:
            self.key.set_words(words[trouble])
            self.key.setToolTip(self.tr("No card is charged until this is put right"))

    def set_central(self, line: CentralLine | None) -> None:
        """How it stands to the central database; None where there is nobody to be connected to."""
        self.online.setVisible(line is None)
        self.central.setVisible(line is not None)
        self.synced.setVisible(line is not None and bool(line.second))
        if line is None:
            self._online_icon.set("hard-drive", "text_secondary")
            self.online.setText(self.tr("On this machine"))
            self.online.setToolTip(self.tr("All data of this desk is kept on this machine"))
            return
        self._online_icon.set(line.icon, line.tone)
        self.central.set_words(line.words)
        self.central.setToolTip(line.tip)
        self.central.setAccessibleName(f"{line.words} {line.second}".strip())
        self.synced.setText(line.second)
        self.synced.setToolTip(line.tip)

    def show_time(self) -> None:
        """The wall clock of the agency, until the next minute begins. A place that is not known here is told by
        the machine's."""
        now = self._clock.now()
        zone = QTimeZone(self._zone.encode()) if self._zone else QTimeZone()
        here = QDateTime.fromMSecsSinceEpoch(int(now.timestamp() * 1000))
        if zone.isValid():
            here = here.toTimeZone(zone)
        self.time.setText(QLocale().toString(here, CLOCK_FORMAT))
        self.time.setToolTip(self._zone.replace("_", " "))
        self._tick.start((60 - now.second) * 1000 - now.microsecond // 1000 + 20)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.show_time()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tick.stop()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.stripe)
        column.addWidget(self._bar)
        for widget in (
            *(self.tag, self.live, self._key_icon, self.key),
            *(self._online_icon, self.online, self.central, self.synced),
        ):
            self._row.addWidget(widget)
        self._row.addSpacing(8)
        self._row.addWidget(self.work)
        self._row.addStretch(1)
        for widget in (self.place, self._dots[0], self.till, self._dots[1], self.time):
            self._row.addWidget(widget)

    def _show_dots(self) -> None:
        here, till = bool(self.place.text()), bool(self.till.text())
        self._dots[0].setVisible(here and till)
        self._dots[1].setVisible(here or till)

    def _fit(self) -> None:
        self._bar.setFixedHeight(Theme.current().size("status_bar"))
