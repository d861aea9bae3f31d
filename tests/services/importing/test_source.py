"""Files as people have them: encodings, separators, texts over several lines, quotes that do not match."""

from __future__ import annotations

from pathlib import Path

import pytest

from travellr_desktop.errors import InvalidInput
from travellr_desktop.services.importing import source
from travellr_desktop.services.importing.source import NotReadable, Source, parse, read

TEXT = "name;born;note\r\nJürgen Đukić;1980-02-01;one\r\n"


def cells(found: Source) -> list[tuple[int, tuple[str, ...]]]:
    return [(record.number, record.cells) for record in found.records()]


@pytest.mark.parametrize(
    ("data", "called"),
    [
        (TEXT.encode("utf-8"), "UTF-8"),
        (TEXT.encode("utf-8-sig"), "UTF-8"),
        (TEXT.encode("utf-16"), "UTF-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "UTF-16"),
        (TEXT.replace("Đukić", "Ducic").encode("cp1252"), "Windows-1252"),
    ],
)
def test_the_encoding_is_found_out(data: bytes, called: str) -> None:
    found = parse(data, "t.csv")
    assert source.ENCODINGS[found.encoding] == called
    assert found.header == ("name", "born", "note")
    assert cells(found)[0][1][0].startswith("Jürgen Đu" if "1252" not in called else "Jürgen Du")


def test_an_encoding_that_cannot_be_told_can_be_said() -> None:
    data = TEXT.encode("cp1250")
    assert cells(parse(data, "t.csv", "cp1250"))[0][1][0] == "Jürgen Đukić"
    with pytest.raises(NotReadable):
        parse(data, "t.csv", "utf-8-sig")
    with pytest.raises(InvalidInput):
        parse(data, "t.csv", "koi8")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found_out_and_others_are_text(separator: str) -> None:
    text = separator.join(["name", '"a, b; c"', "x"]) + "\n" + separator.join(["Ana", '"1,5; 2"', "y"])
    found = parse(text.encode(), "t.csv")
    assert found.separator == separator
    assert cells(found) == [(2, ("Ana", "1,5; 2", "y"))]


def test_a_cell_of_several_lines_is_one_row_and_empty_rows_count_without_being_there() -> None:
    text = 'name,note\nAna,"first\nsecond, third"\n\n , \nBo,"say ""hi"""\n'
    assert cells(parse(text.encode(), "t.csv")) == [
        (2, ("Ana", "first\nsecond, third")),
        (5, ("Bo", 'say "hi"')),
    ]


def test_quotes_that_do_not_match_are_one_fault_and_what_follows_is_read() -> None:
    text = 'name,note\nAna,"ab"c\nBo,fine\nCy,"open\nDi,never closed\n'
    found = list(parse(text.encode(), "t.csv").records())
    assert [(each.number, bool(each.broken)) for each in found] == [(2, True), (3, False), (4, True)]
    assert found[1].cells == ("Bo", "fine")
    assert "line 2 was not read" in found[0].broken
    assert "lines 4 to 5 were not read" in found[2].broken


@pytest.mark.parametrize(
    "data",
    [b"", b"\n\nname\n", b"PK\x03\x04\x00\x00\x00", b",".join([b"a"] * 201), b",,\nx,y,z", b"\xff\xfea"],
)
def test_what_is_no_table_is_refused(data: bytes) -> None:
    with pytest.raises(NotReadable):
        parse(data, "t.csv")


def test_a_file_that_cannot_be_read_or_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        read(tmp_path / "nowhere.csv")
    monkeypatch.setattr(source, "LARGEST", 10)
    (tmp_path / "large.csv").write_text("name\n" + "x" * 20)
    with pytest.raises(NotReadable):
        read(tmp_path / "large.csv")
