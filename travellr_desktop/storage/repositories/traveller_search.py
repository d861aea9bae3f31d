"""Finding travellers by what was typed so far: any part of their name, phone or email, or of a reference.

Every word stands somewhere in `travellers.search`; which index finds that fastest depends on the words, the answer
does not. Words are looked up in `traveller_words`, an index of all runs of three letters (`storage.search`). It gives
its rows in no order, so where it finds very many, and for short words that most names hold, the travellers are walked
in the order of their names until there are enough; that is soon then.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from travellr_desktop.domain.text import search_words
from travellr_desktop.storage.conditions import escaped
from travellr_desktop.storage.search import asked, quoted

MANY = 2_000
"""Up to as many rows are fetched and sorted; more are walked."""
REFERENCES = 5_000
"""As many references, the newest, are looked at for those that hold what was typed."""

_SHORTEST = 3  # letters that the index of words needs
_LAST = "\U0010ffff"  # stands after every letter
_MATCHED = "rowid IN (SELECT rowid FROM traveller_words WHERE traveller_words MATCH :match)"
_REFERENCE = re.compile(r"(?:bk|sa)-")
_NUMBER = re.compile(r"[0-9]{4}-")

Words = Sequence[Sequence[str]]


def find(session: Session, typed: str, limit: int) -> list[UUID]:
    """Ids of travellers who fit, at most `limit`: first those whose name begins with a word that was typed, then the
    others, each in the order of names; then those with a booking or sale whose reference holds it, newest first."""
    words = search_words(typed)
    if not words or limit < 1:
        return []
    found = dict.fromkeys(_by_words(session, words, limit))
    if len(found) < limit and len(words) == 1:
        for traveller_id in _by_reference(session, words[0][0]):
            found.setdefault(traveller_id)
            if len(found) == limit:
                break
    return [UUID(each) for each in found]


def _by_words(session: Session, words: Words, limit: int) -> list[str]:
    begins = [way for ways in words for way in ways]
    first = sorted({row for way in begins for row in _beginning(session, words, way, limit)}, key=_order)[
        :limit
    ]
    if len(first) == limit:  # as it mostly is while the first letters are typed
        return [row[0] for row in first]
    match = _match(session, words)
    if match is None:
        others = []
    elif match and _fewer(session, match):
        others = sorted(_rows(session, words, _MATCHED, match), key=_order)
    else:
        others = _rows(session, words, "1", limit=limit + len(first))
    return [row[0] for row in dict.fromkeys((*first, *others))][:limit]


_Row = tuple[str, str, int]  # id, search, rowid


def _order(row: _Row) -> tuple[str, int]:
    return row[1], row[2]


def _match(session: Session, words: Words) -> str | None:
    """The words in the language of the index: those of which it knows a few runs of letters. "" where there are no
    such words, None where one of them is nowhere."""
    connection = session.connection().connection.driver_connection
    assert connection is not None
    parts = []
    for ways in words:
        runs = [asked(connection, "traveller_words", way) for way in ways]
        if any(run is None for run in runs):
            continue
        known = [run for run in runs if run]
        if not known:
            return None
        parts.append("(" + " OR ".join(known) + ")")
    return " AND ".join(parts)


def _fewer(session: Session, match: str) -> bool:
    query = text(
        "SELECT count(*) FROM (SELECT 1 FROM traveller_words WHERE traveller_words MATCH :match LIMIT :most)"
    )
    count: int = session.execute(query, {"match": match, "most": MANY}).scalar_one()
    return count < MANY


def _beginning(session: Session, words: Words, begins: str, limit: int) -> list[_Row]:
    within = "search >= :from AND search < :to"
    return _rows(session, words, within, limit=limit, **{"from": begins, "to": begins + _LAST})


def _rows(
    session: Session, words: Words, within: str, match: str = "", limit: int = -1, **more: str
) -> list[_Row]:
    """Rows within a part of the table that hold every word. Which part decides how they are found, so the plus keeps
    SQLite from taking the index of merged ones, of whom there are few, for all the others."""
    values: dict[str, object] = {"limit": limit, **more}
    if match:
        values["match"] = match
    holds = []
    for at, ways in enumerate(words):
        each = []
        for number, way in enumerate(ways):
            values[f"w{at}_{number}"] = f"%{escaped(way)}%"
            each.append(f"search LIKE :w{at}_{number} ESCAPE '\\'")
        holds.append("(" + " OR ".join(each) + ")")
    query = text(
        f"SELECT id, search, rowid FROM travellers WHERE {within} AND {' AND '.join(holds)} "
        "AND +merged_into IS NULL ORDER BY search, rowid LIMIT :limit"
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query, values)]


def _by_reference(session: Session, word: str) -> Iterable[str]:
    """Travellers of the newest bookings and sales whose reference holds a word, each as often as it is found."""
    if len(word) < _SHORTEST:
        return
    if _REFERENCE.match(word):
        table = "bookings" if word.startswith("b") else "sales"
        yield from _range(session, table, word.upper())
    elif _NUMBER.match(word):  # stands nowhere but at the year
        yield from _range(session, "bookings", f"BK-{word}".upper())
        yield from _range(session, "sales", f"SA-{word}".upper())
    else:
        query = text(
            "SELECT b.traveller_id FROM reference_words w CROSS JOIN bookings b ON b.rowid = w.rowid "
            "WHERE w.words MATCH :match ORDER BY w.rowid DESC LIMIT :most"
        )
        yield from session.execute(query, {"match": quoted(word), "most": REFERENCES}).scalars()


def _range(session: Session, table: str, begins: str) -> Iterable[str]:
    query = text(
        f"SELECT traveller_id FROM {table} WHERE reference >= :from AND reference < :to "
        "ORDER BY reference DESC LIMIT :most"
    )
    yield from session.execute(query, {"from": begins, "to": begins + _LAST, "most": REFERENCES}).scalars()
