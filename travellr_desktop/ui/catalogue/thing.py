"""What a screen of the catalogue says of its own kind of thing: a trip, a vendor."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from travellr_desktop.services.catalogue import Use
from travellr_desktop.services.removing import Removed
from travellr_desktop.services.vendors import Deactivated


class Thing:
    """How one thing is read, shown, kept, deactivated and removed. What reads or writes is called in the background."""

    what: str
    """The word of `CatalogueChanged`."""

    def _read(self, thing_id: UUID) -> Any:
        """Read one thing whole; in the background."""
        raise NotImplementedError

    def _read_new(self) -> Any:
        """Read what a new one needs; in the background."""
        raise NotImplementedError

    def _fill(self, loaded: Any) -> None:
        """Show what `_read` read."""
        raise NotImplementedError

    def _fill_new(self, loaded: Any) -> None:
        """Show an empty form."""
        raise NotImplementedError

    def _id(self, loaded: Any) -> UUID:
        raise NotImplementedError

    def _draft(self) -> Any:
        """What was typed. Raises `InvalidInput`."""
        raise NotImplementedError

    def _before(self) -> Any:
        """The draft that the form was filled with."""
        raise NotImplementedError

    def _title(self, draft: Any) -> str:
        raise NotImplementedError

    def _create(self, draft: Any) -> UUID:
        raise NotImplementedError

    def _update(self, thing_id: UUID, draft: Any, before: Any) -> Any:
        """Returns the draft as it was kept."""
        raise NotImplementedError

    def _deactivate(self, thing_id: UUID, sold_stays: bool) -> Deactivated:
        raise NotImplementedError

    def _activate(self, done: Deactivated) -> None:
        raise NotImplementedError

    def _remove(self, thing_id: UUID) -> Removed:
        raise NotImplementedError

    def _is_active(self) -> bool:
        raise NotImplementedError

    def shown_use(self) -> Use:
        """What stands on the thing that is shown."""
        raise NotImplementedError
