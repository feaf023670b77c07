"""Templates of a workspace, as rows."""

from dataclasses import dataclass
from datetime import datetime

from django.shortcuts import get_object_or_404

from admin_ui.accounts.models import Workspace
from assistants.models import AssistantTemplate


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """One template, ready to be shown."""

    pk: int
    name: str
    description: str
    who: str
    at: datetime


def templates_of(workspace: Workspace) -> list[TemplateRow]:
    """Return the templates of `workspace` by name; their number is limited."""
    rows = AssistantTemplate.objects.filter(workspace=workspace).order_by("name", "pk")
    columns = ("pk", "name", "description", "saved_by_name", "saved_at")
    return [TemplateRow(*row) for row in rows.values_list(*columns)]


def get_template(workspace: Workspace, pk: int) -> AssistantTemplate:
    """Return that template of `workspace`. Raises `Http404`."""
    return get_object_or_404(AssistantTemplate, workspace=workspace, pk=pk)
