"""Things worth a thought before publishing; none of them keeps anybody from it."""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from assistants.definition import Definition
from assistants.wording import field_label


class Advice(NamedTuple):
    field: str
    """Name of the input that it stands beside."""
    text: str


def advise(definition: Definition) -> Iterator[Advice]:
    """Yield what is allowed, and probably not meant."""
    answers = definition.value("response_format")
    kind = answers.get("type") if isinstance(answers, dict) else None
    if kind in ("json_object", "json_schema"):
        instructions = definition.value("instructions")
        if not re.search("json", instructions if isinstance(instructions, str) else "", re.I):
            yield Advice(
                "response_format",
                _(
                    "The instructions never mention JSON. Say in them that the answer has to be"
                    " JSON, or models may refuse, or not come to an end."
                ),
            )
    if definition.value("temperature") is not None and definition.value("top_p") is not None:
        yield Advice(
            "temperature", _("Temperature and top-p are both set. Better change only one of them.")
        )


def undocumented(definition: Definition, documents: Callable[[str], bool]) -> list[str]:
    """Return the labels of what is set in `definition` and not documented by the vendor."""
    found = []
    if definition.value("reasoning_effort") is not None and not documents("reasoning_effort"):
        found.append(field_label("reasoning_effort"))
    if not documents("ranking_options") and any(map(_has_ranking, _tools(definition))):
        found.append(_("Ranking options of the file search"))
    answers = definition.value("response_format")
    if isinstance(answers, dict) and "json_schema" in answers and not documents("json_schema"):
        found.append(_("Answers by a JSON schema"))
    return found


def _tools(definition: Definition) -> list[Any]:
    tools = definition.value("tools")
    return tools if isinstance(tools, list) else []


def _has_ranking(tool: Any) -> bool:
    options = tool.get("file_search") if isinstance(tool, dict) else None
    return isinstance(options, dict) and "ranking_options" in options
