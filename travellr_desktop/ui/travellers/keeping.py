"""What is written from the record: the traveller themself, their notes, their documents."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from travellr_desktop.errors import InvalidInput, Refusal
from travellr_desktop.services.registry import Services
from travellr_desktop.services.travel_documents import TravelDocumentRow
from travellr_desktop.services.traveller_history import TravellerRecord
from travellr_desktop.services.travellers import TravellerRow
from travellr_desktop.ui.leaving import ask_discard
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.travellers.forms import DocumentForm, Form, PersonForm
from travellr_desktop.ui.travellers.record import RecordPane


class Keeping(QObject):
    """The forms, and what they send. The screen puts them in the place of the record."""

    form_closed = Signal()
    saved = Signal(object)
    """A traveller was added; carries the id. What is changed comes back as an event."""

    def __init__(self, context: Context, services: Services, record: RecordPane, screen: QWidget) -> None:
        super().__init__(screen)
        self._context, self._services, self._record, self._screen = context, services, record, screen
        self.person = PersonForm(services.locale)
        self.document = DocumentForm(services.locale)
        self.person.last_year = context.clock.now().year
        self.document.last_year = self.person.last_year + 60
        self._open: Form | None = None
        self.person.saved.connect(self._save_person)
        self.document.saved.connect(self._save_document)
        for form in (self.person, self.document):
            form.left.connect(partial(self.leave_form, None))
        record.notes.added.connect(self._add_note)
        record.notes.removed.connect(self._remove_note)
        record.documents.add_asked.connect(self._new_document)
        record.documents.change_asked.connect(self._change_document)
        record.documents.removed.connect(self._remove_document)
        record.cards.forgotten.connect(self._ask_forget)

    # the traveller

    def new_person(self, typed: str) -> None:
        self._open = self.person
        self.person.begin(None, typed)

    def change_person(self, record: TravellerRecord) -> None:
        self._open = self.person
        self.person.begin(record)

    def close_form(self) -> None:
        """Back to the record; again is harmless."""
        if self._open is not None:
            self._open = None
            self.form_closed.emit()

    def leave_form(self, then: Callable[[], object] | None = None) -> None:
        """The same, after a question where something was typed; and go on to something else."""

        def leave() -> None:
            self.close_form()
            if then is not None:
                then()

        if self._open is not None and self._open.dirty:
            ask_discard(self._screen, leave)
        else:
            leave()

    def _save_person(self) -> None:
        form, actor, service = self.person, self._context.actor, self._services.travellers
        try:
            draft = form.draft()
        except InvalidInput as refusal:
            form.refuse(refusal)
            return
        traveller_id, key = form.traveller_id, form.attempt.key_for((form.traveller_id, form.content()))

        def save(_task: object) -> TravellerRow:
            if traveller_id is None:
                return service.create(actor, draft, key=key)
            return service.update(actor, traveller_id, draft)

        self._context.background.run(
            form,
            save,
            words=self.tr("Saving"),
            button=form.save,
            done=partial(self._person_saved, traveller_id is None),
            refused=form.refuse,
        )

    def _person_saved(self, new: bool, row: TravellerRow) -> None:
        self.person.attempt.answered()
        self.close_form()
        if new:
            self.saved.emit(row.id)

    # documents

    def _new_document(self) -> None:
        if self._record.record is not None:
            self._begin_document(self._record.record, None)

    def _change_document(self, row: TravelDocumentRow) -> None:
        if self._record.record is not None:
            self._begin_document(self._record.record, row)

    def _begin_document(self, record: TravellerRecord, row: TravelDocumentRow | None) -> None:
        self._open = self.document
        stack = self.document.parentWidget()
        show = getattr(stack, "setCurrentWidget", None)
        if show is not None:
            show(self.document)
        self.document.begin(record.id, record.name, row)

    def _save_document(self) -> None:
        form, actor = self.document, self._context.actor
        service, traveller_id, document_id = (
            self._services.traveller_documents,
            form.traveller_id,
            form.document_id,
        )
        try:
            draft = form.draft()
        except InvalidInput as refusal:
            form.refuse(refusal)
            return
        key = form.attempt.key_for((traveller_id, document_id, form.content()))

        def save(_task: object) -> TravelDocumentRow:
            if document_id is not None:
                return service.change(actor, document_id, draft)
            assert traveller_id is not None
            return service.add(actor, traveller_id, draft, key=key)

        self._context.background.run(
            form,
            save,
            words=self.tr("Saving"),
            button=form.save,
            done=self._document_saved,
            refused=form.refuse,
        )

    def _document_saved(self, _row: TravelDocumentRow) -> None:
        self.document.attempt.answered()
        self.close_form()

    def _remove_document(self, document_id: UUID) -> None:
        service, actor = self._services.traveller_documents, self._context.actor
        self._context.background.run(
            self._record,
            lambda _task: service.remove(actor, document_id),
            words=self.tr("Removing the document"),
            key=("document", document_id),
            done=lambda _none: self._context.say.finished(self.tr("The document is removed")),
        )

    # cards

    def _ask_forget(self, card_id: UUID) -> None:
        self.question = Decision(
            self.tr("Forget this card?"),
            verb=self.tr("Forget it"),
            keep=self.tr("Keep it"),
            second=self.tr("It is taken away at the payment provider for good, and cannot be charged again."),
            parent=self._screen,
        )
        self.question.accepted.connect(partial(self._forget_card, card_id))
        self.question.finished.connect(self.question.deleteLater)
        self.question.open()

    def _forget_card(self, card_id: UUID) -> None:
        service, actor = self._services.cards, self._context.actor
        self._context.background.run(
            self._record,
            lambda _task: service.forget(actor, card_id),
            words=self.tr("Forgetting the card"),
            key=("card", card_id),
            done=lambda _left: self._context.say.finished(self.tr("The card is forgotten")),
            refused=self._context.say.refused,
        )

    # notes

    def _add_note(self, traveller_id: UUID, text: str) -> None:
        service, actor, notes = self._services.notes, self._context.actor, self._record.notes
        self._context.background.run(
            notes,
            lambda _task: service.add(actor, text, traveller_id=traveller_id),
            words=self.tr("Keeping the note"),
            key=("note", traveller_id),
            done=lambda _id: notes.close_field(),
            refused=self._note_refused,
        )

    def _note_refused(self, refusal: Refusal) -> None:
        self._record.notes.field.set_error(f"{refusal} {refusal.hint}".strip())

    def _remove_note(self, note_id: UUID) -> None:
        service, actor = self._services.notes, self._context.actor
        self._context.background.run(
            self._record,
            lambda _task: service.remove(actor, note_id),
            words=self.tr("Removing the note"),
            key=("note", note_id),
            done=lambda _none: self._context.say.finished(self.tr("The note is removed")),
        )
