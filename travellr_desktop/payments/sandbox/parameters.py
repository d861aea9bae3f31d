"""The parameter check: a form becomes typed values or Stripe's own complaint about them.

What is right is not written here: it comes from the stripe library's own parameter types (see `schema`). Values are
decoded by those types and then validated by pydantic, which takes nothing that the types do not name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import CoreSchema, SchemaValidator, core_schema

from travellr_desktop.payments.sandbox.form import Form
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.payments.sandbox.schema import Node, SchemaUnavailable, load_prepared, read_library
from travellr_desktop.payments.sandbox.wire import ApiError, absent, invalid

_INTEGER = re.compile(r"^-?[0-9]{1,18}$")
_NUMBER = re.compile(r"^-?[0-9]+(\.[0-9]+)?$")
_PLAIN = {
    "int": core_schema.int_schema(strict=True),
    "float": core_schema.float_schema(strict=True),
    "bool": core_schema.bool_schema(strict=True),
    "str": core_schema.str_schema(strict=True),
    "any": core_schema.any_schema(),
}


class ParameterCheck:
    """Checks the parameters of every operation. The validators are built when first needed."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self._types: dict[str, dict[str, dict[str, Node]]] = schema["types"]
        self._operations: dict[str, str] = schema["operations"]
        self._validators: dict[Operation, SchemaValidator] = {}

    @classmethod
    def of_library(cls, prepared: Path | None = None) -> ParameterCheck:
        """From the library's sources, else from the schema made beforehand. Raises `SchemaUnavailable`."""
        try:
            return cls(read_library())
        except SchemaUnavailable:
            if prepared is None:
                raise
            return cls(load_prepared(prepared))

    def check(self, operation: Operation, form: Form) -> dict[str, Any]:
        """The form's values, typed. Raises `ApiError` as Stripe would answer."""
        name = self._operations[operation]
        decoded = self._decode(form, {"type": name})
        validator = self._validators.get(operation)
        if validator is None:
            validator = self._validators[operation] = SchemaValidator(self._core_schema(name))
        try:
            checked: dict[str, Any] = validator.validate_python(decoded)
        except ValidationError as error:
            raise _complaint(decoded, error) from None
        return checked

    # decoding

    def _decode(self, raw: Any, node: Node) -> Any:
        """The value that the node asks for; left as it came where it is not one, so that pydantic refuses it."""
        match node:
            case "int":
                return int(raw) if isinstance(raw, str) and _INTEGER.match(raw) else raw
            case "float":
                return float(raw) if isinstance(raw, str) and _NUMBER.match(raw) else raw
            case "bool":
                return {"true": True, "false": False}.get(raw, raw) if isinstance(raw, str) else raw
            case {"list": inner} if _is_list(raw):
                return [self._decode(raw[key], inner) for key in sorted(raw, key=int)]
            case {"map": inner} if isinstance(raw, dict):
                return {key: self._decode(value, inner) for key, value in raw.items()}
            case {"type": str(name)} if isinstance(raw, dict):
                fields = self._types[name]["required"] | self._types[name]["optional"]
                return {
                    key: self._decode(value, fields[key]) if key in fields else value
                    for key, value in raw.items()
                }
            case {"any": list(parts)}:
                return self._decode(raw, _fitting(raw, parts))
        return raw

    # validators

    def _core_schema(self, name: str) -> CoreSchema:
        reached: dict[str, CoreSchema] = {}
        self._reach(name, reached)
        return core_schema.definitions_schema(
            core_schema.definition_reference_schema(name), list(reached.values())
        )

    def _reach(self, name: str, reached: dict[str, CoreSchema]) -> None:
        if name in reached:
            return
        reached[name] = core_schema.any_schema()  # stands in while its own fields are read
        fields = {
            field: core_schema.typed_dict_field(self._node_schema(node, reached), required=kind == "required")
            for kind, nodes in self._types[name].items()
            for field, node in nodes.items()
        }
        reached[name] = core_schema.typed_dict_schema(fields, extra_behavior="forbid", strict=True, ref=name)

    def _node_schema(self, node: Node, reached: dict[str, CoreSchema]) -> CoreSchema:
        match node:
            case str():
                return _PLAIN[node]
            case {"enum": list(values)}:
                return core_schema.literal_schema(values)
            case {"list": inner}:
                return core_schema.list_schema(self._node_schema(inner, reached), strict=True)
            case {"map": inner}:
                return core_schema.dict_schema(
                    core_schema.str_schema(), self._node_schema(inner, reached), strict=True
                )
            case {"type": str(name)}:
                self._reach(name, reached)
                return core_schema.definition_reference_schema(name)
            case {"any": list(parts)}:
                return core_schema.union_schema([self._node_schema(part, reached) for part in parts])
        raise SchemaUnavailable(f"the schema has a node that is not known: {node!r}")


