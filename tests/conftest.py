"""What holds for every test: no display needed, guards that fail whatever a test lets slip, and files in memory."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from hypothesis import settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.fonts=false")

IN_MEMORY = Path("/dev/shm")
"""Profiles of tests lie here where the system has it: each commit waits for the disk, and no test cuts the power."""
ROOM = 4 << 30

if IN_MEMORY.is_dir() and os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).free > ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))

pytest_plugins = ["helpers.guards", "helpers.postgres"]

settings.register_profile("desk", deadline=None, derandomize=True)
settings.register_profile("soak", deadline=None, max_examples=5_000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "desk"))
