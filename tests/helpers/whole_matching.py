"""A movement that was fetched and a difference that somebody explained, for `helpers.whole`."""

from __future__ import annotations

from datetime import timedelta

from helpers.desk import Desk
from travellr_desktop.domain.matching import Moved
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.storage import models as m
from travellr_desktop.storage.commits import Commit


def a_movement_and_a_note(desk: Desk) -> None:
    """One that nothing of ours follows from, older than anything that is fetched here."""
    with desk.database.write(Commit.MOVES_FETCH, SYSTEM) as work:
        at = work.now - timedelta(days=90)
        move = m.ProviderMove(
            ref="txn_whole",
            kind=Moved.OTHER,
            amount=100,
            fee=0,
            currency="EUR",
            source_ref=None,
            source_amount=100,
            source_currency="EUR",
            payment_ref=None,
            our_id=None,
            created_at=at,
            available_at=at,
            is_open=False,
        )
        work.matching.add(move)
        work.matching.say(m.MatchNote(key="whole", reason="It was theirs", at=at, by=desk.admin.user_id))
        work.commit()
