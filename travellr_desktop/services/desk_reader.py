"""The card reader that stands at this desk: it is remembered with the desk, and asked for one card at a time."""

from __future__ import annotations

from dataclasses import dataclass

from travellr_desktop.errors import WrongState
from travellr_desktop.storage.uow import Reading, UnitOfWork


@dataclass(frozen=True, slots=True)
class DeskReader:
    """The card reader that stands at a desk."""

    ref: str
    label: str


def desk_reader(view: Reading) -> DeskReader | None:
    """The reader that this desk uses; None where none was chosen."""
    desk = view.agency.this_desk()
    return (
        None if desk.reader_ref is None else DeskReader(desk.reader_ref, desk.reader_label or desk.reader_ref)
    )


def free_reader(work: UnitOfWork) -> DeskReader:
    """The reader of this desk, for a payment that is about to be created. Raises `WrongState` where none was chosen,
    or where it is at another payment of this desk: it would let go of that one."""
    reader = desk_reader(work)
    if reader is None:
        raise WrongState("This desk has no card reader.", hint="Choose one in Settings.")
    if work.payments.is_asking(reader.ref):
        raise WrongState(
            f"{reader.label} is at another payment.", hint="Wait until it has ended, or cancel that one."
        )
    return reader
