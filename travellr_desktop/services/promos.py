"""Promo codes: the list of them, and what a discount or a code would take off what is held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from travellr_desktop.domain import lengths
from travellr_desktop.domain.agreed_rates import rate_on
from travellr_desktop.domain.discounts import DiscountKind, Terms
from travellr_desktop.domain.faults import Faults
from travellr_desktop.domain.money import Money, round_ratio, sum_money
from travellr_desktop.domain.party import line_prices
from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.domain.text import clean_line
from travellr_desktop.errors import InvalidInput
from travellr_desktop.events import CatalogueChanged, Change
from travellr_desktop.services import discounts, holds
from travellr_desktop.services.discounts import DiscountAsk, ListedBooking
from travellr_desktop.services.pricing import one_currency, price_list
from travellr_desktop.services.today import today
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Hold, PromoCode
from travellr_desktop.storage.repositories.agreed import RateRepository
from travellr_desktop.storage.repositories.lists_promos import PromoListRow
from travellr_desktop.storage.uow import Database, Reading


@dataclass(frozen=True, slots=True)
class PromoDraft:
    """A promo code as it is typed. `id` None makes a new one. Either `bps` or `amount` says how much; the days
    are local days in the agency's zone, both included; `most_uses` None is without a limit."""

    code: str
    kind: DiscountKind
    first_day: date
    last_day: date
    name: str = ""
    bps: int = 0
    amount: Money | None = None
    own: bool = True
    most_uses: int | None = None
    trip_id: UUID | None = None
    vendor_id: UUID | None = None
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PromoScope:
    """A vendor or a trip that a code can be narrowed to."""

    id: UUID
    words: str
    is_trip: bool


@dataclass(frozen=True, slots=True)
class DiscountQuote:
    """What is held costs `list_total`; `discount` of it is taken off, of which the agency alone bears `own`. `tax` is
    contained in `total`."""

    list_total: Money
    discount: Money
    own: Money
    total: Money
    tax: Money
    promo_id: UUID | None = None


class PromoService:
    def __init__(self, database: Database) -> None:
        self._db = database

    def list(self, actor: Actor) -> tuple[PromoListRow, ...]:
        """All codes, in alphabetical order, those that are not given any more with them."""
        require(actor, Permission.DISCOUNT_GIVE)
        with self._db.read() as view:
            rows = view.promos.all_by_code()
            uses = view.promos.uses([row.id for row in rows])
            return tuple(_view(view, row, uses[row.id]) for row in rows)

    def detail(self, actor: Actor, promo_id: UUID) -> PromoListRow:
        """One code. Raises `NotFound`."""
        require(actor, Permission.DISCOUNT_GIVE)
        with self._db.read() as view:
            row = view.promos.get(promo_id)
            return _view(view, row, view.promos.uses([row.id])[row.id])

    def scopes(self, actor: Actor) -> tuple[PromoScope, ...]:
        """What a code can be narrowed to: vendors, then trips, those that are active, by name."""
        require(actor, Permission.CATALOGUE_WRITE)
        with self._db.read() as view:
            vendors = [PromoScope(vendor.id, vendor.name, False) for vendor in view.vendors.names()]
            trips = [PromoScope(trip_id, title, True) for trip_id, title in view.promos.trips()]
            return (*vendors, *trips)

    def save(self, actor: Actor, draft: PromoDraft) -> UUID:
        """Make a code, or change one; what was sold with it stays as it was, and a code that is not given any more is
        not given again by it. Raises `InvalidInput` naming every field at fault, `NotFound`."""
        require(actor, Permission.CATALOGUE_WRITE)
        values = checked(draft)
        with self._db.write(Commit.CATALOGUE_SAVE, actor) as work:
            if draft.trip_id is not None:
                work.trips.get(draft.trip_id)
            if draft.vendor_id is not None:
                work.vendors.get(draft.vendor_id)
            same = work.promos.find_by_code(str(values["code"]))
            if same is not None and same.id != draft.id:
                raise InvalidInput("There is such a code already.", field="code", hint="Take another word.")
            if draft.id is None:
                row = work.promos.save(PromoCode(**values, active=True))
                before: dict[str, object] = {}
            else:
                row = work.promos.get(draft.id)
                before = {name: _plain(getattr(row, name)) for name in values}
                for name, value in values.items():
                    setattr(row, name, value)
                work.promos.update(row)
            after = {name: _plain(value) for name, value in values.items()}
            work.audit("promo.save", "promo", row.id, before=before, after=after)
            change = Change.UPDATED if before else Change.CREATED
            work.publish(_told(row, work.now, change))
            work.commit()
        return row.id

    def deactivate(self, actor: Actor, promo_id: UUID) -> None:
        """The code is not given any more; nothing happens to one that is not. Raises `NotFound`."""
        self._give_or_not(actor, promo_id, active=False)

    def reactivate(self, actor: Actor, promo_id: UUID) -> None:
        """The code is given again. Raises `NotFound`."""
        self._give_or_not(actor, promo_id, active=True)

    def _give_or_not(self, actor: Actor, promo_id: UUID, *, active: bool) -> None:
        require(actor, Permission.CATALOGUE_WRITE)
        with self._db.write(Commit.CATALOGUE_SAVE, actor) as work:
            row = work.promos.get(promo_id)
            if row.active is not active:
                row.active = active
                work.promos.update(row)
                word = "promo.activate" if active else "promo.deactivate"
                work.audit(word, "promo", row.id, code=row.code)
                work.publish(_told(row, work.now, Change.UPDATED if active else Change.REMOVED))
            work.commit()

    def quote(
        self, actor: Actor, hold_ids: Sequence[UUID], ask: DiscountAsk | None, promo: str = ""
    ) -> DiscountQuote:
        """What these holds would cost if they were sold now with a discount. Raises as `discounts.price_lines`,
        `NotFound` for a hold that is not the actor's, `InvalidInput` where nothing is held, or in several
        currencies."""
        require(actor, Permission.BOOKING_CREATE)
        with self._db.read() as view:
            found = [_listed(view, holds.own(actor, view, hold_id)) for hold_id in hold_ids]
            basket, rates = [listed for listed, _bps in found], [bps for _listed, bps in found]
            if not basket:
                raise InvalidInput(
                    "There is nothing in the basket.", field="basket", hint="Hold seats first."
                )
            one_currency(each.currency for each in basket)
            priced = discounts.price_lines(view, actor, basket, ask, promo)
            code = next((g.promo_id for booking in priced for g in booking.given if g.promo_id), None)
        currency = basket[0].currency

        def money(amounts: Sequence[int]) -> Money:
            return sum_money((Money(amount, currency) for amount in amounts), currency)

        lines = [line for booking in priced for line in booking.lines]
        off = money([line.discount for line in lines])
        total = money([line.price for line in lines])
        taxes = [
            round_ratio(booking.price * bps, 10_000 + bps) for booking, bps in zip(priced, rates, strict=True)
        ]
        own = money([line.own_discount for line in lines])
        return DiscountQuote(total + off, off, own, total, money(taxes), code)


