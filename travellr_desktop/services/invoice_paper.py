"""An invoice or a credit note on paper: A4, from what was frozen when it was issued and nothing else, so that it is the
same to the byte whenever it is printed."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from travellr_desktop.domain.invoicing import InvoiceKind
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.money_text import format_money
from travellr_desktop.domain.percent_text import format_percent
from travellr_desktop.domain.periods import zone as zone_of
from travellr_desktop.services.invoice_views import InvoiceDetail, LineView
from travellr_desktop.services.paper_words import PaperWords
from travellr_desktop.services.typeset import pictures, template_words, typeset


def render_invoice(document: InvoiceDetail, *, locale: str) -> bytes:
    """The document as PDF. Raises `ResourceMissing` and `DocumentFailed`."""
    return typeset("invoice", _fields(document, locale))


def invoice_pictures(document: InvoiceDetail, *, locale: str, ppi: float = 144.0) -> tuple[bytes, ...]:
    """The same as PNG, one picture a page. Raises what `render_invoice` raises."""
    return pictures("invoice", _fields(document, locale), ppi=ppi)


def _fields(document: InvoiceDetail, locale: str) -> dict[str, Any]:
    """What the template prints, every piece of it already words."""
    words = PaperWords(template_words(locale, "invoice"), locale)
    seller, buyer = document.seller, document.buyer
    credit = document.kind is InvoiceKind.CREDIT_NOTE
    kind = words(document.kind.value)
    issued = words.date("short_date", document.issued_at.astimezone(zone_of(seller.zone)))
    due = document.gross - document.paid

    def money(amount: Money) -> str:
        return format_money(amount, locale)

    facts = [(words("issued"), issued), (words("sale"), document.sale_reference)]
    if document.of is not None:
        facts.insert(0, (words("credit_of"), document.of.number))
    return {
        "lang": locale.replace("-", "_").split("_")[0],
        "title": words("title", kind=kind, number=document.number),
        "kind": kind,
        "number": document.number,
        "credit": credit,
        "seller": {
            "name": seller.name,
            "desk": seller.desk,
            "legal": seller.legal,
            "address": seller.address.splitlines(),
            "country": seller.country,
            "tax_number": words("tax_number", number=seller.tax_number),
            "registration": words("registration", number=seller.registration) if seller.registration else "",
            "contact": seller.contact,
            "issued_by": seller.issued_by,
        },
        "buyer": {
            "for": words("buyer_credit" if credit else "buyer"),
            "name": buyer.name,
            "lines": [*buyer.address.splitlines(), *([buyer.country] if buyer.country else [])],
            "tax_number": words("tax_number", number=buyer.tax_number) if buyer.tax_number else "",
        },
        "facts": facts,
        "groups": [_group(words, list(lines), locale) for _key, lines in _grouped(document)],
        "rates": [
            {
                "rate": words("tax_rate", rate=format_percent(rate.tax_bps)),
                "net": money(rate.net),
                "tax": money(rate.tax),
                "gross": money(rate.gross),
            }
            for rate in document.rates
        ],
        "net": money(document.net),
        "tax": money(document.tax),
        "gross": money(document.gross),
        "paid": "" if credit else money(-document.paid) if document.paid else money(document.paid),
        "due": "" if credit else money(due),
        "owed": not credit and bool(due),
        "reason": document.reason,
        "bank": seller.bank.splitlines() if not credit else [],
        "footer": seller.footer.splitlines(),
        "sandbox": seller.sandbox,
        "words": words.plain(),
    }


def _grouped(document: InvoiceDetail) -> Any:
    return groupby(document.lines, key=lambda line: (line.booking_id, line.title, line.about))


def _group(words: PaperWords, lines: list[LineView], locale: str) -> dict[str, Any]:
    """The lines of one booking."""
    return {
        "title": lines[0].title,
        "about": lines[0].about,
        "lines": [
            {
                "text": line.text,
                "quantity": str(line.quantity),
                "rate": words("tax_rate", rate=format_percent(line.tax_bps)),
                "net": format_money(line.net, locale),
                "tax": format_money(line.tax, locale),
                "gross": format_money(line.gross, locale),
            }
            for line in lines
        ],
    }
