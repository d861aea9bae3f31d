"""`travellr sandbox`: serves until it is told to end."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from travellr_desktop.payments.sandbox.http_server import HttpSandbox

_ENDING = (signal.SIGINT, signal.SIGTERM)


def serve(path: Path, port: int, *, as_json: bool, say: Callable[[str], None]) -> None:
    """Serve the sandbox's file at `path` until SIGINT or SIGTERM; says one line when it answers. Call it on the main
    thread.

    Raises `StorageRefusal` for a file that cannot be used and `InvalidInput` for a port that is taken."""
    ending = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        ending.set()

    before = {number: signal.signal(number, end) for number in _ENDING}
    try:
        with HttpSandbox(path, port) as server:
            say(_ready(server, path, as_json))
            while not ending.wait(0.5):  # a wait without an end would not let a signal through everywhere
                pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ready(server: HttpSandbox, path: Path, as_json: bool) -> str:
    if as_json:
        told = {"ok": True, "address": server.address, "port": server.port, "file": str(path)}
        return json.dumps(told, ensure_ascii=False)
    return f"The sandbox answers at {server.address} (file {path}). Ctrl+C ends it."
