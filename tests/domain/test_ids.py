from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import RFC_4122, UUID

from travellr_desktop.domain.ids import new_id


def test_ids_sort_by_when_they_were_made() -> None:
    made = [new_id() for _ in range(10_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_an_id_is_of_version_seven_and_carries_the_time() -> None:
    before = time.time_ns() // 1_000_000
    made = new_id()
    after = time.time_ns() // 1_000_000
    assert made.version == 7
    assert made.variant == RFC_4122
    # made in bulk, ids may run a little ahead of the clock, never behind it
    assert before <= made.int >> 80 <= after + 60_000


def test_threads_never_make_the_same_id() -> None:
    def some() -> list[UUID]:
        return [new_id() for _ in range(500)]

    with ThreadPoolExecutor(4) as pool:
        batches = list(pool.map(lambda _: some(), range(8)))
    assert all(batch == sorted(batch) for batch in batches)
    assert len({one for batch in batches for one in batch}) == 4_000
