"""Domain events in words: what happened, to what, and the figures that matter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QCoreApplication

from travellr_desktop.domain.money import Money
from travellr_desktop.services.activity import EventRow
from travellr_desktop.ui.activity.record import Record, as_text
from travellr_desktop.ui.formats import Formats

Payload = Mapping[str, Any]


def _say(text: str) -> str:
    return QCoreApplication.translate("EventWords", text)


_PLAIN = {
    "BookingCreated": "Booking made",
    "BookingConfirmed": "Booking confirmed",
    "BookingCancelled": "Booking cancelled",
    "BookingChanged": "Booking changed",
    "TravellerChanged": "Traveller changed",
    "UserChanged": "Person changed",
    "OptionDue": "Option due",
    "SettingsChanged": "Settings changed",
    "RowsImported": "File brought in",
    "EarningsChanged": "What a vendor gets changed",
    "CentralChanged": "The way to the central database changed",
    "InvoiceIssued": "Invoice issued",
}
_PAYMENT = {
    "created": "Payment begun",
    "processing": "Payment under way",
    "requires_action": "Payment waits for the traveller",
    "completed": "Payment completed",
    "failed": "Payment declined",
    "abandoned": "Payment given up",
    "unknown": "Payment unknown",
}
_REFUND = {
    "requested": "Refund asked for",
    "approved": "Refund approved",
    "pending": "Refund under way",
    "completed": "Refund completed",
    "failed": "Refund failed",
    "unknown": "Refund unknown",
}
_PAYOUT = {
    "approved": "Payout approved",
    "sending": "Payout under way",
    "paid": "Vendor paid out",
    "failed": "Payout failed",
    "unknown": "Payout unknown",
    "reversed": "Payout taken back",
    "returned": "Payout came back",
}
_BATCH = {
    "draft": "Payouts prepared",
    "approved": "Payouts approved",
    "sending": "Payouts being sent",
    "paused": "Payouts paused",
    "done": "Payouts sent",
    "discarded": "Payouts discarded",
}
_DISPUTE = {
    "inquiry": "A bank asks about a payment",
    "open": "A bank took a payment back",
    "won": "Dispute won",
    "lost": "Dispute lost",
    "closed": "Inquiry closed",
}
_HOLD = {
    "active": "Seats held",
    "consumed": "Held seats sold",
    "released": "Seats let go",
    "expired": "Hold lapsed",
}
_DEPARTURE = {
    "open": "Departure on sale",
    "stopped": "Departure stopped",
    "cancelled": "Departure cancelled",
    "done": "Departure done",
}
_REFUND_ORDER = {
    "requested": "Refund waits for a second person",
    "approved": "Refund approved",
    "rejected": "Refund turned down",
    "withdrawn": "Refund not asked for any more",
}
_WAITING = {
    "waiting": "Somebody waits",
    "offered": "Seats offered to who waited",
    "taken": "Offered seats sold",
    "withdrawn": "Somebody waits no more",
    "lapsed": "Waiting ended",
}
_CHANGED = {
    ("TillChanged", "opened"): "Till opened",
    ("TillChanged", "moved"): "Cash moved in the till",
    ("TillChanged", "closed"): "Till closed",
    ("TravellerChanged", "created"): "Traveller added",
    ("TravellerChanged", "removed"): "Traveller removed",
    ("UserChanged", "created"): "Person added",
    ("UserChanged", "removed"): "Person removed",
}
_CATALOGUE = {
    "trip": {"created": "Trip added", "updated": "Trip changed", "removed": "Trip removed"},
    "vendor": {"created": "Vendor added", "updated": "Vendor changed", "removed": "Vendor removed"},
    "series": {"created": "Series added", "updated": "Series changed", "removed": "Series removed"},
    "plan": {"created": "Seat plan added", "updated": "Seat plan changed", "removed": "Seat plan removed"},
    "promo": {
        "created": "Promo code added",
        "updated": "Promo code changed",
        "removed": "Promo code removed",
    },
}
_BY_STATE = {
    "PaymentProcessed": _PAYMENT,
    "RefundProcessed": _REFUND,
    "DisputeChanged": _DISPUTE,
    "VendorPayout": _PAYOUT,
    "PayoutBatchChanged": _BATCH,
    "HoldChanged": _HOLD,
    "DepartureChanged": _DEPARTURE,
    "WaitingChanged": _WAITING,
    "RefundOrderChanged": _REFUND_ORDER,
}
_TONES = {
    ("PaymentProcessed", "unknown"): "unknown",
    ("RefundProcessed", "unknown"): "unknown",
    ("RefundProcessed", "failed"): "bad",
    ("DisputeChanged", "open"): "bad",
    ("DisputeChanged", "lost"): "bad",
}
_NAMES = {
    "discount_limit_bps": "Discount without leave",
    "offer_hours": "How long an offer is kept",
    "release_days": "When unsold seats go back",
    "refund_limits": "Refunds that take two",
    "cash_needs_till": "Cash needs an open till",
    "pay_out_limit": "Pay-outs without leave",
    "name": "Agency name",
    "desk_name": "Desk",
    "legal": "Legal name",
    "address": "Address",
    "country": "Country",
    "registration": "Registration",
    "bank": "Bank account",
    "invoice_footer": "Foot of invoices",
    "invoiced_since": "Invoices by themselves",
    "tax_number": "Tax number",
    "contact": "Contact",
    "zone": "Time zone",
    "stripe_api_key": "Stripe key",
}


def name_of(event: str, payload: Payload) -> str:
    """What happened: "Booking confirmed". An event that is not known here goes by its own name."""
    if event == "BookingCompleted":
        return _say("No-show") if payload.get("no_show") else _say("Trip completed")
    if event == "BookingChanged" and payload.get("what") == "manifest":
        return _say("Manifest marked")
    if event == "CatalogueChanged":
        changes = _CATALOGUE.get(str(payload.get("what")), {})
        return _say(changes.get(str(payload.get("change")), event))
    if event == "RefundProcessed" and payload.get("to") == "credit" and payload.get("state") == "completed":
        return _say("Given as credit")
    states = _BY_STATE.get(event)
    if states is not None:
        return _say(states.get(str(payload.get("state")), event))
    return _say(
        _CHANGED.get((event, str(payload.get("change", payload.get("what")))), _PLAIN.get(event, event))
    )


class EventWords:
    """Writes events for one desk. Knows the references of bookings and sales from the events themselves."""

    def __init__(self, formats: Formats) -> None:
        self._formats = formats
        self._bookings: dict[str, str] = {}
        self._sales: dict[str, list[str]] = {}
        self._sale_of_payment: dict[str, str] = {}

    def records(self, rows: Sequence[EventRow]) -> tuple[Record, ...]:
        self.learn(rows)
        return tuple(self._record(row) for row in rows)

    def learn(self, rows: Sequence[EventRow]) -> None:
        """Take the references from these events."""
        for row in rows:
            self._learn(row)

    def booking(self, booking_id: object) -> str:
        """The reference of a booking that one of the events told of, or nothing."""
        return self._bookings.get(str(booking_id), "")

    def _learn(self, row: EventRow) -> None:
        sale = str(row.payload.get("sale_id", ""))
        if row.name == "PaymentProcessed":
            self._sale_of_payment[str(row.aggregate_id)] = sale
        reference = row.payload.get("reference")
        if not isinstance(reference, str):
            return
        self._bookings[str(row.aggregate_id)] = reference
        if sale and reference not in self._sales.setdefault(sale, []):
            self._sales[sale].append(reference)

    def _record(self, row: EventRow) -> Record:
        what, about = name_of(row.name, row.payload), self._about(row)
        detail = self._detail(row.name, row.payload)
        facts = (
            (_say("Event"), row.name),
            (_say("About"), about),
            (_say("Details"), detail),
            (_say("Told to the window"), _say("Yes") if row.told else _say("Not yet")),
        )
        written = {
            "event_name": row.name,
            "aggregate_id": str(row.aggregate_id),
            "timestamp": row.at.isoformat(),
            "payload": dict(row.payload),
        }
        return Record(
            row.id,
            row.at,
            moment(self._formats, row.at),
            what,
            about,
            detail,
            facts=tuple((title, value) for title, value in facts if value),
            record=as_text(written),
            tone=_TONES.get((row.name, str(row.payload.get("state"))), ""),
        )

    def _about(self, row: EventRow) -> str:
        payload = row.payload
        if isinstance(payload.get("reference"), str):
            return str(payload["reference"])
        if "booking_id" in payload and (booking := self._bookings.get(str(payload["booking_id"]))):
            return booking
        sale = str(
            payload.get("sale_id", "") or self._sale_of_payment.get(str(payload.get("payment_id")), "")
        )
        references = sorted(self._sales.get(sale, ()))
        if not references:
            return ""
        more = len(references) - 1
        return references[0] + (_say(" and {0} more").format(more) if more else "")

    # figures

    def _detail(self, event: str, payload: Payload) -> str:
        writer = _DETAILS.get(event)
        try:
            return writer(self, payload) if writer is not None else ""
        except (KeyError, TypeError, ValueError):  # written by another version: what it says is in the panel
            return ""

    def _created(self, payload: Payload) -> str:
        pax = int(payload["pax"])
        people = _say("1 traveller") if pax == 1 else _say("{0} travellers").format(pax)
        return f"{people}, {self._money(payload['price'])}"

    def _cancelled(self, payload: Payload) -> str:
        parts = _say("{0} goes back, {1} is kept").format(
            self._money(payload["back"]), self._money(payload["kept"])
        )
        return f"{parts} · {payload['reason']}" if payload["reason"] else parts

    def _payment(self, payload: Payload) -> str:
        way = _say("card") if payload["way"] == "card" else _say("cash")
        words = f"{self._money(payload['amount'])}, {way}"
        code = payload.get("decline_code")
        return f"{words} · {str(code).replace('_', ' ').lower()}" if code else words

    def _refund(self, payload: Payload) -> str:
        return self._money(payload["amount"])

    def _hold(self, payload: Payload) -> str:
        seats = int(payload["seats"])
        words = _say("1 seat") if seats == 1 else _say("{0} seats").format(seats)
        if payload["state"] != "active":
            return words
        until = datetime.fromisoformat(payload["expires_at"])
        return _say("{0} until {1}").format(words, self._formats.desk_time(until))

    def _rows(self, payload: Payload) -> str:
        made, changed = int(payload["made"]), int(payload["changed"])
        if made < 0:
            return _say("{0}: {1} taken back").format(payload["what"], f"{-made:,}")
        return _say("{0}: {1} added, {2} changed").format(payload["what"], f"{made:,}", f"{changed:,}")

    def _till(self, payload: Payload) -> str:
        return _say("Till {0}").format(f"{payload['number']:04}")

    def _invoice(self, payload: Payload) -> str:
        return str(payload["number"])

    def _settings(self, payload: Payload) -> str:
        return setting_names(payload["names"])

    def _money(self, value: Payload) -> str:
        return self._formats.money(Money(value["minor"], value["currency"]))


_DETAILS: Mapping[str, Callable[[EventWords, Payload], str]] = {
    "BookingCreated": EventWords._created,
    "BookingCancelled": EventWords._cancelled,
    "PaymentProcessed": EventWords._payment,
    "RefundProcessed": EventWords._refund,
    "DisputeChanged": EventWords._refund,
    "RefundOrderChanged": EventWords._refund,
    "TillChanged": EventWords._till,
    "VendorPayout": EventWords._refund,
    "HoldChanged": EventWords._hold,
    "SettingsChanged": EventWords._settings,
    "InvoiceIssued": EventWords._invoice,
    "RowsImported": EventWords._rows,
}


def setting_names(names: Sequence[str]) -> str:
    """Names of settings as their fields are labelled."""
    return ", ".join(_say(_NAMES.get(name, name)) for name in names)


def moment(formats: Formats, at: datetime) -> str:
    """`Thu 18 Jun, 10:44:36` on the desk's own clock."""
    return f"{formats.day(formats.local(at, formats.zone).date())}, {formats.desk_time(at)}"
