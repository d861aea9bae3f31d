"""Travellers: the same person is who has the same name, and the same email or telephone; who has neither is the same as
another of that name who has neither."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.text import name_key, phone_key
from travellr_desktop.errors import InvalidInput
from travellr_desktop.events import Change
from travellr_desktop.services.importing import values
from travellr_desktop.services.importing.batch import Batch, Row
from travellr_desktop.services.travellers import (
    FIELDS,
    TravellerDraft,
    changed,
    cleaned,
    draft_of,
    put,
    told,
)
from travellr_desktop.storage.models import Traveller
from travellr_desktop.storage.repositories.imports import ImportQueries

Key = tuple[str, str, str]

_WITHOUT: dict[str, dict[str, Any]] = {name: {name: ""} for name in FIELDS} | {
    "name": {"name": "x"},
    "born": {"born": None},
}
"""A draft's fields as nothing is wrong with them."""


def take(batch: Batch) -> None:
    """Bring the rows of a batch in."""
    drafts = [(row, draft, _keys(draft)) for row in batch.good() if (draft := _draft(row, batch)) is not None]
    found = _found(batch, {keys[0][0] for _, _, keys in drafts})
    fresh: list[Traveller] = []
    for row, draft, keys in drafts:
        match = next((found[key] for key in keys if key in found), None)
        if match is not None:
            _known(batch, row, match, draft)
            continue
        made = Traveller(id=new_id(), created_at=batch.work.now)
        put(made, draft)
        fresh.append(made)
        batch.made.append(made.id)
        for key in keys:
            if key[1]:  # two without any contact may well be two people
                found[key] = made
    ImportQueries(batch.work.session).add_travellers(fresh)


def _draft(row: Row, batch: Batch) -> TravellerDraft | None:
    name = row.text("name") or " ".join(filter(None, (row.text("first_name"), row.text("last_name"))))
    draft = TravellerDraft(
        name=name,
        email=row.text("email"),
        phone=row.text("phone"),
        born=row.read("born", values.day, None),
        language=row.read("language", values.language, ""),
        address=row.text("address"),
        country=row.read("country", values.country, ""),
    )
    while True:  # each time without the field that was wrong, so that all of them are told
        try:
            clean = cleaned(draft, batch.today)
        except InvalidInput as refusal:
            wrong = refusal.field or "name"
            row.fault("name" if wrong == "name" else wrong, refusal)
            if wrong not in FIELDS:
                return None
            draft = replace(draft, **_WITHOUT[wrong])
        else:
            return None if row.faults else clean


def _keys(draft: TravellerDraft) -> list[Key]:
    """What a person is known by: the name beside each contact, or beside none."""
    name, number = name_key(draft.name), phone_key(draft.phone)
    keys = [(name, "email", draft.email)] if draft.email else []
    keys += [(name, "phone", number)] if number else []
    return keys or [(name, "", "")]


def _found(batch: Batch, names: set[str]) -> dict[Key, Traveller | UUID]:
    """Who is there already, by what they are known by."""
    found: dict[Key, Traveller | UUID] = {}
    for known in ImportQueries(batch.work.session).travellers_named(names):
        if known.email:
            found[known.name_key, "email", known.email] = known.id
        if known.phone_key:
            found[known.name_key, "phone", known.phone_key] = known.id
        if not known.email and not known.phone_key and known.id not in batch.own:
            found[known.name_key, "", ""] = known.id
    return found


def _known(batch: Batch, row: Row, match: Traveller | UUID, draft: TravellerDraft) -> None:
    """A person who is there already: what the row says of them is written where that was asked for."""
    if isinstance(match, Traveller) or match in batch.own:
        row.note("name", "The same person stands further up in this file.", "Keep one of the rows.")
        return
    if not batch.update:
        batch.same += 1
        return
    person = batch.work.travellers.get(match)  # who they were merged into, where they were
    before = draft_of(person)
    said = {name: getattr(draft, name) for name in FIELDS if getattr(draft, name)}
    wanted = replace(before, **said)
    if person.id != match or wanted == before:
        batch.same += 1
        return
    put(person, wanted, batch.work.travellers.behind(person.id))
    batch.work.travellers.update(person)
    batch.changed += 1
    earlier = {name: told(getattr(before, name)) for name in said}
    batch.work.audit("traveller.update", "traveller", person.id, before=earlier, by="import")
    batch.work.publish(changed(person.id, batch.work.now, Change.UPDATED))
