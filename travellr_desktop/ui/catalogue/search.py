"""Trips and vendors in the palette."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from typing import cast
from uuid import UUID

from travellr_desktop.services.paged import ListQuery
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.catalogue.words import say
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.shell.palette_list import Found

_SHOWN = 4


def trip_search(context: Context) -> Callable[[str], Sequence[Found]]:
    """Trips by title, place, country, vendor or code; choosing one shows it in its list."""
    services = cast(Services, context.services)

    def find(text: str) -> list[Found]:
        with closing(services.lists.trips(context.actor, ListQuery(text))) as rows:
            return [
                _found(
                    context, "trips", "map", row.id, row.title, f"{say('Trip')} · {row.vendor}, {row.place}"
                )
                for row in rows.first(_SHOWN)
            ]

    return find


def vendor_search(context: Context) -> Callable[[str], Sequence[Found]]:
    """Vendors by name, code or email; choosing one shows it in its list."""
    services = cast(Services, context.services)

    def find(text: str) -> list[Found]:
        with closing(services.lists.vendors(context.actor, ListQuery(text))) as rows:
            return [
                _found(
                    context,
                    "vendors",
                    "store",
                    row.id,
                    row.name,
                    f"{say('Vendor')} · {row.phone or row.email}",
                )
                for row in rows.first(_SHOWN)
            ]

    return find


def _found(context: Context, screen: str, icon: str, thing_id: UUID, words: str, second: str) -> Found:
    return Found(words, icon, partial(_open, context, screen, thing_id, words), second=second.rstrip(" ·"))


def _open(context: Context, key: str, thing_id: UUID, words: str) -> None:
    from travellr_desktop.ui.catalogue.screen import CatalogueScreen

    screen = context.go(key)
    if isinstance(screen, CatalogueScreen):
        screen.open_thing(thing_id, words)
