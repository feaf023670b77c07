"""Rendering the editor: the form, its frame and its errors."""

from collections.abc import Callable
from datetime import datetime
from enum import Enum, auto
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone

from admin_ui.accounts.guard.access import WorkspaceRequest
from admin_ui.accounts.models import User, Workspace
from admin_ui.compiled import CompiledQuery
from admin_ui.request.http import BUSY_SECONDS, add_retry_after
from admin_ui.serving.best_effort import best_effort
from assistants.definition import FIELD_NAMES, LIMITS, changed_fields
from assistants.forms.advising.advice import advise
from assistants.forms.changed import NO_CHANGES, Changes, changes_from
from assistants.forms.definition_form import DefinitionForm
from assistants.forms.offered.models import model_hints, options_html
from assistants.gateway import PROFILES
from assistants.models import Assistant, Connection, Draft, Outcome, definition_changes
from assistants.selectors.addresses import AssistantPages
from assistants.selectors.change_requests.addresses import ChangeRequestPages
from assistants.selectors.connections import profile_label
from assistants.selectors.drafts.states import told_in_editor, told_keys
from assistants.selectors.left import with_left
from assistants.selectors.presence import overtaken_by
from assistants.selectors.versions import both_sides
from assistants.services.editing.copies import Copies
from assistants.services.editing.drafts import remember_shown
from assistants.services.ledger.reading import newest_outcome
from assistants.views.assistant_page import assistant_page
from assistants.views.editor.metadata import wanted_keys
from assistants.views.editor.offered import editor_offers, model_names, offers_for
from assistants.views.editor.starting_point import StartingPoint
from assistants.wording import Chip, assistant_chips, gateway_error, your_draft
from assistants.wording.labels import fields_told


class StoredAs(Enum):
    """Where a posted form is kept: in the draft, as typed because it does not parse, or nowhere
    because it equals its base."""

    DRAFT = auto()
    AS_TYPED = auto()
    NOTHING = auto()


NO_COPIES = Copies(None, None, [])


def editor_page(
    request: WorkspaceRequest,
    assistant: Assistant,
    start: StartingPoint,
    form: DefinitionForm,
    *,
    status: int = 200,
    add: str = "",
    kept: StoredAs | None = None,
    copies: Copies = NO_COPIES,
) -> HttpResponse:
    """Show the form, with another empty row in the group `add`.

    `kept` is where the posted form is kept; `copies` are those of a page that was not posted.
    `status` also tells why nothing was saved: 409 if the draft was saved elsewhere meanwhile or the
    page is somebody else's, 503 if the database refused.
    """
    number = start.base.number if start.base else None
    has_draft = start.draft is not None or kept in (StoredAs.DRAFT, StoredAs.AS_TYPED)
    is_copy = copies.form is not None
    assistant.workspace = request.workspace
    stale = status == 409 or start.stale
    decisions = told_in_editor(assistant=assistant, user=request.user, draft=start.draft)
    changes = changes_from(start.base_definition, form.definition, form.answers.data)
    context = {
        **form_context(form, assistant.connection, request.workspace, add=add, changes=changes),
        "start": start,
        "open_fields": fields_told(name for name in FIELD_NAMES if name not in start.closed),
        "chips": editor_chips(assistant, has_draft=has_draft),
        "discard": AssistantPages.of(assistant).discard
        if has_draft or is_copy or copies.earlier
        else "",
        "overtaken": overtaken_by(assistant=assistant, base=number, user=request.user),
        "colleagues": _other_drafts(assistant, request.user),
        "decisions": decisions,
        "decided": told_keys(decisions),
        "stale": stale and not start.is_anothers,
        "typed": is_copy,
        "typed_by": copies.shown.tab if copies.shown else form.answers.data.get("typed", ""),
        "copies": copies,
        "shows": _shows(start.draft, copies),
        **foot(
            form,
            draft=start.draft,
            kept=kept,
            is_copy=is_copy,
            is_anothers=start.is_anothers,
            moved=stale and not (is_copy or start.is_anothers),
            failed=BUSY_SECONDS if status == 503 else 0,
        ),
    }
    if not start.is_revision:
        with best_effort("What an editor shows"):  # the first save from it sees to it again
            remember_shown(user=request.user, assistant=assistant, definition=start.original)
    return add_retry_after(
        assistant_page(request, "assistants/editor/edit.html", assistant, context, status=status)
    )


