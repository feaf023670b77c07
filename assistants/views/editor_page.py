"""What the pages of the editor show: the form, what surrounds it, and what went wrong."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpResponse

from admin_ui.accounts.access import WorkspaceRequest
from admin_ui.accounts.models import Workspace
from admin_ui.http import BUSY_SECONDS, later
from assistants.definition import LIMITS, changed_fields
from assistants.forms.advice import advise
from assistants.forms.definition_form import DefinitionForm
from assistants.gateway import PROFILES
from assistants.models import Assistant, Connection, Draft, Outcome
from assistants.selectors import models_of
from assistants.selectors.connections import profile_label
from assistants.selectors.left import with_left
from assistants.selectors.presence import overtaken_by
from assistants.services.best_effort import best_effort
from assistants.services.connections import REGISTRY
from assistants.services.drafts import remember_shown
from assistants.services.effect import newest_outcome
from assistants.views.page import assistant_page
from assistants.views.starting_point import StartingPoint
from assistants.wording import Chip, assistant_chips, gateway_error, your_draft


def editor_page(
    request: WorkspaceRequest,
    assistant: Assistant,
    start: StartingPoint,
    form: DefinitionForm,
    *,
    status: int = 200,
    add: str = "",
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Show the form, with an empty row more in the group `add`.

    `typed` is the form that was kept as it was typed, where the page shows that. `status` also
    tells what keeps it from being saved: 409 that the draft was saved somewhere else meanwhile,
    503 that the database refused.
    """
    number = start.base.number if start.base else None
    others = Draft.objects.filter(assistant=assistant).exclude(user=request.user)
    context = {
        **form_context(form, assistant.connection, request.workspace, add=add),
        "start": start,
        "chips": editor_chips(assistant, has_draft=start.draft is not None),
        "overtaken": overtaken_by(assistant=assistant, base=number, user=request.user),
        "changed": 0
        if form.definition is start.base_definition
        else len(changed_fields(start.base_definition, form.definition)),
        "colleagues": with_left(others).select_related("user").only("user", "updated_at"),
        "failed": BUSY_SECONDS if status == 503 else 0,
        "stale": status == 409 or start.stale,
        "typed": typed is not None,
        "typed_by": tab_shown(typed or form.answers.data, posted=typed is None),
    }
    if not start.is_revision:
        with best_effort("What an editor shows"):  # the first save from it sees to it again
            remember_shown(user=request.user, assistant=assistant, definition=start.original)
    return later(assistant_page(request, "assistants/edit.html", assistant, context, status=status))


def editor_chips(assistant: Assistant, *, has_draft: bool) -> list[Chip]:
    """Return the state of an assistant, and whether the person has a draft of it."""
    chips = assistant_chips(assistant)
    if has_draft and assistant.state != Assistant.State.DRAFT:
        chips.append(your_draft())
    return chips


def tab_shown(data: Mapping[str, str] | None, *, posted: bool) -> str:
    """Return the tab whose typed form a page shows, as `data`; a posted form says it on."""
    return (data or {}).get("typed" if posted else "tab", "")


def form_context(
    form: DefinitionForm, connection: Connection, workspace: Workspace, *, add: str = ""
) -> dict[str, Any]:
    """Return what `assistants/_form.html` needs."""
    return {
        "page": form.page(documented_by(connection), add=add),
        "advice": {entry.field: entry.text for entry in advise(form.definition)},
        "limits": LIMITS,
        "unsaved": bool(form.answers.data),
        "vendor": profile_label(connection.profile),
        "models": model_names(connection, workspace),
    }


def documented_by(connection: Connection) -> Callable[[str], bool]:
    """Return whether the vendor behind `connection` documents a part of a definition, by path."""
    profile = PROFILES.get(connection.profile)
    return profile.documents if profile else lambda _path: True


def model_names(connection: Connection, workspace: Workspace) -> list[str]:
    """Return the models to suggest, without asking a gateway: those in use in the workspace, and
    those that the registry is set to list."""
    used = models_of(workspace)
    return sorted({*used, *settings.REGISTRY_MODELS}) if connection.profile == REGISTRY else used


def show_refusal(assistant: Assistant, start: StartingPoint, form: DefinitionForm) -> None:
    """Put the gateway's reason at its field, when it refused the very draft that is shown."""
    if assistant.trouble != Assistant.Trouble.REJECTED or start.draft is None:
        return
    revision = assistant.revisions.order_by("-number").first()
    outcome = newest_outcome(revision) if revision else None
    if revision is None or outcome is None or outcome.status != Outcome.Status.REJECTED:
        return
    if revision.definition == start.original:
        form.add_refusal(outcome.param, gateway_error(outcome.error, outcome.message))
        form.errors.pop("", None)  # what is about no field stands on top of the page already
