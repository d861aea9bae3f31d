"""What all commands of `travellr` share: how a report is told, the exit codes, the options for profile and JSON."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any, Protocol

import click

from travellr_desktop.paths import Profile

DONE, NO, COULD_NOT = 0, 1, 2


class Report(Protocol):
    """What a command has to say."""

    @property
    def ok(self) -> bool:
        """Whether the exit code is 0."""
        ...

    def as_json(self) -> Mapping[str, Any]:
        """For `--json`; nothing in it but what JSON knows."""
        ...

    def as_text(self) -> str:
        """For a person, in lines."""
        ...


def answer(make: Callable[[], Report], as_json: bool) -> int:
    # whatever a library prints while the report is made must not end up in the document
    with redirect_stdout(sys.stderr):
        report = make()
    click.echo(json.dumps(report.as_json(), ensure_ascii=False) if as_json else report.as_text())
    return DONE if report.ok else NO


def unseen(words: str, variable: str = "") -> str:
    """A password: of the environment where `variable` names one, else typed and not shown, else the next line that is
    sent in. It is never an argument: a command line stands in the list of programs, and in the shell's history. Raises
    `click.UsageError` where there is none."""
    if variable and (given := os.environ.get(variable)):
        return given
    if sys.stdin.isatty():
        return str(click.prompt(words, hide_input=True, err=True))
    if line := sys.stdin.readline().rstrip("\r\n"):
        return line
    where = f" or set {variable}" if variable else ""
    raise click.UsageError(f"There is no password: send it in as a line{where}.")


def profile_of(context: click.Context, folder: Path | None) -> Profile:
    """The folder given to the command, else the one given before it, else the one that is set, else the own."""
    from travellr_desktop.config import profile_from

    return profile_from(folder or context.obj)


def _folder(_context: click.Context, _option: click.Parameter, folder: Path | None) -> Path | None:
    # the folder was forgotten: the next option was taken for it
    if folder is not None and str(folder).startswith("-"):
        raise click.BadParameter(f"{folder} is an option, not a folder.")
    return folder


profile_option = click.option(
    "--profile",
    "folder",
    type=click.Path(path_type=Path),
    callback=_folder,
    metavar="DIR",
    help="The folder with the database, documents and settings.",
)
json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON document and nothing else."
)
