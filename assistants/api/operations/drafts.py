"""The caller's draft of an assistant, and publishing."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router
from ninja import Status as Answer

from admin_ui.accounts.permissions import Action
from assistants import selectors
from assistants.api.operations.sending import sent, sent_json
from assistants.api.reading import (
    assistant_of,
    base_from,
    live_number,
    matched,
    may_use,
    member_of,
    not_current,
    tag,
)
from assistants.api.shapes import DraftIn, DraftOut, PublishIn, RestoreIn, SentOut
from assistants.definition import Definition
from assistants.models import Assistant, Draft, Kind, Revision
from assistants.services.editing.colleagues import writers_of
from assistants.services.editing.drafts import discard_draft, draft_of, save_draft
from assistants.services.editing.restore import restore_as_draft
from assistants.services.publishing.publish import publish
from assistants.views.history.as_json import named_fields

router = Router()


@router.get("assistants/{number:pk}/draft", auth=may_use(Action.EDIT_DRAFT), response=DraftOut)
def draft_read(request: HttpRequest, response: HttpResponse, pk: int) -> Any:
    """Read your draft. The ETag names the revision that it began from."""
    assistant = assistant_of(request, pk)
    draft = _my_draft(request, assistant)
    tag(response, _number(draft.base))
    return draft_json(draft)


@router.put("assistants/{number:pk}/draft", auth=may_use(Action.EDIT_DRAFT), response=DraftOut)
def draft_save(request: HttpRequest, response: HttpResponse, pk: int, body: DraftIn) -> Any:
    """Save your draft: a whole definition, and from which revision it began."""
    assistant = assistant_of(request, pk)
    base = base_from(request, assistant, body.base)
    draft = save_draft(
        author=member_of(request),
        assistant=assistant,
        definition=Definition.parse(body.definition),
        base=base,
    )
    tag(response, _number(base))
    return draft_json(draft)


@router.delete(
    "assistants/{number:pk}/draft", auth=may_use(Action.EDIT_DRAFT), response={204: None}
)
def draft_discard(request: HttpRequest, pk: int) -> Any:
    """Discard your draft. An assistant that was never published goes with it."""
    assistant = assistant_of(request, pk)
    _my_draft(request, assistant)
    discard_draft(author=member_of(request), assistant=assistant)
    return Answer(204, None)


@router.post(
    "assistants/{number:pk}/publish",
    auth=may_use(Action.PUBLISH),
    response={200: SentOut, 202: SentOut},
)
def assistants_publish(request: HttpRequest, pk: int, body: PublishIn) -> Any:
    """Publish your draft, or the definition in the body. 202: it is not certain that it arrived."""
    assistant = assistant_of(request, pk)
    member = member_of(request)
    draft = None if body.definition is not None else _my_draft(request, assistant)
    if draft is None:
        assert body.definition is not None
        wanted = Definition.parse(body.definition)
        base, kind = base_from(request, assistant, body.base), str(Kind.EDIT)
    else:
        wanted, base, kind = draft.definition, draft.base, draft.kind
        if matched(request) not in (None, live_number(assistant)):
            raise not_current(assistant)
    result = publish(
        author=member,
        assistant=assistant,
        wanted=wanted,
        base=base,
        note=body.note.strip(),
        written_by=writers_of(draft, author=member.user) if draft else "",
        kind=kind,
        over_doubt=body.over_doubt,
    )
    assistant.refresh_from_db(fields=["remote_id"])
    return sent(result, sent_json(result, assistant.remote_id))


@router.post("assistants/{number:pk}/restore", auth=may_use(Action.PUBLISH), response=DraftOut)
def assistants_restore(
    request: HttpRequest, response: HttpResponse, pk: int, body: RestoreIn
) -> Any:
    """Make an old revision your draft, in place of the one you have. Publish it next."""
    assistant = assistant_of(request, pk)
    revision = selectors.get_revision(assistant, body.revision)
    member = member_of(request)
    draft = restore_as_draft(author=member, assistant=assistant, revision=revision)
    tag(response, live_number(assistant))
    return draft_json(draft)


def _my_draft(request: HttpRequest, assistant: Assistant) -> Draft:
    draft = draft_of(user=member_of(request).user, assistant=assistant)
    if draft is None:
        raise Http404
    return draft


def _number(revision: Revision | None) -> int:
    return revision.number if revision else 0


def draft_json(draft: Draft) -> dict[str, Any]:
    return {
        "assistant": draft.assistant_id,
        "base": _number(draft.base),
        "kind": draft.kind,
        "updated_at": draft.updated_at,
        "changed": named_fields(draft.changes),
        "definition": draft.definition.to_dict(),
    }
