"""Discussing a change request: threads, comments, resolving, and withdrawing one's own words.

Every step is a row that is only added. A thread's row is locked while a step is added to it.
"""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from admin_ui.accounts.models import Member, User
from admin_ui.accounts.permissions import Action, NotAllowed
from admin_ui.accounts.services import lock_actor
from admin_ui.notices.kinds import NoticeKind
from assistants.definition import DEFINITION_FIELDS, LIMITS
from assistants.definition.text import normalise_text
from assistants.diff.following.anchors import LineRange
from assistants.models import ChangeRequest, Round, Thread, ThreadStep
from assistants.selectors.talk.pages import TalkPages
from assistants.selectors.talk.rounds import LINED, round_texts
from assistants.selectors.talk.threads import may_resolve
from assistants.services.approving.telling import everybody_in, tell_about_request
from assistants.services.change_requests.refusals import TalkRefused, Why
from assistants.services.ledger.record import plain
from assistants.wording.talk.mentions import MOST_MENTIONED, find_mentions

MOST_SAID = 2_000
"""Comments and other steps in all threads of a change request; none is ever deleted."""


def begin_thread(
    *,
    author: Member,
    request: ChangeRequest,
    of: Round,
    text: str,
    field: str = "",
    lines: LineRange | None = None,
    replacement: str | None = None,
    ticked: Collection[int] = (),
) -> ThreadStep:
    """Begin a thread about `request`, or a field, or `lines` of the instructions of the round `of`.

    With `replacement` it suggests other text for the lines; "" suggests to remove them. `text` has
    at most `LIMITS.note` characters, and may be empty beside a suggestion. `ticked` are users to
    mention besides those whom `text` names. The same form sent twice says it once. Raises
    `NotAllowed` and `TalkRefused`.
    """
    text = _measured(text, is_needed=replacement is None)
    if of.change_request_id != request.pk or (field and not _is_field(field, of)):
        raise TalkRefused(Why.NO_LINES)
    if (lines or replacement is not None) and field != LINED:
        raise TalkRefused(Why.NO_LINES)
    kind = ThreadStep.Kind.COMMENTED
    if lines or replacement is not None:
        held = lines.of(round_texts([of])[of.pk]) if lines else []
        if lines is None or len(held) <= lines.last - lines.first:
            raise TalkRefused(Why.NO_LINES)
        if replacement is not None:
            kind = ThreadStep.Kind.SUGGESTED
            replacement = _suggested(replacement, "\n".join(held))
    with transaction.atomic():
        actor = _enter(author, request, is_suggestion=replacement is not None)
        about = {
            "change_request": request,
            "round": of,
            "field": field,
            "first_line": lines.first if lines else None,
            "last_line": lines.last if lines else None,
        }
        here = {f"thread__{name}": value for name, value in about.items()}
        said = {"kind": kind, "text": text, "replacement": replacement or ""}
        if before := _said_before(actor, **said, **here):
            return before
        thread = Thread.objects.create(user=actor.user, **about)
        return _say(thread, actor, ticked=ticked, **said)


def reply(*, author: Member, thread: Thread, text: str, ticked: Collection[int] = ()) -> ThreadStep:
    """Add a comment to a thread; arguments and errors are as for `begin_thread`."""
    text = _measured(text, is_needed=True)
    with transaction.atomic():
        actor = _enter(author, thread.change_request)
        _lock(thread)
        said = {"kind": ThreadStep.Kind.COMMENTED, "text": text, "replacement": ""}
        before = _said_before(actor, thread=thread, **said)
        return before or _say(thread, actor, ticked=ticked, **said)


def resolve_thread(*, author: Member, thread: Thread, is_resolved: bool = True) -> None:
    """Resolve a thread, or reopen it; does nothing if it is so already.

    The author of the change request may, who began the thread, and who may publish. Raises
    `NotAllowed`, and `TalkRefused` where there are too many steps.
    """
    with transaction.atomic():
        actor = _enter(author, thread.change_request)
        if not may_resolve(actor, thread):
            raise NotAllowed(Action.PUBLISH)
        row = _lock(thread)
        if row.is_resolved != is_resolved:
            kinds = ThreadStep.Kind
            add_thread_step(row, actor, kinds.RESOLVED if is_resolved else kinds.REOPENED)
            set_resolved(row, is_resolved)


def withdraw_comment(*, author: Member, step: ThreadStep) -> None:
    """Withdraw one's own comment or suggestion: its text stays, and is no longer shown.

    Raises `NotAllowed`, and `TalkRefused` for one that was withdrawn, accepted or declined.
    """
    with transaction.atomic():
        actor = _enter(author, step.thread.change_request)
        if step.user_id != actor.user.pk or step.kind not in ThreadStep.SAID:
            raise NotAllowed(Action.REVIEW)
        end_step(step, actor, ThreadStep.Kind.WITHDRAWN)


