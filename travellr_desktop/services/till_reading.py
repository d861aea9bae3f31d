"""What is read of a till beside its sessions: drawers while it is closed, lines of the history, the rules, and whether
it stands open."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.till import CountKind
from travellr_desktop.services.till_forms import ClosedTill, Drawer, TillRules
from travellr_desktop.storage.models import TillCount, TillSession
from travellr_desktop.storage.uow import Reading, UnitOfWork


def read_rules(view: Reading) -> TillRules:
    """What the agency asks of whoever keeps a till."""
    agency = view.agency.get()
    return TillRules(agency.cash_needs_till, Money(agency.pay_out_limit, agency.currency))


@dataclass(frozen=True, slots=True)
class TillStanding:
    """Whether cash needs an open till here, and since when it is open, None while it is not. `zone` is the agency's."""

    needed: bool
    since: datetime | None
    zone: str


class NeverOpened:
    """What the books have in the till of a desk that never opened one. It may be years of cash; what is in the ledger
    stays as it is, so only what came since it was last asked is summed. May be used from several threads."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._known: dict[UUID, tuple[int, Mapping[str, int]]] = {}

    def read(self, view: Reading, desk_id: UUID) -> dict[str, int]:
        """By currency, in minor units."""
        with self._guard:
            upto, known = self._known.get(desk_id, (0, {}))
        end = view.till.end(desk_id)
        came = view.till.balances(desk_id, upto, end) if upto else view.till.from_the_start(desk_id, end)
        found = {each: known.get(each, 0) + came.get(each, 0) for each in {*known, *came}}
        if not isinstance(view, UnitOfWork):  # what is not committed may still be undone
            with self._guard:
                self._known[desk_id] = (end, found)
        return found


def read_drawers(
    view: Reading, desk_id: UUID, last: TillSession | None, before: NeverOpened
) -> tuple[Drawer, ...]:
    """What the books have in a till that is closed: by currency, the agency's own first, others only with something
    in them."""
    own = view.agency.get().currency
    if last is None or last.closed_seq is None:
        stayed, since = before.read(view, desk_id), dict[str, int]()
    else:
        counts = view.till.counts([last.id])
        stayed = {each.currency: each.stays for each in counts if each.kind is CountKind.CLOSE}
        since = view.till.balances(desk_id, last.closed_seq)
    used = {currency for held in (stayed, since) for currency, minor in held.items() if minor}
    return tuple(
        Drawer(Money(stayed.get(each, 0), each), Money(since.get(each, 0), each))
        for each in (own, *sorted(used - {own}))
    )


def closed_line(row: TillSession, counts: list[TillCount], who: str, currency: str) -> ClosedTill:
    """A session that was closed, with its counts at the close, as a line of the history."""
    own = next((each for each in counts if each.currency == currency), None)
    assert row.closed_at is not None  # the file refuses a closed till without it
    return ClosedTill(
        session_id=row.id,
        number=row.number,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        closed_by=who,
        expected=Money(own.expected if own is not None else 0, currency),
        counted=Money(own.counted if own is not None else 0, currency),
        difference=Money(own.difference if own is not None else 0, currency),
        to_safe=Money(-own.safe if own is not None else 0, currency),
        others=len(counts) > 1,
    )
