"""The assistants and fields to choose from when the rights of a member are narrowed."""

from collections.abc import Collection
from typing import NamedTuple

from admin_ui.accounts.models import Workspace
from assistants.definition import DEFINITION_FIELDS
from assistants.models import Assistant
from assistants.selectors.assistants import first_assistants
from assistants.wording import field_label

MOST_OTHER_CHOICES = 30
"""Assistants that the page offers beside those that are chosen; a search finds the others."""


class ReachChoice(NamedTuple):
    value: str
    label: str
    is_chosen: bool


def assistant_choices(
    workspace: Workspace, chosen: Collection[int], typed: str
) -> list[ReachChoice]:
    """Return the chosen assistants by name, then the first others that fit what was typed."""
    rows = Assistant.objects.filter(workspace=workspace, pk__in=chosen).order_by("name", "pk")
    mine = list(rows.only("name", "remote_id"))
    others = first_assistants(workspace, typed, MOST_OTHER_CHOICES)
    known = {row.pk for row in mine}
    return [ReachChoice(str(row.pk), str(row), True) for row in mine] + [
        ReachChoice(str(row.pk), str(row), False) for row in others if row.pk not in known
    ]


def field_choices(chosen: Collection[str]) -> list[ReachChoice]:
    """Return all fields of a definition in display order."""
    return [ReachChoice(name, field_label(name), name in chosen) for name in DEFINITION_FIELDS]
