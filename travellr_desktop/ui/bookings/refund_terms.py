"""Why money goes back and how: as it was paid or as credit, and how much beyond the policy at whose cost."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.ledger import Bearer
from travellr_desktop.domain.money_text import parse_money
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.errors import Refusal
from travellr_desktop.services.refund_asks import Beyond, RefundPreview
from travellr_desktop.ui.parts.columns import Columns
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.segments import Segments
from travellr_desktop.ui.records.words import Words

_BOTH = "both"


class _Titled(QWidget):
    """Something to choose under its title."""

    def __init__(self, title: str, content: Segments) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(Label(title, "small_m", "text_secondary"))
        row = QHBoxLayout()
        row.addWidget(content)
        row.addStretch(1)
        column.addLayout(row)


class RefundTerms(QWidget):
    """`changed` with each change. Going beyond the policy is offered to those who may."""

    changed = Signal()

    def __init__(self, words: Words, *, may_go_beyond: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._may = words, may_go_beyond
        self._currency = ""
        self.reason = Field(self.tr("Reason"), placeholder=self.tr("The traveller is ill"))
        self.reason.set_note(self.tr("kept with the booking"))
        self.back = Field(self.tr("Beyond the policy"), placeholder=self.tr("as the policy has it"))
        self.bearer = Segments(
            self.tr("Who bears it"),
            [
                (_BOTH, self.tr("Both")),
                (Bearer.AGENCY.value, self.tr("Agency")),
                (Bearer.VENDOR.value, self.tr("Vendor")),
            ],
        )
        self.to_where = Segments(
            self.tr("It goes back"),
            [
                (RefundTo.PAYMENT.value, self.tr("How it was paid")),
                (RefundTo.CREDIT.value, self.tr("As credit")),
            ],
        )
        self._bearer = _Titled(self.tr("Who bears it"), self.bearer)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        where = _Titled(self.tr("It goes back"), self.to_where)
        parts = [self.reason, where, self.back, self._bearer] if may_go_beyond else [self.reason, where]
        if not may_go_beyond:
            for part in (self.back, self._bearer):
                part.setParent(self)
                part.hide()
        column.addWidget(Columns(parts))
        self.back.edit.setMaxLength(24)
        self.back.edited.connect(self._edited)
        self.bearer.chosen.connect(lambda _key: self.changed.emit())
        self.to_where.chosen.connect(lambda _key: self.changed.emit())

    def begin(self, currency: str) -> None:
        """As the policy has it, and how it was paid."""
        self._currency = currency
        self.reason.set_text("")
        self.reason.set_error(None)
        self.back.set_text("")
        self.back.set_error(None)
        self.bearer.set_value(_BOTH)
        self.to_where.set_value(RefundTo.PAYMENT.value)

    def show_preview(self, preview: RefundPreview | None) -> None:
        """What may be typed, and who bears what."""
        if preview is None:
            return
        self.back.set_error(None)
        least, most = self._words.money(preview.policy_back), self._words.money(preview.most)
        if preview.policy_back == preview.most:
            self.back.set_note(self.tr("All of it goes back by the policy"))
        else:
            self.back.set_note(self.tr("From {0}, by the policy, to {1}").format(least, most))

    def refused(self, refusal: Refusal) -> bool:
        """Say what is wrong where it was typed; False where it is about something else."""
        if not self._may or refusal.field not in ("give_back", "borne_by", "amount"):
            return False
        self.back.set_error(f"{refusal} {refusal.hint}".strip())
        return True

    @property
    def to(self) -> RefundTo:
        return RefundTo(self.to_where.value())

    @property
    def beyond(self) -> Beyond | None:
        """What is typed. Raises `InvalidInput` for what is no amount."""
        text = self.back.text().strip()
        if not text or not self._may:
            return None
        money = parse_money(text, self._currency, self._words.formats.locale)
        chosen = self.bearer.value()
        return Beyond(money, None if chosen == _BOTH else Bearer(chosen))

    def _edited(self, _text: str) -> None:
        self.back.set_error(None)
        self.changed.emit()
