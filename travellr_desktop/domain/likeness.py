"""How likely two records are one person, and why: by email, telephone, name and birthday.

Points, of 99 at most. A contact speaks louder than a name, for names repeat; a birthday or a first name that differs
speaks against, for families share their contacts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum

LIKELY = 50
"""From here on two records are shown as likely the same person."""
_MOST = 99
_CLOSE = 0.86
"""Names this alike are one name with a slip in it."""


class Why(StrEnum):
    """What speaks for or against it, the strongest first."""

    EMAIL = "email"
    PHONE = "phone"
    NAME = "name"
    NAME_ALIKE = "name_alike"
    BORN = "born"
    OTHER_NAME = "other_name"
    OTHER_BIRTHDAY = "other_birthday"


POINTS = {
    Why.EMAIL: 60,
    Why.PHONE: 45,
    Why.NAME: 35,
    Why.NAME_ALIKE: 20,
    Why.BORN: 25,
    Why.OTHER_NAME: -15,
    Why.OTHER_BIRTHDAY: -50,
}


@dataclass(frozen=True, slots=True)
class Marks:
    """What records are compared by. The keys are those of `domain.text`; "" and None say nothing."""

    name_key: str
    email: str = ""
    phone_key: str = ""
    born: date | None = None


@dataclass(frozen=True, slots=True)
class Likeness:
    """`score` 0 to 99; `why` what led to it."""

    score: int
    why: tuple[Why, ...]

    @property
    def likely(self) -> bool:
        return self.score >= LIKELY


def likeness(one: Marks, other: Marks) -> Likeness:
    """How alike two records are; the same either way round."""
    why = []
    if one.email and one.email == other.email:
        why.append(Why.EMAIL)
    if one.phone_key and one.phone_key == other.phone_key:
        why.append(Why.PHONE)
    why.append(_names(one.name_key, other.name_key))
    if one.born is not None and other.born is not None:
        why.append(Why.BORN if one.born == other.born else Why.OTHER_BIRTHDAY)
    score = sum(POINTS[each] for each in why)
    return Likeness(min(max(score, 0), _MOST), tuple(why))


def _names(one: str, other: str) -> Why:
    if one == other:
        return Why.NAME
    first, second = set(one.split()), set(other.split())
    alone, alone_too = sorted(first - second), sorted(second - first)
    shared = len(first & second)
    if shared >= 2 and not (alone and alone_too):  # a middle name more
        return Why.NAME_ALIKE
    if shared and len(alone) == len(alone_too) == 1 and _initial(alone[0], alone_too[0]):
        return Why.NAME_ALIKE
    if shared and len(alone) == len(alone_too) == 1:
        alike = _ratio(alone[0], alone_too[0])
    else:
        alike = _ratio(one, other)
    return Why.NAME_ALIKE if alike >= _CLOSE else Why.OTHER_NAME


def _initial(one: str, other: str) -> bool:
    """`J.` of Jovana; of letters that are written as two also those: `Đ.` is `dj`."""
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) <= 2 and longer.startswith(shorter)


def _ratio(one: str, other: str) -> float:
    """The same whichever comes first, which the matcher alone does not promise."""
    first, second = sorted((one, other))
    return SequenceMatcher(None, first, second, autojunk=False).ratio()