def _listed(view: Reading, hold: Hold) -> tuple[ListedBooking, int]:
    """A hold as a booking to be, and its tax rate."""
    departure = view.departures.get(hold.departure_id)
    trip = view.trips.get_full(departure.trip_id)
    prices = price_list(trip, departure.local_day).prices
    listed = tuple(money.minor for _, money in line_prices(holds.party_of(hold), prices))
    bps = rate_on(today(view), RateRepository(view.session).of_trip(trip), trip.vendor.commission_bps)
    booking = ListedBooking(trip.id, trip.vendor_id, trip.currency, bps, listed)
    return booking, trip.tax_bps


def checked(draft: PromoDraft) -> dict[str, object]:
    """The columns of a code, cleaned. Raises `InvalidInput` naming every field at fault."""
    faults = Faults()
    amount = draft.amount if draft.kind is DiscountKind.AMOUNT else None
    columns: dict[str, object] = {
        "code": faults.read("", _code, draft.code),
        "name": faults.read("", clean_line, draft.name, "name", lengths.NAME, required=False),
        "kind": draft.kind,
        "bps": draft.bps,
        "amount": 0 if amount is None else amount.minor,
        "currency": None if amount is None else amount.currency,
        "own": draft.own,
        "first_day": draft.first_day,
        "last_day": draft.last_day,
        "most_uses": draft.most_uses,
        "trip_id": draft.trip_id,
        "vendor_id": draft.vendor_id,
    }
    faults.check(Terms, draft.kind, draft.bps, 0 if amount is None else amount.minor, draft.own)
    if draft.first_day > draft.last_day:
        faults.add(InvalidInput("The last day is before the first.", field="last_day"))
    if draft.most_uses is not None and draft.most_uses < 1:
        faults.add(InvalidInput("A code is good for one sale at least.", field="most_uses"))
    faults.end()
    return columns


def _code(typed: str) -> str:
    code = discounts.clean_code(typed)
    if len(code) < 2:
        raise InvalidInput("A code has two characters or more.", field="code")
    return code


def _told(row: PromoCode, now: datetime, change: Change) -> CatalogueChanged:
    return CatalogueChanged(aggregate_id=row.id, timestamp=now, what="promo", change=change)


def _plain(value: object) -> object:
    """As JSON has it."""
    return value if isinstance(value, (str, int, type(None))) else str(value)


def _view(view: Reading, row: PromoCode, uses: int) -> PromoListRow:
    where = ""
    if row.trip_id is not None:
        where = view.trips.get(row.trip_id).title
    elif row.vendor_id is not None:
        where = view.vendors.get(row.vendor_id).name
    return PromoListRow(
        id=row.id,
        code=row.code,
        name=row.name,
        kind=row.kind,
        bps=row.bps,
        amount=Money(row.amount, row.currency) if row.currency is not None else None,
        own=row.own,
        first_day=row.first_day,
        last_day=row.last_day,
        most_uses=row.most_uses,
        uses=uses,
        trip_id=row.trip_id,
        vendor_id=row.vendor_id,
        where=where,
        active=row.active,
    )
