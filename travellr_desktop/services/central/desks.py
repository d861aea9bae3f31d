"""The desks of the agency: what the hub said of each, and what the file knows of their seats."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from travellr_desktop.errors import NotFound
from travellr_desktop.services.central.link import Link, LinkState
from travellr_desktop.services.central.said import DeskSaid, said
from travellr_desktop.services.central.views import DeskDetail, DeskState, DeskView, LeftSeats
from travellr_desktop.storage.outgoing import Outgoing
from travellr_desktop.storage.repositories.central import CentralRepository, DeskSeats
from travellr_desktop.storage.schema import SCHEMA_VERSION
from travellr_desktop.storage.uow import Reading

SILENT = timedelta(minutes=2)
"""Whoever the hub has not heard of for so long is offline: a desk that is there calls every few seconds."""

_MOST = 6
_ALL = 10_000


def desks(view: Reading, link: Link | None, version: str) -> tuple[DeskView, ...]:
    """Every desk, by number. Of this one the file knows more than the hub. `version` is that of this program."""
    heard = said(view)
    here = Outgoing(view.connection).standing()
    return tuple(
        _here(desk, link, version, here.last_op - here.acked, heard.desks.get(desk.id, DeskSaid()), heard.at)
        if desk.id == here.desk_id
        else _other(desk, heard.desks.get(desk.id), heard.at, version)
        for desk in CentralRepository(view.connection).desks(view.clock.now())
    )


def detail(view: Reading, link: Link | None, version: str, desk_id: UUID) -> DeskDetail:
    """One of them, and what it may still sell. Raises `NotFound`."""
    desk = next((each for each in desks(view, link, version) if each.id == desk_id), None)
    if desk is None:
        raise NotFound("There is no such desk.")
    found = CentralRepository(view.connection).left_at(desk_id, view.clock.now(), _ALL)
    left = [LeftSeats(g.departure_id, g.title, g.starts_at, g.zone, g.granted - g.taken) for g in found]
    rest = left[_MOST:]
    return DeskDetail(desk, tuple(left[:_MOST]), len(rest), sum(each.left for each in rest), _keeps(desk))


def _keeps(desk: DeskView) -> str:
    """Why nobody writes its seats off, or nothing."""
    if desk.here:
        return "This desk can say so itself: it is not silent."
    if desk.state is DeskState.WRITTEN_OFF:
        return "Its seats are written off already."
    if desk.state in (DeskState.ONLINE, DeskState.OLD):
        return "It is there: it gives seats that others lack by itself."
    return ""


def _here(
    desk: DeskSeats, link: Link | None, version: str, waiting: int, heard: DeskSaid, at: datetime | None
) -> DeskView:
    """Where this program keeps no touch itself, it stands as it did when the hub was last asked."""
    online = link is not None and link.state in (LinkState.ONLINE, LinkState.ELSEWHERE)
    state = DeskState.WRITTEN_OFF if heard.written_off else DeskState.ONLINE if online else DeskState.OFFLINE
    if link is None:
        state = _state(heard, at, version)
    return DeskView(
        id=desk.id,
        number=desk.number,
        name=desk.name,
        here=True,
        state=state,
        seen=(link.last if link is not None else None) or heard.seen,
        version=version,
        behind=0 if online else heard.behind,
        waiting=waiting,
        granted=desk.granted,
        taken=desk.taken,
        written_off=heard.written_off,
    )


def _other(desk: DeskSeats, heard: DeskSaid | None, at: datetime | None, version: str) -> DeskView:
    one = heard or DeskSaid()
    return DeskView(
        id=desk.id,
        number=desk.number,
        name=desk.name,
        here=False,
        state=_state(one, at, version),
        seen=one.seen,
        version=one.version or ("" if one.schema is None else str(one.schema)),
        behind=one.behind,
        waiting=one.waiting,
        granted=desk.granted,
        taken=desk.taken,
        written_off=one.written_off,
    )


def _state(one: DeskSaid, at: datetime | None, version: str) -> DeskState:
    """As it was when the hub was asked: a desk that cannot ask knows no better."""
    if one.written_off is not None:
        return DeskState.WRITTEN_OFF
    if one.seen is None:
        return DeskState.NEVER
    if at is not None and at - one.seen > SILENT:
        return DeskState.OFFLINE
    other = bool(one.version and one.version != version) or one.schema not in (None, int(SCHEMA_VERSION))
    return DeskState.OLD if other else DeskState.ONLINE
