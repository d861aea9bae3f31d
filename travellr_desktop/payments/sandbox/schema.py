"""What each call takes, read from the source of the stripe library's own parameter types.

The types name others that exist only for type checkers, so that they cannot be asked at run time: they are read
from the library's source instead. A frozen build has no sources; it loads `resources/stripe/params.json`, made by

    python -m travellr_desktop.payments.sandbox.schema resources/stripe/params.json

A schema is plain JSON. `operations` gives the name of a call's type; `types` has for each type its `required` and
`optional` fields; a field's node is `"int"`, `"float"`, `"bool"`, `"str"`, `{"enum": [...]}`, `{"list": node}`,
`{"map": node}`, `{"type": name}` or `{"any": [nodes]}`.
"""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import sys
from pathlib import Path
from typing import Any

from travellr_desktop.payments.sandbox.operations import ROUTES

Node = str | dict[str, Any]
Fields = dict[str, dict[str, Node]]

RESOURCE = "stripe/params.json"

_PLAIN = {"int": "int", "float": "float", "bool": "bool", "str": "str", "Any": "any", "Decimal": "str"}
# options of a request, not parameters on the wire
_OPTIONS_BASE = "RequestOptions"
# an object the library may hand back as a parameter; on the wire it is the mapping beside it
_NOT_ON_THE_WIRE = "UntypedStripeObject"


class SchemaUnavailable(Exception):
    """The library's sources are not there, or are not what they were."""


def read_library() -> dict[str, Any]:
    """The schema, fresh from the installed library's source. Raises `SchemaUnavailable`."""
    folder = _library_folder()
    types: dict[str, Fields] = {}
    operations: dict[str, str] = {}
    for operation, route in ROUTES.items():
        path = folder / "params" / route.folder / f"_{_snake(route.params)}.py"
        _Module(_parse(path)).collect(route.params, types)
        operations[operation.value] = route.params
    version = re.search(r'VERSION = "([^"]+)"', (folder / "_version.py").read_text(encoding="utf-8"))
    if version is None:
        raise SchemaUnavailable("the stripe library does not say its version")
    return {"library": version.group(1), "operations": operations, "types": dict(sorted(types.items()))}


def write_prepared(target: Path) -> None:
    """Write the schema that a frozen build loads."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(dumps(read_library()), encoding="utf-8")


def dumps(schema: dict[str, Any]) -> str:
    """One line a type, so that a change of the library reads well in a diff."""
    types = ",\n".join(
        f"    {json.dumps(name)}: {json.dumps(fields)}" for name, fields in schema["types"].items()
    )
    head = {key: value for key, value in schema.items() if key != "types"}
    return json.dumps(head, indent=2)[:-2] + ',\n  "types": {\n' + types + "\n  }\n}\n"


def load_prepared(source: Path) -> dict[str, Any]:
    """The schema made beforehand. Raises `SchemaUnavailable`."""
    try:
        loaded: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SchemaUnavailable(str(error)) from error
    return loaded


def _library_folder() -> Path:
    spec = importlib.util.find_spec("stripe")  # finds, does not import
    if spec is None or spec.origin is None:
        raise SchemaUnavailable("the stripe library is not installed")
    return Path(spec.origin).parent


def _parse(path: Path) -> ast.Module:
    try:
        return ast.parse(path.read_text(encoding="utf-8"))
    except (OSError, SyntaxError) as error:
        raise SchemaUnavailable(str(error)) from error


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


class _Module:
    """One of the library's parameter modules: a type and, in the same file, those it names."""

    def __init__(self, tree: ast.Module) -> None:
        self._classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}

    def collect(self, name: str, into: dict[str, Fields]) -> None:
        if name in into:
            return
        fields: Fields = {"required": {}, "optional": {}}
        into[name] = fields
        for field, annotation in self._annotations(name):
            required, node = self._field(annotation)
            fields["required" if required else "optional"][field] = node
            for named in _named_types(node):
                self.collect(named, into)

    def _annotations(self, name: str) -> list[tuple[str, ast.expr]]:
        if name not in self._classes:
            raise SchemaUnavailable(f"the stripe library names {name}, which is not beside it")
        definition = self._classes[name]
        inherited: list[tuple[str, ast.expr]] = []
        for base in definition.bases:
            if isinstance(base, ast.Name) and base.id in self._classes:
                inherited += self._annotations(base.id)
            elif not (isinstance(base, ast.Name) and base.id in {_OPTIONS_BASE, "TypedDict"}):
                raise SchemaUnavailable(f"{name} has a base that is not known: {ast.unparse(base)}")
        own = [
            (item.target.id, item.annotation)
            for item in definition.body
            if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
        ]
        return inherited + own

    def _field(self, annotation: ast.expr) -> tuple[bool, Node]:
        annotation = _unquoted(annotation)
        match annotation:
            case ast.Subscript(value=ast.Name(id="NotRequired"), slice=inner):
                return False, self._node(inner)
        return True, self._node(annotation)

    def _node(self, annotation: ast.expr) -> Node:
        annotation = _unquoted(annotation)
        match annotation:
            case ast.Name(id=name) if name in _PLAIN:
                return _PLAIN[name]
            case ast.Name(id=name) if name in self._classes:
                return {"type": name}
            case ast.Subscript(value=ast.Name(id="Literal"), slice=inner):
                values = inner.elts if isinstance(inner, ast.Tuple) else [inner]
                return {"enum": [ast.literal_eval(value) for value in values]}
            case ast.Subscript(value=ast.Name(id="List" | "Sequence"), slice=inner):
                return {"list": self._node(inner)}
            case ast.Subscript(value=ast.Name(id="Dict" | "Mapping"), slice=ast.Tuple(elts=[_, inner])):
                return {"map": self._node(inner)}
            case ast.Subscript(value=ast.Name(id="Union"), slice=ast.Tuple(elts=parts)):
                return self._union(parts)
            case ast.BinOp(op=ast.BitOr()):
                return self._union(_either(annotation))
        raise SchemaUnavailable(f"a type of the stripe library is not understood: {ast.unparse(annotation)}")

    def _union(self, parts: list[ast.expr]) -> Node:
        nodes = [self._node(part) for part in parts if not _is_off_the_wire(_unquoted(part))]
        return nodes[0] if len(nodes) == 1 else {"any": nodes}


def _unquoted(annotation: ast.expr) -> ast.expr:
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return _unquoted(ast.parse(annotation.value, mode="eval").body)
    return annotation


def _either(annotation: ast.expr) -> list[ast.expr]:
    if isinstance(annotation, ast.BinOp) and isinstance(annotation.op, ast.BitOr):
        return _either(annotation.left) + _either(annotation.right)
    return [annotation]


def _is_off_the_wire(annotation: ast.expr) -> bool:
    match annotation:
        case ast.Subscript(value=ast.Name(id=name)) | ast.Name(id=name):
            return name == _NOT_ON_THE_WIRE
    return False


def _named_types(node: Node) -> list[str]:
    match node:
        case {"type": str(name)}:
            return [name]
        case {"list": inner} | {"map": inner}:
            return _named_types(inner)
        case {"any": list(parts)}:
            return [name for part in parts for name in _named_types(part)]
    return []


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(
            "Say where to: python -m travellr_desktop.payments.sandbox.schema resources/stripe/params.json"
        )
    write_prepared(Path(sys.argv[1]))
