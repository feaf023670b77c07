"""An example of the data: the schema of everything that looks like it."""

from typing import Any

from assistants.definition.translation import gettext_noop
from assistants.importing.found import FoundFunction, Remarks
from assistants.importing.schema import object_schema, one_of_types

_MOST_ITEMS = 200
"""Items of one list that are looked at."""
_KINDS = {bool: "boolean", int: "integer", float: "number", str: "string"}
_MOST_READ = 20_000
"""Values of a text that are looked at."""


def from_example(value: Any, remarks: Remarks) -> FoundFunction | None:
    """Return the function that takes such data; None for anything but an object, or a list of
    objects, each of which is an example."""
    found = _Reader(remarks)
    schema = found.objects(value[:_MOST_ITEMS]) if _is_objects(value) else found.of(value)
    if schema.get("type") != "object":
        return None
    if found.left < 0:
        remarks.add(gettext_noop("The example is long. Only its beginning was read."))
    remarks.add(gettext_noop("Read as an example of the data: describe what each parameter means."))
    return FoundFunction("", parameters=schema)


def _is_objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


class _Reader:
    def __init__(self, remarks: Remarks) -> None:
        self._remarks = remarks
        self.left = _MOST_READ

    def of(self, value: Any) -> dict[str, Any]:
        """Return the schema of values like this one."""
        self.left -= 1
        if type(value) in _KINDS:
            return {"type": _KINDS[type(value)]}
        if isinstance(value, dict):
            return self.objects([value])
        if isinstance(value, list):
            return {"type": "array", "items": self._items(value[:_MOST_ITEMS])}
        self._remarks.add(
            gettext_noop(
                "The example has null, which says no type. Such a parameter takes any value."
            )
        )
        return {}

    def objects(self, examples: list[dict[str, Any]]) -> dict[str, Any]:
        """Return the schema of these objects: what all of them have is required."""
        found: dict[str, list[Any]] = {}
        for example in examples:
            for name, value in example.items():
                if self.left > 0:
                    found.setdefault(name, []).append(value)
        properties = {name: self._one(values) for name, values in found.items()}
        required = [name for name, values in found.items() if len(values) == len(examples)]
        return object_schema(properties, required)

    def _items(self, values: list[Any]) -> dict[str, Any]:
        if not values:
            self._remarks.add(
                gettext_noop("The example has an empty list, whose items may be of any type.")
            )
        return self._one(values)

    def _one(self, values: list[Any]) -> dict[str, Any]:
        """Return the schema that fits all of these values."""
        schemas: list[dict[str, Any]] = []
        objects = [value for value in values if isinstance(value, dict)]
        if objects and self.left > 0:
            self.left -= 1
            schemas.append(self.objects(objects))
        lists = [
            item for value in values if isinstance(value, list) for item in value[:_MOST_ITEMS]
        ]
        if any(isinstance(value, list) for value in values) and self.left > 0:
            schemas.append({"type": "array", "items": self._items(lists[:_MOST_ITEMS])})
        for value in values:
            if not isinstance(value, dict | list) and self.left > 0:
                schema = self.of(value)
                schemas += [] if schema in schemas else [schema]
        return _widened(schemas)


def _widened(schemas: list[dict[str, Any]]) -> dict[str, Any]:
    """Return one schema; a whole number is a number where others are none."""
    nothing = {} in schemas and len(schemas) > 1
    known = [schema for schema in schemas if schema] if nothing else schemas
    if {"type": "number"} in known:
        known = [schema for schema in known if schema != {"type": "integer"}]
    return one_of_types([*known, {"type": "null"}] if nothing else known)
