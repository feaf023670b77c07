"""Names of fields, tools and values, as people read them."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from admin_ui.display import icons
from assistants.definition import DEFINITION_FIELDS, PAGE_LIMITS, quotable

RESOURCE_LABELS: dict[str, str] = {
    "code_interpreter.file_ids": gettext_noop("Files for the code interpreter"),
    "file_search.vector_store_ids": gettext_noop("Vector store for file search"),
}
TOOL_LABELS: dict[str, Promise] = {
    "code_interpreter": gettext_lazy("Code interpreter"),
    "file_search": gettext_lazy("File search"),
    "function": gettext_lazy("Functions"),
}
TOOL_ICONS = {
    "code_interpreter": "square-code",
    "file_search": "file-search",
    "function": "square-function",
}
_FORMATS: Mapping[str, str] = {
    option.value: option.label for option in DEFINITION_FIELDS["response_format"].options
}


class ToolLabel(NamedTuple):
    """Its `str` is its HTML: the icon and the words."""

    icon: str
    text: str

    def __str__(self) -> SafeString:
        return _tool_html(self)


@lru_cache(maxsize=256)
def _tool_html(tool: ToolLabel) -> SafeString:
    shown = mark_safe(icons.markup(tool.icon))
    return format_html('<span class="tag">{}{}</span>', shown, tool.text)


def field_label(field: str) -> str:
    """Return the label of a field of a definition; an unknown field keeps its name."""
    declared = DEFINITION_FIELDS.get(field)
    return _(declared.label) if declared else quotable(field, PAGE_LIMITS.name)


def format_label(value: str, default: str) -> str:
    """Return the label of a type of response format; `default` for one that we do not know."""
    return _(_FORMATS[value]) if value in _FORMATS else default


def fields_told(names: Iterable[str]) -> str:
    """Return the labels of these fields of a definition in one line."""
    return ", ".join(map(field_label, names))


def field_names(entries: Sequence[Mapping[str, Any]]) -> str:
    """Return the names of changed fields in one line, as a revision or an outcome holds them."""
    names = [
        more_fields(entry.get("count"))
        if entry.get("kind") == "more"
        else field_label(entry["field"])
        for entry in entries
    ]
    return ", ".join(names)


def defaults_told(entries: Sequence[Mapping[str, Any]]) -> str:
    """Return the sentence about defaults that a gateway filled in; "" where there are none."""
    if not entries:
        return ""
    text = ngettext(
        "The gateway filled in its default: %(values)s.",
        "The gateway filled in its defaults: %(values)s.",
        len(entries),
    )
    return text % {"values": ", ".join(map(_default, entries))}


def _default(entry: Mapping[str, Any]) -> str:
    label, value = field_label(entry["field"]), entry["stored"]
    label = label[:1].lower() + label[1:]
    if isinstance(value, str):  # only the page of the revision shows other values
        value = format_label(value, "")
        return f"{label} “{value}”" if value else label
    return f"{label} {value}"


def more_fields(count: int | None) -> str:
    """Return the label for the fields that a list leaves out; None is an unknown number."""
    if count is None:
        return _("many more fields")
    text = ngettext("%(count)s more field", "%(count)s more fields", count)
    return text % {"count": f"{count:,}"}


def tool_label(kind: str) -> ToolLabel:
    """Return the icon and the name of a kind of tool."""
    label = str(TOOL_LABELS[kind]) if kind in TOOL_LABELS else quotable(kind, PAGE_LIMITS.name)
    return ToolLabel(TOOL_ICONS.get(kind, "wrench"), label)


@lru_cache(maxsize=256)
def tool_mark(kind: str) -> SafeString:
    """Return the HTML of a kind of tool for a row: its name in words only where there is room."""
    tool = tool_label(kind)
    shown = mark_safe(icons.markup(tool.icon))
    return format_html('<span class="tag" title="{1}">{0}<span>{1}</span></span>', shown, tool.text)


def tool_title(key: str) -> str:
    """Return the title of one tool in a difference: a function has its name."""
    is_kind = key != "function" and key in TOOL_LABELS
    return str(TOOL_LABELS[key]) if is_kind else quotable(key, PAGE_LIMITS.name)


def resource_label(path: str) -> str:
    """Return the label of a list of files or vector stores, by its path in `tool_resources`."""
    return _(RESOURCE_LABELS[path]) if path in RESOURCE_LABELS else quotable(path, PAGE_LIMITS.name)


def value_text(field: str, value: Any) -> str:
    """Return a value of `field` in a few words, for "old → new"; "" when it is not set."""
    if value is None or value in ([], {}):
        return ""
    match value:
        case bool():
            return _("yes") if value else _("no")
        case list():
            return ngettext("%(count)d entry", "%(count)d entries", len(value)) % {
                "count": len(value)
            }
        case dict() if field == "response_format":
            return _format_text(value)
        case str() if field == "response_format":
            return format_label(value, value)
    return str(value)


def _format_text(value: dict[str, Any]) -> str:
    kind = str(value.get("type"))
    schema = value.get("json_schema")
    name = schema.get("name") if isinstance(schema, dict) else None
    label = format_label(kind, kind)
    return f"{label}: {name}" if name else label
