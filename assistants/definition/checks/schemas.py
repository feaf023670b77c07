"""The JSON Schemas in a definition: those of functions' parameters and the one of its answers."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from assistants.definition.checks.json_schema import Flaw, find_flaws
from assistants.definition.checks.problem import JsonLocation, Problem, make_problem, path_of
from assistants.definition.text import quotable
from assistants.definition.value import Definition, as_dict, as_list, canonical

MOST_FLAWS = 20
"""Flaws listed for one schema. A person who corrects the first ones sees the next."""
_ABOUT_SCHEMAS = ("invalid_json_schema", "invalid_function_parameters", "invalid_type")


@dataclass(frozen=True)
class HeldSchema:
    """One schema of a definition, and its location there."""

    location: JsonLocation
    value: Any
    strict: bool
    name: str
    """The name of its function, or of the response format."""

    @property
    def path(self) -> str:
        return path_of(self.location)

    @property
    def of_answers(self) -> bool:
        return self.location[0] == "response_format"

    def flaws(self) -> Iterator[Flaw]:
        return islice(self._flaws(), MOST_FLAWS)

    def has(self, problem: Problem) -> bool:
        """Return whether a problem is about this schema not being a JSON Schema."""
        about = problem.code in _ABOUT_SCHEMAS
        return about and (problem.path + ".").startswith((f"{self.path}.", f"{self.path}["))

    def errors(self) -> Iterator[Flaw]:
        return islice((flaw for flaw in self._flaws() if flaw.is_error), MOST_FLAWS)

    def _flaws(self) -> Iterator[Flaw]:
        """A function whose parameters are {} takes none, and that they are an object is a limit."""
        if not self.value or not isinstance(self.value, dict):
            return iter(())
        return find_flaws(self.value, strict=self.strict)


def schemas_in(content: Mapping[str, Any]) -> Iterator[HeldSchema]:
    """Yield the schemas in a definition's content, which may be any JSON."""
    for index, tool in enumerate(as_list(content.get("tools"))):
        function = as_dict(as_dict(tool).get("function"))
        if as_dict(tool).get("type") == "function" and function.get("parameters") is not None:
            yield _held(("tools", index, "function"), function, "parameters")
    answers = as_dict(content.get("response_format"))
    schema = as_dict(answers.get("json_schema"))
    if answers.get("type") == "json_schema" and schema.get("schema") is not None:
        yield _held(("response_format", "json_schema"), schema, "schema")


def _held(location: JsonLocation, around: Mapping[str, Any], key: str) -> HeldSchema:
    return HeldSchema(
        location=(*location, key),
        value=around[key],
        strict=around.get("strict") is True,
        name=quotable(around.get("name") or ""),
    )


def schema_problems(content: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield the flaws that make a schema invalid."""
    for held in schemas_in(content):
        for flaw in held.errors():
            location = (*held.location, *flaw.location)
            expected = flaw.params["expected"]
            message = f"Invalid schema in '{{path}}': expected {_EXPECTED[expected]}."
            at = path_of(flaw.location)
            yield make_problem(
                location, "invalid_json_schema", message, expected=expected, at=at, name=held.name
            )


def kept_schemas(
    content: Mapping[str, Any], stored: Iterable[Definition], *, strict: bool = False
) -> list[HeldSchema]:
    """Return the schemas that one of the `stored` definitions has too, at any location.

    With `strict`, a strict schema counts only where it is strict there too.
    """
    known = {
        (canonical(held.value), strict and held.strict)
        for definition in stored
        for held in schemas_in(definition.content())
    }
    return [
        held
        for held in schemas_in(content)
        if (canonical(held.value), strict and held.strict) in known
    ]


_EXPECTED: Mapping[str, str] = {
    "schema": "an object or a boolean",
    "schema_list": "an array of schemas",
    "schema_or_list": "a schema or an array of schemas",
    "schema_by_name": "an object of schemas",
    "names_by_name": "an object of arrays of strings",
    "rules_by_name": "an object of schemas and arrays of strings",
    "names": "an array of strings",
    "type": "a string or an array of strings",
    "list": "an array",
    "number": "a number",
    "count": "a whole number of at least 0",
    "bound": "a number or a boolean",
    "text": "a string",
    "switch": "a boolean",
}
