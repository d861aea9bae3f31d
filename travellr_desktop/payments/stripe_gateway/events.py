"""Events at Stripe, asked for in turns."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from travellr_desktop.payments.gateway import EventSubject, ProviderEvent
from travellr_desktop.payments.port.events import ALL_SUBJECTS
from travellr_desktop.payments.stripe_gateway.calling import PAGE, Calling
from travellr_desktop.payments.stripe_gateway.reading import moment, seconds

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
    "transfer.created": EventSubject.TRANSFER,
    "transfer.reversed": EventSubject.TRANSFER,
    "payout.created": EventSubject.BANK_PAYOUT,
    "payout.paid": EventSubject.BANK_PAYOUT,
    "payout.failed": EventSubject.BANK_PAYOUT,
}
"""What is asked for; Stripe takes twenty types at the most."""


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
        return tuple(_event(event) for event in found)

    def _newer_than(self, event: str, types: list[str]) -> Iterator[stripe.Event]:
        """Page by page from that event on; within a page the newest comes first."""
        while True:
            params: EventListParams = {"types": types, "limit": PAGE, "ending_before": event}
            part = self._call(lambda: self._client.v1.events.list(params))  # noqa: B023 - called at once
            yield from reversed(part.data)
            if not part.has_more:
                return
            event = part.data[0].id

    def _since(self, since: datetime | None, types: list[str]) -> Iterator[stripe.Event]:
        def page(after: str | None) -> stripe.ListObject[stripe.Event]:
            params: EventListParams = {"types": types, "limit": PAGE}
            if since is not None:
                params["created"] = {"gte": seconds(since)}
            if after is not None:
                params["starting_after"] = after
            return self._client.v1.events.list(params)

        return reversed(list(self._each(page)))


def _event(event: stripe.Event) -> ProviderEvent:
    about = event.data.object
    return ProviderEvent(
        ref=event.id,
        subject=TYPES[event.type],
        about=str(about["id"]),
        created_at=moment(event.created),
    )
