"""What follows from other fields of a row is made anew after one of them was written by hand, or at another desk while
this one wrote another of them."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from uuid import UUID

from travellr_desktop.errors import NotFound
from travellr_desktop.services import travellers
from travellr_desktop.services.central.fields import DERIVED
from travellr_desktop.services.vendors import found_by, search_of
from travellr_desktop.storage.outgoing import Outgoing
from travellr_desktop.storage.uow import UnitOfWork


def make_anew_where_two_wrote(work: UnitOfWork, rows: Iterable[tuple[str, str]]) -> None:
    """Of rows, by table and id in the hub's words, that others have just changed: those that this desk has changed too.
    Of two changes that did not know of each other the hub keeps the fields of both, and can make nothing of them."""
    outgoing = Outgoing(work.connection)
    for table, row in sorted({(table, row) for table, row in rows if table in DERIVED}):
        if outgoing.has_changed(table, row):
            with suppress(NotFound):  # removed since
                make_anew(work, table, UUID(row))


def make_anew(work: UnitOfWork, table: str, row_id: UUID) -> None:
    """Write what a traveller, a vendor or a trip is found by; of other tables nothing follows. Raises `NotFound`."""
    if table == "travellers":
        row = work.travellers.find_row(row_id)
        if row is None:
            raise NotFound("There is no such traveller.")
        travellers.put(row, travellers.draft_of(row), work.travellers.behind(row_id))
    elif table == "vendors":
        vendor = work.vendors.get(row_id)
        vendor.search = found_by({name: getattr(vendor, name) for name in ("name", "legal", "code", "email")})
        for trip in work.trips.of_vendor(row_id):
            trip.search = search_of(trip, vendor.name)
    elif table == "trips":
        trip = work.trips.get(row_id)
        trip.search = search_of(trip, work.vendors.get(trip.vendor_id).name)
