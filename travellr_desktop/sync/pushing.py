"""Telling the hub what was done here, op after op.

An op is told again until there is an answer that says what became of it; the answer is written down before the next
ones are told. So a program that dies anywhere in between tells the same again, and the hub answers the same again.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.outgoing import Outgoing, OutgoingOp
from travellr_desktop.storage.uow import Database
from travellr_desktop.sync.hub import Answer, Hub, Outcome
from travellr_desktop.sync.refusals import HubConfused

log = logging.getLogger(__name__)

MOST = 50
"""Ops that are told together: one transaction of the hub."""

MOST_BYTES = 1_000_000
"""What they come to at most; one op alone may be larger."""

INBOX = frozenset({Outcome.MERGED, Outcome.REFUSED, Outcome.PARKED})
"""Of these something lies in the inbox."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """How many ops were told of, and how many of them left something in the inbox."""

    ops: int = 0
    in_inbox: int = 0


def push_all(database: Database, hub: Hub) -> Pushed:
    """Tell everything that has no outcome now; what is done meanwhile is told next time, so that a desk which sells all
    the time hears of others too. Raises as `Hub`, and `HubConfused`."""
    with database.read() as view:
        until = Outgoing(view.connection).standing().last_op
    acked = ops = in_inbox = 0
    while acked < until and (waiting := _waiting(database)):
        answers = hub.push(waiting)
        _answered(waiting, answers)
        for answer in answers:
            if answer.outcome in (Outcome.REFUSED, Outcome.PARKED):
                log.warning("op %s is %s: %s", answer.op_no, answer.outcome, answer.reason)
        with database.write(Commit.SYNC_PUSHED, SYSTEM) as work:
            acked = answers[-1].op_no
            Outgoing(work.connection).acknowledge(acked)
            work.commit()
        ops += len(answers)
        in_inbox += sum(answer.outcome in INBOX for answer in answers)
    return Pushed(ops, in_inbox)


def _waiting(database: Database) -> list[OutgoingOp]:
    with database.read() as view:
        outgoing = Outgoing(view.connection)
        return list(outgoing.ops(outgoing.standing().acked, MOST, MOST_BYTES))


def _answered(asked: list[OutgoingOp], answers: tuple[Answer, ...]) -> None:
    said = [answer.op_no for answer in answers]
    if not said or said != [op.op_no for op in asked[: len(said)]]:
        raise HubConfused(f"The central database answered about {said[:3]}, and was asked about others.")
