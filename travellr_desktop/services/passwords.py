"""Passwords: which are taken, and how they are kept and checked.

Kept as Argon2id, with the parameters pwdlib takes by default. Hashes made with bcrypt are accepted and replaced at the
next sign-in. What is common is told by a rule over a list of words (`resources/common-passwords.txt`), not by a list
of whole passwords: "Summer2026!!" is as easily guessed as "summer".
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from travellr_desktop import paths
from travellr_desktop.domain.text import fold
from travellr_desktop.errors import ResourceMissing, WeakPassword

if TYPE_CHECKING:
    from pwdlib import PasswordHash

SHORTEST = 10
LONGEST = 256
"""Characters. Longer ones would only cost time."""

_BCRYPT_READS = 72  # bytes; what comes after was never part of such a hash
_OWN_AT_LEAST = 6  # characters that are left when everything guessable is taken out
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "yxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "йцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1qay2wsx3edc4rfv5tgb6zhn7ujm8ik9ol0p",
    "qazwsxedcrfvtgbyhnujmikolp",
    "qaywsxedcrfvtgbzhnujmikolp",
    "zaqxswcdevfrbgtnhymjukilop",
    "147258369",
    "159753",
    "741852963",
)
_LETTER_FOR = str.maketrans("013457@$!|", "oleasta" + "sil")


_READ_OUT = "abcdefghjkmnpqrstuvwxyz23456789"


def check_password(password: str, *, email: str, name: str) -> None:
    """Raises `WeakPassword` unless it is long enough, not common, and not the person's own email or name."""
    if len(password) < SHORTEST:
        raise WeakPassword(f"A password has at least {SHORTEST} characters; this one has {len(password)}.")
    if len(password) > LONGEST:
        raise WeakPassword(f"A password has at most {LONGEST} characters; this one has {len(password)}.")
    if _is_common(password):
        raise WeakPassword("This password is among the first that are guessed.")
    if _is_about(password, email, name):
        raise WeakPassword("This password is your name or your email with little added.")


def suggest() -> str:
    """A password to be read out and typed once: sixteen letters and digits that are not taken for another, in groups of
    four."""
    letters = "".join(secrets.choice(_READ_OUT) for _ in range(16))
    return "-".join(letters[at : at + 4] for at in range(0, 16, 4))


def hash_password(password: str) -> str:
    """An Argon2id hash, with its own salt, as one line of text. Takes a tenth of a second on purpose."""
    return _hasher().hash(_composed(password))


def verify_password(password: str, kept: str) -> tuple[bool, str | None]:
    """Whether the password is the one, and a new hash to keep where the kept one is of an older kind.

    A hash of no known kind is answered like a wrong password, and takes as long.
    """
    from pwdlib.exceptions import UnknownHashError

    try:
        if kept.startswith("$2"):
            # made from the bytes as typed, without composing, and never from more than bcrypt reads
            ok, _ = _hasher().verify_and_update(password.encode()[:_BCRYPT_READS], kept)
            return ok, hash_password(password) if ok else None
        return _hasher().verify_and_update(_composed(password), kept)
    except (UnknownHashError, ValueError):
        dummy_verify(password)
        return False, None


def dummy_verify(password: str) -> None:
    """The work of checking a password, for an email nobody has: the time of the answer does not tell which."""
    _hasher().verify(_composed(password), _nobody())


# what is guessable


def _is_common(password: str) -> bool:
    return any(_left_of(form) < _OWN_AT_LEAST for form in _forms(password))


def _is_about(password: str, email: str, name: str) -> bool:
    """Whether little is left of it without the person's name and email."""
    address = fold(email)
    parts = {address, address.partition("@")[0], fold(name), *re.split(r"[^\w]+", f"{address} {fold(name)}")}
    parts |= {re.sub(r"[\W_]+", "", part) for part in parts}
    own = sorted((part for part in parts if len(part) >= 3), key=lambda part: (-len(part), part))
    for form in _forms(password):
        rest = form
        for part in own:
            rest = rest.replace(part, "\0")
        if rest != form and sum(_left_of(piece) for piece in rest.split("\0")) < _OWN_AT_LEAST:
            return True
    return False


def _forms(password: str) -> set[str]:
    """The ways to read it: as it is, and with digits and signs that stand for letters read as those."""
    plain = fold(password)
    core = plain.rstrip("0123456789!?.,*#_- ")  # a year at the end is a year
    return {plain, core.translate(_LETTER_FOR) + plain[len(core) :]}


def _left_of(text: str) -> int:
    """How many characters a guesser still has to find, with common words, runs and repetitions taken out.

    Each common word still counts for two and each run or number for one: four words in a row are a good password.
    """
    letters = re.sub(r"[\W_]+", "", text)
    if not letters:
        return len(set(text))
    unit = _unit(letters)
    if unit != letters:
        return min(_left_of(unit) + 1, _OWN_AT_LEAST - 1 if len(unit) <= 4 else len(unit))
    if len(set(letters)) <= 3:
        return len(set(letters))
    best = [0]  # best[n]: the least that the first n characters cost
    words, runs = _words(), _runs()
    longest = max(map(len, words))
    for end in range(1, len(letters) + 1):
        cost = best[end - 1] + 1
        for start in range(max(0, end - longest), end - 1):
            piece = letters[start:end]
            if piece in words:
                cost = min(cost, best[start] + 2)
            elif piece in runs or piece == piece[0] * len(piece) or (piece.isdigit() and len(piece) <= 8):
                cost = min(cost, best[start] + 1)
        best.append(cost)
    return best[-1]


def _unit(text: str) -> str:
    """The shortest text whose repetition gives this one; the last may be cut off."""
    for size in range(1, len(text) // 2 + 1):
        if (text[:size] * (len(text) // size + 1))[: len(text)] == text:
            return text[:size]
    return text


@cache
def _runs() -> frozenset[str]:
    """Every piece of three or more keys along a row, there or back."""
    rows = [way for row in _ROWS for way in (row, row[::-1])]
    return frozenset(row[a:b] for row in rows for a in range(len(row)) for b in range(a + 3, len(row) + 1))


@cache
def _words() -> frozenset[str]:
    path = paths.resource("common-passwords.txt")
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, ValueError) as problem:
        raise ResourceMissing(f"A file that belongs to the program cannot be read: {path}") from problem
    words = frozenset(word for line in lines if not line.startswith("#") for word in fold(line).split())
    if not words:
        raise ResourceMissing(f"A file that belongs to the program is empty: {path}")
    return words


# how they are kept


def _composed(password: str) -> str:
    """One form for what different keyboards compose differently."""
    return unicodedata.normalize("NFC", password)


@cache
def _hasher() -> PasswordHash:
    from pwdlib import PasswordHash
    from pwdlib.hashers.argon2 import Argon2Hasher
    from pwdlib.hashers.bcrypt import BcryptHasher

    return PasswordHash((Argon2Hasher(), BcryptHasher()))


@cache
def _nobody() -> str:
    return _hasher().hash("a password that nobody has")
