"""Does what the offer of a full departure asks for: alternatives, the waiting list, overbooking."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QObject

from travellr_desktop.errors import Refusal
from travellr_desktop.services.departure_views import Alternative, Alternatives, Offer
from travellr_desktop.services.overbooking import Overbooked
from travellr_desktop.services.registry import Services
from travellr_desktop.services.waiting_list import WaitingView
from travellr_desktop.ui.desk import wording
from travellr_desktop.ui.desk.draft import Attempt
from travellr_desktop.ui.desk.finding import Finding
from travellr_desktop.ui.desk.full import FullPane
from travellr_desktop.ui.desk.session import Session
from travellr_desktop.ui.screen import Context


class Fullness(QObject):
    """Wires the pane of a full departure to the services."""

    def __init__(self, context: Context, session: Session, finding: Finding) -> None:
        super().__init__(finding)
        self._context, self._session, self._finding = context, session, finding
        self._services = cast(Services, context.services)
        self._join_attempt, self._allow_attempt, self._back_attempt = Attempt(), Attempt(), Attempt()
        self._pane: FullPane = finding.offer.full
        self._pane.go.connect(self._go)
        self._pane.join.connect(self._join)
        self._pane.allow.connect(self._allow)
        finding.offer.take_back.clicked.connect(self._take_back)
        finding.search.offer_found.connect(self._offered)
        session.traveller_changed.connect(lambda: self._pane.show_traveller(session.traveller))

    def open_wait(self) -> None:
        """The waiting list, where the departure under the cursor is full; else says why not."""
        offer = self._finding.offer.offer
        if offer is None or offer.too_full:
            self._pane.open_wait()
            return
        why = offer.why_not or self.tr("There are seats enough: hold them.")
        self._finding.offer.refuse(Refusal(self.tr("Nobody needs to wait for this departure."), hint=why))

    def _offered(self, offer: Offer | None) -> None:
        if offer is None or not offer.too_full:
            return
        actor, departures = self._context.actor, self._services.departures

        def done(found: Alternatives) -> None:
            shown = self._pane.offer
            if shown is not None and (shown.row.id, shown.party) == (offer.row.id, offer.party):
                self._pane.show_alternatives(found)

        self._context.background.run(
            self,
            lambda _task: departures.alternatives(actor, offer.row.id, offer.party),
            key="desk.alternatives",
            newest=True,
            done=done,
            refused=lambda _refusal: None,
        )

    def _go(self, alternative: Alternative) -> None:
        day = self._finding.formats.local(alternative.starts_at, alternative.zone).date()
        if not self._finding.results.go_to(alternative.departure_id):
            self._finding.show_departure(alternative.departure_id, day)
        self._finding.to_results()

    # waiting

    def _join(self, note: str) -> None:
        offer, traveller = self._pane.offer, self._session.traveller
        if offer is None or traveller is None:
            return
        actor, waiting = self._context.actor, self._services.waiting_list
        departure_id, party, traveller_id = offer.row.id, offer.party, traveller.id
        key = self._join_attempt.key_for((departure_id, party, traveller_id, note))
        form = self._pane.wait_form

        def refused(refusal: Refusal) -> None:
            self._join_attempt.answered(refusal)
            form.refuse(refusal)

        self._context.background.run(
            self,
            lambda _task: waiting.join(actor, departure_id, traveller_id, party, note, key=key),
            words=self.tr("Putting them on the list"),
            button=form.button,
            done=self._joined,
            refused=refused,
        )

    def _joined(self, entry: WaitingView) -> None:
        self._join_attempt.answered()
        self._pane.close_form()
        words = self.tr("{0} waits for {1}, no. {2} on the list")
        actor, waiting = self._context.actor, self._services.waiting_list

        def undo() -> None:
            self._context.background.run(
                self,
                lambda _task: waiting.withdraw(actor, entry.id),
                key=("desk.withdraw", entry.id),
                done=lambda _view: self._finding.refresh(),
                refused=self._context.say.refused,
            )

        said = words.format(entry.traveller_name, wording.seat_count(entry.seats), entry.place)
        self._context.say.finished(said, undo)
        self._finding.refresh()

    # overbooking

    def _allow(self, seats: int, reason: str) -> None:
        offer = self._pane.offer
        if offer is None:
            return
        actor, overbooking, departure_id = self._context.actor, self._services.overbooking, offer.row.id
        key = self._allow_attempt.key_for((departure_id, seats, reason))
        form = self._pane.overbook_form

        def done(allowed: Overbooked) -> None:
            self._allow_attempt.answered()
            self._pane.close_form()
            said = self.tr("{0} may be sold beyond capacity")
            self._context.say.finished(said.format(wording.seat_count(allowed.allowed)))
            self._finding.refresh()

        def refused(refusal: Refusal) -> None:
            self._allow_attempt.answered(refusal)
            form.refuse(refusal)

        self._context.background.run(
            self,
            lambda _task: overbooking.allow(actor, departure_id, seats, reason, key=key),
            words=self.tr("Overbooking"),
            button=form.button,
            done=done,
            refused=refused,
        )

    def _take_back(self) -> None:
        """What was allowed beyond capacity and nobody has."""
        offer = self._finding.offer.offer
        if offer is None or offer.unused == 0:
            return
        actor, overbooking = self._context.actor, self._services.overbooking
        departure_id, seats = offer.row.id, offer.unused
        key = self._back_attempt.key_for((departure_id, seats, offer.row.allowed))

        def done(_left: Overbooked) -> None:
            self._back_attempt.answered()
            said = self.tr("{0} beyond capacity taken back")
            self._context.say.finished(said.format(wording.seat_count(seats)))
            self._finding.refresh()

        def refused(refusal: Refusal) -> None:
            self._back_attempt.answered(refusal)
            self._finding.offer.refuse(refusal)
            self._finding.refresh()

        self._context.background.run(
            self,
            lambda _task: overbooking.take_back(actor, departure_id, seats, "Not needed any more", key=key),
            words=self.tr("Taking them back"),
            button=self._finding.offer.take_back,
            done=done,
            refused=refused,
        )
