"""The agency of the pictures in five towns: desks that sold, were away, and wrote what another had written."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from pydantic import SecretStr

from travellr_desktop.config import Settings
from travellr_desktop.demo.clocks import ShiftedClock
from travellr_desktop.demo.desk import DemoDesk, MakeCentral, open_desk
from travellr_desktop.demo.hub_server import HubServer
from travellr_desktop.demo.player import TourStuck
from travellr_desktop.domain.discounts import DiscountKind
from travellr_desktop.domain.party import Party
from travellr_desktop.domain.permissions import SYSTEM, Actor
from travellr_desktop.domain.ways import Way
from travellr_desktop.paths import Profile
from travellr_desktop.services.central.door import SignIn
from travellr_desktop.services.central.link import LinkState
from travellr_desktop.services.orders import PayChoice, Sell, SellLine
from travellr_desktop.services.promos import PromoDraft
from travellr_desktop.services.travellers import TravellerDraft
from travellr_desktop.storage.outgoing import Outgoing
from travellr_desktop.sync.connecting import connect
from travellr_desktop.sync.door import url_of
from travellr_desktop.sync.hub import Hub
from travellr_desktop.sync.late import LateCentral

KOTOR = "Kotor"
FURTHER = ("Budva", "Perast", "Herceg Novi", "Tivat")
PATIENCE_S = 40.0
MANAGER = "mira@example.com"
WANTED = "marta.lindqvist@example.com"


@dataclass
class Towns:
    """Kotor has the agency's history. `folders` and `sign_ins` are those of the further desks, by name."""

    hub: HubServer
    kotor: DemoDesk
    clock: ShiftedClock
    settings: Settings
    folders: dict[str, Path] = field(default_factory=dict)
    sign_ins: dict[str, SignIn] = field(default_factory=dict)

    def at(self, moment: datetime) -> None:
        """It is that moment at every desk, and at the hub."""
        self.clock.shift = ShiftedClock.showing(moment).shift
        self.hub.at(moment)

    @contextmanager
    def open(self, name: str, make: MakeCentral = LateCentral) -> Iterator[DemoDesk]:
        """The desk of that town, by itself until its way to the hub is started."""
        password = SecretStr(self.sign_ins[name].password)
        settings = self.settings.model_copy(update={"hub_password": password})
        with open_desk(
            Profile.at(self.folders[name]), clock=self.clock, settings=settings, central=make
        ) as desk:
            yield desk


def in_touch(desk: DemoDesk) -> None:
    """Until it has told everything, and knows everything. Raises `TourStuck`."""
    assert desk.to_hub is not None
    desk.to_hub.start()
    until(lambda: _told(desk), f"{desk.station().desk} to be in touch")


def _told(desk: DemoDesk) -> bool:
    standing = desk.services.central.standing()
    up = standing.link is not None and standing.link.state is LinkState.ONLINE
    return up and standing.link.last is not None and not standing.waiting  # type: ignore[union-attr]


def away(desk: DemoDesk) -> None:
    assert desk.to_hub is not None
    desk.to_hub.stop()


def until(true: Callable[[], bool], what: str) -> None:
    """On the thread of the pictures, where no window is open yet. Raises `TourStuck`."""
    ends = time.monotonic() + PATIENCE_S
    while not true():
        if time.monotonic() > ends:
            raise TourStuck(f"The pictures waited for {what}, and it did not come.")
        time.sleep(0.05)


def come_together(towns: Towns, folder: Path, story: datetime) -> None:
    """The first desk brings what it has, the others take it; yesterday evening all had been there."""
    towns.hub.at(story - timedelta(hours=15, minutes=4))
    kotor, hub = towns.kotor, towns.hub
    towns.sign_ins[KOTOR] = hub.sign_in(KOTOR)
    kotor.services.central.join(SYSTEM, towns.sign_ins[KOTOR], _no_word)
    in_touch(kotor)
    for name in FURTHER:
        towns.folders[name], towns.sign_ins[name] = folder / name, hub.sign_in(name)
        with open_desk(
            Profile.at(towns.folders[name]), clock=towns.clock, settings=towns.settings, central=LateCentral
        ) as new:
            new.services.central.come_as_new(towns.sign_ins[name], _no_word)
    in_touch(kotor)
    kotor.services.sharing.share_new()  # as its schedule does
    in_touch(kotor)
    for name in FURTHER:
        with towns.open(name) as desk:
            in_touch(desk)
            desk.services.numbers.top_up()
            in_touch(desk)
            until(lambda desk=desk: bool(_left(desk)), f"seats for {name}")  # type: ignore[misc]


