"""Announcing what happens to change requests, and around the approval policy."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from admin_ui.accounts.models import Member, User
from admin_ui.accounts.permissions import Role
from admin_ui.notices.announcing import announce
from admin_ui.notices.inbox import mark_done
from admin_ui.notices.kinds import NO_DETAILS, Act, NoticeKind, act_details
from assistants.approval.rules import MissingApproval
from assistants.models import Assistant, ChangeRequest, Schedule, StoreChange
from assistants.selectors.addresses import AssistantPages, WorkspacePages
from assistants.selectors.change_requests.addresses import ChangeRequestPages
from assistants.selectors.change_requests.policies import people_who_count, policies_by_scope
from assistants.selectors.versions import version_of

MOST_OVERSEERS = 200
"""People who are told of one happening because of their role."""


def tell_about_request(
    request: ChangeRequest,
    kind: NoticeKind,
    *,
    actor: User | None,
    people: Iterable[int],
    actor_name: str = "",
    path: str = "",
    details: Mapping[str, Any] = NO_DETAILS,
) -> None:
    """Announce what happened to `request`, in its transaction; `path` is another page than its.

    The other arguments are those of `announce`. That a deletion was published is announced as a
    deletion, to the overseers too.
    """
    if kind == NoticeKind.PUBLISHED and request.kind == ChangeRequest.Kind.DELETE:
        kind = NoticeKind.DELETED
        people = {*people, *overseers(request.workspace_id, request.assistant_id)}
    if kind == NoticeKind.FAILED and request.kind == ChangeRequest.Kind.DELETE:
        details = {**act_details(Act.NOT_DELETED), **details}
    pages = ChangeRequestPages.of(request.workspace.slug)
    announce(
        kind=kind,
        workspace=request.workspace,
        people=people,
        subject=f"{request.assistant}: {request.title}",
        path=path or pages.request(request.number),
        actor=actor,
        actor_name=actor_name,
        details={
            "change_request": request.number,
            "state": request.state,
            **_about(request.assistant),
            **details,
        },
    )


def asked_no_more(request: ChangeRequest, users: Collection[int]) -> None:
    """Mark as read what asked these people to review `request`: it waits for them no more."""
    if users:
        path = ChangeRequestPages.of(request.workspace.slug).request(request.number)
        mark_done(kind=NoticeKind.ASKED, path=path, users=users)


def schedule_details(schedule: Schedule, act: Act) -> dict[str, Any]:
    """Return the details that people read of `schedule`: the time, and what comes back when."""
    of = schedule.round
    return act_details(
        act,
        at=schedule.publish_at,
        until=of.back_at if act is Act.AT_TIME else None,
        zone=schedule.zone,
        back_to=version_of(of.back_to) if schedule.is_return else 0,
    )


def tell_called_off(schedule: Schedule, *, actor: User, people: Iterable[int]) -> None:
    """Announce that `actor` called `schedule` off, to `people` and the followers."""
    act = Act.RETURN_CALLED_OFF if schedule.is_return else Act.CALLED_OFF
    details = schedule_details(schedule, act)
    request = schedule.change_request
    tell_about_request(request, NoticeKind.SCHEDULED, actor=actor, people=people, details=details)


def everybody_in(request: ChangeRequest) -> set[int]:
    """Return the author of a change request, who was asked, and who decided about it."""
    asked = request.reviewers.values_list("user", flat=True)
    decided = request.steps.exclude(user=None).values_list("user", flat=True)
    return {request.author_id, *asked, *(user for user in decided if user)}


def tell_lacking(
    assistant: Assistant,
    kind: NoticeKind,
    *,
    missing: Collection[MissingApproval],
    writers: Collection[int],
    actor: User | None,
    actor_name: str = "",
    is_deletion: bool = False,
) -> None:
    """Announce that a change of `assistant` passes without the `missing` approvals.

    To the admins, and to those whose approval was missing; `writers` could not have given one. No
    missing approval means that only a freeze window held.
    """
    announce(
        kind=kind,
        workspace=assistant.workspace,
        people=_asked_in_vain(assistant.workspace_id, missing, writers),
        subject=str(assistant),
        path=AssistantPages.of(assistant).history,
        actor=actor,
        actor_name=actor_name,
        details={**_about(assistant), **_act_of(kind, missing, is_deletion=is_deletion)},
    )


def tell_lacking_of_store(
    change: StoreChange, *, missing: Collection[MissingApproval], assistants: int
) -> None:
    """Announce an override of documents, as `tell_lacking`; so many `assistants` use the store."""
    kind = NoticeKind.OVERRIDDEN
    workspace = change.connection.workspace
    store = WorkspacePages.of(workspace.slug).connection(change.connection_id).store
    document = change.file_name or change.file_id
    announce(
        kind=kind,
        workspace=workspace,
        people=_asked_in_vain(workspace.pk, missing, ()),
        subject=f"{change.store_name or change.store_id}: {document}",
        path=f"{store}?{urlencode({'id': change.store_id})}",
        actor=change.author,
        details={
            "vector_store_id": change.store_id,
            "file_id": change.file_id,
            "change": change.kind,
            "assistants": assistants,
            **_act_of(kind, missing),
        },
    )


def _act_of(
    kind: NoticeKind, missing: Collection[MissingApproval], *, is_deletion: bool = False
) -> dict[str, Any]:
    if kind != NoticeKind.OVERRIDDEN:
        return {}
    if missing:
        return act_details(Act.DELETED_WITHOUT) if is_deletion else {}
    return act_details(Act.DELETED_IN_FREEZE if is_deletion else Act.IN_FREEZE)


def _asked_in_vain(
    workspace: int, missing: Collection[MissingApproval], writers: Collection[int]
) -> set[int]:
    """Return the admins of a workspace, and those whose approval was `missing`."""
    found = people_who_count(workspace, [each.rule for each in missing])
    return admin_ids(workspace) | set(found[:MOST_OVERSEERS]) - {*writers}


def overseers(workspace: int, *assistants: int | None) -> set[int]:
    """Return the admins of a workspace, and the people named by its policy or by one of these."""
    found = policies_by_scope(workspace)
    policies = [found[scope] for scope in {None, *assistants} if scope in found]
    named = {user for policy in policies for user in policy.people}
    return admin_ids(workspace) | named


def admin_ids(workspace: int) -> set[int]:
    """Return the admins of a workspace."""
    members = Member.objects.filter(workspace=workspace, role=Role.ADMIN, user__is_active=True)
    return {*members.values_list("user", flat=True)[:MOST_OVERSEERS]}


def _about(assistant: Assistant) -> dict[str, object]:
    return {
        "assistant": assistant.pk,
        "assistant_id": assistant.remote_id or "",
        "assistant_name": str(assistant)[:256],
    }