def _other_drafts(assistant: Assistant, user: User) -> QuerySet[Draft] | None:
    """Return the drafts that colleagues have, with their people; few assistants have any."""
    drafts = [pk for pk, author in _AUTHORS(assistant.pk) if author != user.pk]
    if not drafts:
        return None
    rows = with_left(Draft.objects.filter(pk__in=drafts))
    return rows.select_related("user").only("user", "updated_at")


def _authors_of(assistant: int) -> QuerySet[Draft, tuple[int, int]]:
    return Draft.objects.filter(assistant=assistant).values_list("pk", "user_id")


_AUTHORS = CompiledQuery(_authors_of)


def _shows(draft: Draft | None, copies: Copies) -> str:
    """Return the save that the page shows, by tab and turn; "" if nothing was saved."""
    if copies.form is not None:
        return f"{copies.form.get('tab', '')} {copies.form.get('turn', '')}"
    return f"{draft.tab} {draft.turn}" if draft is not None else ""


def editor_chips(assistant: Assistant, *, has_draft: bool) -> list[Chip]:
    """Return the state of an assistant, and whether the person has a draft of it."""
    requests = ChangeRequestPages.of(assistant.workspace.slug)
    chips = assistant_chips(assistant, AssistantPages.of(assistant).revision, requests.request)
    if has_draft and assistant.state != Assistant.State.DRAFT:
        chips.append(your_draft())
    return chips


def foot(
    form: DefinitionForm,
    *,
    draft: Draft | None = None,
    kept: StoredAs | None = None,
    is_copy: bool = False,
    is_anothers: bool = False,
    moved: bool = False,
    failed: int = 0,
) -> dict[str, Any]:
    """Return the saved line of the form, and whether the text is on the page alone.

    `failed` is the number of seconds until saving is tried again.
    """
    moment: datetime | None = None
    if kept is not None:
        moment = timezone.now()
    elif not form.answers.data and draft is not None:
        kept, moment = StoredAs.DRAFT, draft.updated_at
    elif is_copy:
        kept = StoredAs.AS_TYPED
    return {
        "foreign": is_anothers,
        "moved": moved,
        "failed": failed,
        "kept": kept.name if kept else "",
        "moment": moment,
        **kept_beside(form),
        "unsaved": bool(form.answers.data) and kept is None,
    }


def kept_beside(form: DefinitionForm) -> dict[str, bool]:
    """Return why a posted form is kept as typed beside the draft, if it is."""
    return {
        "refused": bool(form.refused),
        "unreadable": form.unreadable,
        "left_out": form.left_out,
        "pasted": form.pasted,
    }


def form_context(
    form: DefinitionForm,
    connection: Connection,
    workspace: Workspace,
    *,
    add: str = "",
    changes: Changes = NO_CHANGES,
) -> dict[str, Any]:
    """Return what `assistants/editor/_form.html` needs."""
    offers = offers_for(form.answers, form.definition, connection)
    hints = model_hints(form.definition, offers)
    models = model_names(connection, workspace, offers)
    page = form.page(documented_by(connection), add=add, more_hints=hints, changed=changes.names)
    return {
        "page": page,
        "wanted_keys": wanted_keys(workspace, page),
        "changes": changes,
        "advice": {entry.field: entry.text for entry in advise(form.definition)},
        "limits": LIMITS,
        "vendor": profile_label(connection.profile),
        "models": models,
        "model_options": options_html(models),
        **editor_offers(form.answers, offers, connection, workspace),
    }


def documented_by(connection: Connection) -> Callable[[str], bool]:
    """Return whether the vendor behind `connection` documents a part of a definition, by path."""
    profile = PROFILES.get(connection.profile)
    return profile.documents if profile else lambda _path: True


def show_refusal(assistant: Assistant, start: StartingPoint, form: DefinitionForm) -> None:
    """Put the gateway's reason at its field, if it refused the draft that is shown."""
    if assistant.trouble != Assistant.Trouble.REJECTED or start.draft is None:
        return
    revision = definition_changes(assistant).first()
    outcome = newest_outcome(revision) if revision else None
    if revision is None or outcome is None or outcome.status != Outcome.Status.REJECTED:
        return
    if not changed_fields(both_sides([revision])[revision.pk].sent, start.original):
        form.add_refusal(outcome.param, gateway_error(outcome.error, outcome.message))
        form.errors.pop("", None)  # what is about no field stands on top of the page already
