"""What is played of matching in a process that is killed on the way (`helpers.crashes`)."""

from __future__ import annotations

from helpers.crash_sales import ready_and_sold
from helpers.desk import CARD, Desk
from travellr_desktop.domain import ledger
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.services.matching.following import note
from travellr_desktop.storage.commits import Commit


def fee_posted_twice(desk: Desk) -> None:
    """A sale by card whose fee stands in the books once too often."""
    ready_and_sold(CARD, 0)(desk)
    desk.services.matching.fetch()
    with desk.database.write(Commit.MOVES_FETCH, SYSTEM) as work:
        (row,) = work.matching.about((), [_paid_by(desk)])
        payment = work.matching.payments_by_ref([row.payment_ref or ""])
        fee = ledger.processor_fee_entry(Money(row.fee, row.currency))
        note(work, row, [fee], payment_id=payment[row.payment_ref or ""])
        work.commit()


def _paid_by(desk: Desk) -> str:
    with desk.database.read() as view:
        refs = [payment.provider_ref for payment in view.payments.find_all()[0]]
    (ref,) = [ref for ref in refs if ref is not None]
    return ref


def sold_and_matched(desk: Desk) -> None:
    """The day is fetched and matched; what differs is explained, and put right."""
    matching, today = desk.services.matching, desk.clock.now().date()
    matching.fetch()
    for row in matching.match(desk.admin, today, today).differences:
        if row.explained is None:
            matching.explain(desk.admin, row, "Seen on the list")
        if row.correction is not None:
            matching.correct(desk.admin, row, row.correction, "It was posted twice")
