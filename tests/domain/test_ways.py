from __future__ import annotations

from travellr_desktop.domain.ways import Way


def test_the_words_kept_in_the_database_stay_as_they_are() -> None:
    assert {way.name: way.value for way in Way} == {"CARD": "card", "CASH": "cash"}
