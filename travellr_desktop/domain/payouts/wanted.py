"""What the provider still wants of a vendor's account, in words: it names fields, as `company.tax_id`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

_WHOSE: Mapping[str, str] = {
    "company": "the company's",
    "individual": "the vendor's own",
    "representative": "the representative's",
    "owners": "the owners'",
    "directors": "the directors'",
    "executives": "the executives'",
}
_A_PERSONS = "a person's"
_OF_SOMEBODY: Mapping[str, str] = {
    "address": "address",
    "dob": "date of birth",
    "email": "email",
    "first_name": "name",
    "id_number": "identity number",
    "last_name": "name",
    "name": "name",
    "nationality": "nationality",
    "phone": "phone number",
    "registration_number": "registration number",
    "relationship.title": "position",
    "ssn_last_4": "identity number",
    "structure": "legal form",
    "tax_id": "tax number",
    "vat_id": "VAT number",
    "verification.additional_document": "proof of address",
    "verification.document": "document",
}
_OF_THE_ACCOUNT: Mapping[str, str] = {
    "business_profile.mcc": "the line of business",
    "business_profile.product_description": "what is sold",
    "business_profile.url": "the website",
    "business_type": "the kind of business",
    "external_account": "a bank account",
    "tos_acceptance": "agreement to the provider's terms",
}


def wanted_words(fields: Sequence[str]) -> str:
    """A list in words, each said once: a date of birth is three fields. A field that has no words here is given as the
    provider names it, in quotes."""
    return ", ".join(dict.fromkeys(map(_words, fields)))


def _words(field: str) -> str:
    whose, _, of_them = field.partition(".")
    owner = _A_PERSONS if whose.startswith("person_") else _WHOSE.get(whose)
    for part in _from_the_longest(of_them if owner else field):
        found = (_OF_SOMEBODY if owner else _OF_THE_ACCOUNT).get(part)
        if found:
            return f"{owner} {found}" if owner else found
    return f"“{field}”"


def _from_the_longest(path: str) -> Iterator[str]:
    parts = path.split(".")
    for count in range(len(parts), 0, -1):
        yield ".".join(parts[:count])
