"""Records that are likely one person: listed, said not to be, merged, and split again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from travellr_desktop.domain.likeness import Likeness
from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.errors import InvalidInput
from travellr_desktop.events import Change
from travellr_desktop.services import keys, likely, merging
from travellr_desktop.services.merging import MergePreview, Side
from travellr_desktop.services.travellers import changed
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Traveller, TravellerPair
from travellr_desktop.storage.uow import Database, Reading, UnitOfWork


@dataclass(frozen=True, slots=True)
class Alike:
    """One side of a likely pair."""

    id: UUID
    name: str
    email: str
    phone: str
    bookings: int


@dataclass(frozen=True, slots=True)
class LikelyPair:
    """Two records that are likely one person. `first` has more bookings, or was made first: it is the one to keep."""

    first: Alike
    second: Alike
    likeness: Likeness

    @property
    def id(self) -> tuple[UUID, UUID]:
        return self.first.id, self.second.id


@dataclass(frozen=True, slots=True)
class LikelyPairs:
    """The likeliest pairs, and how many were found in all."""

    pairs: tuple[LikelyPair, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Merged:
    """A merge that was done; `merge_id` takes it apart again."""

    merge_id: UUID
    kept_id: UUID
    other_id: UUID
    kept_name: str
    other_name: str


@dataclass(frozen=True, slots=True)
class _MergeAsked:
    kept: UUID
    other: UUID
    choices: dict[str, str]


class DuplicateService:
    def __init__(self, database: Database) -> None:
        self._db = database

    # finding

    def of_traveller(self, actor: Actor, traveller_id: UUID) -> tuple[LikelyPair, ...]:
        """Pairs of this record, which stands first, with those that are likely the same, the likeliest first.
        Raises `NotFound`."""
        require(actor, Permission.TRAVELLER_READ)
        with self._db.read() as view:
            row = view.travellers.get(traveller_id)
            found = likely.of(view, [row.id]).get(row.id, [])
            sides = _sides(view, [row.id, *(other for other, _ in found)])
            return tuple(LikelyPair(sides[row.id], sides[other], alike) for other, alike in found)

    def find_all(self, actor: Actor, limit: int = 200) -> LikelyPairs:
        """Likely pairs of the whole file. Takes a second or so where there are very many travellers."""
        require(actor, Permission.TRAVELLER_READ)
        with self._db.read() as view:
            found = likely.everywhere(view)
            shown = found[:limit]
            sides = _sides(view, sorted({each for pair in shown for each in (pair.first, pair.second)}))
            pairs = tuple(_in_order(sides[each.first], sides[each.second], each.likeness) for each in shown)
            return LikelyPairs(pairs, len(found))

    # saying

    def not_the_same(self, actor: Actor, one_id: UUID, other_id: UUID) -> None:
        """These are two people: kept for ever, unless it is taken back. Again is harmless. Raises `InvalidInput` for a
        record and itself, `NotFound`."""
        require(actor, Permission.TRAVELLER_WRITE)
        with self._db.write(Commit.TRAVELLER_SAVE, actor) as work:
            one, other = _two(work, one_id, other_id)
            if work.travellers.pair(one.id, other.id) is None:
                first, second = sorted((one.id, other.id))
                work.session.add(
                    TravellerPair(
                        first_id=first, second_id=second, created_at=work.now, created_by=actor.user_id
                    )
                )
                work.audit("traveller.not_the_same", "traveller", one.id, other=str(other.id))
                _tell(work, one, other)
            work.commit()

    def same_after_all(self, actor: Actor, one_id: UUID, other_id: UUID) -> None:
        """Take back that these are two people. Again is harmless."""
        require(actor, Permission.TRAVELLER_WRITE)
        with self._db.write(Commit.TRAVELLER_SAVE, actor) as work:
            one, other = _two(work, one_id, other_id)
            pair = work.travellers.pair(one.id, other.id)
            if pair is not None:
                work.session.delete(pair)
                work.audit("traveller.same_after_all", "traveller", one.id, other=str(other.id))
                _tell(work, one, other)
            work.commit()

    # merging

    def preview(
        self, actor: Actor, keep_id: UUID, other_id: UUID, choices: Mapping[str, Side] | None = None
    ) -> MergePreview:
        """What merging the other record into the kept one would do. `choices` says by field whose stands; without a
        word it is the kept one's, else what the other has.

        Raises `InvalidInput` for a record and itself, `NotFound`, `WrongState` where one was merged already."""
        require(actor, Permission.TRAVELLER_READ)
        with self._db.read() as view:
            return merging.preview(view, keep_id, other_id, choices or {})

    def merge(
        self,
        actor: Actor,
        keep_id: UUID,
        other_id: UUID,
        choices: Mapping[str, Side] | None = None,
        *,
        key: UUID,
        seen: tuple[int, int] | None = None,
    ) -> Merged:
        """Make two records one. Raises what `preview` raises, and `ChangedMeanwhile` if they are not as `seen`."""
        require(actor, Permission.TRAVELLER_WRITE)
        asked = _MergeAsked(keep_id, other_id, dict(choices or {}))
        with self._db.write(Commit.TRAVELLER_MERGE, actor) as work:
            earlier = keys.begin(work, self._db.workers, key, "traveller.merge", asked)
            if earlier is not None and earlier.result is not None:
                return keys.from_json(Merged, earlier.result)
            merged = merging.merge(work, keep_id, other_id, choices or {}, seen)
            rows = work.travellers.rows([keep_id, other_id])
            result = Merged(merged.id, keep_id, other_id, rows[keep_id].name, rows[other_id].name)
            keys.finish(work, key, result, merged.id)
            work.commit()
        return result

    def split(self, actor: Actor, merge_id: UUID) -> UUID:
        """Take a merge apart; returns the record that is back. Raises `NotFound`; `WrongState` where that was done
        already or a later merge has to be taken apart first."""
        require(actor, Permission.TRAVELLER_WRITE)
        with self._db.write(Commit.TRAVELLER_MERGE, actor) as work:
            other = merging.split(work, merge_id).id
            work.commit()
        return other


def _two(work: UnitOfWork, one_id: UUID, other_id: UUID) -> tuple[Traveller, Traveller]:
    one, other = work.travellers.get(one_id), work.travellers.get(other_id)
    if one.id == other.id:
        raise InvalidInput(
            "A record is always the same as itself.", hint="Choose two records.", field="other"
        )
    return one, other


def _tell(work: UnitOfWork, *rows: Traveller) -> None:
    for row in rows:
        work.publish(changed(row.id, work.now, Change.UPDATED))


def _sides(view: Reading, ids: list[UUID]) -> dict[UUID, Alike]:
    return {
        row.id: Alike(row.id, row.name, row.email, row.phone, count)
        for row, count in view.travellers.counted(ids)
    }


def _in_order(one: Alike, other: Alike, alike: Likeness) -> LikelyPair:
    if other.bookings > one.bookings:
        one, other = other, one
    return LikelyPair(one, other, alike)
