"""Which day it is for the agency."""

from __future__ import annotations

from datetime import date

from travellr_desktop.domain.periods import zone
from travellr_desktop.storage.uow import Reading


def today(reading: Reading) -> date:
    """The day in the agency's zone: what is good until a day is so until it ends there."""
    return reading.clock.now().astimezone(zone(reading.agency.get().zone)).date()
