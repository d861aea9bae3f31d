"""What waits for a person, in words: two values of one field, an op that the hub did not take, seats sold twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from travellr_desktop.services.central import choices, oversales
from travellr_desktop.services.central.asking import Asking
from travellr_desktop.services.central.fields import DERIVED, FieldWords, label_of
from travellr_desktop.services.central.said import EntrySaid, said
from travellr_desktop.services.central.tried import did_words, tried
from travellr_desktop.services.central.views import Choice, EntryKind, InboxEntry, Side
from travellr_desktop.services.central.whys import fields_of, where_words, why_words
from travellr_desktop.storage.repositories.central import CentralRepository
from travellr_desktop.storage.settling import row_of
from travellr_desktop.storage.uow import Reading
from travellr_desktop.storage.wire import synced

Group = tuple[EntrySaid, tuple[EntrySaid, ...]]

TWICE = "A seat was sold twice"

_WAITING = (EntryKind.REFUSED, EntryKind.PARKED)


def group(entries: Sequence[EntrySaid]) -> list[Group]:
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
            if shown.kind is EntryKind.FIELD and _row_of(shown) == _row_of(one):
                along.append(one)
                break
        else:
            found.append((one, []))
    return [(one, tuple(along)) for one, along in found]


def _row_of(one: EntrySaid) -> tuple[object, ...]:
    return one.desk_id, one.op_no, one.table, one.row_id


def _by_departure(view: Reading, groups: Sequence[Group]) -> list[Group]:
    """Of each departure that was sold beyond what it has one entry, and none of those that were made good since."""
    found: list[Group] = []
    first: dict[UUID, int] = {}
    for one, along in groups:
        departure_id = oversales.departure_of(view, one) if one.kind is EntryKind.OVERSALE else None
        if departure_id is None:
            found.append((one, along))
        elif departure_id in first:
            at = first[departure_id]
            found[at] = found[at][0], (*found[at][1], one)
        elif oversales.beyond(view, one) or not one.seats:
            first[departure_id] = len(found)
            found.append((one, along))
    return found


class Inbox:
    """The entries of a view of the file, as they stood when the hub was last asked, without those in `done`."""

    def __init__(self, view: Reading, locale: str, *, online: bool, done: frozenset[str]) -> None:
        self._view, self._off = view, "" if online else choices.NEEDS_HUB
        self._words = FieldWords(view, locale)
        self._asking = Asking(view, locale, self._words)
        self._groups = _by_departure(
            view, [each for each in group(said(view).inbox) if each[0].id not in done]
        )

    def __len__(self) -> int:
        return len(self._groups)

    def find(self, entry_id: str) -> Group | None:
        """What the hub said of an entry, and of those that are settled along with it."""
        return next((each for each in self._groups if each[0].id == entry_id), None)

    @property
    def asking(self) -> Asking:
        return self._asking

    def entries(self) -> tuple[InboxEntry, ...]:
        """In the order in which they came."""
        ids: set[UUID | None] = set()
        for one, _along in self._groups:
            ids |= {one.actor, one.hub_actor}
        people = self._view.users.names(ids)
        central = CentralRepository(self._view.connection)
        desks = {desk.id: desk.name for desk in central.desks(self._view.clock.now())}
        return tuple(self._entry(one, along, people, desks) for one, along in self._groups)

    def _entry(
        self,
        one: EntrySaid,
        along: tuple[EntrySaid, ...],
        people: dict[UUID | None, str],
        desks: dict[UUID, str],
    ) -> InboxEntry:
        field = label_of(one.field) if one.field else ""
        thing = self._words.thing(one.table, one.row_id, one.fields)
        desk = Side("", people.get(one.actor, ""), one.at, self._desk(one.desk_id, desks))
        plain = InboxEntry(
            id=one.id,
            kind=one.kind,
            title=_title(one, field),
            thing=thing,
            came=one.came or one.at,
            field=field,
            hub=None,
            desk=desk,
            reason=one.reason,
            op_no=one.op_no,
            behind=0,
            choices=(),
        )
        if one.kind is EntryKind.FIELD:
            return self._of_field(plain, one, people, desks)
        if one.kind is EntryKind.OVERSALE:
            return self._of_oversale(plain, (one, *along))
        return self._of_refused(plain, one)

    def _of_field(
        self, plain: InboxEntry, one: EntrySaid, people: dict[UUID | None, str], desks: dict[UUID, str]
    ) -> InboxEntry:
        row = self._row(one)
        known = {**one.fields, **row}
        desk = replace(plain.desk, value=self._words.value(one.table, one.field, one.desk_value, known))
        value = self._words.value(one.table, one.field, row.get(one.field, one.hub_value), known)
        hub = Side(value, people.get(one.hub_actor, ""), one.hub_at, self._desk(one.hub_desk, desks))
        fellows = tuple(label_of(each.field) for each in self.fellows(one))
        found = choices.of_field(one, row, desk, hub, self._asking, self._off)
        return replace(plain, hub=hub, desk=desk, along=fellows, choices=tuple(found))

    def fellows(self, one: EntrySaid) -> list[EntrySaid]:
        """The other fields of the same change of which somebody has to choose a value."""
        return [
            each
            for each, _along in self._groups
            if each.kind is EntryKind.FIELD
            and each.id != one.id
            and (each.desk_id, each.op_no) == (one.desk_id, one.op_no)
            and each.field not in DERIVED.get(each.table, ())
        ]

    def _of_oversale(self, plain: InboxEntry, entries: Sequence[EntrySaid]) -> InboxEntry:
        found = oversales.look_at(self._view, entries)
        beyond = found.beyond if found is not None else sum(each.seats for each in entries)
        title = _oversold_words(beyond) if beyond or found is None else TWICE
        reason = " ".join(dict.fromkeys(each.reason for each in entries if each.reason))
        offered: list[Choice] = oversales.choices(self._view, found, self._off)
        thing = found.title if found is not None else plain.thing
        return replace(plain, title=title, thing=thing, reason=reason, oversold=found, choices=tuple(offered))

    def _of_refused(self, plain: InboxEntry, one: EntrySaid) -> InboxEntry:
        behind = self._behind(one)
        named = fields_of(one) if one.kind is EntryKind.REFUSED else ()
        asks = [self._asking.ask(one.table, name, one.fields) for name in named]
        lost = tried(one, self._words)
        return replace(
            plain,
            reason=self._waits_for(one) if one.kind is EntryKind.PARKED else why_words(one, self._words),
            behind=len(behind),
            waits=tuple(f"{did_words(each.op_name)}: {self._thing(each)}" for each in behind),
            where=where_words(one, self._words) if one.kind is EntryKind.REFUSED else "",
            tried=lost,
            choices=tuple(
                choices.of_refused(one, len(behind), [ask for ask in asks if ask], lost, self._off)
            ),
        )

    def _waits_for(self, one: EntrySaid) -> str:
        """What a parked op waits for, as far as that is in the inbox."""
        for each, _along in self._groups:
            if (each.desk_id, each.op_no) == (one.desk_id, one.stands_on):
                return f"It waits for: {did_words(each.op_name).lower()}, {self._thing(each)}."
        return "It waits for something that was done before it at that desk."

    def _behind(self, one: EntrySaid) -> list[EntrySaid]:
        """What waits for this one."""
        return [
            each
            for each, _along in self._groups
            if each.kind in _WAITING and each.stands_on == one.op_no and each.desk_id == one.desk_id
        ]

    def _thing(self, one: EntrySaid) -> str:
        return self._words.thing(one.table, one.row_id, one.fields)

    def _row(self, one: EntrySaid) -> dict[str, object]:
        if one.row_id is None or one.table not in synced():
            return {}
        return dict(row_of(self._view.connection, one.table, one.row_id) or {})

    @staticmethod
    def _desk(desk_id: UUID | None, desks: dict[UUID, str]) -> str:
        return desks.get(desk_id, "") if desk_id is not None else ""


def _title(one: EntrySaid, field: str) -> str:
    if one.kind is EntryKind.FIELD:
        return f"{field} changed twice"
    if one.kind is EntryKind.PARKED:
        return f"{did_words(one.op_name)} waits for another"
    return f"{did_words(one.op_name)} was refused"


def _oversold_words(seats: int) -> str:
    if not seats:
        return "More seats sold than there are"
    return "Oversale by 1 seat" if seats == 1 else f"Oversale by {seats:,} seats"
