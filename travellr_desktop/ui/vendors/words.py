"""What the ways, schedules and papers of vendors are called."""

from __future__ import annotations

from datetime import datetime

from travellr_desktop.domain.payouts.wanted import wanted_words
from travellr_desktop.domain.payouts.words import PayoutWay, Schedule, VendorPaper
from travellr_desktop.services.payouts.accounts import AccountKnown, AccountState
from travellr_desktop.ui.catalogue.words import say
from travellr_desktop.ui.formats import Formats

_SCHEDULES = {Schedule.WEEKLY: "Every week", Schedule.MONTHLY: "Every month"}
_WAYS = {
    None: "Not paid yet",
    PayoutWay.TRANSFER: "To their Stripe account",
    PayoutWay.BANK: "To their bank, by a file",
}
_PAPERS = {
    VendorPaper.CONTRACT: "Contract",
    VendorPaper.TAX_FORM: "Tax form",
    VendorPaper.LICENCE: "Licence",
    VendorPaper.INSURANCE: "Insurance",
    VendorPaper.IDENTITY: "Proof of identity",
}


def schedule_word(schedule: Schedule) -> str:
    return say(_SCHEDULES[schedule])


def way_word(way: PayoutWay | None) -> str:
    return say(_WAYS[way])


def paper_word(paper: VendorPaper) -> str:
    return say(_PAPERS[paper])


def account_words(known: AccountKnown, formats: Formats, now: datetime) -> tuple[str, str, str]:
    """Tone, first and second sentence of what the provider says of an account."""
    first, tone = {
        AccountState.READY: (say("This account can be paid"), "ok"),
        AccountState.NOT_READY: (say("Stripe pays nothing to this account now"), "wait"),
        AccountState.NOT_THERE: (say("Stripe does not know this account"), "bad"),
        AccountState.NOT_KNOWN: (say("It is not known whether this account can be paid"), "wait"),
    }[known.state]
    parts = []
    if known.name:
        parts.append(say("It is called {0} there.").format(known.name))
    if known.past_due:
        parts.append(say("Stripe still wants: {0}.").format(wanted_words(known.past_due)))
    if known.state is not AccountState.NOT_KNOWN:
        same_day = (
            formats.local(known.asked_at, formats.zone).date() == formats.local(now, formats.zone).date()
        )
        at = formats.desk_time(known.asked_at) if same_day else formats.when(known.asked_at, formats.zone)
        parts.append(say("As of {0}.").format(at))
    if known.silent:
        parts.append(say("No newer answer: {0}").format(known.silent))
    return tone, first, " ".join(parts)