def end_step(step: ThreadStep, actor: Member, kind: str, *, digest: str = "") -> ThreadStep:
    """Add how `step` ends, once. Raises `TalkRefused` if it has ended already, unless `actor` has
    sent the same form twice."""
    row = _lock(step.thread)
    if ended := ThreadStep.objects.filter(ends=step).first():
        if (ended.kind, ended.user_id) == (kind, actor.user.pk):
            return ended
        raise TalkRefused(Why.ENDED)
    return add_thread_step(row, actor, kind, ends=step, digest=digest)


def add_thread_step(thread: Thread, actor: Member, kind: str, **more: object) -> ThreadStep:
    """Insert what `actor` said or did in `thread`."""
    name = plain(str(actor.user), 200)
    return ThreadStep.objects.create(
        thread=thread, kind=kind, user=actor.user, user_name=name, **more
    )


def set_resolved(thread: Thread, is_resolved: bool) -> None:
    """Save the state that follows from the newest step."""
    thread.is_resolved = is_resolved
    thread.save(update_fields=["is_resolved"])


def _enter(author: Member, request: ChangeRequest, *, is_suggestion: bool = False) -> Member:
    """Return `author` as they are now, if they may add a step to the discussion of `request`."""
    if author.workspace_id != request.workspace_id:
        raise NotAllowed(Action.REVIEW)
    actor = lock_actor(author, Action.REVIEW)
    if is_suggestion and not request.is_open:
        raise TalkRefused(Why.CLOSED)
    if is_suggestion and request.kind == ChangeRequest.Kind.DELETE:
        raise TalkRefused(Why.DELETION)
    if ThreadStep.objects.filter(thread__change_request=request).count() >= MOST_SAID:
        raise TalkRefused(Why.MANY)
    return actor


def _lock(thread: Thread) -> Thread:
    return Thread.objects.select_for_update(of=("self",)).get(pk=thread.pk)


def _said_before(actor: Member, **same: Any) -> ThreadStep | None:
    """Return the step in which `actor`, whose row is locked, said the `same`, if it is the newest
    of its thread: a form was sent twice. What was answered or withdrawn since can be said again."""
    later = ThreadStep.objects.filter(thread=OuterRef("thread"), pk__gt=OuterRef("pk"))
    rows = ThreadStep.objects.filter(~Exists(later), user=actor.user, **same)
    return rows.select_related("thread").order_by("-pk").first()


def _say(
    thread: Thread,
    actor: Member,
    *,
    kind: str,
    text: str,
    replacement: str,
    ticked: Collection[int],
) -> ThreadStep:
    people = mentioned_people(actor, text, ticked)
    step = add_thread_step(
        thread,
        actor,
        kind,
        text=text,
        replacement=replacement,
        mentioned=[[user.pk, str(user)] for user in people],
    )
    _tell(thread, actor, {user.pk for user in people})
    return step


def _tell(thread: Thread, actor: Member, mentioned: set[int]) -> None:
    """Announce a comment: to those it mentions, and to the others who have a part in it."""
    request, path = thread.change_request, TalkPages.of(thread.change_request).thread(thread.pk)
    wrote = thread.steps.values_list("user", flat=True)
    others = {*everybody_in(request), *wrote} - mentioned
    for kind, people in ((NoticeKind.COMMENTED, others), (NoticeKind.MENTIONED, mentioned)):
        if told := people - {actor.user.pk}:
            tell_about_request(request, kind, actor=actor.user, people=told, path=path)


def mentioned_people(actor: Member, text: str, ticked: Collection[int] = ()) -> list[User]:
    """Return the members whom `text` names with `@`, and those who are ticked, by name.

    Others are left out without a word: a form may be older than the team.
    """
    if "@" not in text and not ticked:
        return []
    members = actor.workspace.members.filter(user__is_active=True, user__is_service=False)
    people = {member.user.pk: member.user for member in members.select_related("user")}
    found = find_mentions(text, {str(user) for user in people.values()})
    named = {match[0][1:].casefold() for match in found}
    chosen = [user for pk, user in people.items() if pk in ticked or str(user).casefold() in named]
    return sorted(chosen, key=lambda user: str(user).casefold())[:MOST_MENTIONED]


def _measured(text: str, *, is_needed: bool) -> str:
    text = plain(normalise_text(text)).strip()
    if not text and is_needed:
        raise TalkRefused(Why.EMPTY)
    if len(text) > LIMITS.note:
        raise TalkRefused(Why.LONG)
    return text


def _suggested(replacement: str, lines: str) -> str:
    replacement = plain(normalise_text(replacement))
    if len(replacement) > LIMITS.suggestion:
        raise TalkRefused(Why.LONG_SUGGESTION)
    if replacement == lines:
        raise TalkRefused(Why.SAME)
    return replacement


def _is_field(field: str, of: Round) -> bool:
    return field in DEFINITION_FIELDS or field in of.fields
