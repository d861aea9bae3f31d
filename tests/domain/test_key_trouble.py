"""What may be wrong with a key is told to other programs in words that stay."""

from __future__ import annotations

from travellr_desktop.domain.key_trouble import KeyTrouble


def test_the_words_that_travellr_key_says_stay_the_same() -> None:
    assert set(KeyTrouble) == {"missing", "locked", "refused", "too_strong"}
