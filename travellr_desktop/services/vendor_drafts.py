"""What is typed about how a vendor is paid, and how it is checked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from travellr_desktop.domain import lengths
from travellr_desktop.domain.faults import Faults
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.bank_text import is_bank_name
from travellr_desktop.domain.payouts.iban import SEPA, account_label, clean_bic, clean_iban
from travellr_desktop.domain.payouts.minimums import as_money, checked_minimums
from travellr_desktop.domain.payouts.papers import Paper
from travellr_desktop.domain.payouts.words import PayoutWay, Schedule, VendorPaper
from travellr_desktop.domain.places import clean_country
from travellr_desktop.domain.text import clean_line, clean_lines
from travellr_desktop.errors import InvalidInput
from travellr_desktop.storage.models import Vendor, VendorDocument

LONGEST_ADDRESS = 500
LONGEST_NUMBER = 60
LONGEST_HOLDER = 70
"""As many characters as a file for the bank has for a name."""

_ACCOUNT = re.compile(r"acct_[A-Za-z0-9]{1,250}")


@dataclass(frozen=True, slots=True)
class TermsDraft:
    """`way` None: nothing is paid yet. `account_ref` is the vendor's account with the provider, `holder` whose the bank
    account is. `minimums` go before the agency's. `country` is a code of two letters."""

    schedule: Schedule = Schedule.WEEKLY
    way: PayoutWay | None = None
    account_ref: str = ""
    iban: str = ""
    bic: str = ""
    holder: str = ""
    minimums: tuple[Money, ...] = ()
    address: str = ""
    country: str = ""
    tax_number: str = ""


@dataclass(frozen=True, slots=True)
class PaperDraft:
    kind: VendorPaper
    received_on: date
    expires_on: date | None = None
    note: str = ""


def checked(draft: TermsDraft) -> dict[str, Any]:
    """The columns of a vendor, cleaned. Raises `InvalidInput` naming every field at fault."""
    faults = Faults()
    by_transfer, by_bank = draft.way is PayoutWay.TRANSFER, draft.way is PayoutWay.BANK
    iban = faults.read("", clean_iban, draft.iban, required=by_bank)
    fresh = {
        "schedule": faults.read(Schedule.WEEKLY, _schedule, draft.schedule),
        "payout_way": draft.way,
        "account_ref": faults.read("", _account_ref, draft.account_ref, by_transfer) or None,
        "iban": iban,
        "bic": faults.read("", _bic, draft.bic, iban, by_bank),
        "holder": faults.read("", _holder, draft.holder, by_bank),
        "payout_minimums": faults.read({}, checked_minimums, draft.minimums),
        "address": faults.read("", clean_lines, draft.address, "address", LONGEST_ADDRESS),
        "country": faults.read("", clean_country, draft.country),
        "tax_number": faults.read("", clean_line, draft.tax_number, "tax_number", LONGEST_NUMBER, False),
    }
    faults.end()
    return fresh


def checked_paper(draft: PaperDraft, day: date) -> PaperDraft:
    """A paper as it is kept. Raises `InvalidInput` naming every field at fault."""
    faults = Faults()
    if draft.received_on > day:
        faults.add(
            InvalidInput(
                "This day is still to come.", hint="Write when the paper was handed in.", field="received_on"
            )
        )
    if draft.expires_on is not None and draft.expires_on < draft.received_on:
        faults.add(
            InvalidInput(
                "It ends before it was handed in.", hint="Compare it with the paper.", field="expires_on"
            )
        )
    note = faults.read("", clean_line, draft.note, "note", lengths.REASON, False)
    faults.end()
    return replace(draft, note=note)


def terms_of(vendor: Vendor) -> TermsDraft:
    """A vendor's terms as the form that would save them so."""
    return TermsDraft(
        schedule=vendor.schedule,
        way=vendor.payout_way,
        account_ref=vendor.account_ref or "",
        iban=vendor.iban,
        bic=vendor.bic,
        holder=vendor.holder,
        minimums=as_money(vendor.payout_minimums),
        address=vendor.address,
        country=vendor.country,
        tax_number=vendor.tax_number,
    )


def label_of(vendor: Vendor) -> str:
    """The account to which a vendor is paid, as anybody may read it: `NLBM ••8812`; "" where there is none."""
    if vendor.payout_way is PayoutWay.TRANSFER:
        return account_label(vendor.account_ref or "", "Stripe")
    return account_label(vendor.iban, vendor.bic) if vendor.payout_way is PayoutWay.BANK else ""


def papers_of(rows: Iterable[VendorDocument]) -> tuple[Paper, ...]:
    """Papers on file, for the rules."""
    return tuple(Paper(row.kind, row.expires_on) for row in rows)


def _schedule(schedule: Schedule) -> Schedule:
    try:
        return Schedule(schedule)
    except ValueError:
        raise InvalidInput("A vendor is paid by week or by month.", field="schedule") from None


def _account_ref(text: str, required: bool) -> str:
    ref = "".join(text.split())
    if (ref or required) and not _ACCOUNT.fullmatch(ref):
        raise InvalidInput(
            "This is not an account with Stripe.",
            hint="It begins with acct_; copy it from Stripe's page of the vendor.",
            field="account_ref",
        )
    return ref


def _bic(text: str, iban: str, required: bool) -> str:
    abroad = required and bool(iban) and iban[:2] not in SEPA
    if abroad and not text.strip():
        raise InvalidInput(
            f"Banks of {iban[:2]} are not reached by the IBAN alone.",
            hint="Write their BIC too.",
            field="bic",
        )
    return clean_bic(text, required=False)


def _holder(text: str, required: bool) -> str:
    holder = clean_line(text, "holder", LONGEST_HOLDER, required)
    if holder and not is_bank_name(holder):
        raise InvalidInput(
            "A bank could not read this name.", hint="Write it in Latin letters.", field="holder"
        )
    return holder
