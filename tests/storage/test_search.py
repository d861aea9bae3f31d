"""Words found by trigrams, by walking and by sets: always the rows that a plain scan finds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travellr_desktop.domain.text import fold, name_key, phone_key, search_text
from travellr_desktop.errors import Cancelled
from travellr_desktop.storage import search, startup
from travellr_desktop.storage.conditions import Condition
from travellr_desktop.storage.list_spec import ListQuery, ListSpec
from travellr_desktop.storage.paging import Snapshot, read_connection
from travellr_desktop.storage.repositories.lists import BOOKINGS, PAYMENTS, VENDOR_SCOPE

NAMES = (
    "Milica Đukić", "Jürgen Müßig", "王小明", "欧阳娜娜", "Ng Wai", "O Kim", "X Æ Lee", "Þór", "Nguyễn Thị Ánh",
    "Ana Vuković", "Ana Marija Anić", "José Ramírez", "50% Off_Season", "O'Brian \"Bo\"", "İnce Fırat",
    "Giulia Sant'Angelo", "Σίσυφος", "ΑΝΝΑ", "שירה בן־דוד", "محمد عبد الله", "अमित कुमार", "ſtraße", "back\\slash",
)  # fmt: skip
TITLES = ("Kayak to the Blue Cave", "Ana's walk", "Žabljak 50% off", "An evening", "Đerdap gorge")
BOOKED = 300
SHOWN = 20


def _id(kind: str, number: int) -> str:
    return f"{ord(kind):04x}{number:028x}"


def fill(path: Path) -> None:
    """Bookings of people of many languages, through the tables and triggers that the program has; what no list
    reads is left out."""
    rng = Random(7)
    startup.prepare(path, path.parent / "backups")
    with closing(sqlite3.connect(path)) as db:
        for (name,) in db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name NOT LIKE 'words%'"
        ).fetchall():
            db.execute(f"DROP TRIGGER {name}")

        def add(table: str, **values: object) -> None:
            known = {row[1] for row in db.execute(f"PRAGMA table_info({table})")}
            assert values.keys() <= known
            needed = {
                row[1]: 0 if row[2] == "INTEGER" else ""
                for row in db.execute(f"PRAGMA table_info({table})")
                if row[3] and row[4] is None
            }
            row = {**needed, "version": 1, **values}
            marks = ", ".join("?" * len(row))
            db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))

        for number in range(3):
            add("vendors", id=_id("v", number), name=f"Vendor {number}", commission_bps=1000, holdback_days=2)
        for number, title in enumerate(TITLES):
            add(
                "trips", id=_id("t", number), vendor_id=_id("v", number % 3), title=title, search=fold(title),
                place="Kotor", zone="UTC", duration_min=60, currency="EUR", policy="{}",
            )  # fmt: skip
            at = f"2026-07-0{number + 1}T08:00:00.000000Z"
            add(
                "departures", id=_id("d", number), trip_id=_id("t", number), starts_at=at, cutoff_at=at,
                ends_at=at[:11] + "09:00:00.000000Z", zone="UTC", local_day=at[:10], local_time="08:00",
                capacity=10, state="open",
            )  # fmt: skip
        people = [*NAMES, *(f"{rng.choice(NAMES)} {rng.choice(NAMES)}" for _ in range(40))]
        for number, name in enumerate(people):
            email = f"guest{number}@example.com" if number % 3 else ""
            phone = f"+382 67 555 {number:03d}" if number % 2 else ""
            add(
                "travellers", id=_id("p", number), name=name, email=email, phone=phone,
                search=search_text(name, email, phone), name_key=name_key(name), phone_key=phone_key(phone),
                created_at="2026-01-01T00:00:00.000000Z",
            )  # fmt: skip
        for number in range(BOOKED):
            at = f"2026-0{number % 6 + 1}-10T08:{number % 60:02d}:00.000000Z"
            person, trip = _id("p", rng.randrange(len(people))), rng.randrange(len(TITLES))
            add(
                "sales", id=_id("s", number), reference=f"SA-{2020 + number % 7}-{number:06d}", created_at=at,
                desk_id="0" * 32, traveller_id=person, currency="EUR",
            )  # fmt: skip
            add(
                "bookings", id=_id("b", number), reference=f"BK-{2020 + number % 7}-{number * 7:06d}",
                voucher_code=f"{number:04d}-AAAA", sale_id=_id("s", number), departure_id=_id("d", trip),
                trip_id=_id("t", trip), vendor_id=_id("v", trip % 3), traveller_id=person, grant_id="0" * 32,
                state=("completed", "confirmed", "cancelled")[number % 3], currency="EUR", price=number % 50 * 100,
                policy="{}", created_at=at,
            )  # fmt: skip
            add(
                "payments", id=_id("m", number), sale_id=_id("s", number), way="card", amount=100 + number,
                currency="EUR", state="completed", label=f"Visa ending {number % 9}242", created_at=at,
                provider_ref=f"pi_{number}Ana" if number % 4 else None,
            )  # fmt: skip
            if number % 10 == 0:
                add(
                    "refunds", id=_id("r", number), booking_id=_id("b", number), payment_id=_id("m", number),
                    amount=50 + number, currency="EUR", state="failed" if number % 3 else "completed", created_at=at,
                )  # fmt: skip
        db.commit()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("search") / "desk.db"
    fill(path)
    return path


def plain(spec: ListSpec[Any]) -> ListSpec[Any]:
    """The same list, searched by the plain condition alone."""
    made = spec.search
    assert made is not None
    return replace(spec, search=lambda text: made(text))  # noqa: PLW0108 - no Search any more, whose indexes would be used


def answers(file: Path, spec: ListSpec[Any], query: ListQuery, *scope: Condition) -> tuple[Any, ...]:
    """All that a table asks of a list."""
    with closing(Snapshot(lambda: read_connection(file), spec, query, scope=scope)) as rows:
        first = rows.first(SHOWN)
        count = rows.index()
        return first, count, rows.page(0, BOOKED), rows.totals()


@pytest.fixture(params=["as it is", "nothing is few", "walks give up", "everything is many"])
def limits(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The same small file read in each of the ways that are meant for large ones."""
    few, some, walk = {
        "as it is": (search.FEW, search.SOME, search.WALK),
        "nothing is few": (0, search.SOME, search.WALK),
        "walks give up": (0, search.SOME, 200),
        "everything is many": (0, 0, 200),
    }[request.param]
    monkeypatch.setattr(search, "FEW", few)
    monkeypatch.setattr(search, "SOME", some)
    monkeypatch.setattr(search, "WALK", walk)
    return str(request.param)


