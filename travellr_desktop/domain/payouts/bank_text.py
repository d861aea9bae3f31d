"""Words as banks take them: the basic Latin characters of the SEPA rules, and nothing else.

What has a Latin spelling is written so (Đukić, Müller, Петар); anything else becomes a full stop, as the implementation
guidelines of the European Payments Council have it.
"""

from __future__ import annotations

import unicodedata

_ALLOWED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ ")

_SPELLED = {
    "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th",
    "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i", "ŋ": "n", "’": "'", "‘": "'", "´": "'", "`": "'", "–": "-", "—": "-",
    "−": "-", "&": "+", "_": "-", "[": "(", "]": ")", "{": "(", "}": ")", ";": ",", "№": "No",
    # Cyrillic, with the letters of Serbian, Macedonian, Bulgarian, Russian and Ukrainian
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "ђ": "dj", "ѓ": "gj", "е": "e", "ё": "e", "є": "ye", "ж": "z",
    "з": "z", "ѕ": "dz", "и": "i", "і": "i", "ї": "yi", "й": "j", "ј": "j", "к": "k", "л": "l", "љ": "lj", "м": "m",
    "н": "n", "њ": "nj", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "ћ": "c", "ќ": "kj", "у": "u", "ф": "f",
    "х": "h", "ц": "c", "ч": "c", "џ": "dz", "ш": "s", "щ": "sht", "ъ": "a", "ы": "y", "ь": "", "э": "e", "ю": "ju",
    "я": "ja", "ґ": "g",
    # Greek
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k", "λ": "l",
    "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t", "υ": "y", "φ": "f",
    "χ": "ch", "ψ": "ps", "ω": "o",
}  # fmt: skip


def bank_text(text: str, longest: int) -> str:
    """A line of at most `longest` characters that every bank takes; it neither begins nor ends with a stroke, and has
    no two of them in a row. May be "" where nothing was said."""
    line = "".join(_spelled(ch) for ch in unicodedata.normalize("NFC", text))
    line = " ".join(line.split())
    while "//" in line:
        line = line.replace("//", "/")
    return line[:longest].strip(" /")


def is_bank_name(text: str) -> bool:
    """Whether anything of a name is left to a bank: a letter or a digit."""
    return any(ch.isalnum() for ch in bank_text(text, len(text) * 3))


def _spelled(ch: str) -> str:
    if ch in _ALLOWED:
        return ch
    if ch.isspace():
        return " "
    low = _SPELLED.get(ch.lower())
    if low is not None:
        return low if ch.islower() or not low else low[0].upper() + low[1:]
    if unicodedata.combining(ch):
        return ""
    base = unicodedata.normalize("NFKD", ch)
    if base == ch:
        return "."
    return "".join(_spelled(part) for part in base)
