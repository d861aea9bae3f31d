"""Alembic's way in. The program hands over a connection; on the command line `-x file=PATH` names the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import context
from sqlalchemy import Connection

import travellr_desktop.storage.models  # noqa: F401  (fills the metadata)
from travellr_desktop.storage.base import Base
from travellr_desktop.storage.engine import WRITE, make_engine


def include(item: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    """The hub's own tables are not a desk's; the tables for searching are SQLite's, not the models'."""
    if kind != "table":
        return True
    return item.info.get("where") != "hub" and not (name or "").startswith(
        ("traveller_words", "reference_words")
    )


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_object=include,
        render_as_batch=True,
        compare_type=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = make_engine(Path(context.get_x_argument(as_dictionary=True)["file"]))
    with engine.connect().execution_options(**{WRITE: True}) as opened:
        run(opened)
        opened.commit()
    engine.dispose()
