"""The one style sheet: colours and boxes of Qt's own widgets, from the tokens.

It holds no font sizes (see fonts.py). Parts that paint themselves take nothing from it.
"""

from __future__ import annotations

from travellr_desktop.ui.theme.tokens import Palette, Tokens


def build(tokens: Tokens, palette: Palette, *, dark: bool, scale: float) -> str:
    """The sheet of one palette. Mode and scale stand in its first line: no two states share a text."""
    mode = "dark" if dark else "light"
    blocks = [
        f"/* {mode} {scale:.2f} */",
        _labels(palette),
        _fields(tokens, palette),
        _popups(tokens, palette),
        _views(palette),
        _scroll_bars(tokens, palette),
    ]
    return "\n".join(blocks)


def css(value: str) -> str:
    """A token colour as a style sheet wants it: `#RRGGBBAA` becomes `rgba(…)`."""
    if len(value) != 9:
        return value
    red, green, blue, alpha = (int(value[i : i + 2], 16) for i in (1, 3, 5, 7))
    return f"rgba({red}, {green}, {blue}, {alpha})"


def _labels(palette: Palette) -> str:
    tones = {name: css(value) for name, value in palette.role.items()}
    tones |= {name: status.text for name, status in palette.status.items()}
    rules = [f'QLabel[tone="{name}"] {{ color: {value}; }}' for name, value in tones.items()]
    return "\n".join(["QLabel { background: transparent; }", *rules])


def _fields(tokens: Tokens, palette: Palette) -> str:
    role, radius = palette.role, tokens.radius["control"]
    return f"""
QLineEdit, QPlainTextEdit, QTextEdit {{
    background: {role["raised"]}; color: {role["text"]};
    border: 1px solid {role["border_control"]}; border-radius: {radius}px; padding: 0 11px;
    selection-background-color: {role["selection_strong"]}; selection-color: {role["on_selection"]};
    placeholder-text-color: {role["text_muted"]};
}}
QPlainTextEdit, QTextEdit {{ padding: 6px 7px; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus {{
    border: 2px solid {role["focus"]}; padding: 0 10px;
}}
QPlainTextEdit:focus, QTextEdit:focus {{ padding: 5px 6px; }}
QLineEdit:disabled, QPlainTextEdit:disabled, QTextEdit:disabled {{
    background: {role["disabled_fill"]}; color: {role["text_disabled"]}; border-color: {role["border"]};
}}
QSpinBox[part="count"] {{ background: transparent; }}
QLineEdit[part="bare"], QLineEdit[part="bare"]:focus, QLineEdit[part="bare"]:disabled {{
    background: transparent; border: none; padding: 0;
}}
"""


def _popups(tokens: Tokens, palette: Palette) -> str:
    role = palette.role
    return f"""
QToolTip {{
    background: {role["tooltip"]}; color: {role["on_tooltip"]}; border: none; padding: 4px 8px;
}}
QMenu {{
    background: {role["raised"]}; color: {role["text"]};
    border: 1px solid {role["border"]}; border-radius: {tokens.radius["card"]}px; padding: 4px;
}}
QMenu::item {{
    padding: 6px 16px 6px 16px; border-radius: {tokens.radius["key"]}px; background: transparent;
}}
QMenu::item:selected {{ background: {role["selection"]}; color: {role["on_selection"]}; }}
QMenu::item:disabled {{ color: {role["text_disabled"]}; background: transparent; }}
QMenu::icon {{ left: 8px; }}
QMenu::indicator {{ left: 8px; }}
QMenu::separator {{ height: 1px; background: {role["divider"]}; margin: 4px 0; }}
QAbstractItemView[part="choices"] {{
    background: {role["raised"]}; color: {role["text"]};
    border: 1px solid {role["border"]}; padding: 4px; outline: none;
    selection-background-color: {role["selection"]}; selection-color: {role["on_selection"]};
}}
QAbstractItemView[part="choices"]::item {{
    min-height: 28px; padding: 0 4px; border-radius: {tokens.radius["key"]}px;
}}
QAbstractItemView[part="choices"]::item:selected, QAbstractItemView[part="choices"]::item:hover {{
    background: {role["selection"]}; color: {role["on_selection"]};
}}
"""


def _views(palette: Palette) -> str:
    role = palette.role
    return f"""
QScrollArea, QScrollArea > QWidget > QWidget[part="scrolled"] {{ background: transparent; border: none; }}
QAbstractScrollArea::corner {{ background: transparent; border: none; }}
QTableView, QListView, QTreeView {{
    background: {role["surface"]}; color: {role["text"]}; border: none; outline: none;
    gridline-color: {role["divider"]};
    selection-background-color: {role["selection"]}; selection-color: {role["on_selection"]};
}}
QHeaderView, QHeaderView::section {{
    background: {role["subtle"]}; color: {role["text_secondary"]}; border: none;
}}
QSplitter::handle {{ background: {role["border"]}; }}
QSplitter::handle:horizontal {{ width: 1px; }}
QSplitter::handle:vertical {{ height: 1px; }}
"""


def _scroll_bars(tokens: Tokens, palette: Palette) -> str:
    wide, round_by = tokens.size["scrollbar"], tokens.radius["scrollbar"]
    thumb, thumb_hover = palette.role["border_control"], palette.role["text_muted"]
    return f"""
QScrollBar {{ background: transparent; border: none; margin: 0; }}
QScrollBar:vertical {{ width: {wide}px; }}
QScrollBar:horizontal {{ height: {wide}px; }}
QScrollBar::handle {{ background: {thumb}; border-radius: {round_by}px; margin: 2px; }}
QScrollBar::handle:hover, QScrollBar::handle:pressed {{ background: {thumb_hover}; }}
QScrollBar::handle:vertical {{ min-height: 32px; }}
QScrollBar::handle:horizontal {{ min-width: 32px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""
