"""The page of a payment link, for a person who plays the traveller: plain HTML with a card to pick, no script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from urllib.parse import urlsplit

from travellr_desktop.domain.money import decimals
from travellr_desktop.payments.gateway import AmountNotPossible, TestCard
from travellr_desktop.payments.sandbox.cards import CARDS
from travellr_desktop.payments.sandbox.outside import Link
from travellr_desktop.payments.stripe_amounts import from_stripe

HEADERS: Mapping[str, str] = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 28rem; margin: 3rem auto; padding: 0 1rem; }
h1 { font-size: 1.25rem; margin: 0; }
.amount { font-size: 2rem; font-weight: 600; margin: .25rem 0 1rem; }
.note { color: GrayText; font-size: .875rem; }
.bad { border-left: 4px solid #c0392b; padding: .5rem .75rem; }
.good { border-left: 4px solid #1e8449; padding: .5rem .75rem; }
table { width: 100%; border-collapse: collapse; margin: 1rem 0; }
td { padding: .25rem 0; } td:last-child { text-align: right; white-space: nowrap; }
fieldset { border: 1px solid GrayText; border-radius: 6px; padding: .5rem 1rem; margin: 1rem 0; }
label { display: block; padding: .375rem 0; }
button { font: inherit; width: 100%; padding: .75rem; border-radius: 6px; cursor: pointer; }
"""


def link_page(link: Link, cards: Iterable[TestCard], declined: str = "") -> str:
    """The link as it stands; `declined` is the reason of the try just made."""
    body = [f"<h1>{escape(link.description)}</h1>", f'<p class="amount">{escape(amount_text(link))}</p>']
    if len(link.lines) > 1:
        body.append(_lines(link))
    match link.status:
        case "complete":
            body.append('<p class="good">Paid. You may close this page.</p>')
            body.append(_way_on(link.success_url, link.ref, "Back to the agency"))
        case "expired":
            body.append('<p class="bad">This link has run out. Nothing can be paid here any more.</p>')
        case _:
            if declined:
                body.append(f'<p class="bad">{escape(_decline_text(declined))} Try another card.</p>')
            body.append(_form(cards))
            body.append(_way_on(link.cancel_url, link.ref, "Cancel, and go back"))
    return _page(body)


def plain_page(text: str) -> str:
    """A page with one sentence."""
    return _page([f"<h1>{escape(text)}</h1>"])


def amount_text(link: Link) -> str:
    """The amount in whole units, with as many decimals as its currency has."""
    return _amount_text(link.amount, link.currency)


def _amount_text(amount: int, currency: str) -> str:
    try:
        money = from_stripe(amount, currency)
    except AmountNotPossible:
        return f"{amount} {currency.upper()}"
    places = decimals(money.currency)
    whole, part = divmod(money.minor, 10**places)
    return f"{whole:,}{f'.{part:0{places}d}' if places else ''} {money.currency}"


def _lines(link: Link) -> str:
    rows = "".join(
        f"<tr><td>{escape(name)}</td><td>{escape(_amount_text(amount, link.currency))}</td></tr>"
        for name, amount in link.lines
    )
    return f"<table>{rows}</table>"


def _form(cards: Iterable[TestCard]) -> str:
    choices = "".join(
        f'<label><input type="radio" name="card" value="{escape(card.payment_method)}"'
        f"{'' if number else ' checked'}> {escape(card.name)}"
        f' <span class="note">{escape(card.hint)}</span></label>'
        for number, card in enumerate(cards)
    )
    return (
        f'<form method="post"><fieldset><legend>Test card</legend>{choices}</fieldset>'
        "<button>Pay</button></form>"
    )


def _way_on(url: str | None, ref: str, text: str) -> str:
    if url is None or urlsplit(url).scheme not in ("http", "https"):
        return ""
    return f'<p><a href="{escape(url.replace("{CHECKOUT_SESSION_ID}", ref))}">{escape(text)}</a></p>'


def _decline_text(reason: str) -> str:
    for card in CARDS.values():
        if card.decline is not None and card.decline.reason == reason:
            return card.decline.message
    return "Your card was declined."


def _page(body: Iterable[str]) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Test payment</title><style>{_STYLE}</style></head><body>{''.join(body)}"
        '<p class="note">This is the payment sandbox. No money moves.</p></body></html>'
    )
