"""An X read or a Z close on paper: A4, every figure of the session, its counts piece by piece, and who signs for it.

The paper is made of a `TillReport` and the agency's head alone, so that a Z is the same to the byte whenever it is
printed.
"""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from travellr_desktop.domain.cash_count import CashCount
from travellr_desktop.domain.ledger import Account, LedgerEvent
from travellr_desktop.domain.money import Money, sum_money
from travellr_desktop.domain.money_text import format_money
from travellr_desktop.domain.till import CountKind
from travellr_desktop.services.paper_words import PaperWords, isolated
from travellr_desktop.services.till_figures import Counted, Movement, TillFigures, TillReport
from travellr_desktop.services.typeset import pictures, template_words, typeset
from travellr_desktop.services.voucher import VoucherAgency

BY_HAND = frozenset(
    {
        LedgerEvent.TILL_FLOAT,
        LedgerEvent.COUNT_DIFFERS,
        LedgerEvent.PAID_IN,
        LedgerEvent.PAID_OUT,
        LedgerEvent.DROPPED,
        LedgerEvent.REVERSAL,
    }
)
"""The movements that stand on the paper one by one; sales and refunds are on the bookings."""

_OTHER_SIDE = {
    Account.SAFE: "safe",
    Account.BANK: "bank",
    Account.OWN_FUNDS: "own_funds",
    Account.OFFICE_EXPENSES: "office_expenses",
    Account.CASH_OVER_SHORT: "over_short",
}


def render_till(report: TillReport, agency: VoucherAgency, zone: str, *, locale: str, sandbox: bool) -> bytes:
    """The report as PDF; `zone` is the agency's. Raises `ResourceMissing` and `DocumentFailed`."""
    return typeset("till", _fields(report, agency, zone, locale, sandbox))


def till_pictures(
    report: TillReport, agency: VoucherAgency, zone: str, *, locale: str, sandbox: bool
) -> tuple[bytes, ...]:
    """The same as PNG, one picture a page. Raises what `render_till` raises."""
    return pictures("till", _fields(report, agency, zone, locale, sandbox))


def _fields(
    report: TillReport, agency: VoucherAgency, zone: str, locale: str, sandbox: bool
) -> dict[str, Any]:
    words, there = PaperWords(template_words(locale, "till"), locale), ZoneInfo(zone)
    kind = words("x_read" if report.is_open else "z_close")
    number = report.name.partition(" ")[2]
    opened, until = report.opened_at.astimezone(there), report.read_at.astimezone(there)
    ended_by = report.read_by if report.is_open else report.closed_by
    ended = words("read_at" if report.is_open else "closed_at", when=words.date_and_time(until))
    return {
        "lang": locale.replace("-", "_").split("_")[0],
        "title": f"{kind} {number}, {agency.name}",
        "kind": kind,
        "number": number,
        "is_open": report.is_open,
        "agency": {
            "name": agency.name,
            "desk": agency.desk,
            "legal": agency.legal,
            "contact": agency.contact,
        },
        "opened": words("opened_at", when=words.date_and_time(opened)),
        "opened_by": words("by", who=isolated(report.opened_by)),
        "ended": ended,
        "ended_by": words("by", who=isolated(ended_by)) if ended_by else "",
        "reasons": [
            (words(name), reason)
            for name, reason in (
                ("reason_float", report.opened_reason),
                ("reason_close", report.closed_reason),
            )
            if reason
        ],
        "currencies": [
            _currency(words, report, each, locale)
            for each in report.figures
            if len(report.figures) == 1 or each.currency in report.in_use
        ],
        "ways": [
            {
                "way": words(f"way_{each.way.value}"),
                "payments": str(each.payments),
                "taken": _text(each.taken, locale),
                "refunded": _text(-each.refunded, locale) if each.refunded else "–",
                "net": _text(each.net, locale),
            }
            for each in report.ways
        ],
        "totals": [_total(words, report, currency, locale) for currency in _paid_in(report)],
        "moves": [_move(words, each, there, locale) for each in report.movements if each.event in BY_HAND],
        "printed": f"{kind} {number} · {agency.name} · {agency.desk}",
        "sandbox": sandbox,
        "words": words.plain(),
    }


