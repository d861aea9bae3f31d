"""The folder that files were last read from or saved in, which the next question where begins with."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings, QStandardPaths

_KEY = "export/folder"


def last_folder(memory: QSettings) -> Path:
    """The last one while it is there, else the person's documents."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    kept = Path(str(memory.value(_KEY, documents)))
    return kept if kept.is_dir() else Path(documents)


def keep_folder(memory: QSettings, file: Path) -> None:
    """Remember where `file` is."""
    memory.setValue(_KEY, str(file.parent))
