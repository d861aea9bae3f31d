"""What should have been paid by now: the alarm for whoever pays vendors."""

from __future__ import annotations

from datetime import timedelta

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.minimums import in_steps, is_enough, minimum_of
from travellr_desktop.services.payouts.dry_run import paid_to, pays_in_steps
from travellr_desktop.services.payouts.views import OverdueItem, OverdueKind
from travellr_desktop.storage.uow import Reading

DRAFT_AFTER = timedelta(days=3)
LINES_AFTER = timedelta(days=14)
UNKNOWN_AFTER = timedelta(days=1)


def overdue_of(view: Reading) -> tuple[OverdueItem, ...]:
    """Payouts of which nobody knows for a day, drafts that nobody approves for three, and what is free for two weeks,
    is enough and has an account: the oldest first in each."""
    return (*_unknown(view), *_drafts(view), *_lines(view))


def _unknown(view: Reading) -> list[OverdueItem]:
    return [
        OverdueItem(
            OverdueKind.UNKNOWN,
            row.first_sent_at or row.created_at,
            Money(row.amount, row.currency),
            row.batch_id,
            row.batch.reference,
            row.vendor_id,
            row.vendor.name,
        )
        for row in view.batches.unknown_since(view.clock.now() - UNKNOWN_AFTER)
    ]


def _drafts(view: Reading) -> list[OverdueItem]:
    return [
        OverdueItem(OverdueKind.DRAFT, row.created_at, batch_id=row.id, reference=row.reference)
        for row in view.batches.drafts_before(view.clock.now() - DRAFT_AFTER)
    ]


def _lines(view: Reading) -> list[OverdueItem]:
    before = view.clock.now() - LINES_AFTER
    waiting = view.open_lines.free_since(before)
    if not waiting:
        return []
    disputed = view.open_lines.disputed(before)
    agency = view.agency.get()
    vendors = {vendor.id: vendor for vendor in view.open_lines.vendors()}
    found = []
    for (vendor_id, currency), apart in waiting.items():
        vendor = vendors[vendor_id]
        to = paid_to(vendor)
        minimum = minimum_of(currency, vendor.minimums, agency.payout_minimums)
        least = in_steps(minimum, pays_in_steps(to, currency))
        theirs = disputed.get((vendor_id, currency), ())
        amount = apart.amount - sum(each.sum.amount for each in theirs if each.free)
        if least is not None and is_enough(amount, least) and to is not None and vendor.active:
            found.append(
                OverdueItem(
                    OverdueKind.LINES,
                    apart.free_at,
                    Money(amount, currency),
                    vendor_id=vendor_id,
                    name=vendor.name,
                )
            )
    return sorted(found, key=lambda item: (item.since, item.name))
