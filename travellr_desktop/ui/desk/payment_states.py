"""How a payment came out, in the ticket's place: each outcome has its own page.

Never shown as paid or as failed is what nobody knows yet. Every page ends in what can be done next, the primary
button first.
"""

from __future__ import annotations

from dataclasses import replace

from travellr_desktop.domain.money import sum_money
from travellr_desktop.domain.ways import Way
from travellr_desktop.services.asking import READER_ENDS
from travellr_desktop.services.linking import LINK_ENDS
from travellr_desktop.services.outcomes import NO_CONNECTION, WANTS_TRAVELLER, OutcomeState, SaleOutcome
from travellr_desktop.services.sales import PayChoice
from travellr_desktop.ui.desk.hold_strip import HoldStrip
from travellr_desktop.ui.desk.link_page import LinkPage
from travellr_desktop.ui.desk.outcome_parts import Readings, head_row, icon_line
from travellr_desktop.ui.desk.page import Desk, Page
from travellr_desktop.ui.desk.pay import ICONS, WaysToPay, fit_key, verb_of
from travellr_desktop.ui.desk.reader_page import ReaderPage
from travellr_desktop.ui.desk.wording import seat_count
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.choices import CheckBox
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Divider


class PaidPage(Page):
    """Paid: bookings with their references, vouchers, the next traveller."""

    def fill(self) -> None:
        outcome = self.outcome
        label = outcome.payment_label or self.tr("Nothing to pay")
        word = self.tr("Deposit paid") if outcome.due.minor else None
        self.column.addLayout(head_row("paid", word=word, time=self.desk.formats.desk_time(outcome.since)))
        self.column.addWidget(Label(label, "body", "text_secondary", elide=True))
        days = [each.balance_day for each in outcome.bookings if each.balance_day is not None]
        if outcome.due.minor:
            first = self.tr("{0} is still due").format(self.desk.formats.money(outcome.due))
            by = (
                self.tr("Until {0}. Take it in Bookings.").format(self.desk.formats.day(min(days)))
                if days
                else ""
            )
            self.say("info", first, by, icon="calendar-clock")
        self.column.addWidget(Divider())
        self.lines(vouchers=len(outcome.bookings) > 1)
        many = len(outcome.bookings) > 1
        words = (
            self.tr("Print {0} vouchers").format(len(outcome.bookings)) if many else self.tr("Print voucher")
        )
        button = Button(words, Kind.PRIMARY, icon="printer", key="V", height="control_primary")
        button.clicked.connect(lambda: self.voucher.emit(outcome.bookings))
        others = [self.next_button()]
        if any(booking.price.minor for booking in outcome.bookings):
            invoice = Button(self.tr("Invoice…"), key="I", height="control_decision")
            invoice.clicked.connect(self.invoice)
            others.insert(0, invoice)
        self.buttons(button, others)


