"""Vendors who are paid by a file for the bank, and what stands in the files that were made."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from uuid import UUID
from xml.etree import ElementTree as ET

from sqlalchemy import select

from helpers import paying_out
from helpers.desk import CASH, Desk
from helpers.paying_out import Owed
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.payouts.words import PayoutWay
from travellr_desktop.domain.states import PayoutState
from travellr_desktop.services.payout_settings import PayoutRules
from travellr_desktop.services.payouts.bank_file import FORM
from travellr_desktop.services.vendor_drafts import TermsDraft
from travellr_desktop.storage.models import BankFile

IBANS = ("DE89370400440532013000", "FR1420041010050500013M02606", "SI56263300012039086")
PAYER = PayoutRules(iban="ME25505000012345678951", bic="CKBCMEPG")
SHARE = paying_out.SHARE

_SPACE = {"p": f"urn:iso:std:iso:20022:tech:xsd:{FORM}"}


def at_banks(desk: Desk, *names: str) -> list[Owed]:
    """The agency's account is on file, and vendors of these names are owed `SHARE` each, paid by the bank."""
    desk.services.payout_settings.save(desk.admin, PAYER)
    made = paying_out.owed(desk, *names, pay=CASH)
    for name, iban, each in zip(names, IBANS, made, strict=False):
        draft = TermsDraft(way=PayoutWay.BANK, iban=iban, holder=f"{name} d.o.o.")
        desk.services.vendor_terms.save(desk.admin, each.vendor_id, draft)
    return made


def moved(desk: Desk, vendor_id: UUID, iban: str) -> None:
    """A vendor changes banks."""
    terms = desk.services.vendor_terms.terms(desk.admin, vendor_id).draft
    desk.services.vendor_terms.save(desk.admin, vendor_id, replace(terms, iban=iban))


def asked_of_the_bank(*contents: bytes) -> Counter[UUID]:
    """How often each payout stands in these files: what a bank would pay that was given all of them."""
    return Counter(
        UUID(found.text or "")
        for content in contents
        for found in ET.fromstring(content).iterfind(".//p:EndToEndId", _SPACE)
    )


def files(desk: Desk) -> list[bytes]:
    """The content of every file there is."""
    with desk.database.read() as view:
        rows = view.session.scalars(select(BankFile).order_by(BankFile.id))
        return [row.content.encode() for row in rows]


def not_once(desk: Desk) -> list[str]:
    """The invariant of paying by the bank: whoever is on their way, paid or sent back stands in one file, nobody else
    does who was not refused; what is in transit is what no bank has taken. Says what does not hold."""
    found, wrong = asked_of_the_bank(*files(desk)), []
    in_transit: Counter[str] = Counter()
    for row in paying_out.payouts(desk):
        times = found.pop(row.id, 0)
        if row.state is PayoutState.FAILED:
            wrong += [f"failed, and stands in {times} files"] if times > 1 else []
        elif times != (row.state is not PayoutState.APPROVED):
            wrong.append(f"{row.state}, and stands in {times} files")
        in_transit[row.currency] += row.amount if row.state is PayoutState.SENDING else 0
    wrong += [f"not ours: {payout}" for payout in found]
    for currency, waited_for in in_transit.items():
        there = -paying_out.at(desk, Account.PAYOUTS_IN_TRANSIT, currency=currency)
        wrong += [f"{there} in transit, {waited_for} waited for"] if there != waited_for else []
    return wrong
