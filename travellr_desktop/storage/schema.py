"""The shape of the file that this program writes."""

HEADS = frozenset({"desk_0007"})
"""What a file at the newest migrations says of itself, as a constant: Alembic is slow to import and is not needed
where nothing is to be done. A migration that another one depends on is not said again."""

SCHEMA_VERSION = "2"
"""What an op says of the shape of its changes."""
