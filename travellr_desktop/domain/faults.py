"""A form is read to its end: whoever filled it in is told of everything that is wrong at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from travellr_desktop.errors import InvalidInput, Refusal

P = ParamSpec("P")
T = TypeVar("T")


class Faults:
    """Gathers what is wrong with the fields of one form; `end` raises it. Of each field the first fault counts; a
    field `seasons.1.last` is part of `seasons.1`."""

    def __init__(self) -> None:
        self._found: list[Refusal] = []

    def read(self, instead: T, how: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `how` gives. Where it raises `InvalidInput`, that is kept, and `instead` goes on in its place: a value
        that is beyond reproach, so that nothing else is found to be wrong with it."""
        try:
            return how(*args, **kwargs)
        except InvalidInput as fault:
            self.add(fault)
            return instead

    def check(self, how: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        """Keep what `how` raises; what it gives is of no matter."""
        try:
            how(*args, **kwargs)
        except InvalidInput as fault:
            self.add(fault)

    def add(self, fault: Refusal) -> None:
        """Keep a fault, with those that it brings along."""
        for each in fault.together:
            if not any(_of_one_field(each.field, other.field) for other in self._found):
                self._found.append(each)

    def end(self) -> None:
        """Raises the first fault with the others beside it, if there is any."""
        if self._found:
            first, *others = self._found
            first.others = tuple(others)
            raise first


def _of_one_field(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return False
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")
