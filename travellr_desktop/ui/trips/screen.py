"""Trips: the list with one of them beside it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from travellr_desktop.domain.cancellation import PRESETS
from travellr_desktop.errors import InvalidInput
from travellr_desktop.events import DepartureChanged, Event
from travellr_desktop.services.catalogue import Use
from travellr_desktop.services.lists import TripListRow
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.services.pictures import LARGEST
from travellr_desktop.services.removing import Removed
from travellr_desktop.services.timetable import SeriesView
from travellr_desktop.services.trips import TripDraft
from travellr_desktop.services.vendors import Deactivated, VendorName
from travellr_desktop.ui.actions import Act
from travellr_desktop.ui.background import Task
from travellr_desktop.ui.catalogue.screen import CatalogueScreen
from travellr_desktop.ui.catalogue.words import say
from travellr_desktop.ui.plans.editor import edit_plans
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.tables import ListScreen, PagedModel
from travellr_desktop.ui.timetable.departure import edit_departure, new_departure
from travellr_desktop.ui.timetable.series import open_series
from travellr_desktop.ui.trips.columns import list_words, trip_columns, trip_filters
from travellr_desktop.ui.trips.departures_page import SHOWN
from travellr_desktop.ui.trips.panel import ShownTrip, TripPanel
from travellr_desktop.ui.trips.pictures_box import small

PLANS = "plans"
_OPEN = ("open", "stopped")


class TripsScreen(CatalogueScreen):
    """Add, change, deactivate trips; their pictures; take back what was made by mistake."""

    what = "trip"
    name = "trips"
    new_act = Act.NEW_TRIP
    panel: TripPanel
    shown: ShownTrip | None

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        services, actor = self._services, self._actor
        model: PagedModel[TripListRow] = PagedModel(
            trip_columns(self.formats), lambda query: services.lists.trips(actor, query)
        )
        self.lists = ListScreen(
            model,
            name="trips",
            words=list_words(),
            filters=trip_filters(),
            sort=("title", False),
            memory=context.memory,
        )
        self.panel = TripPanel(self.formats)
        self._connect()
        self.panel.departures.series_asked.connect(self._open_series)
        self.panel.departures.departure_asked.connect(self._open_departure)
        pictures = self.panel.pictures
        pictures.add_asked.connect(self.ask_picture)
        pictures.caption_set.connect(self._set_caption)
        pictures.move_asked.connect(self._move_picture)
        pictures.remove_asked.connect(self._remove_picture)

    def go_view(self, key: str) -> None:
        """The plans of seats stand in a dialog over the trips."""
        if key != PLANS:
            raise KeyError(key)
        edit_plans(self.context, self)

    def cares(self, event: Event) -> bool:
        return isinstance(event, DepartureChanged) or super().cares(event)

    # one trip

    def _read(self, thing_id: UUID) -> ShownTrip:
        services, actor = self._services, self._actor
        now = self.context.clock.now()
        query = ListQuery(filters={"trip": thing_id, "state": _OPEN, "departs": (now, None)}, sort="departs")
        with closing(services.lists.departures(actor, query)) as rows:
            coming = rows.first(SHOWN)
            total = rows.index() if len(coming) == SHOWN else len(coming)
        pictures = services.pictures.of_trip(actor, thing_id)
        return ShownTrip(
            services.trips.detail(actor, thing_id),
            services.vendors.names(actor),
            pictures,
            services.timetable.series(actor, thing_id),
            coming,
            total,
            tuple(small(picture) for picture in pictures),
        )

    def _read_new(self) -> tuple[VendorName, ...]:
        return self._services.vendors.names(self._actor)

    def _fill(self, loaded: ShownTrip) -> None:
        self.panel.show_trip(loaded)

    def _fill_new(self, loaded: tuple[VendorName, ...]) -> None:
        draft = TripDraft(
            vendor_id=UUID(int=0),  # nobody: it is chosen in the form
            title="",
            place="",
            zone=self.formats.zone,
            currency=self.agency.currency if self.agency is not None else "EUR",
            duration_min=0,
            policy=PRESETS["moderate"],
            prices={},
        )
        self.panel.show_new(draft, loaded)
        if not loaded:
            self.panel.say(
                "info", say("There is no vendor yet"), say("Add who runs the trip under Vendors first.")
            )

    def _came(self, loaded: ShownTrip) -> None:
        shown = self.shown
        if shown is not None and shown.id == loaded.id and not self.panel.is_new:
            same = replace(shown, detail=loaded.detail, vendors=loaded.vendors) == shown
            if same or self.panel.dirty:
                self.shown = replace(loaded, detail=shown.detail)  # what somebody typed stays
                self.panel.show_beside(loaded)
                return
        super()._came(loaded)

    def _id(self, loaded: ShownTrip) -> UUID:
        return loaded.id

    def _draft(self) -> TripDraft:
        return self.panel.draft()

    def _before(self) -> TripDraft | None:
        return None if self.shown is None else self.shown.detail.draft

    def _title(self, draft: TripDraft) -> str:
        return draft.title

    def _create(self, draft: TripDraft) -> UUID:
        return self._services.trips.create(self._actor, draft)

    def _update(self, thing_id: UUID, draft: TripDraft, before: TripDraft) -> TripDraft:
        return self._services.trips.update(self._actor, thing_id, draft, before=before).draft

    def _deactivate(self, thing_id: UUID, sold_stays: bool) -> Deactivated:
        return self._services.trips.deactivate(self._actor, thing_id, sold_stays=sold_stays)

    def _activate(self, done: Deactivated) -> None:
        self._services.trips.activate(self._actor, done.id)

    def _remove(self, thing_id: UUID) -> Removed:
        return self._services.removal.trip(self._actor, thing_id)

    def _is_active(self) -> bool:
        return self.shown is not None and self.shown.detail.active

    def shown_use(self) -> Use:
        return Use() if self.shown is None else self.shown.detail.use

    # departures

    def _open_series(self, series: SeriesView | None) -> None:
        if self.shown is not None:
            open_series(self.context, self, self.shown.id, self.shown.detail.draft.title, series)

    def _open_departure(self, departure_id: UUID | None) -> None:
        if departure_id is not None:
            edit_departure(self.context, self, departure_id)
        elif self.shown is not None:
            now, zone = self.context.clock.now(), self.shown.detail.draft.zone
            new_departure(self.context, self, self.shown.id, self.formats.local(now, zone).date())

    # pictures

    def ask_picture(self) -> None:
        """Choose a file to show with the trip."""
        places = QStandardPaths.standardLocations(QStandardPaths.StandardLocation.PicturesLocation)
        chosen, _ = QFileDialog.getOpenFileName(
            self, say("Add a picture"), places[0] if places else "", say("Pictures (*.jpg *.jpeg *.png)")
        )
        if chosen:
            self.add_picture(Path(chosen))

    def add_picture(self, path: Path) -> None:
        """Add a picture from a file."""
        if self.shown is None:
            return
        trip_id, pictures, actor = self.shown.id, self._services.pictures, self._actor

        def work(_task: Task) -> object:
            try:
                if path.stat().st_size > 20 * LARGEST:  # not even read
                    raise InvalidInput(
                        say("{0} is far too large.").format(path.name),
                        hint=say("Save it smaller."),
                        field="picture",
                    )
                data = path.read_bytes()
            except OSError as error:
                raise InvalidInput(f"{path.name}: {error.strerror}", field="picture") from error
            return pictures.add(actor, trip_id, data)

        self._with_pictures(work, say("Adding the picture"))

    def _set_caption(self, picture_id: UUID, words: str) -> None:
        pictures, actor = self._services.pictures, self._actor
        self._with_pictures(lambda _: pictures.set_caption(actor, picture_id, words), say("Saving"))

    def _move_picture(self, picture_id: UUID, step: int) -> None:
        if self.shown is None:
            return
        ids = [picture.id for picture in self.shown.pictures]
        at = ids.index(picture_id)
        ids.insert(at + step, ids.pop(at))
        trip_id, pictures, actor = self.shown.id, self._services.pictures, self._actor
        self._with_pictures(lambda _: pictures.set_order(actor, trip_id, ids), say("Saving"))

    def _remove_picture(self, picture_id: UUID) -> None:
        if self.shown is None:
            return
        trip_id, pictures, actor = self.shown.id, self._services.pictures, self._actor

        def back() -> object:
            return pictures.add(actor, trip_id, removed[0].data, removed[0].caption)

        removed = [picture for picture in self.shown.pictures if picture.id == picture_id]
        self._with_pictures(
            lambda _: pictures.remove(actor, picture_id),
            say("Removing"),
            lambda _: self._finished(say("The picture is removed"), back),
        )

    def _with_pictures(
        self, work: Callable[[Task], object], words: str, done: Callable[[object], object] | None = None
    ) -> None:
        """Do something to the pictures; the list is read again by the event of it."""
        self.context.background.run(
            self,
            work,
            words=words,
            key=("pictures", id(self)),
            done=done,
            refused=self.panel.refuse,
        )
