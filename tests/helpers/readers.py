"""A desk with a card reader, simulated in the sandbox."""

from __future__ import annotations

from helpers.desk import Desk
from travellr_desktop.domain.ways import Way
from travellr_desktop.services.sales import PayChoice

READER = PayChoice(Way.READER)


def with_reader(desk: Desk, label: str = "Counter") -> str:
    """Put a reader on the desk; its id at the provider."""
    made = desk.services.readers.add_simulated(desk.admin, label)
    desk.services.readers.choose(desk.admin, made.ref)
    return made.ref
