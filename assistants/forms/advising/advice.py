"""Advice about a definition before it is published; it never prevents publishing."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from assistants.definition import (
    DEFINITION_FIELDS,
    LIMITS,
    Definition,
    HeldSchema,
    excerpt,
    kept_schemas,
    schemas_in,
    whole_format,
    whole_function,
)
from assistants.definition.checks.json_schema import Flaw
from assistants.definition.checks.problem import path_of
from assistants.forms.advising.hints import Hints
from assistants.wording import ShownChange, field_label, quoted
from assistants.wording.definition.schemas import flaw_sentence


class Advice(NamedTuple):
    field: str
    """Name of the input that shows it."""
    text: str


def advise(definition: Definition) -> Iterator[Advice]:
    """Yield advice about what is allowed but probably not intended."""
    answers = definition.value("response_format")
    kind = answers.get("type") if isinstance(answers, dict) else None
    if kind in ("json_object", "json_schema"):
        instructions = definition.value("instructions")
        if not re.search("json", instructions if isinstance(instructions, str) else "", re.I):
            yield Advice(
                "response_format",
                _(
                    "The instructions do not mention JSON, so models may refuse the request or"
                    " never stop. Ask for JSON in the instructions."
                ),
            )
    if definition.value("temperature") is not None and definition.value("top_p") is not None:
        yield Advice("temperature", _("Temperature and top-p are both set. Set only one of them."))
    yield from _about_thinking(definition)


def _about_thinking(definition: Definition) -> Iterator[Advice]:
    """Yield advice about settings that exclude each other: only reasoning models take an effort,
    and they take no temperature and no top-p."""
    if definition.value("reasoning_effort") in (None, "none"):
        return
    varied = [name for name in ("temperature", "top_p") if definition.value(name) is not None]
    if varied:
        text = _(
            "Reasoning models refuse these settings: %(fields)s. Clear them, or set the reasoning"
            " effort to “Not set”."
        )
        yield Advice("reasoning_effort", text % {"fields": ", ".join(map(field_label, varied))})


class SchemaAdvice(NamedTuple):
    """Advice about one schema."""

    schema: HeldSchema
    texts: list[str]
    flaws: list[Flaw]


def schema_hints(schema: HeldSchema, texts: list[str]) -> Hints:
    """Return the hints for the input of a schema: that it is more than a schema, or `texts`."""
    if schema.of_answers and whole_format(schema.value):
        return Hints([], "schema")
    if not schema.of_answers and whole_function(schema.value):
        return Hints([], "functions")
    return Hints(texts)


def advise_on_schemas(
    definition: Definition, stored: Definition | None, *, changed_only: bool = False
) -> Iterator[SchemaAdvice]:
    """Yield advice about the schemas of `definition`: what providers refuse, or is not intended.

    A value that is no JSON Schema is a problem instead, unless `stored` has it too. `changed_only`
    leaves out the schemas that `stored` has too. A definition over the limits gets no advice: its
    size has to change first.
    """
    if excerpt(definition).is_cut or len(definition.canonical_json()) > LIMITS.size:
        return
    content, known = definition.content(), [] if stored is None else [stored]
    found = [(schema, list(schema.flaws())) for schema in schemas_in(content)]
    if not any(flaws for _schema, flaws in found):
        return
    kept = kept_schemas(content, known)
    passed_over = kept_schemas(content, known, strict=True) if changed_only else []
    for schema, flaws in found:
        told = [flaw for flaw in flaws if schema in kept or not _is_problem(flaw, schema)]
        if told and schema not in passed_over:
            yield SchemaAdvice(schema, [_about(flaw) for flaw in told], told)


def with_advice(
    changes: Iterable[ShownChange], definition: Definition, live: Definition | None
) -> list[ShownChange]:
    """Return `changes` with the advice about the schemas that they change."""
    advice: dict[str, list[str]] = {}
    for schema, texts, _flaws in advise_on_schemas(definition, live, changed_only=True):
        found = advice.setdefault(str(schema.location[0]), [])
        found += (f"{quoted(schema.name)} › {text}" for text in texts)
    return [replace(change, advice=tuple(advice.get(change.field, ()))) for change in changes]


def _is_problem(flaw: Flaw, schema: HeldSchema) -> bool:
    """Return whether `problems` lists the flaw; it also requires an object from functions."""
    return flaw.is_error or (flaw.code == "top_not_object" and not schema.of_answers)


def _about(flaw: Flaw) -> str:
    return flaw_sentence(flaw.code, path_of(flaw.location), flaw.params)


def undocumented(definition: Definition, documents: Callable[[str], bool]) -> list[str]:
    """Return the labels of what `definition` sets and the vendor does not document."""
    content = definition.content()
    found = [
        field_label(name) for name in DEFINITION_FIELDS if not documents(name) and name in content
    ]
    if not documents("ranking_options") and any(map(_has_ranking, _tools(definition))):
        found.append(_("Ranking options of the file search"))
    answers = definition.value("response_format")
    if isinstance(answers, dict) and "json_schema" in answers and not documents("json_schema"):
        found.append(_("Answers that follow a JSON schema"))
    return found


def _tools(definition: Definition) -> list[Any]:
    tools = definition.value("tools")
    return tools if isinstance(tools, list) else []


def _has_ranking(tool: Any) -> bool:
    options = tool.get("file_search") if isinstance(tool, dict) else None
    return isinstance(options, dict) and "ranking_options" in options
