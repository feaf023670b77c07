"""The content of an assistant as one immutable value, compared by meaning."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Self

from assistants.definition.fields import DEFINITION_FIELDS, FIELD_NAMES, names_of_kind
from assistants.definition.limits import LIMITS
from assistants.definition.text import normalise_text

IDENTITY_FIELDS = frozenset({"id", "object", "created_at"})
"""Fields that say which assistant it is; they are no part of a definition."""

REST = "object"
"""Where values are named by field: all fields that the API does not define, as one value. No field
of a definition has this name (`IDENTITY_FIELDS`)."""

_TEXTS = frozenset(names_of_kind("text", "word"))
_EXACT_INTEGERS = 2**53  # beyond it a float no longer means one integer


@dataclass(frozen=True, eq=False, repr=False)
class Definition:
    """What an assistant is, without its identity. Make one with `Definition.parse`.

    It holds any JSON that a gateway sends: `problems` lists what exceeds a limit.
    Two definitions are equal when they mean the same: blank text, null and absent are one, line
    ends are `\\n`, 1.0 is 1, and the order of keys in an object does not count (that of tools
    does).
    """

    _content: Mapping[str, Any]
    sources: Mapping[str, str] = field(default_factory=dict)
    """Digests of the values that are stored apart, by field; all unknown fields are `REST`."""

    @classmethod
    def parse(cls, source: Mapping[str, Any]) -> Self:
        """Read an assistant object or a request body; `id`, `object`, `created_at` are left out.

        Never raises for JSON values: a wrong type is kept as it came. Objects and arrays more
        than `LIMITS.nesting` levels deep are emptied, which `problems` reports.
        """
        known = ((field, _normalise(field, source.get(field))) for field in FIELD_NAMES)
        unknown = (
            (field, copy_json(source[field]))
            for field in sorted(source.keys() - IDENTITY_FIELDS.union(FIELD_NAMES))
        )
        return cls({field: value for field, value in (*known, *unknown) if value is not None})

    @classmethod
    def stored(cls, content: dict[str, Any], sources: Mapping[str, str] | None = None) -> Self:
        """Make a definition from what `content()` of another one returned, without a check.

        The definition keeps the same objects, so callers may not change them.
        """
        unknown = sorted(content.keys() - set(FIELD_NAMES))
        ordered = (field for field in (*FIELD_NAMES, *unknown) if field in content)
        return cls({field: content[field] for field in ordered}, sources or {})

    def value(self, field: str) -> Any:
        """Return a copy of the field's value. Absent is None, but [] for tools, {} for metadata."""
        declared = DEFINITION_FIELDS.get(field)
        return copy_json(self._content.get(field, declared.unset if declared else None))

    def content(self) -> Mapping[str, Any]:
        """Return the fields that are set, to look at only: what is in them is not a copy."""
        fields = self._content
        return MappingProxyType(fields) if isinstance(fields, dict) else fields

    @property
    def unknown(self) -> tuple[str, ...]:
        """Names of the fields that are set and that the API does not define."""
        return tuple(name for name in self._content if name not in FIELD_NAMES)

    def fields(self) -> tuple[str, ...]:
        """Names of the fields that are set: known in display order, then unknown by name."""
        return tuple(self._content)

    def to_dict(self) -> dict[str, Any]:
        """Return a copy as JSON-able data without the absent fields; keys keep their order."""
        return {field: copy_json(value) for field, value in self._content.items()}

    def canonical_json(self) -> str:
        """The same text for equal definitions; always encodable as UTF-8, readable by `parse`."""
        return self._canonical

    def replace(self, /, **fields: Any) -> Self:
        """Return a definition with these fields set; None clears one."""
        return self.parse({**self._content, **fields})

    @property
    def tool_kinds(self) -> tuple[str, ...]:
        """The distinct types of the tools, in order of their first use."""
        tools = self._content.get("tools")
        kinds = [tool.get("type") for tool in as_list(tools) if isinstance(tool, dict)]
        return tuple(dict.fromkeys(kind for kind in kinds if isinstance(kind, str)))

    def known_by(self, digest: str) -> Self:
        """Set the digest that was stored with it, so that computing it needs no reading."""
        self.__dict__["digest"] = digest
        return self

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON, in hex."""
        return sha256(self._canonical.encode()).hexdigest()

    @cached_property
    def _canonical(self) -> str:
        return canonical(dict(self._content))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Definition):
            return NotImplemented
        return self._canonical == other._canonical

    def __hash__(self) -> int:
        return hash(self._canonical)

    def __repr__(self) -> str:
        return f"<Definition {self.digest[:12]}: {', '.join(self.fields())}>"


def canonical(value: Any) -> str:
    """JSON text that is the same for equal values: keys sorted, lone surrogates escaped."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:  # nothing but surrogates
        return text.encode(errors="backslashreplace").decode()
    return text


def copy_json(value: Any, level: int = 1) -> Any:
    """Copy JSON data; whole floats become integers, containers below the nesting limit empty."""
    match value:
        case str() | bool() | int() | None:
            return value
        case float():
            return int(value) if value.is_integer() and abs(value) < _EXACT_INTEGERS else value
        case Mapping():
            within = level <= LIMITS.nesting
            return {key: copy_json(value[key], level + 1) for key in value} if within else {}
        case list() | tuple():
            within = level <= LIMITS.nesting
            return [copy_json(item, level + 1) for item in value] if within else []
    raise TypeError(f"{type(value).__name__} is not a JSON type")


def as_list(value: Any) -> list[Any]:
    """The value if it is a list, else an empty one: for reading content that may be wrong."""
    return value if isinstance(value, list) else []


def as_dict(value: Any) -> dict[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def _normalise(field: str, value: Any) -> Any:
    """Bring one known field into its one form; None when it is absent."""
    value = copy_json(value)
    if field in _TEXTS and isinstance(value, str):
        return normalise_text(value) or None
    if field == "tools" and isinstance(value, list):
        return [_normalise_tool(tool) for tool in value] or None
    if field == "tool_resources" and isinstance(value, dict):
        return _prune({key: _prune(section) for key, section in value.items()}) or None
    if field == "metadata" and value == {}:
        return None
    if field == "response_format" and isinstance(value, dict):
        _normalise_part(value.get("json_schema"), "schema", "strict")
    return value


def _normalise_tool(tool: Any) -> Any:
    kind = tool.get("type") if isinstance(tool, dict) else None
    if kind == "function":
        _normalise_part(tool.get("function"), "parameters", "strict")
    elif kind == "file_search":
        _normalise_part(tool, "file_search")
        _normalise_part(tool.get("file_search"), "max_num_results", "ranking_options")
    return tool


def _normalise_part(part: Any, *optional: str) -> None:
    """Tidy a part in place: line ends of its description, no null where a key may be left out."""
    if not isinstance(part, dict):
        return
    if isinstance(text := part.get("description"), str):
        part["description"] = normalise_text(text) or None
    for key in ("description", *optional):
        if key in part and part[key] is None:
            del part[key]


def _prune(section: Any) -> Any:
    """Without the members that say nothing: an empty list, an empty object, null."""
    if not isinstance(section, dict):
        return section
    return {key: value for key, value in section.items() if value not in ([], {}, None)}
