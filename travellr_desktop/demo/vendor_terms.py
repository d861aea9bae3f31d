"""How the demo agency's vendors are paid: nearly all to an account with the provider, some by the bank, one not at all;
what papers are wanted of them, and the rates that were agreed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID, uuid4

from travellr_desktop.demo.data import DemoVendor
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.words import PayoutWay, Schedule, VendorPaper
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.domain.places import countries
from travellr_desktop.payments.sandbox.control import SandboxControl
from travellr_desktop.services.payout_settings import PayoutRules
from travellr_desktop.services.rates import RateDraft
from travellr_desktop.services.registry import Services
from travellr_desktop.services.vendor_drafts import PaperDraft, TermsDraft

PAYER = ("ME25 5100 0000 0012 3456 18", "CKBCMEPG")
"""The agency's own account: that of `resources/demo/agency.toml`."""

BY_BANK = {
    "ulcinj-salt": ("ME25 5050 0001 2345 6789 51", "CKBCMEPG"),
    "dubrovnik-ragusa": ("HR12 1001 0051 8630 0016 0", "NBHRHR2D"),
    "puglia-adriatica": ("IT60 X054 2811 1010 0000 0123 456", "BPMIITMM"),
    "highland-glen": ("GB29 NWBK 6016 1331 9268 19", "NWBKGB2L"),
}
"""Their numbers are those of examples."""
NO_ACCOUNT = "biogradska-horse"
LICENCE_RAN_OUT = "ostrog-pilgrim"
OWN_MINIMUMS = {
    "kotor-walks": Money(20_000, "EUR"),
    "avalon-ice": Money(7_000, "CAD"),
    "kyoto-lanes": Money(8_000, "JPY"),
    "wakatipu": Money(8_000, "NZD"),
    "cape-fynbos": Money(90_000, "ZAR"),
}
"""From what amount on somebody is paid who agreed to another than the agency's, or in a currency without one."""
ON_PAPER = {"plava-boka": ("Stari grad 312\n85330 Kotor", "02345671")}
"""Addresses and tax numbers that are known whole."""
RATES = (
    ("plava-boka", 1_800, -24, "For the new boat"),
    ("herceg-sail", 1_900, 13, ""),
)
"""Whose, the agency's share, so many days from today, and why."""

MINIMUM = 5_000
_PAPERS = (VendorPaper.CONTRACT, VendorPaper.LICENCE)
_LICENCE_ENDED, _LICENCE_ENDS = 12, 20  # so many days ago, and from now
_ENDS_SOON = "durmitor-high"


@dataclass
class VendorsAsked:
    """Writes down what each vendor said when they signed up. `accounts` are those with the provider, by the vendor's
    code; `ids` and `names` are the vendors' own."""

    services: Services
    sandbox: SandboxControl
    manager: Actor
    today: date
    accounts: dict[str, str] = field(default_factory=dict)
    ids: dict[str, UUID] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def settle(self, admin: Actor) -> None:
        """What holds for all of them."""
        rules = PayoutRules(minimums=(Money(MINIMUM, "EUR"),), papers=_PAPERS, iban=PAYER[0], bic=PAYER[1])
        self.services.payout_settings.save(admin, rules)

    def ask(self, vendor: DemoVendor, vendor_id: UUID) -> None:
        """Account, papers and rates of one, on the day of the clock."""
        self.ids[vendor.code], self.names[vendor.code] = vendor_id, vendor.name
        self.services.vendor_terms.save(self.manager, vendor_id, self._terms(vendor))
        self._papers(vendor, vendor_id)
        for code, bps, days, note in RATES:
            if code == vendor.code:
                draft = RateDraft(vendor_id, bps, self.today + timedelta(days=days), note=note)
                self.services.rates.agree(self.manager, draft)

    def _terms(self, vendor: DemoVendor) -> TermsDraft:
        place = _codes()[vendor.country]
        minimum = OWN_MINIMUMS.get(vendor.code)
        address, tax_number = ON_PAPER.get(vendor.code, (vendor.town, ""))
        terms = TermsDraft(
            Schedule.WEEKLY if vendor.currency == "EUR" else Schedule.MONTHLY,
            minimums=() if minimum is None else (minimum,),
            address=address,
            country=place,
            tax_number=tax_number,
        )
        if vendor.code == NO_ACCOUNT:
            return terms
        if vendor.code in BY_BANK:
            iban, bic = BY_BANK[vendor.code]
            return replace(terms, way=PayoutWay.BANK, iban=iban, bic=bic, holder=vendor.name)
        ref = self.sandbox.open_account(vendor.name, country=place, currency=vendor.currency)
        self.accounts[vendor.code] = ref
        return replace(terms, way=PayoutWay.TRANSFER, account_ref=ref)

    def _papers(self, vendor: DemoVendor, vendor_id: UUID) -> None:
        received = self.services.clock.now().date()
        ends = None
        if vendor.code == LICENCE_RAN_OUT:
            ends = self.today - timedelta(days=_LICENCE_ENDED)
        elif vendor.code == _ENDS_SOON:
            ends = self.today + timedelta(days=_LICENCE_ENDS)
        for kind in _PAPERS:
            until = ends if kind is VendorPaper.LICENCE else None
            self.services.vendor_terms.hand_in(
                self.manager, vendor_id, PaperDraft(kind, received, until), key=uuid4()
            )


def _codes() -> Mapping[str, str]:
    """The code of a country by its name in the files."""
    return {name.replace(" & ", " and "): code for code, name in countries("en_GB").items()}
