"""Finding words anywhere in the texts of a list, by trigrams where there are any.

Each word that was typed stands somewhere in one of the texts of a row; that is all a search means, and called as a
function `Search` says it as a plain condition. On a million rows that condition alone takes seconds, so a `Finder`
looks first how many rows a word can be in (a count that stops early) and then takes one of three ways:

- few rows: they are collected by the indexes, and only they are looked at;
- many: the rows are walked in the order they are shown in, and each is looked at, until there are enough;
- many, but not where the walk begins: sets of what matches are made once, and each row is held against them.

All ways ask the plain condition, or what is the same, of every row they hand out: they differ in time alone.
See docs/decisions/0012-words-are-found-by-three-ways.md.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from travellr_desktop.storage.conditions import Condition, contains, escaped

FEW = 5_000
"""Owners of a text (a traveller, a booking by its reference) that are collected before anything is shown."""

SOME = 60_000
"""Owners that are collected when all rows are ordered; beyond that, sets are cheaper."""

FEW_ROWS = 10_000
"""Rows of the list that are collected before anything is shown: one traveller may have very many bookings."""

WALK = 400_000
"""Steps of SQLite's machine that a walk may take before it is given up: some hundredths of a second. Counted, not
timed, so that the same file is read the same way every time."""

FILL_WORDS = (
    "INSERT INTO traveller_words (rowid, words) SELECT rowid, search || '  ' FROM travellers",
    "INSERT INTO reference_words (rowid, words) SELECT b.rowid, b.reference || ' ' || s.reference || '  ' "
    "FROM bookings b JOIN sales s ON s.id = b.sale_id",
)
"""Make the trigrams of a file whose rows came without their triggers. After each text two spaces: so every letter
begins three."""

_TERMS = 120  # trigrams that a word of one letter or two may begin
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Source:
    """One place in which words are looked for. All strings are SQL.

    `texts` are folded texts as the list's own statements name them. `owner` is the table, with its alias, whose
    rows hold them; `rows` joins from there to the list's table; `index` is a table of trigrams (see
    `migrations/desk`) whose rowids are the owner's, or "" where the owner has few rows and is scanned. `link` is
    the expression of the list and the expression of the owner that are equal where they belong together.
    """

    texts: tuple[str, ...]
    owner: str
    link: tuple[str, str]
    rows: str = ""
    index: str = ""
    plain: bool = False
    """The texts are ASCII: what the trigrams say of a word in ASCII needs no second look."""
    long: bool = False
    """The owner has as many rows as the list and no index: it is scanned only where a walk has not found enough."""

    @property
    def alias(self) -> str:
        return self.owner.split()[-1]

    @property
    def whole(self) -> bool:
        """Whether the owner's row alone says what stands in the texts."""
        return all(text.startswith(f"{self.alias}.") for text in self.texts)


class Search:
    """The sources of a list. Called with what was typed it gives the plain condition."""

    def __init__(self, *sources: Source, fold: Callable[[str], str]) -> None:
        self.sources = sources
        self.fold = fold
        self._plain = contains(*(text for source in sources for text in source.texts), fold=fold)

    def __call__(self, text: str) -> Condition:
        return self._plain(text)


