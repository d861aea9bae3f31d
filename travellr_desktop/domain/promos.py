"""When a promo code takes something off."""

from __future__ import annotations

from datetime import date
from enum import StrEnum


class PromoState(StrEnum):
    """VALID alone takes something off: the others say why a code does not."""

    VALID = "valid"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    USED_UP = "used_up"
    DEACTIVATED = "deactivated"


def promo_state(
    today: date, *, active: bool, first_day: date, last_day: date, uses: int, most_uses: int | None
) -> PromoState:
    """What becomes of a code on `today`, a day in the agency's zone. The last day is included; `most_uses` None is
    without a limit."""
    if not active:
        return PromoState.DEACTIVATED
    if today > last_day:
        return PromoState.EXPIRED
    if most_uses is not None and uses >= most_uses:
        return PromoState.USED_UP
    return PromoState.NOT_YET if today < first_day else PromoState.VALID
