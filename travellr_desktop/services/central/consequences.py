"""What follows once a field of a row says something else, beside the field itself. One sentence a field, for whoever
chooses between two values of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_PRICE = "Holds that are open are sold at it; what was sold keeps its price."
_PRINTED = "Vouchers printed from now on say it; those handed out stay as they are."
_PAID = "The next payout to them goes by it; those that were sent stay as they are."

_FOLLOWS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("agencies", "iban"): "Invoices and bank files from now on say it; those that were issued stay.",
        ("agencies", "legal"): "Invoices issued from now on say it; those that were issued stay.",
        ("agencies", "tax_number"): "Invoices issued from now on say it; those that were issued stay.",
        ("departures", "capacity"): "More or fewer seats can be sold of it, at all desks.",
        ("departures", "note"): "Manifests printed from now on say it.",
        ("departures", "starts_at"): "Whoever booked has to be told; vouchers handed out say the other time.",
        ("departures", "state"): "It is sold at all desks, or at none.",
        ("season_prices", "amount"): _PRICE,
        ("travellers", "born"): "Whether they are a child is looked at anew with the next sale.",
        ("travellers", "email"): "Vouchers and payment links go there from now on.",
        ("travellers", "name"): "Vouchers and manifests printed from now on say it.",
        ("travellers", "phone"): "It is what desks and vendors call from now on.",
        ("trip_prices", "amount"): _PRICE,
        ("trips", "balance_days"): "Sales from now on are due by it; what was sold keeps its day.",
        ("trips", "deposit_bps"): "Sales from now on ask for it; what was sold keeps its deposit.",
        ("trips", "included"): _PRINTED,
        ("trips", "meet_before_min"): _PRINTED,
        (
            "trips",
            "meeting_point",
        ): "Vouchers printed from now on send people there; those handed out do not.",
        ("trips", "policy"): "Sales from now on are given back by it; what was sold keeps its policy.",
        ("trips", "tax_bps"): "Sales from now on have it; what was sold keeps its tax.",
        ("trips", "title"): _PRINTED,
        ("users", "active"): "They can sign in at every desk, or at none.",
        ("users", "role"): "It is what they may do at every desk from now on.",
        ("vendors", "bic"): _PAID,
        ("vendors", "commission_bps"): "Sales from now on have it; what was sold keeps its commission.",
        ("vendors", "holder"): _PAID,
        ("vendors", "holdback_days"): "Sales from now on are paid out by it; what was sold keeps its days.",
        ("vendors", "iban"): _PAID,
    }
)


def follows_from(table: str, field: str) -> str:
    """A sentence, or nothing where only the field changes."""
    return _FOLLOWS.get((table, field), "")
