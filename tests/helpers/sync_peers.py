"""Other ways to copy an agency's rows between a file and a Postgres, to hold ours against.

None of them derives, proves or guards anything: no triggers, no foreign keys; what else each leaves out it says. They
move the same rows in the same columns, and return how many.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Column, Date, MetaData, Table, create_engine, insert, text

from travellr_desktop.storage.base import Base
from travellr_desktop.storage.wire import Kind, synced, travelling

AT_ONCE = 1_000
FETCHED = 10_000

Connection = psycopg.Connection[Any]
Way = Callable[[Path, str], int]
"""A file, and the address of the hub's database as its superuser."""


Held = Mapping[str, tuple[int, int]]
"""Rows of each table, and how many bytes their values come to as text, in the words of a file."""


def held_in(file: Path) -> Held:
    with closing(_file(file)) as here:
        return {
            table: _held(here.execute(_weighed(table, table, "length(CAST({} AS BLOB))")))
            for table in synced()
        }


def held_at(url: str, schema: str = "agency") -> Held:
    with closing(psycopg.connect(url)) as there:
        return {
            table: _held(
                there.execute(_weighed(f"({_selected(table, schema)}) AS x", table, "octet_length({}::text)"))
            )
            for table in synced()
        }


def _weighed(rows: str, table: str, size: str) -> str:
    each = " + ".join(f"coalesce({size.format(name)}, 0)" for name in travelling(table))
    return f"SELECT count(*), coalesce(sum({each}), 0) FROM {rows}"


def _held(found: Any) -> tuple[int, int]:
    count, size = found.fetchone()
    return int(count), int(size)


# into Postgres


def copy_in(file: Path, url: str) -> int:
    """COPY into tables without any key or index."""
    with _there(url, "INCLUDING DEFAULTS") as there:
        return _copied(file, there)


def copy_and_merge(file: Path, url: str) -> int:
    """COPY into tables of the session, then merged into tables with the keys, checks and indexes of the hub's."""
    with _there(url, "INCLUDING ALL") as there:
        for table in synced():
            there.execute(f"CREATE TEMP TABLE {table} (LIKE agency.{table} INCLUDING DEFAULTS)")
        done = _copied(file, there, schema="pg_temp")
        for table in synced():
            columns = ", ".join(travelling(table))
            there.execute(
                f"INSERT INTO peer.{table} ({columns}) SELECT {columns} FROM pg_temp.{table} ON CONFLICT DO NOTHING"
            )
        return done


def core_in(file: Path, url: str) -> int:
    """SQLAlchemy Core, many rows a statement, into tables without any key or index."""
    with _there(url, "INCLUDING DEFAULTS"), closing(_file(file)) as here:
        engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
        done = 0
        with engine.begin() as there:
            for table in synced():
                kinds = travelling(table)
                into = insert(Table(table, MetaData(), *(Column(name) for name in kinds), schema="peer"))
                flags = [name for name, kind in kinds.items() if kind is Kind.FLAG]
                for rows in _batches(here.execute(f"SELECT {', '.join(kinds)} FROM {table}"), AT_ONCE):
                    given = [dict(zip(kinds, row, strict=True)) for row in rows]
                    for one in given:
                        one.update({name: None if one[name] is None else bool(one[name]) for name in flags})
                    there.execute(into, given)
                    done += len(given)
        engine.dispose()
        return done


class PeerFailed(Exception):
    """It has not got to its end, and said why."""


def pgloader_in(file: Path, url: str) -> int:
    """pgloader, into tables without any key or index. It copies whole tables, so `file` is one of `bare_copy`.
    Raises `PeerFailed`."""
    program = shutil.which("pgloader")
    assert program is not None, "it is not installed"
    with _there(url, "INCLUDING DEFAULTS"), tempfile.TemporaryDirectory() as folder:
        load = Path(folder) / "all.load"
        load.write_text(
            f"LOAD DATABASE FROM sqlite://{file} INTO {url}?sslmode=disable "
            # with more rows at once its own heap is full at a million
            "WITH data only, reset no sequences, batch rows = 5000, batch size = 5 MB, prefetch rows = 5000, "
            "concurrency = 1, workers = 2 SET search_path TO 'peer';"
        )
        run = [program, "--quiet", "--root-dir", folder, str(load)]
        done = subprocess.run(run, check=False, capture_output=True, text=True)
        if done.returncode:
            raise PeerFailed(f"{done.stdout[-500:]}{done.stderr[-500:]}")
    with closing(_file(file)) as here:
        return sum(here.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in synced())


