"""What the look settings keep in the profile's `window.ini`, and how it is read when the program starts."""

from __future__ import annotations

from typing import Any, Protocol

TEXT_SCALE = "theme/text_scale"

SCALES = (100, 110, 125, 150, 175, 200)
"""Text sizes offered, in per cent."""


class Settings(Protocol):
    """What is needed of QSettings."""

    def value(self, key: str, /, defaultValue: Any = None) -> Any: ...  # noqa: N803 - as Qt spells it

    def setValue(self, key: str, value: Any, /) -> None: ...


def text_scale(memory: Settings) -> float:
    """The size of text that was chosen last, 1.0 to 2.0; 1.0 where none was or it makes no sense."""
    try:
        scale = float(str(memory.value(TEXT_SCALE, 1.0)))
    except ValueError:
        return 1.0
    return scale if 1.0 <= scale <= 2.0 else 1.0


def keep_text_scale(memory: Settings, scale: float) -> None:
    memory.setValue(TEXT_SCALE, scale)
