"""Whatever people do at a desk, in whatever order: seats are where a plain count has them, no seat is anybody's twice,
who waits is served in order, every cent is where the count has it, and the books are right.

The count knows nothing of the program. Some ways of doing it wrong show that it sees what it should.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import initialize, run_state_machine_as_test

from helpers.watched_money import MoneyRules
from helpers.watched_office import OfficeRules
from helpers.watched_seats import SeatRules
from travellr_desktop.domain import refund_quote
from travellr_desktop.domain.cancellation import Policy, Quote
from travellr_desktop.services import freeing, seating, waitlist
from travellr_desktop.storage.models import WaitingEntry
from travellr_desktop.storage.repositories import WaitingRepository


class AtTheDesk(MoneyRules, OfficeRules, SeatRules):
    """All that people do."""

    @initialize()
    def departures(self) -> None:
        """The day begins with a few bookings and holds, and people who wait for two departures that are full."""
        super().departures()
        for number, party, way in (
            (0, {"adult": 2, "child": 1, "infant": 1}, "cash"),
            (0, {"adult": 1, "child": 0, "infant": 0}, "card"),
            (1, {"adult": 2, "child": 0, "infant": 0}, "card"),
        ):
            self.hold(number, party)
            self.sell(0, 0, way)
        self.hold(0, {"adult": 2, "child": 0, "infant": 0})
        self.hold(1, {"adult": 2, "child": 1, "infant": 0})
        for number, count in ((0, 1), (0, 2), (1, 1), (0, 1)):
            self.join(number, count)


def play(
    agency: Path, monkeypatch: pytest.MonkeyPatch, *, examples: int, steps: int, again: bool = True
) -> None:
    """The same steps each time, but for `again` False."""
    monkeypatch.setattr(AtTheDesk, "agency", agency, raising=False)
    run_state_machine_as_test(
        AtTheDesk,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=again,
            database=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
            # a shorter example is looked for by hand: it takes hours
            phases=[Phase.explicit, Phase.generate],
        ),
    )


def test_everything_is_where_a_plain_count_has_it(agency: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    play(agency, monkeypatch, examples=4, steps=40)


@pytest.mark.soak
@pytest.mark.parametrize("_time", range(12))
def test_it_still_is_after_thousands_of_steps(
    agency: Path, monkeypatch: pytest.MonkeyPatch, _time: int
) -> None:
    play(agency, monkeypatch, examples=12, steps=80, again=False)


def waiting_from_the_end(at: pytest.MonkeyPatch) -> None:
    in_order = WaitingRepository.waiting

    def from_the_end(
        repository: WaitingRepository, departure_id: UUID, *, at_this_desk: bool = False
    ) -> Sequence[WaitingEntry]:
        return in_order(repository, departure_id, at_this_desk=at_this_desk)[::-1]

    at.setattr(WaitingRepository, "waiting", from_the_end)


def freed_line_forgotten(at: pytest.MonkeyPatch) -> None:
    """Who leaves a booking keeps the seat."""
    at.setattr(freeing, "get_up", lambda *_args: None)


def number_kept(at: pytest.MonkeyPatch) -> None:
    at.setattr(seating, "give_up", lambda *_args, **_more: None)


def nobody_offered(at: pytest.MonkeyPatch) -> None:
    at.setattr(waitlist, "freed", lambda *_args: None)


def nothing_given_back(at: pytest.MonkeyPatch) -> None:
    """However early somebody cancels, all of it is kept."""

    def all_kept(_policy: Policy, *, paid: int, currency: str, **_more: object) -> Quote:
        return Quote(paid, 0, 0, currency, None, False, None, None)

    at.setattr(refund_quote, "quote", all_kept)


@pytest.mark.parametrize(
    "done_wrong",
    [
        waiting_from_the_end,
        freed_line_forgotten,
        pytest.param(number_kept, marks=pytest.mark.soak),
        nobody_offered,
        nothing_given_back,
    ],
)
def test_what_is_done_wrong_is_found(
    agency: Path, monkeypatch: pytest.MonkeyPatch, done_wrong: Callable[[pytest.MonkeyPatch], None]
) -> None:
    """Negative controls: the same steps, on a program that does one thing otherwise."""
    done_wrong(monkeypatch)
    with pytest.raises(AssertionError):
        play(agency, monkeypatch, examples=60, steps=40)
