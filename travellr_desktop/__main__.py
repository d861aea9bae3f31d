"""`python -m travellr_desktop` and the command `travellr`."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line and gives its exit code; `arguments` are those of the process by default."""
    from travellr_desktop.cli import run  # late: what only asks for the version need not wait

    return run(sys.argv[1:] if arguments is None else arguments)


if __name__ == "__main__":
    sys.exit(main())
