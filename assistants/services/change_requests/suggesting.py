"""Taking suggestions into the author's draft: one, or all that are left of a change request.

A suggestion replaces its lines only where the draft still has them as they were. So a suggestion
never overwrites what the author wrote since.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action, NotAllowed
from admin_ui.accounts.services import lock_actor
from assistants.definition import Definition
from assistants.diff.following.anchors import Follower, LineRange
from assistants.diff.three_way import split_lines
from assistants.models import ChangeRequest, Draft, Revision, ThreadStep
from assistants.selectors.talk.rounds import LINED, round_texts
from assistants.services.change_requests.refusals import TalkRefused, Why
from assistants.services.change_requests.talking import end_step, set_resolved
from assistants.services.editing.drafts import draft_of, save_draft
from assistants.services.ledger.record import lock_assistant, plain


@dataclass(frozen=True)
class Accepted:
    """How many suggestions went into the draft, and why others did not, by their primary keys."""

    draft: Draft | None
    count: int
    refused: dict[int, Why]


@dataclass(frozen=True)
class _Edit:
    lines: LineRange
    step: ThreadStep


def accept_suggestion(*, author: Member, step: ThreadStep) -> Draft:
    """Take a suggestion into the author's draft, which then names the suggester as a writer.

    Without a draft, one is begun from the newest round. The thread is resolved. Raises `NotAllowed`
    for anybody but the author of the change request, and `TalkRefused` if the change request is
    closed, the suggestion has ended, or the draft no longer has its lines as they were.
    """
    done = _accept(author, step.thread.change_request, [step])
    if done.draft is None:
        raise TalkRefused(done.refused[step.pk])
    return done.draft


def accept_all(*, author: Member, request: ChangeRequest) -> Accepted:
    """Take every suggestion that is left into the author's draft, as one save.

    Of two about the same lines, the earlier one is taken. Those that cannot be taken stay as they
    are. Raises as `accept_suggestion`.
    """
    return _accept(author, request, None)


def decline_suggestion(*, author: Member, step: ThreadStep) -> None:
    """Decline a suggestion. Raises `NotAllowed` and `TalkRefused` as `accept_suggestion`."""
    with transaction.atomic():
        actor = _enter(author, step.thread.change_request)
        if step.kind != ThreadStep.Kind.SUGGESTED:
            raise TalkRefused(Why.ENDED)
        end_step(step, actor, ThreadStep.Kind.DECLINED)


def open_suggestions(request: ChangeRequest) -> list[ThreadStep]:
    """Return the suggestions that are neither accepted, declined nor withdrawn, oldest first."""
    rows = ThreadStep.objects.filter(
        thread__change_request=request, kind=ThreadStep.Kind.SUGGESTED, end=None
    )
    return list(rows.select_related("thread__round", "user").order_by("pk"))


def _accept(author: Member, request: ChangeRequest, steps: Sequence[ThreadStep] | None) -> Accepted:
    with transaction.atomic():
        actor = _enter(author, request)
        row = lock_assistant(request.assistant_id)
        draft = draft_of(user=actor.user, assistant=row)
        definition, base = _begun(request, draft)
        text = definition.value(LINED)
        chosen = open_suggestions(request)
        if steps is not None:
            wanted = {step.pk for step in steps}
            chosen = [step for step in chosen if step.pk in wanted]
            if len(chosen) < len(wanted):
                if draft is not None and _accepted_before(actor, wanted):
                    return Accepted(draft, len(wanted), {})
                raise TalkRefused(Why.ENDED)
        edits, refused = _place(chosen, text if isinstance(text, str) else "")
        if not edits:
            return Accepted(None, 0, refused)
        lines = split_lines(text)
        for edit in sorted(edits, key=lambda edit: edit.lines, reverse=True):
            lines[edit.lines.first - 1 : edit.lines.last] = split_lines(edit.step.replacement)
        writers, writer_ids = _writers(draft, actor, edits)
        saved = save_draft(
            author=actor,
            assistant=row,
            definition=definition.replace(**{LINED: "\n".join(lines)}),
            base=base,
            kind=draft.kind if draft else "edit",
            replaces=True,
            writers=writers,
        )
        saved.writer_ids = writer_ids
        saved.save(update_fields=["writer_ids"])
        for edit in edits:
            kind, digest = ThreadStep.Kind.ACCEPTED, saved.known_digest
            end_step(edit.step, actor, kind, digest=digest)
            set_resolved(edit.step.thread, True)
    return Accepted(saved, len(edits), refused)


def _accepted_before(actor: Member, steps: Collection[int]) -> bool:
    """Return whether `actor` has accepted these: a form was sent twice."""
    rows = ThreadStep.objects.filter(ends__in=steps, kind=ThreadStep.Kind.ACCEPTED)
    return rows.filter(user=actor.user).count() == len(steps)


def _enter(author: Member, request: ChangeRequest) -> Member:
    if author.workspace_id != request.workspace_id or author.user.pk != request.author_id:
        raise NotAllowed(Action.EDIT_DRAFT)
    actor = lock_actor(author, Action.EDIT_DRAFT)
    if not ChangeRequest.objects.get(pk=request.pk).is_open:
        raise TalkRefused(Why.CLOSED)
    return actor


def _begun(request: ChangeRequest, draft: Draft | None) -> tuple[Definition, Revision | None]:
    """Return what the suggestions are put into, and its base."""
    if draft is not None:
        return draft.definition, draft.base
    newest = request.rounds.select_related("base").get(number=request.round_number)
    return newest.definition, newest.base


def _place(steps: Sequence[ThreadStep], text: str) -> tuple[list[_Edit], dict[int, Why]]:
    """Find where the lines of each suggestion are in `text`; no two of the edits overlap."""
    texts = round_texts({step.thread.round for step in steps})
    followers = {pk: Follower(old, text) for pk, old in texts.items()}
    edits: list[_Edit] = []
    refused: dict[int, Why] = {}
    for step in steps:
        thread = step.thread
        lines = LineRange(thread.first_line or 1, thread.last_line or 1)
        found = followers[thread.round_id].follow(lines)
        if found is None:
            refused[step.pk] = Why.GONE
        elif any(found.overlaps(edit.lines) for edit in edits):
            refused[step.pk] = Why.OVERLAPS
        else:
            edits.append(_Edit(found, step))
    return edits, refused


def _writers(draft: Draft | None, actor: Member, edits: Iterable[_Edit]) -> tuple[str, list[int]]:
    """Return the names and ids of those who wrote a part of the draft, its owner left out."""
    names = [draft.writers] if draft and draft.writers else []
    ids = list(draft.writer_ids) if draft else []
    for user in (edit.step.user for edit in edits):
        if user.pk not in (*ids, actor.user.pk):
            ids.append(user.pk)
            names.append(str(user))
    return plain(", ".join(names), 200), ids
