"""The central database as people meet it: how this desk stands, the other desks, what waits, coming and going.

What is shown is what the hub said when it was last asked; only what a person decides goes over the network at
once."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from travellr_desktop import __version__
from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.domain.text import clean_line
from travellr_desktop.errors import (
    ChangedMeanwhile,
    InvalidInput,
    NotFound,
    VendorsFile,
    WaitsForCentral,
    WrongState,
)
from travellr_desktop.events import CentralChanged
from travellr_desktop.services import oversold
from travellr_desktop.services.central import desks
from travellr_desktop.services.central.choices import BOOKED
from travellr_desktop.services.central.derived import make_anew
from travellr_desktop.services.central.door import (
    Address,
    Arrived,
    CentralDoor,
    Found,
    Gone,
    NoCentral,
    Progress,
    SignIn,
)
from travellr_desktop.services.central.fields import DERIVED
from travellr_desktop.services.central.inbox import Group, Inbox
from travellr_desktop.services.central.joining import JoinPlan
from travellr_desktop.services.central.link import Link
from travellr_desktop.services.central.oversales import departure_of
from travellr_desktop.services.central.rewriting import rewrite, spot_of
from travellr_desktop.services.central.said import EntrySaid, came_back, said
from travellr_desktop.services.central.views import DeskDetail, DeskView, EntryKind, InboxEntry, Standing
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.outgoing import Outgoing
from travellr_desktop.storage.settling import row_of
from travellr_desktop.storage.uow import Database, Reading

LONGEST_REASON = 500
_WAITING = (EntryKind.REFUSED, EntryKind.PARKED)


class CentralService:
    """`door` is the way to the hub; without one the profile works by itself for good."""

    def __init__(self, database: Database, locale: str, door: CentralDoor | None = None) -> None:
        self._db = database
        self._locale = locale
        self._way = door
        self._lock = threading.Lock()
        self._done: frozenset[str] = frozenset()  # settled since the hub was last asked

    # how it stands

    def standing(self) -> Standing:
        """It stands in the status bar, for everybody. A file before its first start stands to nobody."""
        with self._db.read() as view:
            if view.agency.find() is None:
                return Standing(desk="")
            name = view.agency.this_desk().name
            here, heard, back = Outgoing(view.connection).standing(), said(view), came_back(view)
        if here.hub_id is None:
            return Standing(desk=name)
        address = self._way.address() if self._way is not None else None
        return Standing(
            desk=name,
            enrolled=True,
            link=self._link,
            waiting=here.last_op - here.acked,
            looked=heard.at,
            cursor=here.cursor,
            epoch=here.epoch,
            address=address.where() if address else "",
            login=address.login if address else "",
            of_vendor=self._db.of_vendor,
            came_back=back,
        )

    def desks(self, actor: Actor) -> tuple[DeskView, ...]:
        """Every desk of the agency, by number; none where this one belongs to no hub."""
        require(actor, Permission.SYNC_READ)
        with self._db.read() as view:
            there = _belongs(view) and not view.of_vendor
            return desks.desks(view, self._link, __version__) if there else ()

    def desk(self, actor: Actor, desk_id: UUID) -> DeskDetail:
        """One of them, and what it may still sell. Raises `NotFound`."""
        require(actor, Permission.SYNC_READ)
        with self._db.read() as view:
            return desks.detail(view, self._link, __version__, desk_id)

    def sync_now(self, actor: Actor) -> None:
        """Take a turn with the hub at once, or try again at once. Returns before it is done."""
        require(actor, Permission.SYNC_READ)
        if self._way is not None:
            self._way.wake()

    def write_off(self, actor: Actor, desk_id: UUID, name: str) -> int:
        """What a silent desk may still sell of departures to come is nobody's again. `name` is that of the desk, as
        whoever decides has typed it. Returns of how many departures. Again for one that is written off: nothing.

        Raises `NotFound`, `InvalidInput` naming `name` where it is another one, `WrongState` for a desk that is there,
        and `WaitsForCentral`."""
        require(actor, Permission.SYNC_WRITE_OFF)
        with self._db.read() as view:
            found = desks.detail(view, self._link, __version__, desk_id)
        if name.strip().casefold() != found.desk.name.strip().casefold():
            raise InvalidInput(f"Its name is {found.desk.name}.", field="name")
        if found.keeps:
            raise WrongState(found.keeps, hint="Only what a silent desk may still sell is written off.")
        if _down(self._link):
            raise WaitsForCentral("The central database is not reached.")
        departures = self._door.write_off(desk_id, actor.user_id)
        self._changed("desks")
        self._door.wake()
        return departures

    # the inbox

    def inbox(self, actor: Actor) -> tuple[InboxEntry, ...]:
        """What waits for a person, in the order in which it came; nothing where this desk belongs to no hub."""
        require(actor, Permission.SYNC_READ)
        with self._db.read() as view:
            return self._open(view).entries() if _belongs(view) else ()

    def to_settle(self, actor: Actor) -> int:
        """How many entries the inbox has."""
        require(actor, Permission.SYNC_READ)
        with self._db.read() as view:
            return len(self._open(view)) if _belongs(view) else 0

    def keep_hub(self, actor: Actor, entry_id: str) -> None:
        """Leave a field as the central database has it, seats that were sold twice as they were sold.
        Raises `NotFound`, `WrongState`, `WaitsForCentral`."""
        require(actor, Permission.SYNC_SETTLE)
        one, along = self._find(entry_id)
        if one.kind in _WAITING:
            raise WrongState("There is nothing to keep of it.", hint="Try it again, or drop it.")
        self._settle(actor, one, *along)

    def take_desk(self, actor: Actor, entry_id: str, shown: str) -> None:
        """Write the desk's value once more. `shown` is what the hub's value said to whoever chose.
        Raises `NotFound`, `WrongState`, `ChangedMeanwhile`, `InvalidInput`, `WaitsForCentral`."""
        require(actor, Permission.SYNC_SETTLE)
        self._write(actor, entry_id, shown, None)

    def take_other(self, actor: Actor, entry_id: str, shown: str, typed: str) -> None:
        """Write neither of the two values but another one, as it was typed. Raises as `take_desk`; `InvalidInput` names
        the field."""
        require(actor, Permission.SYNC_SETTLE)
        self._write(actor, entry_id, shown, typed)

    def _write(self, actor: Actor, entry_id: str, shown: str, typed: str | None) -> None:
        one, along = self._find(entry_id)
        spot = spot_of(one)
        with self._db.read() as view:
            inbox = self._open(view)
            entry = next((each for each in inbox.entries() if each.id == entry_id), None)
            row = row_of(view.connection, spot.table, spot.row_id)
            if row is None:
                raise NotFound("It is not there any more.")
            if entry is None or entry.hub is None or entry.hub.value != shown:
                raise ChangedMeanwhile("Somebody has written something else there since.")
            value = one.desk_value if typed is None else inbox.asking.read(spot.table, spot.field, row, typed)
        rewrite(self._db, actor, one, value, seen=row[spot.field])
        self._settle(actor, one, *along)

    def fellows(self, actor: Actor, entry_id: str) -> tuple[InboxEntry, ...]:
        """The other fields of the same change that wait too, as they are shown. Raises `NotFound`."""
        require(actor, Permission.SYNC_READ)
        with self._db.read() as view:
            inbox = self._open(view)
            found = inbox.find(entry_id)
            if found is None:
                raise NotFound(
                    "It was settled in the meantime.", hint="There is nothing more to do about it."
                )
            ids = {each.id for each in inbox.fellows(found[0])}
            return tuple(each for each in inbox.entries() if each.id in ids)

    def make_anew(self, actor: Actor, entry_id: str) -> None:
        """Where only what follows from other fields differs: have it follow from them again. Raises as `keep_hub`."""
        require(actor, Permission.SYNC_SETTLE)
        one, along = self._find(entry_id)
        if one.row_id is None or one.field not in DERIVED.get(one.table, ()):
            raise WrongState("It does not follow from other fields.", hint="Choose one of the two values.")
        with self._db.write(Commit.SYNC_SETTLED, actor) as work:
            make_anew(work, one.table, one.row_id)
            work.commit()
        self._settle(actor, one, *along)

    def retry(self, actor: Actor, entry_id: str, typed: Mapping[str, str] | None = None) -> str:
        """Try what was refused once more: as it was, or with other values, as they were typed, for fields of the row
        that the hub named. Returns why it is refused again, or nothing. Raises `NotFound`, `WrongState`, `InvalidInput`
        naming the field, `WaitsForCentral`."""
        require(actor, Permission.SYNC_SETTLE)
        one, _along = self._find(entry_id)
        if one.kind not in _WAITING:
            raise WrongState("It was not refused.", hint="Choose one of the two values.")
        values: dict[str, Any] = {}
        if typed:
            with self._db.read() as view:
                asking = self._open(view).asking
                for field, text in typed.items():
                    if field not in one.fields:
                        raise InvalidInput("The op says nothing of it.", field=field)
                    values[field] = asking.read(one.table, field, one.fields, text)
        why = self._door.retry(one.id, values, actor.user_id)
        if why:
            self._changed("inbox")  # it may be refused for another reason by now
        else:
            self._over(one)
        return why

    def drop(self, actor: Actor, entry_id: str, reason: str) -> None:
        """Give up what was refused, knowingly; the reason is kept. Raises `NotFound`, `InvalidInput` without a
        reason, `WrongState` for what wrote to the ledger or what others stand on, `WaitsForCentral`."""
        require(actor, Permission.SYNC_SETTLE)
        reason = clean_line(reason, "reason", LONGEST_REASON)
        one, along = self._find(entry_id)
        if one.kind not in _WAITING:
            raise WrongState("Only what was not taken is dropped.", hint="Choose one of the two values.")
        if one.ledger:
            raise WrongState(BOOKED, hint="Have it put right, then try it again.")
        self._door.drop(one.id, reason, actor.user_id)
        self._over(one, *along)

    def add_seats(self, actor: Actor, entry_id: str, seats: str, reason: str) -> int:
        """Give a departure that was sold beyond what it has more seats, as many as were typed. Returns how many it has
        then; once it has enough, it waits in no inbox any more. Raises as `oversold.add_seats`, `WaitsForCentral`."""
        require(actor, Permission.SYNC_SETTLE)
        one, _along = self._find(entry_id)
        with self._db.read() as view:
            departure_id = departure_of(view, one) if one.kind is EntryKind.OVERSALE else None
        if departure_id is None:
            raise WrongState("There is no departure to give seats to.", hint="Choose something else.")
        try:
            number = int(seats.strip())
        except ValueError:
            raise InvalidInput("This is not a whole number.", field="seats") from None
        has = oversold.add_seats(self._db, actor, departure_id, number, reason)
        self._changed("inbox")
        self._door.wake()
        return has

    # coming and going

    def address(self, actor: Actor) -> Address | None:
        """Where this desk is enrolled and as whom, to begin the form with."""
        self._may_come(actor)
        return self._way.address() if self._way is not None else None

    def try_address(self, actor: Actor, sign_in: SignIn) -> Found:
        """Ask whether an address works; changes nothing. Raises a `Refusal` that names the field at fault."""
        self._may_come(actor)
        return self._door.try_address(sign_in)

    def enrol(self, actor: Actor, sign_in: SignIn, progress: Progress) -> Arrived:
        """This desk is new and takes everything the hub has; a vendor's person what they see of it. Raises as
        `try_address`, and `Cancelled`."""
        self._may_come(actor)
        arrived = self._door.enrol(sign_in, progress)
        self._changed("replaced")
        return arrived

    def try_as_new(self, sign_in: SignIn) -> Found:
        """As `try_address`, in a profile in which nobody can sign in yet. Raises `WrongState` in another."""
        self._nobody_here()
        return self._door.try_address(sign_in)

    def come_as_new(self, sign_in: SignIn, progress: Progress) -> Arrived:
        """As `enrol`, in a profile in which nobody can sign in yet. Raises `WrongState` in another."""
        self._nobody_here()
        arrived = self._door.enrol(sign_in, progress)
        self._changed("replaced")
        return arrived

    def plan_join(self, actor: Actor, sign_in: SignIn, progress: Progress) -> JoinPlan:
        """What would become of everything that is here if this desk joined; changes nothing. Everything goes over for
        it. Raises as `join`."""
        require(actor, Permission.SETTINGS_WRITE)
        self._refuse_vendors()
        return self._door.plan_join(sign_in, progress)

    def join(self, actor: Actor, sign_in: SignIn, progress: Progress) -> Arrived:
        """This desk joins with everything it has, as `plan_join` says. Raises as `try_address`, `Cancelled`, and
        `VendorsFile`."""
        require(actor, Permission.SETTINGS_WRITE)
        self._refuse_vendors()
        arrived = self._door.join(sign_in, progress)
        self._changed("replaced" if arrived.again else "enrolled")
        return arrived

    def sign_in(self, actor: Actor, login: str, password: str) -> None:
        """Whoever acts decides by their own sign-in at the central database until the program ends, where a desk's is
        not enough. Raises as `try_address`, and `NoCentral`."""
        require(actor, Permission.SYNC_READ)
        if actor.user_id is None or self._link is None:
            raise NoCentral("This profile works by itself.")
        login = clean_line(login, "login", 63)
        self._door.sign_in(actor.user_id, login, password)

    def signed_in(self, actor: Actor) -> bool:
        """Whether they do."""
        require(actor, Permission.SYNC_READ)
        return self._way is not None and actor.user_id is not None and self._way.signed_in(actor.user_id)

    def leave(self, actor: Actor) -> Gone:
        """The file belongs to no hub any more, and keeps everything. What is free of this desk's seats goes to the
        others, and its sign-in is over, where the hub is reached. Raises `VendorsFile`."""
        require(actor, Permission.SETTINGS_WRITE)
        self._refuse_vendors()
        gone = self._door.leave()
        self._changed("left")
        return gone

    # within

    def _nobody_here(self) -> None:
        with self._db.read() as view:
            if view.agency.find() is not None:
                raise WrongState("There is an agency in this profile.", hint="Sign in, and go to Settings.")

    def _may_come(self, actor: Actor) -> None:
        """An admin; in a vendor's file its person, who has nobody else there."""
        if not (self._db.of_vendor and actor.vendor_id is not None):
            require(actor, Permission.SETTINGS_WRITE)

    def _refuse_vendors(self) -> None:
        if self._db.of_vendor:
            raise VendorsFile("This is a copy of what the agency has of you: it belongs to nobody else.")

    @property
    def _door(self) -> CentralDoor:
        """Raises `NoCentral` where there is no way to any."""
        if self._way is None:
            raise NoCentral("This profile works by itself.")
        return self._way

    @property
    def _link(self) -> Link | None:
        return self._way.link() if self._way is not None else None

    def _open(self, view: Reading) -> Inbox:
        with self._lock:
            self._done &= {each.id for each in said(view).inbox}  # the hub says so itself by now
            return Inbox(view, self._locale, online=not _down(self._link), done=self._done)

    def _find(self, entry_id: str) -> Group:
        """Raises `WaitsForCentral` where nothing can be settled, before anything was written."""
        if _down(self._link):
            raise WaitsForCentral("The central database is not reached.")
        with self._db.read() as view:
            found = self._open(view).find(entry_id)
        if found is None:
            raise NotFound("It was settled in the meantime.", hint="There is nothing more to do about it.")
        return found

    def _settle(self, actor: Actor, *entries: EntrySaid) -> None:
        for one in entries:
            self._door.settle(one.id, actor.user_id)
        self._over(*entries)

    def _over(self, *entries: EntrySaid) -> None:
        with self._lock:
            self._done |= {one.id for one in entries}
        self._changed("inbox")
        self._door.wake()

    def _changed(self, what: str) -> None:
        with self._db.read() as view:
            desk = view.agency.this_desk().id if view.agency.find() is not None else UUID(int=0)
        self._db.bus.publish(CentralChanged(aggregate_id=desk, timestamp=self._db.clock.now(), what=what))


def _belongs(view: Reading) -> bool:
    return view.agency.has_hub()


def _down(link: Link | None) -> bool:
    """Whether it is known that nothing can be settled now. Where nobody keeps in touch, the door finds out."""
    return link is not None and not link.reached
