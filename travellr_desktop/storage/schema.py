"""The shape of the file that this program writes."""

HEADS = frozenset({"core_0001", "desk_0001"})
"""The newest migrations, as constants: Alembic is slow to import and is not needed where nothing is to be done."""

SCHEMA_VERSION = "1"
"""What an op says of the shape of its changes."""
