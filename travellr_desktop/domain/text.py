"""Text as people type it: cleaned for keeping, folded for finding."""

from __future__ import annotations

import re
import unicodedata

from travellr_desktop.errors import InvalidInput

# Letters that Unicode does not take apart, although people type them without their stroke.
_STROKES = str.maketrans(
    {"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe"}
)

# How letters are written where a keyboard has none of them; the first is also how names are compared.
_SPELLINGS = (
    str.maketrans({"đ": "dj", "ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"}),
    str.maketrans({"ð": "dh", "þ": "th"}),
)

# Marks that turn the order of what stands around them, and so can show one text and mean another.
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_EMAIL = re.compile(r"[^\s@\"(),:;<>\[\\\]]+@(?!-)[\w-]+(?:\.(?!-)[\w-]+)+")
_PHONE = re.compile(r"\+?[0-9 ()./-]+(?:(?:x|ext\.?) ?[0-9]{1,6})?", re.IGNORECASE)
_LEFT_TO_RIGHT_ISOLATE, _POP_ISOLATE = "\u2066", "\u2069"


def fold(text: str) -> str:
    """The form in which texts are compared in a search: no case, no accents, no strokes, single spaces.

    Marks that are part of the writing itself (vowel signs, for example) stay; halves of characters, which no
    file can hold, go. Folding twice changes nothing.
    """
    if text.isascii():  # most of what is written: nothing to take apart
        return " ".join(text.lower().split())
    text = text.encode(errors="ignore").decode()
    while True:
        plain = unicodedata.normalize("NFKD", text.casefold())
        plain = "".join(ch for ch in plain if not unicodedata.combining(ch)).translate(_STROKES)
        plain = " ".join(unicodedata.normalize("NFC", plain).split())
        if plain == text:
            return plain
        text = plain


def search_text(name: str, email: str = "", phone: str = "") -> str:
    """What a person is found by, folded: name, email and phone, the number also in digits alone, and words with letters
    of their own also as they are written without them (Đukić: dukic and djukic; Müller: muller and mueller; Djukic:
    djukic and dukic)."""
    digits = "".join(ch for ch in phone if ch.isdigit())
    words = [fold(f"{name} {email} {phone} {digits}")]
    for other in (*_spelled(name), fold(name).replace("dj", "d")):
        words += [word for word in other.split() if word not in " ".join(words)]
    return " ".join(" ".join(words).split())


def search_words(text: str) -> tuple[tuple[str, ...], ...]:
    """What to look for in texts of `search_text`: for each word that was typed the ways in which it may stand there,
    any of which will do. A number is also looked for in digits alone, and without the 0 that is dialled at home."""
    return tuple(_ways(word) for word in text.split() if fold(word))


def _ways(word: str) -> tuple[str, ...]:
    found = [fold(word), *_spelled(word)]
    if _PHONE.fullmatch(word) and sum(ch.isdigit() for ch in word) >= 5:
        digits = "".join(ch for ch in word if ch.isdigit())
        found += [digits, digits.lstrip("0") if len(digits.lstrip("0")) >= 5 else digits]
    return tuple(dict.fromkeys(found))


def _spelled(text: str) -> list[str]:
    """Folded, with the letters of its own written out, in each of the ways that there are."""
    plain = unicodedata.normalize("NFC", text).casefold()
    return [fold(plain.translate(spelling)) for spelling in _SPELLINGS]


def name_key(name: str) -> str:
    """The same for names that differ in case, accents, order of words and how letters of their own are written."""
    plain = fold(unicodedata.normalize("NFC", name).casefold().translate(_SPELLINGS[0]))
    plain = "".join(ch if ch.isalnum() else " " for ch in plain)
    return " ".join(sorted(plain.split()))


def phone_key(phone: str) -> str:
    """The last eight digits: the same with the country's code and with the 0 in its place. "" for fewer than five."""
    digits = "".join(ch for ch in _ascii_digits(phone) if ch.isdigit())
    return digits[-8:] if len(digits) >= 5 else ""


