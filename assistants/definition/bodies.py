"""What changed between two definitions, and the request bodies that bring it about."""

from typing import Any

from assistants.definition.fields import FIELD_NAMES
from assistants.definition.value import REST, Definition, as_dict, canonical


def changed_fields(old: Definition | None, new: Definition) -> list[str]:
    """Names of the fields whose meaning differs: the known in display order, then the unknown.

    Without an old definition, every field that is set.
    """
    if old is None:
        return list(new.fields())
    if old is new:
        return []
    before, after = old.content(), new.content()
    same = shared(old, new)
    known = [name for name in FIELD_NAMES if name in before or name in after]
    unknown = [] if REST in same else sorted({*old.unknown, *new.unknown})
    return [
        name
        for name in (*known, *unknown)
        if name not in same and not same_value(before.get(name), after.get(name))
    ]


def shared(old: Definition, new: Definition) -> set[str]:
    """Names of the values that both have from one place, where they are stored only once."""
    return {name for name, digest in old.sources.items() if new.sources.get(name) == digest}


def create_body(definition: Definition) -> dict[str, Any]:
    """The body that creates this assistant: every field that is set."""
    return definition.to_dict()


def modify_body(old: Definition, new: Definition) -> dict[str, Any]:
    """The body that turns `old` into `new`: only changed fields, emptied as the API clears them.

    Null clears a field, [] the tools, {} the metadata; each list that vanishes from
    `tool_resources` is sent empty, because a list that is left out stays as it was.
    """
    body: dict[str, Any] = {}
    for field in changed_fields(old, new):
        value = new.value(field)
        if field == "tool_resources":
            value = _clear_vanished(as_dict(old.value(field)), {} if value is None else value)
        body[field] = value
    return body


def same_value(old: Any, new: Any) -> bool:
    """Whether two normalised values mean the same; the order of keys does not count."""
    if old is new:
        return True
    if type(old) is type(new) and isinstance(old, str | int | None):
        return bool(old == new)
    if type(old) is not type(new) or (isinstance(old, list | dict) and len(old) != len(new)):
        return False  # writing both as JSON costs time for each of their values
    return canonical(old) == canonical(new)


def _clear_vanished(old: dict[str, Any], new: Any) -> Any:
    """The new resources, and each list of the old that is gone as an empty one."""
    if not isinstance(new, dict):
        return new
    cleared = dict(new)
    for tool, lists in old.items():
        kept = new.get(tool, {})
        if isinstance(lists, dict) and isinstance(kept, dict):
            gone: dict[str, Any] = {
                name: [] if isinstance(value, list) else None
                for name, value in lists.items()
                if name not in kept
            }
            cleared[tool] = {**kept, **gone}
        elif tool not in new:
            cleared[tool] = None
    return cleared
