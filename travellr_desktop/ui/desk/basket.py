"""The basket as a ticket: what is held and who buys above the perforation, the money below it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import Refusal, TillNotOpen
from travellr_desktop.services.linking import LASTS
from travellr_desktop.services.options import OptionView
from travellr_desktop.services.provider import ProviderService
from travellr_desktop.services.sales import PayChoice, WayOffer
from travellr_desktop.ui.desk import wording
from travellr_desktop.ui.desk.deposit_box import DepositBox
from travellr_desktop.ui.desk.discount_box import DiscountBox
from travellr_desktop.ui.desk.draft import Line
from travellr_desktop.ui.desk.grow import Grow
from travellr_desktop.ui.desk.hold_line import HoldLine
from travellr_desktop.ui.desk.hold_strip import HoldStrip
from travellr_desktop.ui.desk.pay import ICONS, WaysToPay, digit_of, fit_key, verb_of
from travellr_desktop.ui.desk.session import Session
from travellr_desktop.ui.desk.traveller_box import TravellerBox
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.badge import Badge
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.keycap import KeyCap
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Divider, MoneyRows
from travellr_desktop.ui.parts.ticket import Ticket
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.theme import Theme


class Basket(Ticket):
    """The draft of a sale. `take(PayChoice)` is the primary button."""

    take = Signal(object)
    till_asked = Signal()
    """Cash waits for an open till: lead there."""

    def __init__(
        self,
        context: Context,
        session: Session,
        formats: Formats,
        *,
        provider: ProviderService,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent=parent)
        self._session, self._formats, self._provider = session, formats, provider
        self._context = context
        self._low = self._finding = self._brief = False
        self._lines: list[HoldLine] = []
        self.traveller = TravellerBox(context)
        self.strip = HoldStrip(session)
        self.ways = WaysToPay()
        self.discount = DiscountBox(session.reduction, formats)
        self.money = MoneyRows(gap=4)
        self.deposit = DepositBox(context, session, formats)
        self.note = Note("bad", "")
        self.note.acted.connect(self.till_asked)
        self.note.hide()
        self.button = Button(
            self.tr("Take payment"),
            Kind.PRIMARY,
            icon="credit-card",
            key="Ctrl+Enter",
            height="control_primary",
        )
        self._why = Label("", "small", "text_secondary", wrap=True)
        self._build()
        self._connect()
        self.show_lines()
        self.show_money()

    # content

    @property
    def lines(self) -> tuple[HoldLine, ...]:
        return tuple(self._lines)

    def set_ways(self, ways: tuple[WayOffer, ...], *, keep: bool = False) -> None:
        """`keep`: what is chosen stays chosen, where it is still offered."""
        self.ways.set_ways(ways, first=self.ways.way if keep else None)
        self.show_money()

    def set_low(self, low: bool) -> None:
        """On a low screen the strip gives way to the rings on the lines."""
        self._low = low
        self.ways.set_short(low)
        self._show_strip()
        self._make_room(self._finding)

    def refuse(self, refusal: Refusal) -> None:
        """Why it could not be sold, above the button. Nothing that was typed is lost."""
        closed = isinstance(refusal, TillNotOpen)
        self.note.say("bad", str(refusal), refusal.hint, action=self.tr("Open the till") if closed else "")
        self.note.show()
        if closed:
            self.note.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def forget_refusal(self) -> None:
        self.note.hide()

    def ask_option(self) -> None:
        """Ask until when the seats of the line with the keyboard, or of the last one, are kept."""
        focus = QApplication.focusWidget() or self
        lines = [line for line in self._lines if line.isAncestorOf(focus)] or self._lines[-1:]
        for line in lines:
            line.ask_option()

    def leave(self) -> bool:
        """One step back, for Esc: from the traveller, or from the form of an option that has the keyboard; says
        whether there was one."""
        focus = QApplication.focusWidget() or self
        if not self.isVisible() or self.traveller.leave():
            return self.isVisible()
        if self.discount.is_open and self.discount.isAncestorOf(focus):
            self.discount.close_form()
            return True
        for line in self._lines:
            if line.option_form is not None and line.isAncestorOf(focus):
                self._session.keeping.close(line.line)
                return True
        return False

    def check_names(self) -> bool:
        return all(line.check_names() for line in self._lines)

    def show_lines(self) -> None:
        """Lines are made anew; open ones stay open."""
        open_lines = {id(line.line) for line in self._lines if line.head.isChecked()}
        focus = QApplication.focusWidget() or self
        focused = next((at for at, line in enumerate(self._lines) if line.isAncestorOf(focus)), None)
        while (taken := self._rows.takeAt(0)) is not None:
            if (old := taken.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._lines = []
        for at, line in enumerate(self._session.lines):
            if at:
                self._rows.addWidget(Divider())
            row = HoldLine(self._session, line, self._formats)
            row.remove.connect(self._remove)
            row.again.connect(self._again)
            row.lapsed.connect(self._session.lapse)
            if id(line) in open_lines:
                row.open_details(True)
            self._lines.append(row)
            self._rows.addWidget(row)
        if focused is not None and self._lines:
            self._lines[min(focused, len(self._lines) - 1)].head.setFocus()
        self._empty.setVisible(not self._lines)
        self._make_room(self._finding)
        self._show_strip()
        self.forget_refusal()
        self.show_money()

    def show_money(self) -> None:
        self.money.clear()
        session, total = self._session, self._session.total()
        if total is not None:
            for kind, number, amount in session.by_type() if not self._brief else ():
                self.money.add(wording.travellers(number, kind), self._formats.money(amount))
            quote, tax = session.reduction.quote, session.tax()
            if quote is not None and quote.list_total == total:
                off = self._formats.money(-quote.discount, sign=True)
                self.money.add(self.tr("Discount"), off)
                tax, total = quote.tax, quote.total
            if tax is not None and tax.minor and not self._brief:
                self.money.add(self.tr("Tax included"), self._formats.money(tax), quiet=True)
            self.money.add_total(self.tr("Total"), self._formats.money(total))
        elif session.lines:
            for currency in session.currencies:
                amounts = [line.hold.total for line in session.lines if line.hold.total.currency == currency]
                words = self.tr("In {0}").format(currency)
                self.money.add(words, self._formats.money(sum(amounts[1:], amounts[0])))
        self.money.setVisible(bool(session.lines))
        self.discount.set_currency(session.currencies[0] if len(session.currencies) == 1 else None)
        self._currencies.setVisible(len(session.currencies) > 1)
        if len(session.currencies) > 1:
            self._currencies.say(
                "wait",
                self.tr("These trips are in {0}.").format(_and(session.currencies)),
                self.tr("One sale is in one currency. Remove one and sell it afterwards."),
            )
        self.show_button()

    def show_button(self) -> None:
        """What the primary button says, and why it is off."""
        total, way = self.deposit.amount() or self._session.reduction.total(), self.ways.way
        self.button.set_amount(self._formats.money(total) if total is not None else "")
        self.button.set_words(verb_of(way, self.tr("Take payment")))
        self.button.set_icon(ICONS[way] if way else "credit-card")
        fit_key(self.button, "Ctrl+Enter")
        why = self._session.why_not() or self._session.reduction.why_not()
        if not self._session.paying:
            self.button.set_off(why or None)
        self._why.setText(why or self._what_happens())
        self._why.setVisible(bool(why) or not self._brief)

    def set_paying(self, paying: bool) -> None:
        """While the payment runs nothing of the basket can be changed."""
        for part in (self.upper_part, self.deposit, self.ways):
            part.setEnabled(not paying)
        if paying:
            self.note.hide()
        self._why.setText(
            self.tr("Wait for the outcome; do not take the money another way.") if paying else ""
        )
        if not paying:
            self.show_button()

    def minimumSizeHint(self) -> QSize:
        # as wide as the pane gives: what is longer gives way inside
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), Theme.current().size("ticket")), hint.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = digit_of(event)
        if number is None or not self.ways.choose_number(number):
            super().keyPressEvent(event)

    # inside

    def _what_happens(self) -> str:
        if self.ways.way is Way.CASH:
            return self.tr("Count the money first: the sale is paid at once.")
        if self.ways.way is Way.LINK:
            minutes = round(LASTS.total_seconds() / 60)
            return self.tr("Paid on the traveller's phone; the seats stay held for {0} minutes.").format(
                minutes
            )
        if self.ways.way is Way.SAVED:
            return self.tr("Charged at once; the traveller agreed to it when the card was kept.")
        if self.ways.way is Way.CREDIT:
            return self.tr("Of what the traveller has with the agency; no money moves.")
        if self.ways.way is Way.BANK:
            return self.tr("Look first whether it is on the account: the sale is paid at once.")
        if self.ways.way is Way.READER:
            return self.tr("The card reader asks for the card, with the amount on it.")
        if self._provider.is_sandbox:
            return self.tr("A card of the sandbox: no real money moves.")
        if not self._provider.kind.is_real:
            return self.tr("A test card of Stripe: no real money moves.")
        return self.tr("The card is charged at once.")

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(Label(self.tr("New booking"), "lead"))
        head.addWidget(Badge("draft", filled=False))
        head.addStretch(1)
        self.extend = Button(self.tr("Extend"), Kind.LINK, height="control_small")
        self.extend.setToolTip(self.tr("Begin the time of the held seats anew"))
        head.addWidget(self.extend)
        head.addWidget(KeyCap("F2"))
        head.addWidget(Label(self.tr("new"), "small", "text_secondary"))
        self._empty = Label(
            self.tr("Nothing is held yet. Choose a departure and hold its seats."),
            "body",
            "text_secondary",
            wrap=True,
        )
        self._empty.setContentsMargins(0, 4, 0, 8)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        content = QWidget()
        content.setProperty("part", "scrolled")
        inner = QVBoxLayout(content)
        inner.setContentsMargins(16, 0, 16, 8)
        inner.setSpacing(0)
        inner.addWidget(self._empty)
        inner.addLayout(self._rows)
        inner.addWidget(Divider())
        inner.addSpacing(6)
        inner.addWidget(self.traveller)
        inner.addWidget(self.discount)
        self.scroll_area = Grow(content, least=120)
        self.above.setContentsMargins(0, 12, 0, 4)
        top = QVBoxLayout()
        top.setContentsMargins(16, 0, 16, 4)
        top.setSpacing(8)
        top.addLayout(head)
        top.addWidget(self.strip)
        self.above.addLayout(top)
        self.above.addWidget(self.scroll_area)
        self._currencies = Note("wait", "")
        self.below.setContentsMargins(16, 14, 16, 14)
        self.below.setSpacing(10)
        for part in (
            self._currencies,
            self.money,
            self.deposit,
            self.ways,
            self.note,
            self.button,
            self._why,
        ):
            self.below.addWidget(part)
        self.below.addStretch(1)

    def _connect(self) -> None:
        session = self._session
        session.lines_changed.connect(self.show_lines)
        session.traveller_changed.connect(self._show_traveller)
        session.paying_changed.connect(self.set_paying)
        session.keeping.kept.connect(self._kept)
        session.keeping.opened.connect(lambda _line: self._make_room(self._finding))
        session.reduction.changed.connect(self.show_money)
        self.discount.opened.connect(lambda: self._make_room(self._finding))
        self.discount.complete.connect(self._to_payment)
        self.traveller.chosen.connect(session.choose)
        self.traveller.next.connect(self._to_payment)
        self.traveller.busy_changed.connect(self._make_room)
        self.ways.changed.connect(self.show_button)
        self.deposit.changed.connect(self.show_button)
        self.button.clicked.connect(self._take)
        self.extend.clicked.connect(lambda: session.extend(self.extend))
        self.strip.extend.connect(session.extend)

    def _show_strip(self) -> None:
        held = any(line.seconds(self._session.now) > 0 for line in self._session.lines)
        self.strip.setVisible(held and not self._low)
        self.extend.setVisible(held and self._low)
        self.strip.show_holds()

    def _make_room(self, finding: bool) -> None:
        """While the traveller is looked for, an option or a discount asked for, on a low screen, the ways to pay and
        all of the money but the total give up their place: what is sold stays in sight above the form."""
        self._finding = finding
        keeping = self._session.keeping
        asking = self.discount.is_open or any(keeping.form_of(line) for line in self._session.lines)
        brief = (finding or asking) and self._low
        self.ways.setVisible(not brief)
        self.traveller.shown.set_brief(brief)
        if brief != self._brief:
            self._brief = brief
            self.show_money()
        wanted = self.discount if self.discount.is_open else None
        self.scroll_area.keep_in_sight(self.traveller if finding else wanted)

    def _show_traveller(self) -> None:
        self.traveller.show_traveller(self._session.traveller)
        self.forget_refusal()
        self.show_button()

    def _to_payment(self) -> None:
        target = self.button if self.button.isEnabled() else self.ways.tiles
        if target is self.button:
            self.button.setFocus()
        else:
            self.ways.tiles.focus_chosen()

    def _take(self) -> None:
        choice: PayChoice | None = self.ways.choice()
        if choice is not None and self.check_names() and self.ways.check():
            self.take.emit(replace(choice, deposit=self.deposit.chosen))

    def _kept(self, option: OptionView) -> None:
        until = self._formats.when(option.until, self._formats.zone)
        words = self.tr("Kept for {0} until {1}").format(option.traveller_name, until)
        self._context.say.finished(words, lambda: self._session.keeping.undo(option))

    def _remove(self, line: Line) -> None:
        self._session.remove(line)

    def _again(self, line: Line) -> None:
        row = next((row for row in self._lines if row.line is line), None)
        self._session.hold_again(line, row.again_button if row is not None else None)


def _and(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}"
