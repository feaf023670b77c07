"""Metadata of a workspace: the keys that it describes, and the keys and values in use."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from admin_ui.accounts.models import Workspace
from admin_ui.compiled import CompiledQuery
from assistants.models import MetadataKey
from assistants.selectors.choices import distinct_values

MOST_SUGGESTED = 50


@dataclass(frozen=True, slots=True)
class DescribedKey:
    """A key that a workspace wants, ready to be shown."""

    pk: int
    name: str
    help: str
    allowed: list[str]


def described_keys(workspace: Workspace) -> list[DescribedKey]:
    """Return the described keys of `workspace` by name, of which there are few."""
    return [DescribedKey(*row) for row in _DESCRIBED(workspace.pk)]


def _described_in(workspace: int) -> QuerySet[MetadataKey, tuple[int, str, str, list[str]]]:
    rows = MetadataKey.objects.filter(workspace=workspace).order_by("name", "pk")
    return rows.values_list("pk", "name", "help", "allowed")


_DESCRIBED = CompiledQuery(_described_in)


def get_metadata_key(workspace: Workspace, pk: int) -> MetadataKey:
    """Return that described key of `workspace`. Raises `Http404`."""
    return get_object_or_404(MetadataKey, workspace=workspace, pk=pk)


def suggested_keys(workspace: Workspace) -> list[str]:
    """Return the keys to suggest: those described, then those in use. Two queries."""
    used = _used("key", "workspace_id = %s", [workspace.pk])
    described = [key.name for key in described_keys(workspace)]
    return list(dict.fromkeys([*described, *used]))[:MOST_SUGGESTED]


def suggested_values(workspace: Workspace, key: str) -> list[str]:
    """Return the values to suggest for a key: those it names, then those in use. Two queries."""
    key = key.replace("\0", "")
    row = MetadataKey.objects.filter(workspace=workspace, name=key).first()
    used = _used("value", "workspace_id = %s AND key = %s", [workspace.pk, key])
    return list(dict.fromkeys([*(row.allowed if row else []), *used]))[:MOST_SUGGESTED]


def _used(column: str, condition: str, params: list[Any]) -> list[str]:
    return distinct_values(
        "assistants_metadatause", column, condition, params, above="''", most=MOST_SUGGESTED
    )
