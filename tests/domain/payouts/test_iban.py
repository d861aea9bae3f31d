from __future__ import annotations

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from travellr_desktop.domain.payouts.iban import (
    IBAN_LENGTHS,
    SEPA,
    account_label,
    clean_bic,
    clean_iban,
    in_groups,
    unreached,
)
from travellr_desktop.errors import InvalidInput

# the examples of the registry
EXAMPLES = (
    "AD1200012030200359100100",
    "AE070331234567890123456",
    "BE68539007547034",
    "BR1800360305000010009795493C1",
    "CH9300762011623852957",
    "DE89370400440532013000",
    "FR1420041010050500013M02606",
    "GB29NWBK60161331926819",
    "KW81CBKU0000000000001234560101",
    "LC55HEMM000100010012001200023015",
    "ME25505000012345678951",
    "MT84MALT011000012345MTLCAST001S",
    "NO9386011117947",
    "RS35260005601001611379",
    "SI56263300012039086",
    "XK051212012345678906",
)
MORE = st.sampled_from(EXAMPLES)


def said(text: str) -> str:
    with pytest.raises(InvalidInput) as refused:
        clean_iban(text)
    assert refused.value.field == "iban"
    return str(refused.value)


@pytest.mark.parametrize("iban", EXAMPLES)
def test_an_iban_is_taken_however_it_is_grouped(iban: str) -> None:
    assert clean_iban(iban) == iban
    assert clean_iban(f" {in_groups(iban).lower()}\u00a0") == iban
    assert clean_iban("\u202a" + "-".join((iban[:4], iban[4:]))) == iban


def test_a_refused_iban_says_what_is_wrong_with_it() -> None:
    assert "not an IBAN" in said("")
    assert "not an IBAN" in said("DE8937040044053201300€")
    assert "not an IBAN" in said("3704 0044 0532 0130 00")
    assert "called US" in said("US89370400440532013000")
    assert said("DE8937040044053201300") == "An IBAN of DE has 22 characters, this one 21."
    assert "check digits" in said("DE89370400440532013001")


def test_an_account_may_be_left_out_where_none_is_needed() -> None:
    assert clean_iban(" ", required=False) == ""
    assert clean_bic("", required=False) == ""
    with pytest.raises(InvalidInput):
        clean_bic("")


@given(MORE, st.data())
def test_one_mistaken_character_is_always_noticed(iban: str, data: st.DataObject) -> None:
    """The check digits of modulo 97 see every single mistake; what only counts characters sees none of them."""
    at = data.draw(st.integers(2, len(iban) - 1))
    kind = string.digits if iban[at].isdigit() else string.ascii_uppercase
    other = data.draw(st.sampled_from(kind))
    assume(other != iban[at])
    wrong = iban[:at] + other + iban[at + 1 :]
    assert len(wrong) == IBAN_LENGTHS[wrong[:2]]
    with pytest.raises(InvalidInput):
        clean_iban(wrong)


@given(MORE, st.data())
def test_two_neighbours_the_wrong_way_round_are_noticed(iban: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(4, len(iban) - 2))
    assume(iban[at] != iban[at + 1])
    wrong = iban[:at] + iban[at + 1] + iban[at] + iban[at + 2 :]
    with pytest.raises(InvalidInput):
        clean_iban(wrong)


def test_a_bic_has_eight_or_eleven_characters() -> None:
    assert clean_bic("deut de ff") == "DEUTDEFF"
    assert clean_bic("DEUTDEFF500") == "DEUTDEFF500"
    for wrong in ("DEUTDEF", "DEUTDEFF5", "DEUT12FF", "D3UTDEFF", "DEUTDEFF5000"):
        with pytest.raises(InvalidInput) as refused:
            clean_bic(wrong)
        assert refused.value.field == "bic"


def test_an_account_is_shown_by_its_last_characters_alone() -> None:
    assert account_label("ME25505000012345678812", "NLB") == "NLB ••8812"
    assert account_label("ME25505000012345678812", "NLBMMEPG") == "NLBM ••8812"
    assert account_label("ME25505000012345678812") == "••8812"


@pytest.mark.parametrize(
    ("iban", "bic", "payer", "currency", "reached"),
    [
        ("DE89370400440532013000", "", "ME25505000012345678951", "EUR", True),
        ("DE89370400440532013000", "", "", "EUR", True),  # nobody has said yet who pays
        ("DE89370400440532013000", "", "XK051212012345678906", "EUR", False),
        ("XK051212012345678906", "", "ME25505000012345678951", "EUR", False),
        ("XK051212012345678906", "NLPRXKPR", "ME25505000012345678951", "EUR", True),
        ("DE89370400440532013000", "", "ME25505000012345678951", "CHF", False),
        ("DE89370400440532013000", "COBADEFF", "ME25505000012345678951", "CHF", True),
    ],
)
def test_the_iban_alone_is_enough_for_euros_between_banks_of_sepa(
    iban: str, bic: str, payer: str, currency: str, reached: bool
) -> None:
    said = unreached(iban, bic, payer, currency)
    assert (said == "") is reached
    assert reached or f"In {currency}" in said


def test_the_countries_of_euro_transfers_have_an_iban() -> None:
    assert len(SEPA) == 41 + 1  # Gibraltar has an IBAN of its own
    assert {"DE", "ME", "CH", "GB", "VA"} < SEPA
    assert not SEPA & {"US", "TR", "KW", "BA", "XK"}
    assert len(IBAN_LENGTHS) == 89
