"""A profile with very many sales of which only some were made: what the services wrote of those is written again.

What a desk writes is all in its changes, an op for each transaction. So the ops of some sales are replayed, over and
over, with other ids, references and moments: the same statements on the same tables, past the same triggers and checks,
each op sealed, with its events. The sandbox's objects are copied with them; what it keeps for a day (keys), and what it
told of them (events), is not.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from helpers.tampering import as_chained
from travellr_desktop.domain.ledger import CHAIN_START, chain_hash
from travellr_desktop.storage.base import utc_moment, utc_text
from travellr_desktop.storage.bulk import BulkFile
from travellr_desktop.storage.commits import Commit

HELD = timedelta(minutes=15)
OBJECTS = ("intents", "charges", "refunds", "balance_transactions")
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_FLUSHED = 1_000


@dataclass(frozen=True)
class Sale:
    """What was written at one moment, as JSON: ops with their changes, events, and the provider's objects. `names` are
    the ids, references and moments in it that every copy has of its own; `made` those that are ids, as they follow."""

    at: datetime
    text: str
    names: re.Pattern[str]
    made: tuple[str, ...]
    refs: tuple[str, ...]
    numbers: tuple[str, ...]
    codes: tuple[str, ...]


def sales_since(folder: Path, before: Path) -> list[Sale]:
    """What was sold in a profile since a copy of it was made. No two sales may be of one moment."""
    with closing(_opened(before / "travellr.db")) as db:
        (last,) = db.execute("SELECT max(op_no) FROM ops").fetchone()
    with closing(_opened(before / "sandbox.db")) as db:
        ends = {
            name: db.execute(f"SELECT coalesce(max(seq), 0) FROM {name}").fetchone()[0] for name in OBJECTS
        }
    with closing(_opened(folder / "travellr.db")) as db, closing(_opened(folder / "sandbox.db")) as provider:
        objects: defaultdict[int, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
        for name in OBJECTS:
            for row in provider.execute(f"SELECT * FROM {name} WHERE seq > ? ORDER BY seq", (ends[name],)):
                objects[row["created"]].append((name, {key: row[key] for key in row.keys() if key != "seq"}))  # noqa: SIM118
        moments = [
            row[0]
            for row in db.execute("SELECT DISTINCT at FROM ops WHERE op_no > ? ORDER BY op_no", (last,))
        ]
        return [_sale(db, at, last, objects[int(utc_moment(at).timestamp())]) for at in moments]


def _sale(db: sqlite3.Connection, at: str, last: int, objects: list[tuple[str, dict[str, Any]]]) -> Sale:
    ops, made, numbers, codes = [], list[str](), list[str](), list[str]()
    for op in db.execute(
        "SELECT * FROM ops WHERE at = ? AND op_no > ? ORDER BY op_no", (at, last)
    ).fetchall():
        changes = []
        for one in db.execute("SELECT * FROM changes WHERE op_no = ? ORDER BY id", (op["op_no"],)):
            fields = json.loads(one["fields"])
            changes.append((one["table_name"], one["row_id"], one["kind"], fields))
            if one["kind"] == "I":
                made.append(one["row_id"])
                numbers += [fields["reference"]] if one["table_name"] in ("sales", "bookings") else []
                codes += [fields["voucher_code"]] if one["table_name"] == "bookings" else []
        ops.append((op["name"], op["actor_id"], changes))
    found = db.execute("SELECT * FROM outbox_events WHERE timestamp = ? ORDER BY id", (at,)).fetchall()
    events = [{key: row[key] for key in row.keys()} for row in found]  # noqa: SIM118 - a row's own
    made += [event["id"] for event in events]
    refs = sorted(row["id"] for _, row in objects)
    moment = utc_moment(at)
    times = [*_times(moment), *_times(moment + HELD)]
    olds = chain(made, (str(UUID(each)) for each in made), refs, numbers, codes, times)
    return Sale(
        at=moment,
        text=json.dumps({"ops": ops, "events": events, "objects": objects}),
        names=re.compile("|".join(re.escape(each) for each in sorted(olds, key=len, reverse=True))),
        made=tuple(sorted(made)),
        refs=tuple(refs),
        numbers=tuple(sorted(numbers)),
        codes=tuple(codes),
    )


def _times(moment: datetime) -> tuple[str, str]:
    """A moment as columns have it, and as events do."""
    return utc_text(moment), moment.isoformat()


class Grower:
    """Writes sales again into a profile that nobody has open. `finish` at the end."""

    def __init__(self, folder: Path) -> None:
        self._file = BulkFile(folder / "travellr.db")
        self._provider = sqlite3.connect(folder / "sandbox.db", isolation_level=None)
        self._provider.execute("BEGIN")
        self._random, self._made, self._written = Random(1), 0, 0
        self._codes: set[str] = set()
        series = self._file.rows("SELECT id, kind, next FROM number_series")
        self._kinds = {row_id: kind for row_id, kind, _ in series}
        self._next = {kind: following for _, kind, following in series}
        end = self._file.rows("SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1")
        self._seq, self._hash = end[0] if end else (0, CHAIN_START)

    def write(self, sale: Sale, at: datetime) -> None:
        """One more sale like that, at another moment."""
        news = self._news(sale, at)
        told = json.loads(sale.names.sub(lambda found: news[found[0]], sale.text))
        now = utc_text(at)
        for name, actor, changes in told["ops"]:
            for table, row_id, kind, fields in changes:
                self._change(table, row_id, kind, fields)
            self._file.seal(Commit(name), actor, now)
        for event in told["events"]:
            self._insert(self._file, "outbox_events", event | {"published_at": now})
        later = round((at - sale.at).total_seconds())
        for table, row in told["objects"]:
            row |= {key: row[key] + later for key in ("created", "available_on") if key in row}
            self._insert(self._provider, table, row)
        self._written += 1
        if self._written % _FLUSHED == 0:
            self._file.flush()

    def finish(self) -> None:
        self._file.finish()
        self._provider.execute("COMMIT")
        self._provider.close()

    def _news(self, sale: Sale, at: datetime) -> Mapping[str, str]:
        """What stands in the copy for each of the names."""
        news: dict[str, str] = {}
        for order, old in enumerate(sale.made):
            self._made += 1
            value = int(at.timestamp() * 1000) << 80 | 7 << 76 | order << 64 | 2 << 62 | self._made
            news[old] = f"{value:032x}"
            news[str(UUID(old))] = str(UUID(news[old]))
        for old in sale.refs:
            news[old] = f"{old.partition('_')[0]}_{self._letters(24)}"
        for old in sale.numbers:
            kind = old[:2]
            news[old] = f"{old[:8]}{self._next[kind]:06d}"
            self._next[kind] += 1
        for old in sale.codes:
            letters = self._letters(8)
            while letters in self._codes:
                letters = self._letters(8)
            self._codes.add(letters)
            news[old] = f"{letters[:4]}-{letters[4:]}"
        for moment, again in ((sale.at, at), (sale.at + HELD, at + HELD)):
            news |= dict(zip(_times(moment), _times(again), strict=True))
        return news

    def _letters(self, count: int) -> str:
        number = self._random.getrandbits(5 * count)
        return "".join(_LETTERS[number >> 5 * place & 31] for place in range(count))

    def _change(self, table: str, row_id: str, kind: str, fields: dict[str, Any]) -> None:
        if table == "ledger":
            self._seq += 1
            fields |= {"seq": self._seq, "prev_hash": self._hash}
            fields["hash"] = self._hash = chain_hash(self._hash, as_chained(fields))
        if table == "number_series":
            fields = {"next": self._next[self._kinds[row_id]]}
        if kind == "I":
            self._insert(self._file, table, fields | {"version": 1})
        else:
            what = ", ".join(f"{name} = ?" for name in fields)
            self._file.execute(
                f"UPDATE {table} SET {what}, version = version + 1 WHERE id = ?", (*fields.values(), row_id)
            )

    @staticmethod
    def _insert(into: BulkFile | sqlite3.Connection, table: str, row: Mapping[str, Any]) -> None:
        marks = ", ".join("?" * len(row))
        into.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    return connection
