"""Type: one table from role to font, and the only place where the text size is scaled.

Style sheets carry no sizes: a `QFont` set by role keeps its tabular figures and follows the scale.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication

from travellr_desktop.ui.theme.tokens import Tokens

_KNOWN = "travellr_fonts"
# TrueType outlines on purpose: FreeType thickens CFF ones, and pale text on dark looks bold.
_FILES = (
    "Inter-Regular.ttf",
    "Inter-Medium.ttf",
    "Inter-SemiBold.ttf",
    "InterDisplay-SemiBold.ttf",
)
_WEIGHTS = {
    400: QFont.Weight.Normal,
    500: QFont.Weight.Medium,
    600: QFont.Weight.DemiBold,
}


# For names in scripts that Inter lacks; Qt turns to them by itself. It knows all of them in 2 ms.
_OTHER_SCRIPTS = (
    "NotoSansArabic-Regular.ttf",
    "NotoSansArmenian-Regular.ttf",
    "NotoSansCJKsc-Regular.otf",
    "NotoSansDevanagari-Regular.ttf",
    "NotoSansGeorgian-Regular.ttf",
    "NotoSansHebrew-Regular.ttf",
    "NotoSansThai-Regular.ttf",
    "NotoEmoji-Regular.ttf",
)


def register(app: QGuiApplication, folder: Path) -> None:
    """Make the bundled families known to Qt, once an application.

    Raises FileNotFoundError naming the file that is missing or unreadable.
    """
    if app.property(_KNOWN):
        return
    files = [folder / name for name in _FILES] + [folder / "fallback" / name for name in _OTHER_SCRIPTS]
    for file in files:
        if QFontDatabase.addApplicationFont(str(file)) < 0:
            raise FileNotFoundError(file)
    app.setProperty(_KNOWN, True)


class Fonts:
    """Fonts by role at one text scale (1.0 = 100 %). Fonts are shared values: copy before changing one."""

    def __init__(self, tokens: Tokens, scale: float = 1.0) -> None:
        self._tokens = tokens
        self.scale = scale
        self._fonts = {role: self._make(role, zero=False) for role in tokens.type}
        self._references = {role: self._make(role, zero=True) for role in tokens.type}

    def font(self, role: str, *, reference: bool = False) -> QFont:
        """The font of a role; `reference` has the slashed zero of booking and voucher numbers."""
        return (self._references if reference else self._fonts)[role]

    def line(self, role: str) -> int:
        """Distance of two baselines in pixels, scaled."""
        return round(self._tokens.type[role].line * self.scale)

    def _make(self, role: str, *, zero: bool) -> QFont:
        spec = self._tokens.type[role]
        font = QFont(self._tokens.display_family if spec.display else self._tokens.text_family)
        font.setPixelSize(round(spec.px * self.scale))
        font.setWeight(_WEIGHTS[spec.weight])
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        font.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
        font.setFeature(QFont.Tag.fromString("tnum"), 1)
        if zero:
            font.setFeature(QFont.Tag.fromString("zero"), 1)
        if spec.tracking:
            font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, spec.tracking * self.scale)
        return font
