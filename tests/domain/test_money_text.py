from __future__ import annotations

import pytest
from babel import localedata
from hypothesis import given, settings
from hypothesis import strategies as st

from travellr_desktop.domain.money import CURRENCIES, Money
from travellr_desktop.domain.money_text import LARGEST, format_amount, format_money, parse_money
from travellr_desktop.errors import InvalidInput

LOCALES = sorted(localedata.locale_identifiers())
COMMON = [
    "en_GB",
    "en_US",
    "de_DE",
    "de_CH",
    "fr_FR",
    "sr_Latn_ME",
    "ar_EG",
    "he_IL",
    "hi_IN",
    "fa_IR",
    "nl_NL",
]

money = st.builds(Money, st.integers(-LARGEST, LARGEST), st.sampled_from(sorted(CURRENCIES)))
locales = st.one_of(st.sampled_from(COMMON), st.sampled_from(LOCALES))


@settings(max_examples=300, deadline=None)  # the first use of a locale reads its file
@given(money, locales)
def test_what_is_written_is_read_back(amount: Money, locale: str) -> None:
    for text in (
        format_money(amount, locale),
        format_amount(amount, locale),
        format_money(amount, locale, sign=True),
    ):
        assert parse_money(text, amount.currency, locale) == amount
    assert parse_money(format_amount(amount, locale, sign=True), amount.currency, locale) == amount


@pytest.mark.parametrize(
    ("minor", "currency", "locale", "text"),
    [
        (125_000, "GBP", "en_GB", "£1,250.00"),
        (-125_000, "GBP", "en_GB", "\u2212£1,250.00"),
        (125_000, "EUR", "de_DE", "1.250,00\u00a0€"),
        (1_250, "RSD", "en_GB", "RSD\u00a012.50"),
        (1_250, "RSD", "sr_Latn_RS", "12,50\u00a0RSD"),
        (12_500, "IQD", "en_US", "IQD\u00a012.500"),
        (1_250, "UGX", "en_US", "UGX\u00a01,250"),
        (0, "JPY", "en_US", "¥0"),
        (5, "CLF", "en_GB", "CLF\u00a00.0005"),
        (-5, "EUR", "nl_NL", "€\u00a0\u22120,05"),
        (123_456_789, "INR", "en_IN", "₹12,34,567.89"),
        (125_000, "CHF", "de_CH", "CHF\u00a01’250.00"),
        (10**24 + 1, "EUR", "en_GB", "€10,000,000,000,000,000,000,000.01"),
    ],
)
def test_amounts_follow_the_locale_with_our_own_decimals(
    minor: int, currency: str, locale: str, text: str
) -> None:
    assert format_money(Money(minor, currency), locale) == text


def test_a_sign_can_be_asked_for() -> None:
    assert format_money(Money(500, "GBP"), sign=True) == "+£5.00"
    assert format_money(Money(0, "GBP"), sign=True) == "£0.00"
    assert format_amount(Money(-500, "GBP"), sign=True) == "\u22125.00"
    assert format_amount(Money(500, "GBP"), "de_DE", sign=True) == "+5,00"


@pytest.mark.parametrize("locale", ["ar_EG", "he_IL", "fa_IR"])
def test_amounts_stay_left_to_right_in_right_to_left_writing(locale: str) -> None:
    for text in (format_money(Money(-5, "EUR"), locale), format_amount(Money(-5, "EUR"), locale)):
        assert text[0] == "\u2066"
        assert text[-1] == "\u2069"
    assert "\u2066" not in format_money(Money(-5, "EUR"), "en_GB")


