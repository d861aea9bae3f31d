"""What the books are proved from: rows as they stand in the file, read without the models' help.

A value that was changed by hand may be one that no model takes, so nothing here is turned into enums or identifiers.
Everything is read in one transaction that cannot write, a batch at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from travellr_desktop.storage.repositories.proofs.adjusted import AdjustmentProofs
from travellr_desktop.storage.repositories.proofs.batches import BatchProofs
from travellr_desktop.storage.repositories.proofs.books import BookProofs
from travellr_desktop.storage.repositories.proofs.chain import ChainProofs
from travellr_desktop.storage.repositories.proofs.disputes import DisputeProofs
from travellr_desktop.storage.repositories.proofs.events import EventProofs
from travellr_desktop.storage.repositories.proofs.file import FileProofs
from travellr_desktop.storage.repositories.proofs.invoices import InvoiceProofs
from travellr_desktop.storage.repositories.proofs.money_out import ProviderProofs
from travellr_desktop.storage.repositories.proofs.moves import MoveProofs
from travellr_desktop.storage.repositories.proofs.numbered import NumberedProofs
from travellr_desktop.storage.repositories.proofs.outbox import OutboxProofs
from travellr_desktop.storage.repositories.proofs.own_file import OwnFileProofs
from travellr_desktop.storage.repositories.proofs.paid_out import PaidOutProofs
from travellr_desktop.storage.repositories.proofs.people import PeopleProofs
from travellr_desktop.storage.repositories.proofs.references import References
from travellr_desktop.storage.repositories.proofs.refunds import RefundProofs
from travellr_desktop.storage.repositories.proofs.seats import SeatProofs
from travellr_desktop.storage.repositories.proofs.statements import StatementProofs
from travellr_desktop.storage.repositories.proofs.till import TillProofs
from travellr_desktop.storage.repositories.proofs.vendor_lines import VendorLineProofs
from travellr_desktop.storage.uow import Database


@dataclass(frozen=True, slots=True)
class Proofs:
    """What can be asked of one view of the file, by subject."""

    file: FileProofs
    outbox: OutboxProofs
    chain: ChainProofs
    books: BookProofs
    disputes: DisputeProofs
    seats: SeatProofs
    numbered: NumberedProofs
    people: PeopleProofs
    till: TillProofs
    invoices: InvoiceProofs
    events: EventProofs
    provider: ProviderProofs
    paid_out: PaidOutProofs
    moves: MoveProofs
    adjusted: AdjustmentProofs
    vendor_lines: VendorLineProofs
    batches: BatchProofs
    statements: StatementProofs
    refunds: RefundProofs
    own_file: OwnFileProofs
    references: References


@contextmanager
def open_proofs(database: Database) -> Iterator[Proofs]:
    """A view of the file as it is now, on a connection that SQLite lets write nothing. Others may go on writing."""
    with database.read() as view:
        connection = view.session.connection()
        connection.exec_driver_sql("PRAGMA query_only = ON")
        try:
            yield Proofs(
                FileProofs(connection),
                OutboxProofs(connection),
                ChainProofs(connection),
                BookProofs(connection),
                DisputeProofs(connection),
                SeatProofs(connection),
                NumberedProofs(connection),
                PeopleProofs(connection),
                TillProofs(connection),
                InvoiceProofs(connection),
                EventProofs(connection),
                ProviderProofs(connection),
                PaidOutProofs(connection),
                MoveProofs(connection),
                AdjustmentProofs(connection),
                VendorLineProofs(connection),
                BatchProofs(connection),
                StatementProofs(connection),
                RefundProofs(connection),
                OwnFileProofs(connection),
                References(connection),
            )
        finally:
            connection.exec_driver_sql("PRAGMA query_only = OFF")
