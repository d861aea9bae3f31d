"""`travellr check` proves that the provider's transfers are ours: what was sent twice, or elsewhere, or taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from helpers.clock import HandClock
from helpers.desk import Desk, desk_at
from helpers.paying_out import approved, arm, owed, payouts, plenty, runs, send_naively
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.states import PayoutState
from travellr_desktop.errors import WrongState
from travellr_desktop.payments.gateway import OutcomeUnknown, ReversalRequest, TransferRequest
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.payouts.paying import group_of
from travellr_desktop.storage.commits import Commit

SEND = Operation.TRANSFER_CREATE


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The books are not in order at the end."""
    with desk_at(tmp_path / "profile", HandClock()) as made:
        plenty(made)
        owed(made, "Perast Boats")
        approved(made)
        yield made


def found(desk: Desk) -> list[tuple[str, str]]:
    return [(problem.kind, problem.says) for problem in desk.services.check.run().problems]


def test_what_was_paid_agrees(desk: Desk) -> None:
    runs(desk).run(desk.admin, payouts(desk)[0].batch_id)
    assert found(desk) == []


def test_what_was_sent_twice_is_found(desk: Desk) -> None:
    payout = payouts(desk)[0].id
    arm(desk, SEND, FaultKind.REPLY_LOST_AFTER)
    with pytest.raises(OutcomeUnknown):
        send_naively(desk, payout)
    send_naively(desk, payout)
    (problem,) = found(desk)
    assert problem[0] == "provider.transfer" and problem[1].startswith("it was sent 2 times: tr_")


def test_what_failed_here_and_went_there_is_found(desk: Desk) -> None:
    (payout,) = payouts(desk)
    arm(desk, SEND, FaultKind.BALANCE_INSUFFICIENT)
    runs(desk).run(desk.admin, payout.batch_id)
    assert payouts(desk)[0].state is PayoutState.FAILED
    assert found(desk) == []
    _send(desk, payout.id, payout.amount)
    assert found(desk) == [
        ("provider.transfer", "it went at the provider, and is not recorded here: it is failed")
    ]


def test_what_went_after_all_is_not_tried_again(desk: Desk) -> None:
    (payout,) = payouts(desk)
    arm(desk, SEND, FaultKind.BALANCE_INSUFFICIENT)
    runs(desk).run(desk.admin, payout.batch_id)
    _send(desk, payout.id, payout.amount)
    with pytest.raises(WrongState, match="sent this payout after all"):
        runs(desk).retry(desk.admin, payout.id)
    assert len(payouts(desk)) == 1


def test_a_transfer_of_the_group_that_is_of_no_payout_is_found(desk: Desk) -> None:
    (payout,) = payouts(desk)
    runs(desk).run(desk.admin, payout.batch_id)
    ref = _send(desk, new_id(), 100)
    assert found(desk) == [("provider.transfer", f"a transfer of its group, {ref}, is of no payout here")]


def test_what_was_taken_back_there_and_not_heard_of_is_found(desk: Desk) -> None:
    runs(desk).run(desk.admin, payouts(desk)[0].batch_id)
    (payout,) = payouts(desk)
    assert payout.provider_ref is not None
    request = ReversalRequest(new_id(), payout.provider_ref, Money(2000, "EUR"))
    desk.program.gateway.reverse_transfer(request, key=str(new_id()))
    assert found(desk) == [
        ("provider.transfer", "0 of it was taken back here, 2000 at the provider"),
    ]
    runs(desk).read_now(desk.admin, payout.id)
    assert found(desk) == []


def test_what_waits_for_nobody_is_half_done(desk: Desk) -> None:
    (payout,) = payouts(desk)
    arm(desk, SEND, FaultKind.REPLY_LOST_BEFORE)
    runs(desk).run(desk.admin, payout.batch_id)
    assert found(desk) == []  # it is looked at again
    with desk.database.write(Commit.PAYOUT_UNSETTLED, desk.admin) as work:
        row = work.payouts.get(payout.id)
        row.next_read_at = None
        work.payouts.update(row)
        work.commit()
    (problem,) = found(desk)
    assert problem[0] == "unfinished" and "nobody will look at it again" in problem[1]


def _send(desk: Desk, payout_id: UUID, minor: int) -> str:
    """Somebody sends at the provider what nobody here knows of."""
    (payout,) = payouts(desk)
    assert payout.account_ref is not None
    request = TransferRequest(
        payout_id,
        payout.account_ref,
        Money(minor, "EUR"),
        group_of(payout.root_id),
    )
    return desk.program.gateway.create_transfer(request, key=str(new_id())).ref
