"""The papers that a vendor handed in, and those that are missing."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal

from travellr_desktop.domain.faults import Faults
from travellr_desktop.domain.payouts.words import VendorPaper
from travellr_desktop.services.catalogue import capital, join
from travellr_desktop.services.vendor_drafts import PaperDraft, checked_paper
from travellr_desktop.services.vendor_terms import PaperRow, VendorTerms
from travellr_desktop.ui.catalogue.words import say
from travellr_desktop.ui.day_text import day_of, typed_day
from travellr_desktop.ui.parts.choice import Choice
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.sheet import Says, Sheet, SheetColumn
from travellr_desktop.ui.vendors.side_page import SidePage, take_back
from travellr_desktop.ui.vendors.words import paper_word


class PapersPage(SidePage):
    take_back_asked = Signal(object)
    """The `PaperRow` that should not count any more."""

    def __init__(self, locale: str) -> None:
        super().__init__(say("Papers"), locale)
        self.missing = Note("wait", "")
        self.sheet = Sheet(
            say("Papers"),
            (SheetColumn(say("Paper"), stretch=1), SheetColumn(say("Good until")), SheetColumn("")),
        )
        self.none = Label(say("No paper was handed in."), "small", "text_secondary", wrap=True)
        for part in (self.missing, self.sheet, self.none):
            self.body.addWidget(part)
        self.add_form(
            say("Take in a paper"),
            {
                "kind": Choice(say("Paper"), [(kind.value, paper_word(kind)) for kind in VendorPaper]),
                "note": Field(say("Note"), placeholder=say("No. 12/2026, by post"), longest=300),
                "received_on": Field(say("Handed in on"), longest=20),
                "expires_on": Field(say("Good until"), placeholder=say("for ever"), longest=20),
            },
            say("Take it in"),
        )

    def show_terms(self, terms: VendorTerms) -> None:
        self.sheet.clear()
        for row in terms.papers:
            button = take_back(paper_word(row.kind))
            button.clicked.connect(partial(self.take_back_asked.emit, row))
            second = " · ".join(part for part in (self._taken_in(row), row.note) if part)
            self.sheet.add([Says(paper_word(row.kind), second), self._until(row), button])
        self.sheet.setVisible(bool(terms.papers))
        self.none.setVisible(not terms.papers)
        self.missing.setVisible(bool(terms.missing))
        if terms.missing:
            names = join([paper_word(kind).lower() for kind in terms.missing])
            words = say("{0} is missing") if len(terms.missing) == 1 else say("{0} are missing")
            self.missing.say(
                "wait", capital(words.format(names)), say("Nothing is paid to this vendor before that.")
            )
        received = self.own["received_on"]
        assert isinstance(received, Field)
        if not received.text():
            received.set_text(typed_day(terms.today, self.spoken))

    def draft(self, terms: VendorTerms) -> PaperDraft:
        """What was typed. Raises `InvalidInput` naming every field at fault."""
        faults = Faults()
        until = self.own_text("expires_on")
        draft = PaperDraft(
            kind=VendorPaper(self.own_text("kind")),
            received_on=faults.read(terms.today, self.day, "received_on"),
            expires_on=faults.read(None, day_of, until, self.spoken, "expires_on") if until else None,
            note=self.own_text("note"),
        )
        faults.check(checked_paper, draft, terms.today)
        faults.end()
        return draft

    def taken_in(self) -> None:
        """The short form is as it began."""
        self.forget("note", "received_on", "expires_on")

    def _taken_in(self, row: PaperRow) -> str:
        day = typed_day(row.received_on, self.spoken)
        return say("{0}, by {1}").format(day, row.by) if row.by else day

    def _until(self, row: PaperRow) -> Says:
        if row.expires_on is None:
            return Says("–")
        day = typed_day(row.expires_on, self.spoken)
        if not row.good:
            return Says(day, say("has run out"), second_tone="bad")
        return Says(day, say("runs out soon") if row.ends_soon else "", second_tone="wait")
