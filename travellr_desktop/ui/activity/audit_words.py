"""The audit trail in words: who did what to which thing."""

from __future__ import annotations

from travellr_desktop.services.lists import AuditListRow
from travellr_desktop.ui.activity.audit_detail import NAMING, detail_words
from travellr_desktop.ui.activity.audit_detail import say as _say
from travellr_desktop.ui.activity.event_words import moment
from travellr_desktop.ui.activity.record import Record, as_text
from travellr_desktop.ui.formats import Formats

_ACTIONS = {
    "user.sign_in": "Signed in",
    "user.sign_out": "Signed out",
    "user.register": "Added a person",
    "user.update": "Changed a person",
    "user.deactivate": "Deactivated a person",
    "settings.save": "Changed the settings",
    "payments.key_set": "Entered a Stripe key",
    "payments.key_forget": "Forgot the Stripe key",
    "sale.release": "Let a sale go",
    "payment.take": "Took a payment",
    "invoice.issue": "Issued an invoice",
    "credit_note.issue": "Issued a credit note",
    "invoice.print": "Printed an invoice",
    "dispute.read": "Read a dispute",
    "payment.recover": "Completed a payment that was cut off",
    "voucher.print": "Printed a voucher",
    "voucher.out_of_date": "A printed voucher is out of date",
    "traveller.create": "Added a traveller",
    "traveller.update": "Changed a traveller",
    "traveller.merge": "Merged another record in",
    "traveller.merged": "Merged into another record",
    "traveller.split": "Split a record off",
    "traveller.split_off": "Split off again",
    "traveller.not_the_same": "Said: two people",
    "traveller.same_after_all": "Took back: two people",
    "traveller.document_add": "Added a travel document",
    "traveller.document_change": "Changed a travel document",
    "traveller.document_remove": "Removed a travel document",
    "booking.cancel": "Cancelled a booking",
    "booking.change": "Changed a booking",
    "booking.change_abandoned": "A change was not made",
    "booking.no_show": "Recorded a no-show",
    "discount.give": "Gave a discount",
    "note.add": "Wrote a note",
    "note.remove": "Took a note back",
    "plan.create": "Added a seat plan",
    "plan.change": "Changed a seat plan",
    "plan.deactivate": "Put a seat plan away",
    "plan.activate": "Took a seat plan back",
    "promo.save": "Saved a promo code",
    "promo.deactivate": "Deactivated a promo code",
    "promo.activate": "Activated a promo code",
    "departure.complete": "Completed a departure",
    "manifest.check_in": "Checked travellers in",
    "manifest.undo_check_in": "Undid a check-in",
    "manifest.absent": "Noted a no-show",
    "manifest.expected": "Undid a no-show",
    "manifest.close": "Closed a manifest",
    "manifest.print": "Printed a manifest",
    "till.open": "Opened the till",
    "till.pay_in": "Paid into the till",
    "till.pay_out": "Paid out of the till",
    "till.drop": "Dropped cash to the safe",
    "till.pickup": "Fetched change from the safe",
    "till.read": "Read an X",
    "till.close": "Closed the till",
    "till.print": "Printed an X or a Z",
    "vendor.create": "Added a vendor",
    "trip.create": "Added a trip",
    "departures.create": "Added departures",
    "departures.remove": "Removed departures",
    "departures.put_back": "Put departures back",
    "departure.update": "Changed a departure",
    "departure.capacity": "Changed the seats of a departure",
    "departure.stop": "Stopped sales of a departure",
    "departure.overbook": "Allowed seats beyond capacity",
    "departure.overbook_less": "Took back seats beyond capacity",
    "option.keep": "Kept seats as an option",
    "option.extend": "Moved the end of an option",
    "option.take_up": "Took up an option",
    "option.release": "Released an option",
    "waiting.join": "Put somebody on the waiting list",
    "waiting.withdraw": "Took somebody off the waiting list",
    "waiting.offer": "Offered seats to who waited",
    "departure.reopen": "Opened a departure again",
    "departure.cancel": "Cancelled a departure",
    "series.create": "Added a series",
    "series.update": "Changed a series",
    "series.remove": "Removed a series",
    "series.put_back": "Put a series back",
    "vendor.update": "Changed a vendor",
    "vendor.deactivate": "Deactivated a vendor",
    "vendor.activate": "Activated a vendor",
    "vendor.remove": "Removed a vendor",
    "vendor.put_back": "Put a vendor back",
    "trip.update": "Changed a trip",
    "trip.deactivate": "Deactivated a trip",
    "trip.activate": "Activated a trip",
    "trip.remove": "Removed a trip",
    "trip.put_back": "Put a trip back",
    "trip.picture_add": "Added a picture",
    "trip.picture_caption": "Changed the words of a picture",
    "trip.picture_order": "Put pictures in another order",
    "trip.picture_remove": "Removed a picture",
    "import.rows": "Brought rows of a file in",
    "import.undo": "Took a file back out",
    "user.reset": "Gave a new password",
    "user.reactivate": "Let a person in again",
    "list.export": "Saved a list as a file",
}
THINGS = {
    "user": "Person",
    "agency": "Agency",
    "sale": "Sale",
    "payment": "Payment",
    "booking": "Booking",
    "till_session": "Till",
    "traveller": "Traveller",
    "departure": "Departure",
    "vendor": "Vendor",
    "trip": "Trip",
    "refund": "Refund",
    "hold": "Hold",
    "waiting_list": "Waiting list",
    "series": "Series",
    "import": "Import",
    "list": "List",
    "seat_plan": "Seat plan",
    "promo": "Promo code",
    "invoice": "Invoice",
}


def action_of(name: str) -> str:
    """An action that is not known here is read aloud: `till.close` is "Till close"."""
    return _say(_ACTIONS[name]) if name in _ACTIONS else name.replace(".", " ").replace("_", " ").capitalize()


def record(row: AuditListRow, formats: Formats, currency: str) -> Record:
    """One entry in words. `currency` is the agency's, for amounts of what has none of its own."""
    named = row.about or next((str(row.detail[key]) for key in NAMING if row.detail.get(key)), "")
    kind = _say(THINGS.get(row.entity, row.entity.capitalize()))
    about = named or kind
    detail = detail_words(row.action, row.detail, formats, row.currency or currency)
    facts = (
        (_say("Who"), row.who),
        (_say("Thing"), f"{kind} {named}".strip()),
        (_say("Detail"), detail),
    )
    written = {
        "at": row.at.isoformat(),
        "who": row.who,
        "action": row.action,
        "entity": row.entity,
        "entity_id": str(row.entity_id),
        "detail": dict(row.detail),
    }
    return Record(
        row.id,
        row.at,
        moment(formats, row.at),
        action_of(row.action),
        about,
        detail,
        row.who,
        tuple((title, value) for title, value in facts if value),
        as_text(written),
    )
