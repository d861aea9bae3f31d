"""Programs that keep in touch by themselves: enrolled, woken, offline and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event as Flag

import pytest
from pydantic import SecretStr

from helpers.central_hub import HubPlace, hub_place
from helpers.clock import HandClock
from helpers.desk import ADMIN, CASH, PASSWORD, Desk, desk_again, desk_at, open_at
from helpers.postgres import Central
from helpers.raw import rows
from helpers.tampering import by_hand, take_away
from travellr_desktop.domain.permissions import SYSTEM, Role
from travellr_desktop.errors import DatabaseBusy, NotPermitted
from travellr_desktop.events import CentralChanged, Event
from travellr_desktop.services.central.door import Address, SignIn
from travellr_desktop.services.central.link import LinkState
from travellr_desktop.services.users import NewUser
from travellr_desktop.storage.turn import Turn
from travellr_desktop.sync.central.members import add_user
from travellr_desktop.sync.connecting import HubSignInRefused
from travellr_desktop.sync.refusals import NotThePerson

PATIENCE_S = 30.0


def sign_in(place: HubPlace, name: str) -> SignIn:
    made = place.sign_in(name)
    address = Address("127.0.0.1", place.central.server.port, place.central.name, made.login)
    return SignIn(address, made.password, insecure=True)


def until(desk: Desk, true: Callable[[], bool]) -> None:
    """Wait for something of a desk, looked at whenever the desk hears of anything."""
    heard = Flag()
    with desk.database.bus.subscribe("*", lambda _event: heard.set()):
        for _ in range(int(PATIENCE_S * 20)):
            if true():
                return
            heard.wait(0.05)
            heard.clear()
    pytest.fail(f"it did not come; the link is {desk.program.central and desk.program.central.link()}")


@contextmanager
def running(desk: Desk) -> Iterator[Desk]:
    """With the thread that keeps in touch."""
    central = desk.program.central
    assert central is not None
    desk.program.runner.start()
    central.start()
    yield desk


def is_(desk: Desk, state: LinkState) -> bool:
    link = desk.program.services.central.standing().link
    return link is not None and link.state is state


def online(desk: Desk) -> bool:
    return is_(desk, LinkState.ONLINE)


def bookings(desk: Desk) -> int:
    with desk.database.read() as view:
        return len(view.bookings.find_all()[0])


def traveller_names(desk: Desk) -> set[str]:
    return {row[0] for row in rows(desk.database.path, "SELECT name FROM travellers")}


@contextmanager
def joined(central: Central, folder: Path) -> Iterator[tuple[HubPlace, Desk, Desk]]:
    """A desk that joined and one that enrolled, by the same door that the window has, both running."""
    clock = HandClock()
    with hub_place(central) as place, desk_at(folder / "kotor", clock) as first:
        first.add_departure(capacity=20)
        first.services.central.join(first.admin, sign_in(place, "Kotor"), lambda _done, _all: None)
        with running(first):
            until(first, lambda: online(first))
            first.services.numbers.top_up()  # as a job does, some seconds later
            with desk_at(folder / "budva", clock) as new:
                own = sign_in(place, "Budva")
                assert new.services.central.enrol(new.admin, own, lambda _done, _all: None).again
            again = desk_again(folder / "budva", clock, hub_password=SecretStr(own.password))
            with again as second, running(second):
                until(second, lambda: online(second))
                yield place, first, second


def test_what_one_sells_is_at_the_other_by_itself(central: Central, tmp_path: Path) -> None:
    with joined(central, tmp_path) as (_place, first, second):
        heard: list[Event] = []
        with second.database.bus.subscribe("*", heard.append):
            departure = first.add_departure(capacity=8)
            first.sold(departure, pay=CASH, adult=2)
            until(second, lambda: bookings(second) == 1)
            until(second, lambda: any(event.event_name == "BookingConfirmed" for event in heard))
        second.sold(departure, pay=CASH, adult=1)
        until(first, lambda: bookings(first) == 2)


def test_a_hub_that_is_gone_is_said_and_what_is_done_meanwhile_comes_after(
    central: Central, tmp_path: Path
) -> None:
    with joined(central, tmp_path) as (place, first, second):
        told: list[CentralChanged] = []
        with first.database.bus.subscribe(CentralChanged, told.append):
            place.central.server.stop("immediate")
            first.sold(first.add_departure(capacity=8), pay=CASH, adult=2)
            until(first, lambda: is_(first, LinkState.OFFLINE))
            assert first.services.central.standing().waiting > 0
            place.central.server.start()
            until(first, lambda: online(first) and first.services.central.standing().waiting == 0)
        assert told
        until(second, lambda: bookings(second) == 1)


def test_a_file_that_lacks_a_row_is_said_soon_after_the_start(central: Central, tmp_path: Path) -> None:
    with joined(central, tmp_path) as (_place, first, second):
        nora = first.traveller("Nora Lindqvist")
        until(second, lambda: traveller_names(second) == {"Nora Lindqvist"})
        door = second.program.central
        assert door is not None
        door.stop()
        with by_hand(second.database.path) as db:
            take_away(db, "travellers", nora.id.hex)
        door.start()
        until(second, lambda: is_(second, LinkState.REFUSED))
        link = second.services.central.standing().link
        assert link is not None
        assert "rows of travellers: 0, not 1" in link.why and "anew" in link.hint


def test_a_wrong_password_is_said_and_nothing_is_changed(central: Central, tmp_path: Path) -> None:
    with hub_place(central) as place, desk_at(tmp_path / "kotor") as desk:
        right = sign_in(place, "Kotor")
        wrong = SignIn(right.address, "not this one", insecure=True)
        with pytest.raises(HubSignInRefused):
            desk.services.central.join(desk.admin, wrong, lambda _done, _all: None)
        assert desk.services.central.standing().link is None
        assert desk.services.central.try_address(desk.admin, right).has_agency is False


class Broken(Exception):
    """The machine is switched off, as far as the enrolment knows."""


def test_an_enrolment_that_breaks_off_leaves_the_desk_its_own_sign_in(
    central: Central, tmp_path: Path
) -> None:
    def break_off(_done: int, _all: int) -> None:
        raise Broken

    with joined(central, tmp_path) as (place, first, _second):
        with pytest.raises(Broken):
            first.services.central.enrol(first.admin, sign_in(place, "Perast"), break_off)
        first.sold(first.add_departure(capacity=8), pay=CASH, adult=2)
        until(first, lambda: online(first) and first.services.central.standing().waiting == 0)


def enrols_anew(place: HubPlace, desk: Desk) -> None:
    desk.services.central.enrol(desk.admin, sign_in(place, "Perast"), lambda _done, _all: None)


def leaves(_place: HubPlace, desk: Desk) -> None:
    desk.services.central.leave(desk.admin)


@pytest.mark.parametrize("goes", [enrols_anew, leaves])
def test_while_another_program_writes_nobody_goes_and_all_keep_in_touch(
    central: Central, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, goes: Callable[[HubPlace, Desk], None]
) -> None:
    with joined(central, tmp_path) as (place, first, _second):
        monkeypatch.setattr(first.database._turn, "_most", 0.0)  # it waits for ten seconds
        other = Turn(first.profile.locks / "writer.lock", 10_000)
        with closing(other), other.taken(), pytest.raises(DatabaseBusy):
            goes(place, first)
        first.sold(first.add_departure(capacity=8), pay=CASH, adult=2)
        until(first, lambda: online(first) and first.services.central.standing().waiting == 0)


def test_who_approves_does_so_by_their_own_sign_in(central: Central, tmp_path: Path) -> None:
    with joined(central, tmp_path) as (place, first, _second):
        mira = first.admin.user_id
        assert mira is not None
        new = NewUser("Luka Radonjić", "luka@travellr.example", PASSWORD, Role.AGENT)
        with pytest.raises(NotPermitted):
            first.services.users.register(first.admin, new)
        own = add_user(place.admin, ADMIN)
        other = place.sign_in("Perast")
        with pytest.raises(NotThePerson):
            first.services.central.sign_in(first.admin, other.login, other.password)
        assert not first.services.central.signed_in(first.admin)
        first.services.central.sign_in(first.admin, own.login, own.password)
        made = first.services.users.register(first.admin, new)
        approvals = place.one("SELECT user_id FROM hub.approvals WHERE kind = 'user' AND id = %s", made.id)
        assert approvals == mira
        until(first, lambda: first.services.central.standing().waiting == 0)
        assert place.one("SELECT name FROM agency.users WHERE id = %s", made.id) == "Luka Radonjić"


def test_an_empty_profile_takes_everything(central: Central, tmp_path: Path) -> None:
    with joined(central, tmp_path) as (place, first, _second):
        first.sold(first.add_departure(capacity=8), pay=CASH, adult=2)
        until(first, lambda: first.services.central.standing().waiting == 0)
        own = sign_in(place, "Perast")
        with closing(open_at(tmp_path / "perast", place.clock)) as program:
            came = program.services.central.enrol(SYSTEM, own, lambda _done, _all: None)
            assert came.again
        with desk_again(tmp_path / "perast", place.clock, hub_password=SecretStr(own.password)) as third:
            assert bookings(third) == 1
            assert third.services.check.run().ok