def _is_list(raw: Any) -> bool:
    return isinstance(raw, dict) and all(key.isdecimal() for key in raw)


def _fitting(raw: Any, parts: list[Node]) -> Node:
    """Which of several types a value is meant as, told by its shape."""

    def rank(node: Node) -> int:
        match node:
            case {"list": _}:
                return 0 if _is_list(raw) else 9
            case {"type": _} | {"map": _}:
                return 1 if isinstance(raw, dict) else 9
            case {"enum": list(values)}:
                return 2 if isinstance(raw, str) and raw in values else 8
            case "bool":
                return 3 if raw in ("true", "false") else 8
            case "int" | "float":
                return 4 if isinstance(raw, str) and _NUMBER.match(raw) else 8
        return 5 if isinstance(raw, str) else 9

    return min(parts, key=rank)


# complaints


def _complaint(decoded: dict[str, Any], error: ValidationError) -> ApiError:
    """The one error Stripe would answer: names that it does not know first, then missing ones, then values."""
    found = [(_path(decoded, one["loc"]), one["type"], one.get("ctx", {})) for one in error.errors()]
    unknown = [path for path, kind, _ in found if kind == "extra_forbidden"]
    if unknown:
        names = [_bracketed(path) for path in unknown]
        plural = "s" if len(names) > 1 else ""
        return invalid(
            f"Received unknown parameter{plural}: {', '.join(names)}",
            param=names[0],
            code="parameter_unknown",
        )
    lacking = [path for path, kind, _ in found if kind == "missing"]
    if lacking:
        return absent(_bracketed(lacking[0]))
    path, kind, context = max(found, key=lambda one: len(one[0]))
    return _bad_value(_bracketed(path), _value_at(decoded, path), kind, context)


def _bad_value(param: str, value: Any, kind: str, context: dict[str, Any]) -> ApiError:
    match kind:
        case "int_type":
            return invalid(f"Invalid integer: {value}", param=param, code="parameter_invalid_integer")
        case "bool_type":
            return invalid(f"Invalid boolean: {value}", param=param)
        case "list_type":
            return invalid("Invalid array", param=param)
        case "dict_type":
            return invalid("Invalid object", param=param)
        case "string_type":
            return invalid(f"Invalid string: {value}", param=param)
        case "literal_error":
            return invalid(f"Invalid {param}: must be one of {context.get('expected', '')}", param=param)
    return invalid(f"Invalid {param}", param=param)


def _path(decoded: Any, location: Iterable[str | int]) -> list[str | int]:
    """The place of an error in the values: pydantic's own, without the names of the types tried on the way."""
    here, path = decoded, []
    for part in location:
        if _has(here, part):
            here = here[part]
        elif not isinstance(here, dict) or not _is_field(part):
            continue
        path.append(part)
    return path


def _has(value: Any, part: str | int) -> bool:
    if isinstance(value, dict):
        return part in value
    return isinstance(value, list) and isinstance(part, int) and part < len(value)


def _is_field(part: str | int) -> bool:
    """Whether a part of a location is a field's name; a type's name has a capital or a bracket."""
    return isinstance(part, str) and re.fullmatch(r"[a-z0-9_]+", part) is not None and part not in _TYPE_NAMES


_TYPE_NAMES = frozenset({"int", "str", "bool", "float", "any", "definition-ref"})


def _bracketed(path: list[str | int]) -> str:
    return "".join(str(part) if index == 0 else f"[{part}]" for index, part in enumerate(path))


def _value_at(decoded: Any, path: list[str | int]) -> Any:
    for part in path:
        decoded = decoded[part]
    return decoded
