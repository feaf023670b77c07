"""The keys of metadata that a workspace wants, described for the people who fill them in."""

from collections.abc import Sequence

from django.db import transaction

from admin_ui.accounts.models import Member, Workspace
from admin_ui.accounts.permissions import Action, NotAllowed
from admin_ui.accounts.services import lock_actor
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import record
from assistants.definition import LIMITS, Problem
from assistants.models import MetadataKey
from assistants.services.errors import Invalid

MOST_ALLOWED = 50
"""Values that one key may name."""
LONGEST_HELP = 200


def describe_key(
    *, author: Member, key: MetadataKey | None, name: str, help: str, allowed: Sequence[str]
) -> MetadataKey:
    """Add a described key to the author's workspace, or change one.

    A workspace describes as many as an assistant can have. Raises `NotAllowed`, also for another
    workspace's, `Invalid`, and `MetadataKey.DoesNotExist` if it was removed meanwhile.
    """
    with transaction.atomic():
        _lock(author)
        row = MetadataKey(workspace=author.workspace) if key is None else _own(author, key)
        others = MetadataKey.objects.filter(workspace=author.workspace).exclude(pk=row.pk)
        if found := _problems(list(others.values_list("name", flat=True)), name, help, allowed):
            raise Invalid(found)
        row.name, row.help, row.allowed = name, help, list(dict.fromkeys(allowed))
        row.save()
        details = {"help": help, "allowed": ", ".join(allowed)}
        record(EventKind.METADATA_KEY, workspace=author.workspace, about=name, details=details)
    return row


def remove_key(*, author: Member, key: MetadataKey) -> None:
    """Remove the description of a key; the metadata of assistants stays.

    Raises `NotAllowed`, and `MetadataKey.DoesNotExist` if it is gone already.
    """
    with transaction.atomic():
        _lock(author)
        row = _own(author, key)
        row.delete()
        details = {"removed": True}
        record(EventKind.METADATA_KEY, workspace=author.workspace, about=row.name, details=details)


def _lock(author: Member) -> None:
    lock_actor(author, Action.MANAGE_METADATA)
    Workspace.objects.select_for_update(no_key=True).get(pk=author.workspace_id)


def _own(author: Member, key: MetadataKey) -> MetadataKey:
    if key.workspace_id != author.workspace_id:
        raise NotAllowed(Action.MANAGE_METADATA)
    return MetadataKey.objects.get(pk=key.pk)


def _problems(others: Sequence[str], name: str, help: str, allowed: Sequence[str]) -> list[Problem]:
    checks = (
        ("name", "required", not name.strip()),
        ("name", "too_long", len(name) > LIMITS.metadata_key),
        ("name", "taken", name in others),
        ("name", "too_many", len(others) >= LIMITS.metadata_pairs),
        ("help", "too_long", len(help) > LONGEST_HELP),
        ("allowed", "too_many", len(allowed) > MOST_ALLOWED),
        ("allowed", "too_long", any(len(value) > LIMITS.metadata_value for value in allowed)),
    )
    return [
        Problem(field=field, path=field, code=code, params={}, message=f"{field}: {code}")
        for field, code, is_wrong in checks
        if is_wrong
    ]
