"""Every part in every state on one widget: for pictures, for tests, and for whoever builds a screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from travellr_desktop.ui.parts.badge import Badge, Tag
from travellr_desktop.ui.parts.button import Button, IconButton, Kind
from travellr_desktop.ui.parts.calendar import MonthCalendar
from travellr_desktop.ui.parts.chip import Chip
from travellr_desktop.ui.parts.choices import CheckBox, ComboBox, RadioButton
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.empty import EmptyState, LoadFailed, ProgressNote
from travellr_desktop.ui.parts.field import Field, SearchField
from travellr_desktop.ui.parts.holdring import HoldRing
from travellr_desktop.ui.parts.keycap import KeyCap
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.mark import Avatar, DepthLines, Mark, SandboxStripe
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Card, Divider, Facts, MoneyRows, Pane, ScrollArea, Section
from travellr_desktop.ui.parts.seatmeter import SeatMeter, Seats
from travellr_desktop.ui.parts.segments import Segments
from travellr_desktop.ui.parts.stepper import Stepper
from travellr_desktop.ui.parts.steps import Steps
from travellr_desktop.ui.parts.text_box import TextBox
from travellr_desktop.ui.parts.ticket import Ticket
from travellr_desktop.ui.parts.tile import Tile, Tiles
from travellr_desktop.ui.parts.timeline import Timeline, TimelineItem
from travellr_desktop.ui.parts.toast import Toast

TODAY = date(2026, 6, 18)


@dataclass(frozen=True, slots=True)
class Day:
    """Figures of a day, for the calendar of the gallery."""

    departures: int
    free: int


def _row(*parts: QWidget | int | None, spacing: int = 8) -> QHBoxLayout:
    """Widgets side by side; an int is a gap, None a stretch."""
    row = QHBoxLayout()
    row.setSpacing(spacing)
    for part in parts:
        if part is None:
            row.addStretch(1)
        elif isinstance(part, int):
            row.addSpacing(part)
        else:
            row.addWidget(part)
    return row


def _column(title: str, groups: Sequence[tuple[str, Sequence[QWidget | QLayout]]]) -> Card:
    card = Card()
    column = QVBoxLayout(card)
    column.setContentsMargins(16, 16, 16, 16)
    column.setSpacing(8)
    card.setAccessibleName(title)
    for index, (words, parts) in enumerate(groups):
        if index:
            column.addSpacing(8)
        column.addWidget(Label(words, "small_m", "text_secondary", elide=True))
        for part in parts:
            if isinstance(part, QLayout):
                column.addLayout(part)
            else:
                column.addWidget(part)
    column.addStretch(1)
    return card


def _buttons() -> list[QWidget | QLayout]:
    off, busy = Button("Off"), Button("Export")
    off.set_off("Needs a connection")
    busy.set_busy("Writing 14 of 41")
    primary_off = Button("Off", Kind.PRIMARY)
    primary_off.setEnabled(False)
    pay = Button(
        "Take payment",
        Kind.PRIMARY,
        icon="qr-code",
        amount="€248.90",
        key="Ctrl+Enter",
        height="control_primary",
    )
    return [
        _row(
            Button("Approve", Kind.PRIMARY),
            Button("Print", icon="printer"),
            Button("Quiet", Kind.QUIET),
            None,
        ),
        _row(primary_off, off, busy, Button("Link", Kind.LINK), None),
        _row(Button("Refund €178.00", Kind.DANGER), Button("Release the seats", Kind.DANGER_PLAIN), None),
        _row(
            Button("Hold 3 seats", icon="timer", key="Enter", height="control_decision"),
            IconButton("ellipsis", "More", Kind.PLAIN, height="control_decision"),
            IconButton("copy", "Copy"),
            IconButton("columns-3", "Columns"),
            None,
        ),
        pay,
    ]


def _fields() -> list[QWidget | QLayout]:
    email = Field("Email", text="henrik.s@example")
    email.set_error("The part after @ needs a dot.")
    off = Field("Place", text="Kotor")
    off.setEnabled(False)
    password = Field("Password", text="correct horse", password=True)
    password.set_note("Caps Lock is on", "wait")
    price = Field("Price per adult", text="100", unit="max €")
    where = QVBoxLayout()
    where.setSpacing(4)
    where.addWidget(Label("Where", "small_m", "text_secondary"))
    where.addWidget(ComboBox("Where", ["Anywhere", "Kotor", "Perast"]))
    pair = QHBoxLayout()
    pair.setSpacing(8)
    pair.addLayout(where)
    pair.addWidget(price)
    ways, radios = QButtonGroup(email), (RadioButton("One", checked=True), RadioButton("Other"))
    for radio in radios:
        ways.addButton(radio)
    part, none = CheckBox("Some"), CheckBox("Not")
    part.setTristate(True)
    part.setCheckState(Qt.CheckState.PartiallyChecked)
    text = TextBox("Description", rows=2)
    text.set_text("A morning on the water.\nBring a towel.")
    return [
        SearchField("Search trips", placeholder="Phone or email"),
        email,
        password,
        pair,
        off,
        text,
        _row(CheckBox("Checked", checked=True), part, none, *radios, None, spacing=8),
    ]


def _choosing() -> list[QWidget | QLayout]:
    tiles = Tiles("Ways to pay")
    for key, tile in {
        "card": Tile("credit-card", "Test card", "1"),
        "cash": Tile("banknote", "Cash", "2"),
        "saved": Tile("credit-card", "Saved card", "3"),
    }.items():
        tiles.add(key, tile)
    tiles.tile("saved").set_reason("No saved card")
    tiles.set_value("card")
    wide = Tile("banknote", "Cash", "2", hint="till is open", wide=True)
    return [
        Segments("Show", [("day", "Day"), ("week", "Week"), ("month", "Month")]),
        _row(Chip("Status", "Pending"), Chip("Desk"), None),
        Stepper("Adults", 2, minimum=1),
        Stepper("Children", 0, hint="2–11"),
        tiles,
        wide,
    ]


def _states() -> list[QWidget | QLayout]:
    rows = (
        ("confirmed", "completed", "cancelled"),
        ("paid", "refunded", "no_show"),
        ("pending", "failed", "disputed"),
        ("unknown", "pay_unknown"),
    )
    badges: list[QWidget | QLayout] = [
        _row(*(Badge(status) for status in row), None, spacing=12) for row in rows
    ]
    tags = (Tag("Sandbox", "wait", "flask-conical"), Tag("Bookable", "ok", "circle-check"))
    return [*badges, _row(*tags, Tag("2", "wait", round_ends=True), None, spacing=12)]


def _meters() -> list[QWidget | QLayout]:
    examples = (Seats(12, 4, 2, 3), Seats(14, 14), Seats(12, 14))
    return [_row(SeatMeter(seats), Label(seats.words(), "small", "text_secondary")) for seats in examples]


def _holds() -> list[QWidget | QLayout]:
    def ring(seconds: int) -> HoldRing:
        return HoldRing(lambda: seconds, 900, large=True)

    return [_row(ring(738), ring(296), ring(58), ring(0), None, spacing=8)]


def _messages() -> list[QWidget | QLayout]:
    return [
        Note(
            "wait",
            "Working offline since 10:31",
            "Selling from this desk's 41 seats. 3 changes wait.",
            icon="cloud-off",
        ),
        Note("bad", "The bank refused the card", "Nothing was charged. insufficient_funds", action="Details"),
        Note(
            "unknown",
            "We do not know yet whether the card was charged.",
            "The program reads the payment again by its number and never charges twice.",
        ),
    ]


def _basket() -> Ticket:
    ticket = Ticket()
    ticket.above.setSpacing(8)
    ticket.above.addLayout(
        _row(
            Label("New booking", "lead"),
            Badge("draft"),
            None,
            KeyCap("F2"),
            Label("new", "small", "text_secondary"),
        )
    )
    trip = MoneyRows(gap=2)
    trip.add("Blue Cave and Perast", "€117.00", strong=True)
    ticket.above.addWidget(trip)
    ticket.above.addLayout(
        _row(
            Label("Sat 20 Jun, 08:30 · 2 adults, 1 child", "small", "text_secondary", elide=True),
            HoldRing(lambda: 462, 900),
        )
    )
    ticket.below.setSpacing(8)
    money = MoneyRows()
    money.add("3 travellers, 2 trips", "€262.00")
    money.add("Tax included, 21 %", "€43.20", quiet=True)
    money.add_total("Total", "€248.90")
    ticket.below.addWidget(money)
    return ticket


def _calendar() -> MonthCalendar:
    calendar = MonthCalendar(TODAY)
    free = (21, 44, 67, 58, 61, 40, 37, 5, 29, 4, 0, 33, 52)
    calendar.set_days({TODAY + timedelta(days=index): Day(3, seats) for index, seats in enumerate(free)})
    calendar.set_chosen(TODAY + timedelta(days=2))
    return calendar


def _timeline() -> Timeline:
    return Timeline(
        [
            TimelineItem("mail", "Voucher sent to the traveller", "goran.p@example.org", "14 Jun 16:02"),
            TimelineItem("circle-check", "€98.00 paid by card", "Visa ending 4242", "14 Jun 16:01", "ok"),
            TimelineItem(
                "ticket",
                "Booked at Kotor Riva",
                "6 seats held, then confirmed",
                "12 Jun 18:41",
                "accent_text",
            ),
        ]
    )


def _running() -> list[QWidget | QLayout]:
    progress = ProgressNote("Statements for June")
    progress.set_progress(14, 41)
    return [progress]


def decision(parent: QWidget | None = None) -> Decision:
    """The dialog of the gallery; call its `open()`."""
    made = Decision(
        "Refund €98.00 to Visa ending 4242?",
        second="Goran Petrović, BK-2026-004159",
        verb="Refund €98.00",
        keep="Keep",
        parent=parent,
    )
    made.rows.add("Zeta Travel gives back", "€78.40")
    made.rows.add("Commission given back", "€19.60")
    made.rows.add("Kept by policy", "€0.00")
    return made


def build() -> Pane:
    """The gallery, best at 1440 × 900; it needs a theme that was applied."""
    page = Pane("canvas")
    page.setWindowTitle("Parts and their states")
    first = _column(
        "Words and choices",
        [
            ("Buttons: one primary a screen", _buttons()),
            ("Fields: the error stands beside", _fields()),
            (
                "What could not be read",
                [LoadFailed("The list could not be read", "The file is busy with a backup, 40 s so far.")],
            ),
        ],
    )
    second = _column(
        "Choices and days",
        [
            ("Choosing", _choosing()),
            ("A month of free seats", [_calendar(), Steps(["Seats", "Traveller", "Money"], 1)]),
            ("What runs over 600 ms", _running()),
        ],
    )
    third = _column(
        "States",
        [
            ("Settled: no fill. Somebody has to act: filled", _states()),
            ("Seat meter", _meters()),
            ("Hold", _holds()),
            ("Message beside the work", _messages()),
            ("What finished", [Toast("Voucher sent", action="Undo", key="Ctrl+Z", on_action=lambda: None)]),
        ],
    )
    facts = Facts(columns=2)
    for title, value in (
        ("Free now", "3 of 6"),
        ("This desk may sell", "3 seats"),
        ("Sales close", "Sat 20 Jun, 08:00"),
    ):
        facts.add(title, value)
    section = Section("Timeline", action=Button("Note", Kind.LINK, icon="plus", height="control_small"))
    section.body.addWidget(_timeline())
    fourth = _column(
        "Money and lists",
        [
            ("Money about to move: a ticket", [_basket()]),
            ("Facts", [facts, Divider(), section]),
            (
                "Nothing here",
                [
                    EmptyState(
                        "ticket",
                        "No bookings match these filters",
                        "412,907 bookings are hidden by 3 filters.",
                        (Button("Clear filters", key="Esc"), Button("New booking", key="F2")),
                    ),
                ],
            ),
        ],
    )
    columns = QHBoxLayout()
    columns.setSpacing(12)
    for card, stretch in ((first, 5), (second, 4), (third, 5), (fourth, 5)):
        columns.addWidget(card, stretch)
    body = QWidget()
    body.setLayout(columns)
    columns.setContentsMargins(0, 0, 0, 0)
    whole = QVBoxLayout(page)
    whole.setContentsMargins(16, 12, 16, 0)
    whole.setSpacing(12)
    whole.addLayout(
        _row(Mark(), Label("Parts and their states", "body", "text_secondary"), None, Avatar("Ana Vuković"))
    )
    whole.addWidget(ScrollArea(body), 1)
    whole.addWidget(SandboxStripe())
    page.resize(1440, 900)
    return page


def depth() -> DepthLines:
    """The sign-in background."""
    return DepthLines()
