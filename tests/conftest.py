"""What holds for every test: no display needed, and guards that fail whatever a test lets slip."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.fonts=false")

pytest_plugins = ["helpers.guards"]
