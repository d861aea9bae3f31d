"""An Excel file, read again by what the format says."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import IO
from xml.etree import ElementTree as ET

NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
Cell = str | float


def sheets(path: Path | IO[bytes]) -> dict[str, list[list[Cell | None]]]:
    """Every sheet by its name, its rows as text and numbers."""
    with zipfile.ZipFile(path) as file:
        book = ET.fromstring(file.read("xl/workbook.xml"))
        names = [each.attrib["name"] for each in book.findall(".//m:sheet", NS)]
        shared = _shared(file)
        found = {}
        for number, name in enumerate(names, 1):
            sheet = ET.fromstring(file.read(f"xl/worksheets/sheet{number}.xml"))
            assert not sheet.findall(".//m:f", NS), "there are no formulas"
            found[name] = [
                [_cell(cell, shared) for cell in row.findall("m:c", NS)]
                for row in sheet.findall(".//m:row", NS)
            ]
    return found


def _shared(file: zipfile.ZipFile) -> list[str]:
    """The texts that cells name by number; none in a file that has each in its cell."""
    if "xl/sharedStrings.xml" not in file.namelist():
        return []
    table = ET.fromstring(file.read("xl/sharedStrings.xml"))
    return ["".join(each.itertext()) for each in table.findall("m:si", NS)]


def _cell(cell: ET.Element, shared: list[str]) -> Cell | None:
    text = cell.find(".//m:t", NS)
    if text is not None:
        return text.text or ""
    value = cell.find("m:v", NS)
    if value is None or value.text is None:
        return None
    return shared[int(value.text)] if cell.attrib.get("t") == "s" else float(value.text)
