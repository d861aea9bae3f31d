"""The file: whole, every row with its owner, and refusing what it was made to refuse."""

from __future__ import annotations

from collections.abc import Iterator

from travellr_desktop.services.checks.report import Problem
from travellr_desktop.storage.repositories.proofs import Proofs


def file_is_whole(proofs: Proofs) -> Iterator[Problem]:
    """Pages, indexes and the conditions of each table hold."""
    for words in proofs.file.damage():
        yield Problem("file.damaged", "file", "-", words)


def owners_are_there(proofs: Proofs) -> Iterator[Problem]:
    """No row points at one that is not there."""
    for orphan in proofs.file.orphans():
        yield Problem("file.orphan", orphan.table, orphan.row, f"its row of {orphan.parent} is not there")


def guards_are_there(proofs: Proofs) -> Iterator[Problem]:
    """Tables and triggers are as the migrations make them: those that refuse, and those that write down."""
    for found in proofs.file.schema_differences():
        says = f"the {found.kind} {found.name} is {found.how}"
        if found.how == "added":
            says = f"nobody made the trigger {found.name}"
        yield Problem(f"file.{found.kind}", found.table, found.name, says)
