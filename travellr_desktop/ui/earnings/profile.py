"""What the agency has on file of a vendor: who they are, how they are paid, what was agreed. It is read here, and
changed by the agency."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from PySide6.QtWidgets import QVBoxLayout, QWidget

from travellr_desktop.domain.percent_text import format_percent
from travellr_desktop.domain.places import countries
from travellr_desktop.services.earnings.views import VendorProfile
from travellr_desktop.services.registry import Services
from travellr_desktop.services.vendor_terms import VendorTerms
from travellr_desktop.ui.background import Task
from travellr_desktop.ui.earnings.words import say
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.columns import FactColumns
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Card, ScrollArea, Section
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.vendors.words import paper_word, schedule_word


@dataclass(frozen=True, slots=True)
class _Read:
    profile: VendorProfile
    terms: VendorTerms


class ProfilePage(QWidget):
    def __init__(self, context: Context, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._services = context, services
        self._formats = Formats(services.locale)
        self.shown: _Read | None = None
        self.vendor_id: UUID | None = None
        self._parts: list[QWidget] = []
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(16, 12, 16, 12)
        self._column.setSpacing(12)
        self._column.addStretch(1)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(ScrollArea(content))

    def show_vendor(self, vendor_id: UUID) -> None:
        self.vendor_id = vendor_id
        self.refresh()

    def refresh(self) -> None:
        if self.vendor_id is not None:
            self._context.background.run(
                self,
                partial(self._read, self.vendor_id),
                key=("earnings.profile", id(self)),
                newest=True,
                done=self._came,
            )

    def _read(self, vendor_id: UUID, _task: Task) -> _Read:
        services, actor = self._services, self._context.actor
        return _Read(
            services.earnings.profile(actor, vendor_id), services.vendor_terms.terms(actor, vendor_id)
        )

    def _came(self, read: _Read) -> None:
        if read == self.shown:
            return
        self.shown = read
        for part in self._parts:
            self._column.removeWidget(part)
            part.hide()
            part.deleteLater()
        self._parts = [self._asks(read.profile), self._who(read), self._paid(read), self._agreed(read)]
        for at, part in enumerate(self._parts):
            self._column.insertWidget(at, part)

    def _asks(self, profile: VendorProfile) -> QWidget:
        second = say("To have any of this changed, ask {0}.").format(
            ", ".join(part for part in (profile.agency, profile.agency_contact) if part)
        )
        return Note("info", say("This is what the agency has on file."), second)

    def _who(self, read: _Read) -> QWidget:
        profile = read.profile
        country = countries(self._formats.locale).get(profile.country, profile.country)
        address = ", ".join([*profile.address.splitlines(), country]).strip(", ")
        return _card(
            say("Profile"),
            (say("Name"), profile.name),
            (say("Legal name"), profile.legal),
            (say("Address"), address),
            (say("Tax number"), profile.tax_number),
            (say("Email"), profile.email),
            (say("Phone"), profile.phone),
        )

    def _paid(self, read: _Read) -> QWidget:
        terms = read.terms
        minimums = terms.draft.minimums or terms.agency_minimums
        return _card(
            say("Payout account"),
            (say("Account"), terms.label or say("none on file: nothing can be paid")),
            (say("Paid"), schedule_word(terms.draft.schedule)),
            (say("From"), ", ".join(self._formats.money(each) for each in minimums)),
            (
                say("Papers that are missing"),
                ", ".join(paper_word(paper) for paper in terms.missing) or say("none"),
            ),
        )

    def _agreed(self, read: _Read) -> QWidget:
        profile = read.profile
        facts = [
            (say("The agency's share now"), f"{format_percent(profile.commission_bps)} %"),
            (say("Paid after the trip by"), say("{0} days").format(profile.holdback_days)),
        ]
        for rate in profile.rates:
            words = say("{0} from {1}").format(
                rate.title or say("All trips"), self._formats.day(rate.from_day)
            )
            facts.append((words, f"{format_percent(rate.bps)} %"))
        return _card(say("Agreed"), *facts)


def _card(title: str, *facts: tuple[str, str]) -> Card:
    section, columns = Section(title), FactColumns()
    for name, value in facts:
        columns.add_fact(name, value or "–")
    section.body.addWidget(columns)
    card = Card()
    column = QVBoxLayout(card)
    column.setContentsMargins(16, 12, 16, 16)
    column.addWidget(section)
    return card