@dataclass(slots=True)
class _Place:
    """A source in which some words are to be found: how many owners there are, at most `SOME` + 1, or None where
    nobody knows without reading all. `match` is what the trigrams are asked."""

    source: Source
    words: tuple[str, ...]
    match: str = ""
    owners: int | None = None

    @property
    def sure(self) -> bool:
        """Whether what `matching` gives does match."""
        return self.source.whole or (self.source.plain and all(word.isascii() for word in self.words))

    def matching(self, wanted: str, limit: int | None = None) -> Condition:
        """`wanted`, of each owner in which the words may stand."""
        source = self.source
        whole = [_like(source.texts, word) for word in self.words] if source.whole else []
        if self.match and not whole and wanted == f"{source.alias}.rowid":
            wanted, tables = f"{source.index}.rowid", source.index
            where = [Condition(f"{source.index} MATCH ?", (self.match,))]
        elif self.match:
            by_rowid = (
                f"{source.index} CROSS JOIN {source.owner} ON {source.alias}.rowid = {source.index}.rowid"
            )
            tables, where = by_rowid, [Condition(f"{source.index} MATCH ?", (self.match,)), *whole]
        else:
            tables, where = source.owner, whole
        if wanted not in (source.link[1], f"{source.index}.rowid"):
            tables += f" {source.rows}"
        condition = _all(where)
        ending = "" if limit is None else f" LIMIT {limit}"
        return Condition(f"SELECT {wanted} FROM {tables} WHERE {condition.sql}{ending}", condition.values)

    def probe(self) -> Condition:
        """Whether the words stand in the texts of a row."""
        return _all([_like(self.source.texts, word) for word in self.words])

    def member(self) -> Condition:
        """The same by a set that is made once; or by looking, where the set would not be small."""
        source = self.source
        if self.owners is None:
            return self.probe()
        by_rowid = self.sure and not source.whole  # a set of numbers, straight from the trigrams
        if self.owners > SOME and not by_rowid:
            return self.probe()
        matching = self.matching(source.link[1])
        # with the plus SQLite does not begin with the set's rows, out of their order
        parts = [Condition(f"+{source.link[0]} IN ({matching.sql})", matching.values)]
        return _all(parts if self.sure else [*parts, self.probe()])


@dataclass(slots=True)
class Found:
    """What a finder learned of its words. `each` holds for the rows that are found and for no other; `sets` too,
    and costs less where nearly every row is asked; `left` is what is still to be asked of rows that were
    collected. `owners` is how many the rarest words have, None for many."""

    each: Condition
    left: Condition
    sets: Condition
    owners: int | None
    rarest: tuple[_Place, ...] = field(default=())


