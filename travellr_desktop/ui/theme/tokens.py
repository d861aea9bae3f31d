"""The values of the look, read once from resources/style/tokens.json and never changed.

Colours are `#RRGGBB` or `#RRGGBBAA` (the last two digits are the opacity, as in CSS), lengths whole pixels
at 100 % text size, times milliseconds unless a name says otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from travellr_desktop.paths import resource


@dataclass(frozen=True, slots=True)
class StatusColour:
    """Three colours of one meaning: `text` is readable on `fill` and on every plain surface."""

    text: str
    fill: str
    line: str


@dataclass(frozen=True, slots=True)
class Palette:
    """All colours of one mode."""

    role: Mapping[str, str]
    status: Mapping[str, StatusColour]
    series: tuple[str, ...]
    grid: str
    axis: str


@dataclass(frozen=True, slots=True)
class TypeRole:
    """One size of text. `line` is the distance of two baselines."""

    px: int
    weight: int
    line: int
    display: bool
    tracking: float


@dataclass(frozen=True, slots=True)
class StatusLook:
    """How a state is shown; `filled` states are those in which somebody has to act."""

    colour: str
    icon: str
    word: str
    filled: bool


@dataclass(frozen=True, slots=True)
class Tokens:
    """The whole look. Mappings are read-only."""

    light: Palette
    dark: Palette
    text_family: str
    display_family: str
    type: Mapping[str, TypeRole]
    space: tuple[int, ...]
    radius: Mapping[str, int]
    size: Mapping[str, int]
    motion: Mapping[str, int]
    hold_wait_under_s: int
    hold_bad_under_s: int
    status: Mapping[str, StatusLook]
    nav_icon: Mapping[str, str]
    pay_icon: Mapping[str, str]


def _palette(raw: Mapping[str, Any]) -> Palette:
    return Palette(
        role=MappingProxyType(dict(raw["role"])),
        status=MappingProxyType({name: StatusColour(**value) for name, value in raw["status"].items()}),
        series=tuple(raw["series"]),
        grid=raw["grid"],
        axis=raw["axis"],
    )


def load_tokens(path: Path | None = None) -> Tokens:
    """Read the tokens; by default those of the program.

    Raises OSError when the file cannot be read, ValueError when it is not JSON, KeyError or TypeError when
    a value is missing or unknown: a program without its look is broken and says so at start-up.
    """
    raw = json.loads((path or resource("style", "tokens.json")).read_text(encoding="utf-8"))
    return Tokens(
        light=_palette(raw["colour"]["light"]),
        dark=_palette(raw["colour"]["dark"]),
        text_family=raw["type"]["text"],
        display_family=raw["type"]["display"],
        type=MappingProxyType({name: TypeRole(**value) for name, value in raw["type"]["role"].items()}),
        space=tuple(raw["space"]),
        radius=MappingProxyType(dict(raw["radius"])),
        size=MappingProxyType(dict(raw["size"])),
        motion=MappingProxyType(dict(raw["motion"])),
        hold_wait_under_s=raw["hold"]["wait_under_s"],
        hold_bad_under_s=raw["hold"]["bad_under_s"],
        status=MappingProxyType({name: StatusLook(**value) for name, value in raw["status"].items()}),
        nav_icon=MappingProxyType(dict(raw["icon"]["nav"])),
        pay_icon=MappingProxyType(dict(raw["icon"]["pay"])),
    )
