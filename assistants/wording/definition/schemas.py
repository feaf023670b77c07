"""Says what is wrong with a JSON Schema, in a sentence for the person who wrote it."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assistants.definition.checks.json_schema import TYPES
from assistants.wording.marks import quoted

MOST_MISSING_NAMES = 5

_EXPECTED: Mapping[str, Promise] = {
    "schema": gettext_lazy('a schema in curly brackets, such as {"type": "string"}'),
    "schema_list": gettext_lazy("a list of schemas in square brackets"),
    "schema_or_list": gettext_lazy('a schema in curly brackets, such as {"type": "string"}'),
    "schema_by_name": gettext_lazy("an object in curly brackets, with a schema for each name"),
    "names_by_name": gettext_lazy(
        "an object in curly brackets, with a list of names for each name"
    ),
    "rules_by_name": gettext_lazy(
        "an object in curly brackets, with a list of names for each name"
    ),
    "names": gettext_lazy('a list of names in square brackets, such as ["order_id"]'),
    "type": gettext_lazy('the name of a type, such as "string", or a list of them'),
    "list": gettext_lazy("a list in square brackets"),
    "number": gettext_lazy("a number"),
    "count": gettext_lazy("a whole number, 0 or more"),
    "bound": gettext_lazy("a number"),
    "text": gettext_lazy("text in double quotes"),
    "switch": gettext_lazy("true or false, without quotes"),
}


def flaw_sentence(code: str, at: str, params: Mapping[str, Any]) -> str:
    """Return the sentence about a flaw (see `json_schema.Flaw`), with its place `at` before it."""
    text = _SENTENCES[code](params)
    return f"{quoted(at)}: {text}" if at else text


def _wrong_kind(params: Mapping[str, Any]) -> str:
    return _("This must be %(expected)s.") % {"expected": _EXPECTED[params["expected"]]}


def _unknown_type(params: Mapping[str, Any]) -> str:
    text = _("“%(name)s” is not a type of JSON Schema. The types are: %(types)s.")
    return text % {"name": quoted(params["name"][:80]), "types": ", ".join(TYPES)}


def _not_a_property(params: Mapping[str, Any]) -> str:
    text = _("“%(name)s” is required, but it is not among the properties.")
    return text % {"name": quoted(params["name"][:80])}


def _no_items(_params: Mapping[str, Any]) -> str:
    return _(
        "A list needs “items”, which describes its entries. Providers refuse a list without it."
    )


def _empty(params: Mapping[str, Any]) -> str:
    return _("“%(name)s” is empty. Add at least one entry.") % {"name": quoted(params["name"])}


def _at_the_top(params: Mapping[str, Any]) -> str:
    text = _("Providers refuse “%(name)s” at the top. Put it into a property.")
    return text % {"name": quoted(params["name"])}


def _top_not_object(_params: Mapping[str, Any]) -> str:
    return _('Providers require an object at the top: {"type": "object", …}.')


def _not_closed(_params: Mapping[str, Any]) -> str:
    return _('Strict needs "additionalProperties": false in every object.')


def _optional(params: Mapping[str, Any]) -> str:
    names = params["names"]
    told = ", ".join(quoted(name[:80]) for name in names[:MOST_MISSING_NAMES])
    if more := len(names) - MOST_MISSING_NAMES if len(names) > MOST_MISSING_NAMES else 0:
        left = ngettext("%(count)d more", "%(count)d more", more) % {"count": more}
        told = _("%(names)s and %(left)s") % {"names": told, "left": left}
    return _("Strict needs every property in “required”. Missing: %(names)s.") % {"names": told}


_SENTENCES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "wrong_kind": _wrong_kind,
    "unknown_type": _unknown_type,
    "not_a_property": _not_a_property,
    "no_items": _no_items,
    "empty": _empty,
    "at_the_top": _at_the_top,
    "top_not_object": _top_not_object,
    "not_closed": _not_closed,
    "optional": _optional,
}
