from __future__ import annotations

import pytest

from travellr_desktop.domain.locales import locale_of


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("en_GB", "en_GB"),
        ("de-DE", "de_DE"),
        ("sr-Latn-ME", "sr_Latn_ME"),
        ("de_DE.UTF-8", "de_DE"),
        ("ca_ES@valencia", "ca_ES"),
        ("C", "en_GB"),
        ("", "en_GB"),
        ("xx_YY", "en_GB"),
        ("not a locale", "en_GB"),
    ],
)
def test_any_spelling_is_understood_and_nonsense_is_british_english(name: str, found: str) -> None:
    assert str(locale_of(name)) == found
