"""Accounts at banks: IBAN and BIC as they are typed, kept and shown.

Lengths are those of the IBAN registry of SWIFT, check digits those of ISO 13616 (modulo 97), the BIC's form that of
ISO 9362.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from travellr_desktop.domain.text import without_bidi
from travellr_desktop.errors import InvalidInput


def _lengths() -> Mapping[str, int]:
    by_length = {
        15: "NO",
        16: "BE",
        18: "DK FI FK FO GL NL SD",
        19: "MK SI",
        20: "AT BA EE KZ LT LU MN XK",
        21: "CH HR LI LV",
        22: "BG BH CR DE GB GE IE ME RS VA",
        23: "AE GI IL IQ OM SO TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VG",
        25: "LY PT ST",
        26: "IS TR",
        27: "BI DJ FR GR IT MC MR SM",
        28: "AL AZ BY CY DO GT HN HU LB NI PL SV",
        29: "BR EG PS QA UA",
        30: "JO KW MU YE",
        31: "MT SC",
        32: "LC",
        33: "RU",
    }
    return MappingProxyType(
        {country: length for length, countries in by_length.items() for country in countries.split()}
    )


IBAN_LENGTHS: Mapping[str, int] = _lengths()
"""How many characters an IBAN has, by its country."""

SEPA = frozenset(IBAN_LENGTHS) - frozenset(
    {
        *(
            "AE",
            "AZ",
            "BA",
            "BH",
            "BI",
            "BR",
            "BY",
            "CR",
            "DJ",
            "DO",
            "EG",
            "FK",
            "FO",
            "GE",
            "GL",
            "GT",
            "HN",
        ),
        *(
            "IL",
            "IQ",
            "JO",
            "KW",
            "KZ",
            "LB",
            "LC",
            "LY",
            "MN",
            "MR",
            "MU",
            "NI",
            "OM",
            "PK",
            "PS",
            "QA",
            "RU",
        ),
        *("SA", "SC", "SD", "SO", "ST", "SV", "TL", "TN", "TR", "UA", "VG", "XK", "YE"),
    }
)
"""Whose banks take part in the euro transfers of the European Payments Council, by the country of the IBAN."""

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}")
_BIC = re.compile(r"[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?")
_SHOWN = 4


def clean_iban(text: str, field: str = "iban", *, required: bool = True) -> str:
    """An IBAN in capitals without spaces, or "" where it may be left out. Raises `InvalidInput(field)` saying whether
    its form, its country, its length or its check digits are wrong."""
    iban = _together(text)
    if not iban and not required:
        return ""
    if not _IBAN.fullmatch(iban):
        raise InvalidInput(
            "This is not an IBAN.", hint="Write it like ME25 5050 0001 2345 6789 51.", field=field
        )
    length = IBAN_LENGTHS.get(iban[:2])
    if length is None:
        raise InvalidInput(
            f"No country whose accounts have an IBAN is called {iban[:2]}.",
            hint="Compare the first two letters.",
            field=field,
        )
    if len(iban) != length:
        raise InvalidInput(
            f"An IBAN of {iban[:2]} has {length} characters, this one {len(iban)}.",
            hint="Compare it with what the vendor wrote.",
            field=field,
        )
    if _remainder(iban) != 1:
        raise InvalidInput(
            "The check digits of this IBAN are wrong: a character is mistaken, or two stand the wrong way round.",
            hint="Compare it with what the vendor wrote.",
            field=field,
        )
    return iban


def clean_bic(text: str, field: str = "bic", *, required: bool = True) -> str:
    """A BIC of 8 or 11 characters in capitals, or "" where it may be left out. Raises `InvalidInput(field)`."""
    bic = _together(text)
    if not bic and not required:
        return ""
    if not _BIC.fullmatch(bic):
        raise InvalidInput(
            "This is not a BIC.", hint="It has 8 or 11 characters, like DEUTDEFF or DEUTDEFF500.", field=field
        )
    return bic


def is_sepa(iban: str, payer_iban: str, currency: str) -> bool:
    """Whether a payment between two accounts is a SEPA credit transfer, for which the IBAN is enough. The payer's may
    be "" while it is not known."""
    return currency == "EUR" and iban[:2] in SEPA and (not payer_iban or payer_iban[:2] in SEPA)


def unreached(iban: str, bic: str, payer_iban: str, currency: str) -> str:
    """Why an account cannot be paid to in a currency, as a sentence; "" where it can."""
    if bic or is_sepa(iban, payer_iban, currency):
        return ""
    return f"In {currency} the vendor's bank is not reached by the IBAN alone; its BIC is missing."


def in_groups(iban: str) -> str:
    """As people read it: in groups of four."""
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))


def account_label(number: str, bank: str = "") -> str:
    """An account as it is shown to whoever need not know its number: `NLB ••8812`. `bank` is a name, or a BIC, of which
    the bank's own four letters are shown; without it `••8812`."""
    word = bank[:4] if _BIC.fullmatch(bank) else bank
    return f"{word} ••{number[-_SHOWN:]}".strip()


def _together(text: str) -> str:
    return "".join(ch for ch in without_bidi(text).upper() if not ch.isspace() and ch != "-")


def _remainder(iban: str) -> int:
    """Letters count from 10 for A; the country and the check digits go to the end."""
    return int("".join(str(int(ch, 36)) for ch in iban[4:] + iban[:4])) % 97