def _currency(words: PaperWords, report: TillReport, figures: TillFigures, locale: str) -> dict[str, Any]:
    day, closed = figures.day, report.counted(CountKind.CLOSE, figures.currency)
    lines = [
        (words("float"), day.opened_with),
        (words("differed"), figures.differed),
        (words.count("sales", figures.receipts), day.cash_sales),
        (words.count("refunds", figures.refunds), -day.cash_refunds),
        (words("paid_out"), -day.paid_out),
        (words("dropped"), -day.dropped),
        (words("added"), day.added),
    ]
    return {
        "currency": figures.currency,
        "lines": [
            (word, _text(amount, locale)) for i, (word, amount) in enumerate(lines) if amount or i in (0, 2)
        ],
        "expected": _text(figures.expected, locale),
        "closed": None if closed is None else _closed(words, closed, locale),
        "float_pieces": _pieces(report.counted(CountKind.FLOAT, figures.currency), locale),
    }


def _closed(words: PaperWords, found: Counted, locale: str) -> dict[str, Any]:
    over = found.difference.minor > 0
    return {
        "counted": _text(found.count.total, locale),
        "word": words("over" if over else "short" if found.difference else "agrees"),
        "difference": format_money(found.difference, locale, sign=True) if found.difference else "",
        "stays": _text(found.stays.total, locale),
        "to_safe": _text(-found.safe, locale),
        "notes": _part(found.count, locale, coins=False),
        "coins": _part(found.count, locale, coins=True),
        "notes_total": _text(found.count.notes, locale),
        "coins_total": _text(found.count.coins, locale),
        "loose": _text(Money(found.count.loose, found.count.currency), locale) if found.count.loose else "",
        "stays_pieces": _short(found.stays, locale),
    }


def _part(count: CashCount, locale: str, *, coins: bool) -> list[tuple[str, str, str]]:
    """Piece, how many, and what they come to."""
    return [
        (
            _text(Money(piece.minor, count.currency), locale),
            f"{number:,}",
            _text(Money(piece.minor * number, count.currency), locale),
        )
        for piece, number in count.pieces.items()
        if piece.coin is coins and number
    ]


def _pieces(found: Counted | None, locale: str) -> str:
    return "" if found is None else _short(found.count, locale)


def _short(count: CashCount, locale: str) -> str:
    """`4 × €20.00, 6 × €10.00`."""
    parts = [
        f"{number} × {_text(Money(piece.minor, count.currency), locale)}"
        for piece, number in count.pieces.items()
        if number
    ]
    if count.loose:
        parts.append(_text(Money(count.loose, count.currency), locale))
    return ", ".join(parts)


def _paid_in(report: TillReport) -> list[str]:
    return list(dict.fromkeys(each.taken.currency for each in report.ways))


def _total(words: PaperWords, report: TillReport, currency: str, locale: str) -> dict[str, str]:
    ways = [each for each in report.ways if each.taken.currency == currency]
    taken = sum_money((each.taken for each in ways), currency)
    back = sum_money((each.refunded for each in ways), currency)
    return {
        "way": words("all_ways"),
        "payments": str(sum(each.payments for each in ways)),
        "taken": _text(taken, locale),
        "refunded": _text(-back, locale) if back else "–",
        "net": _text(taken - back, locale),
    }


def _move(words: PaperWords, move: Movement, zone: ZoneInfo, locale: str) -> dict[str, str]:
    return {
        "at": words.date("time", move.at.astimezone(zone)),
        "what": words(f"event_{move.event.value}"),
        "other": words(_OTHER_SIDE.get(move.other, "elsewhere")),
        "about": isolated(move.about) if move.about else "",
        "who": isolated(move.who) if move.who else "",
        "amount": format_money(move.amount, locale, sign=True),
    }


def _text(amount: Money, locale: str) -> str:
    return format_money(amount, locale)
