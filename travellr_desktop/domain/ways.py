"""The ways to pay that this program knows."""

from __future__ import annotations

from enum import StrEnum


class Way(StrEnum):
    """How money comes in. `CARD` goes through the provider, `CASH` into the till."""

    CARD = "card"
    CASH = "cash"
