"""The ticket of a draft: what would be paid, what was looked at, who may approve it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from travellr_desktop.domain.clock import Clock
from travellr_desktop.errors import Refusal
from travellr_desktop.services.matching.kept import Reconciled
from travellr_desktop.services.payouts.views import DryRun, Funds
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.payouts.shown import Shown
from travellr_desktop.ui.payouts.ticket_parts import BatchTicket, CheckLine
from travellr_desktop.ui.payouts.words import payouts, say, ways
from travellr_desktop.ui.records.words import Words, count
from travellr_desktop.ui.tables.columns import NOTHING

_NOW = 60
"""So many seconds after the provider was asked it was asked just now."""


class DraftTicket(BatchTicket):
    """`approve_asked`, `back_asked` (send it back), `given_in` and `discard_asked` ask for what their buttons say."""

    approve_asked = Signal()
    back_asked = Signal()
    give_in_asked = Signal()
    discard_asked = Signal()

    def __init__(self, words: Words, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(say("The draft, to be approved"), parent)
        self._words, self._clock = words, clock
        self.run: DryRun | None = None
        self._refusal: Refusal | None = None
        self._sends_back = True
        self.act.clicked.connect(self.approve_asked)
        self.second.clicked.connect(self._second)
        self.third.clicked.connect(self.discard_asked)

    def refuse(self, refusal: Refusal | None) -> None:
        """Why it was not done, until something else is; None takes it back."""
        self._refusal = refusal
        self._say_who()

    @property
    def refusal(self) -> Refusal | None:
        return self._refusal

    def show_run(self, run: DryRun, shown: Shown, *, may_prepare: bool, may_approve: bool) -> None:
        """A dry run, and of it one currency; all of it is approved together."""
        self.run = run
        self._show_sums(shown)
        self._show_checks(run, shown)
        self._say_who()
        everything = payouts(run.payouts) if run.payouts else say("the statements")
        self.act.setVisible(may_approve or not run.batch.sent_back)
        if not self.act.busy:
            self.act.set_words(say("Approve {0}").format(everything))
            self.act.set_off(run.why_not or None)
        self._sends_back = may_approve and not run.batch.sent_back and not self._is_own(run)
        if run.batch.sent_back and may_prepare:
            self.offer(self.second, say("Give it in again"), icon="send")
        else:
            self.offer(self.second, say("Send back with a note") if self._sends_back else "")
        self.offer(self.third, say("Discard the draft") if may_prepare and not self._sends_back else "")
        self.last.setText(self._last_words(run))

    def _is_own(self, run: DryRun) -> bool:
        return bool(run.why_not)

    def _second(self) -> None:
        (self.back_asked if self._sends_back else self.give_in_asked).emit()

    def _last_words(self, run: DryRun) -> str:
        together = ""
        if sum(bool(each.rows) for each in run.currencies) > 1:
            parts = [f"{each.currency} {len(each.rows):,}" for each in run.currencies if each.rows]
            together = say("{0} together. ").format(", ".join(parts))
        return together + say("Approving alone sends nothing")

    # parts

    def _show_sums(self, shown: Shown) -> None:
        words, total = self._words, shown.total
        if not shown.currency:  # nobody is in it, any more
            self.say_figure(say("To approve"), NOTHING, "")
            self.rows.clear()
            self.total.clear()
            return
        about = ways(shown.paid - shown.by_bank, shown.by_bank)
        self.say_figure(say("To approve"), words.money(shown.amount), f"{about}, {shown.currency}")
        self.rows.clear()
        for name, minor, always in (
            (say("Gross sales"), total.gross, True),
            (say("Commission kept"), total.commission, True),
            (say("Refunds, vendor share"), total.refunds, False),
            (say("Adjustments"), total.adjustments, False),
            (say("Carried in"), total.carried_in, False),
        ):
            if minor or always:
                self.rows.add(name, words.minor(minor, shown.currency))
        self.total.clear()
        self.total.add(say("To pay"), words.money(shown.amount), strong=True)

    def _show_checks(self, run: DryRun, shown: Shown) -> None:
        self.empty_lines()
        self.lines.addWidget(Label(self._checked(run), "small_m", "text_secondary", wrap=True))
        if not shown.currency:
            return
        funds = next((each.funds for each in run.currencies if each.currency == shown.currency), None)
        transfers = shown.paid > shown.by_bank
        if run.silent:
            self._line("circle-alert", "wait", say("The provider does not answer"), run.silent)
        elif funds is not None:
            self._funds(funds)
        elif not transfers:
            self._line(
                "circle-check", "ok", say("Nothing goes from Stripe"), say("The bank pays all of these")
            )
        lines = count(shown.total.lines, say("ledger line"), say("ledger lines"))
        self._line(
            "circle-check", "ok", say("No line is in another batch"), say("{0}, each once").format(lines)
        )
        if funds is not None and funds.promised.minor:
            promised = say("{0} not available to pay").format(self._words.money(funds.promised))
            self._line("circle-check", "ok", say("Refunds promised are set aside"), promised)
        if funds is not None and funds.waiting.minor:
            waiting = say("{0} of batches before this one").format(self._words.money(funds.waiting))
            self._line("circle-check", "ok", say("What was approved before is set aside"), waiting)
        self._reconciled(run.reconciled, transfers=transfers)
        apart = shown.apart
        if apart.minor:
            says = say("{0} of these vendors, held or disputed").format(self._words.money(apart))
            self._line("lock", "text_secondary", say("Not in this batch"), says)
        rest = shown.rest
        if rest.minor:
            says = say("{0} goes to the next batch").format(self._words.money(rest))
            self._line("circle-check", "ok", say("Rounded to what Stripe pays"), says)

    def _reconciled(self, last: Reconciled | None, *, transfers: bool) -> None:
        """How far books and provider were matched. Where they never were, that is said if the provider pays."""
        if last is None:
            if transfers:
                second = say("Payments: Reconciliation compares each movement")
                self._line("circle-alert", "wait", say("Books and Stripe were never compared"), second)
            return
        when = self._words.stamp(last.at, self._clock.now())
        says = say("Reconciled {0}, days until {1}").format(when, self._words.short_day(last.last))
        if last.open:
            found = count(last.open, say("difference is open"), say("differences are open"))
            self._line("circle-alert", "wait", say("Books and Stripe: {0}").format(found), says)
        else:
            self._line("circle-check", "ok", say("Books and Stripe agree"), says)

    def _funds(self, funds: Funds) -> None:
        money = self._words.money
        says = say("{0} available, {1} stays").format(money(funds.available), money(funds.stays))
        self._line("circle-check", "ok", say("Funds are there"), says)

    def _line(self, icon: str, tone: str, words: str, second: str) -> None:
        self.lines.addWidget(CheckLine(icon, tone, words, second))

    def _checked(self, run: DryRun) -> str:
        at = run.asked_at or run.at
        if (self._clock.now() - at).total_seconds() < _NOW:
            return say("Checked just now")
        return say("Checked {0}").format(self._words.stamp(at, self._clock.now()))

    def _say_who(self) -> None:
        run = self.run
        if self._refusal is not None:
            self.say_note("wait", str(self._refusal), self._refusal.hint)
        elif run is None:
            self.say_note("info", "")
        elif run.batch.sent_back:
            self.say_note("wait", say("It was sent back."), run.batch.sent_back)
        else:
            who = say("{0} prepared this.").format(run.batch.prepared_by)
            if not run.batch.prepared_by:
                who = say("The schedule prepared this.")
            second = run.why_not or say("You may approve it.")
            if run.alone:
                second = say("Nobody else approves it, as the agency lets you. The batch will say so.")
            if not run.why_not and run.batch.note:
                second = f"{second} {run.batch.note}"
            self.say_note("info", who, second)
