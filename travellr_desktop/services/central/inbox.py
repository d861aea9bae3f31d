"""What waits for a person, in words: two values of one field, an op that the hub did not take, seats sold twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from travellr_desktop.services.central.fields import DERIVED, NOTHING, FieldWords, is_text, label_of
from travellr_desktop.services.central.said import EntrySaid, said
from travellr_desktop.services.central.views import Choice, ChoiceKind, EntryKind, InboxEntry, Side
from travellr_desktop.storage.repositories.central import CentralRepository
from travellr_desktop.storage.settling import Spot, by_hand, row_of
from travellr_desktop.storage.uow import Reading
from travellr_desktop.storage.wire import synced

NEEDS_HUB = "It needs a connection."
STOOD_ON = "Others stand on it: drop those first."
BOOKED = "It wrote to the ledger: money that moved is never dropped."

_DID = {
    "booking.amend": "A change of a booking",
    "booking.cancel": "A cancellation",
    "catalogue.save": "A change of what is sold",
    "departure.overbook": "Seats beyond capacity",
    "hold.take": "Holding seats",
    "manifest.check_in": "A check-in",
    "note.save": "A note",
    "payment.complete": "A payment",
    "refund.decide": "A refund",
    "refund.record": "A refund",
    "sale.place": "A sale",
    "settings.save": "A change of the settings",
    "sync.settled": "What was settled by hand",
    "traveller.merge": "Merging two travellers",
    "traveller.save": "A change of a traveller",
    "user.save": "A change of a person's account",
    "vendor.terms": "A change of how a vendor is paid",
}


def did_words(op_name: str) -> str:
    """What an op did, as the beginning of a sentence."""
    return _DID.get(op_name) or "A change"


def group(entries: Sequence[EntrySaid]) -> list[tuple[EntrySaid, tuple[EntrySaid, ...]]]:
    """Each entry that a person is shown, with those that are settled along with it: fields that follow from one that
    the same op wrote."""
    found: list[tuple[EntrySaid, list[EntrySaid]]] = []
    hidden: list[EntrySaid] = []
    for one in entries:
        if one.kind is EntryKind.FIELD and one.field in DERIVED.get(one.table, ()):
            hidden.append(one)
        else:
            found.append((one, []))
    for one in hidden:
        for shown, along in found:
            if shown.kind is EntryKind.FIELD and _same_row(shown, one):
                along.append(one)
                break
        else:
            found.append((one, []))
    return [(one, tuple(along)) for one, along in found]


def _same_row(one: EntrySaid, other: EntrySaid) -> bool:
    return (one.desk_id, one.op_no, one.table, one.row_id) == (
        other.desk_id,
        other.op_no,
        other.table,
        other.row_id,
    )


class Inbox:
    """The entries of a view of the file, as they stood when the hub was last asked, without those in `done`."""

    def __init__(self, view: Reading, locale: str, *, online: bool, done: frozenset[str]) -> None:
        self._view, self._online = view, online
        self._words = FieldWords(view, locale)
        self._groups = [each for each in group(said(view).inbox) if each[0].id not in done]

    def __len__(self) -> int:
        return len(self._groups)

    def find(self, entry_id: str) -> tuple[EntrySaid, tuple[EntrySaid, ...]] | None:
        """What the hub said of an entry, and of those that are settled along with it."""
        return next((each for each in self._groups if each[0].id == entry_id), None)

    def entries(self) -> tuple[InboxEntry, ...]:
        """In the order in which they came."""
        ids: set[UUID | None] = set()
        for one, _along in self._groups:
            ids |= {one.actor, one.hub_actor}
        people = self._view.users.names(ids)
        central = CentralRepository(self._view.connection)
        desks = {desk.id: desk.name for desk in central.desks(self._view.clock.now())}
        return tuple(self._entry(one, people, desks) for one, _along in self._groups)

    def _entry(self, one: EntrySaid, people: dict[UUID | None, str], desks: dict[UUID, str]) -> InboxEntry:
        thing = self._words.thing(one.table, one.row_id, one.fields)
        field = label_of(one.field) if one.field else ""
        desk = Side("", people.get(one.actor, ""), one.at, self._desk(one.desk_id, desks))
        hub = None
        if one.kind is EntryKind.FIELD:
            row = self._row(one)
            known = {**one.fields, **row}
            desk = replace(desk, value=self._words.value(one.table, one.field, one.desk_value, known))
            value = self._words.value(one.table, one.field, row.get(one.field, one.hub_value), known)
            by = people.get(one.hub_actor, "")
            hub = Side(value, by, one.hub_at, self._desk(one.hub_desk, desks))
        return InboxEntry(
            id=one.id,
            kind=one.kind,
            title=_title(one, field),
            thing=thing,
            came=one.came or one.at,
            field=field,
            hub=hub,
            desk=desk,
            reason=one.reason,
            op_no=one.op_no,
            behind=self._behind(one),
            choices=tuple(self._choices(one, desk, hub)),
        )

    def _behind(self, one: EntrySaid) -> int:
        """How many ops wait for this one."""
        if one.kind not in (EntryKind.REFUSED, EntryKind.PARKED):
            return 0
        return sum(
            each.stands_on == one.op_no and each.desk_id == one.desk_id for each, _along in self._groups
        )

    def _row(self, one: EntrySaid) -> dict[str, object]:
        if one.row_id is None or one.table not in synced():
            return {}
        return dict(row_of(self._view.connection, one.table, one.row_id) or {})

    @staticmethod
    def _desk(desk_id: UUID | None, desks: dict[UUID, str]) -> str:
        return desks.get(desk_id, "") if desk_id is not None else ""

    # what may be done

    def _choices(self, one: EntrySaid, desk: Side, hub: Side | None) -> list[Choice]:
        off = "" if self._online else NEEDS_HUB
        if one.kind is EntryKind.FIELD:
            return self._of_field(one, desk, hub, off)
        if one.kind is EntryKind.OVERSALE:
            follows = "Both sales stand, and both parties may come; what is arranged with them is done there."
            return [Choice(ChoiceKind.SEEN, "Leave both sales", follows, off)]
        return [self._again(one, off), self._drop(one, off)]

    def _of_field(self, one: EntrySaid, desk: Side, hub: Side | None, off: str) -> list[Choice]:
        if one.field in DERIVED.get(one.table, ()):
            follows = "They are made anew from what stands in the other fields."
            return [Choice(ChoiceKind.ANEW, "Make them anew", follows, off)]
        kept, other = (hub.value if hub else ""), desk.value
        own = off
        if one.row_id is None or not by_hand(Spot(one.table, one.row_id, one.field)):
            own = "More than this field follows from it: make the change on its own screen."
        elif not self._row(one):
            own = "It is not there any more."
        return [
            Choice(
                ChoiceKind.KEEP_HUB,
                "Leave it empty" if kept == NOTHING else f"Keep {_short(kept)}",
                "Nothing changes; the other value is forgotten at every desk.",
                off,
            ),
            Choice(
                ChoiceKind.TAKE_DESK,
                "Empty it" if other == NOTHING else f"Take {_short(other)}",
                "It is written once more from here, and goes to every desk.",
                own,
            ),
        ]

    def _again(self, one: EntrySaid, off: str) -> Choice:
        number = self._behind(one)
        behind = (
            f"; the {number} behind it follow"
            if number > 1
            else "; the one behind it follows"
            if number
            else ""
        )
        asks, given = "", ""
        if one.field and is_text(one.table, one.field):
            asks = label_of(one.field)
            value = one.fields.get(one.field)
            given = "" if value is None else str(value)
        how = "with the value below" if asks else "as it was"
        return Choice(
            ChoiceKind.RETRY,
            "Try it again",
            f"The central database is asked once more, {how}{behind}.",
            off,
            asks=asks,
            given=given,
        )

    def _drop(self, one: EntrySaid, off: str) -> Choice:
        first = STOOD_ON if self._behind(one) else ""
        return Choice(
            ChoiceKind.DROP,
            "Drop it",
            "What that desk wrote is undone there, and nobody else ever sees it.",
            BOOKED if one.ledger else first or off,
            asks="Reason",
            needed=True,
        )


def _title(one: EntrySaid, field: str) -> str:
    if one.kind is EntryKind.FIELD:
        return f"{field} changed twice"
    if one.kind is EntryKind.OVERSALE:
        seats = "1 seat" if one.seats == 1 else f"{one.seats:,} seats"
        return f"Oversale by {seats}" if one.seats else "More seats sold than there are"
    if one.kind is EntryKind.PARKED:
        return f"{did_words(one.op_name)} waits for another"
    return f"{did_words(one.op_name)} was refused"


def _short(value: str) -> str:
    return value if len(value) <= 30 else f"{value[:29]}…"