class Finder:
    """The words of one query. `key` is the key of the list's rows. Works on one connection at a time, which must
    be able to write temporary tables."""

    def __init__(self, search: Search, text: str, key: str) -> None:
        self._search = search
        self._key = key
        self._words = tuple(dict.fromkeys(search.fold(text).split()))

    def look(self, connection: sqlite3.Connection, *, patient: bool = False) -> Found:
        """Count, and stop early; with `patient` also what has to be scanned for that."""
        sources = self._search.sources
        by_word = [
            [place for source in sources if (place := self._place(connection, source, (word,), patient))]
            for word in self._words
        ]
        groups = [tuple(places) for places in by_word]
        groups += self._together(connection, by_word)
        counted = [(_owners(group), group) for group in groups]
        known = [(owners, group) for owners, group in counted if owners is not None]
        owners, rarest = min(known, key=lambda one: one[0]) if known else (None, ())
        each = [
            _any([place.probe() if place.source.index else place.member() for place in places])
            for places in by_word
        ]
        # what was collected has been looked at already where the owner's row says it all
        left = [
            condition for condition, places in zip(each, by_word, strict=True) if not _covers(rarest, places)
        ]
        sets = _all([_any([place.member() for place in places]) for places in by_word])
        return Found(
            _all(each), _all(left), sets, None if owners is not None and owners > SOME else owners, rarest
        )

    def collect_few(self, connection: sqlite3.Connection, found: Found) -> bool:
        """As `collect`, where the rows that the rarest words may be in are few; else False."""
        if found.owners is None or found.owners > FEW:
            return False
        keys: set[tuple[object]] = set()
        for place in found.rarest:
            rows = place.matching(self._key, FEW_ROWS + 1)
            these = connection.execute(rows.sql, rows.values).fetchall()
            keys.update(these)
            if max(len(these), len(keys)) > FEW_ROWS:
                return False
        self._empty(connection)
        connection.executemany("INSERT INTO temp.found VALUES (?)", keys)
        return True

    def collect(self, connection: sqlite3.Connection, found: Found) -> None:
        """Write the keys of all rows that the rarest words may be in into `temp.found`."""
        self._empty(connection)
        for place in found.rarest:
            rows = place.matching(self._key)
            connection.execute(f"INSERT OR IGNORE INTO temp.found {rows.sql}", rows.values)

    @staticmethod
    def _empty(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TEMP TABLE IF NOT EXISTS found (key INTEGER PRIMARY KEY)")
        connection.execute("DELETE FROM temp.found")

    def _together(
        self, connection: sqlite3.Connection, by_word: Sequence[Sequence[_Place]]
    ) -> Iterable[tuple[_Place, ...]]:
        """Words that can only stand in one and the same source are looked for there together: each may be common,
        and all of them in one text rare."""
        only: dict[Source, list[str]] = {}
        for places in by_word:
            if len(places) == 1 and places[0].match:
                only.setdefault(places[0].source, []).extend(places[0].words)
        for source, words in only.items():
            if len(words) > 1:
                place = self._place(connection, source, tuple(words), True)
                yield (place,) if place is not None else ()

    def _place(
        self, connection: sqlite3.Connection, source: Source, words: tuple[str, ...], patient: bool
    ) -> _Place | None:
        """The words in a source; None where they are nowhere in it."""
        place = _Place(source, words)
        if source.long and not patient:
            return place
        if source.index:
            parts = [asked(connection, source.index, word) for word in words]
            if "" in parts:
                return None
            if any(one is None for one in parts):
                return place  # so short that it is nearly everywhere
            place.match = " AND ".join(one for one in parts if one is not None)
            counting = Condition(
                f"SELECT 1 FROM {source.index} WHERE {source.index} MATCH ? LIMIT {SOME + 1}", (place.match,)
            )
        else:
            counting = place.matching("1", SOME + 1)
        (place.owners,) = connection.execute(
            f"SELECT count(*) FROM ({counting.sql})", counting.values
        ).fetchone()
        return place if place.owners else None


def asked(connection: sqlite3.Connection, index: str, word: str) -> str | None:
    """What an index of trigrams is asked for a word: the word itself, or all trigrams that a short one begins. "" for
    one that begins none, None for one that begins too many."""
    if len(word) >= 3:
        return quoted(word)
    name = f"{index}_terms"
    connection.execute(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.{name} USING fts5vocab('main', '{index}', 'row')"
    )
    # every text ends with two spaces, so each of its letters begins a trigram
    terms = connection.execute(
        f"SELECT term FROM temp.{name} WHERE term >= ? AND term < ? LIMIT {_TERMS + 1}",
        (word, word + _LAST),
    ).fetchall()
    if len(terms) > _TERMS:
        return None
    return "(" + " OR ".join(quoted(term) for (term,) in terms) + ")" if terms else ""


def _covers(rarest: Sequence[_Place], places: Sequence[_Place]) -> bool:
    """Whether all places of a word are among the rarest, and each looks at its text itself."""
    return (
        bool(rarest)
        and len(rarest) == len(places)
        and all(
            place.sure
            and any(one.source is place.source and set(place.words) <= set(one.words) for one in rarest)
            for place in places
        )
    )


def walked(connection: sqlite3.Connection, sql: str, values: Sequence[object]) -> list[tuple[object]] | None:
    """All rows of a statement, or None where it took more than `WALK` steps."""
    gave_up: list[int] = []

    def enough() -> int:
        gave_up.append(1)
        return 1

    connection.set_progress_handler(enough, WALK)
    try:
        return connection.execute(sql, values).fetchall()
    except sqlite3.OperationalError:
        if gave_up:
            return None
        raise
    finally:
        connection.set_progress_handler(None, 0)


def _owners(group: Iterable[_Place]) -> int | None:
    """How many owners there are in all; None where one of them cannot be counted."""
    total = 0
    for place in group:
        if place.owners is None:
            return None
        total += place.owners
    return total


def _like(texts: Iterable[str], word: str) -> Condition:
    pattern = f"%{escaped(word)}%"
    return _any([Condition(f"{text} LIKE ? ESCAPE '\\'", (pattern,)) for text in texts])


def quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _all(parts: Sequence[Condition]) -> Condition:
    return _joined(parts, " AND ", "1")


def _any(parts: Sequence[Condition]) -> Condition:
    return _joined(parts, " OR ", "0")


def _joined(parts: Sequence[Condition], word: str, empty: str) -> Condition:
    if not parts:
        return Condition(empty)
    sql = word.join(part.sql if len(parts) == 1 else f"({part.sql})" for part in parts)
    return Condition(sql, tuple(value for part in parts for value in part.values))
