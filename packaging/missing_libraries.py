"""Prints the shared libraries that Qt needs and this system does not have, on one line; nothing where all are there.

`all`: for a window on a display. `offscreen`: for pictures and tests alone.
"""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

OFFSCREEN = (
    "lib/libQt6Core.so.6",
    "lib/libQt6Gui.so.6",
    "lib/libQt6Widgets.so.6",
    "lib/libQt6Svg.so.6",
    "lib/libQt6DBus.so.6",
    "plugins/platforms/libqoffscreen.so",
)
DISPLAY = ("plugins/platforms/libqxcb.so",)


def missing(files: tuple[str, ...]) -> list[str]:
    found = find_spec("PySide6")
    if found is None or found.origin is None:
        raise SystemExit("PySide6 is not installed")
    qt = Path(found.origin).parent / "Qt"
    names = set()
    for file in files:
        told = subprocess.run(["ldd", str(qt / file)], capture_output=True, text=True, check=False).stdout
        names |= {line.split("=>")[0].strip() for line in told.splitlines() if "not found" in line}
    return sorted(names)


if __name__ == "__main__":
    print(", ".join(missing(OFFSCREEN if sys.argv[1:] == ["offscreen"] else OFFSCREEN + DISPLAY)))
