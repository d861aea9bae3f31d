"""Finding what was typed in what can be done: words in any order, accents and case aside."""

from __future__ import annotations

from dataclasses import dataclass

from travellr_desktop.domain.text import fold

Span = tuple[int, int]

PREFIX, WORD, INSIDE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Match:
    """`score`: the less the better. `spans`: the found parts of the words, begin and end, in order."""

    score: int
    spans: tuple[Span, ...]


def match(typed: str, words: str) -> Match | None:
    """How `typed` is found in `words`; None if any of its parts is missing. Nothing typed matches everything."""
    folded, places = _folded(words)
    score, spans = 0, []
    for part in fold(typed).split():
        found = _best(part, folded)
        if found is None:
            return None
        at, rank = found
        score += rank
        spans.append((places[at], places[at + len(part) - 1] + 1))
    return Match(score, _joined(spans))


def _folded(words: str) -> tuple[str, list[int]]:
    """The words folded sign by sign, and for each folded sign the place it came from."""
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(words):
        for part in " " if sign.isspace() else fold(sign):
            signs.append(part)
            places.append(place)
    return "".join(signs), places


def _best(part: str, folded: str) -> tuple[int, int] | None:
    if folded.startswith(part):
        return 0, PREFIX
    inside: int | None = None
    at = folded.find(part)
    while at >= 0:
        if not folded[at - 1].isalnum():
            return at, WORD
        inside = at if inside is None else inside
        at = folded.find(part, at + 1)
    return None if inside is None else (inside, INSIDE)


def _joined(spans: list[Span]) -> tuple[Span, ...]:
    joined: list[Span] = []
    for begin, end in sorted(spans):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return tuple(joined)
