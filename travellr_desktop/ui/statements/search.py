"""Statements in the palette: by their numbers, as far as they are typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from typing import cast

from travellr_desktop.services.lists import StatementListRow
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.records.words import Words
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.shell.palette_list import Found
from travellr_desktop.ui.statements.words import BADGES

_SHOWN = 4
_SERIES = "ST-"


def statement_search(context: Context) -> Callable[[str], Sequence[Found]]:
    """What the palette asks with each text, in the background."""
    services = cast(Services, context.services)
    words = Words(services.locale)

    def find(text: str) -> list[Found]:
        typed = text.strip().upper()
        if not typed.startswith(_SERIES):
            return []
        query = ListQuery(filters={"begins": typed}, sort="number", descending=True)
        with closing(services.lists.statements(context.actor, query)) as rows:
            return [_found(context, words, row) for row in rows.first(_SHOWN)]

    return find


def _found(context: Context, words: Words, row: StatementListRow) -> Found:
    second = f"{row.vendor} · {BADGES[row.state][1].lower()}, {words.money(row.total)}"
    return Found(row.number, "receipt-text", partial(_open, context, row.number), second=second)


def _open(context: Context, number: str) -> None:
    show_words = getattr(context.go("statements"), "show_words", None)
    if show_words is not None:
        show_words(number)
