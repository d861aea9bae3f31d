"""What the demo agency has invoiced: some of what was sold, one to a company, and what became of those that changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID, uuid4

from travellr_desktop.demo.data import DemoAgency
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.errors import Refusal
from travellr_desktop.services.invoice_views import Buyer, InvoiceTerms
from travellr_desktop.services.invoices import IssueOrder
from travellr_desktop.services.registry import Services

INVOICED_BEFORE = timedelta(hours=20)
"""How long ago the first invoices were issued: before some of their bookings were changed."""
AGAIN_BEFORE = timedelta(hours=18)
"""And what was changed, afterwards."""
HOW_MANY = 14
COMPANY = Buyer("Nordlys Reiser AS", "Kongens gate 12\n0153 Oslo", "Norway", "NO 987 654 321 MVA")


def terms_of(agency: DemoAgency) -> InvoiceTerms:
    """What the agency of the files says of itself on invoices."""
    return InvoiceTerms(
        address="\n".join(agency.address),
        country=agency.country,
        registration=agency.registration,
        bank="\n".join(agency.bank),
        footer=agency.footer,
        by_itself=False,
    )


class Invoiced:
    """Does it through the services, to the first of the bookings that `bookings` gives."""

    def __init__(self, services: Services, agent: Actor, bookings: Callable[[], Sequence[UUID]]) -> None:
        self._services, self._agent, self._bookings = services, agent, bookings

    def issue(self) -> None:
        """Every third to a company."""
        for number, booking in enumerate(self._bookings()[:HOW_MANY]):
            self._issue(booking, COMPANY if number % 3 == 1 else None)

    def again(self) -> None:
        """What was changed since."""
        invoices = self._services.invoices
        for booking in self._bookings()[:HOW_MANY]:
            if invoices.of_booking(self._agent, booking).documents:
                self._issue(booking, None, reason="The booking was changed")

    def _issue(self, booking: UUID, buyer: Buyer | None, reason: str = "") -> None:
        invoices = self._services.invoices
        try:
            shown = invoices.preview(self._agent, [booking])
        except Refusal:  # not sold yet
            return
        if not shown.nothing:
            order = IssueOrder(shown.booking_ids, buyer or shown.buyer, shown.invoice, shown.credit, reason)
            invoices.issue(self._agent, order, key=uuid4())
