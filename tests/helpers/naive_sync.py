"""Ways to keep a desk and a hub together that look as good and are not: what the proofs must find."""

from __future__ import annotations

from typing import Any

from helpers.central_hub import HubPlace
from helpers.desk import Desk
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.outgoing import Outgoing
from travellr_desktop.storage.page_rows import PageRows
from travellr_desktop.sync.hub import Hub


def cursor_apart(desk: Desk, hub: Hub) -> None:
    """The cursor is committed by itself, then the rows that it has passed."""
    hub.publish()
    with desk.database.read() as view:
        here = Outgoing(view.connection).standing()
    page = hub.pull(here.cursor, 500)
    with desk.database.write(Commit.SYNC_TAKEN_IN, SYSTEM) as work:
        work.connection.exec_driver_sql("UPDATE this_desk SET cursor = ?", (page.up_to,))
        work.commit()
    with desk.database.write(Commit.SYNC_TAKEN_IN, SYSTEM) as work:
        driver: Any = work.connection.connection.driver_connection
        driver.execute("PRAGMA defer_foreign_keys = ON")
        driver.execute("UPDATE this_desk SET pulling = 1")
        PageRows(driver).write([change for op in page.ops for change in op.changes])
        driver.execute("UPDATE this_desk SET pulling = 0")
        work.commit()


def acknowledged_first(desk: Desk, hub: Hub) -> None:
    """It is written down that the hub has the ops, then they are told."""
    with desk.database.read() as view:
        outgoing = Outgoing(view.connection)
        waiting = list(outgoing.ops(outgoing.standing().acked, 50, 1_000_000))
    with desk.database.write(Commit.SYNC_PUSHED, SYSTEM) as work:
        Outgoing(work.connection).acknowledge(waiting[-1].op_no)
        work.commit()
    hub.push(waiting)


def no_ledger_of_ops(place: HubPlace) -> None:
    """The hub applies whatever it is told, also what it was told before."""
    change_function(
        place,
        "api.push",
        ("IF FOUND AND known.hash = op ->> 'hash' THEN", "IF false THEN"),
        ("ELSIF FOUND OR number <= me.last_op THEN", "ELSIF false THEN"),
        (
            "answers := answers || hub.keep(me.desk_id, op);",
            "DELETE FROM hub.ops o WHERE o.desk_id = me.desk_id AND o.op_no = number; "
            "answers := answers || hub.keep(me.desk_id, op);",
        ),
    )


def whichever_file(place: HubPlace) -> None:
    """The hub knows a desk by its sign-in alone, and an op by its number alone."""
    change_function(
        place,
        "api.push",
        ("IF FOUND AND known.hash = op ->> 'hash' THEN", "IF FOUND THEN"),
        ("ELSIF me.incarnation IS DISTINCT FROM (op ->> 'incarnation')::uuid THEN", "ELSIF false THEN"),
    )


def numbered_when_written(place: HubPlace) -> None:
    """Publications have the number of the moment in which they were written, not of the one when they were there."""
    place.connection.execute(
        "CREATE FUNCTION hub.at_once() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN NEW.pub := NEW.ord; RETURN NEW; END';"
        "CREATE TRIGGER at_once BEFORE INSERT ON hub.ops FOR EACH ROW EXECUTE FUNCTION hub.at_once();"
    )
    last = "SELECT max(pub) FROM hub.ops"
    change_function(
        place, "hub.publish", ("RETURN (SELECT last_pub FROM hub.state);", _FOLLOW.format(last=last))
    )
    # those that were there before go on from where their numbers are
    place.connection.execute(
        "SELECT setval('hub.ord', greatest((SELECT last_value FROM hub.ord), (SELECT max(pub) FROM hub.ops)))"
    )


_FOLLOW = "UPDATE hub.state SET last_pub = ({last}); RETURN ({last});"


def capacity_unguarded(place: HubPlace) -> None:
    """Whoever cuts a departure's capacity is not asked what was granted of it."""
    place.connection.execute("DROP TRIGGER guard_capacity ON agency.departures")


def owners_unguarded(place: HubPlace) -> None:
    """Whoever gives something back is not asked who sold it."""
    change_function(place, "hub.refuse_elsewhere", ("IF seller <> desk AND", "IF false AND"))


def refunds_unguarded(place: HubPlace) -> None:
    """What goes back is not held against what came in."""
    place.connection.execute("DROP TRIGGER guard_refund ON agency.refunds")


def change_function(place: HubPlace, function: str, *replaced: tuple[str, str]) -> None:
    """Have a function of the hub be another one, which differs just in that. Fails where it is not written so."""
    text: str = place.one("SELECT pg_get_functiondef(%s::regproc)", function)
    for old, new in replaced:
        assert text.count(old) == 1, f"{function} is not written so any more: {old}"
        text = text.replace(old, new)
    place.connection.execute(text)
