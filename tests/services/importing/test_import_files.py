"""Large files with known faults, the command line, and what was exported brought in again."""

from __future__ import annotations

import csv
import json
import random
from contextlib import closing
from pathlib import Path

import pytest

from helpers.catalogue import problems
from helpers.importing import Desktop, counts
from travellr_desktop.__main__ import main
from travellr_desktop.services.importing.columns import ImportKind
from travellr_desktop.services.importing.service import ImportOrder
from travellr_desktop.services.paged import ListQuery

TRAVELLERS = ImportKind.TRAVELLERS


def planted(path: Path, rows: int, faults: int) -> dict[int, str]:
    """A file of travellers, with faults of several kinds in known rows: by row the column at fault."""
    draw = random.Random(7)
    wrong = sorted(draw.sample(range(2, rows + 2), faults))
    kinds = {"E-mail": "nowhere", "Phone": "call me", "Born": "soon", "Name": "", "Country": "Atlantis"}
    expected = {row: list(kinds)[place % len(kinds)] for place, row in enumerate(wrong)}
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["Name", "E-mail", "Phone", "Born", "Country", "Remark"])
        for row in range(2, rows + 2):
            cells = {
                "Name": f"Đorđe Müller {row}",
                "E-mail": f"guest{row}@example.com",
                "Phone": f"+382 67 {row:06}",
                "Born": f"{1 + row % 28}.{1 + row % 12}.{1950 + row % 60}",
                "Country": "ME",
                "Remark": "two\nlines" if row % 97 == 0 else "",
            }
            if row in expected:
                cells[expected[row]] = kinds[expected[row]]
            writer.writerow(cells.values())
    return expected


@pytest.mark.parametrize("rows", [3_000, pytest.param(100_000, marks=pytest.mark.soak)])
def test_every_planted_fault_is_found_and_every_good_row_is_in(
    here: Desktop, tmp_path: Path, rows: int
) -> None:
    file = tmp_path / "planted.csv"
    expected = planted(file, rows, rows // 100)
    report = here.desk.services.imports.run(here.desk.admin, ImportOrder(TRAVELLERS, file))
    assert {fault.row: fault.column for fault in report.tally.faults} == expected
    assert counts(report) == (rows - len(expected), 0, 0, len(expected))
    faulty = tmp_path / "faulty.csv"
    order = ImportOrder(TRAVELLERS, file)
    assert here.desk.services.imports.save_faulty(here.desk.admin, order, report, faulty) == len(expected)
    with here.desk.database.read() as view:
        assert view.travellers.count() == rows - len(expected)
    assert here.desk.services.travellers.search(here.desk.agent, f"djordje {rows}")
    assert problems(here.desk) == []


# the command


def test_the_command_brings_a_file_in_and_tells_what_did_not(
    here: Desktop, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    order = here.order(TRAVELLERS, "Who;E-mail", "Ana;a@example.com", "Bo;nowhere")
    faulty = tmp_path / "faulty.csv"
    given = [
        "import",
        "travellers",
        str(order.path),
        "--map",
        "name=Who",
        "--profile",
        str(here.desk.profile.folder),
    ]
    assert main([*given, "--dry-run", "--json"]) == 1
    dry = json.loads(capsys.readouterr().out)
    assert (dry["dry_run"], dry["made"], here.travellers()) == (True, 1, [])
    assert main([*given, "--json", "--faulty", str(faulty)]) == 1
    told_json = json.loads(capsys.readouterr().out)
    assert (told_json["made"], told_json["faulty"]) == (1, 1)
    assert told_json["faults"][0]["row"] == 3
    assert "Bo;nowhere;" in faulty.read_text(encoding="utf-8-sig")
    assert main(given) == 1
    assert "Row 3, E-mail: This is not an email address." in capsys.readouterr().out
    assert main([*given[:4], "nonsense", *given[5:], "--json"]) == 2
    assert main(["import", "ships", str(order.path), "--json"]) == 2
    assert here.travellers() == [("Ana", "a@example.com")]


def test_what_was_exported_comes_in_as_it_went_out(here: Desktop, tmp_path: Path) -> None:
    desk = here.desk
    desk.add_departure()
    for kind in (ImportKind.VENDORS, ImportKind.TRIPS, ImportKind.DEPARTURES):
        file = tmp_path / f"{kind.value}.csv"
        opened = getattr(desk.services.lists, kind.value)(desk.admin, ListQuery())
        with closing(opened) as rows:
            desk.services.exports.to_csv(desk.admin, kind.value, rows, file)
        report = desk.services.imports.run(desk.admin, ImportOrder(kind, file, update=True))
        assert report.tally.faults == ()
        assert counts(report) == (0, 0, 1, 0)
