"""The agency and its desk: what is printed on documents, and what the window says of where it is."""

from __future__ import annotations

from dataclasses import dataclass

from travellr_desktop.domain.money import Money, check_bps
from travellr_desktop.domain.periods import zone as zone_of
from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.domain.text import clean_line
from travellr_desktop.errors import InvalidInput
from travellr_desktop.events import SettingsChanged
from travellr_desktop.services.departure_making import check_release
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.uow import Database


@dataclass(frozen=True, slots=True)
class AgencyView:
    """`currency` is what the books are kept in, fixed from the first start; `zone` an IANA name."""

    name: str
    desk_name: str
    desk_number: int
    legal: str
    tax_number: str
    contact: str
    zone: str
    currency: str


@dataclass(frozen=True, slots=True)
class AgencyDraft:
    """What can be changed later."""

    name: str
    desk_name: str
    legal: str
    tax_number: str
    contact: str
    zone: str


@dataclass(frozen=True, slots=True)
class SellingRules:
    """What holds for everybody who sells. `discount_limit_bps` is the discount that needs no permission, in 1/100 of a
    per cent of the price; `offer_hours` how long somebody who waited may think over an offer. What goes back above
    one of the `refund_limits` waits for a second person; a currency that has none is not limited. A departure is
    completed by itself `completes_after` hours after its end, where that is not None: then a person does it. From
    `release_days` before a departure no desk of several keeps seats that it has not sold; None: until sales close."""

    discount_limit_bps: int
    offer_hours: int
    refund_limits: tuple[Money, ...] = ()
    completes_after: int | None = None
    release_days: int | None = None


LONGEST_OFFER_H = 24 * 14
LONGEST_WAIT_H = 24 * 30


class AgencyService:
    def __init__(self, database: Database) -> None:
        self._db = database

    def view(self) -> AgencyView | None:
        """The agency, or None before it was set up. It stands on the sign-in screen: nobody has to be signed in."""
        with self._db.read() as view:
            agency = view.agency.find()
            if agency is None:
                return None
            desk = view.agency.this_desk()
            return AgencyView(
                name=agency.name,
                desk_name=desk.name,
                desk_number=desk.number,
                legal=agency.legal,
                tax_number=agency.tax_number,
                contact=agency.contact,
                zone=agency.zone,
                currency=agency.currency,
            )

    def save(self, actor: Actor, draft: AgencyDraft) -> None:
        """Raises `InvalidInput` naming the field."""
        require(actor, Permission.SETTINGS_WRITE)
        zone_of(draft.zone)
        fresh = {
            "name": clean_line(draft.name, "name", 120),
            "legal": clean_line(draft.legal, "legal", 200, required=False),
            "tax_number": clean_line(draft.tax_number, "tax_number", 120, required=False),
            "contact": clean_line(draft.contact, "contact", 120, required=False),
            "zone": draft.zone,
        }
        desk_name = clean_line(draft.desk_name, "desk_name", 120)
        with self._db.write(Commit.SETTINGS_SAVE, actor) as work:
            agency, desk = work.agency.get(), work.agency.this_desk()
            changed = tuple(name for name, value in fresh.items() if getattr(agency, name) != value)
            for name in changed:
                setattr(agency, name, fresh[name])
            if desk.name != desk_name:
                desk.name = desk_name
                changed = (*changed, "desk_name")
            if changed:
                work.audit("settings.save", "agency", agency.id, names=list(changed))
                work.publish(SettingsChanged(aggregate_id=agency.id, timestamp=work.now, names=changed))
            work.commit()

    def rules(self, actor: Actor) -> SellingRules:
        """What holds for everybody who sells."""
        require(actor, Permission.HOLD_CREATE)
        with self._db.read() as view:
            agency = view.agency.get()
            limits = tuple(Money(minor, code) for code, minor in sorted(agency.refund_limits.items()))
            return SellingRules(
                agency.discount_limit_bps,
                agency.offer_hours,
                limits,
                agency.completes_after,
                agency.release_days,
            )

    def save_rules(self, actor: Actor, rules: SellingRules) -> None:
        """Raises `InvalidInput` naming the field."""
        require(actor, Permission.SETTINGS_WRITE)
        check_bps(rules.discount_limit_bps, "discount_limit_bps")
        if not 1 <= rules.offer_hours <= LONGEST_OFFER_H:
            raise InvalidInput(f"An offer is kept for 1 to {LONGEST_OFFER_H} hours.", field="offer_hours")
        if rules.completes_after is not None and not 0 <= rules.completes_after <= LONGEST_WAIT_H:
            raise InvalidInput(
                f"A departure is completed 0 to {LONGEST_WAIT_H} hours after its end, or by a person.",
                field="completes_after",
            )
        check_release(rules.release_days)
        limits = {limit.currency: limit.minor for limit in rules.refund_limits}
        if len(limits) < len(rules.refund_limits) or any(minor < 0 for minor in limits.values()):
            raise InvalidInput(
                "A limit is one amount from nothing on for each currency.", field="refund_limits"
            )
        fresh = {
            "discount_limit_bps": rules.discount_limit_bps,
            "offer_hours": rules.offer_hours,
            "refund_limits": limits,
            "completes_after": rules.completes_after,
            "release_days": rules.release_days,
        }
        with self._db.write(Commit.SETTINGS_SAVE, actor) as work:
            agency = work.agency.get()
            changed = tuple(name for name, value in fresh.items() if getattr(agency, name) != value)
            for name in changed:
                setattr(agency, name, fresh[name])
            if changed:
                work.audit("settings.save", "agency", agency.id, names=list(changed))
                work.publish(SettingsChanged(aggregate_id=agency.id, timestamp=work.now, names=changed))
            work.commit()
