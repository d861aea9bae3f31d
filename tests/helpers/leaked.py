"""Searching whatever a program leaves behind for card numbers, keys and what somebody typed in confidence."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from pypdf import PdfReader

from travellr_desktop.logs import is_card_number

_KEY = re.compile(r"\b(?:sk|rk)_(?:test|live)_[A-Za-z0-9_]{4,}|\bwhsec_[A-Za-z0-9]{4,}")
_CLIENT_SECRET = re.compile(r"\b(?:pi|seti)_[A-Za-z0-9]+_secret_[A-Za-z0-9]+")
_DIGITS = re.compile(r"(?<![0-9A-Za-z.-])[2-6]\d{2,5}(?:[ -]?\d{2,6}){2,5}(?![0-9A-Za-z-])")


def leaked(text: str, secrets: Iterable[str] = (), *, provider: bool = False) -> list[str]:
    """What is in a text that must not be: anything that looks like a key, a card by its digits, and `secrets`. A
    provider's own file may have the secrets that it made for its objects, and nothing else of these."""
    found = _KEY.findall(text) + ([] if provider else _CLIENT_SECRET.findall(text))
    found += [digits for digits in _DIGITS.findall(text) if is_card_number(digits)]
    return found + [secret for secret in secrets if secret in text]


def leaked_in_files(folder: Path, secrets: Iterable[str] = ()) -> list[str]:
    """The same of every file below a folder, with its name; of what is packed into a document too. The provider's is
    the sandbox's."""
    secrets = tuple(secrets)
    return [
        f"{file.relative_to(folder)}: {each}"
        for file in sorted(folder.rglob("*"))
        if file.is_file()
        for text in _texts(file)
        for each in leaked(text, secrets, provider="sandbox.db" in file.name)
    ]


def _texts(file: Path) -> Iterator[str]:
    raw = file.read_bytes()
    yield raw.decode("latin-1")  # every byte is a letter, whatever the rest of the file is
    yield raw.decode("utf-8", "replace")
    yield raw.decode("utf-16-le", "replace")
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as packed:
            for name in packed.namelist():
                yield packed.read(name).decode("utf-8", "replace")
    if raw.startswith(b"%PDF"):
        for page in PdfReader(file).pages:
            yield page.extract_text()
