"""For the migration of several desks: the triggers by which the file refuses a numbered seat that is another desk's."""

from __future__ import annotations

from collections.abc import Iterator

NOT_OURS = "this numbered seat is granted to another desk"

_ON_PLAN = (
    "EXISTS (SELECT 1 FROM departures d JOIN seat_plans p ON p.id = d.plan_id, "
    "json_each(p.layout, '$.decks') AS deck, json_each(deck.value, '$.seats') AS seat "
    "WHERE d.id = NEW.departure_id AND json_extract(seat.value, '$.label') = NEW.label "
    "AND coalesce(json_extract(seat.value, '$.blocked'), '') = '')"
)

_GRANTED = (
    "EXISTS (SELECT 1 FROM seat_grants g JOIN this_desk t ON t.desk_id = g.desk_id "
    "WHERE g.departure_id = NEW.departure_id AND g.label = NEW.label)"
)

_TAKEN = "EXISTS (SELECT 1 FROM seats s WHERE s.departure_id = OLD.departure_id AND s.label = OLD.label)"


def seat_grant_guards() -> Iterator[tuple[str, str]]:
    """Name and body of each trigger. A file that belongs to no hub has no grants of seats, and needs none."""
    ours = _refuse(f"(SELECT hub_id FROM this_desk) IS NOT NULL AND NOT {_GRANTED}", NOT_OURS)
    yield "seat_grants_ours_insert", f"BEFORE INSERT ON seats {ours}"
    yield "seat_grants_ours_update", f"BEFORE UPDATE OF label, departure_id ON seats {ours}"
    sold = _refuse(f"NOT {_ON_PLAN}", "there is no such seat to sell")
    yield "seat_grants_on_plan_insert", f"BEFORE INSERT ON seat_grants {sold}"
    yield "seat_grants_on_plan_update", f"BEFORE UPDATE OF departure_id, label ON seat_grants {sold}"
    taken = "a seat that is taken stays with its desk"
    same = "NEW.desk_id = OLD.desk_id AND NEW.departure_id = OLD.departure_id AND NEW.label = OLD.label"
    moved = _refuse(f"NOT ({same}) AND {_TAKEN}", taken)
    yield "seat_grants_taken_update", f"BEFORE UPDATE OF desk_id, departure_id, label ON seat_grants {moved}"
    yield "seat_grants_taken_delete", f"BEFORE DELETE ON seat_grants {_refuse(_TAKEN, taken)}"


def _refuse(when: str, words: str) -> str:
    return f"WHEN {when} BEGIN SELECT RAISE(ABORT, '{words}'); END"
