"""The types that TypeScript names, and the members of an object type."""

from typing import Any, NamedTuple

NAMED_TYPES: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "number": {"type": "number"},
    "bigint": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "null": {"type": "null"},
    "true": {"type": "boolean", "enum": [True]},
    "false": {"type": "boolean", "enum": [False]},
    "object": {"type": "object"},
    "Object": {"type": "object"},
    "Date": {"type": "string", "format": "date-time"},
    "URL": {"type": "string", "format": "uri"},
    "any": {},
    "unknown": {},
    "never": {},
}
ABSENT = ("undefined", "void")


class TypeMember(NamedTuple):
    """One property of an object type; `parameters` is where the bracket of a method opens."""

    name: str
    schema: dict[str, Any]
    is_required: bool
    parameters: int = -1
    comment: str = ""
