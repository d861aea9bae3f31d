"""When a promo code takes something off."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from travellr_desktop.domain.promos import PromoState, promo_state

JUNE, AUGUST = date(2026, 6, 1), date(2026, 8, 31)


def state(today: date, **more: Any) -> PromoState:
    known: dict[str, Any] = {
        "active": True,
        "first_day": JUNE,
        "last_day": AUGUST,
        "uses": 2,
        "most_uses": 3,
    } | more
    return promo_state(today, **known)


@pytest.mark.parametrize(
    ("today", "more", "expected"),
    [
        (JUNE, {}, PromoState.VALID),
        (AUGUST, {}, PromoState.VALID),
        (date(2026, 5, 31), {}, PromoState.NOT_YET),
        (date(2026, 9, 1), {}, PromoState.EXPIRED),
        (JUNE, {"uses": 3}, PromoState.USED_UP),
        (JUNE, {"uses": 3, "most_uses": None}, PromoState.VALID),
        (date(2026, 9, 1), {"uses": 3}, PromoState.EXPIRED),
        (JUNE, {"active": False}, PromoState.DEACTIVATED),
        (date(2026, 9, 1), {"active": False}, PromoState.DEACTIVATED),
    ],
)
def test_a_code_is_valid_on_its_days_until_it_is_used_up(
    today: date, more: dict[str, Any], expected: PromoState
) -> None:
    assert state(today, **more) is expected
