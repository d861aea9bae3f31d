"""A refund that waited for the hub is sent by one desk, whichever comes first, and both know."""

from __future__ import annotations

from pathlib import Path

from helpers.books import charged, refund_states
from helpers.central_hub import hub_place
from helpers.desk import CARD
from helpers.postgres import Central
from helpers.refunding import refunded
from travellr_desktop.domain.states import RefundState
from travellr_desktop.services.authority import WAITS


def test_what_waited_offline_is_sent_once_by_who_claims_it(central: Central, tmp_path: Path) -> None:
    with hub_place(central) as place, place.alone(tmp_path / "one") as alone:
        booking = alone.sold(alone.add_departure(), pay=CARD, adult=2).bookings[0].id
        first = place.first(alone)
        (tmp_path / "two").mkdir()
        (tmp_path / "two" / "sandbox.db").symlink_to(alone.profile.sandbox)  # one provider
        second = place.another(tmp_path / "two", "Budva")
        place.quiet()
        first.online = False
        (refund,) = refunded(first.desk, booking).refunds
        assert (refund.state, refund.waits) == ("approved", WAITS)
        place.quiet()  # it is told when there is a connection, and not sent yet
        second.desk.services.refunds.send_now(second.desk.admin, refund.id)
        first.online = True
        first.desk.services.payments.recover(start_up=True)
        with first.desk.database.read() as view:
            assert view.refunds.says(refund.id) == "Desk Budva has it."
        assert charged(first.desk) == (9000, 9000)
        place.quiet()
        for each in (first, second):
            assert refund_states(each.desk, booking) == [(RefundState.COMPLETED, 9000)]
            assert each.dump() == place.dump()
            assert each.desk.services.check.run().problems == ()
        assert place.one("SELECT count(*) FROM hub.conflicts") == 0
