"""The central database as the command line tells it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.errors import WrongState
from travellr_desktop.services.central.door import Arrived, SignIn
from travellr_desktop.services.central.joining import JoinPlan
from travellr_desktop.services.central.link import LinkState
from travellr_desktop.services.central.service import CentralService
from travellr_desktop.services.central.views import Choice, DeskView, InboxEntry, Oversold, Side, Standing


@dataclass(frozen=True, slots=True)
class StandingTold:
    """What `travellr sync status` and `now` say. `asked`: the hub was to be reached, and the answer is no where it
    was not."""

    standing: Standing
    desks: tuple[DeskView, ...]
    waits: int
    asked: bool = False

    @property
    def ok(self) -> bool:
        link = self.standing.link
        reached = link is not None and link.state in (LinkState.ONLINE, LinkState.ELSEWHERE)
        return not self.asked or reached

    def as_json(self) -> Mapping[str, Any]:
        standing, link = self.standing, self.standing.link
        return {
            "ok": self.ok,
            "enrolled": standing.enrolled,
            "of_vendor": standing.of_vendor,
            "desk": standing.desk,
            "address": standing.address,
            "login": standing.login,
            "waiting": standing.waiting,
            "to_settle": self.waits,
            "cursor": standing.cursor,
            "epoch": standing.epoch,
            "looked": _text(standing.looked),
            "link": None
            if link is None or not self.asked
            else {"state": link.state.value, "why": link.why, "hint": link.hint, "last": _text(link.last)},
            "desks": [_desk(each) for each in self.desks],
        }

    def as_text(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        standing, link = self.standing, self.standing.link
        if not standing.enrolled:
            yield "This desk works by itself."
            return
        if standing.of_vendor:
            yield f"This is what {standing.desk} sees of {standing.address or 'a central database'}."
        else:
            yield f"{standing.desk} belongs to {standing.address or 'a central database'}."
        if self.asked and link is not None:
            yield " ".join(part for part in (f"It is {link.state.value}.", link.why, link.hint) if part)
        if not standing.of_vendor:
            changes = _counted(standing.waiting, "change waits", "changes wait")
            yield f"{changes} to be told, {_counted(self.waits, 'thing waits', 'things wait')} for a person."
        if not self.asked and standing.looked is not None:
            yield f"When it was last asked, {standing.looked:%Y-%m-%d %H:%M} UTC:"
        for desk in self.desks:
            mark = "*" if desk.here else " "
            seen = f"last seen {desk.seen:%Y-%m-%d %H:%M} UTC" if desk.seen is not None else "not seen"
            state = desk.state.value.replace("_", " ")
            yield f"{mark} {desk.number:>3}  {desk.name}: {state}, {seen}, {_counted(desk.left, 'seat', 'seats')} left"


@dataclass(frozen=True, slots=True)
class InboxTold:
    """What `travellr sync conflicts` says. The answer is no while anything waits."""

    entries: tuple[InboxEntry, ...]

    @property
    def ok(self) -> bool:
        return not self.entries

    def as_json(self) -> Mapping[str, Any]:
        return {"ok": self.ok, "conflicts": [_entry(each) for each in self.entries]}

    def as_text(self) -> str:
        if not self.entries:
            return "Nothing waits."
        return "\n".join(line for each in self.entries for line in _entry_lines(each))


@dataclass(frozen=True, slots=True)
class ArrivedTold:
    """What `travellr sync join` and `enrol` say."""

    arrived: Arrived

    @property
    def ok(self) -> bool:
        return True

    def as_json(self) -> Mapping[str, Any]:
        arrived = self.arrived
        return {
            "ok": True,
            "rows": arrived.rows,
            "restart": arrived.again,
            "password_kept": not arrived.forgets,
        }

    def as_text(self) -> str:
        arrived = self.arrived
        lost = (
            " This system has no keyring that takes the password: set HUB_PASSWORD for every start, or use a vault."
            if arrived.forgets
            else ""
        )
        if arrived.again:
            return f"{arrived.rows:,} rows are here. The next start of the program opens them.{lost}"
        return f"This desk has joined with {arrived.rows:,} rows.{lost}"


@dataclass(frozen=True, slots=True)
class LeftTold:
    """What `travellr sync leave` says: how many changes were never told, and why the hub does not know of it."""

    untold: int
    why: str = ""

    @property
    def ok(self) -> bool:
        return True

    def as_json(self) -> Mapping[str, Any]:
        return {"ok": True, "untold": self.untold, "hub_knows": not self.why, "why": self.why}

    def as_text(self) -> str:
        untold = _counted(self.untold, "change was not told and stays", "changes were not told and stay")
        told = f" {untold} here alone." if self.untold else ""
        return f"This desk works by itself, with everything that is in it.{told}{good_bye(self.why)}"


def tell_standing(central: CentralService, *, asked: bool = False) -> StandingTold:
    return StandingTold(central.standing(), central.desks(SYSTEM), central.to_settle(SYSTEM), asked)


def tell_inbox(central: CentralService) -> InboxTold:
    return InboxTold(central.inbox(SYSTEM))


def come(central: CentralService, sign_in: SignIn, *, new: bool) -> ArrivedTold:
    """Join with what is here, or as a `new` desk. Raises as the service."""
    go = central.enrol if new else central.join
    return ArrivedTold(go(SYSTEM, sign_in, lambda _done, _all: None))


@dataclass(frozen=True, slots=True)
class PlanTold:
    """What `travellr sync join --dry-run` says. The answer is no where something is in the way."""

    plan: JoinPlan

    @property
    def ok(self) -> bool:
        return not self.plan.in_the_way

    def as_json(self) -> Mapping[str, Any]:
        return {"ok": self.ok, **self.plan.as_json()}

    def as_text(self) -> str:
        return "\n".join(self.plan.lines())


def plan_join(central: CentralService, sign_in: SignIn) -> PlanTold:
    """Say what joining would do. Raises as the service."""
    return PlanTold(central.plan_join(SYSTEM, sign_in, lambda _done, _all: None))


def leave(central: CentralService) -> LeftTold:
    """Raises as the service, and `WrongState` for a desk that works by itself already."""
    if not central.standing().enrolled:
        raise WrongState("This desk works by itself.", hint="There is nothing to leave.")
    gone = central.leave(SYSTEM)
    return LeftTold(gone.untold, gone.why)


def good_bye(why: str) -> str:
    """What a person has to do where the hub does not know that a desk has left; nothing where it does."""
    if not why:
        return ""
    return (
        f" The central database does not know of it: {why} There this desk keeps its seats until a manager writes it "
        "off; its sign-in is taken away with travellr central remove-user."
    )


def _desk(desk: DeskView) -> Mapping[str, Any]:
    return {
        "id": str(desk.id),
        "number": desk.number,
        "name": desk.name,
        "here": desk.here,
        "state": desk.state.value,
        "seen": _text(desk.seen),
        "version": desk.version,
        "behind": desk.behind,
        "waiting": desk.waiting,
        "granted": desk.granted,
        "taken": desk.taken,
        "written_off": _text(desk.written_off),
    }


def _entry(entry: InboxEntry) -> Mapping[str, Any]:
    return {
        "id": entry.id,
        "kind": entry.kind.value,
        "title": entry.title,
        "thing": entry.thing,
        "field": entry.field,
        "reason": entry.reason,
        "where": entry.where,
        "tried": list(entry.tried),
        "came": _text(entry.came),
        "behind": entry.behind,
        "waits": list(entry.waits),
        "along": list(entry.along),
        "hub": None if entry.hub is None else _side(entry.hub),
        "desk": _side(entry.desk),
        "oversold": None if entry.oversold is None else _oversold(entry.oversold),
        "choices": [_choice(each) for each in entry.choices],
    }


def _choice(choice: Choice) -> Mapping[str, Any]:
    return {
        "kind": choice.kind.value,
        "words": choice.words,
        "follows": choice.follows,
        "off": choice.off,
        "asks": [
            {"field": ask.field, "label": ask.label, "kind": ask.kind.value, "given": ask.given}
            for ask in choice.asks
        ],
    }


def _oversold(found: Oversold) -> Mapping[str, Any]:
    return {
        "departure_id": str(found.departure_id),
        "title": found.title,
        "starts_at": _text(found.starts_at),
        "seats": found.seats,
        "taken": found.taken,
        "beyond": found.beyond,
        "by": [{"desk": desk, "taken": taken} for desk, taken in found.by],
        "sales": [
            {
                "reference": sale.reference,
                "traveller": sale.traveller,
                "seats": sale.seats,
                "who": sale.who,
                "at": _text(sale.at),
                "desk": sale.desk,
            }
            for sale in found.sales
        ],
    }


def _side(side: Side) -> Mapping[str, Any]:
    return {"value": side.value, "who": side.who, "at": _text(side.at), "desk": side.desk}


def _entry_lines(entry: InboxEntry) -> Iterator[str]:
    yield f"{entry.id}  {entry.title}: {entry.thing}"
    if entry.hub is not None:
        yield f"  at the central database  {entry.hub.value} ({entry.hub.who})"
        yield f"  written at {entry.desk.desk}  {entry.desk.value} ({entry.desk.who})"
    if entry.reason:
        yield f"  {entry.reason}"
    if entry.where:
        yield f"  at: {entry.where}"
    for line in (*entry.tried, *(f"behind it: {each}" for each in entry.waits)):
        yield f"  {line}"
    if entry.oversold is not None:
        found = entry.oversold
        yield f"  {found.taken} of {found.seats} seats are taken; sold last:"
        for sale in found.sales:
            yield f"  {sale.reference}  {sale.seats}  {sale.traveller} ({sale.who}, {sale.desk})"


def _counted(number: int, one: str, more: str) -> str:
    return f"{number:,} {one if number == 1 else more}"


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
