"""What the provider wants of an account, in words."""

from __future__ import annotations

import pytest

from travellr_desktop.domain.payouts.wanted import wanted_words


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("company.tax_id", "the company's tax number"),
        ("individual.verification.document", "the vendor's own document"),
        ("person_1NjVJ2.verification.additional_document", "a person's proof of address"),
        ("representative.address.postal_code", "the representative's address"),
        ("external_account", "a bank account"),
        ("business_profile.url", "the website"),
        ("tos_acceptance.ip", "agreement to the provider's terms"),
    ],
)
def test_a_field_is_said_in_words(field: str, words: str) -> None:
    assert wanted_words([field]) == words


def test_fields_of_one_thing_are_said_once_and_in_their_order() -> None:
    fields = ("individual.dob.day", "external_account", "individual.dob.month", "individual.dob.year")
    assert wanted_words(fields) == "the vendor's own date of birth, a bank account"


@pytest.mark.parametrize("field", ["settings.card_issuing", "company.export_licence", "company"])
def test_what_has_no_words_keeps_the_providers_name(field: str) -> None:
    assert wanted_words([field]) == f"“{field}”"


def test_nothing_wanted_is_nothing_said() -> None:
    assert wanted_words(()) == ""
