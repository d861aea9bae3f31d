"""Records that are likely one person: they share a contact, or name and birthday, weighed by `domain.likeness`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

from travellr_desktop.domain.likeness import Likeness, Marks, likeness
from travellr_desktop.storage.models import Traveller
from travellr_desktop.storage.uow import Reading

LARGEST = 20
"""What more records share is no sign of one person: the email of a firm, 1 January."""
_PAIRS = 5_000
_GROUPS = 2_000


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that are likely one person. `first` is the one that was made first."""

    first: UUID
    second: UUID
    likeness: Likeness


def marks(row: Traveller) -> Marks:
    return Marks(row.name_key, row.email, row.phone_key, row.born)


def of(view: Reading, ids: Sequence[UUID]) -> dict[UUID, list[tuple[UUID, Likeness]]]:
    """The records likely the same as each of these, the likeliest first; none for who was merged."""
    pairs = view.travellers.alike(ids, _PAIRS)
    if not pairs:
        return {}
    apart = view.travellers.said_apart(list({one for one, _ in pairs}))
    rows = view.travellers.rows(sorted({each for pair in pairs for each in pair}))
    found: dict[UUID, list[tuple[UUID, Likeness]]] = {}
    for one, other in pairs:
        alike = likeness(marks(rows[one]), marks(rows[other]))
        said = (min(one, other), max(one, other)) in apart
        if alike.likely and not said and rows[one].merged_into is None:
            found.setdefault(one, []).append((other, alike))
    for each in found.values():
        each.sort(key=lambda pair: (-pair[1].score, pair[0]))
    return found


def everywhere(view: Reading) -> list[Pair]:
    """Likely pairs of the whole file, the likeliest first: of the first few thousand groups of records that share
    something."""
    groups = view.travellers.groups(LARGEST, _GROUPS)
    rows = {row.id: row for group in groups for row in group}
    apart = view.travellers.said_apart(sorted(rows))
    found: dict[tuple[UUID, UUID], Likeness] = {}
    for group in groups:
        for one, other in combinations(sorted(row.id for row in group), 2):
            if (one, other) in apart or (one, other) in found:
                continue
            alike = likeness(marks(rows[one]), marks(rows[other]))
            if alike.likely:
                found[one, other] = alike
    pairs = [Pair(one, other, alike) for (one, other), alike in found.items()]
    return sorted(pairs, key=lambda pair: (-pair.likeness.score, pair.first, pair.second))
