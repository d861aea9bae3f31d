"""Seats: counted anew, nobody on two, nobody on one that is not there."""

from __future__ import annotations

from collections.abc import Iterator

from travellr_desktop.services.checks.report import Problem
from travellr_desktop.storage.repositories.proofs import Proofs


def seats_are_counted(proofs: Proofs) -> Iterator[Problem]:
    """What each grant says is taken is what active holds and seated lines take, and no more than it has; grants
    together are no more than the departure has, with what was allowed beyond its capacity."""
    for grant in proofs.seats.miscounted():
        says = f"{grant.taken} of {grant.seats} seats are taken, counted are {grant.counted}"
        yield Problem("seats.grant", "grants", grant.id, says)
    for over in proofs.seats.over_granted():
        says = f"{over.granted} seats are granted of {over.has}, by the grants {over.grants}"
        yield Problem("seats.departure", "departures", over.departure_id, says)


def holds_are_used(proofs: Proofs) -> Iterator[Problem]:
    """A hold is on a grant of its departure; one that was consumed became a booking."""
    for hold in proofs.seats.holds():
        if hold.elsewhere:
            says = f"its {hold.seats} seats are of another departure"
            yield Problem("seats.hold", "holds", hold.id, says)
        if hold.unused:
            yield Problem(
                "seats.hold", "holds", hold.id, "it was consumed, and no booking was confirmed from it"
            )


def no_seat_twice(proofs: Proofs) -> Iterator[Problem]:
    """A numbered seat of a departure is one person's, who goes with that departure."""
    for seat in proofs.seats.numbered():
        says = "is given twice" if seat.twice else "is given to somebody of another departure"
        yield Problem("seats.numbered", "seats", seat.id, f"seat {seat.label} {says}")


def numbered_seats_agree(proofs: Proofs) -> Iterator[Problem]:
    """On a departure with a plan every active hold and every line that sits has exactly its seats, of those that
    the plan sells; nobody else has any, and no more are granted than the plan has."""
    for found in proofs.numbered.unseated():
        wants = "one numbered seat" if found.wants == 1 else f"{found.wants} numbered seats"
        says = f"it needs {wants} as it says, and has {found.has or 'none'}"
        yield Problem("seats.unseated", found.table, found.id, says)
    for seat in proofs.numbered.stray():
        says = "is taken by nobody who sits" if seat.on_plan else "is not sold on the departure’s plan"
        yield Problem("seats.stray", "seats", seat.id, f"seat {seat.label} {says}")
    for over in proofs.numbered.too_many():
        says = f"{over.granted} seats are granted, its plan sells {over.sellable}"
        yield Problem("seats.plan", "departures", over.departure_id, says)


def promises_are_kept(proofs: Proofs) -> Iterator[Problem]:
    """Who was offered seats has them, who took them up bought them; what is kept for somebody says for whom."""
    for found in proofs.seats.promises():
        if found.table == "holds":
            says = (
                f"this {found.state} is nobody's who waits"
                if found.state == "offer"
                else "it is kept for nobody"
            )
        else:
            says = f"{found.state}, and its seats say otherwise"
        yield Problem("seats.promise", found.table, found.id, says)
