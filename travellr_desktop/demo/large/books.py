"""What happens at the desk, written as the services write it, a transaction of theirs an op: the same rows, changes,
ledger, audit and events. A test holds both against each other, row for row.

What is not written is what would be gone by now: keys of commands after a day, events after thirty days.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from travellr_desktop.demo.large.facts import Booked, Item, Slot, TripFacts
from travellr_desktop.demo.large.names import Person
from travellr_desktop.demo.large.writer import Writer, dashed
from travellr_desktop.domain import cancellation, ledger
from travellr_desktop.domain.dues import balance_ends_at, instalments
from travellr_desktop.domain.ledger import Account, LedgerEvent
from travellr_desktop.domain.money import Money, round_ratio, share, spread
from travellr_desktop.domain.party import Party
from travellr_desktop.services import keys
from travellr_desktop.services.refund_asks import RefundAsk
from travellr_desktop.storage.base import utc_text
from travellr_desktop.storage.commits import Commit

HELD = timedelta(minutes=15)


@cache
def _asked() -> dict[str, Any]:
    """A refund that is asked for with nothing said of it, as the file keeps it."""
    found: dict[str, Any] = keys.to_json(RefundAsk(()))
    return found


class Books(Writer):
    """Writes into a file whose agency, staff and trips are there. `told_after`: earlier events are left out.
    `worker` stands for the program that did it. Moments are in UTC and rise from call to call."""

    # who buys, and what is sold

    def traveller(self, at: datetime, actor: str, person: Person) -> str:
        now, traveller = utc_text(at), self._id(at)
        values: tuple[Any, ...] = (traveller, 1, person.name, person.email, person.phone, None, "", "", "")
        values += (person.search, person.name_key, person.phone_key, now, None)
        self._add("travellers", values)
        self._audit(at, now, actor, "traveller.create", "traveller", traveller, {})
        self._tell(at, now, "TravellerChanged", traveller, {"change": "created"})
        self._seal(Commit.TRAVELLER_SAVE, actor, now)
        return traveller

    def departures(self, at: datetime, actor: str, trip: TripFacts, slots: Sequence[Slot]) -> None:
        """Departures of a trip, with this desk's grants; their ids are given here."""
        now = utc_text(at)
        for slot in slots:
            slot.id, slot.grant_id = self._id(at), self._id(at)
            starts, ends, cutoff = (utc_text(one) for one in (slot.starts_at, slot.ends_at, slot.cutoff_at))
            values = (slot.id, 1, trip.id, starts, ends, cutoff, trip.zone, slot.day, slot.time)
            self._add("departures", (*values, slot.capacity, "open", "", "", None, None))
            detail = {"trip_id": dashed(trip.id), "vendor_id": dashed(trip.vendor_id), "state": "open"}
            self._tell(at, now, "DepartureChanged", slot.id, detail)
        for slot in slots:
            self._add("grants", (slot.grant_id, 1, slot.id, self._desk, slot.capacity))
        self._audit(at, now, actor, "departures.create", "trip", trip.id, {"count": len(slots)})
        self._seal(Commit.CATALOGUE_SAVE, actor, now)

    # a sale

    def hold(self, at: datetime, actor: str, slot: Slot, party: Party, seats: int) -> str:
        """Seats set aside; returns the hold's id."""
        now, hold = utc_text(at), self._id(at)
        counts = {kind.value: count for kind, count in party.counts().items()}
        values = (hold, 1, slot.id, slot.grant_id, seats, json.dumps(counts), "active", utc_text(at + HELD))
        self._add("holds", (*values, now, actor, "hold", None, "", None, None, "[]"))
        self._hold_changed(at, now, hold, slot, seats, "active", at + HELD)
        self._seal(Commit.HOLD_TAKE, actor, now)
        return hold

    def sell(
        self,
        at: datetime,
        actor: str,
        buyer: str,
        items: Sequence[Item],
    ) -> list[Booked]:
        """A sale paid in cash: the sale with its payment, then what follows from that."""
        now, sale = utc_text(at), self._id(at)
        (reference,), references = self._numbers_of(at, "SA", 1), self._numbers_of(at, "BK", len(items))
        currency = items[0].slot.trip.currency
        self._add("sales", (sale, 1, reference, self._desk, buyer, currency, now, actor))
        made = [
            self._book(at, now, sale, buyer, item, number)
            for item, number in zip(items, references, strict=True)
        ]
        for booked, item in zip(made, items, strict=True):
            self._seat(at, booked, item)
        payment, amount = self._id(at), sum(booked.price for booked in made)
        for booked in made:
            booked.payment_id = payment
        values = (
            payment,
            1,
            sale,
            "cash",
            amount,
            currency,
            "created",
            None,
            "",
            None,
            None,
            now,
            actor,
        )
        self._add("payments", (*values, None, 0, None, self._worker, self._desk))
        for booked in made:
            self._add("payment_shares", (self._id(at), 1, payment, booked.id, booked.price))
        detail = {"way": "cash", "amount": amount, "sale": reference}
        self._audit(at, now, actor, "payment.take", "payment", payment, detail)
        if at > self._told_after:
            self._tell_placed(at, now, buyer, made, items)
        self._seal(Commit.SALE_PLACE, actor, now)
        self._complete(at, actor, made, items, payment, amount)
        return made

    def _complete(
        self,
        at: datetime,
        actor: str,
        made: Sequence[Booked],
        items: Sequence[Item],
        payment: str,
        amount: int,
    ) -> None:
        now, currency = utc_text(at), items[0].slot.trip.currency
        self._set(
            "payments", "state = 'completed', label = 'Cash', ended_at = ?, worker = NULL", now, payment
        )
        parts = {UUID(booked.id): Money(booked.price, currency) for booked in made}
        self._post(at, ledger.payment_entries(parts, into=Account.TILL), payment=payment)
        for item in items:
            self._set("holds", "state = 'consumed'", item.hold)
        for booked in made:
            for line, sits in zip(booked.line_ids, booked.sitting, strict=True):
                if sits:
                    self._set("booking_lines", "occupies = 1", line)
        for booked in made:
            self._set("bookings", "state = 'confirmed', confirmed_at = ?", now, booked.id)
        if at > self._told_after:
            self._tell_paid(at, now, made, items, payment, amount)
        self._seal(Commit.PAYMENT_COMPLETE, actor, now)

    def _book(self, at: datetime, now: str, sale: str, buyer: str, item: Item, reference: str) -> Booked:
        slot, trip = item.slot, item.slot.trip
        price, booking = sum(trip.prices[kind] for kind in item.party), self._id(at)
        tax = round_ratio(price * trip.tax_bps, 10_000 + trip.tax_bps)
        values: tuple[Any, ...] = (
            booking,
            1,
            reference,
            self._code(),
            sale,
            slot.id,
            trip.id,
            trip.vendor_id,
        )
        values += (buyer, slot.grant_id, item.hold, "pending", trip.currency, price, tax, trip.tax_bps)
        deposit = share(price, trip.deposit_bps)
        plan = instalments(
            price=Money(price, trip.currency),
            deposit=Money(deposit, trip.currency),
            balance_days=trip.balance_days,
            booked_at=at,
            departs_at=slot.starts_at,
            zone=trip.zone,
        )
        later = balance_ends_at(plan)
        values += (deposit, None if later is None else utc_text(later))
        values += (trip.commission_bps, trip.holdback_days, trip.policy_text)
        self._add("bookings", (*values, now, None, None, ""))
        return Booked(booking, reference, sale, "", slot, price, item.seats, at, [], [], [])

    def _seat(self, at: datetime, booked: Booked, item: Item) -> None:
        trip = item.slot.trip
        for position, (kind, (name, age)) in enumerate(zip(item.party, item.named, strict=True), 1):
            line, sits = self._id(at), trip.takes_seat[kind]
            booked.line_ids.append(line)
            booked.sitting.append(sits)
            booked.prices.append(trip.prices[kind])
            values = (line, 1, booked.id, position, name, kind.value, age, trip.prices[kind], int(sits))
            self._add("booking_lines", (*values, 0, 0, 0, None, 0, None, 0))

    def _tell_placed(
        self, at: datetime, now: str, buyer: str, made: Sequence[Booked], items: Sequence[Item]
    ) -> None:
        currency = items[0].slot.trip.currency
        for booked, item in zip(made, items, strict=True):
            told = self._of(booked) | {"traveller_id": dashed(buyer), "pax": len(item.named)}
            self._tell(at, now, "BookingCreated", booked.id, told | {"price": _money(booked.price, currency)})

    def _tell_paid(
        self,
        at: datetime,
        now: str,
        made: Sequence[Booked],
        items: Sequence[Item],
        payment: str,
        amount: int,
    ) -> None:
        currency, sale = items[0].slot.trip.currency, dashed(made[0].sale_id)
        paid = {"sale_id": sale, "state": "completed", "amount": _money(amount, currency), "way": "cash"}
        self._tell(at, now, "PaymentProcessed", payment, paid | {"decline_code": None})
        for booked, item in zip(made, items, strict=True):
            self._hold_changed(at, now, item.hold, item.slot, item.seats, "consumed", item.held_at + HELD)
            self._tell(at, now, "BookingConfirmed", booked.id, self._of(booked))

    def _hold_changed(
        self, at: datetime, now: str, hold: str, slot: Slot, seats: int, state: str, expires: datetime
    ) -> None:
        told: dict[str, Any] = {"departure_id": dashed(slot.id), "seats": seats, "state": state}
        self._tell(at, now, "HoldChanged", hold, told | {"expires_at": expires.isoformat()})

    @staticmethod
    def _of(booked: Booked) -> dict[str, Any]:
        """What events say of a booking."""
        return {
            "reference": booked.reference,
            "sale_id": dashed(booked.sale_id),
            "departure_id": dashed(booked.slot.id),
            "vendor_id": dashed(booked.slot.trip.vendor_id),
        }

    # how it ends

    def cancel(self, at: datetime, actor: str, booked: Booked, reason: str) -> None:
        """By the policy; what goes back is handed over in cash."""
        now, slot, trip = utc_text(at), booked.slot, booked.slot.trip
        quote = cancellation.quote(
            trip.policy,
            price=booked.price,
            deposit=share(booked.price, trip.deposit_bps),
            paid=booked.price,
            currency=trip.currency,
            departs_at=slot.starts_at,
            zone=trip.zone,
            booked_at=booked.at,
            now=at,
        )
        order = self._order(at, now, actor, booked, quote.back, reason) if quote.back else ""
        self._set("bookings", "state = 'cancelled', ended_at = ?, end_reason = ?", now, reason, booked.id)
        for line, sits in zip(booked.line_ids, booked.sitting, strict=True):
            if sits:
                self._set("booking_lines", "occupies = 0", line)
        entries = ledger.cancellation_entries(
            quote,
            commission_bps=trip.commission_bps,
            booking_id=UUID(booked.id),
            vendor_id=UUID(trip.vendor_id),
            available_at=slot.ends_at + timedelta(days=trip.holdback_days),
            price=max(booked.price, quote.kept),
        )
        self._post(at, entries)
        told: dict[str, Any] = {"reference": booked.reference, "sale_id": dashed(booked.sale_id)}
        told |= {"departure_id": dashed(slot.id), "vendor_id": dashed(trip.vendor_id), "reason": reason}
        told |= {"kept": _money(quote.kept, trip.currency), "back": _money(quote.back, trip.currency)}
        self._tell(at, now, "BookingCancelled", booked.id, told)
        if quote.back:
            self._refund(at, now, actor, booked, quote.back, reason, order)
        detail = {"reason": reason, "kept": quote.kept, "back": quote.back, "policy": trip.policy.code}
        self._audit(at, now, actor, "booking.cancel", "booking", booked.id, detail)
        self._seal(Commit.BOOKING_CANCEL, actor, now)
        slot.free += booked.seats

    def _order(self, at: datetime, now: str, actor: str, booked: Booked, back: int, reason: str) -> str:
        """What was asked for: all of the booking, by the policy."""
        order, currency = self._id(at), booked.slot.trip.currency
        values = (
            order,
            1,
            booked.sale_id,
            "approved",
            json.dumps(_asked() | {"booking_ids": [dashed(booked.id)], "reason": reason}),
            back,
            back,
            currency,
        )
        self._add("refund_orders", (*values, "payment", reason, back, now, actor, ""))
        return order

    def _refund(
        self, at: datetime, now: str, actor: str, booked: Booked, back: int, reason: str, order: str
    ) -> None:
        refund, currency = self._id(at), booked.slot.trip.currency
        values = (refund, 1, booked.id, booked.payment_id, back, currency, "approved", reason, None, None)
        self._add("refunds", (*values, now, actor, None, None, 0, None, self._worker, order, self._desk))
        kept = spread(booked.price - back, booked.prices)
        for line, price, stays in zip(booked.line_ids, booked.prices, kept, strict=True):
            if price > stays:
                self._add("refund_lines", (self._id(at), 1, refund, line, price - stays))
        self._set("refunds", "state = 'completed', ended_at = ?, worker = NULL", now, refund)
        amount = Money(back, currency)
        entry = ledger.refund_accepted_entry(amount, out_of=Account.TILL, booking_id=UUID(booked.id))
        self._post(at, (entry,), payment=booked.payment_id, refund=refund)
        told: dict[str, Any] = {"payment_id": dashed(booked.payment_id), "booking_id": dashed(booked.id)}
        self._tell(
            at,
            now,
            "RefundProcessed",
            refund,
            told | {"state": "completed", "amount": _money(back, currency), "to": "payment"},
        )

    def absent(self, at: datetime, actor: str, booked: Booked) -> None:
        """Nobody of a booking came."""
        now, slot = utc_text(at), booked.slot
        for line in booked.line_ids:
            self._set("booking_lines", "absent = 1", line)
        positions = {"travellers": list(range(1, len(booked.line_ids) + 1))}
        self._audit(at, now, actor, "manifest.absent", "booking", booked.id, positions)
        told: dict[str, Any] = {
            "what": "manifest",
            "departure_id": dashed(slot.id),
            "vendor_id": dashed(slot.trip.vendor_id),
        }
        self._tell(at, now, "BookingChanged", booked.id, told)
        self._seal(Commit.CHECK_IN, actor, now)

    def close(self, at: datetime, actor: str, slot: Slot, absent: set[str]) -> None:
        """The manifest of a departure: bookings in `absent` are a no-show, the others completed."""
        now, trip = utc_text(at), slot.trip
        self._set("departures", "state = 'done'", slot.id)
        for booked in slot.going:
            no_show = booked.id in absent
            state = "no_show" if no_show else "completed"
            self._set("bookings", f"state = '{state}', ended_at = ?", now, booked.id)
            price = Money(booked.price, trip.currency)
            entries = ledger.done_entries(
                LedgerEvent.NO_SHOW if no_show else LedgerEvent.TRIP_DONE,
                price=price,
                paid=price,
                commission_bps=trip.commission_bps,
                booking_id=UUID(booked.id),
                vendor_id=UUID(trip.vendor_id),
                available_at=slot.ends_at + timedelta(days=trip.holdback_days),
            )
            self._post(at, entries)
            told: dict[str, Any] = {"reference": booked.reference, "departure_id": dashed(slot.id)}
            told |= {"vendor_id": dashed(trip.vendor_id), "no_show": no_show}
            self._tell(at, now, "BookingCompleted", booked.id, told)
        missing = sum(booked.id in absent for booked in slot.going)
        detail = {"completed": len(slot.going) - missing, "no_show": missing}
        self._audit(at, now, actor, "manifest.close", "departure", slot.id, detail)
        told = {
            "trip_id": dashed(trip.id),
            "vendor_id": dashed(trip.vendor_id),
            "state": "done",
        }
        self._tell(at, now, "DepartureChanged", slot.id, told)
        self._seal(Commit.MANIFEST_CLOSE, actor, now)
        slot.going.clear()


def _money(minor: int, currency: str) -> dict[str, Any]:
    return {"minor": minor, "currency": currency}