def bare_copy(file: Path, to: Path) -> Path:
    """A file of the rows that travel, and nothing else."""
    with _bare(to) as here:
        here.execute("COMMIT")
        here.execute("ATTACH ? AS whole", (str(file),))
        here.execute("BEGIN")
        for table in synced():
            here.execute(f"INSERT INTO {table} SELECT {', '.join(travelling(table))} FROM whole.{table}")
    return to


@contextmanager
def _there(url: str, like: str) -> Iterator[Connection]:
    """Tables of the hub's columns in a schema of their own, filled in one transaction."""
    with closing(psycopg.connect(url, autocommit=True)) as there:
        there.execute("DROP SCHEMA IF EXISTS peer CASCADE")
        there.execute("CREATE SCHEMA peer")
        for table in synced():
            there.execute(f"CREATE TABLE peer.{table} (LIKE agency.{table} {like})")
        with there.transaction():
            yield there


def _copied(file: Path, there: Connection, schema: str = "peer") -> int:
    done = 0
    with closing(_file(file)) as here:
        for table in synced():
            columns = ", ".join(travelling(table))
            with there.cursor().copy(f"COPY {schema}.{table} ({columns}) FROM STDIN") as copy:
                for row in here.execute(f"SELECT {columns} FROM {table}"):
                    copy.write_row(row)
                    done += 1
    return done


# into a file


def cursor_out(file: Path, url: str) -> int:
    """A cursor of the server, and `executemany` into tables without any key or index."""
    with closing(psycopg.connect(url)) as there, _bare(file) as here:
        done = 0
        for table in synced():
            with there.cursor(name="peer") as cursor:
                cursor.itersize = FETCHED
                cursor.execute(_selected(table))
                done += _added(here, table, cursor)
        return done


def copy_out(file: Path, url: str) -> int:
    """COPY, and `executemany` into tables without any key or index."""
    with closing(psycopg.connect(url)) as there, _bare(file) as here:
        done = 0
        for table in synced():
            with there.cursor().copy(f"COPY ({_selected(table)}) TO STDOUT") as copy:
                done += _added(here, table, copy.rows())
        return done


def core_out(file: Path, url: str) -> int:
    """SQLAlchemy Core on both sides, into tables without any key or index."""
    with _bare(file):
        pass
    theirs, ours = (
        create_engine(url.replace("postgresql://", "postgresql+psycopg://")),
        create_engine(f"sqlite:///{file}"),
    )
    done = 0
    with theirs.connect() as there, ours.begin() as here:
        for table in synced():
            into = insert(Table(table, MetaData(), *(Column(name) for name in travelling(table))))
            found = there.execution_options(yield_per=AT_ONCE).execute(text(_selected(table)))
            for rows in found.mappings().partitions():
                here.execute(into, [dict(row) for row in rows])
                done += len(rows)
    theirs.dispose()
    ours.dispose()
    return done


def _selected(table: str, schema: str = "agency") -> str:
    """In the words of a file, as ours asks for them."""
    columns = Base.metadata.tables[table].columns
    words = (
        f"{name}::text AS {name}" if isinstance(columns[name].type, Date) else _in_words(name, kind)
        for name, kind in travelling(table).items()
    )
    return f"SELECT {', '.join(words)} FROM {schema}.{table}"


def _in_words(name: str, kind: Kind) -> str:
    if kind is Kind.ID:
        return f"replace({name}::text, '-', '') AS {name}"
    if kind is Kind.MOMENT:
        return f"""to_char({name} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS {name}"""
    if kind is Kind.FLAG:
        return f"{name}::integer AS {name}"
    return name


@contextmanager
def _bare(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file, isolation_level=None)) as here:
        here.execute("PRAGMA journal_mode = OFF")
        here.execute("PRAGMA synchronous = OFF")
        here.execute("BEGIN")
        for table in synced():
            here.execute(f"CREATE TABLE {table} ({', '.join(travelling(table))})")
        yield here
        here.execute("COMMIT")


def _added(here: sqlite3.Connection, table: str, rows: Iterable[Any]) -> int:
    marks = ", ".join("?" * len(travelling(table)))
    return max(here.executemany(f"INSERT INTO {table} VALUES ({marks})", rows).rowcount, 0)


def _file(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def _batches(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    rest = iter(rows)
    while some := list(islice(rest, size)):
        yield some
