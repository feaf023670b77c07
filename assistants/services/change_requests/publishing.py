"""Publishing what a change request asks for, through the one write path."""

from django.utils import timezone
from django.utils.translation import gettext as _

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action, NotAllowed, can
from assistants.definition import LIMITS
from assistants.models import Assistant, ChangeRequest, Kind, RequestStep, Schedule
from assistants.selectors.change_requests.decisions import newest_round
from assistants.services.change_requests.errors import NotOpen, ReturnIsOver, RoundMoved
from assistants.services.editing.drafts import definition_of
from assistants.services.errors import TextErased
from assistants.services.publishing.delete import delete_assistant
from assistants.services.publishing.publish import publish
from assistants.services.remote.closing import SendResult


def publish_request(
    *,
    member: Member,
    request: ChangeRequest,
    seen: int,
    override: str = "",
    over_doubt: bool = False,
    unattended: Schedule | None = None,
) -> SendResult:
    """Publish round number `seen` of `request`, which the member was shown: exactly its digest.

    The note is that of the round, and its author is the drafter. `unattended` is the schedule
    that is carried out: then live has to be what the round was sent for, with all approvals.

    Raises `NotOpen`, `RoundMoved`, `ReturnIsOver` if what comes back afterwards would have been
    back by now, `TextErased` if a text of the round was erased, and what
    `publish` and `delete_assistant` raise: so `NeedsApproval` unless the approvals are there or an
    admin gives a reason to `override` them, and `Conflict` if live has changed since the round was
    sent.
    """
    if not can(member, Action.PUBLISH) or member.workspace_id != request.workspace_id:
        raise NotAllowed(Action.PUBLISH)
    request.refresh_from_db()
    if not request.is_open:
        raise NotOpen
    if request.round_number != seen:
        raise RoundMoved
    of = newest_round(request)
    if of.back_at and of.back_at <= timezone.now():
        raise ReturnIsOver
    assistant = _assistant_of(request)
    if request.kind == ChangeRequest.Kind.DELETE:
        return delete_assistant(author=member, assistant=assistant, note=of.note, override=override)
    wanted = of.definition
    if wanted.digest != of.digest:
        raise TextErased
    return publish(
        author=member,
        assistant=assistant,
        wanted=wanted,
        base=of.base,
        note=of.note,
        drafter=request.author,
        written_by=_writers(of.writer_names, request, member),
        kind=Kind.EDIT,
        over_doubt=over_doubt,
        override=override,
        unattended=unattended,
    )


def bring_back_after(*, member: Member, schedule: Schedule) -> SendResult:
    """Publish what comes back after the round of `schedule`: exactly the digest that it says.

    Raises what `publish` raises, so `Conflict` unless what that round made live still is, and
    `TextErased`.
    """
    request, of = schedule.change_request, schedule.round
    assistant = _assistant_of(request)
    wanted = definition_of(of.back_to)
    if wanted is None or wanted.digest != of.back_digest:
        raise TextErased
    steps = request.steps.filter(kind=RequestStep.Kind.PUBLISHED).select_related("revision")
    published = steps.latest("pk").revision
    note = _("Brought back as change request #%(number)d says: %(title)s")
    return publish(
        author=member,
        assistant=assistant,
        wanted=wanted,
        base=published,
        note=(note % {"number": request.number, "title": request.title})[: LIMITS.note],
        kind=Kind.RESTORE,
        unattended=schedule,
    )


def _assistant_of(request: ChangeRequest) -> Assistant:
    rows = Assistant.objects.select_related("connection", "live", "slot", "workspace")
    return rows.get(pk=request.assistant_id)


def _writers(names: str, request: ChangeRequest, member: Member) -> str:
    """Return all who wrote it, for the history, if it was not the author alone."""
    others = "" if request.author_id == member.user.pk else request.author_name
    return ", ".join(filter(None, [names, others])) if names else ""
