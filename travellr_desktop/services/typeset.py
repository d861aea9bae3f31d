"""Documents on paper: a template of `resources/templates` and its data become a PDF, or pictures of its pages.

Only the fonts in `resources/fonts` are used, so a document looks the same on every machine, and nothing of the
moment goes into it: the same data give the same bytes. The typst library is loaded with the first document.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from travellr_desktop import paths
from travellr_desktop.errors import Refusal, ResourceMissing

if TYPE_CHECKING:
    import typst


class DocumentFailed(Refusal):
    """A template could not be set; the message carries the typesetter's own words."""

    hint = "Nothing was written. Try again; if it happens again, report it with this message."


def typeset(template: str, data: Mapping[str, Any]) -> bytes:
    """The PDF of a template, named without its ending, filled with JSON-able data.

    The template finds the data as JSON text in `sys.inputs.data`.
    Raises `ResourceMissing` (template or a font it names is not there) and `DocumentFailed`.
    """
    return _compile(template, data, "pdf", None)[0]


def pictures(template: str, data: Mapping[str, Any], *, ppi: float = 144.0) -> tuple[bytes, ...]:
    """The same document as PNG, one picture a page. Raises what `typeset` raises."""
    return _compile(template, data, "png", ppi)


def template_words(language: str, document: str) -> dict[str, Any]:
    """The fixed words of a document in a language (`"en"`, `"en_GB"`); English where there is no translation.

    Raises `ResourceMissing` where even the English words are missing or cannot be read.
    """
    names = dict.fromkeys((language.replace("-", "_"), language.replace("-", "_").split("_")[0], "en"))
    folder = paths.resource("templates", "words")
    path = next((folder / f"{name}.json" for name in names if (folder / f"{name}.json").is_file()), None)
    if path is None:
        raise ResourceMissing(f"A file that belongs to the program is missing: {folder / 'en.json'}")
    try:
        words: dict[str, Any] = json.loads(path.read_text("utf-8"))[document]
    except (OSError, ValueError, KeyError) as problem:
        raise ResourceMissing(f"A file that belongs to the program cannot be read: {path}") from problem
    return words


def _compile(
    template: str, data: Mapping[str, Any], form: Literal["pdf", "png"], ppi: float | None
) -> tuple[bytes, ...]:
    source = paths.resource("templates", f"{template}.typ")
    fonts_folder = paths.resource("fonts")
    import typst

    result: (
        Any  # bytes, or where a picture has several pages a list of them, which the library's stubs leave out
    )
    try:
        result, warnings = typst.compile_with_warnings(
            str(source),
            root=str(source.parent),
            font_paths=_fonts(str(fonts_folder)),
            format=form,
            ppi=ppi,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False, sort_keys=True)},
            timestamp=0,
        )
    except typst.TypstError as problem:
        raise _refusal(template, problem.message) from problem
    except (OSError, RuntimeError) as problem:  # an unreadable file comes as a bare error
        raise _refusal(template, str(problem)) from problem
    for warning in warnings:
        if warning.message.startswith("unknown font family"):
            raise ResourceMissing(
                f"A font that belongs to the program is missing in {fonts_folder}: {warning.message}"
            )
    return tuple(result) if isinstance(result, list) else (result,)


@cache
def _fonts(folder: str) -> typst.Fonts:
    """Read once: the files are a few megabytes and do not change while the program runs."""
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def _refusal(template: str, message: str) -> Refusal:
    if message.startswith("file not found"):
        return ResourceMissing(f"A part of the template {template} is missing: {message}")
    return DocumentFailed(f"The document {template} could not be set: {message}")
