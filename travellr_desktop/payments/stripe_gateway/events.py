"""Events at Stripe, asked for in turns."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from travellr_desktop.payments.gateway import EventSubject, ProviderEvent
from travellr_desktop.payments.port.events import ALL_SUBJECTS
from travellr_desktop.payments.stripe_gateway.calling import PAGE, Calling, part_of
from travellr_desktop.payments.stripe_gateway.reading import moment, reads, seconds

if TYPE_CHECKING:
    import stripe
    from stripe.params import EventListParams

TYPES: dict[str, EventSubject] = {
    "payment_intent.succeeded": EventSubject.PAYMENT,
    "payment_intent.payment_failed": EventSubject.PAYMENT,
    "payment_intent.canceled": EventSubject.PAYMENT,
    "checkout.session.completed": EventSubject.LINK,
    "checkout.session.expired": EventSubject.LINK,
    "checkout.session.async_payment_succeeded": EventSubject.LINK,
    "checkout.session.async_payment_failed": EventSubject.LINK,
    "refund.created": EventSubject.REFUND,
    "refund.updated": EventSubject.REFUND,
    "refund.failed": EventSubject.REFUND,
    "charge.dispute.created": EventSubject.DISPUTE,
    "charge.dispute.updated": EventSubject.DISPUTE,
    "charge.dispute.closed": EventSubject.DISPUTE,
    "charge.dispute.funds_withdrawn": EventSubject.DISPUTE,
    "charge.dispute.funds_reinstated": EventSubject.DISPUTE,
    "transfer.reversed": EventSubject.TRANSFER,
    "payout.created": EventSubject.BANK_PAYOUT,
    "payout.paid": EventSubject.BANK_PAYOUT,
    "payout.failed": EventSubject.BANK_PAYOUT,
}
"""What is asked for; Stripe takes twenty types at the most. That a transfer was made is left out: nobody makes them but
this program, which would read each once more."""


class EventPart(Calling):
    def events(
        self,
        *,
        after: str | None = None,
        since: datetime | None = None,
        subjects: Collection[EventSubject] = ALL_SUBJECTS,
    ) -> tuple[ProviderEvent, ...]:
        types = [name for name, subject in TYPES.items() if subject in subjects]
        found = self._newer_than(after, types) if after is not None else self._since(since, types)
        return tuple(told for event in found if (told := _event(event)) is not None)

    def _newer_than(self, event: str, types: list[str]) -> Iterator[stripe.Event]:
        """Page by page from that event on; within a page the newest comes first."""
        while True:
            params: EventListParams = {"types": types, "limit": PAGE, "ending_before": event}
            part = self._call(lambda: self._client.v1.events.list(params))  # noqa: B023 - called at once
            items, more = part_of(part)
            yield from reversed(items)
            if more is None:
                return
            event = items[0].id

    def _since(self, since: datetime | None, types: list[str]) -> Iterator[stripe.Event]:
        params: EventListParams = {"types": types, "limit": PAGE}
        if since is not None:
            params["created"] = {"gte": seconds(since)}
        return reversed(list(self._each(lambda turn: self._client.v1.events.list({**params, **turn}))))


@reads
def _event(event: stripe.Event) -> ProviderEvent | None:
    """None for one that was not asked for."""
    about, subject = event.data.object, TYPES.get(event.type)
    if subject is None:
        return None
    return ProviderEvent(
        ref=event.id,
        subject=subject,
        about=str(about["id"]),
        created_at=moment(event.created),
    )
