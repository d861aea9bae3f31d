"""Three desks that do whatever desks do, in any order, with whatever goes wrong in between; what came of it is proved
whenever all is quiet."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from helpers.desk import CASH, desk_again
from helpers.three_towns import DAY, Lost, Met, ThreeTowns, Town, three_towns
from helpers.towns_proved import Known, proved
from travellr_desktop.domain.discounts import DiscountKind
from travellr_desktop.errors import (
    HeldElsewhere,
    HoldLapsed,
    InvalidInput,
    NotFound,
    SalesClosed,
    SeatsGone,
    WrongState,
)
from travellr_desktop.services.catalogue import InUse
from travellr_desktop.services.central.views import AskKind, ChoiceKind, InboxEntry
from travellr_desktop.services.holds import HoldView
from travellr_desktop.services.promos import PromoDraft
from travellr_desktop.services.travellers import TravellerDraft
from travellr_desktop.storage.commits import Moment
from travellr_desktop.sync import cycle
from travellr_desktop.sync.connecting import HubDeclines
from travellr_desktop.sync.refusals import FileCloned

NOT_NOW = (SeatsGone, SalesClosed, InUse, WrongState, HoldLapsed, HeldElsewhere, NotFound)
"""What a program says to a person who asks for what is not to be had."""

TOWN = st.integers(0, 2)
ONE = st.integers(0, 7)
SETTLED = 30
"""So many entries of the inbox are settled before it is empty."""
ROUNDS = 12
"""So many turns of everybody come to rest, whatever happened before."""


class Towns(RuleBasedStateMachine):
    made: ClassVar[Met]
    scratch: ClassVar[Path]

    @staticmethod
    def hurt(here: ThreeTowns) -> None:
        """What a negative control does to the hub of an example. Here nothing."""

    @initialize(online=st.tuples(st.booleans(), st.booleans(), st.booleans()))
    def begin(self, online: tuple[bool, bool, bool] = (True, True, True)) -> None:
        self.stack = ExitStack()
        folder = Path(self.stack.enter_context(TemporaryDirectory(dir=self.scratch)))
        self.here = self.stack.enter_context(three_towns(self.made, folder))
        self.hurt(self.here)
        self.known = Known()
        self.numbers = count(1)
        self.holds: list[tuple[Town, HoldView]] = []
        self.sold: list[tuple[Town, UUID]] = []
        for town, here in zip(self.towns, online, strict=True):
            town.online = here

    # who, and what

    @property
    def towns(self) -> list[Town]:
        return self.here.towns

    def of(self, town: Town, table: str, pick: int, where: str = "1") -> UUID | None:
        """One of the rows of a table that a desk knows."""
        found = town.lies(f"SELECT id FROM {table} WHERE {where} ORDER BY rowid")
        return UUID(found[pick % len(found)][0]) if found else None

    # selling

    @rule(at=TOWN, which=ONE, seats=st.integers(1, 4))
    def hold(self, at: int, which: int, seats: int) -> None:
        town = self.towns[at]
        departure = self.of(town, "departures", which)
        assert departure is not None
        with suppress(*NOT_NOW):
            self.holds.append((town, town.desk.hold(departure, adult=seats)))

    @rule(at=TOWN, which=ONE, seats=st.integers(1, 4))
    def sell(self, at: int, which: int, seats: int) -> None:
        town = self.towns[at]
        departure = self.of(town, "departures", which)
        assert departure is not None
        with suppress(*NOT_NOW):
            self._sell(town, town.desk.hold(departure, adult=seats))

    @rule(at=TOWN, which=ONE)
    def sell_what_is_held(self, at: int, which: int) -> None:
        """Only the desk that holds it does."""
        if self.holds:
            town, hold = self.holds[which % len(self.holds)]
            with suppress(*NOT_NOW):
                self._sell(self.towns[at], hold)
                assert self.towns[at] is town, "the seats of another desk were sold"

    def _sell(self, town: Town, hold: HoldView) -> None:
        outcome = town.desk.sell(hold, pay=CASH)
        for booking in outcome.bookings:
            self.known.paid[booking.id] = outcome.total.minor
            self.sold.append((town, booking.id))

    @rule(at=TOWN, which=ONE)
    def let_a_hold_go(self, at: int, which: int) -> None:
        """Any desk may."""
        if self.holds:
            _town, hold = self.holds[which % len(self.holds)]
            with suppress(*NOT_NOW, InvalidInput):
                self.towns[at].desk.services.holds.release(self.towns[at].desk.agent, hold.id)

    @rule(which=ONE)
    def cancel(self, which: int) -> None:
        """At the desk that sold it."""
        if self.sold:
            town, booking = self.sold.pop(which % len(self.sold))
            with suppress(*NOT_NOW):
                self.known.back[booking] = town.desk.cancel(booking).back.minor

    # what many write

    @rule(at=TOWN, which=ONE, phone=st.integers(0, 3), email=st.integers(0, 2))
    def change_a_traveller(self, at: int, which: int, phone: int, email: int) -> None:
        """One field, or both, so that two desks meet in the same one or pass each other."""
        town, service = self.towns[at], self.towns[at].desk.services.travellers
        traveller = self.of(town, "travellers", which)
        if traveller is None:
            return
        with suppress(*NOT_NOW):
            shown = service.find_by_id(town.desk.agent, traveller)
            draft = TravellerDraft(shown.name, email=shown.email, phone=shown.phone)
            if phone:
                draft = replace(draft, phone=f"+382 67 000 00{phone}")
            if email:
                draft = replace(draft, email=f"nora{email}@travellr.example")
            service.update(town.desk.agent, traveller, draft)

    @rule(at=TOWN, which=ONE)
    def rename_a_traveller(self, at: int, which: int) -> None:
        """What is searched by follows from the name."""
        town, service = self.towns[at], self.towns[at].desk.services.travellers
        traveller = self.of(town, "travellers", which)
        if traveller is not None:
            shown = service.find_by_id(town.desk.agent, traveller)
            draft = TravellerDraft(f"Nora {next(self.numbers)}", email=shown.email, phone=shown.phone)
            service.update(town.desk.agent, traveller, draft)

    @rule(at=TOWN, price=st.integers(0, 3), words=st.booleans())
    def edit_the_trip(self, at: int, price: int, words: bool) -> None:
        town, service = self.towns[at], self.towns[at].desk.services.trips
        trip = self.of(town, "trips", 0)
        assert trip is not None
        draft = service.detail(town.desk.admin, trip).draft
        if price:
            draft = replace(draft, prices={**draft.prices, next(iter(draft.prices)): 4000 + 500 * price})
        if words:
            draft = replace(draft, meeting_point=f"Pier {next(self.numbers)}")
        service.update(town.desk.admin, trip, draft)

    @rule(at=TOWN, rate=st.booleans())
    def edit_the_vendor(self, at: int, rate: bool) -> None:
        town, service = self.towns[at], self.towns[at].desk.services.vendors
        vendor = self.of(town, "vendors", 0)
        assert vendor is not None
        draft = service.detail(town.desk.admin, vendor).draft
        number = next(self.numbers)
        changed = (
            {"commission_bps": 1000 + 100 * (number % 20)} if rate else {"phone": f"+382 69 555 {number:03}"}
        )
        service.update(town.desk.admin, vendor, replace(draft, **changed))

    @rule(at=TOWN, which=ONE)
    def write_a_note(self, at: int, which: int) -> None:
        town = self.towns[at]
        traveller = self.of(town, "travellers", which)
        if traveller is not None:
            town.desk.services.notes.add(
                town.desk.agent, f"Brings ice {next(self.numbers)}", traveller_id=traveller
            )

    @rule(at=TOWN, which=ONE)
    def take_a_note_back(self, at: int, which: int) -> None:
        town = self.towns[at]
        note = self.of(town, "notes", which)
        if note is not None:
            town.desk.services.notes.remove(town.desk.agent, note)

    @rule(at=TOWN, code=st.integers(1, 4))
    def promise_a_code(self, at: int, code: int) -> None:
        """There is one of each: who comes second is refused at their desk, or at the hub."""
        town = self.towns[at]
        draft = PromoDraft(
            f"SUMMER{code}", DiscountKind.PERCENT, DAY, DAY, f"Of {town.sign_in.name}", bps=500
        )
        with suppress(InvalidInput):
            town.desk.services.promos.save(town.desk.admin, draft)

    # departures

    @rule(at=TOWN, seats=st.integers(2, 9))
    def make_a_departure(self, at: int, seats: int) -> None:
        town = self.towns[at]
        day = DAY + timedelta(days=next(self.numbers))
        town.desk.add_departure(self.of(town, "trips", 0), day=day, capacity=seats)

    @rule(at=TOWN, which=ONE, seats=st.integers(1, 11))
    def change_capacity(self, at: int, which: int, seats: int) -> None:
        town = self.towns[at]
        departure = self.of(town, "departures", which)
        assert departure is not None
        with suppress(*NOT_NOW, InvalidInput):
            town.desk.services.timetable.set_capacity(town.desk.admin, departure, seats)

    @rule(at=TOWN, which=ONE, stop=st.booleans())
    def stop_sales_or_go_on(self, at: int, which: int, stop: bool) -> None:
        town, service = self.towns[at], self.towns[at].desk.services.timetable
        departure = self.of(town, "departures", which)
        assert departure is not None
        with suppress(*NOT_NOW):
            if stop:
                service.stop(town.desk.admin, [departure], "A storm is coming")
            else:
                service.reopen(town.desk.admin, [departure])

    # going and coming

    @rule(at=TOWN)
    def go_offline(self, at: int) -> None:
        self.towns[at].online = False

    @rule(at=TOWN)
    def come_online(self, at: int) -> None:
        self.towns[at].online = True
        self.turn(at)

    @rule(at=TOWN)
    def turn(self, at: int) -> None:
        if self.towns[at].online:
            self.towns[at].turn()

    @rule(at=TOWN)
    def chores(self, at: int) -> None:
        """What a program does by itself now and then."""
        town = self.towns[at]
        town.desk.services.sharing.share_new()
        town.desk.services.numbers.top_up()
        if town.online:
            town.hub.allot()

    @rule(at=TOWN, commits=st.integers(0, 3), moment=st.sampled_from(Moment))
    def die_in_a_turn(self, at: int, commits: int, moment: Moment) -> None:
        if self.towns[at].online:
            self.towns[at].killed_in_a_turn(commits, moment)
            self.here.again(self.towns[at])

    @rule(at=TOWN, calls=st.integers(0, 6), lost=st.sampled_from(Lost))
    def lose_the_line_in_a_turn(self, at: int, calls: int, lost: Lost) -> None:
        if self.towns[at].online:
            self.towns[at].cut_in_a_turn(calls, lost)

    @rule(at=TOWN)
    def close_and_open(self, at: int) -> None:
        self.here.again(self.towns[at])

    @rule()
    def kill_the_hub(self) -> None:
        self.here.kill_hub()

    @rule(at=TOWN, more=st.integers(1, 3))
    def a_copy_of_a_file_is_refused(self, at: int, more: int) -> None:
        """Both go on with the same numbers; the desk's own file comes first."""
        town = self.towns[at]
        if not town.online:
            return
        folder = town.copied(self.here.folder / f"copy{next(self.numbers)}")
        town.desk.traveller("Olga Petrova")
        town.turn()
        before = self.here.place.dump()
        with desk_again(folder, town.clock) as copy:
            for _ in range(more):
                copy.traveller("Oleg Petrov")
            refused = False
            try:
                cycle.greet(copy.database, town.hub)
                cycle.turn(copy.database, town.hub)
            except FileCloned:
                refused = True
        assert refused, "a copy of a file told of itself as the desk"
        assert self.here.place.dump() == before

    @rule(at=TOWN, by=TOWN)
    def write_a_silent_desk_off(self, at: int, by: int) -> None:
        town, other = self.towns[at], self.towns[by]
        if not town.online and other.online:
            self.known.silent.add(town.id)
            call = "SELECT api.write_off(%s, %s)"
            other.hub._connection.execute(call, (town.id, other.desk.admin.user_id))

    # settling, and the proof

    @rule(at=TOWN, data=st.data())
    def settle_something(self, at: int, data: st.DataObject) -> None:
        town = self.towns[at]
        if not town.online:
            return
        town.turn()
        town.look()
        found = town.desk.services.central.inbox(town.desk.admin)
        if found:
            self.settle(town, data.draw(st.sampled_from(found)), data.draw(st.booleans()), lenient=True)

    def settle(self, town: Town, entry: InboxEntry, firmly: bool, *, lenient: bool = False) -> None:
        """`firmly`: the desk's value, or once more with another one; else the hub's, or given up."""
        service, admin = town.desk.services.central, town.desk.admin
        can = {choice.kind: choice for choice in entry.choices if not choice.off}
        with suppress(*((HubDeclines, WrongState, NotFound, InvalidInput) if lenient else ())):
            if ChoiceKind.ANEW in can:
                service.make_anew(admin, entry.id)
            elif ChoiceKind.TAKE_DESK in can and firmly and entry.hub is not None:
                service.take_desk(admin, entry.id, entry.hub.value)
            elif ChoiceKind.MORE_SEATS in can and firmly:
                seats, _reason = can[ChoiceKind.MORE_SEATS].asks
                service.add_seats(admin, entry.id, seats.given, "A larger boat")
            elif ChoiceKind.KEEP_HUB in can or ChoiceKind.SEEN in can:
                service.keep_hub(admin, entry.id)
            elif ChoiceKind.DROP in can and not firmly:
                service.drop(admin, entry.id, "It was not meant so")
            elif ChoiceKind.RETRY in can:
                again = can.get(ChoiceKind.RETRY_WITH)
                asks = [ask for ask in again.asks if ask.kind is AskKind.TEXT] if again is not None else []
                typed = {ask.field: f"{ask.given[:6]}{next(self.numbers)}" for ask in asks}
                service.retry(admin, entry.id, typed)

    @rule(data=st.data())
    def all_is_quiet(self, data: st.DataObject) -> None:
        self.rest(lambda: data.draw(st.booleans()))

    def rest(self, firmly: Callable[[], bool]) -> None:
        """Everybody comes online, and goes back to where they were."""
        before = [town.online for town in self.towns]
        for town in self.towns:
            town.online = True
        self.settled(firmly)
        proved(self.here, self.known)
        for town, was in zip(self.towns, before, strict=True):
            town.online = was

    def settled(self, firmly: Callable[[], bool]) -> None:
        """Turns until nothing moves, and nothing lies in the inbox."""
        for tries in range(SETTLED):
            self.still()
            town = self.towns[tries % 3]
            town.look()
            found = town.desk.services.central.inbox(town.desk.admin)
            if not found:
                return
            # what others stand on is dropped last; tried again it goes first
            entry = found[0] if tries % 2 else found[-1]
            self.settle(town, entry, firmly(), lenient=True)
        raise AssertionError(f"the inbox is never empty: {found}")

    def still(self) -> None:
        for _ in range(ROUNDS):
            moves: list[Any] = [town.turn() for town in self.towns]
            if not any(one.pushed or one.pulled for one in moves):
                return
        raise AssertionError(f"it never comes to rest: {moves}")

    def teardown(self) -> None:
        if not hasattr(self, "stack"):
            return
        with self.stack:
            if hasattr(self, "known"):
                self.rest(lambda: False)