class DeclinedPage(Page):
    """A definite no, or no connection before anything was charged: the seats are still held, other ways follow."""

    def fill(self) -> None:
        outcome, formats = self.outcome, self.desk.formats
        refusal = outcome.refusal
        offline = refusal is not None and refusal.code == NO_CONNECTION
        time = formats.desk_time(outcome.since)
        if offline:
            self.column.addLayout(head_row("offline", word=self.tr("No connection"), time=time))
            second = self.tr("Nothing was charged. Take cash, or try again when the connection is back.")
            self.say("wait", self.tr("The payment provider could not be reached."), second, icon="wifi-off")
        elif refusal is not None and refusal.code in LINK_ENDS:
            self.column.addLayout(head_row("abandoned", word=self.tr("Link ended"), time=time))
            self.say("wait", refusal.sentence, refusal.code, icon="qr-code")
        elif refusal is not None and refusal.code in READER_ENDS:
            self.column.addLayout(head_row("abandoned", word=self.tr("Not paid"), time=time))
            self.say("wait", refusal.sentence, refusal.code, icon="smartphone-nfc")
        else:
            self.column.addLayout(head_row("declined", time=time))
            sentence = refusal.sentence if refusal is not None else self.tr("The payment did not go through.")
            second = "\n".join(
                part
                for part in (
                    self.tr("Nothing was charged.")
                    + (f" {outcome.payment_label}" if outcome.payment_label else ""),
                    refusal.code if refusal is not None else "",
                )
                if part
            )
            self.say("bad", sentence, second)
        self.strip = HoldStrip(self.desk.session, bare=True, words=self.tr("lapse in"))
        self.strip.extend.connect(self.extend)
        self.strip.time.lapsed.connect(self.desk.session.lapse)
        self.column.addWidget(self.strip)
        self.strip.setVisible(bool(self.desk.session.lines))  # not of a sale that was come back to
        self.column.addWidget(Divider())
        self.title(self.tr("Take cash, or try again") if offline else self.tr("Try another way"))
        self.ways = WaysToPay(wide=True)
        refused = "" if offline else self.desk.session.last_card
        first = Way.CASH if offline else None
        if refusal is not None and refusal.code == WANTS_TRAVELLER:
            first = Way.LINK  # where the traveller can approve it
        self.ways.set_ways(self.desk.ways, first=first, refused=refused)
        self.ways.changed.connect(self._show_button)
        self.deposit = self._deposit_box()
        self.column.addWidget(self.ways)
        button = Button(
            "", Kind.PRIMARY, icon="credit-card", amount=formats.money(outcome.due), key="Ctrl+Enter",
            height="control_primary",
        )  # fmt: skip
        button.clicked.connect(self._pay)
        self.off = Button(self.tr("Release the seats"), Kind.DANGER_PLAIN, height="control_decision")
        self.off.clicked.connect(self.release)
        self.buttons(button, (self.next_button(), self.off))
        self._show_button()

    def _pay(self) -> None:
        choice: PayChoice | None = self.ways.choice()
        if choice is not None and self.ways.check():
            self.refusal.hide()
            self.pay.emit(replace(choice, deposit=self.deposit is not None and self.deposit.isChecked()))

    def _deposit_box(self) -> CheckBox | None:
        """Whether only the deposit is taken, where the rest is due later."""
        parts = [each.deposit for each in self.outcome.bookings]
        if not any(parts):
            return None
        whole = sum_money(
            (part or each.price for part, each in zip(parts, self.outcome.bookings, strict=True)),
            self.outcome.total.currency,
        )
        self.deposit_amount = whole - self.outcome.paid
        box = CheckBox(self.tr("Deposit only, {0}").format(self.desk.formats.money(self.deposit_amount)))
        box.toggled.connect(lambda _on: self._show_button())
        self.column.addWidget(box)
        return box

    def _show_button(self) -> None:
        if self.primary is not None:
            only = self.deposit is not None and self.deposit.isChecked()
            self.primary.set_amount(
                self.desk.formats.money(self.deposit_amount if only else self.outcome.due)
            )
            way = self.ways.way
            self.primary.set_words(verb_of(way, self.tr("Try again")))
            self.primary.set_icon(ICONS[way] if way else "credit-card")
            fit_key(self.primary, "Ctrl+Enter")

    def set_paying(self, paying: bool) -> None:
        for part in (self.ways, self.strip, self.off):
            part.setEnabled(not paying)

    def choose_number(self, number: int) -> bool:
        return self.ways.choose_number(number)


