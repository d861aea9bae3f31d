"""What is wrong with a hub, or with a desk's file, is a clear line in the window and of the command; the desk works on
alone, and when all is well again everything is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pydantic import SecretStr
from pytestqt.qtbot import QtBot

from helpers.central_hub import hub_place
from helpers.clock import HandClock
from helpers.desk import CASH, Desk, desk_again, desk_at
from helpers.hub_troubles import TROUBLES, hang_up, other_host
from helpers.postgres import Central
from helpers.raw import rows
from helpers.tampering import outbox_by_hand
from helpers.workplace import Workplace, work_at
from travellr_desktop.__main__ import main
from travellr_desktop.services.central.door import Address
from travellr_desktop.services.central.door import SignIn as Entry
from travellr_desktop.services.central.link import LinkState
from travellr_desktop.sync.central.members import SignIn
from travellr_desktop.ui.settings.central import CentralSection
from travellr_desktop.ui.settings.screen import SettingsScreen


@contextmanager
def enrolled(central: Central, folder: Path, clock: HandClock) -> Iterator[SignIn]:
    """A desk in `folder`, closed, that joined over TLS. The hub has room for it."""
    with hub_place(central) as place:
        with desk_at(folder, clock) as desk:
            desk.add_departure(capacity=80)
            sells(desk)
            sign_in = place.sign_in("Kotor")
            authority = central.server.authority
            where = Address("localhost", central.server.port, central.name, sign_in.login, authority)
            desk.services.central.join(desk.admin, Entry(where, sign_in.password), lambda _done, _all: None)
        place.connection.close()  # the server is stopped in between
        yield sign_in


def at_hub(central: Central, query: str) -> Any:
    with closing(central.connect()) as admin:
        found = admin.execute(query).fetchone()
    assert found is not None
    return found[0]


def sells(desk: Desk) -> None:
    departure = rows(desk.database.path, "SELECT id FROM departures")[0][0]
    desk.sold(UUID(departure), pay=CASH, adult=1)


class Shown:
    """The window's own words, and its button."""

    def __init__(self, place: Workplace, desk: Desk) -> None:
        self.place, self.desk = place, desk
        screen = place.work.go("settings")
        assert isinstance(screen, SettingsScreen)
        place.quiet()
        screen.show_section("central", keyboard=True)
        section = screen.sections["central"]
        assert isinstance(section, CentralSection)
        self.section = section

    def until(self, holds: Callable[[], object]) -> None:
        """Somebody asks for a turn now and then."""
        tries = 0

        def look() -> object:
            nonlocal tries
            tries += 1
            if tries % 10 == 1:
                self.desk.services.central.sync_now(self.desk.admin)
            return holds()

        self.place.until(look)

    def says(self, words: str) -> bool:
        return self.section.note.isVisible() and words in self.section.note.accessibleName()

    def well(self) -> bool:
        standing = self.desk.services.central.standing()
        online = standing.link is not None and standing.link.state is LinkState.ONLINE
        return online and standing.waiting == 0 and not self.section.note.isVisible()


@contextmanager
def window(qtbot: QtBot, folder: Path, clock: HandClock, sign_in: SignIn) -> Iterator[Shown]:
    with desk_again(folder, clock, hub_password=SecretStr(sign_in.password)) as desk:
        desk.program.runner.start()
        assert desk.program.central is not None
        desk.program.central.start()
        with work_at(qtbot, desk, folder, actor=desk.admin) as place:
            shown = Shown(place, desk)
            shown.until(shown.well)
            yield shown


def test_the_window_says_each_and_the_desk_works_on(
    central: Central, tls: object, qtbot: QtBot, tmp_path: Path
) -> None:
    clock = HandClock()
    with enrolled(central, tmp_path, clock) as sign_in, window(qtbot, tmp_path, clock, sign_in) as shown:
        sold = 1
        for name, (begin, words) in TROUBLES.items():
            with begin(central, sign_in):
                hang_up(central, sign_in.login)
                sells(shown.desk)
                sold += 1
                shown.until(lambda words=words: shown.says(words))  # type: ignore[misc]
                assert shown.desk.services.central.standing().waiting > 0, name
            shown.until(shown.well)
            assert at_hub(central, "SELECT count(*) FROM agency.sales") == sold, name
        assert at_hub(central, "SELECT count(*) FROM hub.conflicts") == 0
        assert shown.desk.services.check.run().problems == ()


def test_a_file_changed_by_hand_is_said_and_nothing_of_it_is_told(
    central: Central, tls: object, qtbot: QtBot, tmp_path: Path
) -> None:
    clock = HandClock()
    with enrolled(central, tmp_path, clock) as sign_in, window(qtbot, tmp_path, clock, sign_in) as shown:
        with other_host(central, sign_in):
            hang_up(central, sign_in.login)
            shown.until(lambda: shown.says("another host"))
            shown.desk.traveller("Jonas Ek")
            was = renamed(shown.desk, "Jonas Ek", "Jonas Who")
        shown.until(lambda: shown.says("behind Travellr's back"))
        assert "travellr check" in shown.section.note.accessibleName()
        sells(shown.desk)
        assert at_hub(central, "SELECT count(*) FROM agency.sales") == 1
        assert at_hub(central, "SELECT count(*) FROM agency.travellers WHERE name LIKE 'Jonas%'") == 0
        assert shown.desk.services.check.run().problems != ()
        renamed(shown.desk, "Jonas Who", was)  # as a back-up has it
        shown.until(shown.well)
        assert at_hub(central, "SELECT count(*) FROM agency.travellers WHERE name = 'Jonas Ek'") == 1
        assert at_hub(central, "SELECT count(*) FROM agency.sales") == 2


def renamed(desk: Desk, name: str, to: str) -> str:
    """Somebody writes another name into what is still to be told. Returns what stood there."""
    like = f'%"name":"{name}"%'
    with outbox_by_hand(desk.database.path) as db:
        op, fields = db.execute(
            "SELECT op_no, fields FROM changes WHERE table_name = 'travellers' AND fields LIKE ?", (like,)
        ).fetchone()
        change = "UPDATE changes SET fields = ? WHERE op_no = ? AND table_name = 'travellers'"
        db.execute(change, (fields.replace(name, to), op))
    return name


def test_the_command_says_each_and_ends_with_no(
    central: Central,
    tls: object,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def now() -> tuple[int, dict[str, Any]]:
        code = main(["sync", "now", "--profile", str(tmp_path), "--json"])
        return code, json.loads(capsys.readouterr().out)

    clock = HandClock()
    with enrolled(central, tmp_path, clock) as sign_in:
        monkeypatch.setenv("HUB_PASSWORD", sign_in.password)
        sold = 1
        for name, (begin, words) in TROUBLES.items():
            with desk_again(tmp_path, clock) as desk:
                sells(desk)
                sold += 1
            with begin(central, sign_in):
                code, said = now()
                assert code == 1 and words in said["link"]["why"] and said["waiting"] > 0, (name, said)
                assert said["link"]["hint"], name
            code, said = now()
            assert (code, said["waiting"]) == (0, 0), (name, said)
            assert at_hub(central, "SELECT count(*) FROM agency.sales") == sold, name