TYPED = (
    "đukić", "DJUKIC", "dukic", "muller", "mussig", "王小", "王", "阳娜", "ng", "o kim", "æ", "ae", "an", "a", "ana",
    "ana ana", "ana kayak", "an' w", "50%", "f_s", "%", "_", '"bo"', '"', "'", "\\", "k\\s", "bk-2022", "2022 ana",
    "sa-2021-000001", "000042", "example.com", "ki\u0107", "zzz", "zzz ana", "  ", "ince", "σισυ", "αννα", "דוד",
    "عبد", "67 555", "-", "*", "ana*", "NOT", "ana OR kim", "(", "blue cave müller", "ſtr", "strasse", "e", "0",
)  # fmt: skip


@pytest.mark.usefixtures("limits")
@pytest.mark.parametrize("text", TYPED)
def test_each_way_finds_the_rows_that_a_plain_scan_finds(file: Path, text: str) -> None:
    query = ListQuery(text=text)
    assert answers(file, BOOKINGS, query) == answers(file, plain(BOOKINGS), query)
    assert answers(file, PAYMENTS, query) == answers(file, plain(PAYMENTS), query)


def _pieces() -> st.SearchStrategy[str]:
    """What people type: pieces of what is there, whole or spoilt, and anything else."""
    texts = st.sampled_from(
        [*NAMES, *TITLES, "BK-2023-000021", "SA-2020-000007", "guest7@example.com", "67 555 01"]
    )
    bounds = st.tuples(st.integers(0, 12), st.integers(1, 9))
    piece = st.builds(lambda text, cut: text[cut[0] : cut[0] + cut[1]], texts, bounds)
    typed = st.one_of(
        piece, piece.map(str.upper), st.text(max_size=4), st.sampled_from(["%", "_", '"', "\\"])
    )
    return st.lists(typed, max_size=3).map(" ".join)


