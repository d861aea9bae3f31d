"""What the fields of a form do alike: they tell of changes, and each says what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt

from travellr_desktop.errors import Refusal
from travellr_desktop.ui.parts.choice import Choice
from travellr_desktop.ui.parts.choices import CheckBox
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.text_box import TextBox

Part = Field | TextBox | Choice | CheckBox


def follow(part: Part, edited: Callable[[], object], entered: Callable[[], object]) -> None:
    """Have a part tell of each change by hand, and of Enter; what was wrong with it goes with the change."""
    if isinstance(part, Field):
        part.edited.connect(lambda _: part.set_error(None))
        part.edited.connect(lambda _: edited())
        part.entered.connect(entered)
    elif isinstance(part, TextBox):
        part.edited.connect(lambda _: part.set_error(None))
        part.edited.connect(lambda _: edited())
    elif isinstance(part, Choice):
        part.box.currentIndexChanged.connect(lambda _: part.set_error(None))
        part.box.currentIndexChanged.connect(lambda _: edited())
    else:
        part.toggled.connect(lambda _: edited())


def raw_of(part: Part) -> object:
    """What stands in a part."""
    if isinstance(part, CheckBox):
        return part.isChecked()
    return part.value() if isinstance(part, Choice) else part.text()


def put(part: Part, value: object) -> None:
    """Have a part say what `raw_of` gave."""
    if isinstance(part, CheckBox):
        part.setChecked(bool(value))
    elif isinstance(part, Choice):
        part.set_value(str(value))
    else:
        part.set_text(str(value))


def say_wrong(parts: Mapping[str, Part], refusal: Refusal) -> Sequence[Refusal]:
    """Say beside each part what is wrong with it, and nothing beside the others; the refusals that are about none of
    them come back.

    A refusal of `seasons.1` is said at the part of that name, or else at the first one whose name begins so."""
    forgive(parts)
    left = []
    for each in refusal.together:
        part = _part_of(parts, each.field)
        if part is None or isinstance(part, CheckBox):
            left.append(each)
        else:
            part.set_error(f"{each} {each.hint}".strip())
    return left


def forgive(parts: Mapping[str, Part]) -> None:
    """Nothing is wrong any more."""
    for part in parts.values():
        if not isinstance(part, CheckBox) and part.error:
            part.set_error(None)


def first_wrong(parts: Mapping[str, Part]) -> Part | None:
    """The first part that says that something is wrong with it."""
    return next((part for part in parts.values() if not isinstance(part, CheckBox) and part.error), None)


def go_to(part: Part) -> None:
    """Give a part the keyboard."""
    part.setFocus(Qt.FocusReason.OtherFocusReason)


def _part_of(parts: Mapping[str, Part], field: str | None) -> Part | None:
    if not field:
        return None
    found = parts.get(field)
    return found or next((part for name, part in parts.items() if name.startswith(f"{field}.")), None)
