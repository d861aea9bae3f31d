"""A sale whose program is killed between the charge and its record: seen by the proof, healed by reading."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from travellr_desktop.demo import killed
from travellr_desktop.demo.clocks import ShiftedClock
from travellr_desktop.demo.desk import open_desk
from travellr_desktop.demo.killed import ChildFailed, kill_a_sale
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.domain.states import BookingState
from travellr_desktop.jobs.runner import start_up
from travellr_desktop.paths import Profile
from travellr_desktop.payments.sandbox.control import SandboxControl
from travellr_desktop.services.outcomes import OutcomeState

CLOCK = ShiftedClock(timedelta(0))


def test_a_killed_sale_is_named_by_the_proof_and_healed_at_the_next_start(demo: Profile) -> None:
    sale = kill_a_sale(demo)
    with SandboxControl(demo.sandbox) as sandbox:
        charged = sandbox.counts().succeeded
        assert sandbox.succeeded_intents(sale.payment_id) == 1
    with open_desk(demo, clock=CLOCK) as desk:
        services = desk.services
        assert services.sales.outcome(SYSTEM, sale.sale_id).state is OutcomeState.WAITING
        report = services.check.run()
        assert not report.ok
        assert {problem.reference for problem in report.problems} == {sale.reference}
        start_up(services)
        healed = services.sales.outcome(SYSTEM, sale.sale_id)
        assert healed.state is OutcomeState.PAID
        assert [booking.state for booking in healed.bookings] == [BookingState.CONFIRMED]
        assert services.check.run().ok
    with SandboxControl(demo.sandbox) as sandbox:
        assert sandbox.succeeded_intents(sale.payment_id) == 1
        assert sandbox.counts().succeeded == charged


def test_each_child_sells_and_dies_by_itself(demo: Profile) -> None:
    first, second = kill_a_sale(demo), kill_a_sale(demo)
    assert first.sale_id != second.sale_id
    with open_desk(demo, clock=CLOCK) as desk:
        assert desk.services.payments.recover(start_up=True).payments == 2


def test_a_child_that_lives_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(killed, "COMMAND", "--version")
    with pytest.raises(ChildFailed, match="instead of being killed"):
        kill_a_sale(Profile.at(tmp_path / "nothing"))
