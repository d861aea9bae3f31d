"""How vendors are paid, saved in a process that is killed on the way (`helpers.crashes`)."""

from __future__ import annotations

from helpers.clock import START
from helpers.crash_sales import key
from helpers.desk import Desk
from travellr_desktop.domain.payouts.words import PayoutWay, VendorPaper
from travellr_desktop.services.payout_settings import PayoutRules
from travellr_desktop.services.vendor_drafts import PaperDraft, TermsDraft

BANK = TermsDraft(way=PayoutWay.BANK, iban="ME25505000012345678951", holder="Bokeška Plovidba")
AGENCY = PayoutRules(papers=(VendorPaper.CONTRACT,), iban="DE89370400440532013000")


def terms(desk: Desk) -> None:
    """The agency's account, the vendor's, and a paper: the same forms again change nothing."""
    services, admin = desk.services, desk.admin
    services.payout_settings.save(admin, AGENCY)
    services.vendor_terms.save(admin, desk.vendor_id, BANK)
    paper = PaperDraft(VendorPaper.CONTRACT, START.date())
    services.vendor_terms.hand_in(admin, desk.vendor_id, paper, key=key("paper"))
