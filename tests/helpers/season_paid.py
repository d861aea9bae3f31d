"""Vendors who were paid in the season that proofs are tried on (`helpers.season`): by transfer, by the bank, not at
all."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from helpers.bank_paid import IBANS, PAYER
from helpers.batches import approved_by, given, prepared
from helpers.clock import START
from helpers.desk import Desk
from helpers.paying_out import payouts
from helpers.refunding import colleague
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.words import BatchKind, PayoutWay, VendorPaper
from travellr_desktop.services.rates import RateDraft
from travellr_desktop.services.vendor_drafts import PaperDraft, TermsDraft
from travellr_desktop.services.vendors import VendorDraft

AMOUNT = 6_000
FIRST, LAST = START.date(), date(2026, 6, 20)


def owe_vendors(desk: Desk) -> None:
    """Four are owed something by agreement: at the provider, at a bank, without an account, and one who is kept out."""
    services, admin = desk.services, desk.admin
    services.payout_settings.save(admin, PAYER)
    with desk.sandbox() as sandbox:
        account = sandbox.open_account("Lovćen tours")
    transfer = TermsDraft(way=PayoutWay.TRANSFER, account_ref=account)
    bank = TermsDraft(way=PayoutWay.BANK, iban=IBANS[0], holder="Orjen d.o.o.")
    for name, terms in (
        ("Lovćen tours", transfer),
        ("Orjen hikes", bank),
        ("Rumija walks", TermsDraft()),
        ("Sitnica rafts", bank),
    ):
        vendor_id = services.vendors.create(admin, VendorDraft(name))
        services.vendor_terms.save(admin, vendor_id, terms)
        desk.add_trip(f"With {name}", vendor_id=vendor_id)
        given(desk, vendor_id, AMOUNT)
    paper = PaperDraft(VendorPaper.CONTRACT, START.date())
    services.vendor_terms.hand_in(admin, desk.vendor_id, paper, key=uuid4())
    services.rates.agree(admin, RateDraft(desk.vendor_id, 1_500, START.date()))


def pay_vendors(desk: Desk) -> None:
    """One of them by a transfer, of which a part is taken back; one by a file that the bank has."""
    services, admin = desk.services, desk.admin
    batch = prepared(desk, BatchKind.EXTRA, FIRST, LAST)
    services.payouts.leave_out(admin, batch, _vendor(desk, "Sitnica rafts"), "Insolvent")
    approved_by(desk, colleague(desk, "Vesna Radić"), batch)
    services.payout_runs.run(admin, batch)
    (paid,) = (row for row in payouts(desk) if row.way is PayoutWay.TRANSFER)
    services.payout_runs.take_back(admin, paid.id, Money(1_000, "EUR"), "Paid too much", key=uuid4())
    file = services.bank_files.make(admin, batch, "EUR").file
    assert file is not None
    services.bank_files.arrived(admin, file.id)


def _vendor(desk: Desk, name: str) -> UUID:
    return next(each.id for each in desk.services.vendors.names(desk.admin) if each.name == name)
