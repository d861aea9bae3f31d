"""Bookings in the palette: by reference, traveller or trip."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from typing import cast

from travellr_desktop.services.lists import BookingListRow
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.records.words import Words
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.shell.palette_list import Found

_SHOWN = 6


def booking_search(context: Context) -> Callable[[str], Sequence[Found]]:
    """What the palette asks with each text, in the background."""
    services = cast(Services, context.services)

    def find(text: str) -> list[Found]:
        agency = services.agency.view()
        words = Words(services.locale, agency.zone if agency is not None else "UTC")
        with closing(services.lists.bookings(context.actor, ListQuery(text))) as rows:
            return [_found(context, words, row) for row in rows.first(_SHOWN)]

    return find


def _found(context: Context, words: Words, row: BookingListRow) -> Found:
    when = words.departs(row.departs, row.zone, context.clock.now())
    second = f"{when} · {row.traveller} · {row.trip}"
    return Found(row.reference, "ticket", partial(_open, context, row.reference), second=second)


def _open(context: Context, reference: str) -> None:
    open_booking = getattr(context.go("bookings"), "open_booking", None)
    if open_booking is not None:
        open_booking(reference)
