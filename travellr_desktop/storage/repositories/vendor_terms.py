"""How vendors are paid, as it stands in the file: papers, accounts shared by several, balances of one vendor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from travellr_desktop.domain.ledger import Account
from travellr_desktop.storage.models import LedgerRow, Vendor, VendorDocument


class VendorTermsRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def papers(self, vendor_ids: Iterable[UUID]) -> Sequence[VendorDocument]:
        """The papers of vendors that were not taken back, by kind and then the newest first."""
        query = (
            select(VendorDocument)
            .where(VendorDocument.vendor_id.in_(list(vendor_ids)), VendorDocument.ended_at.is_(None))
            .order_by(VendorDocument.kind, VendorDocument.received_on.desc(), VendorDocument.id.desc())
        )
        return self.session.scalars(query).all()

    def paper(self, paper_id: UUID) -> VendorDocument | None:
        return self.session.get(VendorDocument, paper_id)

    def others_with(self, vendor: Vendor) -> Sequence[str]:
        """The names of other vendors who are paid to the same account."""
        same = []
        if vendor.iban:
            same.append(Vendor.iban == vendor.iban)
        if vendor.account_ref:
            same.append(Vendor.account_ref == vendor.account_ref)
        if not same:
            return ()
        query = select(Vendor.name).where(or_(*same), Vendor.id != vendor.id).order_by(Vendor.name)
        return self.session.scalars(query).all()

    def balances(self, vendor_id: UUID, account: Account, before: datetime) -> dict[str, int]:
        """Debits less credits of one of a vendor's accounts before a moment, by currency. Read from `ix_ledger_debit`
        and `ix_ledger_credit`, no row."""
        found: dict[str, int] = {}
        for side, sign in ((LedgerRow.debit, 1), (LedgerRow.credit, -1)):
            query = (
                select(LedgerRow.currency, func.sum(LedgerRow.amount))
                .where(side == account, LedgerRow.vendor_id == vendor_id, LedgerRow.at < before)
                .group_by(LedgerRow.currency)
            )
            for currency, minor in self.session.execute(query):
                found[currency] = found.get(currency, 0) + sign * minor
        return found
