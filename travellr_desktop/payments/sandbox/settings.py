"""The sandbox's few settings; they live in its file, so that every process that uses it goes by the same."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class FeeRule:
    """What is kept of each charge: a share in hundredths of a per cent, and a fixed part in minor units. `dispute` is
    kept of each dispute that takes money back, also when it is won later."""

    basis_points: int = 150
    fixed: int = 25
    dispute: int = 1_500


def setting(connection: sqlite3.Connection, name: str, default: str) -> str:
    row = connection.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
    return default if row is None else str(row[0])


def set_setting(connection: sqlite3.Connection, name: str, value: str) -> None:
    connection.execute(
        "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )


def success_rate(connection: sqlite3.Connection) -> float:
    return float(setting(connection, "success_rate", "0.9"))


def latency_ms(connection: sqlite3.Connection) -> int:
    return int(setting(connection, "latency_ms", "0"))


def clock_shift(connection: sqlite3.Connection) -> int:
    """Seconds by which the sandbox's time is ahead of its clock."""
    return int(setting(connection, "clock_shift", "0"))


def settling_days(connection: sqlite3.Connection) -> int:
    """Days until what a charge brought in may be paid on; 0 is at once."""
    return int(setting(connection, "settling_days", "0"))


def fee_rule(connection: sqlite3.Connection) -> FeeRule:
    text = setting(connection, "fee_rule", "")
    return FeeRule(*(int(part) for part in text.split())) if text else FeeRule()


def set_fee_rule(connection: sqlite3.Connection, rule: FeeRule) -> None:
    set_setting(connection, "fee_rule", f"{rule.basis_points} {rule.fixed} {rule.dispute}")


@dataclass(frozen=True, slots=True)
class Exchange:
    """What is charged in a currency settles in another: whole units of that one for a whole unit."""

    into: str
    rate: Decimal


def exchange(connection: sqlite3.Connection, currency: str) -> Exchange | None:
    """How a currency settles; None where it settles in itself."""
    into, _, rate = setting(connection, f"exchange {currency}", "").partition(" ")
    return Exchange(into, Decimal(rate)) if into else None


def set_exchange(connection: sqlite3.Connection, currency: str, into: str, rate: Decimal) -> None:
    set_setting(connection, f"exchange {currency}", f"{into} {rate}")


def end_exchange(connection: sqlite3.Connection, currency: str) -> None:
    connection.execute("DELETE FROM settings WHERE name = ?", (f"exchange {currency}",))


def address(connection: sqlite3.Connection) -> str:
    """Where the pages of payment links are; without a server on the file, an address that leads nowhere."""
    return setting(connection, "address", "https://checkout.sandbox.invalid")


def set_address(connection: sqlite3.Connection, address: str) -> None:
    set_setting(connection, "address", address)


def forget_address(connection: sqlite3.Connection, address: str) -> None:
    """Unless another server has put its own there."""
    connection.execute("DELETE FROM settings WHERE name = 'address' AND value = ?", (address,))


def draw(connection: sqlite3.Connection) -> float:
    """The next of the file's own numbers from 0 to below 1: the same seed, the same outcomes in the same order."""
    count = int(setting(connection, "draws", "0")) + 1
    set_setting(connection, "draws", str(count))
    seed = setting(connection, "seed", "0")
    digest = hashlib.sha256(f"{seed}/{count}".encode()).digest()
    return int.from_bytes(digest[:6]) / 2**48
