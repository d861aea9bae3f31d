"""What a file refuses of the provider's movements, whoever writes: what was fetched stays as it was. Used by a
migration: what is here stays as it was released."""

from __future__ import annotations

from collections.abc import Iterator

_FETCHED = (
    "id ref kind amount fee currency source_ref source_amount source_currency payment_ref our_id created_at "
    "available_at"
)


def matching_guards() -> Iterator[tuple[str, str]]:
    """Name and SQL of each trigger."""
    changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in _FETCHED.split())
    fewer = "json_array_length(NEW.posted) < json_array_length(OLD.posted)"
    yield (
        "matching_1",
        _refuse(f"BEFORE UPDATE ON provider_moves WHEN {changed}", "a movement is what it was"),
    )
    yield (
        "matching_2",
        _refuse(
            f"BEFORE UPDATE OF posted ON provider_moves WHEN {fewer}",
            "what was posted of a movement stays posted",
        ),
    )
    yield "matching_3", _refuse("BEFORE DELETE ON provider_moves", "a movement is never deleted")
    yield "matching_4", _refuse("BEFORE UPDATE ON match_notes", "what was said of a difference stays")
    yield "matching_5", _refuse("BEFORE DELETE ON match_notes", "what was said of a difference stays")


def _refuse(when: str, words: str) -> str:
    return f"{when} BEGIN SELECT RAISE(ABORT, '{words}'); END"
