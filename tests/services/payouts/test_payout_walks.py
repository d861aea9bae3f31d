"""Walks through everything that can happen to payouts, in any order: runs that are paused and cut off, faults of the
provider, retries, reversals here and there, days that go by. In the end each vendor has what they are owed, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from uuid import uuid4

import pytest

from helpers.clock import HandClock
from helpers.cut_off import CutOff, watched
from helpers.desk import Desk, desk_at
from helpers.paying_out import (
    SHARE,
    approved,
    arm,
    at,
    batch_state,
    disarm,
    not_once,
    open_lines,
    owed,
    payouts,
    plenty,
    runs,
)
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.words import PayoutWay
from travellr_desktop.domain.states import BatchState, PayoutState
from travellr_desktop.errors import Refusal
from travellr_desktop.payments.gateway import ReversalRequest
from travellr_desktop.payments.sandbox.faults import FaultKind, possible
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.payouts.run_views import RunFigures
from travellr_desktop.storage.commits import Commit, Moment
from travellr_desktop.storage.models import Payout

VENDORS = ("Arsenal Boats", "Bay Kayaks", "Cattaro Walks")
CALLS = (
    *(Operation.TRANSFER_CREATE, Operation.TRANSFER_LIST, Operation.TRANSFER_RETRIEVE),
    *(Operation.ACCOUNT_RETRIEVE, Operation.REVERSAL_CREATE, Operation.REVERSAL_LIST),
)
FAULTS = tuple((call, kind) for call in CALLS for kind in FaultKind if possible(call, kind))
STEPS = 25


class Walk:
    """One desk, and dice."""

    def __init__(self, desk: Desk, dice: Random) -> None:
        self.desk, self.dice = desk, dice
        self.said: list[str] = []

    def step(self) -> None:
        steps: tuple[Callable[[], object], ...] = (
            *(self.run, self.run, self.recover, self.recover, self.fault, self.fault, self.time),
            *(self.pause, self.retry, self.take_back, self.elsewhere, self.listen, self.approve),
        )
        step = self.dice.choice(steps)
        self.said.append(step.__name__)
        cut = self.dice.randrange(30)

        def point(commit: Commit, moment: Moment) -> None:
            nonlocal cut
            cut -= 1
            if not cut:
                self.said.append(f"cut off {moment} {commit}")
                raise CutOff

        try:
            with watched(point):
                step()
        except CutOff:
            pass
        except Refusal as refusal:
            self.said.append(str(refusal))

    def run(self) -> None:
        for batch in {row.batch_id for row in payouts(self.desk)}:
            state = batch_state(self.desk, batch)
            if state is BatchState.PAUSED:
                runs(self.desk).resume(self.desk.admin, batch)
            elif state in (BatchState.APPROVED, BatchState.SENDING):
                runs(self.desk).run(self.desk.admin, batch, self._look)

    def _look(self, figures: RunFigures) -> None:
        if figures.vendor and not self.dice.randrange(6):
            (runs(self.desk).stop if self.dice.randrange(2) else runs(self.desk).pause)(
                self.desk.admin, figures.batch_id
            )

    def pause(self) -> None:
        runs(self.desk).pause(self.desk.admin, payouts(self.desk)[-1].batch_id)

    def recover(self) -> None:
        self.desk.services.payments.recover(start_up=bool(self.dice.randrange(2)))

    def listen(self) -> None:
        self.desk.services.listening.poll()

    def fault(self) -> None:
        operation, kind = self.dice.choice(FAULTS)
        self.said.append(f"{operation} {kind}")
        arm(self.desk, operation, kind)

    def time(self) -> None:
        clock = self.desk.clock
        assert isinstance(clock, HandClock)
        clock.forward(self.dice.choice((timedelta(seconds=6), timedelta(hours=2), timedelta(hours=13))))

    def retry(self) -> None:
        failed = [row.id for row in payouts(self.desk) if row.state is PayoutState.FAILED]
        if failed:
            runs(self.desk).retry(self.desk.admin, self.dice.choice(failed))

    def approve(self) -> None:
        if any(open_lines(self.desk, row.vendor_id) > 0 for row in payouts(self.desk)):
            approved(self.desk)

    def _paid(self) -> Payout | None:
        paid = [row for row in payouts(self.desk) if row.state is PayoutState.PAID]
        return self.dice.choice(paid) if paid else None

    def take_back(self) -> None:
        payout = self._paid()
        if payout is not None:
            amount = Money(self.dice.choice((1, payout.amount // 3 or 1, payout.amount)), payout.currency)
            runs(self.desk).take_back(self.desk.admin, payout.id, amount, "Too much", key=uuid4())

    def elsewhere(self) -> None:
        payout = self._paid()
        if payout is not None and payout.provider_ref is not None:
            amount = Money(self.dice.choice((1, payout.amount // 2 or 1)), payout.currency)
            request = ReversalRequest(new_id(), payout.provider_ref, amount)
            self.desk.program.gateway.reverse_transfer(request, key=str(new_id()))

    def end(self) -> None:
        """The provider answers, everything is found out, and what is left is sent."""
        disarm(self.desk)
        for _ in range(3):
            self.desk.clock.forward(timedelta(hours=2))  # type: ignore[attr-defined]  # moved by hand
            self.desk.services.payments.recover(start_up=True)
            self.desk.services.listening.poll()
            self.run_out()

    def run_out(self) -> None:
        for batch in {row.batch_id for row in payouts(self.desk)}:
            while batch_state(self.desk, batch) is not BatchState.DONE:
                paused = batch_state(self.desk, batch) is BatchState.PAUSED
                (runs(self.desk).resume if paused else runs(self.desk).run)(self.desk.admin, batch)


@pytest.mark.parametrize(
    "seed", [*range(2), *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(2, 40))]
)
def test_whatever_happens_each_vendor_has_what_they_are_owed_once(seed: int, tmp_path: Path) -> None:
    with desk_at(tmp_path / "profile", HandClock()) as desk:
        plenty(desk, 2)
        vendors = owed(desk, *VENDORS)
        desk.services.listening.poll()
        approved(desk)
        walk = Walk(desk, Random(seed))
        for _ in range(STEPS):
            walk.step()
        walk.end()
        print(walk.said)
        rows = payouts(desk)
        assert {row.way for row in rows} == {PayoutWay.TRANSFER}
        assert not_once(desk) == []
        assert at(desk, Account.PAYOUTS_IN_TRANSIT) == 0
        for vendor in vendors:
            refs = [row.provider_ref for row in rows if row.vendor_id == vendor.vendor_id]
            sent = [desk.program.gateway.get_transfer(ref) for ref in refs if ref is not None]
            has = sum(each.amount.minor - each.reversed.minor for each in sent)
            assert has + open_lines(desk, vendor.vendor_id) == SHARE
            assert -at(desk, Account.VENDOR_PAYABLE, vendor.vendor_id) == open_lines(desk, vendor.vendor_id)
        assert desk.services.check.run().problems == ()
