"""How the till is said: pieces, differences, what moved, and the sides of a move."""

from __future__ import annotations

import re
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from travellr_desktop.domain.cash_count import CashCount, Piece
from travellr_desktop.domain.ledger import Account, LedgerEvent
from travellr_desktop.domain.money import Money, decimals
from travellr_desktop.domain.till import MoveKind
from travellr_desktop.domain.ways import Way
from travellr_desktop.services.till_reading import TillStanding
from travellr_desktop.ui.formats import Formats

_DECIMALS = re.compile(r"[.,٫]\d+")


def _say(text: str) -> str:
    return QCoreApplication.translate("Till", text)


def piece_words(piece: Piece, currency: str, formats: Formats) -> str:
    """`€50`, `€0.20`: without decimals where there are none."""
    words = formats.money(Money(piece.minor, currency))
    whole = decimals(currency) and piece.minor % 10 ** decimals(currency) == 0
    return _DECIMALS.sub("", words) if whole else words


def pieces_words(count: CashCount, formats: Formats) -> str:
    """`4 × €20, 6 × €10, €35.00`: notes one by one, coins and loose amounts together."""
    notes = [
        f"{number} × {piece_words(piece, count.currency, formats)}"
        for piece, number in count.pieces.items()
        if number and not piece.coin
    ]
    rest = count.coins + Money(count.loose, count.currency)
    return ", ".join([*notes, *([formats.money(rest)] if rest else [])])


def difference_words(difference: Money) -> str:
    if not difference:
        return _say("Agrees")
    return _say("Over") if difference.minor > 0 else _say("Short")


def event_words(event: LedgerEvent) -> str:
    """What a movement was; one that has no word of its own goes by that of the books."""
    return {
        LedgerEvent.PAYMENT: _say("Sale"),
        LedgerEvent.OVERPAID: _say("Paid too much"),
        LedgerEvent.RECEIVABLE_COLLECTED: _say("Owed and paid"),
        LedgerEvent.REFUND_ACCEPTED: _say("Refund"),
        LedgerEvent.TILL_FLOAT: _say("Float"),
        LedgerEvent.COUNT_DIFFERS: _say("Count differed"),
        LedgerEvent.PAID_IN: _say("Paid in"),
        LedgerEvent.PAID_OUT: _say("Paid out"),
        LedgerEvent.DROPPED: _say("Dropped to the safe"),
        LedgerEvent.REVERSAL: _say("Reversed"),
    }.get(event, event.value.replace("_", " ").capitalize())


def side_words(account: Account) -> str:
    return {
        Account.SAFE: _say("Safe"),
        Account.BANK: _say("Bank"),
        Account.OWN_FUNDS: _say("Own funds"),
        Account.OFFICE_EXPENSES: _say("Office expenses"),
    }.get(account, "")


def kind_words(kind: MoveKind) -> str:
    return {
        MoveKind.PAY_OUT: _say("Pay out"),
        MoveKind.DROP: _say("Drop to the safe"),
        MoveKind.PICKUP: _say("Change from the safe"),
        MoveKind.PAY_IN: _say("Pay in"),
    }[kind]


def standing_words(standing: TillStanding, formats: Formats, now: datetime) -> str:
    """`Till open since 08:00`, with the day where that was another one; "" where cash needs no till."""
    if not standing.needed:
        return ""
    since, zone = standing.since, standing.zone
    if since is None:
        return _say("Till closed")
    today = formats.local(since, zone).date() == formats.local(now, zone).date()
    when = formats.time(since, zone) if today else Formats(formats.locale, zone).when(since, zone)
    return _say("Till open since {0}").format(when)


def way_words(way: Way) -> str:
    return {
        "card": _say("Card"),
        "cash": _say("Cash"),
        "link": _say("Link and QR"),
        "reader": _say("Card reader"),
        "credit": _say("Agency credit"),
    }.get(way.value, way.value.replace("_", " ").capitalize())
