"""Who may be the same person: which pair the pane shows, and what comes of it."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from travellr_desktop.errors import Refusal
from travellr_desktop.services.duplicates import LikelyPair, Merged
from travellr_desktop.services.merging import MergePreview
from travellr_desktop.services.registry import Services
from travellr_desktop.services.traveller_history import TravellerRecord
from travellr_desktop.ui.desk.draft import Attempt
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.travellers.merge_pane import MergePane


class Pairing(QObject):
    """Fills the pane at the right, and shows or hides it."""

    pane_changed = Signal()
    merged = Signal(object)
    """The id of the record that was kept."""
    picking_changed = Signal()

    def __init__(self, context: Context, services: Services, pane: MergePane, screen: QWidget) -> None:
        super().__init__(screen)
        self._context, self._service, self._pane = context, services.duplicates, pane
        self._record: TravellerRecord | None = None
        self._others: tuple[UUID, ...] = ()
        self._at = 0
        self._wanted: UUID | None = None
        self._picked: tuple[UUID, UUID] | None = None
        self._put_off: set[UUID] = set()
        self._covered = False
        self._attempt = Attempt()
        self.picking: TravellerRecord | None = None
        """The record for which the other one is looked for."""
        pane.choices_changed.connect(self._look)
        pane.stepped.connect(self._step)
        pane.merge_asked.connect(self._merge)
        pane.not_same_asked.connect(self._not_same)
        pane.later_asked.connect(self.later)

    # which pair

    def want(self, other_id: UUID | None) -> None:
        """With whom the next traveller that is shown stands in the pane; None for the likeliest."""
        self._wanted = other_id
        self._picked = None

    def show_pairs(self, record: TravellerRecord, pairs: tuple[LikelyPair, ...]) -> None:
        """A traveller is shown, or was read again, with those who are likely the same."""
        now = self._others[self._at] if self._at < len(self._others) else None
        same = self._record is not None and self._record.id == record.id
        self._record = record
        others = tuple(pair.second.id for pair in pairs)
        if self._picked is not None and self._picked[0] == record.id:
            others = (self._picked[1],)
        self._others = others
        wanted = self._wanted or (now if same else None)
        self._at = others.index(wanted) if wanted in others else 0
        if self._wanted is not None:
            self._put_off.discard(record.id)
        if not others or record.id in self._put_off:
            self._show(False)
            return
        self._look()

    def start_picking(self, record: TravellerRecord) -> None:
        self.picking = record
        self.picking_changed.emit()

    def stop_picking(self) -> None:
        if self.picking is not None:
            self.picking = None
            self.picking_changed.emit()

    def pick(self, other_id: UUID) -> None:
        """This is the other one."""
        record, self.picking = self.picking, None
        self.picking_changed.emit()
        if record is None:
            return
        self._record = record
        self._picked = (record.id, other_id)
        self._others, self._at = (other_id,), 0
        self._put_off.discard(record.id)
        self._look()

    def open_pane(self) -> None:
        """Show who is likely the same, although it was put off."""
        if self._record is not None and self._others:
            self._put_off.discard(self._record.id)
            self._look()

    def close_pane(self) -> None:
        self._record, self._others = None, ()
        self._show(False)

    def later(self) -> None:
        """Not now: the pane comes again when it is asked for."""
        if self._record is not None:
            self._put_off.add(self._record.id)
        self._picked = None
        self._show(False)

    def _step(self, by: int) -> None:
        if self._others:
            self._at = (self._at + by) % len(self._others)
            self._look()

    def cover(self, on: bool) -> None:
        """A form is open: one thing at a time."""
        if on != self._covered:
            self._covered = on
            if on:
                self._show(False)
            elif self._record is not None and self._record.id not in self._put_off:
                self._look()

    def _show(self, on: bool) -> None:
        on = on and not self._covered
        if on == self._pane.isHidden():
            self._pane.setVisible(on)
            self.pane_changed.emit()

    # looking

    def _look(self) -> None:
        record = self._record
        if record is None or not self._others:
            return
        other = self._others[self._at]
        self._pane.begin(record.id, other)
        service, actor, choices = self._service, self._context.actor, dict(self._pane.choices)
        self._context.background.run(
            self._pane,
            lambda _task: service.preview(actor, record.id, other, choices),
            key=("merge preview", id(self)),
            newest=True,
            done=self._came,
            refused=self._cannot,
        )

    def _came(self, preview: MergePreview) -> None:
        if self._pane.pair != (preview.kept.id, preview.other.id):
            return
        picked = self._picked is not None
        self._pane.show_preview(preview, self._at, 0 if picked else len(self._others))
        self._show(True)

    def _cannot(self, refusal: Refusal) -> None:
        self._picked = None
        self._show(False)
        self._context.say.refused(refusal)

    # doing

    def _merge(self) -> None:
        preview = self._pane.preview
        if preview is None:
            return
        choices = dict(self._pane.choices)
        kept, other, seen = preview.kept.id, preview.other.id, preview.seen
        key = self._attempt.key_for((kept, other, tuple(sorted(choices.items())), seen))
        service, actor = self._service, self._context.actor
        self._context.background.run(
            self._pane,
            lambda _task: service.merge(actor, kept, other, choices, key=key, seen=seen),
            words=self.tr("Merging"),
            button=self._pane.merge,
            done=self._merged,
            refused=self._refused,
        )

    def _merged(self, done: Merged) -> None:
        self._attempt.answered()
        self._picked = self._wanted = None
        self._show(False)
        words = self.tr("Merged into {0}").format(done.kept_name)
        self._context.say.finished(words, partial(self.split, done.merge_id))
        self.merged.emit(done.kept_id)

    def _refused(self, refusal: Refusal) -> None:
        self._attempt.answered(refusal)
        self._look()
        self._context.say.refused(refusal)

    def split(self, merge_id: UUID) -> None:
        """Take a merge apart."""
        service, actor = self._service, self._context.actor
        self._context.background.run(
            self._pane,
            lambda _task: service.split(actor, merge_id),
            words=self.tr("Splitting the records"),
            key=("split", merge_id),
            done=lambda _id: self._context.say.finished(self.tr("They are two records again")),
        )

    def _not_same(self) -> None:
        preview = self._pane.preview
        if preview is None:
            return
        one, other = preview.kept, preview.other
        service, actor = self._service, self._context.actor
        words = self.tr("{0} and {1} are two people").format(one.name, other.name)
        self._context.background.run(
            self._pane,
            lambda _task: service.not_the_same(actor, one.id, other.id),
            words=self.tr("Keeping that"),
            button=self._pane.not_same,
            done=lambda _none: self._said_apart(words, one.id, other.id),
        )

    def _said_apart(self, words: str, one: UUID, other: UUID) -> None:
        self._picked = self._wanted = None
        self._show(False)
        self._context.say.finished(words, partial(self._same_after_all, one, other))

    def _same_after_all(self, one: UUID, other: UUID) -> None:
        service, actor = self._service, self._context.actor
        self._context.background.run(
            self._pane,
            lambda _task: service.same_after_all(actor, one, other),
            key=("same", one, other),
        )