def fall_out(towns: Towns, story: datetime) -> None:
    """Two desks are away this morning. One sells what was taken from it meanwhile, the other writes what is written
    elsewhere too."""
    kotor = towns.kotor
    towns.at(story - timedelta(minutes=48))
    with ExitStack() as stack:
        perast, herceg = (stack.enter_context(towns.open(name)) for name in ("Perast", "Herceg Novi"))
        for desk in (perast, herceg):
            in_touch(desk)
        mira = _manager(kotor)
        traveller = kotor.services.travellers.create(
            mira, TravellerDraft("Marta Lindqvist", WANTED, "+46 70 111 22 33"), key=uuid4()
        )
        for desk in (kotor, herceg):
            in_touch(desk)
        until(lambda: _knows(herceg, traveller.id), "the traveller")
        for desk in (perast, herceg):
            away(desk)
        towns.at(story - timedelta(minutes=31))
        _two_phones(kotor, herceg, traveller.id)
        _one_code_twice(kotor, herceg)
        _sold_after_all(towns, perast)
        in_touch(kotor)
        towns.at(story - timedelta(minutes=12))
        for desk in (herceg, perast):
            in_touch(desk)
    towns.at(story)


def _two_phones(here: DemoDesk, there: DemoDesk, traveller: UUID) -> None:
    for desk, phone in ((here, "+46 70 555 01 02"), (there, "+382 67 310 204")):
        draft = TravellerDraft("Marta Lindqvist", WANTED, phone)
        desk.services.travellers.update(_manager(desk), traveller, draft)


def _one_code_twice(here: DemoDesk, there: DemoDesk) -> None:
    """The same code is made at both; the later change of the second stands behind it."""
    today = here.services.clock.now().date()
    for desk, bps, name in ((here, 1_000, "Harbour days"), (there, 1_500, "Regatta")):
        draft = PromoDraft(
            "HARBOUR", DiscountKind.PERCENT, today, today + timedelta(days=30), name=name, bps=bps
        )
        made = desk.services.promos.save(_manager(desk), draft)
        if desk is there:
            desk.services.promos.save(_manager(desk), replace(draft, id=made, most_uses=50))


def _sold_after_all(towns: Towns, perast: DemoDesk) -> None:
    """Perast is written off, and sells two seats all the same: it does not know."""
    there = next(each for each in towns.kotor.services.central.desks(SYSTEM) if each.name == "Perast")
    departure = next(each for each in _left(perast) if each[1] >= 2)[0]
    own = towns.sign_ins[KOTOR]
    with closing(Hub(connect(url_of(own.address), own.password, insecure_loopback=True))) as hub:
        hub.write_off(there.id, _manager(towns.kotor).user_id)
    away(perast)
    assert towns.kotor.to_hub is not None
    towns.kotor.to_hub.more_seats(departure, towns.hub.free(departure))  # a group asks for all there are
    in_touch(towns.kotor)
    sell(perast, departure, "Tomás Herrera", 2)


def sell(desk: DemoDesk, departure: UUID, name: str, adults: int) -> None:
    """Hold and sell, by card."""
    services, who = desk.services, _manager(desk)
    buyer = services.travellers.create(who, TravellerDraft(name), key=uuid4())
    held = services.holds.hold(who, departure, Party(adults, 0, 0), key=uuid4())
    order = Sell((SellLine(held.id),), buyer.id, PayChoice(Way.CARD, "pm_card_visa"))
    services.sales.sell(who, order, key=uuid4())


def sell_some(desk: DemoDesk, times: int) -> None:
    """What goes on elsewhere meanwhile."""
    for number in range(times):
        departure, _left_there = _left(desk)[number]
        sell(desk, departure, f"Guest {number + 1}", 1)


def _left(desk: DemoDesk) -> list[tuple[UUID, int]]:
    with desk.database.read() as view:
        own = Outgoing(view.connection).standing().desk_id
    detail = desk.services.central.desk(SYSTEM, own)
    return [(each.departure_id, each.left) for each in detail.next]


def _knows(desk: DemoDesk, traveller: UUID) -> bool:
    with desk.database.read() as view:
        return view.travellers.find_by_id(traveller) is not None


def _manager(desk: DemoDesk) -> Actor:
    with desk.database.read() as view:
        user = view.users.find_by_email(MANAGER)
    assert user is not None
    return Actor(user.id, user.name, user.role)


def _no_word(_done: int, _all: int) -> None:
    """Nobody looks."""
