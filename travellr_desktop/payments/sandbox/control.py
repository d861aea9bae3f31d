"""Cards, settings, faults and counts of a sandbox, for the rest of the program and for tests.

It reads and writes the sandbox's file itself, so that faults armed here are met by every process that uses the file,
and counts are those of the provider, not of our books.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from uuid import UUID

from travellr_desktop.domain.clock import Clock, SystemClock
from travellr_desktop.errors import InvalidInput
from travellr_desktop.payments.gateway import TestCard
from travellr_desktop.payments.sandbox import faults, proof, settings
from travellr_desktop.payments.sandbox.cards import sandbox_cards
from travellr_desktop.payments.sandbox.faults import Fault, FaultKind
from travellr_desktop.payments.sandbox.kinds import KINDS
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.payments.sandbox.outside import Outside
from travellr_desktop.payments.sandbox.reading import succeeded_for
from travellr_desktop.payments.sandbox.settings import FeeRule
from travellr_desktop.payments.sandbox.store import Store

_LONGEST_LATENCY_MS = 60_000
_LONGEST_SETTLING = 90


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """`success_rate` is of the random card, from 0 to 1; `latency_ms` is added to every reply."""

    success_rate: float
    latency_ms: int


@dataclass(frozen=True, slots=True)
class Counts:
    """What the sandbox's file holds. Amounts are in Stripe's minor units, per currency in lower case."""

    intents: dict[str, int]  # by status
    charges: int  # that succeeded
    refunds: int  # that did not fail
    charged: dict[str, int]
    refunded: dict[str, int]
    links: dict[str, int] = field(default_factory=dict)  # by status
    transferred: dict[str, int] = field(default_factory=dict)  # less what was reversed
    disputes: dict[str, int] = field(default_factory=dict)  # by status

    @property
    def succeeded(self) -> int:
        return self.intents.get("succeeded", 0)


class SandboxControl(Outside):
    """Over the file at `path`, made if it is not there. Close it, or use it in a `with`."""

    def __init__(self, path: Path, *, clock: Clock | None = None) -> None:
        super().__init__(Store(path), clock or SystemClock())

    def __enter__(self) -> SandboxControl:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._store.close()

    # cards and settings

    def cards(self) -> tuple[TestCard, ...]:
        return sandbox_cards()

    def settings(self) -> SandboxSettings:
        with self._store.read() as connection:
            return SandboxSettings(settings.success_rate(connection), settings.latency_ms(connection))

    def set_success_rate(self, rate: float) -> None:
        """How often the random card succeeds, from 0 to 1; 0.9 unless set."""
        if not 0 <= rate <= 1:
            raise InvalidInput("The success rate is from 0 to 1.", field="success_rate")
        self._set("success_rate", str(rate))

    def set_latency(self, milliseconds: int) -> None:
        """How long every reply takes; one longer than the caller's time-out is not waited for but times out."""
        if not 0 <= milliseconds <= _LONGEST_LATENCY_MS:
            raise InvalidInput(
                f"The latency is from 0 to {_LONGEST_LATENCY_MS} milliseconds.", field="latency_ms"
            )
        self._set("latency_ms", str(milliseconds))

    def set_seed(self, seed: int) -> None:
        """Start the random card's outcomes anew: the same seed gives the same outcomes in the same order."""
        with self._store.write() as connection:
            settings.set_setting(connection, "seed", str(seed))
            settings.set_setting(connection, "draws", "0")

    def fee_rule(self) -> FeeRule:
        with self._store.read() as connection:
            return settings.fee_rule(connection)

    def set_fee_rule(self, rule: FeeRule) -> None:
        """What is kept of charges and disputes from now on."""
        if min(rule.basis_points, rule.fixed, rule.dispute) < 0 or rule.basis_points > 10_000:
            raise InvalidInput(
                "A fee is not below zero, and its share not above the whole.", field="fee_rule"
            )
        with self._store.write() as connection:
            settings.set_fee_rule(connection, rule)

    def set_exchange(self, currency: str, into: str, rate: Decimal) -> None:
        """What is charged, given back and disputed in `currency` settles in `into` from now on, at that many whole
        units for one; `into` the currency itself ends that."""
        if not (rate.is_finite() and rate > 0):
            raise InvalidInput("A rate of exchange is above zero.", field="rate")
        with self._store.write() as connection:
            if currency.lower() == into.lower():
                settings.end_exchange(connection, currency.lower())
            else:
                settings.set_exchange(connection, currency.lower(), into.lower(), rate)

    def set_settling(self, days: int) -> None:
        """After how many days what a charge brings in may be paid on; 0, as it is at first, is at once."""
        if not 0 <= days <= _LONGEST_SETTLING:
            raise InvalidInput(f"Settling takes from 0 to {_LONGEST_SETTLING} days.", field="settling_days")
        self._set("settling_days", str(days))

    def set_address(self, address: str) -> None:
        """Where the pages of links are that are made from now on: `http://127.0.0.1:4242`."""
        with self._store.write() as connection:
            settings.set_address(connection, address)

    def forget_address(self, address: str) -> None:
        """That server has ended; another's address stays."""
        with self._store.write() as connection:
            settings.forget_address(connection, address)

    def _set(self, name: str, value: str) -> None:
        with self._store.write() as connection:
            settings.set_setting(connection, name, value)

    # faults

    def arm(
        self,
        operation: Operation,
        kind: FaultKind,
        times: int | None = None,
        *,
        until_disarmed: bool = False,
    ) -> Fault:
        """Let the next requests of that operation meet a fault.

        `times` counts requests on the wire, repetitions by the library and the gateway among them; left out, it is as
        many as it takes for one call to feel it. Raises `InvalidInput` for a pair that cannot be.
        """
        if until_disarmed:
            count = None
        else:
            count = kind.requests_until_felt if times is None else times
        with self._store.write() as connection:
            return faults.arm(connection, operation, kind, count)

    def disarm(self, fault_id: int | None = None) -> int:
        """Switch one fault off, or all of them; says how many were on."""
        with self._store.write() as connection:
            if fault_id is None:
                return connection.execute("DELETE FROM faults").rowcount
            return connection.execute("DELETE FROM faults WHERE seq = ?", (fault_id,)).rowcount

    def faults(self) -> tuple[Fault, ...]:
        """What is armed, oldest first."""
        with self._store.read() as connection:
            return faults.armed(connection)

    # counts

    def counts(self) -> Counts:
        with self._store.read() as connection:
            return Counts(
                intents=_pairs(connection, "SELECT status, COUNT(*) FROM intents GROUP BY status"),
                charges=_number(connection, "SELECT COUNT(*) FROM charges WHERE status = 'succeeded'"),
                refunds=_number(connection, "SELECT COUNT(*) FROM refunds WHERE status != 'failed'"),
                charged=_pairs(
                    connection,
                    "SELECT currency, SUM(amount) FROM charges WHERE status = 'succeeded' GROUP BY currency",
                ),
                refunded=_pairs(
                    connection,
                    "SELECT currency, SUM(amount) FROM refunds WHERE status != 'failed' GROUP BY currency",
                ),
                links=_pairs(connection, "SELECT status, COUNT(*) FROM sessions GROUP BY status"),
                transferred=_pairs(
                    connection, "SELECT currency, SUM(amount - reversed) FROM transfers GROUP BY currency"
                ),
                disputes=_pairs(connection, "SELECT status, COUNT(*) FROM disputes GROUP BY status"),
            )

    def balances(self) -> dict[str, int]:
        """What there is per currency, available or pending, in Stripe's minor units."""
        with self._store.read() as connection:
            return proof.balances(connection)

    def problems(self) -> tuple[str, ...]:
        """What in the sandbox's own file does not add up; nothing, unless the sandbox is wrong."""
        with self._store.read() as connection:
            return proof.problems(connection)

    def counted(self, kind: str, name: str) -> Counter[str]:
        """How many objects of a kind (`"transfer"`) carry each value of that name in their metadata: more than one is
        a double. Those that failed count as well; those without the name do not."""
        with self._store.read() as connection:
            rows = connection.execute(
                f"SELECT m.value FROM {KINDS[kind].table} AS made, json_each(made.metadata) AS m WHERE m.key = ?",
                (name,),
            )
            return Counter(str(row[0]) for row in rows)

    def succeeded_intents(self, payment_id: UUID | str) -> int:
        """How many paid intents carry that payment in their metadata: more than one is a double charge."""
        with self._store.read() as connection:
            return succeeded_for(connection, "payment_id", str(payment_id))

    def succeeded_by_payment(self) -> Counter[str]:
        """Paid intents per payment id in their metadata; those without one are counted under an empty text."""
        with self._store.read() as connection:
            rows = connection.execute(
                "SELECT COALESCE(json_extract(metadata, '$.payment_id'), '') FROM intents"
                " WHERE status = 'succeeded'"
            )
            return Counter(str(row[0]) for row in rows)

    def refunds_by_id(self) -> Counter[str]:
        """Refunds that did not fail, per refund id in their metadata."""
        with self._store.read() as connection:
            rows = connection.execute(
                "SELECT COALESCE(json_extract(metadata, '$.refund_id'), '') FROM refunds"
                " WHERE status != 'failed'"
            )
            return Counter(str(row[0]) for row in rows)


def _pairs(connection: sqlite3.Connection, query: str) -> dict[str, int]:
    return {str(name): int(value) for name, value in connection.execute(query)}


def _number(connection: sqlite3.Connection, query: str) -> int:
    return int(connection.execute(query).fetchone()[0])
