"""Templates of a workspace: definitions kept to start new assistants from. No gateway is called."""

from django.db import transaction
from django.utils import timezone

from admin_ui.accounts.models import Member, Workspace
from admin_ui.accounts.permissions import Action, NotAllowed
from admin_ui.accounts.services import lock_actor
from assistants.definition import Definition, Problem, too_much
from assistants.models import AssistantTemplate
from assistants.models.text import keep_texts, split
from assistants.services.errors import Invalid
from assistants.services.ledger.record import plain

MOST_TEMPLATES = 200
"""Templates that a workspace may keep."""
TEMPLATE_LENGTHS = {"name": 120, "description": 500}


def save_template(
    *, author: Member, name: str, description: str, definition: Definition
) -> AssistantTemplate:
    """Keep `definition` as a new template of the author's workspace.

    Raises `NotAllowed`, and `Invalid` if its name is empty or taken, a text is too long, the
    definition is over what a history keeps, or the workspace has `MOST_TEMPLATES` already.
    """
    over = too_much(definition, list(definition.content()))
    values, texts, bodies = split(definition)
    with transaction.atomic():
        there = _lock(author)
        found = _problems(author, name, description)
        if there >= MOST_TEMPLATES:
            found.append(_problem("", "too_many"))
        if over:
            found.append(_problem("", "too_large"))
        if found:
            raise Invalid(found)
        keep_texts(bodies)
        return AssistantTemplate.objects.create(
            workspace=author.workspace,
            name=name,
            description=description,
            values=values,
            texts=texts,
            saved_by=author.user,
            saved_by_name=plain(str(author.user), 200),
            saved_at=timezone.now(),
        )


def describe_template(
    *, author: Member, template: AssistantTemplate, name: str, description: str
) -> None:
    """Give a template another name and description.

    Raises `NotAllowed`, also for another workspace's, `Invalid` as `save_template` does, and
    `AssistantTemplate.DoesNotExist` if it was deleted meanwhile.
    """
    with transaction.atomic():
        _lock(author)
        row = _own(author, template)
        if found := _problems(author, name, description, but=row):
            raise Invalid(found)
        row.name, row.description = name, description
        row.save(update_fields=["name", "description"])


def delete_template(*, author: Member, template: AssistantTemplate) -> None:
    """Delete a template; assistants that were started from it stay.

    Raises `NotAllowed`, and `AssistantTemplate.DoesNotExist` if it is gone already.
    """
    with transaction.atomic():
        _lock(author)
        _own(author, template).delete()


def _lock(author: Member) -> int:
    """Hold the workspace, so that two people cannot take one name. Returns its templates' count."""
    lock_actor(author, Action.KEEP_TEMPLATES)
    Workspace.objects.select_for_update(no_key=True).get(pk=author.workspace_id)
    return AssistantTemplate.objects.filter(workspace_id=author.workspace_id).count()


def _own(author: Member, template: AssistantTemplate) -> AssistantTemplate:
    if template.workspace_id != author.workspace_id:
        raise NotAllowed(Action.KEEP_TEMPLATES)
    return AssistantTemplate.objects.defer("values", "texts").get(pk=template.pk)


def _problems(
    author: Member, name: str, description: str, *, but: AssistantTemplate | None = None
) -> list[Problem]:
    found = [
        _problem(field, "too_long")
        for field, text in (("name", name), ("description", description))
        if len(text) > TEMPLATE_LENGTHS[field]
    ]
    others = AssistantTemplate.objects.filter(workspace_id=author.workspace_id)
    if not name.strip():
        found.append(_problem("name", "required"))
    elif others.filter(name=name).exclude(pk=but.pk if but else 0).exists():
        found.append(_problem("name", "taken"))
    return found


def _problem(field: str, code: str) -> Problem:
    return Problem(field=field, path=field, code=code, params={}, message=f"{field}: {code}")