@pytest.mark.parametrize(
    ("text", "currency", "locale", "minor"),
    [
        ("12.50", "EUR", "en_GB", 1_250),
        ("12,50", "EUR", "de_DE", 1_250),
        ("12.5", "EUR", "en_GB", 1_250),
        ("12", "EUR", "en_GB", 1_200),
        (".50", "EUR", "en_GB", 50),
        ("12.", "EUR", "en_GB", 1_200),
        (" 1,250.00 ", "EUR", "en_GB", 125_000),
        ("1 250,00", "EUR", "de_DE", 125_000),
        ("1\u202f250,00", "EUR", "fr_FR", 125_000),
        ("1\u00a0250,00", "EUR", "fr_FR", 125_000),
        ("1'250.00", "CHF", "de_CH", 125_000),
        ("12,34,567", "INR", "hi_IN", 123_456_700),
        ("-5", "EUR", "en_GB", -500),
        ("\u22125", "EUR", "en_GB", -500),
        ("5-", "EUR", "en_GB", -500),
        ("+5", "EUR", "en_GB", 500),
        ("€ 5", "EUR", "en_GB", 500),
        ("-€5", "EUR", "en_GB", -500),
        ("€-5", "EUR", "en_GB", -500),
        ("5 eur", "EUR", "en_GB", 500),
        ("EUR .50", "EUR", "en_GB", 50),
        ("5.€", "EUR", "en_GB", 500),
        ("١٢٫٥٠", "EUR", "ar_EG", 1_250),
        ("١٬٢٥٠٫٥٠", "EUR", "ar_EG", 125_050),
        ("۱۲٫۵", "EUR", "fa_IR", 1_250),
        ("१२.५०", "INR", "hi_IN", 1_250),
        ("0", "JPY", "en_US", 0),
        ("007", "JPY", "en_US", 7),
        ("1.250", "KWD", "en_GB", 1_250),
        ("1.250", "KWD", "de_DE", 1_250_000),
    ],
)
def test_amounts_are_read_as_people_type_them(text: str, currency: str, locale: str, minor: int) -> None:
    assert parse_money(text, currency, locale) == Money(minor, currency)


@pytest.mark.parametrize(
    ("text", "currency", "locale", "sentence"),
    [
        ("", "EUR", "en_GB", "Type an amount"),
        (" \u00a0\u200f ", "EUR", "en_GB", "Type an amount"),
        ("twelve", "EUR", "en_GB", "not an amount"),
        ("-", "EUR", "en_GB", "not an amount"),
        ("€", "EUR", "en_GB", "not an amount"),
        ("nan", "EUR", "en_GB", "not an amount"),
        ("1e5", "EUR", "en_GB", "not an amount"),
        ("0x10", "EUR", "en_GB", "not an amount"),
        ("1_000", "EUR", "en_GB", "not an amount"),
        ("12 euros", "EUR", "en_GB", "not an amount"),
        ("1.2.3", "EUR", "en_GB", "more than one “.”"),
        ("1,2,3", "EUR", "de_DE", "more than one “,”"),
        ("12,50", "EUR", "en_GB", "not an amount"),
        ("12.50", "EUR", "de_DE", "not an amount"),
        ("1,25,000", "EUR", "en_GB", "not an amount"),
        ("1,250 000", "EUR", "en_GB", "not an amount"),
        ("1250,000", "EUR", "en_GB", "not an amount"),
        ("12.500", "EUR", "en_GB", "EUR has 2 decimals, this amount 3"),
        ("12.0", "JPY", "en_US", "JPY has no decimals"),
        ("1.2505", "KWD", "en_GB", "KWD has 3 decimals, this amount 4"),
        ("--5", "EUR", "en_GB", "One sign"),
        ("-5-", "EUR", "en_GB", "One sign"),
        ("EUR 5 €", "EUR", "en_GB", "currency once"),
        ("£5", "EUR", "en_GB", "in GBP"),
        ("5 USD", "EUR", "en_GB", "in USD"),
        ("10000000000000.01", "EUR", "en_GB", "too large"),
        ("9" * 81, "EUR", "en_GB", "not an amount"),
        ("9" * 10_000, "EUR", "en_GB", "not an amount"),
        ("²", "EUR", "en_GB", "not an amount"),
        ("½", "EUR", "en_GB", "not an amount"),
        ("5🙂", "EUR", "en_GB", "not an amount"),
    ],
)
def test_what_is_no_amount_is_refused_in_a_clear_sentence(
    text: str, currency: str, locale: str, sentence: str
) -> None:
    with pytest.raises(InvalidInput, match=sentence) as refusal:
        parse_money(text, currency, locale)
    assert refusal.value.field == "amount"


def test_the_refusal_says_where_decimals_stand() -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_money("12.50", "EUR", "de_DE")
    assert "12,50" in refusal.value.hint


def test_the_largest_amount_is_still_taken() -> None:
    assert parse_money("10,000,000,000,000.00", "EUR") == Money(LARGEST, "EUR")


@given(st.text(max_size=100), st.sampled_from(COMMON))
def test_any_text_is_an_amount_or_a_refusal_of_the_field(text: str, locale: str) -> None:
    refused = []
    try:
        parse_money(text, "EUR", locale)
    except InvalidInput as refusal:
        refused.append(refusal.field)
    assert refused in ([], ["amount"])
