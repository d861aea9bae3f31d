"""The three journals: their columns and their words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication

from travellr_desktop.ui.activity.audit_words import THINGS
from travellr_desktop.ui.activity.journal import JournalPage, JournalWords, Opener
from travellr_desktop.ui.activity.panel import RecordPanel
from travellr_desktop.ui.activity.record import Record
from travellr_desktop.ui.parts.segments import Segments
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.tables import Choice, Column, Kind, ListFilter, ListWords


def _say(text: str) -> str:
    return QCoreApplication.translate("Activity", text)


def events_page(opener: Opener, views: Segments, context: Context) -> JournalPage:
    words = JournalWords(
        "activity-events",
        ListWords(
            _say("Events"),
            _say("events"),
            "activity",
            _say("Holds, bookings and payments are told here the moment they happen."),
            search=_say("Search these events"),
        ),
        _say("Event"),
        _say("As it was told"),
        _say("Copy"),
    )
    columns: tuple[Column[Record], ...] = (
        _when(),
        Column("what", _say("Event"), lambda row: row.what, width=208, strong=True, tone=_tone),
        Column(
            "about", _say("About"), lambda row: row.about or "–", Kind.REFERENCE, width=148, sortable=True
        ),
        Column("detail", _say("Details"), lambda row: row.detail or "–", width=240, stretch=1),
    )
    return _page(words, columns, opener, views, context)


def audit_page(
    opener: Opener, views: Segments, context: Context, days: Callable[[], Sequence[Choice]]
) -> JournalPage:
    words = JournalWords(
        "activity-audit",
        ListWords(
            _say("Audit"),
            _say("entries"),
            "shield-check",
            _say("Who did what is written here and never edited."),
            search=_say("Search the audit trail"),
        ),
        _say("Entry of the audit trail"),
        _say("As it was written"),
        _say("Copy"),
    )
    columns: tuple[Column[Record], ...] = (
        _when(),
        Column("who", _say("Who"), lambda row: row.who, width=160),
        Column("what", _say("Action"), lambda row: row.what, width=184, stretch=1, strong=True),
        Column("about", _say("Thing"), lambda row: row.about or "–", width=180, stretch=1),
        Column("detail", _say("Detail"), lambda row: row.detail or "–", width=220, stretch=2, sortable=False),
    )
    return _page(words, columns, opener, views, context, audit_filters(days))


def audit_filters(days: Callable[[], Sequence[Choice]]) -> tuple[ListFilter, ...]:
    """`days` gives ranges of time to choose from, of now."""
    things = tuple(Choice(key, _say(word)) for key, word in THINGS.items())
    return (
        ListFilter("when", _say("Time"), days, many=False, pinned=True),
        ListFilter("entity", _say("Thing"), things, pinned=True),
    )


def errors_page(opener: Opener, views: Segments, context: Context) -> JournalPage:
    words = JournalWords(
        "activity-errors",
        ListWords(
            _say("Errors"),
            _say("errors"),
            "circle-check",
            _say("None since the program was opened. What is older stands in the log, named under Settings."),
            search=_say("Search these errors"),
        ),
        _say("Error"),
        _say("Report"),
        _say("Copy report"),
        wrap=False,
    )
    columns: tuple[Column[Record], ...] = (
        _when(),
        Column("about", _say("Where"), lambda row: row.about, width=180),
        Column("what", _say("Message"), lambda row: row.what, width=280, stretch=1, strong=True),
        Column("detail", _say("Error"), lambda row: row.detail or "–", width=240, stretch=1),
    )
    return _page(words, columns, opener, views, context)


def _when() -> Column[Record]:
    return Column("when", _say("Time"), lambda row: row.when, Kind.DATE, width=152, descending_first=True)


def _tone(row: Record) -> str:
    return row.tone


def _page(
    words: JournalWords,
    columns: tuple[Column[Record], ...],
    opener: Opener,
    views: Segments,
    context: Context,
    filters: Sequence[ListFilter] = (),
) -> JournalPage:
    panel = RecordPanel(words.panel, context.say, written=words.written, copy=words.copy, wrap=words.wrap)
    return JournalPage(words, columns, opener, views, panel, context, filters)
