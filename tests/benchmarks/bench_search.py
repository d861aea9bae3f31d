"""Finding travellers while typing, beside a scan with LIKE.

    python tests/benchmarks/bench_search.py [--file PROFILE] [--travellers N] [--bookings N]

Each question is asked of `services.travellers.search` as the desk asks it: one answer a key that was pressed, with
names, contacts, bookings, notes and likely duplicates of the first rows. The peer is what a program would do without
an index of words: one LIKE for each word over the folded texts (or over references), sorted by name, the first rows.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from helpers.desk import CASH, desk_at, open_at
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.domain.text import fold, name_key, phone_key, search_text
from travellr_desktop.services.travellers import TravellerService
from travellr_desktop.storage.paging import read_connection

TRAVELLERS, BOOKINGS = 500_000, 1_000_000
ROWS = 8
"""As many as the desk's box and the palette ask for at most."""
TIMES = 9
GOAL_MS = 50.0

FIRST = (
    *(
        "Jovana",
        "Marko",
        "Ana",
        "Petar",
        "Milica",
        "Dragan",
        "Đorđe",
        "Zoran",
        "Müller",
        "Hans",
        "Jürgen",
        "Stefan",
    ),
    *(
        "François",
        "Élodie",
        "Søren",
        "Łukasz",
        "Ivana",
        "Nikola",
        "Goran",
        "Luka",
        "Maja",
        "Mina",
        "Sara",
        "Emma",
    ),
    *("Noah", "Liam", "Olivia", "Yusuf", "Zeynep", "Mei", "Wei", "Priya", "Arjun", "Carlos", "Lucía"),
)
ENDS = ("vić", "ić", "ski", "sson", "er", "mann", "ová", "", "")

QUESTIONS = (
    ("a first name", "jovana"),
    ("a last name, accents forgiven", "dukic"),
    ("part of a name", "ovan"),
    ("two words, order forgiven", "ić jovana"),
    ("two letters that many have", "an"),
    ("two letters that few have", "qx"),
    ("one letter", "z"),
    ("a number as it is dialled", "069555410"),
    ("part of an email", "e123456@"),
    ("nobody", "nobody of that name"),
    ("a reference", "BK-2026-004159"),
    ("part of a reference", "041590"),
)


def run(file: Path | None = None, travellers: int = TRAVELLERS, bookings: int = BOOKINGS) -> dict[str, Any]:
    """Rows of {name, ours, peer, ratio, goal}: milliseconds until the first rows are there, ours and the scan's.

    `file` is a profile made beforehand, which is only read; else one is made."""
    with tempfile.TemporaryDirectory() as made:
        folder = file or Path(made) / "profile"
        if file is None:
            make(folder, travellers, bookings)
        program = open_at(folder)
        with closing(program), closing(read_connection(program.profile.database)) as scan:
            return {"rows": list(_rows(program.services.travellers, scan))}


