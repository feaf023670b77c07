"""Prepares one tool for a page: its title, its options, its parameters as rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from assistants.diff import tool_type_and_name
from assistants.wording.definition.parameters import Parameter, TextMarker, show_parameters
from assistants.wording.definition.room import Room
from assistants.wording.labels import TOOL_ICONS, tool_title


@dataclass(frozen=True, slots=True)
class ShownTool:
    icon: str
    title: str
    description: str = ""
    parameters: tuple[Parameter, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    json: str = ""


def show_tool(tool: Any, room: Room, mark: TextMarker = str) -> ShownTool:
    """Prepare one tool, which may be any JSON, its texts through `mark`."""
    kind, name = tool_type_and_name(tool)
    content = tool.get(kind) if isinstance(tool, dict) else None
    function = content if kind == "function" and isinstance(content, dict) else {}
    return ShownTool(
        TOOL_ICONS.get(kind, "wrench"),
        mark(room.text(name) if function else tool_title(name)),
        description=mark(room.value(function.get("description"))),
        parameters=show_parameters(function.get("parameters"), room, mark),
        options=tuple((label, mark(value)) for label, value in _options(kind, content)),
        json="" if tool == {"type": kind} else mark(room.json(tool)),
    )


def _options(kind: str, content: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(content, dict):
        return
    if kind == "function" and content.get("strict") is True:
        yield _("Strict"), _("yes")
    if kind != "file_search":
        return
    if content.get("max_num_results") is not None:
        yield _("Maximum results"), str(content["max_num_results"])
    ranking = content.get("ranking_options")
    if isinstance(ranking, dict):
        if ranking.get("ranker") is not None:
            yield _("Ranker"), str(ranking["ranker"])
        if ranking.get("score_threshold") is not None:
            yield _("Lowest score"), str(ranking["score_threshold"])
