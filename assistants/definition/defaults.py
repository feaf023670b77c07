"""The defaults that the API documents. A remote may fill them in where a field was left unset.

A filled-in default changes nothing: it is what an unset field means. It counts only where nothing
was sent; a value that was sent and came back as another one was stored differently.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from assistants.definition.bodies import changed_fields, same_value
from assistants.definition.fields import DEFINITION_FIELDS
from assistants.definition.value import Definition

# Each entry holds the values that a missing member means, or the entries of an object's members.
# The tools [] and the metadata {} mean "not set" to a `Definition` already.
_RANKING = {"ranker": ("auto",), "score_threshold": (0,)}
_SEARCH = {"max_num_results": (20, 5), "ranking_options": _RANKING}
_NO_PARAMETERS: tuple[Any, ...] = ({}, {"type": "object", "properties": {}})

DEFAULTS: Mapping[str, Any] = MappingProxyType(
    {field.name: field.defaults for field in DEFINITION_FIELDS.values() if field.defaults}
)
"""What an unset field of an assistant means."""
_OF_TOOLS: Mapping[str, Mapping[str, Any]] = {
    "function": {"function": {"strict": (False,), "parameters": _NO_PARAMETERS}},
    "file_search": {"file_search": _SEARCH},
}
_OF_FORMAT = {"json_schema": {"strict": (False,)}}


def filled_in(sent: Definition, stored: Definition) -> list[str]:
    """Name the fields in which `stored` has documented defaults beyond what was `sent`."""
    changed = changed_fields(sent, stored)
    return [name for name in changed if _is_completed(name, sent.value(name), stored.value(name))]


def stored_otherwise(sent: Definition, stored: Definition) -> list[str]:
    """Name the fields in which `stored` is not what was `sent`, filled-in defaults apart."""
    filled = filled_in(sent, stored)
    return [name for name in changed_fields(sent, stored) if name not in filled]


def _is_completed(field: str, sent: Any, stored: Any) -> bool:
    if field == "tools":
        both = isinstance(sent, list) and isinstance(stored, list) and len(sent) == len(stored)
        return both and all(map(_is_completed_tool, sent, stored))
    if field == "response_format" and sent is not None:
        return _adds_only(_OF_FORMAT, sent, stored)
    return sent is None and _is_one_of(DEFAULTS.get(field, ()), stored)


def _is_completed_tool(sent: Any, stored: Any) -> bool:
    kind = sent.get("type") if isinstance(sent, dict) else None
    rules = _OF_TOOLS.get(kind, {}) if isinstance(kind, str) else {}
    return same_value(sent, stored) or _adds_only(rules, sent, stored)


def _adds_only(rules: Mapping[str, Any], sent: Any, stored: Any) -> bool:
    """Return whether an object has all that was sent, and beyond it nothing but defaults."""
    if (
        not isinstance(sent, dict)
        or not isinstance(stored, dict)
        or not sent.keys() <= stored.keys()
    ):
        return False
    return all(
        (name in sent and same_value(sent[name], value))
        or _may_be_added(rules.get(name), sent.get(name), value)
        for name, value in stored.items()
    )


def _may_be_added(rule: Any, sent: Any, stored: Any) -> bool:
    if isinstance(rule, Mapping):
        return _adds_only(rule, {} if sent is None else sent, stored)
    return sent is None and _is_one_of(rule or (), stored)


def _is_one_of(values: tuple[Any, ...], stored: Any) -> bool:
    return any(same_value(value, stored) for value in values)
