"""What waits is settled, and a silent desk written off, as the command line does it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from travellr_desktop.domain.permissions import Actor
from travellr_desktop.errors import InvalidInput, NotFound
from travellr_desktop.services.central.service import CentralService
from travellr_desktop.services.central.views import ChoiceKind, DeskView, EntryKind, InboxEntry


class Take(StrEnum):
    """Which of two values stands: `OURS` is what the central database has, and every desk; `THEIRS` what the desk
    wrote that came second."""

    OURS = "ours"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class SettledTold:
    """`done` are entries that wait no more, `left` how many still do; `why` says why it was refused again."""

    done: tuple[str, ...]
    left: int
    why: str = ""

    @property
    def ok(self) -> bool:
        return not self.why

    def as_json(self) -> Mapping[str, Any]:
        return {"ok": self.ok, "settled": list(self.done), "to_settle": self.left, "why": self.why}

    def as_text(self) -> str:
        if self.why:
            return f"It was refused again: {self.why}"
        return f"{', '.join(self.done)} is settled; {self.left} wait."


@dataclass(frozen=True, slots=True)
class WrittenOffTold:
    """What `travellr sync write-off` says: of how many departures the desk had seats left."""

    desk: str
    departures: int

    @property
    def ok(self) -> bool:
        return True

    def as_json(self) -> Mapping[str, Any]:
        return {"ok": True, "desk": self.desk, "departures": self.departures}

    def as_text(self) -> str:
        return f"The seats of {self.desk} are written off, of {self.departures:,} departures."


def settle(
    central: CentralService,
    actor: Actor,
    entry_id: str,
    *,
    take: Take | None = None,
    value: str | None = None,
    along: bool = False,
) -> SettledTold:
    """Decide on an entry: `take` one of the two values, or write `value`; `along` with the other fields of the same
    change, which take the same side. Without either, what only follows from other fields is made anew. Raises as the
    service, and `InvalidInput` where that is no decision."""
    entry = _entry(central, actor, entry_id)
    if value is not None and (take is not None or along):
        raise InvalidInput("Take one of the two values, or give one.", field="value")
    entries = [entry, *(central.fellows(actor, entry_id) if along else ())]
    if value is not None:
        central.take_other(actor, entry.id, _shown(entry), value)
        return _told(central, actor, [entry])
    if take is None:
        if ChoiceKind.ANEW not in {each.kind for each in entry.choices}:
            raise InvalidInput(
                "Say which value stands.", hint="With --take ours, --take theirs, or --value.", field="take"
            )
        central.make_anew(actor, entry.id)
        return _told(central, actor, [entry])
    for each in entries:
        if take is Take.THEIRS and each.kind is EntryKind.FIELD:
            central.take_desk(actor, each.id, _shown(each))
        elif take is Take.THEIRS:
            raise InvalidInput("There are no two values to choose from.", field="take")
        else:
            central.keep_hub(actor, each.id)
    return _told(central, actor, entries)


def add_seats(central: CentralService, actor: Actor, entry_id: str, seats: str, reason: str) -> SettledTold:
    """Give a departure that was sold beyond what it has more seats. Raises as the service."""
    entry = _entry(central, actor, entry_id)
    central.add_seats(actor, entry_id, seats, reason)
    still = any(each.id == entry_id for each in central.inbox(actor))
    return _told(central, actor, [] if still else [entry])


def retry(
    central: CentralService, actor: Actor, entry_id: str, value: str | None = None, values: Sequence[str] = ()
) -> SettledTold:
    """Try what was refused once more: with `value` where the hub named one field, or with `values`, `field=value` each,
    of those that it named. Raises as the service, and `InvalidInput` where that names no field."""
    entry = _entry(central, actor, entry_id)
    asked = [
        ask.field for choice in entry.choices if choice.kind is ChoiceKind.RETRY_WITH for ask in choice.asks
    ]
    typed = dict(_pair(each) for each in values)
    if value is not None:
        if len(asked) != 1:
            raise InvalidInput(
                "It is not one field that the central database named.",
                hint=f"Give --set FIELD=VALUE for {', '.join(asked)}." if asked else "Try it as it was.",
                field="value",
            )
        typed[asked[0]] = value
    why = central.retry(actor, entry_id, typed)
    return _told(central, actor, [] if why else [entry], why)


def drop(central: CentralService, actor: Actor, entry_id: str, reason: str) -> SettledTold:
    """Give what was refused up. Raises as the service."""
    entry = _entry(central, actor, entry_id)
    central.drop(actor, entry_id, reason)
    return _told(central, actor, [entry])


def desk_called(central: CentralService, actor: Actor, called: str) -> DeskView:
    """The desk of that name or number. Raises `NotFound`."""
    wanted = called.strip().casefold()
    for desk in central.desks(actor):
        if wanted in (str(desk.number), desk.name.casefold()):
            return desk
    raise NotFound(f"There is no desk {called}.", hint="See travellr sync status.")


def write_off(central: CentralService, actor: Actor, desk: DeskView, name: str) -> WrittenOffTold:
    """What a silent desk may still sell is nobody's again; `name` as it was typed. Raises as the service."""
    return WrittenOffTold(desk.name, central.write_off(actor, desk.id, name))


def _pair(text: str) -> tuple[str, str]:
    field, equals, value = text.partition("=")
    if not equals:
        raise InvalidInput("Write it like FIELD=VALUE.", field="set")
    return field.strip(), value


def _entry(central: CentralService, actor: Actor, entry_id: str) -> InboxEntry:
    for entry in central.inbox(actor):
        if entry.id == entry_id:
            return entry
    raise NotFound("Nothing waits under this number.", hint="See travellr sync conflicts.")


def _shown(entry: InboxEntry) -> str:
    return entry.hub.value if entry.hub is not None else ""


def _told(central: CentralService, actor: Actor, entries: list[InboxEntry], why: str = "") -> SettledTold:
    return SettledTold(tuple(each.id for each in entries), central.to_settle(actor), why)
