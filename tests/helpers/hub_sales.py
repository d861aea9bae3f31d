"""A sale told to a hub by hand: what a desk's file writes of one, as far as the hub asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from helpers.told_hub import AT, Json, Teller, ToldHub, changed, insert, key, made

YEAR = 2026


@dataclass(frozen=True)
class Sold:
    """Ids of the rows of a sale of one adult that was paid by cash; 4,500 in minor units."""

    sale: str
    booking: str
    line: str
    payment: str
    amount: int = 4500


def numbered(hub: ToldHub, desk: int, first: int = 1) -> str:
    """Blocks of numbers for a desk, a hundred of each; the id of that of bookings."""
    ids = [
        insert(
            hub.admin,
            "number_series",
            desk_id=hub.tellers[desk].desk,
            kind=kind,
            year=YEAR,
            first=first,
            last=first + 99,
            next=first,
        )
        for kind in ("BK", "SA", "IV", "PB")
    ]
    return ids[0]


def sale(hub: ToldHub, teller: Teller, number: int = 1, **other: Any) -> tuple[Sold, list[Json]]:
    """A sale that is about to be told, with `other` in place of what its booking says."""
    sold = Sold(key(), key(), key(), key())
    grant = hub.grants[[each.desk for each in hub.tellers].index(teller.desk)]
    booking: Json = {
        "reference": f"BK-{YEAR}-{number:06}",
        "voucher_code": key(),
        "sale_id": sold.sale,
        "departure_id": hub.departure,
        "trip_id": hub.trip,
        "vendor_id": hub.vendor,
        "traveller_id": hub.traveller,
        "grant_id": grant,
        "state": "pending",
        "currency": "EUR",
        "price": sold.amount,
        "commission_bps": 1500,
        "holdback_days": 2,
        "policy": "{}",
        "created_at": AT,
        "end_reason": "",
        **dict.fromkeys(("tax", "tax_bps", "deposit"), 0),
        **other,
    }
    line = {"name": "Jelena", "traveller_type": "adult", "takes_seat": 1, "occupies": 0, "absent": 0}
    amounts = dict.fromkeys(("discount", "own_discount", "kept"), 0)
    share = {"payment_id": sold.payment, "booking_id": sold.booking, "amount": sold.amount}
    return sold, [
        made(
            "sales",
            sold.sale,
            reference=f"SA-{YEAR}-{number:06}",
            desk_id=teller.desk,
            traveller_id=hub.traveller,
            currency="EUR",
            created_at=AT,
        ),
        made("bookings", sold.booking, **booking),
        made(
            "booking_lines",
            sold.line,
            booking_id=sold.booking,
            position=1,
            price=sold.amount,
            **line,
            **amounts,
        ),
        payment(sold, teller),
        made("payment_shares", key(), **share),
        changed("payments", sold.payment, state="completed"),
        changed("booking_lines", sold.line, occupies=1),
        changed("bookings", sold.booking, state="confirmed", confirmed_at=AT),
    ]


def payment(sold: Sold, teller: Teller, **other: Any) -> Json:
    said = {
        "way": "cash",
        "currency": "EUR",
        "state": "created",
        "label": "Cash",
        "reads": 0,
        "keeps_card": 0,
    }
    return made(
        "payments",
        sold.payment,
        **{
            "sale_id": sold.sale,
            "desk_id": teller.desk,
            "amount": sold.amount,
            "created_at": AT,
            **said,
            **other,
        },
    )


def refund(sold: Sold, teller: Teller, amount: int, **other: Any) -> Json:
    """Money of the sale that is to go back."""
    said = {"currency": "EUR", "state": "approved", "reason": "", "created_at": AT, "reads": 0}
    said |= {"booking_id": sold.booking, "payment_id": sold.payment, "desk_id": teller.desk, **other}
    return made("refunds", key(), amount=amount, **said)
