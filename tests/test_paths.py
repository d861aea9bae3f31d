"""What ships with the program is found from a checkout, a wheel and a frozen build; a profile is one folder."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from travellr_desktop import paths
from travellr_desktop.errors import DatabaseReadOnly, ResourceMissing, StorageRefusal
from travellr_desktop.paths import Profile, migrations, resource

ROOT = Path(__file__).resolve().parents[1]


def test_a_checkout_has_its_own_folders() -> None:
    assert resource() == ROOT / "resources"
    assert migrations() == ROOT / "migrations"
    assert resource("style", "tokens.json").is_file()


def test_a_frozen_build_has_them_beside_its_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    icon = tmp_path / "travellr_desktop" / "_data" / "resources" / "icons" / "a.svg"
    icon.parent.mkdir(parents=True)
    icon.touch()
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resource("icons", "a.svg") == icon


@pytest.mark.slow
def test_a_wheel_carries_them_and_finds_them(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    installed = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    found = subprocess.run(
        [
            sys.executable,
            "-c",
            "from travellr_desktop.paths import *; print(resource('style', 'tokens.json')); print(migrations())",
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=True,
    )
    data = installed / "travellr_desktop" / "_data"
    assert found.stdout.split() == [
        str(data / "resources" / "style" / "tokens.json"),
        str(data / "migrations"),
    ]
    assert "travellr = travellr_desktop.__main__:main" in next(
        installed.glob("*.dist-info/entry_points.txt")
    ).read_text(encoding="utf-8")


def test_a_missing_file_is_named_in_full(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(ResourceMissing, match=str(ROOT / "resources" / "icons" / "nowhere.svg")):
        resource("icons", "nowhere.svg")
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    with pytest.raises(ResourceMissing, match="migrations"):
        migrations()


def test_importing_makes_nothing(tmp_path: Path) -> None:
    subprocess.run(
        [
            sys.executable,
            "-c",
            "import travellr_desktop.paths, travellr_desktop.config, travellr_desktop.logs",
        ],
        env={**os.environ, "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)},
        check=True,
    )
    assert list(tmp_path.iterdir()) == []


def test_a_profile_is_one_folder_for_its_owner_alone(tmp_path: Path) -> None:
    profile = Profile.at(tmp_path / "desk")
    assert not profile.folder.exists()
    assert profile.make() == profile.make()
    assert sorted(p.name for p in profile.folder.iterdir()) == ["backups", "documents", "locks", "logs"]
    places = (profile.database, profile.sandbox, profile.settings, profile.window)
    assert [p.name for p in places] == ["travellr.db", "sandbox.db", "settings.toml", "window.ini"]
    assert {p.parent for p in places} == {profile.folder}
    if sys.platform != "win32":
        assert profile.folder.stat().st_mode & 0o077 == 0


def test_the_default_profile_lies_where_the_system_keeps_such_data() -> None:
    assert Path.home() in Profile.default().folder.parents
    assert Profile.default().folder.name == paths.APP_NAME


def test_a_tilde_is_the_home_folder() -> None:
    assert Profile.at("~/desk").folder == Path.home() / "desk"


def test_a_profile_on_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "desk").touch()
    with pytest.raises(StorageRefusal, match="cannot be made") as refused:
        Profile.at(tmp_path / "desk").make()
    assert "--profile" in refused.value.hint


def test_a_profile_in_a_place_that_cannot_be_written_is_refused() -> None:
    with pytest.raises((DatabaseReadOnly, StorageRefusal), match="/proc/desk"):
        Profile.at("/proc/desk").make()
