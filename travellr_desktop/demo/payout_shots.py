"""The pictures of payouts: what a vendor sees of their earnings, and how the office pays all of them."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import Qt

from travellr_desktop.demo.player import TourStuck
from travellr_desktop.demo.walk import Walk
from travellr_desktop.domain.payouts.words import BatchKind
from travellr_desktop.domain.states import BatchState
from travellr_desktop.services.earnings.views import Span
from travellr_desktop.services.payouts.run_views import RunFigures
from travellr_desktop.services.payouts.views import BatchRow
from travellr_desktop.ui.earnings.screen import EarningsScreen
from travellr_desktop.ui.payouts.screen import PayoutsScreen
from travellr_desktop.ui.settings.screen import SettingsScreen
from travellr_desktop.ui.statements.screen import StatementsScreen
from travellr_desktop.ui.vendors.screen import VendorsScreen

VENDOR = "luka@example.com"
_VENDOR_NAME = "plava boka"
_SENT = 4
"""After so many payouts the run is paused, so that it stands still."""
K = Qt.Key


class VendorShots(Walk):
    """What somebody of a vendor has."""

    def pictures(self) -> None:
        player = self._player
        self._enter()
        player.key(K.Key_Return)
        player.until(lambda: self._window.workspace is not None, "being signed in")
        screen = self._screen(EarningsScreen)
        player.until(lambda: screen.page.travel is not None, "the earnings")
        player.until(lambda: screen.page.lists.model.rowCount() > 1, "the bookings")
        screen.page.months.span.set_value(Span.THIS_YEAR)  # it was opened in spring
        screen.page.months.span_chosen.emit(Span.THIS_YEAR)
        player.quiet()
        player.picture("earnings")
        screen.show_view("profile")
        player.picture("earnings-profile")
        screen.show_view("earnings")
        _newest_statement(self, "statements-own")
        self._paper()

    def _paper(self) -> None:
        """The first page of the statement that is shown."""
        shown = self._screen(StatementsScreen).statements.panel.shown
        if shown is None:
            raise TourStuck("No statement is shown.")
        documents, actor = self._desk_open.services.documents, self._work.actor
        pages = self._player.away(
            lambda: documents.statement_pictures(actor, shown.id), "The statement's page"
        )
        self._player.add_picture("statement", pages[0])


class PayoutShots(Walk):
    """What the office does, by somebody who may approve what another prepared."""

    def pictures(self) -> None:
        player = self._player
        self._enter()
        player.key(K.Key_Return)
        player.until(lambda: self._window.workspace is not None, "being signed in")
        self._batches()
        self._running()
        _newest_statement(self, "statements")
        self._vendor()
        self._go("settings")
        settings = self._screen(SettingsScreen)
        while settings.nav.current != "payouts":
            player.key(K.Key_Down)
        player.picture("settings-payouts")

    def _batches(self) -> None:
        """All of them; the draft; one that was paid."""
        player = self._player
        self._go("payouts")
        screen = self._screen(PayoutsScreen)
        player.until(lambda: len(screen.list.rows) > 1, "the batches")
        player.picture("payouts")
        self._open(screen, next(each for each in screen.list.rows if each.state is BatchState.DRAFT))
        player.until(lambda: screen.page.run is not None, "the dry run")
        player.picture("payouts-dry-run")
        player.key(K.Key_Return)
        player.until(lambda: screen.page.in_panel, "the vendor")
        player.picture("payouts-vendor")
        screen.page.close_vendor()
        screen.show_all()
        paid = (each for each in screen.list.rows if each.state is BatchState.DONE)
        self._open(screen, next(each for each in paid if each.kind is BatchKind.WEEKLY))
        player.until(lambda: screen.page.figures is not None, "the payouts")
        player.picture("payouts-done")
        screen.show_all()

    def _open(self, screen: PayoutsScreen, row: BatchRow) -> None:
        screen.open_batch(row.id)
        page = screen.page

        def is_there() -> bool:
            return (
                page.batch is not None and page.batch.id == row.id and page.tables.paid.rows_model.count_known
            )

        self._player.until(is_there, row.reference)

    def _running(self) -> None:
        """The draft is approved, and paused while it is sent."""
        player, screen = self._player, self._screen(PayoutsScreen)
        services, actor = self._desk_open.services, self._work.actor
        draft = next(each for each in screen.list.rows if each.state is BatchState.DRAFT)

        def sent() -> UUID:
            services.payouts.approve(actor, draft.id, seen=services.payouts.dry_run(actor, draft.id).digest)

            def look(figures: RunFigures) -> None:
                if figures.state is BatchState.SENDING and figures.paid == _SENT:
                    services.payout_runs.pause(actor, draft.id)

            services.payout_runs.run(actor, draft.id, look)
            return draft.id

        player.away(sent, "The payouts")
        self._open(screen, draft)
        player.until(
            lambda: screen.page.figures is not None and screen.page.figures.state is BatchState.PAUSED,
            "the pause",
        )
        player.picture("payouts-running")

    def _vendor(self) -> None:
        """How one of them is paid, at which rates, with which papers."""
        player = self._player
        self._go("vendors")
        screen = self._screen(VendorsScreen)
        player.until(lambda: screen.lists.model.rowCount() > 1, "the vendors")
        player.key(K.Key_Slash)
        player.write(_VENDOR_NAME)
        player.until(lambda: screen.lists.model.rowCount() == 1, _VENDOR_NAME)
        player.key(K.Key_Return)
        player.until(lambda: screen.shown is not None and screen.panel.isVisible(), "the vendor")
        for key in ("paid", "rates", "papers", "standing"):
            screen.panel.turn_to(key)
            player.picture(f"vendors-{key}")


def _newest_statement(walk: Walk, name: str) -> None:
    """The newest statement beside the list."""
    player = walk._player
    walk._go("statements")
    page = walk._screen(StatementsScreen).statements
    player.until(lambda: page.lists.model.rowCount() > 1, "the statements")
    player.key(K.Key_Home)
    player.until(lambda: page.panel.shown is not None and page.panel.isVisible(), "the statement")
    player.picture(name)
