"""What is asked about a batch and about a payout of it, before it is done."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from travellr_desktop.domain import lengths
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.money_text import parse_money
from travellr_desktop.domain.payouts.words import PayoutWay
from travellr_desktop.domain.states import PayoutState
from travellr_desktop.errors import InvalidInput, Refusal
from travellr_desktop.services.payouts.run_views import RunFigures
from travellr_desktop.services.payouts.views import DryRun
from travellr_desktop.ui.parts.button import Kind
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.payouts.bank_file_dialogs import FieldQuestion
from travellr_desktop.ui.payouts.rows import PaidRow
from travellr_desktop.ui.payouts.shown import Shown
from travellr_desktop.ui.payouts.words import payouts, say, title, vendors
from travellr_desktop.ui.records.words import Words


class WordsQuestion(FieldQuestion):
    """A decision that needs a sentence; `optional` where it need not."""

    def __init__(
        self,
        question: str,
        *,
        verb: str,
        second: str,
        label: str,
        example: str,
        kind: Kind = Kind.PRIMARY,
        name: str = "reason",
        optional: bool = False,
        parent: QWidget,
    ) -> None:
        field = Field(label, placeholder=example, longest=lengths.REASON)
        super().__init__(question, verb=verb, second=second, field=field, kind=kind, parent=parent)
        self._name, self._optional = name, optional

    def words(self) -> str:
        """What was typed. Raises `InvalidInput` where nothing was and something must be."""
        said = self.field.text().strip()
        if not said and not self._optional:
            raise InvalidInput(say("This must not be empty."), hint=say("It is kept."), field=self._name)
        return said


class TakeBackQuestion(FieldQuestion):
    """How much of a paid transfer is taken back, and why."""

    def __init__(self, words: Words, row: PaidRow, left: Money, parent: QWidget) -> None:
        self._words, self._currency = words, row.currency
        self.why = Field(
            say("Why"), placeholder=say("Paid for a trip that did not run"), longest=lengths.REASON
        )
        amount = Field(say("How much"), text=words.money(left))
        super().__init__(
            say("Take money back from {0}?").format(row.name),
            verb=say("Take it back"),
            second=say("It leaves the vendor's account with Stripe, and is owed to the vendor again."),
            field=amount,
            kind=Kind.DANGER,
            parent=parent,
        )
        self.rows.add(say("Paid"), words.money(row.amount))
        if left != row.amount:
            self.rows.add(say("Left of it"), words.money(left))
        self.body.insertWidget(1, self.why)
        self.why.edited.connect(lambda _text: self.why.set_error(None))
        self.why.entered.connect(self.act.click)

    def values(self) -> tuple[Money, str]:
        """Amount and reason. Raises `InvalidInput` naming the field."""
        try:
            amount = parse_money(self.field.text(), self._currency, self._words.formats.locale)
        except InvalidInput as wrong:
            raise InvalidInput(str(wrong), hint=wrong.hint, field="amount") from wrong
        reason = self.why.text().strip()
        if not reason:
            raise InvalidInput(say("Say why."), field="reason")
        return amount, reason

    def refuse(self, refusal: Refusal) -> None:
        if refusal.field == "reason":
            self.set_busy(None)
            self.why.set_error(str(refusal))
            self.why.edit.setFocus()
            self.adjustSize()
            return
        super().refuse(refusal)


def approve_question(words: Words, run: DryRun, year: int, parent: QWidget) -> Decision:
    """The last question before a draft is approved, with its amounts."""
    amounts = " + ".join(words.money(each.to_pay) for each in run.currencies if each.rows)
    question = say("Approve {0}?").format(amounts) if amounts else say("Approve with nobody paid?")
    second = say("{0}. Nothing is sent by it; everybody gets a statement.").format(
        title(run.batch, words.formats.locale, year)
    )
    if run.alone:
        second = f"{second} {say('You prepared it yourself: the batch says that nobody else approved it.')}"
    decision = Decision(
        question,
        verb=say("Approve {0}").format(payouts(run.payouts)) if run.payouts else say("Approve"),
        keep=say("Look again"),
        second=second,
        kind=Kind.PRIMARY,
        parent=parent,
    )
    for each in run.currencies:
        if each.rows:
            decision.rows.add(
                f"{each.currency}, {payouts(len(each.rows))}", words.money(each.to_pay), strong=True
            )
    if run.left:
        decision.rows.add(say("Left out"), vendors(run.left), quiet=True)
    return decision


def send_question(words: Words, shown: tuple[Shown, ...], figures: RunFigures, parent: QWidget) -> Decision:
    """The last question before money moves."""
    waiting = [(each, _to_send(each)) for each in shown]
    sums = [(each.currency, amount, number) for each, (amount, number) in waiting if number]
    amounts = " + ".join(words.money(amount) for _, amount, _ in sums)
    decision = Decision(
        say("Send {0}?").format(amounts),
        verb=say("Send {0}").format(payouts(figures.left)),
        keep=say("Not now"),
        second=say("One after the other, each once. It can be paused between two of them."),
        kind=Kind.PRIMARY,
        parent=parent,
    )
    for currency, amount, number in sums:
        decision.rows.add(f"{currency}, {payouts(number)}", words.money(amount), strong=True)
    if figures.by_bank:
        decision.rows.add(say("Not by this: by the bank"), payouts(figures.by_bank), quiet=True)
    return decision


def _to_send(shown: Shown) -> tuple[Money, int]:
    waits, way = {PayoutState.APPROVED}, PayoutWay.TRANSFER
    return shown.amount_in(waits, way), shown.number_in(waits, way)


def discard_question(name: str, parent: QWidget) -> Decision:
    return Decision(
        say("Discard the draft of {0}?").format(name),
        verb=say("Discard it"),
        keep=say("Keep it"),
        second=say("Nobody is paid by it. What is owed stays owed; the schedule does not make it again."),
        parent=parent,
    )
