"""What a vendor's program does with the hub, in a process of its own, which is really killed at one of the boundaries
that it passes: commits, calls to the hub, tables of a picture, rows and what is derived of them, a file that takes its
place."""

from __future__ import annotations

import gc
import json
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from helpers.children import child_of
from helpers.hub_kills import Watch, WatchedHub
from helpers.vendor_place import OwnFile
from travellr_desktop.storage import commits, vendor_files
from travellr_desktop.storage.vendor_rows import SeenRow, VendorRows
from travellr_desktop.sync.connecting import connect
from travellr_desktop.sync.pictures import SeenPicture

Work = Callable[[OwnFile], object]


def play(own: OwnFile, work: Work, at: str | None = None) -> list[str]:
    """Do `work` in a child process with a connection of its own; nobody has the file open here meanwhile. Returns what
    it passed; nothing where it was killed at `at`. Fails where it was not killed, or fell over."""
    own.close()
    gc.collect()
    said, died = child_of(lambda: json.dumps(_play(own, work, at)))
    if at is not None:
        assert died == signal.SIGKILL, f"it was not killed {at}: {said}"
        return []
    assert died is None and said.startswith("["), said
    passed: list[str] = json.loads(said)
    return passed


def _play(own: OwnFile, work: Work, at: str | None) -> list[str]:
    gc.freeze()  # what the parent has is left alone: its connections are its own
    watch = Watch(at)
    commits.set_failpoint(watch.commit)
    _watch(watch)
    with closing(WatchedHub(connect(own.url, insecure_loopback=True))) as hub:
        hub.watch = watch
        child = OwnFile(own.folder, own.clock, own.sign_in, own.url, hub)
        try:
            work(child)
        finally:
            child.close()
    return watch.passed


def _watch(watch: Watch) -> None:
    """In this process, for good."""
    write, derive, rows, clear = VendorRows.write, VendorRows.derive, SeenPicture.rows, VendorRows.clear
    replace, fold = Path.replace, vendor_files.fold_log

    def written(self: VendorRows, page: Sequence[SeenRow]) -> int:
        def each() -> Iterator[SeenRow]:
            for row in page:
                yield row
                watch.pass_by(f"after a row of {row.table}")

        return write(self, each())

    def derived(self: VendorRows) -> frozenset[str]:
        found = derive(self)
        watch.pass_by("after deriving")
        return found

    def read(self: SeenPicture, table: str) -> Iterator[tuple[str | None, ...]]:
        yield from rows(self, table)
        watch.pass_by(f"after the picture of {table}")

    def cleared(self: VendorRows) -> None:
        clear(self)
        watch.pass_by("after clearing")

    def replaced(self: Path, to: Any) -> Path:
        watch.pass_by("before the file takes its place")
        found = replace(self, to)
        watch.pass_by("after the file took its place")
        return found

    def folded(database: Any) -> None:
        watch.pass_by("before folding the log")
        fold(database)

    VendorRows.write, VendorRows.derive, VendorRows.clear = written, derived, cleared  # type: ignore[assignment, method-assign]
    SeenPicture.rows, Path.replace = read, replaced  # type: ignore[assignment, method-assign]
    vendor_files.fold_log = folded
