"""What the screen reads of one traveller, in one go."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from travellr_desktop.domain.permissions import Actor
from travellr_desktop.services.credit import CreditView
from travellr_desktop.services.debts import OpenBooking
from travellr_desktop.services.duplicates import LikelyPair
from travellr_desktop.services.kept_cards import KeptCard
from travellr_desktop.services.notes import NoteRow
from travellr_desktop.services.registry import Services
from travellr_desktop.services.travel_documents import TravelDocumentRow
from travellr_desktop.services.traveller_history import TravellerRecord


@dataclass(frozen=True, slots=True)
class Shown:
    """A traveller with notes, documents, cards, credit, what is not settled, and the pairs of those who are likely the
    same."""

    record: TravellerRecord
    notes: tuple[NoteRow, ...]
    documents: tuple[TravelDocumentRow, ...]
    cards: tuple[KeptCard, ...]
    credit: CreditView
    pairs: tuple[LikelyPair, ...]
    owed: tuple[OpenBooking, ...]


def read_shown(services: Services, actor: Actor, traveller_id: UUID) -> Shown:
    """Runs in the background. A record that was merged leads to the kept one."""
    record = services.travellers.record(actor, traveller_id)
    return Shown(
        record,
        services.notes.of_traveller(actor, record.id),
        services.traveller_documents.of_traveller(actor, record.id),
        services.cards.of_traveller(actor, record.id),
        services.credit.of_traveller(actor, record.id),
        services.duplicates.of_traveller(actor, record.id),
        services.debts.of_traveller(actor, record.id),
    )
