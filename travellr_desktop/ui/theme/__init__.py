"""The look as values and as a running theme: `Theme`, `Mode`, `Tokens`."""

from travellr_desktop.ui.theme.theme import Mode, Theme
from travellr_desktop.ui.theme.tokens import (
    Palette,
    StatusLook,
    Tokens,
    TypeRole,
    load_tokens,
)

__all__ = [
    "Mode",
    "Palette",
    "StatusLook",
    "Theme",
    "Tokens",
    "TypeRole",
    "load_tokens",
]
