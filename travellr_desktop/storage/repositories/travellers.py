"""Travellers: found, counted, compared. A record that was merged into another leads to that one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from travellr_desktop.domain.states import BookingState, PaymentState, RefundState, open_states
from travellr_desktop.storage.models import (
    Booking,
    Departure,
    Note,
    Payment,
    Refund,
    Sale,
    TravelDocument,
    Traveller,
    TravellerMerge,
    TravellerPair,
    Trip,
)
from travellr_desktop.storage.repositories import traveller_search
from travellr_desktop.storage.repositories.base import Repository


@dataclass(frozen=True, slots=True)
class Ahead:
    """A booking whose departure is still to come."""

    reference: str
    title: str
    starts_at: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class Sums:
    """Money of one traveller in one currency, in minor units: the price of what stands or was travelled, what came
    in, and what went back."""

    currency: str
    booked: int
    paid: int
    back: int


class TravellerRepository(Repository[Traveller]):
    model = Traveller
    word = "traveller"

    def find_by_id(self, row_id: UUID) -> Traveller | None:
        """The record, or the one that it was merged into."""
        found = self.find_row(row_id)
        while found is not None and found.merged_into is not None:
            found = self.find_row(found.merged_into)
        return found

    def find_row(self, row_id: UUID) -> Traveller | None:
        """The record itself, merged or not."""
        return self.session.get(Traveller, row_id)

    def search(self, text: str, limit: int) -> Sequence[tuple[Traveller, int]]:
        """Travellers who fit what was typed, as `traveller_search.find` has them, with how many bookings each has."""
        return self.counted(traveller_search.find(self.session, text, limit))

    def newest(self, limit: int) -> Sequence[tuple[Traveller, int]]:
        """Those who were added last."""
        # so written that SQLite walks the ids, and does not collect all of those who were not merged
        here = Traveller.merged_into.is_not(None).is_(False)
        query = select(Traveller.id).where(here).order_by(Traveller.id.desc())
        return self.counted(self.session.scalars(query.limit(limit)).all())

    def counted(self, ids: Sequence[UUID]) -> Sequence[tuple[Traveller, int]]:
        """These, in that order, with how many bookings each has."""
        counted = (
            select(func.count())
            .where(Booking.traveller_id == Traveller.id)
            .correlate(Traveller)
            .scalar_subquery()
        )
        query = select(Traveller, counted).where(Traveller.id.in_(ids))
        rows = {row[0].id: (row[0], row[1]) for row in self.session.execute(query)}
        return [rows[each] for each in ids if each in rows]

    def count(self) -> int:
        """How many there are, without those merged into others."""
        query = select(func.count()).select_from(Traveller)
        merged = self.session.scalar(query.where(Traveller.merged_into.is_not(None))) or 0
        return (self.session.scalar(query) or 0) - merged

    def count_bookings(self, traveller_id: UUID) -> int:
        return self.session.scalar(select(func.count()).where(Booking.traveller_id == traveller_id)) or 0

    def count_notes(self, ids: Sequence[UUID]) -> dict[UUID, int]:
        """How many notes there are on each of these that has any."""
        query = select(Note.traveller_id, func.count()).where(Note.traveller_id.in_(ids))
        rows = self.session.execute(query.group_by(Note.traveller_id))
        return {row[0]: row[1] for row in rows if row[0] is not None}

    def documents(self, traveller_id: UUID) -> Sequence[TravelDocument]:
        """Their travel documents, the newest first."""
        query = select(TravelDocument).where(TravelDocument.traveller_id == traveller_id)
        return self.session.scalars(query.order_by(TravelDocument.id.desc())).all()

    def departures_ahead(self, traveller_id: UUID, now: datetime) -> list[Ahead]:
        """What they have booked and not travelled yet."""
        query = (
            select(Booking.reference, Trip.title, Departure.starts_at, Departure.zone)
            .join(Departure, Departure.id == Booking.departure_id)
            .join(Trip, Trip.id == Booking.trip_id)
            .where(
                Booking.traveller_id == traveller_id,
                Booking.state.in_(open_states(BookingState)),
                Departure.starts_at > now,
            )
        )
        return [Ahead(*row) for row in self.session.execute(query)]

    def sums(self, traveller_id: UUID) -> tuple[Sums, ...]:
        """Their money by currency, the largest first."""
        booked = self._by_currency(
            select(Booking.currency, func.sum(Booking.price)).where(
                Booking.traveller_id == traveller_id, Booking.state != BookingState.CANCELLED
            )
        )
        own = Payment.sale_id.in_(select(Sale.id).where(Sale.traveller_id == traveller_id))
        paid = self._by_currency(
            select(Payment.currency, func.sum(Payment.amount)).where(
                own, Payment.state == PaymentState.COMPLETED
            )
        )
        back = self._by_currency(
            select(Refund.currency, func.sum(Refund.amount))
            .join(Payment, Payment.id == Refund.payment_id)
            .where(own, Refund.state == RefundState.COMPLETED)
        )
        found = (
            Sums(code, booked.get(code, 0), paid.get(code, 0), back.get(code, 0))
            for code in {**booked, **paid, **back}
        )
        return tuple(sorted(found, key=lambda each: (-each.booked, each.currency)))

    def _by_currency(self, query: Select[str, int]) -> dict[str, int]:
        return {row[0]: row[1] for row in self.session.execute(query.group_by("currency"))}

    # who is the same

    def behind(self, traveller_id: UUID) -> Sequence[Traveller]:
        """Records that were merged into this one, the first first."""
        query = select(Traveller).where(Traveller.merged_into == traveller_id).order_by(Traveller.id)
        return self.session.scalars(query).all()

    def merges(self, kept_id: UUID) -> Sequence[TravellerMerge]:
        """Merges into this record that stand, the newest first."""
        query = select(TravellerMerge).where(
            TravellerMerge.kept_id == kept_id, TravellerMerge.undone_at.is_(None)
        )
        return self.session.scalars(query.order_by(TravellerMerge.id.desc())).all()

    def alike(self, ids: Sequence[UUID], most: int) -> set[tuple[UUID, UUID]]:
        """Each of these with others that share its email, its number, or name and birthday: at most `most` pairs of
        each kind."""
        other = aliased(Traveller)
        pairs: set[tuple[UUID, UUID]] = set()
        for shared, given in (
            (other.email == Traveller.email, Traveller.email > ""),
            (other.phone_key == Traveller.phone_key, Traveller.phone_key > ""),
            (
                and_(other.name_key == Traveller.name_key, other.born == Traveller.born),
                Traveller.born.is_not(None),
            ),
        ):
            query = (
                select(Traveller.id, other.id)
                .join(other, and_(shared, other.id != Traveller.id))
                .where(Traveller.id.in_(ids), given, other.merged_into.is_not(None).is_(False))
                .limit(most)
            )
            pairs |= {(row[0], row[1]) for row in self.session.execute(query)}
        return pairs

    def groups(self, largest: int, most: int) -> list[list[Traveller]]:
        """Records that share an email, a number, or name and birthday, group by group, at most `most` groups of each
        kind. What more than `largest` share is the contact of a firm or a guess at a birthday, and no person."""
        ids: list[list[UUID]] = []
        for columns, given in (
            ((Traveller.email,), Traveller.email > ""),
            ((Traveller.phone_key,), Traveller.phone_key > ""),
            ((Traveller.name_key, Traveller.born), Traveller.born.is_not(None)),
        ):
            shared = (
                select(*columns)
                .where(given)
                .group_by(*columns)
                .having(func.count().between(2, largest))
                .limit(most)
            )
            for values in self.session.execute(shared).all():
                same = [column == value for column, value in zip(columns, values, strict=True)]
                query = select(Traveller.id).where(*same, Traveller.merged_into.is_(None))
                ids.append(list(self.session.scalars(query)))
        wanted = {each for group in ids for each in group}
        rows = self.rows(sorted(wanted))
        return [[rows[each] for each in group] for group in ids if len(group) > 1]

    def rows(self, ids: Sequence[UUID]) -> dict[UUID, Traveller]:
        """The records themselves, by their ids."""
        query = select(Traveller)
        return {
            row.id: row
            for part in _parts(ids)
            for row in self.session.scalars(query.where(Traveller.id.in_(part)))
        }

    def pair(self, one: UUID, other: UUID) -> TravellerPair | None:
        """The word that these two are not the same person, if it was given."""
        first, second = sorted((one, other))
        query = select(TravellerPair).where(
            TravellerPair.first_id == first, TravellerPair.second_id == second
        )
        return self.session.scalar(query)

    def pairs_of(self, traveller_id: UUID) -> Sequence[TravellerPair]:
        """All that this record is not."""
        query = select(TravellerPair).where(
            or_(TravellerPair.first_id == traveller_id, TravellerPair.second_id == traveller_id)
        )
        return self.session.scalars(query).all()

    def said_apart(self, ids: Sequence[UUID]) -> set[tuple[UUID, UUID]]:
        """Pairs with one of these that are not the same person, the lower id first."""
        pairs: set[tuple[UUID, UUID]] = set()
        for part in _parts(list(ids)):
            query = select(TravellerPair.first_id, TravellerPair.second_id).where(
                or_(TravellerPair.first_id.in_(part), TravellerPair.second_id.in_(part))
            )
            pairs |= {(row[0], row[1]) for row in self.session.execute(query)}
        return pairs


def _parts(ids: Sequence[UUID], size: int = 400) -> Iterable[Sequence[UUID]]:
    return (ids[at : at + size] for at in range(0, len(ids), size))
