"""Two records of one person become one, and come apart again exactly.

What hangs on the other record (sales, bookings, holds, waiting, notes, documents) goes over to the kept one; its row
stays, out of sight, and leads there. What went over is written down with the merge, and the fields before and after,
so that splitting gives back what was taken and no more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from travellr_desktop.domain.likeness import Likeness, likeness
from travellr_desktop.domain.money import Money
from travellr_desktop.errors import ChangedMeanwhile, InvalidInput, NotFound, WrongState
from travellr_desktop.events import Change
from travellr_desktop.services import credit, likely
from travellr_desktop.services.traveller_history import TravellerMoney, money_of
from travellr_desktop.services.travellers import FIELDS, TravellerDraft, changed, draft_of, put, told
from travellr_desktop.storage.models import Traveller, TravellerMerge, TravellerPair
from travellr_desktop.storage.repositories import traveller_moves as moves
from travellr_desktop.storage.uow import Reading, UnitOfWork

Side = Literal["kept", "other"]
Value = str | date | None


@dataclass(frozen=True, slots=True)
class MergeField:
    """One field of both records, and whose stands afterwards. Where `same`, there is nothing to choose."""

    name: str
    kept: Value
    other: Value
    choice: Side

    @property
    def same(self) -> bool:
        return self.kept == self.other

    @property
    def value(self) -> Value:
        return self.kept if self.choice == "kept" else self.other


@dataclass(frozen=True, slots=True)
class Moved:
    """How many of each hang on a record."""

    bookings: int = 0
    sales: int = 0
    notes: int = 0
    documents: int = 0
    holds: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class MergeSide:
    """One of the two records before they are merged."""

    id: UUID
    name: str
    created_at: datetime
    has: Moved
    money: tuple[TravellerMoney, ...]


@dataclass(frozen=True, slots=True)
class MergePreview:
    """What merging would do. `after` is the record as it will be, `money_after` its money; `said_apart`: somebody said
    that these are not the same person. `seen` goes back into `merge`, which refuses if either record has changed."""

    kept: MergeSide
    other: MergeSide
    fields: tuple[MergeField, ...]
    likeness: Likeness
    after: TravellerDraft
    money_after: tuple[TravellerMoney, ...]
    said_apart: bool
    seen: tuple[int, int]


def preview(view: Reading, keep_id: UUID, other_id: UUID, choices: Mapping[str, Side]) -> MergePreview:
    """Raises what `merge` raises."""
    kept, other = _both(view, keep_id, other_id)
    chosen = _fields(kept, other, choices)
    first, second = (
        MergeSide(row.id, row.name, row.created_at, _has(view, row.id), money_of(view, row.id))
        for row in (kept, other)
    )
    return MergePreview(
        kept=first,
        other=second,
        fields=chosen,
        likeness=likeness(likely.marks(kept), likely.marks(other)),
        after=TravellerDraft(**{each.name: each.value for each in chosen}),  # type: ignore[arg-type]
        money_after=_together(first.money, second.money),
        said_apart=view.travellers.pair(kept.id, other.id) is not None,
        seen=(kept.version, other.version),
    )


def merge(
    work: UnitOfWork,
    keep_id: UUID,
    other_id: UUID,
    choices: Mapping[str, Side],
    seen: tuple[int, int] | None,
) -> TravellerMerge:
    """Raises `InvalidInput` for a record and itself, or a choice that there is not; `NotFound`; `WrongState` where one
    of them was merged already; `ChangedMeanwhile` where they are not as they were seen."""
    kept, other = _both(work, keep_id, other_id)
    if seen is not None and seen != (kept.version, other.version):
        raise ChangedMeanwhile("One of the two records has changed since.", hint="Look at both once more.")
    chosen = _fields(kept, other, choices)
    before, made = _values(kept), {each.name: told(each.value) for each in chosen}
    gone = moves.ids(work.session, other.id)
    apart = _take_over_apart(work, kept.id, other.id)
    put(
        kept,
        TravellerDraft(**{each.name: each.value for each in chosen}),  # type: ignore[arg-type]
        [*work.travellers.behind(kept.id), other],
    )
    other.merged_into = kept.id
    merged = TravellerMerge(
        kept_id=kept.id,
        other_id=other.id,
        before={"was": before, "made": made},
        moved={table: [str(each) for each in ids] for table, ids in gone.items()} | {"apart": apart},
        created_at=work.now,
        created_by=work.actor.user_id,
    )
    work.session.add(merged)
    moves.move(work.session, gone, other.id, kept.id)
    counts = {table: len(ids) for table, ids in gone.items() if ids}
    work.audit("traveller.merge", "traveller", keep_id, other=str(other_id), before=before, moved=counts)
    work.audit("traveller.merged", "traveller", other_id, into=str(keep_id))
    work.publish(changed(keep_id, work.now, Change.UPDATED))
    work.publish(changed(other_id, work.now, Change.REMOVED))
    return merged


def split(work: UnitOfWork, merge_id: UUID) -> Traveller:
    """Take a merge apart: each has again what it had. What came to the kept record since stays there, and so do fields
    that were changed since. Returns the record that is back in sight.

    Raises `NotFound`; `WrongState` where it was done already, where a later merge has to be taken apart first, or where
    credit that came with the merge has been spent since."""
    merged = work.session.get(TravellerMerge, merge_id)
    if merged is None:
        raise NotFound("There is no such merge.")
    if merged.undone_at is not None:
        raise WrongState("These records were split already.")
    kept, other = work.travellers.find_row(merged.kept_id), work.travellers.find_row(merged.other_id)
    assert kept is not None and other is not None  # foreign keys
    if kept.merged_into is not None:
        into = work.travellers.get(kept.id)
        raise WrongState(
            f"{kept.name} was itself merged into {into.name} later.", hint="Split those two first."
        )
    if work.travellers.merges(kept.id)[0].id != merge_id:
        raise WrongState(
            f"Another record was merged into {kept.name} later.", hint="Split the newest off first."
        )
    other.merged_into = None
    merged.undone_at = work.now
    work.session.flush()
    _give_back_fields(work, kept, merged.before)
    rows = {
        table: [UUID(each) for each in ids] for table, ids in merged.moved.items() if table in moves.MOVED
    }
    _give_back_apart(work, merged.moved["apart"])
    kept_id, other_id = kept.id, other.id
    moves.move(work.session, rows, kept_id, other_id)
    credit.refuse_overspent(work, kept_id, other_id)
    work.audit("traveller.split", "traveller", kept_id, other=str(other_id), merge=str(merge_id))
    work.audit("traveller.split_off", "traveller", other_id, of=str(kept_id))
    work.publish(changed(kept_id, work.now, Change.UPDATED))
    work.publish(changed(other_id, work.now, Change.CREATED))
    return other


# the two records


def _both(view: Reading, keep_id: UUID, other_id: UUID) -> tuple[Traveller, Traveller]:
    if keep_id == other_id:
        raise InvalidInput(
            "A record cannot be merged into itself.", hint="Choose two records.", field="other"
        )
    return _standing(view, keep_id, "kept"), _standing(view, other_id, "other")


def _standing(view: Reading, traveller_id: UUID, field: Side) -> Traveller:
    row = view.travellers.find_row(traveller_id)
    if row is None:
        raise NotFound("There is no such traveller.", field=field)
    if row.merged_into is not None:
        into = view.travellers.get(traveller_id)
        raise WrongState(
            f"{row.name} was merged into {into.name} already.", hint="Search again.", field=field
        )
    return row


def _fields(kept: Traveller, other: Traveller, choices: Mapping[str, Side]) -> tuple[MergeField, ...]:
    """Where nothing was chosen: what the kept record has, else what the other has."""
    if unknown := set(choices) - set(FIELDS):
        raise InvalidInput(f"A traveller has no {min(unknown)}.", field="choices")
    if any(side not in ("kept", "other") for side in choices.values()):
        raise InvalidInput("Choose one of the two records.", field="choices")
    made = []
    for name in FIELDS:
        mine, theirs = getattr(kept, name), getattr(other, name)
        choice: Side = choices.get(name, "kept" if mine or not theirs else "other")
        made.append(MergeField(name, mine, theirs, choice))
    name_field = made[0]
    if not name_field.value:
        raise InvalidInput("A traveller has a name.", field="name")
    return tuple(made)


def _values(row: Traveller) -> dict[str, Any]:
    return {name: told(getattr(row, name)) for name in FIELDS}


def _has(view: Reading, traveller_id: UUID) -> Moved:
    had = moves.count(view.session, traveller_id)
    names = {"documents": "travel_documents", "waiting": "waiting_list"}
    return Moved(**{each.name: had[names.get(each.name, each.name)] for each in fields(Moved)})


def _together(one: Sequence[TravellerMoney], other: Sequence[TravellerMoney]) -> tuple[TravellerMoney, ...]:
    sums: dict[str, TravellerMoney] = {}
    for each in (*one, *other):
        code = each.booked.currency
        zero = TravellerMoney(Money.zero(code), Money.zero(code), Money.zero(code))
        so_far = sums.get(code, zero)
        sums[code] = TravellerMoney(
            so_far.booked + each.booked, so_far.paid + each.paid, so_far.back + each.back
        )
    return tuple(sums.values())


def _give_back_fields(work: UnitOfWork, kept: Traveller, before: Mapping[str, Any]) -> None:
    now, was, made = draft_of(kept), before["was"], before["made"]
    values: dict[str, Any] = {}
    for name in FIELDS:
        mine = getattr(now, name)
        values[name] = mine if told(mine) != made[name] else was[name]
    if isinstance(values["born"], str):
        values["born"] = date.fromisoformat(values["born"])
    put(kept, TravellerDraft(**values), work.travellers.behind(kept.id))


# who is not the same


def _take_over_apart(work: UnitOfWork, kept_id: UUID, other_id: UUID) -> dict[str, Any]:
    """Whoever is not the other is not the kept one either. A word that these two are not the same is taken back. What
    was added and removed is returned, to be given back."""
    added: list[str] = []
    removed: dict[str, Any] | None = None
    for pair in work.travellers.pairs_of(other_id):
        third = pair.second_id if pair.first_id == other_id else pair.first_id
        if third == kept_id:
            removed = {"at": pair.created_at.isoformat(), "by": pair.created_by and str(pair.created_by)}
            removed |= {"id": str(pair.id), "ids": [str(pair.first_id), str(pair.second_id)]}
            work.session.delete(pair)
        elif work.travellers.pair(kept_id, third) is None:
            first, second = sorted((kept_id, third))
            made = TravellerPair(
                first_id=first, second_id=second, created_at=pair.created_at, created_by=pair.created_by
            )
            work.session.add(made)
            work.session.flush()
            added.append(str(made.id))
    work.session.flush()
    return {"added": added, "removed": removed}


def _give_back_apart(work: UnitOfWork, apart: Mapping[str, Any]) -> None:
    for each in apart["added"]:
        pair = work.session.get(TravellerPair, UUID(each))
        if pair is not None:
            work.session.delete(pair)
    if (was := apart["removed"]) is not None:
        first, second = (UUID(each) for each in was["ids"])
        work.session.add(
            TravellerPair(
                id=UUID(was["id"]),
                first_id=first,
                second_id=second,
                created_at=datetime.fromisoformat(was["at"]),
                created_by=None if was["by"] is None else UUID(was["by"]),
            )
        )
    work.session.flush()
