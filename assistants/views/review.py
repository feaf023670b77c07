"""Between the form and the gateway: what a draft changes, and publishing it."""

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from admin_ui.accounts import stash
from admin_ui.accounts.access import WorkspaceRequest, require
from admin_ui.accounts.permissions import Action, NotAllowed, can
from admin_ui.accounts.selectors import members_of
from admin_ui.http import SeeOther
from assistants import selectors
from assistants.diff import compare
from assistants.forms.advice import advise, undocumented
from assistants.forms.text import printable
from assistants.models import Assistant, Draft, Outcome, Revision
from assistants.selectors.paging import is_number
from assistants.services import drafts
from assistants.services.delivery import Result
from assistants.services.errors import Conflict
from assistants.services.outside import live_definition
from assistants.services.publish import publish
from assistants.views.attempt import Trouble, attempt
from assistants.views.conflict import conflict_page
from assistants.views.editor_page import documented_by
from assistants.views.page import assistant_page
from assistants.wording import field_label, show_changes

NOTE_MAX = 5_000
"""Characters of a note."""


@require(Action.EDIT_DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """GET shows what a draft changes; POST publishes it with `note` and leads to the history.

    `?drafter=<pk of a user>` names a colleague's draft, for those who may publish;
    `?restores=<version>` is what a restore goes back to, for its note. Where live has moved since
    the draft was begun, both show the conflict (POST with 409); POST then takes `choice-<field>` =
    `mine` or `theirs`, and with `action=resolve` goes no further than the draft.
    """
    assistant = selectors.get_assistant(request.workspace, pk)
    assistant.workspace = request.workspace
    draft = _find_draft(request, assistant)
    if draft is None:
        messages.info(request, _("You have no draft of this assistant, so nothing to publish."))
        page = "history" if request.method == "POST" else "edit"
        return SeeOther(resolve_url(f"assistants:{page}", request.workspace.slug, pk))
    if request.method == "POST":
        return _post(request, assistant, draft)
    kept = stash.peek(request.user, request.path)
    note = kept.get("note", "") if kept else _first_note(request, draft)
    conflict = drafts.conflict_of(draft)
    if conflict:
        return conflict_page(request, assistant, draft, conflict, note=note)
    return _page(request, assistant, draft, note=note)


def _first_note(request: WorkspaceRequest, draft: Draft) -> str:
    """The note to begin with: of a restore, the version it goes back to."""
    version = request.GET.get("restores", "")
    if draft.kind != Revision.Kind.RESTORE or not is_number(version):
        return ""
    return _("Restores v%(version)s.") % {"version": version}


def _find_draft(request: WorkspaceRequest, assistant: Assistant) -> Draft | None:
    drafter = request.GET.get("drafter", "")
    if drafter in ("", str(request.user.pk)):
        draft = drafts.draft_of(user=request.user, assistant=assistant)
    else:
        if not can(request.member, Action.PUBLISH):
            raise NotAllowed(Action.PUBLISH)
        pk = int(drafter) if drafter.isdecimal() and len(drafter) < 19 else 0
        rows = Draft.objects.select_related("base", "user")
        draft = get_object_or_404(rows, assistant=assistant, user_id=pk)
    if draft is not None:
        draft.assistant = assistant
    return draft


def _post(request: WorkspaceRequest, assistant: Assistant, draft: Draft) -> HttpResponse:
    note = printable(request.POST.get("note", "")).strip()
    resolving = request.POST.get("action") == "resolve"
    if not resolving and not can(request.member, Action.PUBLISH):
        raise NotAllowed(Action.PUBLISH)
    if objection := _objection(request, draft, note):
        return _page(request, assistant, draft, note=note, trouble=objection)
    try:
        resolved = attempt(lambda: _resolve(request, draft), draft.definition)
        if isinstance(resolved, Trouble):
            return _page(request, assistant, draft, note=note, trouble=resolved)
        draft = resolved
        if resolving:
            return SeeOther(request.get_full_path())
        result = attempt(lambda: _publish(request, draft, note), draft.definition)
    except Conflict as conflict:
        fresh = selectors.get_assistant(request.workspace, assistant.pk)
        return conflict_page(request, fresh, draft, conflict, note=note, status=409)
    if isinstance(result, Trouble):
        fresh = selectors.get_assistant(request.workspace, assistant.pk)
        return _page(request, fresh, draft, note=note, trouble=result)
    stash.take(request.user, request.path)
    _say(request, result)
    return SeeOther(resolve_url("assistants:history", request.workspace.slug, assistant.pk))


def _objection(request: WorkspaceRequest, draft: Draft, note: str) -> Trouble | None:
    """Return why this must be looked at again before it is published, if anything."""
    reviewed = request.POST.get("reviewed")
    if reviewed and reviewed != draft.definition.digest:
        return Trouble(
            _("The draft has changed since you opened this page. Look at it again."), 409
        )
    if len(note) > NOTE_MAX:
        text = _("The note may have %(limit)s characters; this one has %(actual)s.")
        numbers = {"limit": intcomma(NOTE_MAX), "actual": intcomma(len(note))}
        return Trouble(text % numbers, 422)
    return None


def _resolve(request: WorkspaceRequest, draft: Draft) -> Draft:
    """Take the choices of the conflict page into the draft, if they were made for what is live."""
    choices = {
        name.removeprefix("choice-"): str(value)
        for name, value in request.POST.items()
        if name.startswith("choice-")
    }
    live = draft.assistant.live
    made_for = request.POST.get("live", str(live.number) if live else "")
    if not choices or live is None or made_for != str(live.number):
        return draft
    return drafts.resolve(author=request.member, draft=draft, choices=choices)


def _publish(request: WorkspaceRequest, draft: Draft, note: str) -> Result:
    return publish(
        author=request.member,
        assistant=draft.assistant,
        wanted=draft.definition,
        base=draft.base,
        note=note,
        drafter=None if draft.user_id == request.user.pk else draft.user,
        kind=draft.kind,
    )


def _say(request: WorkspaceRequest, result: Result) -> None:
    """Put the gateway's answer into one line for the page that comes next."""
    outcome = result.outcome
    if outcome is None:
        messages.info(request, _("Nothing to publish: what is live says the same already."))
    elif result.status == Outcome.Status.UNCONFIRMED:
        text = _(
            "It is not certain whether the change arrived: the gateway did not give a clear answer."
            " It will be found out at the next check; publishing again is safe."
        )
        messages.warning(request, text)
    elif outcome.differences:
        fields = ", ".join(field_label(entry["field"]) for entry in outcome.differences)
        text = _(
            "Published as v%(version)s, but the gateway stored something different: %(fields)s."
            " What you wrote is kept as your draft."
        )
        messages.warning(request, text % {"version": outcome.version, "fields": fields})
    else:
        text = _("Published as v%(version)s. It is in effect for everyone now.")
        messages.success(request, text % {"version": outcome.version})


def _page(
    request: WorkspaceRequest,
    assistant: Assistant,
    draft: Draft,
    *,
    note: str,
    trouble: Trouble | None = None,
) -> HttpResponse:
    wanted = draft.definition
    live = live_definition(assistant) if assistant.live_id else None
    may_publish = can(request.member, Action.PUBLISH)
    context = {
        "draft": draft,
        "is_mine": draft.user_id == request.user.pk,
        "changes": show_changes(compare(live, wanted)),
        "advice": [entry.text for entry in advise(wanted)],
        "undocumented": undocumented(wanted, documented_by(assistant.connection)),
        "publishers": [] if may_publish else _publishers(request),
        "note": note,
        "trouble": trouble,
    }
    status = trouble.status if trouble else 200
    return assistant_page(request, "assistants/review.html", assistant, context, status=status)


def _publishers(request: WorkspaceRequest) -> list[str]:
    """Return the names of a few people who can publish."""
    able = [entry for entry in members_of(request.workspace) if can(entry, Action.PUBLISH)]
    return [str(entry.user) for entry in able[:3]]


@require(Action.EDIT_DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """GET shows what will be lost; POST drops the person's draft.

    An assistant that never was more than this draft goes with it.
    """
    assistant = selectors.get_assistant(request.workspace, pk)
    edit = resolve_url("assistants:edit", request.workspace.slug, pk)
    draft = drafts.draft_of(user=request.user, assistant=assistant)
    if request.method != "POST":
        live = live_definition(assistant) if assistant.live_id else None
        if draft is None and stash.peek(request.user, edit) is None:
            return redirect(edit)
        changes = show_changes(compare(live, draft.definition)) if draft else []
        context = {"changes": changes, "only_draft": draft is not None and live is None}
        return assistant_page(request, "assistants/discard.html", assistant, context)
    stash.take(request.user, edit)
    drafts.discard_draft(author=request.member, assistant=assistant)
    messages.success(request, _("Draft discarded."))
    if not Assistant.objects.filter(pk=pk).exists():
        return SeeOther(resolve_url("assistants:list", request.workspace.slug))
    return SeeOther(edit)
