from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travellr_desktop.domain.payouts.bank_text import bank_text, is_bank_name

TAKEN = re.compile(r"[A-Za-z0-9/\-?:().,'+ ]*")


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("Bokeška Plovidba d.o.o.", "Bokeska Plovidba d.o.o."),
        ("Đorđe Đukić", "Dorde Dukic"),
        ("Müller & Söhne GmbH", "Mueller + Soehne GmbH"),
        ("Ærø Straße", "Aero Strasse"),
        ("Петар Његош", "Petar Njegos"),
        ("Область", "Oblast"),
        ("Ελλάς", "Ellas"),
        ("L’Île – tours", "L'Ile - tours"),
        ("Tours №5\tKotor", "Tours No5 Kotor"),
        ("//Boka//Tours/", "Boka/Tours"),
        ("½ day", "1.2 day"),
        ("e\u0301te\u0301 \u0301", "ete"),
        ("旅行", ".."),
        ("", ""),
    ],
)
def test_words_are_spelled_as_banks_take_them(written: str, sent: str) -> None:
    assert bank_text(written, 70) == sent


def test_a_long_line_is_cut_and_not_left_on_a_stroke() -> None:
    assert bank_text("Boka Tours", 5) == "Boka"
    assert bank_text("Boka/Tours", 5) == "Boka"


@given(st.text(max_size=60), st.integers(1, 140))
def test_whatever_was_written_a_bank_takes_the_line(text: str, longest: int) -> None:
    line = bank_text(text, longest)
    assert TAKEN.fullmatch(line)
    assert len(line) <= longest
    assert "//" not in line
    assert not line.startswith(("/", " ")) and not line.endswith(("/", " "))


def test_a_name_of_which_nothing_is_left_is_none() -> None:
    assert is_bank_name("Петар")
    assert not is_bank_name("旅行")
    assert not is_bank_name("")
