"""How a vendor is paid: when, to which account, from what amount on; and the papers that the agency has of them.

Who may change it sees the account's number; a vendor sees their own account by its last characters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from travellr_desktop.domain.ledger import Account, standing
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.iban import account_label
from travellr_desktop.domain.payouts.minimums import DEFAULT_MINIMUMS, as_money
from travellr_desktop.domain.payouts.papers import ends_soon, is_good, missing
from travellr_desktop.domain.payouts.words import VendorPaper
from travellr_desktop.domain.periods import day_bounds
from travellr_desktop.domain.permissions import Actor, Permission, allowed, require, require_own
from travellr_desktop.errors import ChangedMeanwhile, NotFound, WrongState
from travellr_desktop.events import Change, EarningsChanged
from travellr_desktop.payments.gateway import PaymentGateway
from travellr_desktop.services import keys
from travellr_desktop.services.catalogue import difference, told
from travellr_desktop.services.payouts.accounts import AccountKnown, VendorAccounts
from travellr_desktop.services.today import today
from travellr_desktop.services.vendor_drafts import (
    PaperDraft,
    TermsDraft,
    checked,
    checked_paper,
    label_of,
    papers_of,
    terms_of,
)
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Vendor, VendorDocument
from travellr_desktop.storage.repositories.vendor_terms import VendorTermsRepository
from travellr_desktop.storage.uow import Database, Reading, UnitOfWork


@dataclass(frozen=True, slots=True)
class PaperRow:
    """`by` is who took it in."""

    id: UUID
    kind: VendorPaper
    received_on: date
    expires_on: date | None
    note: str
    by: str
    good: bool
    ends_soon: bool


@dataclass(frozen=True, slots=True)
class VendorTerms:
    """A vendor's terms. `label` is the account as anybody may read it, "" where there is none; `draft` has its number,
    the provider's id and the holder only where `may_change`. `shared_with` are other vendors with the same account.

    `agency_minimums` hold where the vendor has none of their own; `wanted` papers are asked of every vendor, `missing`
    are those of which none is good today."""

    vendor_id: UUID
    name: str
    active: bool
    draft: TermsDraft
    label: str
    may_change: bool
    shared_with: tuple[str, ...]
    agency_minimums: tuple[Money, ...]
    papers: tuple[PaperRow, ...]
    wanted: tuple[VendorPaper, ...]
    missing: tuple[VendorPaper, ...]
    today: date


@dataclass(frozen=True, slots=True)
class VendorBalance:
    """What the ledger had for a vendor when a day was over: `payable` is owed and not on its way, whether it may be
    paid already or not, below zero too; `in_transit` has been sent and not arrived."""

    payable: Money
    in_transit: Money


@dataclass(frozen=True, slots=True)
class BalancesAt:
    """`day` ended at `until`, in the agency's zone."""

    day: date
    until: datetime
    rows: tuple[VendorBalance, ...]


@dataclass(frozen=True, slots=True)
class _HandIn:
    vendor_id: UUID
    draft: PaperDraft


