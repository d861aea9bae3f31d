"""More about some of the demonstration's travellers, from `resources/demo/people.toml`: birthdays, notes, documents,
and records of somebody who is there already."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from travellr_desktop import paths
from travellr_desktop.demo.data import DemoTraveller
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.services.registry import Services
from travellr_desktop.services.travel_documents import DocumentKind, TravelDocumentDraft
from travellr_desktop.services.travellers import TravellerDraft


def add_people(
    services: Services, actor: Actor, travellers: Mapping[UUID, DemoTraveller], now: datetime
) -> None:
    """Write down what is known of those `travellers` who are there, and add the second records of some."""
    known = {each.name: (traveller_id, each) for traveller_id, each in travellers.items()}
    more = tomllib.loads(paths.resource("demo", "people.toml").read_text("utf-8"))
    for entry in more["known"]:
        if entry["name"] in known:
            _know(services, actor, *known[entry["name"]], entry, now)
    for entry in more["again"]:
        if entry["of"] in known:
            _add_again(services, actor, known[entry["of"]][1], entry)


def _know(
    services: Services,
    actor: Actor,
    traveller_id: UUID,
    traveller: DemoTraveller,
    entry: Mapping[str, Any],
    now: datetime,
) -> None:
    draft = TravellerDraft(
        traveller.name,
        traveller.email,
        traveller.phone,
        entry["born"],
        entry["language"],
        entry["address"],
        entry["country"],
    )
    services.travellers.update(actor, traveller_id, draft)
    for text in entry["notes"]:
        services.notes.add(actor, text, traveller_id=traveller_id)
    for each in entry.get("document", ()):
        ends = (now + timedelta(days=each["lasts"])).date()
        document = TravelDocumentDraft(DocumentKind(each["kind"]), each["number"], each["country"], ends)
        services.traveller_documents.add(actor, traveller_id, document, key=uuid4())


def _add_again(services: Services, actor: Actor, traveller: DemoTraveller, entry: Mapping[str, Any]) -> None:
    """The number as it is dialled at home, without the country's code."""
    home = "0" + "".join(ch for ch in traveller.phone.partition(" ")[2] if ch.isdigit())
    draft = TravellerDraft(entry["name"], entry["email"], home)
    services.travellers.create(actor, replace(draft, born=entry.get("born")), key=uuid4())
