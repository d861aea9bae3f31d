"""The test's side of `helpers.crash_server`: plays a story, kills it where it is told to, restarts."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

from helpers.crashes import STORIES, Boundary

TESTS = Path(__file__).resolve().parents[1]


class CrashRunner:
    """A server, and a folder in which each story's beginning is made once and copied for every death."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._number = 0
        self._lock = threading.Lock()
        self._log = (folder / "server.log").open("w+")
        paths = [str(TESTS), str(TESTS.parent), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
        self._server = subprocess.Popen(
            [sys.executable, "-m", "helpers.crash_server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in paths if path)},
        )

    def close(self) -> None:
        """The server ends when nothing more can come."""
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.close()
        self._server.wait(30)
        self._server.stdout.close()
        self._log.close()

    def play(self, part: str, folder: Path, story: str = "", at: Boundary | None = None) -> dict[str, Any]:
        """What the child told, or None where it was killed. Fails where it fell over by itself."""
        job = {"part": part, "folder": str(folder), "story": story, "at": asdict(at) if at else None}
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        with self._lock:
            print(json.dumps(job), file=self._server.stdin, flush=True)
            answer: dict[str, Any] = json.loads(self._server.stdout.readline())
        if answer["failed"]:
            self._log.seek(0)
            raise AssertionError(f"{part} of {story!r} failed:\n{self._log.read()[-6000:]}")
        return answer

    def beginning(self, story: str) -> Path:
        """A folder in which everything that comes before the story has happened."""
        made = self.folder / f"before {story}"
        if not made.exists():
            agency = self.folder / "agency"
            if not agency.exists():
                self.play("make", agency)
            shutil.copytree(agency, made)
            answer = self.play("before", made, story)
            assert answer["signal"] == (signal.SIGKILL if STORIES[story].cut else None)
        return made

    def fresh(self, story: str) -> Path:
        """A copy of it for one death."""
        self._number += 1
        copy = self.folder / f"{self._number}"
        shutil.copytree(self.beginning(story), copy)
        return copy

    def undisturbed(self, story: str) -> tuple[list[Boundary], dict[str, Any], dict[str, Any]]:
        """Where the story can be cut, what it told, and how everything stands after it when it is not."""
        folder = self.fresh(story)
        told = self.play("act", folder, story)["told"]
        boundaries = [
            Boundary(number, moment, name)
            for number, name in enumerate(told["commits"])
            for moment in ("before", "after")
        ]
        boundaries += [Boundary(number, "reply") for number in range(told["replies"])]
        return boundaries, told, self.play("after", folder, story)["told"]

    def killed(self, story: str, at: Boundary, after: str = "after") -> dict[str, Any]:
        """How everything stands after the story was killed there and the program was started again."""
        folder = self.fresh(story)
        answer = self.play("act", folder, story, at)
        assert answer["signal"] == signal.SIGKILL, f"{story} was not killed {at}"
        told: dict[str, Any] = self.play(after, folder, story)["told"]
        shutil.rmtree(folder)
        return told
