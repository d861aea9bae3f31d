"""Cards that are kept for a traveller, as a sale sees them: which can be charged, and whose they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from travellr_desktop.errors import InvalidInput, NotFound
from travellr_desktop.payments.gateway import PaymentGateway
from travellr_desktop.services.today import today
from travellr_desktop.storage.models import SavedCard
from travellr_desktop.storage.uow import Reading


@dataclass(frozen=True, slots=True)
class KeptCard:
    """A card that can be charged without its traveller, good until the end of `expires_month`. `agreed_at` is when
    they agreed to have it kept, `agreed_with` with whom."""

    id: UUID
    label: str
    expires_year: int
    expires_month: int
    expired: bool
    agreed_at: datetime
    agreed_with: str


def is_expired(card: SavedCard, day: date) -> bool:
    return (card.expires_year, card.expires_month) < (day.year, day.month)


def kept_cards(view: Reading, gateway: PaymentGateway, traveller_id: UUID) -> tuple[KeptCard, ...]:
    """The cards that are kept for a traveller at this provider, newest first."""
    rows = view.cards.of_traveller(traveller_id, gateway.kind)
    if not rows:
        return ()
    names, day = view.users.names(row.agreed_with for row in rows), today(view)
    return tuple(
        KeptCard(
            id=row.id,
            label=row.label,
            expires_year=row.expires_year,
            expires_month=row.expires_month,
            expired=is_expired(row, day),
            agreed_at=row.agreed_at,
            agreed_with=names[row.agreed_with],
        )
        for row in rows
    )


def chosen_card(view: Reading, card_id: UUID | None, traveller_id: UUID) -> SavedCard:
    """A kept card that is about to be charged. Raises `NotFound` for one of somebody else, or that was forgotten, and
    `InvalidInput` for one that has expired."""
    row = None if card_id is None else view.cards.find_full(card_id)
    if row is None or row.forgotten_at is not None or row.account.traveller_id != traveller_id:
        raise NotFound("This card is not kept any more.", field="card", hint="Take the payment another way.")
    if is_expired(row, today(view)):
        raise InvalidInput(
            f"{row.label} has expired.", field="card", hint="Ask for another card, or send a payment link."
        )
    return row
