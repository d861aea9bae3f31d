"""A list that is all there already, as a table reads it."""

from __future__ import annotations

from travellr_desktop.services.paged import InMemory

__all__ = ["InMemory"]
