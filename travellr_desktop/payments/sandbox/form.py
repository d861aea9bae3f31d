"""Form encoding with brackets, as Stripe reads it: `metadata[a]=1&expand[0]=charge&types[]=x`."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

from travellr_desktop.payments.sandbox.wire import invalid

_KEY = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")
_PART = re.compile(r"\[([^\[\]]*)\]")

Form = dict[str, Any]


def read_form(text: str) -> Form:
    """Names to texts and to further forms; a list is a form whose names are its positions. Raises `ApiError`."""
    form: Form = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        match = _KEY.match(name)
        if match is None:
            raise invalid(f"Invalid parameter name: {name}", param=name)
        _put(form, [match.group(1), *_PART.findall(match.group(2))], value, name)
    return form


def _put(form: Form, path: list[str], value: str, name: str) -> None:
    here = form
    for part in path[:-1]:
        inner = here.setdefault(part or str(len(here)), {})
        if not isinstance(inner, dict):
            raise invalid(f"Invalid object: {name} was given as a value too", param=name)
        here = inner
    last = path[-1] or str(len(here))
    if isinstance(here.get(last), dict):
        raise invalid(f"Invalid object: {name} was given as an object too", param=name)
    here[last] = value
