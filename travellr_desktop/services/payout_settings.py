"""What holds for paying vendors: minimums, papers, the week, who approves, what runs by itself, and from where."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from travellr_desktop.domain.faults import Faults
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.iban import account_label, clean_bic, clean_iban
from travellr_desktop.domain.payouts.minimums import DEFAULT_MINIMUMS, as_money, checked_minimums
from travellr_desktop.domain.payouts.words import VendorPaper
from travellr_desktop.domain.permissions import Actor, Permission, allowed, require
from travellr_desktop.errors import ChangedMeanwhile, InvalidInput
from travellr_desktop.events import SettingsChanged
from travellr_desktop.services.catalogue import difference
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Agency
from travellr_desktop.storage.uow import Database


@dataclass(frozen=True, slots=True)
class PayoutRules:
    """`minimums` go before those that the program begins with. `weekday` is on which a week begins, 0 Monday. `alone`:
    whoever prepared a batch may approve it. `run`: an approved batch is sent by itself. `iban` and `bic` are of the
    account that files for the bank pay from."""

    minimums: tuple[Money, ...] = ()
    papers: tuple[VendorPaper, ...] = ()
    weekday: int = 0
    alone: bool = False
    run: bool = False
    iban: str = ""
    bic: str = ""


@dataclass(frozen=True, slots=True)
class PayoutSettings:
    """`label` is the agency's account as anybody may read it; `rules` has its number only where `may_change`. `known`
    minimums hold for currencies that the rules do not name."""

    rules: PayoutRules
    label: str
    known: tuple[Money, ...]
    may_change: bool


class PayoutSettingsService:
    def __init__(self, database: Database) -> None:
        self._db = database

    def read(self, actor: Actor) -> PayoutSettings:
        require(actor, Permission.PAYOUT_READ)
        may_change = allowed(actor.role, Permission.SETTINGS_WRITE)
        with self._db.read() as view:
            agency = view.agency.get()
            rules = rules_of(agency)
            label = account_label(agency.iban, agency.bic) if agency.iban else ""
        if not may_change:
            rules = replace(rules, iban="", bic="")
        return PayoutSettings(rules, label, as_money(DEFAULT_MINIMUMS), may_change)

    def save(self, actor: Actor, rules: PayoutRules, *, before: PayoutRules | None = None) -> None:
        """`before` is what the form began with: `ChangedMeanwhile` where it is not so any more. Raises `InvalidInput`
        naming every field at fault."""
        require(actor, Permission.SETTINGS_WRITE)
        fresh = checked(rules)
        with self._db.write(Commit.SETTINGS_SAVE, actor) as work:
            agency = work.agency.get()
            if before is not None and rules_of(agency) != before:
                raise ChangedMeanwhile("Somebody else changed these settings in the meantime.")
            was = {name: getattr(agency, name) for name in fresh}
            changed = tuple(name for name in fresh if was[name] != fresh[name])
            for name in changed:
                setattr(agency, name, fresh[name])
            if changed:
                detail = difference(_audited(was), _audited(fresh))
                work.audit("settings.save", "agency", agency.id, names=list(changed), **detail)
                work.publish(SettingsChanged(aggregate_id=agency.id, timestamp=work.now, names=changed))
            work.commit()


def checked(rules: PayoutRules) -> dict[str, Any]:
    """The columns of the agency, cleaned. Raises `InvalidInput` naming every field at fault."""
    faults = Faults()
    fresh = {
        "payout_minimums": faults.read({}, checked_minimums, rules.minimums),
        "payout_papers": faults.read([], _papers, rules.papers),
        "payout_weekday": faults.read(0, _weekday, rules.weekday),
        "payouts_alone": bool(rules.alone),
        "payouts_run": bool(rules.run),
        "iban": faults.read("", clean_iban, rules.iban, required=False),
        "bic": faults.read("", clean_bic, rules.bic, required=False),
    }
    faults.end()
    return fresh


def rules_of(agency: Agency) -> PayoutRules:
    return PayoutRules(
        minimums=as_money(agency.payout_minimums),
        papers=tuple(VendorPaper(kind) for kind in agency.payout_papers),
        weekday=agency.payout_weekday,
        alone=agency.payouts_alone,
        run=agency.payouts_run,
        iban=agency.iban,
        bic=agency.bic,
    )


def _papers(papers: tuple[VendorPaper, ...]) -> list[str]:
    """In the order of their kinds, each once."""
    try:
        wanted = {VendorPaper(kind) for kind in papers}
    except ValueError:
        raise InvalidInput("There is no such paper.", field="papers") from None
    return [kind.value for kind in VendorPaper if kind in wanted]


def _weekday(day: int) -> int:
    if type(day) is not int or not 0 <= day <= 6:
        raise InvalidInput("A week begins on one of seven days.", field="weekday")
    return day


def _audited(columns: dict[str, Any]) -> dict[str, Any]:
    iban = columns["iban"]
    return {**columns, "iban": account_label(iban) if iban else ""}