class UnknownPage(Page):
    """Nobody knows yet: what happens by itself, and what not to do."""

    def fill(self) -> None:
        outcome, formats = self.outcome, self.desk.formats
        since = self.tr("since {0}").format(formats.desk_time(outcome.since))
        waiting = outcome.state is OutcomeState.WAITING
        self.column.addLayout(
            head_row("processing", word=self.tr("In progress"), filled=True, time=since)
            if waiting
            else head_row("unknown", time=since)
        )
        if waiting:
            first = self.tr("The payment provider is still working on it.")
            self.say("info", first, self.tr("It is read again by itself. It is not charged a second time."))
        else:
            first = self.tr("We do not know yet whether the card was charged.")
            second = self.tr(
                "The answer never arrived. The program reads the payment again by its number. "
                "It will not charge a second time."
            )
            self.say("unknown", first, second)
        self.title(self.tr("What happens by itself"))
        self.readings = Readings(outcome, formats, self.desk.now)
        self.column.addWidget(self.readings)
        self.column.addWidget(Divider())
        self.title(self.tr("Meanwhile"))
        seats = sum(line.hold.seats for line in self.desk.session.lines)
        held = self.tr("The {0} stay held for this sale.").format(seat_count(seats))
        if seats == 0:
            held = self.tr("The seats stay held for this sale.")
        elif seats == 1:
            held = self.tr("The seat stays held for this sale.")
        self.column.addWidget(icon_line("circle-check", "ok", held))
        self.column.addWidget(icon_line("ban", "bad", self.tr("Do not take the money another way.")))
        self.column.addWidget(
            icon_line("phone", "text_secondary", self.tr("The traveller can see it in the card app."))
        )
        button = Button(
            self.tr("Read it now"), Kind.PRIMARY, icon="refresh-cw", key="R", height="control_primary"
        )
        button.clicked.connect(self.read)
        self.buttons(button, (self.next_button(),))


class LapsedPage(Page):
    """The hold ended before anything was paid."""

    def fill(self) -> None:
        self.column.addLayout(
            head_row(
                "expired", word=self.tr("Hold lapsed"), time=self.desk.formats.desk_time(self.desk.now())
            )
        )
        self.say(
            "wait",
            self.tr("The hold lapsed before the sale was paid."),
            self.tr("Nothing was charged. The seats went back and may still be free."),
            icon="timer-off",
        )
        self.lines(vouchers=False, states=False)
        button = Button(
            self.tr("Hold again"), Kind.PRIMARY, icon="timer", key="Ctrl+Enter", height="control_primary"
        )
        button.clicked.connect(self.again)
        self.buttons(button, (self.next_button(),))


class GonePage(Page):
    """Paid after the hold had lapsed, and seats were gone: that money goes back by itself."""

    def fill(self) -> None:
        outcome, formats = self.outcome, self.desk.formats
        partly = outcome.state is OutcomeState.PARTLY
        word = self.tr("Partly sold") if partly else self.tr("Seats gone")
        self.column.addLayout(
            head_row("returned", word=word, filled=True, time=formats.desk_time(outcome.since))
        )
        back = sum(booking.refunded.minor for booking in outcome.bookings)
        amount = formats.money(type(outcome.total)(back, outcome.total.currency))
        first = self.tr("The payment came after the hold had lapsed, and the seats were gone.")
        second = self.tr("{0} goes back to the traveller by itself.").format(amount)
        if partly:
            second += " " + self.tr("The rest of the sale stands.")
        self.say("bad", first, second, icon="undo-2")
        self.lines(vouchers=True)
        button = Button(
            self.tr("Next traveller"), Kind.PRIMARY, icon="ticket", key="F2", height="control_primary"
        )
        button.clicked.connect(self.next)
        self.buttons(button, ())


class PendingPage(DeclinedPage):
    """Placed, and nothing was tried yet: the ways to pay."""


PAGES: dict[OutcomeState, type[Page]] = {
    OutcomeState.PENDING: PendingPage,
    OutcomeState.PAID: PaidPage,
    OutcomeState.PARTLY: GonePage,
    OutcomeState.SEATS_GONE: GonePage,
    OutcomeState.DECLINED: DeclinedPage,
    OutcomeState.WAITING: UnknownPage,
    OutcomeState.UNKNOWN: UnknownPage,
    OutcomeState.LAPSED: LapsedPage,
}


def page_of(desk: Desk, outcome: SaleOutcome) -> Page:
    """The page for how the sale stands; a declined one whose hold the clock has ended is a lapsed one."""
    state = outcome.state
    over = outcome.hold_expires_at is None or outcome.hold_expires_at <= desk.now()
    if state in (OutcomeState.DECLINED, OutcomeState.PENDING) and over:
        state = OutcomeState.LAPSED
    if state is OutcomeState.WAITING and outcome.link is not None and not outcome.link.used:
        return LinkPage(desk, outcome)
    if state is OutcomeState.WAITING and outcome.reader is not None:
        return ReaderPage(desk, outcome)
    return PAGES[state](desk, outcome)
