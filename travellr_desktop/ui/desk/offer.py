"""The departure under the cursor, for the party that is set: what it costs, on which terms, and the way to hold it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.errors import Refusal
from travellr_desktop.services.departure_views import DepartureRow, Offer, OtherDay
from travellr_desktop.ui.desk import wording
from travellr_desktop.ui.desk.full import FullPane
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.badge import Badge
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Divider, Pane
from travellr_desktop.ui.theme import Theme

LEAST = 440
"""The width that the facts need."""

_TRAILING = Qt.AlignmentFlag.AlignRight


class OtherDays(QWidget):
    """The same trip on other dates; arrows move between them, Enter goes there."""

    chosen = Signal(object)

    def __init__(self, formats: Formats, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formats = formats
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)
        self.buttons: list[Button] = []

    def show_days(self, days: tuple[OtherDay, ...]) -> None:
        while (taken := self._row.takeAt(0)) is not None:
            if (old := taken.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.buttons = []
        for day in days:
            local = self._formats.local(day.starts_at, day.zone).date()
            words = f"{self._formats.day_brief(local)}  {day.free}"
            button = Button(words, height="control_small")
            button.setAccessibleName(
                self.tr("{0}, {1} free").format(self._formats.when(day.starts_at, day.zone), day.free)
            )
            button.clicked.connect(lambda _=False, day=day: self.chosen.emit(day))
            self.buttons.append(button)
            self._row.addWidget(button)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        at = next((i for i, button in enumerate(self.buttons) if button.hasFocus()), None)
        if step is None or at is None:
            event.ignore()
            return
        step = -step if self.isRightToLeft() else step
        self.buttons[(at + step) % len(self.buttons)].setFocus(Qt.FocusReason.TabFocusReason)


class OfferPane(Pane):
    """`hold` when the person asks for the seats, `other_day(OtherDay)` for the same trip on another date."""

    hold = Signal()
    other_day = Signal(object)

    def __init__(
        self,
        formats: Formats,
        hold_minutes: int,
        *,
        may_overbook: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("subtle", parent=parent)
        self._formats = formats
        self._offer: Offer | None = None
        self._low = False
        self.title = Label("", "lead", elide=True)
        self.badge = Badge("confirmed", word=self.tr("Bookable"))
        self._when = Label("", "body", "text_secondary")
        self._who = Label("", "body", "text_secondary", elide=True)
        self.total = Label("", "total", align=_TRAILING)
        self._party = Label("", "small", "text_secondary", elide=True, align=_TRAILING)
        self._facts: dict[str, Label] = {}
        self.others = OtherDays(formats)
        self.others.chosen.connect(self.other_day)
        self.full = FullPane(formats, may_overbook=may_overbook)
        self.note = Note("bad", "")
        self.note.hide()
        self.button = Button(self.tr("Hold"), icon="timer", key="Enter", height="control_decision")
        self.button.clicked.connect(self.hold)
        lasts = self.tr("Holds last {0} min").format(hold_minutes)
        self._lasts_words = lasts
        self._beside = Label(lasts, "small", "text_secondary", elide=True, align=_TRAILING)
        self._may_overbook = may_overbook
        self.take_back = Button("", Kind.LINK, height="control_small")
        self._build()
        self.show_offer(None)

    # content

    @property
    def offer(self) -> Offer | None:
        return self._offer

    def show_offer(self, offer: Offer | None) -> None:
        """Show an offer; None where nothing is chosen. What was refused before is forgotten with it."""
        same = offer is not None and self._offer is not None and offer.row.id == self._offer.row.id
        self._offer = offer
        self._content.setVisible(offer is not None)
        if not same:
            self.forget_refusal()
        if offer is None:
            return
        row = offer.row
        self.title.setText(row.title)
        self._show_badge(offer)
        self._when.setText(self._from_to(row))
        who = " · ".join(part for part in (row.vendor_name, offer.languages) if part)
        self._who.setText(f"· {who}" if who else "")
        self.total.setText(self._formats.money(offer.total) if offer.total is not None else "–")
        self._party.setText(wording.party(offer.party))
        self._facts["free"].setText(wording.free_of(row))
        self._facts["free"].set_tone("bad" if row.over else "wait" if 0 < row.free < wording.FEW else "text")
        self._facts["free"].set_tip(offer.beyond)
        self._facts["desk"].setText(wording.here_line(row))
        day = self._formats.local(row.cutoff_at, row.zone).date()
        closes = f"{self._formats.day(day)}, {self._formats.time(row.cutoff_at, row.zone)}"
        self._facts["close"].setText(closes)  # on the clock of the place, as the start above it
        self._facts["policy"].setText(offer.policy_first)
        self._policy.setText(self.tr("Cancellation: {0}").format(offer.policy_name.lower()))
        self._facts["policy"].set_tip(offer.policy_second)
        for label in self._facts.values():
            label.setAccessibleName(f"{label.property('fact')}: {label.text()}")
        self.others.show_days(offer.other_days)
        self._show_full(offer)
        self._show_others()
        self._show_button(offer)

    def refuse(self, refusal: Refusal) -> None:
        """Why the seats could not be held, beside the button."""
        self.note.say("bad", str(refusal), refusal.hint)
        self.note.show()
        self._gap.show()

    def focus_other_day(self) -> bool:
        """For a departure that is not sold: to the first of its other dates; says whether there is one."""
        if not self.others.buttons or not self._days.isVisible():
            return False
        self.others.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def forget_refusal(self) -> None:
        self.note.hide()
        self._gap.hide()

    def set_low(self, low: bool) -> None:
        """A low screen leaves out the other dates of what can be had on this one."""
        self._low = low
        self.full.set_low(low)
        self._show_others()

    def minimumSizeHint(self) -> QSize:
        # the dates give way on a low screen: they must not keep the window from becoming one
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), Theme.current().px(LEAST)), hint.height())

    # inside

    def _from_to(self, row: DepartureRow) -> str:
        """`Sat 20 Jun, 23:00 to Sun 21 Jun, 02:00 (Lisbon time)`: on the clock of the place, which is told once."""
        formats, ends = self._formats, self._formats.time(row.ends_at, row.zone)
        first, last = (formats.local(at, row.zone).date() for at in (row.starts_at, row.ends_at))
        start = f"{formats.day(first)}, {formats.time(row.starts_at, row.zone)}"
        words = self.tr("{0} to {1}").format(start, f"{formats.day(last)}, {ends}" if last != first else ends)
        place = formats.elsewhere(row.starts_at, row.zone)
        return f"{words} ({place})" if place else words

    def _show_badge(self, offer: Offer) -> None:
        row = offer.row
        if row.why_not is not None:
            self.badge.set_status("stopsell", word=row.why_not.rstrip("."), filled=False)
        elif wording.is_full(row) and row.over:
            self.badge.set_status("failed", word=self.tr("Oversold"), filled=True)
        elif wording.is_full(row):
            self.badge.set_status("stopsell", word=self.tr("Full"), filled=False)
        elif offer.why_not is not None:
            self.badge.set_status("notready", word=self.tr("Too few seats"), filled=True)
        else:
            self.badge.set_status("confirmed", word=self.tr("Bookable"))

    def _show_button(self, offer: Offer) -> None:
        self.button.set_words(self.tr("Hold {0}").format(wording.seat_count(offer.seats)))
        why = offer.why_not
        if why is None and offer.seats == 0:
            why = self.tr("Somebody must take a seat.")
        if not self.button.busy:
            self.button.set_off(why)
        asked = self.tr("{0} asked of other desks").format(offer.asked) if offer.asked else ""
        self._beside.setText(why or asked or self._lasts_words)
        self._beside.set_tone("wait" if why else "text_secondary")

    def _show_full(self, offer: Offer) -> None:
        """Without room for the party: what to take instead, and the ways of waiting, in place of the button."""
        self.full.show_offer(offer if offer.too_full else None)
        self.full.setVisible(offer.too_full)
        for part in (self.button, self._beside):
            part.setVisible(not offer.too_full)
        extra = wording.count(offer.unused, "extra seat", "extra seats")
        self.take_back.set_words(self.tr("Take back {0}").format(extra))
        self.take_back.setToolTip(offer.beyond)
        self.take_back.setVisible(self._may_overbook and offer.unused > 0)

    def _show_others(self) -> None:
        offer = self._offer
        there = (
            offer is not None
            and bool(offer.other_days)
            and not offer.too_full
            and (not self._low or offer.row.why_not is not None)
        )
        self._others_line.setVisible(there or (offer is not None and offer.too_full))
        self._days.setVisible(there)

    def _build(self) -> None:
        self._content = QWidget(self)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self._content)
        column = QVBoxLayout(self._content)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(0)
        head = QGridLayout()
        head.setHorizontalSpacing(16)
        head.setVerticalSpacing(2)
        name = QHBoxLayout()
        name.setSpacing(12)
        name.addWidget(self.title)
        name.addWidget(self.badge)
        name.addStretch(1)
        head.addLayout(name, 0, 0)
        head.addWidget(self.total, 0, 1)
        head.setColumnStretch(0, 1)
        second = QHBoxLayout()
        second.setSpacing(4)
        second.addWidget(self._when)
        second.addWidget(self._who, 1)
        second.addSpacing(12)
        second.addWidget(self._party)
        head.addLayout(second, 1, 0, 1, 2)
        column.addLayout(head)
        column.addSpacing(14)
        column.addLayout(self._build_facts())
        column.addSpacing(14)
        self._others_line = Divider()
        column.addWidget(self._others_line)
        self._days = QWidget()
        days = QHBoxLayout(self._days)
        days.setContentsMargins(0, 10, 0, 14)
        days.setSpacing(8)
        days.addWidget(Label(self.tr("Free on other dates"), "small_m", "text_secondary"))
        days.addStretch(1)
        days.addWidget(self.others)
        column.addWidget(self._days)
        column.addWidget(self.full)
        column.addWidget(self.note)
        self._gap = QWidget()
        self._gap.setFixedHeight(10)
        self._gap.hide()
        column.addWidget(self._gap)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self.button)
        foot.addWidget(self.take_back)
        foot.addWidget(self._beside, 1)
        column.addLayout(foot)

    def _build_facts(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(2)
        titles = {
            "free": self.tr("Free now"),
            "desk": self.tr("This desk may sell"),
            "close": self.tr("Sales close"),
            "policy": self.tr("Cancellation"),
        }
        for at, (key, title) in enumerate(titles.items()):
            last = key == "policy"
            value = self._facts[key] = Label("", "body_m", wrap=last)
            value.setProperty("fact", title)
            self._policy = Label(title, "small", "text_secondary", elide=last)
            grid.addWidget(self._policy, 0, at)
            grid.addWidget(value, 1, at, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(3, 1)
        return grid
