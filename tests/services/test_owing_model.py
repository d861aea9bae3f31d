"""Whatever comes in for a booking, in whatever order, before its trip and after it: a plain count of what is due, given
up and too much says the same as the program, and the books are right."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from uuid import uuid4

import pytest

from helpers.books import balance
from helpers.clock import HandClock
from helpers.desk import Desk
from helpers.owed import AFTER, OWED, agrees, by, deposited, euros, write_off
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.ways import Way
from travellr_desktop.services.outcomes import SaleOutcome
from travellr_desktop.services.refund_asks import RefundAsk

STEPS = 14


@dataclass
class Plain:
    """Of one booking of which the deposit is paid. `debts` are what was given up, each with its id, the newest last."""

    due: int = OWED
    over: bool = False
    debts: list[tuple[object, int]] = field(default_factory=list)
    excess: int = 0
    credit: int = 0

    @property
    def given_up(self) -> int:
        return sum(amount for _id, amount in self.debts)

    def take(self, amount: int) -> int:
        """Money comes in; what of it is too much."""
        while self.due < amount and self.debts:
            self.due += self.debts.pop()[1]
        paid = min(self.due, amount)
        self.due -= paid
        self.excess += amount - paid
        return amount - paid


class Walk:
    """One booking, and a way through everything that can happen to what is owed for it."""

    def __init__(self, desk: Desk, clock: HandClock, seed: int) -> None:
        self.desk, self.clock, self.random, self.plain = desk, clock, Random(seed), Plain()
        self.sale: SaleOutcome = deposited(desk)
        self.booking = self.sale.bookings[0].id

    def step(self) -> None:
        steps = [self.pay, self.pay, self.leave_out, self.give_up, self.wait_again, self.settle]
        self.random.choice([*steps, *([] if self.plain.over else [self.travel])])()
        self.as_counted()

    def pay(self) -> None:
        amount = self.random.choice([1, 700, self.plain.due, self.plain.due + 333, OWED])
        if not amount:
            return
        beyond = max(amount - self.plain.due - self.plain.given_up, 0)
        choice = by(self.random.choice([Way.CASH, Way.BANK]), amount, excess=beyond)
        self.desk.services.sales.pay(self.desk.agent, self.sale.sale_id, choice, key=uuid4())
        assert self.plain.take(amount) == beyond

    def leave_out(self) -> None:
        """By card, all that is due and not a cent more."""
        if self.plain.due:
            self.desk.services.sales.pay(self.desk.agent, self.sale.sale_id, by(Way.CARD), key=uuid4())
            self.plain.take(self.plain.due)

    def travel(self) -> None:
        self.clock.forward(AFTER)
        self.desk.services.bookings.complete(self.desk.agent, self.sale.bookings[0].departure_id)
        self.plain.over = True

    def give_up(self) -> None:
        if self.plain.over and self.plain.due:
            given = write_off(self.desk, self.booking, self.plain.due)
            self.plain.debts.append((given, self.plain.due))
            self.plain.due = 0

    def wait_again(self) -> None:
        if self.plain.debts:
            given, amount = self.plain.debts.pop(self.random.randrange(len(self.plain.debts)))
            self.desk.services.debts.undo(self.desk.admin, given)  # type: ignore[arg-type]
            self.plain.due += amount

    def settle(self) -> None:
        """What was too much goes back, or becomes credit."""
        if not self.plain.excess:
            return
        to = self.random.choice(list(RefundTo))
        ask = RefundAsk((self.booking,), to=to, excess=True)
        self.desk.services.refunds.request(self.desk.agent, ask, euros(self.plain.excess), key=uuid4())
        self.plain.credit += self.plain.excess if to is RefundTo.CREDIT else 0
        self.plain.excess = 0

    def as_counted(self) -> None:
        detail = self.desk.services.bookings.detail(self.desk.agent, self.booking)
        found = (detail.due.minor, detail.written_off.minor, detail.excess.minor)
        assert found == (self.plain.due, self.plain.given_up, self.plain.excess)
        assert balance(self.desk, Account.AGENCY_CREDIT) == self.plain.credit
        assert balance(self.desk, Account.TRAVELLER_RECEIVABLE) == (self.plain.due if self.plain.over else 0)


@pytest.mark.parametrize(
    "seed", [*range(4), *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(4, 60))]
)
def test_it_comes_to_what_a_plain_count_says(desk: Desk, clock: HandClock, seed: int) -> None:
    walk = Walk(desk, clock, seed)
    for _ in range(STEPS):
        walk.step()
    agrees(desk, walk.booking)
