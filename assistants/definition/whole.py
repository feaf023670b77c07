"""A whole function or response format, entered where only its schema belongs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assistants.definition.value import as_dict


@dataclass(frozen=True)
class Whole:
    """The parts of a function or format. `rest` holds everything else, as the original held it."""

    name: str = ""
    description: str = ""
    strict: bool | None = None
    schema: Mapping[str, Any] | None = None
    rest: Mapping[str, Any] = field(default_factory=dict)


def whole_function(value: Any) -> Whole | None:
    """Read a function as any API writes one, with its name; None for anything else.

    `{"type": "function", "function": {…}}`, the same without the outer object, or with its schema
    under another name, as other vendors have it.
    """
    return _read(value, "function", "function", ("parameters", "input_schema", "inputSchema"))


def whole_format(value: Any) -> Whole | None:
    """Read a format of answers by a JSON schema, with its name; None for anything else."""
    return _read(value, "json_schema", "json_schema", ("schema",))


def _read(value: Any, kind: str, inside: str, schemas: tuple[str, ...]) -> Whole | None:
    if not isinstance(value, dict):
        return None
    outer = {key: item for key, item in value.items() if key not in ("type", inside)}
    if value.get("type", kind) == kind and isinstance(value.get(inside), dict):
        return _parts(dict(value[inside]), outer, inside, schemas)
    has_schema = any(isinstance(value.get(name), dict) for name in schemas)
    if not isinstance(value.get("name"), str) or value.get("type", kind) != kind:
        return None
    if "type" not in value and not has_schema:
        return None
    inner = {key: item for key, item in value.items() if key != "type"}
    return _parts(inner, {}, inside, schemas)


def _parts(
    inner: dict[str, Any], outer: dict[str, Any], inside: str, schemas: tuple[str, ...]
) -> Whole:
    for name in ("name", "description", "strict", *schemas):
        if name in inner and inner[name] is None:
            del inner[name]  # null means the same as leaving it out
    found = next((name for name in schemas if isinstance(inner.get(name), dict)), None)
    return Whole(
        name=_take(inner, "name", str) or "",
        description=_take(inner, "description", str) or "",
        strict=_take(inner, "strict", bool),
        schema=None if found is None else inner.pop(found),
        rest={**outer, **({inside: inner} if inner else {})},
    )


def _take(inner: dict[str, Any], name: str, kind: type) -> Any:
    return inner.pop(name) if isinstance(inner.get(name), kind) else None


def add_rest(target: dict[str, Any], rest: Mapping[str, Any]) -> None:
    """Put the rest back around the parts, without replacing anything."""
    for key, value in rest.items():
        if key not in target:
            target[key] = value
        elif isinstance(target[key], dict):
            add_rest(target[key], as_dict(value))
