"""What every table is made of: column types, naming, and the mark that says whose database a table is in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any, TypeVar
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Date, DateTime, MetaData, String, Text, Uuid
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

from travellr_desktop.domain.ids import new_id

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC. On SQLite a text of fixed width (`2026-06-18T08:42:00.000000Z`), which sorts and
    compares as the moments do; elsewhere `timestamptz`. A naive value is refused."""

    impl = String(27)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(27))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone cannot be stored")
        value = value.astimezone(UTC)
        return utc_text(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if isinstance(value, str):
            return utc_moment(value)
        return value.astimezone(UTC)  # type: ignore[no-any-return]


def utc_text(moment: datetime) -> str:
    """The text under which SQLite holds a moment."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def utc_moment(text: str) -> datetime:
    """The moment that SQLite holds under that text."""
    return datetime.fromisoformat(text)


E = TypeVar("E", bound=StrEnum)


class EnumText(TypeDecorator[E]):
    """A string enum, stored by its value."""

    impl = String(40)
    cache_ok = True

    def __init__(self, enum: type[E]) -> None:
        super().__init__()
        self.enum = enum

    def process_bind_param(self, value: E | str | None, dialect: Dialect) -> str | None:
        return None if value is None else self.enum(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:
        return None if value is None else self.enum(value)


def one_of(column: str, enum: type[StrEnum]) -> CheckConstraint:
    """The database takes none but the enum's values."""
    values = ", ".join(f"'{member.value}'" for member in enum)
    return CheckConstraint(f"{column} IN ({values})", name=f"{column}_known")


class Base(DeclarativeBase):
    """Every table says in `info["where"]` which databases have it: `both` (desk and hub) or `desk`."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {
        datetime: UtcDateTime(),
        date: Date(),
        UUID: Uuid(as_uuid=True),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
        str: Text(),
    }


BOTH = {"where": "both"}
DESK = {"where": "desk"}

Key = Annotated[UUID, mapped_column(primary_key=True, default=new_id)]
Currency = Annotated[str, mapped_column(String(3))]


class Synced(Base):
    """A row that travels between desks: a UUIDv7 and a version that rises by one with each change.

    The database refuses a change that does not raise the version; the unit of work raises it by itself and
    refuses to write over a version it has not read."""

    __abstract__ = True

    id: Mapped[Key]
    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


def text_length(column: str, most: int, least: int = 1) -> CheckConstraint:
    """The database takes no text shorter than `least` or longer than `most` characters."""
    return CheckConstraint(f"length({column}) BETWEEN {least} AND {most}", name=f"{column}_length")
