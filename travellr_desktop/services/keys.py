"""Command keys: the form that sends a command makes a key, and the same key has one effect.

The same again within 24 hours gives the same result; while the first still runs, `RequestInProgress`; with other
content, `KeyReused`. A command whose program died is found as interrupted, with what it had made so far.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from pydantic import TypeAdapter

from travellr_desktop.domain.permissions import Actor
from travellr_desktop.errors import KeyReused, RequestInProgress
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.repositories import CommandRow
from travellr_desktop.storage.uow import Database, UnitOfWork
from travellr_desktop.storage.workers import Workers

KEPT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Earlier:
    """The same command was sent before. `result` is None if its program died before it had one;
    `aggregate_id` is then what it was working on."""

    aggregate_id: UUID | None
    result: dict[str, Any] | None


T = TypeVar("T")


_adapters: dict[type[Any], TypeAdapter[Any]] = {}


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    """Building one takes milliseconds, so each is kept."""
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


def to_json(value: object) -> Any:
    """A frozen result as plain JSON."""
    return _adapter(type(value)).dump_python(value, mode="json")


def from_json(kind: type[T], value: Any) -> T:
    return _adapter(kind).validate_python(value)  # type: ignore[no-any-return]


def content_hash(name: str, content: object) -> str:
    """SHA-256 over what was asked."""
    text = json.dumps([name, to_json(content)], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def begin(
    work: UnitOfWork,
    workers: Workers,
    key: UUID,
    name: str,
    content: object,
    aggregate_id: UUID | None = None,
    *,
    result: object = None,
) -> Earlier | None:
    """Take the key for this command, or return what was done under it before. `aggregate_id` is what it works on, where
    that is known; `result` what it comes to, where it ends with this transaction whatever happens. What goes on after
    that transaction is `workers.at` its key until it is finished. Raises `RequestInProgress` or `KeyReused`."""
    command = _command(work, key, name, content_hash(name, content), aggregate_id, result)
    return _earlier(workers, command, work.commands.begin(command))


@contextmanager
def opening(
    database: Database,
    commit: Commit,
    actor: Actor,
    key: UUID,
    name: str,
    content: object,
    aggregate_id: UUID | None = None,
    *,
    result: object = None,
) -> Iterator[tuple[UnitOfWork, Earlier | None]]:
    """A unit of work that begins by taking the key, and what `begin` gives: for what is done hundreds of times a day,
    as it is one statement less. Raises as `begin`."""
    wanted = content_hash(name, content)

    def command(work: UnitOfWork) -> CommandRow:
        return _command(work, key, name, wanted, aggregate_id, result)

    with database.write(commit, actor, command) as work:
        yield work, _earlier(database.workers, command(work), work.earlier)


def _command(
    work: UnitOfWork, key: UUID, name: str, content: str, aggregate_id: UUID | None, result: object
) -> CommandRow:
    return CommandRow(
        key=key,
        name=name,
        content_hash=content,
        actor_id=work.actor.user_id,
        aggregate_id=aggregate_id,
        worker=work.worker,
        started_at=work.now,
        result=result,
        finished_at=None if result is None else work.now,
    )


def _earlier(workers: Workers, command: CommandRow, found: CommandRow | None) -> Earlier | None:
    if found is None:
        return None
    if (found.content_hash, found.actor_id) != (command.content_hash, command.actor_id):
        raise KeyReused("This form was sent before with something else in it.")
    if found.finished_at is not None:
        return Earlier(found.aggregate_id, found.result)
    if workers.busy(found.worker, command.key):
        raise RequestInProgress("This is being done already.")
    return Earlier(found.aggregate_id, None)


def works_on(work: UnitOfWork, key: UUID, aggregate_id: UUID) -> None:
    """Note what the command whose key was taken makes: it is found by it should the program die before the end."""
    work.commands.note(key, aggregate_id)


def finish(work: UnitOfWork, key: UUID | None, result: object, aggregate_id: UUID | None = None) -> None:
    """Keep the result under the key, in the transaction that brings it about."""
    if key is not None:
        work.commands.finish(key, to_json(result), aggregate_id, work.now)
