"""What may be done about two values of a field, and about what was refused; what follows from each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from travellr_desktop.services.central.asking import Asking
from travellr_desktop.services.central.consequences import follows_from
from travellr_desktop.services.central.fields import DERIVED, NOTHING
from travellr_desktop.services.central.said import EntrySaid
from travellr_desktop.services.central.views import Ask, Choice, ChoiceKind, Side
from travellr_desktop.storage.settling import Spot, by_hand

NEEDS_HUB = "It needs a connection."
STOOD_ON = "Others stand on it: drop those first."
BOOKED = "It wrote to the ledger: money that moved is never dropped."
OWN_SCREEN = "More than this field follows from it: make the change on its own screen."
_SHORT = 30


def of_field(
    one: EntrySaid, row: Mapping[str, Any], desk: Side, hub: Side | None, asking: Asking, off: str
) -> list[Choice]:
    """Of two values of one field; `row` is what stands, empty where it is not here."""
    if one.field in DERIVED.get(one.table, ()):
        follows = "They are made anew from what stands in the other fields."
        return [Choice(ChoiceKind.ANEW, "Make them anew", follows, off)]
    kept, other = (hub.value if hub else ""), desk.value
    spot = Spot(one.table, one.row_id, one.field) if one.row_id is not None else None
    effect = follows_from(one.table, one.field)
    own = off
    if spot is None or not by_hand(spot):
        own = f"{OWN_SCREEN} {effect}".strip()
    elif not row:
        own = "It is not there any more."
    choices = [
        Choice(
            ChoiceKind.KEEP_HUB,
            "Leave it empty" if kept == NOTHING else f"Keep {_short(kept)}",
            "Nothing changes; the other value is forgotten at every desk.",
            off,
        ),
        Choice(
            ChoiceKind.TAKE_DESK,
            "Empty it" if other == NOTHING else f"Take {_short(other)}",
            f"It is written once more from here, and goes to every desk. {effect}".strip(),
            own,
        ),
    ]
    ask = asking.ask(one.table, one.field, row) if spot is not None and by_hand(spot) and row else None
    if ask is not None:
        follows = f"It takes the place of both, at every desk. {effect}".strip()
        choices.append(
            Choice(ChoiceKind.OTHER, "Write something else", follows, off, (replace(ask, given=""),))
        )
    return choices


def of_refused(
    one: EntrySaid, behind: int, asks: Sequence[Ask], lost: tuple[str, ...], off: str
) -> list[Choice]:
    """Of an op that the hub did not take: `behind` it so many wait, `asks` ask for other values of the fields that the
    hub named, `lost` is what it would have done."""
    following = ""
    if behind:
        following = " The one behind it follows." if behind == 1 else f" The {behind} behind it follow."
    choices = [
        Choice(
            ChoiceKind.RETRY,
            "Try it again as it was",
            f"The central database is asked once more.{following}",
            off,
        )
    ]
    if asks:
        named = f"another {_inner(asks[0].label)}" if len(asks) == 1 else "other values"
        choices.append(
            Choice(
                ChoiceKind.RETRY_WITH,
                f"Try it with {named}",
                f"Once it is taken, every desk has what you enter here.{following}",
                off,
                tuple(asks),
            )
        )
    choices.append(_drop(one, behind, lost, off))
    return choices


def _drop(one: EntrySaid, behind: int, lost: tuple[str, ...], off: str) -> Choice:
    what = f"{len(lost)} things, listed above" if len(lost) > 1 else "what is listed above"
    return Choice(
        ChoiceKind.DROP,
        "Drop it",
        f"Lost for good: {what}. It is undone at that desk, and nobody else ever sees it.",
        BOOKED if one.ledger else (STOOD_ON if behind else "") or off,
        (Ask("reason", "Reason", needed=True),),
    )


def _inner(label: str) -> str:
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def _short(value: str) -> str:
    return value if len(value) <= _SHORT else f"{value[: _SHORT - 1]}…"
