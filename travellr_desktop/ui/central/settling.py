"""What is chosen for an entry is done: which service it goes to."""

from __future__ import annotations

from collections.abc import Mapping

from travellr_desktop.domain.permissions import Actor
from travellr_desktop.services.central.service import CentralService
from travellr_desktop.services.central.views import ChoiceKind, EntryKind, InboxEntry


def settle(
    central: CentralService,
    actor: Actor,
    entry: InboxEntry,
    kind: ChoiceKind,
    typed: Mapping[str, str],
    *,
    along: bool = False,
) -> str:
    """Do it, in the background. `typed` is what was asked for; `along`: the other fields of the same change take the
    same side. Returns why it was refused again, or nothing. Raises as the service."""
    if kind in (ChoiceKind.RETRY, ChoiceKind.RETRY_WITH):
        return central.retry(actor, entry.id, typed)
    if kind is ChoiceKind.DROP:
        central.drop(actor, entry.id, typed["reason"])
    elif kind is ChoiceKind.ANEW:
        central.make_anew(actor, entry.id)
    elif kind is ChoiceKind.OTHER:
        central.take_other(actor, entry.id, _shown(entry), next(iter(typed.values())))
    elif kind is ChoiceKind.MORE_SEATS:
        central.add_seats(actor, entry.id, typed["seats"], typed["reason"])
    else:
        fellows = central.fellows(actor, entry.id) if along else ()
        for each in (entry, *fellows):
            _take_side(central, actor, each, kind)
    return ""


def _take_side(central: CentralService, actor: Actor, entry: InboxEntry, kind: ChoiceKind) -> None:
    if kind is ChoiceKind.TAKE_DESK and entry.kind is EntryKind.FIELD:
        central.take_desk(actor, entry.id, _shown(entry))
    else:
        central.keep_hub(actor, entry.id)


def _shown(entry: InboxEntry) -> str:
    return entry.hub.value if entry.hub is not None else ""
