"""What a definition refers to and may no longer find: its model, files, stores and functions."""

import re
from collections.abc import Iterator
from itertools import islice

from django.utils import timezone

from assistants.definition import Definition, excerpt
from assistants.diff import tool_type_and_name
from assistants.forms.offered.knowledge import ID_INPUTS, IdInput, offer_row
from assistants.forms.offered.models import advise_on_model, model_of
from assistants.forms.shown import ID_LISTS
from assistants.selectors.offers import KnownOffers
from assistants.wording.offers import about_offer, lost_function, missing_offer

MOST_LOST = 10
"""Functions, or IDs of one kind, that are named as missing."""


def references_of(definition: Definition) -> list[str]:
    """Return the model and the IDs of the files and stores that a definition names."""
    return [model_of(definition), *(one for spec in ID_INPUTS for one in _ids(definition, spec))]


def advise_on_references(definition: Definition, offers: KnownOffers) -> Iterator[str]:
    """Yield what the lists of a connection say about the model, the files and the stores."""
    yield from advise_on_model(definition, offers)
    today = timezone.localdate()
    for spec in ID_INPUTS:
        told = 0
        for one in _ids(definition, spec):
            entry = offers.find(spec.kind, one)
            lacks = missing_offer(spec.kind) if offers.lacks(spec.kind, one) else ""
            flag = offer_row(entry, today).flag if entry else lacks
            if flag and told < MOST_LOST:
                told += 1
                yield about_offer(spec.label, entry.name if entry else one, flag)


def advise_on_functions(definition: Definition, *known: Definition | None) -> Iterator[str]:
    """Yield which functions of `known` the instructions mention, though it does not have them."""
    text = excerpt(definition).values.get("instructions")
    if not isinstance(text, str):
        return
    before = [name for one in known if one is not None for name in _functions(one)]
    kept = set(_functions(definition))
    lost = (name for name in dict.fromkeys(before) if name not in kept and _mentions(text, name))
    yield from map(lost_function, islice(lost, MOST_LOST))


def _ids(definition: Definition, spec: IdInput) -> list[str]:
    part, key = ID_LISTS[spec.field]
    resources = excerpt(definition).values.get("tool_resources")
    section = resources.get(part) if isinstance(resources, dict) else None
    found = section.get(key) if isinstance(section, dict) else None
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def _functions(definition: Definition) -> list[str]:
    tools = excerpt(definition).values.get("tools")
    named = map(tool_type_and_name, tools if isinstance(tools, list) else [])
    return [name for kind, name in named if kind == "function" and name != kind]


def _mentions(text: str, name: str) -> bool:
    """Return whether a text names a function; a plain word counts only as code or as a call."""
    if name not in text:
        return False
    if re.fullmatch(r"[a-z]+|[A-Z][a-z]*", name):
        return f"`{name}`" in text or f"{name}(" in text
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) is not None
