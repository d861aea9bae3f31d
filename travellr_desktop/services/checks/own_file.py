"""A vendor's file: nothing in it but what is theirs, as the hub has it, and nobody can have changed it by mistake."""

from __future__ import annotations

from collections.abc import Iterator

from travellr_desktop.errors import Refusal
from travellr_desktop.services.central.door import CentralDoor
from travellr_desktop.services.checks.file import file_is_whole
from travellr_desktop.services.checks.payouts import vendor_lines_are_kept
from travellr_desktop.services.checks.report import Problem, Proof
from travellr_desktop.storage.repositories.proofs import Proofs

SAME = "It is as the central database has it."
BEHIND = "It was not compared with the central database, from which there is more to take in."


def guards_of_vendor_are_there(proofs: Proofs) -> Iterator[Problem]:
    """Tables are as the migrations make them, and every one refuses what is not the hub's."""
    for found in proofs.file.schema_differences_of_vendor():
        says = f"the {found.kind} {found.name} is {found.how}"
        yield Problem(f"file.{found.kind}", found.table, found.name, says)


def nothing_is_of_others(proofs: Proofs) -> Iterator[Problem]:
    """Every row is of the file's vendor, and says nothing that they do not see."""
    if not proofs.own_file.columns():
        yield Problem("vendor.seen", "hub_copies", "-", "it does not say what of the agency it is a copy of")
    for row in proofs.own_file.of_others():
        yield Problem("vendor.foreign", row.table, row.row, "it is not for this file's vendor to see")
    for row in proofs.own_file.not_fillers():
        yield Problem("vendor.foreign", row.table, row.row, "it says something that no vendor sees")


def own_seats_are_counted(proofs: Proofs) -> Iterator[Problem]:
    """What is taken of each departure is what the travellers on it take."""
    for departure in proofs.own_file.not_counted():
        yield Problem("seats.count", "departures", departure, "its seats are not counted as they are taken")


PROOFS_OF_VENDOR: tuple[Proof, ...] = (
    file_is_whole,
    guards_of_vendor_are_there,
    nothing_is_of_others,
    own_seats_are_counted,
    vendor_lines_are_kept,
)
"""What is proved of a vendor's file alone. The agency's books are proved at its desks: entries that a vendor does not
see are not there to be added up."""


def beside_the_hub(door: CentralDoor | None) -> tuple[str, tuple[Problem, ...]]:
    """What it is beside the hub, in a sentence, and the rows that are otherwise there. That it was not compared is no
    problem of the file."""
    if door is None:
        return BEHIND, ()
    try:
        found = door.differences()
    except Refusal as refusal:
        return f"It was not compared with the central database: {refusal}", ()
    if found is None:
        return BEHIND, ()
    says = "it is not as the vendor sees it at the central database"
    return SAME if not found else "", tuple(Problem("vendor.other", t, row, says) for t, row in found)
