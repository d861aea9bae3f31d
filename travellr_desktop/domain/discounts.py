"""What is taken off a price: how much, who bears it, and how it is spread over the travellers."""

from __future__ import annotations

from enum import StrEnum


class DiscountKind(StrEnum):
    PERCENT = "percent"
    AMOUNT = "amount"
