"""The test's side of `helpers.crash_server`: plays a story, kills it where it is told to, restarts."""

from __future__ import annotations

import hashlib
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
        self._left: dict[str, list[tuple[list[Boundary], Path]]] = {}
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

    def play(
        self, part: str, folder: Path, story: str = "", at: Boundary | None = None, keep: Path | None = None
    ) -> dict[str, Any]:
        """What the child told, or None where it was killed. Fails where it fell over by itself."""
        job = {
            "part": part,
            "folder": str(folder),
            "story": story,
            "at": asdict(at) if at else None,
            "keep": str(keep) if keep else None,
        }
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
        folder, told = self._played(story)
        return [Boundary(**at) for at in told["kept"]], told, self.after(story, folder)

    def left_behind(self, story: str) -> list[tuple[list[Boundary], Path]]:
        """What a death at each boundary leaves behind: the files as they were there, in one playing of the story.

        Boundaries between which not a byte was written leave the same behind, and stand together."""
        if story not in self._left:
            shutil.rmtree(self._played(story)[0])
        return self._left.pop(story)

    def _played(self, story: str) -> tuple[Path, dict[str, Any]]:
        """The folder of a story that nothing disturbed, and what it told; what it left on the way is kept."""
        folder = self.fresh(story)
        keep = folder.with_suffix(".kept")
        told = self.play("act", folder, story, keep=keep)["told"]
        found: dict[str, tuple[list[Boundary], Path]] = {}
        for number, at in enumerate(told["kept"]):
            place = keep / str(number)
            boundaries, first = found.setdefault(_content(place), ([], place))
            boundaries.append(Boundary(**at))
            if first is not place:
                shutil.rmtree(place)
        self._left[story] = list(found.values())
        return folder, told

    def after(self, story: str, folder: Path, part: str = "after") -> dict[str, Any]:
        """How everything stands after the program was started again in what was left behind."""
        told: dict[str, Any] = self.play(part, folder, story)["told"]
        shutil.rmtree(folder)
        return told

    def dead(self, story: str, at: Boundary) -> Path:
        """The folder of a story that was killed there."""
        folder = self.fresh(story)
        answer = self.play("act", folder, story, at)
        assert answer["signal"] == signal.SIGKILL, f"{story} was not killed {at}"
        return folder

    def killed(self, story: str, at: Boundary, after: str = "after") -> dict[str, Any]:
        """How everything stands after the story was killed there and the program was started again."""
        return self.after(story, self.dead(story, at), after)

    def left(self, story: str, folder: Path) -> dict[str, Any]:
        """How everything stands in what was left behind."""
        told: dict[str, Any] = self.play("left", folder, story)["told"]
        return told


def _content(folder: Path) -> str:
    """All that is in the files of a folder. Who opens a database first makes its shared memory anew."""
    found = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.name.endswith("-shm"):
            found.update(str(file.relative_to(folder)).encode() + b"\0")
            found.update(hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()