class VendorTermsService:
    def __init__(self, database: Database, gateway: PaymentGateway) -> None:
        self._db = database
        self.accounts = VendorAccounts(gateway, database.clock)
        """What the provider says of vendors' accounts, for whoever reckons with it."""

    def terms(self, actor: Actor, vendor_id: UUID) -> VendorTerms:
        """Raises `NotFound`, also for another vendor than one's own."""
        require(actor, Permission.EARNINGS_READ)
        require_own(actor, vendor_id, "vendor")
        with self._db.read() as view:
            return _view(view, actor, _vendor(view, vendor_id))

    def save(
        self, actor: Actor, vendor_id: UUID, draft: TermsDraft, *, before: TermsDraft | None = None
    ) -> VendorTerms:
        """Change the terms. A payout that was approved before is not sent where its account is no more the vendor's.

        `before` is what the form began with: `ChangedMeanwhile` where it is not so any more. Raises `InvalidInput`
        naming every field at fault, `NotFound`."""
        require(actor, Permission.VENDOR_MONEY)
        fresh = checked(draft)
        with self._db.write(Commit.VENDOR_TERMS_SAVE, actor) as work:
            vendor = _vendor(work, vendor_id)
            if before is not None and terms_of(vendor) != before:
                raise ChangedMeanwhile("Somebody else changed how this vendor is paid in the meantime.")
            was = {name: getattr(vendor, name) for name in fresh}
            if was != fresh:
                for name, value in fresh.items():
                    setattr(vendor, name, value)
                work.vendors.update(vendor)
                work.audit("vendor.terms", "vendor", vendor.id, **difference(_audited(was), _audited(fresh)))
                _tell(work, vendor.id)
            shown = _view(work, actor, vendor)
            work.commit()
        return shown

    # papers

    def hand_in(self, actor: Actor, vendor_id: UUID, draft: PaperDraft, *, key: UUID) -> UUID:
        """Take in a paper; an earlier one of its kind stays. Raises `InvalidInput` naming every field at fault,
        `NotFound`, `KeyReused`."""
        require(actor, Permission.VENDOR_MONEY)
        with self._db.write(Commit.VENDOR_TERMS_SAVE, actor) as work:
            clean = checked_paper(draft, today(work))
            earlier = keys.begin(work, self._db.workers, key, "vendor.paper", _HandIn(vendor_id, clean))
            if earlier is not None and earlier.aggregate_id is not None:
                return earlier.aggregate_id
            vendor = _vendor(work, vendor_id)
            paper = VendorDocument(
                vendor_id=vendor.id,
                kind=clean.kind,
                received_on=clean.received_on,
                expires_on=clean.expires_on,
                note=clean.note,
                created_at=work.now,
                created_by=actor.user_id,
            )
            work.session.add(paper)
            work.session.flush()
            keys.finish(work, key, {"paper": str(paper.id)}, paper.id)
            _paper_audit(work, "vendor.paper_add", paper)
            work.commit()
        return paper.id

    def take_back_paper(self, actor: Actor, paper_id: UUID) -> None:
        """A paper that should not count any more: it was handed in by mistake, or withdrawn. Raises `NotFound`,
        `WrongState` where that was done before."""
        require(actor, Permission.VENDOR_MONEY)
        with self._db.write(Commit.VENDOR_TERMS_SAVE, actor) as work:
            paper = VendorTermsRepository(work.session).paper(paper_id)
            if paper is None:
                raise NotFound("There is no such paper.")
            if paper.ended_at is not None:
                raise WrongState("This paper was taken back already.")
            paper.ended_at = work.now
            work.session.flush()
            _paper_audit(work, "vendor.paper_end", paper)
            work.commit()

    # what others say of a vendor

    def account(self, actor: Actor, vendor_id: UUID) -> AccountKnown | None:
        """Ask the provider whether it would pay this vendor; None where no account with it is on file. What the
        provider does not say is told, not raised. Raises `NotFound`."""
        require(actor, Permission.VENDOR_MONEY)
        with self._db.read() as view:
            ref = _vendor(view, vendor_id).account_ref
        return self.accounts.ask(ref) if ref else None

    def balances(self, actor: Actor, vendor_id: UUID, day: date | None = None) -> BalancesAt:
        """What the ledger had for a vendor when a day was over in the agency's zone; today's as they are now. Raises
        `NotFound`, also for another vendor than one's own."""
        require(actor, Permission.EARNINGS_READ)
        require_own(actor, vendor_id, "vendor")
        with self._db.read() as view:
            _vendor(view, vendor_id)
            day = day or today(view)
            until = day_bounds(day, view.agency.get().zone)[1]
            ledger = VendorTermsRepository(view.session)
            payable, sent = (
                {
                    code: standing(account, minor)
                    for code, minor in ledger.balances(vendor_id, account, until).items()
                }
                for account in (Account.VENDOR_PAYABLE, Account.PAYOUTS_IN_TRANSIT)
            )
        rows = tuple(
            VendorBalance(Money(payable.get(code, 0), code), Money(sent.get(code, 0), code))
            for code in sorted({*payable, *sent})
        )
        return BalancesAt(day, until, rows)


def _audited(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Without the number of the account: whoever reads what was done sees by its end that it is another."""
    iban = columns["iban"]
    return {**columns, "iban": account_label(iban) if iban else ""}


def _tell(work: UnitOfWork, vendor_id: UUID) -> None:
    told(work, "vendor", vendor_id, Change.UPDATED)
    work.publish(EarningsChanged(aggregate_id=vendor_id, timestamp=work.now))


def _paper_audit(work: UnitOfWork, action: str, paper: VendorDocument) -> None:
    ends = paper.expires_on.isoformat() if paper.expires_on else None
    work.audit(action, "vendor", paper.vendor_id, paper=str(paper.id), kind=paper.kind.value, expires_on=ends)
    _tell(work, paper.vendor_id)


def _vendor(view: Reading, vendor_id: UUID) -> Vendor:
    vendor = view.vendors.find_by_id(vendor_id)
    if vendor is None:
        raise NotFound("There is no such vendor.")
    return vendor


def _view(view: Reading, actor: Actor, vendor: Vendor) -> VendorTerms:
    may_change = allowed(actor.role, Permission.VENDOR_MONEY)
    repository = VendorTermsRepository(view.session)
    agency, day = view.agency.get(), today(view)
    rows = repository.papers([vendor.id])
    names = view.users.names(row.created_by for row in rows)
    wanted = tuple(VendorPaper(kind) for kind in agency.payout_papers)
    draft = terms_of(vendor)
    if not may_change:
        draft = replace(draft, account_ref="", iban="", bic="", holder="")
    return VendorTerms(
        vendor_id=vendor.id,
        name=vendor.name,
        active=vendor.active,
        draft=draft,
        label=label_of(vendor),
        may_change=may_change,
        shared_with=tuple(repository.others_with(vendor)) if may_change else (),
        agency_minimums=as_money({**DEFAULT_MINIMUMS, **agency.payout_minimums}),
        papers=tuple(
            PaperRow(
                row.id,
                row.kind,
                row.received_on,
                row.expires_on,
                row.note,
                names.get(row.created_by, "") if may_change else "",
                is_good(row.expires_on, day),
                ends_soon(row.expires_on, day),
            )
            for row in rows
        ),
        wanted=wanted,
        missing=missing(wanted, papers_of(rows), day),
        today=day,
    )