def isolate(text: str) -> str:
    """`text` marked to be read left to right whatever stands around it (an amount, a reference)."""
    return f"{_LEFT_TO_RIGHT_ISOLATE}{text}{_POP_ISOLATE}"


def without_bidi(text: str) -> str:
    """`text` without invisible marks of direction."""
    return "".join(ch for ch in text if ch not in _BIDI_CONTROLS and ch not in "\u200e\u200f\u061c")


def is_rtl(text: str) -> bool:
    """Whether any letter in it is written from right to left."""
    return any(unicodedata.bidirectional(ch) in {"R", "AL"} for ch in text)


def clean_line(text: str, field: str, max_len: int, required: bool = True) -> str:
    """One line for keeping: composed, without control characters and overrides of direction, single spaces.

    Raises `InvalidInput(field)` if nothing visible is left of a required one, or if it is over `max_len`.
    """
    line = unicodedata.normalize("NFC", text)
    line = "".join(" " if ch.isspace() else ch for ch in line)
    line = "".join(ch for ch in line if not _is_control(ch))
    return _checked(" ".join(line.split()), field, max_len, required)


def clean_lines(text: str, field: str, max_len: int) -> str:
    """Several lines for keeping, each as `clean_line`, without empty ones; "" for nothing. Raises `InvalidInput(field)`
    if it is over `max_len` in all."""
    lines = [clean_line(line, field, max_len, required=False) for line in text.splitlines()]
    return _checked("\n".join(line for line in lines if line), field, max_len, required=False)


def clean_name(text: str, field: str = "name", max_len: int = 120) -> str:
    """A person's or thing's name in any script, emoji too.

    Raises `InvalidInput(field)` if it is empty, too long, or holds control characters or marks that override
    the direction of writing: a name that reads differently from what it is must not get onto a voucher.
    """
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if any(_is_control(ch) for ch in name):
        raise InvalidInput(
            "The name holds invisible control characters.",
            hint="Type it anew instead of pasting it.",
            field=field,
        )
    return _checked(name, field, max_len, required=True)


def clean_email(text: str, field: str = "email", *, required: bool = True) -> str:
    """An address in lower case, or "" where it may be left out. Raises `InvalidInput(field)` otherwise."""
    email = clean_line(text, field, 254, required).lower()
    if email and (not _EMAIL.fullmatch(email) or email.startswith(".") or ".@" in email or ".." in email):
        raise InvalidInput(
            "This is not an email address.", hint="Write it like ana@example.com.", field=field
        )
    return email


def clean_phone(text: str, field: str = "phone", *, required: bool = True) -> str:
    """A telephone number as it was grouped, in the digits 0 to 9, or "" if it may be left out.

    Raises `InvalidInput(field)` unless it has 5 to 20 digits and nothing but what numbers are written with.
    """
    phone = _ascii_digits(clean_line(without_bidi(text), field, 40, required))
    count = sum(ch.isdigit() for ch in phone)
    if phone and (not _PHONE.fullmatch(phone) or not 5 <= count <= 20):
        raise InvalidInput(
            "This is not a telephone number.",
            hint="Write it with its country code, like +382 32 555 100.",
            field=field,
        )
    return phone


def _is_control(ch: str) -> bool:
    return unicodedata.category(ch) in {"Cc", "Cs"} or ch in _BIDI_CONTROLS


def _checked(line: str, field: str, max_len: int, required: bool) -> str:
    if all(unicodedata.category(ch) in {"Cf", "Mn", "Me", "Zs"} for ch in line):
        if required:
            raise InvalidInput("This must not be empty.", hint="Fill in the marked field.", field=field)
        return ""
    if len(line) > max_len:
        raise InvalidInput(
            f"This is too long: {len(line)} characters, {max_len} at most.", hint="Shorten it.", field=field
        )
    return line


def _ascii_digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(ch)) if ch.isdecimal() else ch for ch in text)