@pytest.mark.usefixtures("limits")
@given(
    text=_pieces(),
    sort=st.sampled_from(["booked", "total", "traveller", "trip"]),
    descending=st.booleans(),
    state=st.sampled_from([None, "confirmed", ("completed", "cancelled")]),
    scoped=st.booleans(),
)
def test_whatever_is_typed_with_any_sort_filter_and_scope(
    file: Path, text: str, sort: str, descending: bool, state: object, scoped: bool
) -> None:
    query = ListQuery(text, {"state": state}, sort, descending)
    scope = [VENDOR_SCOPE(_id("v", 1))] if scoped else []
    assert answers(file, BOOKINGS, query, *scope) == answers(file, plain(BOOKINGS), query, *scope)


def statements(file: Path, text: str) -> Iterator[str]:
    seen: list[str] = []

    def connect() -> sqlite3.Connection:
        connection = read_connection(file)
        connection.set_trace_callback(seen.append)
        return connection

    with closing(Snapshot(connect, BOOKINGS, ListQuery(text=text))) as rows:
        rows.first(SHOWN)
    yield from seen


def test_a_rare_word_is_collected_and_a_common_one_is_not(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "FEW", 20)
    assert any("temp.found CROSS JOIN" in one for one in statements(file, "欧阳"))
    assert not any("temp.found CROSS JOIN" in one for one in statements(file, "example"))


def test_many_bookings_of_one_traveller_are_not_collected_for_the_first_rows(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "FEW_ROWS", 1)
    assert not any("temp.found CROSS JOIN" in one for one in statements(file, "欧阳"))


def test_a_word_that_is_nowhere_reads_no_row(file: Path) -> None:
    assert not any(
        "LIKE" in one and "bookings b" in one for one in statements(file, "zzzz") if "trips" not in one
    )


def test_a_traveller_who_is_renamed_is_found_by_the_new_name_alone(file: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        target.execute("UPDATE travellers SET search = 'quixote 12' WHERE search LIKE 'milica dukic%'")
        target.commit()
        checked = "INSERT INTO traveller_words (traveller_words) VALUES ('integrity-check')"
        target.execute(checked)
    for text in ("quixote", "milica", "12", "te"):
        query = ListQuery(text=text)
        assert answers(copy, BOOKINGS, query) == answers(copy, plain(BOOKINGS), query)


def test_a_walk_that_a_person_interrupts_is_not_taken_for_one_that_was_long(file: Path) -> None:
    def connect() -> sqlite3.Connection:
        connection = read_connection(file)
        connection.create_function("stop", 0, stop)
        return connection

    def stop() -> int:
        rows.interrupt()
        return 1

    rows = Snapshot(connect, BOOKINGS, ListQuery(text="example"), scope=[Condition("stop()")])
    with closing(rows), pytest.raises(Cancelled):
        rows.first(SHOWN)


@pytest.mark.parametrize("spec", [BOOKINGS, PAYMENTS], ids=["bookings", "payments"])
def test_sums_are_the_same_where_rows_that_add_nothing_are_not_read(file: Path, spec: ListSpec[Any]) -> None:
    whole = replace(spec, sums={name: replace(one, only="") for name, one in spec.sums.items()})
    assert any(one.only for one in spec.sums.values())
    assert all(answers(file, spec, ListQuery())[3].sums.values())
    for query in (ListQuery(), ListQuery(text="ana"), ListQuery(filters={"state": "completed"})):
        assert answers(file, spec, query)[3] == answers(file, whole, query)[3]
