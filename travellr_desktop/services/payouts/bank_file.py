"""The file by which the agency's bank pays vendors: ISO 20022, pain.001.001.09, and the same as CSV.

In euros, where both banks take part, it asks for SEPA credit transfers; anything else goes as the banks have agreed,
with charges shared. Words are in the characters that every bank takes, amounts in the decimals of their currency.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from xml.etree import ElementTree as ET

from travellr_desktop.domain.money import Money, decimals, sum_money
from travellr_desktop.domain.payouts.bank_text import bank_text
from travellr_desktop.domain.payouts.iban import is_sepa

FORM = "pain.001.001.09"
LONGEST_ID = 35
LONGEST_NAME = 70
LONGEST_TEXT = 140

_SPACE = f"urn:iso:std:iso:20022:tech:xsd:{FORM}"
_COLUMNS = ("payment", "name", "iban", "bic", "amount", "currency", "text", "execute_on")


@dataclass(frozen=True, slots=True)
class FilePayment:
    """`end_to_end` is how the bank names it back to us, at most 35 characters. `bic` may be "" in SEPA."""

    end_to_end: str
    name: str
    iban: str
    bic: str
    amount: Money
    text: str


@dataclass(frozen=True, slots=True)
class FileOrder:
    """What the agency asks its bank for: `payments` above zero, in one currency, to be carried out on `execute_on`.
    `bic` may be "": the bank knows itself."""

    message_id: str
    made_at: datetime
    payer: str
    iban: str
    bic: str
    execute_on: date
    payments: tuple[FilePayment, ...]

    @property
    def currency(self) -> str:
        return self.payments[0].amount.currency


def pain_001(order: FileOrder) -> str:
    """The file as text, to be written as UTF-8. The same order gives the same text."""
    root = ET.Element("Document", xmlns=_SPACE)
    message = _in(root, "CstmrCdtTrfInitn")
    head = _in(message, "GrpHdr")
    _in(head, "MsgId", order.message_id)
    _in(head, "CreDtTm", order.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    _sums(head, order.payments)
    _in(_in(head, "InitgPty"), "Nm", bank_text(order.payer, LONGEST_NAME))
    sepa = [is_sepa(payment.iban, order.iban, order.currency) for payment in order.payments]
    for wanted in (True, False):
        part = tuple(payment for payment, each in zip(order.payments, sepa, strict=True) if each is wanted)
        if part:
            _block(message, order, part, sepa=wanted, alone=len(part) == len(order.payments))
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def csv_of(content: str) -> str:
    """What a file asks for, a line a payment: for a bank that takes no other, and for reading. Of the same file always
    the same text."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow(_COLUMNS)
    message = ET.fromstring(content)
    for block in message.iter(_tag("PmtInf")):
        day = _said(block, "ReqdExctnDt", "Dt")
        for each in block.iter(_tag("CdtTrfTxInf")):
            amount = each.find(f"{_tag('Amt')}/{_tag('InstdAmt')}")
            assert amount is not None  # of a file that was made here
            lines.writerow(
                (
                    _said(each, "PmtId", "EndToEndId"),
                    _said(each, "Cdtr", "Nm").lstrip("+-"),  # no program is to take it for a sum
                    _said(each, "CdtrAcct", "Id", "IBAN"),
                    _said(each, "CdtrAgt", "FinInstnId", "BICFI"),
                    amount.text,
                    amount.get("Ccy"),
                    _said(each, "RmtInf", "Ustrd").lstrip("+-"),
                    day,
                )
            )
    return out.getvalue()


def _block(
    message: ET.Element, order: FileOrder, payments: Sequence[FilePayment], *, sepa: bool, alone: bool
) -> None:
    """Payments that go the same way."""
    block = _in(message, "PmtInf")
    _in(block, "PmtInfId", order.message_id if alone else f"{order.message_id}-{'S' if sepa else 'X'}")
    _in(block, "PmtMtd", "TRF")
    _sums(block, payments)
    if sepa:
        _in(_in(_in(block, "PmtTpInf"), "SvcLvl"), "Cd", "SEPA")
    _in(_in(block, "ReqdExctnDt"), "Dt", order.execute_on.isoformat())
    _in(_in(block, "Dbtr"), "Nm", bank_text(order.payer, LONGEST_NAME))
    _in(_in(_in(block, "DbtrAcct"), "Id"), "IBAN", order.iban)
    bank = _in(_in(block, "DbtrAgt"), "FinInstnId")
    if order.bic:
        _in(bank, "BICFI", order.bic)
    else:
        _in(_in(bank, "Othr"), "Id", "NOTPROVIDED")
    _in(block, "ChrgBr", "SLEV" if sepa else "SHAR")
    for payment in payments:
        _payment(block, payment)


def _payment(block: ET.Element, payment: FilePayment) -> None:
    each = _in(block, "CdtTrfTxInf")
    _in(_in(each, "PmtId"), "EndToEndId", payment.end_to_end)
    amount = _in(_in(each, "Amt"), "InstdAmt", _plain(payment.amount))
    amount.set("Ccy", payment.amount.currency)
    if payment.bic:
        _in(_in(_in(each, "CdtrAgt"), "FinInstnId"), "BICFI", payment.bic)
    _in(_in(each, "Cdtr"), "Nm", bank_text(payment.name, LONGEST_NAME))
    _in(_in(_in(each, "CdtrAcct"), "Id"), "IBAN", payment.iban)
    _in(_in(each, "RmtInf"), "Ustrd", bank_text(payment.text, LONGEST_TEXT))


def _sums(parent: ET.Element, payments: Sequence[FilePayment]) -> None:
    """By which the bank sees that nothing was lost."""
    _in(parent, "NbOfTxs", str(len(payments)))
    currency = payments[0].amount.currency
    _in(parent, "CtrlSum", _plain(sum_money((payment.amount for payment in payments), currency)))


def _plain(amount: Money) -> str:
    """`1250.00`, `1250` in yen, `1.250` in dinars of Kuwait."""
    places = decimals(amount.currency)
    figures = str(amount.minor).rjust(places + 1, "0")
    return f"{figures[:-places]}.{figures[-places:]}" if places else figures


def _in(parent: ET.Element, tag: str, text: str | None = None) -> ET.Element:
    child = ET.SubElement(parent, tag)
    child.text = text
    return child


def _tag(name: str) -> str:
    return f"{{{_SPACE}}}{name}"


def _said(parent: ET.Element, *path: str) -> str:
    return parent.findtext("/".join(_tag(name) for name in path)) or ""
