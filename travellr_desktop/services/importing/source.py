"""A CSV file as people have them: in any of four encodings, with any of four separators, texts over several lines."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from travellr_desktop.errors import InvalidInput

LARGEST = 200 * 1024 * 1024
"""Bytes of a file."""

MOST_COLUMNS = 200

ENCODINGS = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
}
"""What can be read, and what it is called."""

_SEPARATORS = (",", ";", "\t", "|")


class NotReadable(InvalidInput):
    """The file is no table that can be read."""

    hint = "Save it from the spreadsheet as CSV (UTF-8), with the names of the columns in the first row."


@dataclass(frozen=True, slots=True)
class Record:
    """A row of the file, `number` as a spreadsheet counts it: the names of the columns are row 1. `broken` says why it
    could not be read, or is ""."""

    number: int
    cells: tuple[str, ...]
    broken: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read whole. `digest` is SHA-256 over its bytes."""

    name: str
    encoding: str
    separator: str
    header: tuple[str, ...]
    digest: str
    text: str

    def records(self) -> Iterator[Record]:
        """The rows below the names of the columns, without empty ones."""
        reader = csv.reader(io.StringIO(self.text, newline=""), delimiter=self.separator, strict=True)
        number, line = 0, 0
        while True:
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                last = reader.line_num
                where = f"lines {line + 1} to {last} were" if last > line + 1 else f"line {last} was"
                yield Record(number, (), f"The quotes in this row do not match: {where} not read.")
                line = last
                continue
            line = reader.line_num
            if number > 1 and any(cell.strip() for cell in cells):
                yield Record(number, tuple(cells))

    def count(self) -> int:
        """How many rows there are."""
        return sum(1 for _ in self.records())


def read(path: Path, encoding: str = "") -> Source:
    """Read a file; an empty `encoding` finds out which it is. Raises `NotReadable`, `InvalidInput(field="file")`."""
    try:
        if path.stat().st_size > LARGEST:
            raise NotReadable(
                f"{path.name} has more than {LARGEST // 1024 // 1024} MB.", hint="Split it.", field="file"
            )
        data = path.read_bytes()
    except OSError as error:
        raise InvalidInput(
            f"{path.name} cannot be read: {error.strerror}.", hint="Choose another file.", field="file"
        ) from error
    return parse(data, path.name, encoding)


def parse(data: bytes, name: str, encoding: str = "") -> Source:
    """The bytes of a file. Raises `NotReadable`."""
    if encoding and encoding not in ENCODINGS:
        raise InvalidInput(f"{encoding} is not known.", field="encoding")
    found = encoding or _encoding(data)
    try:
        text = data.decode(found)
    except UnicodeError as error:
        raise NotReadable(f"{name} is not written in {ENCODINGS[found]}.", field="file") from error
    if "\0" in text:
        raise NotReadable(f"{name} is not a text file.", field="file")
    separator = _separator(text)
    try:
        header = next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])
    except csv.Error as error:
        raise NotReadable(f"The first row of {name} cannot be read.", field="file") from error
    names = tuple(cell.strip() for cell in header)
    if not any(names):
        raise NotReadable(f"{name} has no names of columns in its first row.", field="file")
    if len(names) > MOST_COLUMNS:
        raise NotReadable(f"{name} has {len(names):,} columns.", field="file")
    return Source(name, found, separator, names, hashlib.sha256(data).hexdigest(), text)


def _encoding(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # what Excel saves as CSV in western Europe; some bytes mean nothing there and something further east
        try:
            data.decode("cp1252")
        except UnicodeDecodeError:
            return "cp1250"
        return "cp1252"
    return "utf-8-sig"


def _separator(text: str) -> str:
    """The one that stands most often in the first row, outside of quotes."""
    counts = dict.fromkeys(_SEPARATORS, 0)
    quoted = False
    for ch in text:
        if ch == '"':
            quoted = not quoted
        elif ch in "\r\n" and not quoted:
            break
        elif ch in counts and not quoted:
            counts[ch] += 1
    return max(_SEPARATORS, key=lambda each: counts[each])
