"""Three desks go and come, die, lose the line, and are written off."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import strategies as st
from hypothesis.stateful import rule

from helpers.three_towns import Lost
from helpers.towns_base import TOWN, TownsBase
from travellr_desktop.storage.commits import Moment
from travellr_desktop.sync.connecting import HubSilent


class Coming(TownsBase):
    @rule(at=TOWN)
    def go_offline(self, at: int) -> None:
        self.towns[at].online = False

    @rule(at=TOWN)
    def come_online(self, at: int) -> None:
        self.towns[at].online = True
        self.turn_of(self.towns[at])

    @rule(at=TOWN)
    def turn(self, at: int) -> None:
        town = self.online(at)
        if town is not None:
            self.turn_of(town)

    @rule(at=TOWN)
    def chores(self, at: int) -> None:
        """What a program does by itself now and then."""
        town = self.towns[at]
        town.desk.services.sharing.share_new()
        town.desk.services.numbers.top_up()
        with suppress(HubSilent), town.borrowed() as hub:
            if hub.allot():
                self.did("seats allotted")

    @rule(at=TOWN, commits=st.integers(0, 3), moment=st.sampled_from(Moment))
    def die_in_a_turn(self, at: int, commits: int, moment: Moment) -> None:
        town = self.online(at)
        if town is not None:
            self.met(town)
            if town.killed_in_a_turn(commits, moment):
                self.did(f"killed {moment} a commit of a turn")
            self.here.again(town)

    @rule(at=TOWN, calls=st.integers(0, 6), lost=st.sampled_from(Lost))
    def lose_the_line_in_a_turn(self, at: int, calls: int, lost: Lost) -> None:
        town = self.online(at)
        if town is not None:
            self.met(town)
            if town.cut_in_a_turn(calls, lost):
                self.did(f"{lost.name.lower()} lost in a turn")

    @rule(at=TOWN)
    def close_and_open(self, at: int) -> None:
        self.here.again(self.towns[at])

    @rule(at=TOWN, by=TOWN)
    def write_a_silent_desk_off(self, at: int, by: int) -> None:
        town, other = self.towns[at], self.towns[by]
        if town.online:
            return
        with suppress(HubSilent), other.borrowed() as hub:
            if hub.write_off(town.id, other.desk.admin.user_id):
                self.did("desk written off")
            self.known.silent.add(town.id)
