"""The ticket of a batch that was approved: how far it has come, and what can be done with the rest."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.states import BatchState, PayoutState
from travellr_desktop.errors import Refusal
from travellr_desktop.services.payouts.run_views import RunFigures
from travellr_desktop.services.payouts.views import BatchRow
from travellr_desktop.ui.parts.empty import Bar
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.payouts.shown import GONE, Shown
from travellr_desktop.ui.payouts.ticket_parts import BatchTicket, CheckLine, SumRows, put
from travellr_desktop.ui.payouts.words import payouts, say
from travellr_desktop.ui.records.words import Words
from travellr_desktop.ui.tables.columns import NOTHING

_PAID, _SENDING, _UNKNOWN, _FAILED, _LEFT, _TOGETHER = "paid", "sending", "unknown", "failed", "left", "all"
_SUMS = {_PAID: None, _SENDING: None, _UNKNOWN: "unknown", _FAILED: "bad", _LEFT: None}
"""The sums of a batch that is sent, and their tones."""


class RunTicket(BatchTicket):
    """Says the same parts anew in place: while a batch is sent that is a few times a second.

    `run_asked`, `resume_asked`, `pause_asked` and `stop_asked` ask for what the buttons say; `read_asked` to find
    out about what nobody knows, `bank_asked` to see the files for the bank."""

    run_asked = Signal()
    resume_asked = Signal()
    pause_asked = Signal()
    stop_asked = Signal()
    read_asked = Signal()
    bank_asked = Signal()

    def __init__(self, words: Words, clock: Clock, parent: QWidget | None = None) -> None:
        self._sums, self._together = SumRows(_SUMS), SumRows({_TOGETHER: None}, strong=True)
        super().__init__(say("The batch, as it is sent"), parent, rows=self._sums, total=self._together)
        self._words, self._clock = words, clock
        self._act = self._second_act = self.run_asked
        self._refusal: Refusal | None = None
        self._noted: str = ""
        self._checked: tuple[tuple[str, str, str], ...] = ()
        self.bar = Bar()
        self.bar.setAccessibleName(say("Sent"))
        self.progress = Label("", "small", "text_secondary", wrap=True)
        self.above.insertWidget(self.above.indexOf(self.rows), self.bar)
        self.above.insertWidget(self.above.indexOf(self.rows), self.progress)
        self.above.insertSpacing(self.above.indexOf(self.progress), 6)
        self.above.insertSpacing(self.above.indexOf(self.rows), 10)
        self.third.hide()
        self.act.clicked.connect(self._first)
        self.second.clicked.connect(self._other)
        self.note.acted.connect(self._acted)

    def refuse(self, refusal: Refusal | None) -> None:
        """Why it was not done, or did not go on to the end; None takes it back."""
        self._refusal = refusal

    def show_batch(
        self,
        row: BatchRow,
        shown: Shown,
        figures: RunFigures,
        *,
        here: bool,
        vendor: str,
        may_run: bool,
    ) -> None:
        """How it stands. `here`: this window sends it, just now to `vendor`."""
        self._show_sums(shown, row, figures)
        self._show_bar(figures, here=here, vendor=vendor)
        self._show_checks(row)
        self._show_note(row, figures, here=here)
        self._buttons(row, figures, here=here, may_run=may_run)

    # parts

    def _show_sums(self, shown: Shown, row: BatchRow, figures: RunFigures) -> None:
        money, number = self._words.money, payouts(shown.paid)
        words = {
            BatchState.APPROVED: say("Approved"),
            BatchState.SENDING: say("Being sent"),
            BatchState.PAUSED: say("Paused"),
            BatchState.DISCARDED: say("Discarded"),
        }.get(row.state, say("Paid"))
        if row.state is BatchState.SENDING and not figures.left:
            words = say("Sent, not all of it is known")
        if not shown.currency:
            self._show_nobody(words)
            return
        amount = shown.amount_in(GONE) if row.state is BatchState.DONE else shown.amount
        self.say_figure(words, money(amount), f"{number}, {shown.currency}")
        for key, name, states in (
            (_PAID, say("Paid"), GONE),
            (_SENDING, say("Being sent"), {PayoutState.SENDING}),
            (_UNKNOWN, say("Unknown"), {PayoutState.UNKNOWN}),
            (_FAILED, say("Failed, owed again"), {PayoutState.FAILED}),
            (_LEFT, say("Still to be sent"), {PayoutState.APPROVED}),
        ):
            count = shown.number_in(states)
            is_said = count or key == _PAID
            self._sums.put(key, f"{name} · {count:,}" if is_said else "", money(shown.amount_in(states)))
        self._together.put(_TOGETHER, say("Together"), money(shown.amount))

    def _show_nobody(self, words: str) -> None:
        """A batch without any sum: it was discarded, or nobody was in it."""
        self.say_figure(words, NOTHING, "")
        for key in _SUMS:
            self._sums.put(key, "", "")
        self._together.put(_TOGETHER, "", "")

    def _show_bar(self, figures: RunFigures, *, here: bool, vendor: str) -> None:
        self.bar.setRange(0, max(figures.total, 1))
        self.bar.setValue(figures.total - figures.left - figures.by_bank)
        self.bar.setVisible(bool(figures.total))
        words = (
            say("{0} of {1} paid").format(f"{figures.paid:,}", f"{figures.total:,}") if figures.total else ""
        )
        if here and vendor:
            words = say("{0}. Now {1}.").format(words, vendor)
        put(self.progress, words)

    def _show_checks(self, row: BatchRow) -> None:
        checked = tuple(self._checks(row))
        if checked != self._checked:
            self._checked = checked
            self.empty_lines()
            for icon, words, second in checked:
                self.lines.addWidget(CheckLine(icon, "text_secondary", words, second))

    def _checks(self, row: BatchRow) -> Iterator[tuple[str, str, str]]:
        now = self._clock.now()
        prepared = row.prepared_by or say("The schedule")
        yield "pencil", say("Prepared"), f"{prepared}, {self._words.stamp(row.created_at, now)}"
        if row.approved_at is not None:
            when = self._words.stamp(row.approved_at, now)
            yield "badge-check", say("Approved"), f"{row.approved_by}, {when}"
        if row.alone:
            alone = say("Nobody else approved it, as the agency lets them.")
            yield "user", say("By one person alone"), alone
        if row.ended_at is not None:
            ended = say("Discarded") if row.state is BatchState.DISCARDED else say("Done")
            yield "circle-check", ended, self._words.stamp(row.ended_at, now)

    def _show_note(self, row: BatchRow, figures: RunFigures, *, here: bool) -> None:
        self._noted = ""
        unknown = sum(each.unknown for each in row.sums)
        if self._refusal is not None:
            self.say_note("wait", str(self._refusal), self._refusal.hint)
        elif unknown:
            first = say("Unknown: {0}.").format(payouts(unknown))
            second = say("They are looked up by themselves. Do not pay them again.")
            self._noted = "read"
            self.say_note("unknown", first, second, say("Read it now"))
        elif row.state is BatchState.SENDING and not here and figures.left:
            first = say("Another window sends it, or it was broken off.")
            self.say_note("info", first, say("To go on here does no harm: each is sent once."))
        elif figures.failed:
            first = say("{0} failed.").format(payouts(figures.failed))
            self.say_note("bad", first, say("Each is owed again. Open a vendor to try it once more."))
        elif figures.by_bank and not figures.left:
            self._noted = "bank"
            first = say("{0} by the bank.").format(payouts(figures.by_bank))
            self.say_note("info", first, say("A file is taken to the bank."), say("See the files"))
        elif row.state is BatchState.PAUSED:
            self.say_note("wait", say("It is paused."), say("Nothing is sent until somebody goes on."))
        else:
            self.say_note("info", "")

    def _first(self) -> None:
        self._act.emit()

    def _other(self) -> None:
        self._second_act.emit()

    def _acted(self) -> None:
        (self.bank_asked if self._noted == "bank" else self.read_asked).emit()

    def _buttons(self, row: BatchRow, figures: RunFigures, *, here: bool, may_run: bool) -> None:
        act = second = icon = ""
        self._second_act = self.stop_asked
        if row.state is BatchState.APPROVED and figures.left:
            act, icon, self._act = say("Send {0}").format(payouts(figures.left)), "send", self.run_asked
        elif row.state is BatchState.PAUSED:
            act, icon, self._act = say("Go on"), "send", self.resume_asked
            second = say("Stop here")
        elif row.state is BatchState.SENDING and here:
            act, icon, self._act = say("Pause"), "circle-pause", self.pause_asked
            second = say("Stop after this one")
        elif row.state is BatchState.SENDING and figures.left:
            act, icon, self._act = say("Go on here"), "send", self.run_asked
            second, self._second_act = say("Pause"), self.pause_asked
        self.offer(self.act, act if may_run else "", icon=icon)
        self.offer(self.second, second if may_run else "")
        put(self.last, say("A last question follows") if act and row.state is BatchState.APPROVED else "")
        self.last.setVisible(bool(self.last.text()))
