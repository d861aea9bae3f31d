from __future__ import annotations

import pytest

from travellr_desktop.domain.places import clean_country, clean_language, countries, languages
from travellr_desktop.errors import InvalidInput


def test_languages_and_countries_go_by_the_names_of_the_reader() -> None:
    assert languages("en_GB")["sr"] == "Serbian"
    assert languages("de_DE")["sr"] == "Serbisch"
    assert countries("fr_FR")["ME"] == "Monténégro"
    assert len(countries("en_GB")) > 240
    assert not {"EU", "UN", "ZZ", "001"} & countries("en_GB").keys()


def test_codes_are_kept_as_they_are_written_everywhere() -> None:
    assert clean_language(" SR ") == "sr"
    assert clean_country(" me") == "ME"
    assert clean_language("") == clean_country(" ") == ""


@pytest.mark.parametrize("code", ["xx", "serbian", "1", "🙂"])
def test_what_is_no_language_and_no_country_is_refused(code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        clean_language(code)
    assert refused.value.field == "language"
    with pytest.raises(InvalidInput) as refused:
        clean_country("Q" + code)
    assert refused.value.field == "country"
