"""What the typesetter says when the program's own files are not as they should be."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.vouchers import VOUCHER
from travellr_desktop import paths
from travellr_desktop.errors import ResourceMissing
from travellr_desktop.services.typeset import DocumentFailed, template_words, typeset
from travellr_desktop.services.voucher import render_voucher


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what ships with the program, to be damaged; its `resources` folder."""
    shutil.copytree(paths.resource("templates"), tmp_path / "resources" / "templates")
    shutil.copytree(paths.resource("fonts"), tmp_path / "resources" / "fonts")
    monkeypatch.setattr(paths, "data_root", lambda: tmp_path)
    return tmp_path / "resources"


def test_a_whole_copy_prints_the_same_bytes(shipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = render_voucher(VOUCHER)
    monkeypatch.undo()
    assert render_voucher(VOUCHER) == there


@pytest.mark.parametrize(
    "lost",
    [
        "templates",
        "fonts",
        "templates/voucher.typ",
        "templates/base.typ",
        "templates/words/en.json",
        "fonts/fallback",
    ],
)
def test_a_missing_part_is_named(shipped: Path, lost: str) -> None:
    path = shipped / lost
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    with pytest.raises(ResourceMissing) as refused:
        render_voucher(VOUCHER)
    assert "missing" in str(refused.value)


def test_a_damaged_words_file_is_named(shipped: Path) -> None:
    (shipped / "templates" / "words" / "en.json").write_text("{", "utf-8")
    with pytest.raises(ResourceMissing, match=r"en\.json"):
        template_words("en_GB", "voucher")


def test_a_template_that_cannot_be_set_is_a_refusal_with_the_typesetters_words(shipped: Path) -> None:
    (shipped / "templates" / "broken.typ").write_text("#nothing-of-that-name", "utf-8")
    with pytest.raises(DocumentFailed, match="unknown variable"):
        typeset("broken", {})


def test_a_translation_is_taken_before_its_language_and_that_before_english(shipped: Path) -> None:
    words = shipped / "templates" / "words"
    (words / "pt.json").write_text('{"voucher": {"paid": "Pago"}}', "utf-8")
    (words / "pt_BR.json").write_text('{"voucher": {"paid": "Já pago"}}', "utf-8")
    assert template_words("pt-BR", "voucher")["paid"] == "Já pago"
    assert template_words("pt_PT", "voucher")["paid"] == "Pago"
    assert template_words("nb_NO", "voucher")["paid"] == "Paid"


def test_the_typesetter_is_not_loaded_before_the_first_document() -> None:
    code = (
        "import sys, travellr_desktop.services.voucher; print('typst' in sys.modules, 'segno' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["False", "False"]
