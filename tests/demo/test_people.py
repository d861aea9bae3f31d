"""More about some of the demonstration's travellers."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from helpers.clock import START
from helpers.desk import CASH, DAY, desk_at
from travellr_desktop.demo.data import load_demo_data
from travellr_desktop.demo.people import add_people
from travellr_desktop.services.travellers import TravellerDraft


def test_some_are_known_better_and_some_are_there_twice(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        services, agent = desk.services, desk.agent
        people = {
            services.travellers.create(
                agent, TravellerDraft(each.name, each.email, each.phone), key=uuid4()
            ).id: each
            for each in load_demo_data().travellers
        }
        add_people(services, agent, people, START)
        everybody = services.travellers.find(agent, "", 500)
        assert everybody.total > len(people)
        assert services.duplicates.find_all(agent).total == everybody.total - len(people)
        assert sum(row.notes for row in everybody.rows) >= 4
        milica = services.travellers.search(agent, "milica.dukic")[0]
        (passport,) = services.traveller_documents.of_traveller(agent, milica.id)
        assert passport.expires_on == (START + timedelta(days=1)).date()
        desk.sell(desk.hold(desk.add_departure(day=DAY)), pay=CASH, traveller=milica)
        (passport,) = services.traveller_documents.of_traveller(agent, milica.id)
        assert passport.too_short is not None


def test_in_a_smaller_agency_only_those_who_are_there_are_known(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        few = load_demo_data().travellers[:3]
        people = {
            desk.services.travellers.create(desk.agent, TravellerDraft(each.name), key=uuid4()).id: each
            for each in few
        }
        add_people(desk.services, desk.agent, people, START)
        assert desk.services.travellers.find(desk.agent, "").total == 3
