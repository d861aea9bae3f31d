"""Seats that one desk holds are sold there: another one cannot know whether they were, or were let go."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from helpers.central_hub import two_desks
from helpers.desk import CASH
from helpers.postgres import Central
from travellr_desktop.domain.party import Party
from travellr_desktop.errors import HeldElsewhere


def test_what_one_desk_holds_another_does_not_sell(central: Central, tmp_path: Path) -> None:
    with two_desks(central, tmp_path) as (place, first, second):
        hold = first.desk.hold(first.departure(), adult=2)
        place.quiet()
        first.online = second.online = False
        with pytest.raises(HeldElsewhere):
            second.desk.sell(hold, pay=CASH)
        with pytest.raises(HeldElsewhere):
            second.desk.services.holds.resize(second.desk.agent, hold.id, Party(3), key=uuid4())
        assert second.desk.services.holds.mine(second.desk.agent) == ()
        assert [each.id for each in first.desk.services.holds.mine(first.desk.agent)] == [hold.id]
        first.desk.sell(hold, pay=CASH)
        first.online = second.online = True
        place.quiet()
        assert first.dump() == second.dump() == place.dump()
        assert second.desk.services.check.run().ok


def test_what_is_let_go_at_another_desk_is_sold_all_the_same(central: Central, tmp_path: Path) -> None:
    """Nobody loses a sale that was paid: the seats stay its desk's."""
    with two_desks(central, tmp_path) as (place, first, second):
        hold = first.desk.hold(first.departure(), adult=2)
        place.quiet()
        second.desk.services.holds.release(second.desk.agent, hold.id)
        sold = first.desk.sell(hold, pay=CASH)
        second.turn()
        place.quiet()
        assert first.dump() == second.dump() == place.dump()
        assert (
            place.one("SELECT state FROM agency.bookings WHERE id = %s", sold.bookings[0].id) == "confirmed"
        )
        assert first.desk.services.check.run().problems == ()
