"""What every event has: whom it is about, when it was, and a plain form in which it is kept and read again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, ClassVar, get_args, get_type_hints
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.periods import to_utc
from travellr_desktop.errors import InvalidInput


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened to `aggregate_id` at `timestamp` (aware; kept in UTC).

    A child's own fields are its `payload`, there as plain JSON values: ids and moments as text, an amount as
    `{"minor": 1250, "currency": "EUR"}`.
    """

    aggregate_id: UUID
    timestamp: datetime

    kinds: ClassVar[dict[str, type[Event]]] = {}
    """Every kind of event, by its name."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        Event.kinds[cls.__name__] = cls

    def __post_init__(self) -> None:
        object.__setattr__(self, "timestamp", to_utc(self.timestamp))

    @property
    def event_name(self) -> str:
        return type(self).__name__

    @property
    def payload(self) -> Mapping[str, Any]:
        """The event's own fields, read-only."""
        return MappingProxyType({name: _plain(getattr(self, name)) for name in _own_types(type(self))})

    def to_json(self) -> dict[str, Any]:
        return {
            "event_name": self.event_name,
            "aggregate_id": str(self.aggregate_id),
            "timestamp": self.timestamp.isoformat(),
            "payload": dict(self.payload),
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Event:
        """The event that `to_json` wrote, of its own kind. Raises `InvalidInput` if it cannot be one."""
        try:
            if set(data) != {"event_name", "aggregate_id", "timestamp", "payload"}:
                raise ValueError(f"has the fields {', '.join(sorted(data))}")
            kind = Event.kinds[data["event_name"]]
            own, payload = _own_types(kind), data["payload"]
            if set(payload) != set(own):
                raise ValueError(f"{kind.__name__} has no such payload: {', '.join(sorted(payload))}")
            return kind(
                aggregate_id=UUID(data["aggregate_id"]),
                timestamp=datetime.fromisoformat(data["timestamp"]),
                **{name: _typed(payload[name], hint) for name, hint in own.items()},
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InvalidInput(f"This is not an event: {error}") from error


_own: dict[type[Event], Mapping[str, Any]] = {}


def _own_types(kind: type[Event]) -> Mapping[str, Any]:
    """The types of a kind's own fields, in their order; looked up once a kind."""
    if kind not in _own:
        hints = get_type_hints(kind)
        base = {field.name for field in fields(Event)}
        _own[kind] = {field.name: hints[field.name] for field in fields(kind) if field.name not in base}
    return _own[kind]


def _plain(value: object) -> Any:
    if isinstance(value, Money):
        return {"minor": value.minor, "currency": value.currency}
    if isinstance(value, datetime):
        return to_utc(value).isoformat()
    if isinstance(value, (UUID, StrEnum)):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _typed(value: Any, hint: Any) -> Any:
    """The value of a field from its plain form; raises one of the errors that `from_json` expects."""
    choices = get_args(hint)
    if type(None) in choices:
        return None if value is None else _typed(value, choices[0])
    if Ellipsis in choices:
        return tuple(_typed(item, choices[0]) for item in value)
    if hint is Money:
        return Money(**value)
    if hint is datetime:
        return datetime.fromisoformat(value)
    if hint is UUID or issubclass(hint, StrEnum):
        return hint(value)
    if type(value) is not hint:
        raise TypeError(f"{value!r} is out of place")
    return value
