"""Where card payments go."""

from __future__ import annotations

from travellr_desktop.domain.ways import PaymentsKind


def test_real_money_moves_in_one_kind_of_profile_only() -> None:
    assert [kind for kind in PaymentsKind if kind.is_real] == [PaymentsKind.LIVE]