def _rows(service: TravellerService, scan: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    for name, text in QUESTIONS:

        def ours(text: str = text) -> object:
            return service.search(SYSTEM, text, ROWS)

        def peer(text: str = text) -> object:
            return _like(scan, text)

        mine, theirs = _median_ms(ours), _median_ms(peer)
        row = {
            "name": f"{name}: {text}",
            "ours": mine,
            "peer": theirs,
            "ratio": theirs / mine,
            "goal": GOAL_MS,
        }
        yield row


def _median_ms(ask: Callable[[], object]) -> float:
    ask()
    times = []
    for _ in range(TIMES):
        began = time.perf_counter()
        ask()
        times.append(time.perf_counter() - began)
    return 1000 * statistics.median(times)


def _like(scan: sqlite3.Connection, text: str) -> list[tuple[str, ...]]:
    words = [f"%{word}%" for word in fold(text).split()]
    where = " AND ".join(["+search LIKE ?"] * len(words))
    found = scan.execute(
        f"SELECT id, name FROM travellers NOT INDEXED WHERE {where} ORDER BY +search LIMIT {ROWS}", words
    ).fetchall()
    if not found and len(words) == 1:
        found = scan.execute(
            "SELECT b.id, b.reference FROM bookings b JOIN sales s ON s.id = b.sale_id "
            f"WHERE b.reference || ' ' || s.reference LIKE ? ORDER BY b.rowid DESC LIMIT {ROWS}",
            words,
        ).fetchall()
    return found


# a file to ask


def make(folder: Path, travellers: int, bookings: int) -> None:
    """A file whose travellers and references are many. It is for searching alone: its rows are written without the
    triggers that keep a true file whole."""
    with desk_at(folder) as desk:
        sale = desk.sell(desk.hold(desk.add_departure()), pay=CASH)
        database = desk.profile.database
        booking_id = sale.bookings[0].id
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in names:
            if not name.startswith("words_"):
                connection.execute(f"DROP TRIGGER {name}")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        ids = _add_travellers(connection, travellers)
        _add_bookings(connection, booking_id, ids, bookings)
        connection.execute("COMMIT")


def _insert(connection: sqlite3.Connection, table: str, pattern: sqlite3.Row, **own: object) -> str:
    columns = pattern.keys()
    values = ", ".join("?" if column in own else _literal(pattern[column]) for column in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({values})"


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"


def _add_travellers(connection: sqlite3.Connection, count: int) -> list[str]:
    chance = random.Random(11)
    pattern = connection.execute("SELECT * FROM travellers LIMIT 1").fetchone()
    own = ("id", "name", "email", "phone", "search", "name_key", "phone_key")
    in_order = [column for column in pattern.keys() if column in own]  # noqa: SIM118 - a row is no mapping
    parts = [a + b for a in "bcdgjklmnprstvz" for b in "aeiou"]
    last = ["".join(chance.choices(parts, k=chance.randint(2, 3))).title() for _ in range(20_000)]
    ids: list[str] = []

    def rows() -> Iterator[tuple[object, ...]]:
        for number in range(count):
            name = f"{chance.choice(FIRST)} {chance.choice(last)}{chance.choice(ENDS)}"
            if number % 25_000 == 7:
                name = "Jovana Đukić"
            email = f"{fold(name)[0]}{number}@example.org" if number % 3 else ""
            phone = f"+382 {chance.randint(60, 69)} {chance.randint(100, 999)} {chance.randint(100, 999)}"
            if number == count // 2:
                phone = "+382 69 555 410"
            row = {"id": UUID(int=chance.getrandbits(128)).hex, "name": name, "email": email, "phone": phone}
            row |= {"search": search_text(name, email, phone), "name_key": name_key(name)}
            row["phone_key"] = phone_key(phone)
            ids.append(row["id"])
            yield tuple(row[column] for column in in_order)

    connection.executemany(_insert(connection, "travellers", pattern, **dict.fromkeys(own)), rows())
    return ids


def _add_bookings(connection: sqlite3.Connection, like: UUID, ids: list[str], count: int) -> None:
    chance = random.Random(12)
    booking = connection.execute("SELECT * FROM bookings WHERE id = ?", (like.hex,)).fetchone()
    sale = connection.execute("SELECT * FROM sales WHERE id = ?", (booking["sale_id"],)).fetchone()
    for table, pattern, own in (
        ("sales", sale, ("id", "reference", "traveller_id")),
        ("bookings", booking, ("id", "reference", "voucher_code", "sale_id", "traveller_id", "hold_id")),
    ):
        in_order = [column for column in pattern.keys() if column in own]  # noqa: SIM118
        kind = "SA" if table == "sales" else "BK"

        def rows(kind: str = kind, in_order: list[str] = in_order) -> Iterator[tuple[object, ...]]:
            for number in range(2, count + 2):
                row = {
                    "id": f"{kind}{number:030}",
                    "reference": f"{kind}-{2020 + number % 7}-{number:06}",
                    "traveller_id": ids[chance.randrange(len(ids))],
                    "voucher_code": f"V{number}",
                    "sale_id": f"SA{number:030}",
                    "hold_id": None,
                }
                yield tuple(row[column] for column in in_order)

        connection.executemany(_insert(connection, table, pattern, **dict.fromkeys(own)), rows())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--file", type=Path)
    parser.add_argument("--travellers", type=int, default=TRAVELLERS)
    parser.add_argument("--bookings", type=int, default=BOOKINGS)
    given = parser.parse_args()
    for row in run(given.file, given.travellers, given.bookings)["rows"]:
        print({name: round(value, 2) if isinstance(value, float) else value for name, value in row.items()})


if __name__ == "__main__":
    main()
