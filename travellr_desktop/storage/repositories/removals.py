"""Rows that are taken out whole, and put back as they were."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, inspect, select
from sqlalchemy.orm import Session

from travellr_desktop.storage.base import Synced
from travellr_desktop.storage.models import SeasonPrice, TripPicture, TripPrice, TripSeason
from travellr_desktop.storage.repositories.timetable import chunks

_KEPT_BY_THE_DATABASE = frozenset({"version", "taken"})


@dataclass(frozen=True, slots=True)
class RemovedRow:
    model: type[Synced]
    values: Mapping[str, Any]

    @property
    def id(self) -> UUID:
        found: UUID = self.values["id"]
        return found


class Removals:
    def __init__(self, session: Session) -> None:
        self.session = session

    def take(self, model: type[Synced], rows: Iterable[Synced]) -> list[RemovedRow]:
        """Remove rows of one table; returns what they held."""
        self.session.flush()
        columns = inspect(model).column_attrs
        names = [column.key for column in columns if column.key not in _KEPT_BY_THE_DATABASE]
        taken = []
        for row in rows:
            taken.append(RemovedRow(model, {name: getattr(row, name) for name in names}))
            self.session.expunge(row)
        for some in chunks([row.id for row in taken]):
            gone = delete(model).where(model.id.in_(some))
            self.session.execute(gone.execution_options(synchronize_session=False))
        return taken

    def take_terms(self, trip_id: UUID) -> list[RemovedRow]:
        """Remove the seasons, prices and pictures of a trip."""
        seasons = self.session.scalars(select(TripSeason).where(TripSeason.trip_id == trip_id)).all()
        within = SeasonPrice.season_id.in_([season.id for season in seasons])
        taken = self.take(SeasonPrice, self.session.scalars(select(SeasonPrice).where(within)).all())
        taken += self.take(TripSeason, seasons)
        for model in (TripPicture, TripPrice):
            rows = self.session.scalars(select(model).where(model.trip_id == trip_id)).all()
            taken += self.take(model, rows)
        return taken

    def there(self, row: RemovedRow) -> bool:
        """Whether a row with that id is there."""
        return self.session.get(row.model, row.id) is not None

    def put_back(self, rows: Sequence[RemovedRow]) -> None:
        """Write rows as they were, the last that was removed first."""
        by_model: dict[type[Synced], list[dict[str, Any]]] = {}
        for row in reversed(rows):
            by_model.setdefault(row.model, []).append({**row.values, "version": 1})
        for model, values in by_model.items():
            self.session.execute(insert(model), values)
