"""The demonstration pays its vendors: weeks that are over, and one that waits for a second person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from typing import cast

import pytest

from travellr_desktop.demo.clocks import ShiftedClock
from travellr_desktop.demo.desk import DemoDesk, open_desk
from travellr_desktop.demo.mark import PASSWORD
from travellr_desktop.demo.paid_out import NOTE, PaidOut
from travellr_desktop.demo.vendor_terms import PAYER, VendorsAsked
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.domain.states import BatchState, PayoutState
from travellr_desktop.paths import Profile
from travellr_desktop.payments.sandbox.control import SandboxControl
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.services.registry import Services
from travellr_desktop.storage.uow import Database


@pytest.fixture
def desk(demo: Profile) -> Iterator[DemoDesk]:
    with open_desk(demo, clock=ShiftedClock(timedelta(0))) as desk:
        yield desk


def signed_in(desk: DemoDesk, name: str) -> Actor:
    return desk.users.sign_in(f"{name}@example.com", PASSWORD).actor


def test_last_week_waits_for_whoever_did_not_prepare_it(desk: DemoDesk) -> None:
    jovan, mira = signed_in(desk, "jovan"), signed_in(desk, "mira")
    payouts = desk.services.payouts
    (draft,) = (row for row in payouts.batches(jovan) if row.state is BatchState.DRAFT)
    assert (draft.prepared_by, draft.note) == (mira.name, NOTE)
    shown = payouts.dry_run(jovan, draft.id)
    assert shown.reconciled is not None
    assert (shown.reconciled.last, shown.reconciled.open) == (draft.last, 0)
    assert not shown.why_not
    assert payouts.dry_run(mira, draft.id).why_not
    assert any(each.rows for each in shown.currencies)
    assert payouts.approve(jovan, draft.id, seen=shown.digest).payouts >= 1


def test_the_weeks_before_were_paid_and_have_statements(desk: DemoDesk) -> None:
    jovan = signed_in(desk, "jovan")
    done = [row for row in desk.services.payouts.batches(jovan) if row.state is BatchState.DONE]
    assert len(done) >= 3
    assert {row.approved_by for row in done} == {jovan.name}
    states = {each.state for row in done for each in desk.services.payouts.detail(jovan, row.id).payouts}
    assert PayoutState.PAID in states
    assert states <= {PayoutState.PAID, PayoutState.FAILED}


def test_somebody_of_a_vendor_sees_their_own_statements_and_no_others(desk: DemoDesk) -> None:
    luka, jovan = signed_in(desk, "luka"), signed_in(desk, "jovan")
    with closing(desk.services.lists.statements(luka, ListQuery(sort="number"))) as found:
        own = list(found.first(100))
    with closing(desk.services.lists.statements(jovan, ListQuery(sort="number"))) as found:
        everybody = list(found.first(100))
    assert own
    assert len(own) < len(everybody)
    assert luka.vendor_id is not None
    assert desk.services.earnings.overview(luka, luka.vendor_id).currencies


def test_rates_papers_and_accounts_are_on_file(desk: DemoDesk) -> None:
    jovan, luka = signed_in(desk, "jovan"), signed_in(desk, "luka")
    assert luka.vendor_id is not None
    terms = desk.services.vendor_terms.terms(jovan, luka.vendor_id)
    assert terms.label.startswith("Stripe")
    assert terms.missing == ()
    assert {paper.kind for paper in terms.papers} == set(terms.wanted)
    rates = desk.services.rates.of_vendor(jovan, luka.vendor_id)
    assert rates.now_bps < rates.own_bps
    assert desk.services.payout_settings.read(jovan).rules.iban == PAYER[0].replace(" ", "")


@pytest.mark.parametrize("day", range(7))
def test_on_any_day_the_last_week_that_is_over_is_the_draft(day: int) -> None:
    """Also on a Monday morning, when it is over for some hours only."""
    now = datetime(2026, 6, 15, 7, 0, tzinfo=UTC) + timedelta(days=day)
    due: list[tuple[datetime, Callable[[], None]]] = []
    made = _planned()
    made.plan(now - timedelta(days=91), now, lambda moment, act: due.append((moment, act)))
    (draft,) = (moment for moment, act in due if act == made._draft)
    assert datetime(2026, 6, 15, tzinfo=UTC) < draft < now
    assert all(moment < now for moment, _ in due)
    assert draft == max(moment for moment, _ in due)


def _planned() -> PaidOut:
    """One that only plans: what it would work with is never looked at."""
    nothing = cast(Actor, None)
    asked = VendorsAsked(cast(Services, None), cast(SandboxControl, None), nothing, date(2026, 6, 18))
    return PaidOut(
        cast(Services, None), cast(Database, None), cast(SandboxControl, None), asked, nothing, nothing
    )
