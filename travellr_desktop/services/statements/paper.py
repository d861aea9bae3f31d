"""A statement on paper: A4, from what was frozen when it was issued. The same bytes each time; they change once, when
it is known what became of its payout."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from travellr_desktop.domain.locales import locale_of
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.money_text import format_amount, format_money
from travellr_desktop.domain.payouts.words import LineKind
from travellr_desktop.domain.percent_text import format_percent
from travellr_desktop.domain.periods import zone as zone_of
from travellr_desktop.domain.places import countries
from travellr_desktop.services.paper_words import PaperWords, isolated
from travellr_desktop.services.statements.views import Outcome, StatementDetail, StatementLineView
from travellr_desktop.services.typeset import pictures, template_words, typeset

_DASH = "–"
_TELEPHONE = re.compile(r"(?<=\d) (?=\d)")
"""Where a number would come apart at the end of a line."""


def render_statement(statement: StatementDetail) -> bytes:
    """The statement as PDF. Raises `ResourceMissing` and `DocumentFailed`."""
    return typeset("statement", _fields(statement))


def statement_pictures(statement: StatementDetail, *, ppi: float = 144.0) -> tuple[bytes, ...]:
    """The same as PNG, one picture a page. Raises what `render_statement` raises."""
    return pictures("statement", _fields(statement), ppi=ppi)


def period_words(first: date, last: date, locale: str, skeleton: str = "yMMMd") -> str:
    """The days of a statement: `8 – 14 Jun 2026`."""
    from babel.dates import format_date, format_interval

    babel = locale_of(locale)
    if first == last:
        return format_date(first, "d MMM y", locale=babel)
    return format_interval(first, last, skeleton, locale=babel)


class _Cells:
    """Amounts in the table: with their sign of currency where it is one letter, else it is named above them, so that
    the trip keeps its room."""

    def __init__(self, currency: str, locale: str) -> None:
        from babel.numbers import get_currency_symbol

        symbol = get_currency_symbol(currency, locale=locale_of(locale))
        self._locale, self._currency = locale, "" if len(symbol) == 1 else currency

    def __call__(self, amount: Money) -> str:
        write = format_amount if self._currency else format_money
        return write(amount, self._locale)

    def head(self, word: str) -> str:
        return f"{word}, {self._currency}" if self._currency else word


def _fields(statement: StatementDetail) -> dict[str, Any]:
    """What the template prints, every piece of it already words."""
    locale = statement.locale
    words = PaperWords(template_words(locale, "statement"), locale)
    seller, recipient = statement.seller, statement.recipient

    cells = _Cells(statement.currency, locale)
    retail, commission, net = (
        sum((getattr(line, name).minor for line in statement.lines), start=0)
        for name in ("retail", "commission", "net")
    )
    currency = statement.currency
    return {
        "lang": locale.replace("-", "_").split("_")[0],
        "title": words("title", number=statement.number),
        "number": statement.number,
        "seller": {
            "name": seller.name,
            "desk": seller.desk,
            "legal": seller.legal or seller.name,
            "address": seller.address.splitlines(),
            "country": seller.country,
            "tax_number": words("tax_number", number=seller.tax_number) if seller.tax_number else "",
            "registration": words("registration", number=seller.registration) if seller.registration else "",
            "contact": seller.contact,
        },
        "vendor": {
            "name": recipient.legal or recipient.name,
            "lines": _address(
                recipient.name,
                recipient.legal,
                recipient.address,
                countries(locale).get(recipient.country, recipient.country),
            ),
            "tax_number": words("tax_number", number=recipient.tax_number) if recipient.tax_number else "",
        },
        "facts": _facts(statement, words),
        "figure": {"word": _figure_word(statement, words), "amount": format_money(statement.total, locale)},
        "sums": _sums(statement, words),
        "total": format_money(statement.total, locale),
        "carried_out": "" if statement.is_paid_out else format_money(statement.carried_out, locale),
        "lines": [_line(line, words, cells) for line in statement.lines],
        "all": {
            "words": _all_words(statement, words),
            "pax": str(sum(line.pax for line in statement.lines if line.kind is LineKind.NORMAL) or ""),
            "retail": cells(Money(retail, currency)),
            "commission": cells(Money(commission, currency)),
            "net": cells(Money(net, currency)),
        },
        "heads": [cells.head(words(name)) for name in ("retail", "commission", "net")],
        "carried": _carried(statement, words, cells),
        "end": {"word": _figure_word(statement, words), "amount": cells(statement.total)},
        "notes": _notes(statement, words),
        "sandbox": seller.sandbox,
        "words": words.plain(),
    }


def _address(name: str, legal: str, address: str, country: str) -> list[str]:
    known_as = [name] if legal and legal != name else []
    return [*known_as, *address.splitlines(), *([country] if country else [])]


def _figure_word(statement: StatementDetail, words: PaperWords) -> str:
    if not statement.is_paid_out:
        return words("carried")
    if statement.outcome is None:
        return words("to_pay")
    return words("paid_to_you" if statement.outcome is Outcome.PAID else "status_failed")


def _facts(statement: StatementDetail, words: PaperWords) -> list[tuple[str, str]]:
    place = zone_of(statement.zone)
    period = period_words(statement.first, statement.last, statement.locale, words("days"))
    facts = [
        (words("period"), period),
        (words("issued"), words.date("short_date", statement.issued_at.astimezone(place))),
        (words("batch"), statement.recipient.batch),
        (words("status"), _status(statement, words)),
    ]
    if statement.is_paid_out:
        facts.append((words("account"), statement.recipient.account or words("account_left")))
    return facts


def _status(statement: StatementDetail, words: PaperWords) -> str:
    if not statement.is_paid_out:
        return words("status_carried")
    if statement.outcome is Outcome.PAID and statement.outcome_at is not None:
        at = statement.outcome_at.astimezone(zone_of(statement.zone))
        return words("status_paid", day=words.date("short_date", at))
    return words("status_failed" if statement.outcome is Outcome.FAILED else "status_sent")


def _sums(statement: StatementDetail, words: PaperWords) -> list[tuple[str, str]]:
    """How the total came about, each with its sign."""
    reversed_ = sum(line.kind is LineKind.REVERSED for line in statement.lines)
    rate = statement.recipient.commission_bps
    commission = words("commission") if rate is None else words("commission_at", rate=format_percent(rate))
    rows = (
        (_counted(words, "charges", statement.bookings), statement.charges),
        (_counted(words, "refunds", reversed_), statement.refunds),
        (words("adjustments"), statement.adjustments),
        (commission, statement.commission),
        (_carried_word(statement, words), statement.carried_in),
    )
    return [(word, format_money(amount, statement.locale)) for word, amount in rows]


def _counted(words: PaperWords, key: str, n: int) -> str:
    return words.count(f"{key}_of", n) if n else words(key)


def _carried_word(statement: StatementDetail, words: PaperWords) -> str:
    number = statement.carried_from
    return words("carried_from", number=number) if number else words("carried")


def _carried(statement: StatementDetail, words: PaperWords, cells: _Cells) -> list[tuple[str, str]]:
    """The row below the lines that says what was there before; none where there was nothing."""
    if not statement.carried_in:
        return []
    return [(_carried_word(statement, words), cells(statement.carried_in))]


def _line(line: StatementLineView, words: PaperWords, cells: _Cells) -> dict[str, Any]:
    departed = ""
    if line.departs_at is not None:
        local = line.departs_at.astimezone(zone_of(line.zone))
        departed = f"{words.date('short_day', local)}, {words.date('time', local)}"
    return {
        "reference": line.reference or _DASH,
        "departed": departed,
        "title": isolated(line.title),
        "pax": str(line.pax) if line.pax else _DASH,
        "kind": words(line.kind.value),
        "normal": line.kind is LineKind.NORMAL,
        "retail": cells(line.retail),
        "commission": cells(line.commission) if line.booking_id is not None else _DASH,
        "net": cells(line.net),
    }


def _all_words(statement: StatementDetail, words: PaperWords) -> str:
    said = [words.count("lines", len(statement.lines))]
    if statement.bookings:
        said.append(words.count("bookings", statement.bookings))
    return " · ".join(said)


def _notes(statement: StatementDetail, words: PaperWords) -> list[str]:
    kinds = {line.kind for line in statement.lines}
    locale, currency = statement.locale, statement.currency
    notes = []
    if statement.left_out is not None:
        minimum = "" if statement.minimum is None else format_money(statement.minimum, locale)
        notes.append(words.pick("left", statement.left_out.value, minimum=minimum))
    if statement.outcome is Outcome.FAILED:
        notes.append(words("failed_note"))
    if LineKind.REVERSED in kinds:
        notes.append(words("reversed_note"))
    if LineKind.RETURNED in kinds:
        notes.append(words("returned_note"))
    before = Money(statement.recipient.carried_before, currency)
    if statement.carried_from and before != statement.carried_in:
        notes.append(words("before", number=statement.carried_from, amount=format_money(before, locale)))
    if statement.seller.contact:
        notes.append(
            words("questions", contact=_TELEPHONE.sub("\N{NO-BREAK SPACE}", statement.seller.contact))
        )
    return notes
