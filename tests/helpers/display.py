"""A display of one's own, a window on it, and a keyboard: real key events, no mouse."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parents[1]
MISSING = [program for program in ("Xvfb", "xdotool") if shutil.which(program) is None]
"""What this machine lacks for it."""

PATIENCE_S = 20.0
LOOK_EVERY_S = 0.01
"""Between two looks at the window: who looks all the time takes its processor away."""


class NotSo(AssertionError):
    """What was waited for did not come."""


@contextmanager
def display(size: str = "1440x900x24") -> Iterator[Mapping[str, str]]:
    """A virtual X server; gives the environment of those who use it."""
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", size, "-nolisten", "tcp", "-noreset"],
        pass_fds=(write,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise NotSo("Xvfb did not start")
        yield {**os.environ, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb", "WAYLAND_DISPLAY": ""}
    finally:
        server.terminate()
        server.wait(20)


@dataclass
class Person:
    """Somebody who sits at the window with a keyboard, and sees what it shows."""

    child: subprocess.Popen[str]
    env: Mapping[str, str]

    def sees(self, expression: str) -> Any:
        """The value of an expression of `day_window`, now."""
        assert self.child.stdin is not None and self.child.stdout is not None
        self.child.stdin.write(expression.replace("\n", " ") + "\n")
        self.child.stdin.flush()
        line = self.child.stdout.readline()
        if not line:
            raise NotSo(f"the window is gone (exit code {self.child.wait(20)})")
        answer = json.loads(line)
        if "error" in answer:
            raise NotSo(f"{expression}\n{answer['error']}")
        return answer["value"]

    def until(self, expression: str, patience: float = PATIENCE_S) -> Any:
        """Wait until an expression is true; what cannot be looked at yet is not."""
        end = time.monotonic() + patience
        why = ""
        while time.monotonic() < end:
            try:
                if found := self.sees(expression):
                    return found
            except NotSo as error:
                if "window is gone" in str(error):
                    raise
                why = str(error)
            self.pause()
        raise NotSo(f"waited in vain: {expression}\n{why}")

    def pause(self) -> None:
        """Until it is time to look again, or the window ends."""
        with suppress(subprocess.TimeoutExpired):
            self.child.wait(LOOK_EVERY_S)

    def settled(self) -> None:
        """Until nothing runs in the background and the right window has the keyboard."""
        self.until("running == 0")
        if self.sees("QApplication.activePopupWidget() is not None"):
            return  # it has taken the keyboard for itself
        front = self.until("front")
        self._xdotool("windowfocus", str(front))
        self.until("focus is not None")

    def keys(self, *keys: str) -> None:
        """Press keys one after the other, as xdotool names them: `F2`, `ctrl+Return`, `Tab`. Each is let settle."""
        for key in keys:
            self.settled()
            self._xdotool("key", "--clearmodifiers", key)
            self.until("True")  # the window has had its turn

    def types(self, text: str) -> None:
        """Type where the keyboard is, letter by letter."""
        self.settled()
        self._xdotool("type", "--delay", "4", text)
        self.until("True")

    def _xdotool(self, *arguments: str) -> None:
        subprocess.run(["xdotool", *arguments], env=dict(self.env), check=True, timeout=30)

    def picture(self, path: Path) -> None:
        """What the screen shows now."""
        escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
        self.sees(f'window.screen().grabWindow(0).save("{escaped}")')


@contextmanager
def person_at(profile: Path, env: Mapping[str, str], **settings: str) -> Iterator[Person]:
    """The program's window on a profile, opened as ever, and somebody at it."""
    path = os.pathsep.join([str(TESTS), str(TESTS.parent)])
    child = subprocess.Popen(
        [sys.executable, "-m", "helpers.day_window", str(profile)],
        env={**env, "PYTHONPATH": path, **settings},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=TESTS,
    )
    try:
        person = Person(child, env)
        person.until("window is not None and window.isVisible()")
        yield person
    finally:
        assert child.stdin is not None
        child.stdin.close()
        try:
            child.wait(60)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait(20)
        assert child.stdout is not None
        child.stdout.close()
