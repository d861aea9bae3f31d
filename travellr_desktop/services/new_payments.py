"""Writing a payment as it begins: of what is due, spread over the bookings that it is for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.money import spread
from travellr_desktop.domain.states import PaymentState
from travellr_desktop.domain.text import clean_line
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import InvalidInput
from travellr_desktop.services import credit, settling
from travellr_desktop.services.desk_reader import DeskReader, free_reader
from travellr_desktop.services.kept_cards import chosen_card
from travellr_desktop.services.linking import LASTS
from travellr_desktop.services.orders import PayChoice
from travellr_desktop.storage.models import SavedCard
from travellr_desktop.storage.repositories.selling import NewPayment, NewShare
from travellr_desktop.storage.uow import UnitOfWork


def pay(
    work: UnitOfWork,
    sale_id: UUID,
    reference: str,
    currency: str,
    traveller_id: UUID,
    choice: PayChoice,
    due: Sequence[tuple[UUID, int]],
) -> tuple[NewPayment, tuple[NewShare, ...]]:
    """Write a payment, as it begins, of all that is due, spread over the bookings."""
    amount = sum(part for _, part in due)
    reader = free_reader(work) if choice.way is Way.READER else None
    kept = chosen_card(work, choice.kept, traveller_id) if choice.way is Way.SAVED else None
    payment = NewPayment(
        id=new_id(),
        sale_id=sale_id,
        way=choice.way,
        amount=amount,
        currency=currency,
        state=PaymentState.CREATED,
        label=_label(choice, reader, kept),
        created_at=work.now,
        created_by=work.actor.user_id,
        ended_at=None,
        worker=work.worker,
        link_expires_at=work.now.replace(microsecond=0) + LASTS if choice.way is Way.LINK else None,
        reader_ref=None if reader is None else reader.ref,
        keeps_card=choice.keep,
        customer_ref=None if kept is None else kept.account.customer_ref,
        card_ref=None if kept is None else kept.card_ref,
        desk_id=work.desk_id,
    )
    parts = spread(amount, [part for _, part in due])
    shares = tuple(
        NewShare(new_id(), payment.id, booking_id, part)
        for (booking_id, _), part in zip(due, parts, strict=True)
        if part
    )
    work.selling.pay(payment, shares)
    if choice.way is Way.CREDIT:
        credit.spend(work, payment)
    work.audit("payment.take", "payment", payment.id, way=choice.way.value, amount=amount, sale=reference)
    return payment, shares


def refuse_leaving(until: datetime, departures: Sequence[datetime]) -> None:
    """Raises `InvalidInput` where one of these moments comes before a link that is open `until` then has ended: nobody
    pays for what has left."""
    if min(departures) < until:
        raise InvalidInput(
            "A departure leaves before a payment link would end.",
            field="pay",
            hint="Take a card or cash: a link can be paid for 35 minutes.",
        )


def _label(choice: PayChoice, reader: DeskReader | None, kept: SavedCard | None) -> str:
    """What a payment is called that is not paid yet."""
    if kept is not None:
        return kept.label
    if choice.way is Way.BANK:
        return f"{settling.LABELS[Way.BANK]} {clean_line(choice.reference, 'reference', 80)}"
    return "" if reader is None else reader.label
