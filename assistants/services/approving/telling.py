"""Announcing what happens to change requests, and around the approval policy."""

from collections.abc import Collection, Iterable
from urllib.parse import urlencode

from admin_ui.accounts.models import Member, User
from admin_ui.accounts.permissions import Role
from admin_ui.notices.announcing import announce
from admin_ui.notices.kinds import NoticeKind
from assistants.models import Assistant, ChangeRequest, StoreChange
from assistants.selectors.addresses import AssistantPages, WorkspacePages
from assistants.selectors.change_requests.addresses import ChangeRequestPages
from assistants.selectors.change_requests.policies import policies_by_scope

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
) -> None:
    """Announce what happened to `request`, in its transaction; `path` is another page than its.

    That a deletion was published is announced as a deletion, to the overseers too.
    """
    if kind == NoticeKind.PUBLISHED and request.kind == ChangeRequest.Kind.DELETE:
        kind = NoticeKind.DELETED
        people = {*people, *overseers(request.workspace_id, request.assistant_id)}
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
        },
    )


def everybody_in(request: ChangeRequest) -> set[int]:
    """Return the author of a change request, who was asked, and who decided about it."""
    asked = request.reviewers.values_list("user", flat=True)
    decided = request.steps.exclude(user=None).values_list("user", flat=True)
    return {request.author_id, *asked, *(user for user in decided if user)}


def tell_overseers(
    assistant: Assistant, kind: NoticeKind, *, actor: User | None, actor_name: str = ""
) -> None:
    """Announce something about the approvals of `assistant` to those who give them."""
    announce(
        kind=kind,
        workspace=assistant.workspace,
        people=overseers(assistant.workspace_id, assistant.pk),
        subject=str(assistant),
        path=AssistantPages.of(assistant).history,
        actor=actor,
        actor_name=actor_name,
        details=_about(assistant),
    )


def tell_overseers_of_store(
    change: StoreChange, kind: NoticeKind, *, assistants: Collection[int]
) -> None:
    """Announce a change of documents to those who give approvals for any of `assistants`."""
    workspace = change.connection.workspace
    store = WorkspacePages.of(workspace.slug).connection(change.connection_id).store
    document = change.file_name or change.file_id
    announce(
        kind=kind,
        workspace=workspace,
        people=overseers(workspace.pk, *assistants),
        subject=f"{change.store_name or change.store_id}: {document}",
        path=f"{store}?{urlencode({'id': change.store_id})}",
        actor=change.author,
        details={
            "vector_store_id": change.store_id,
            "file_id": change.file_id,
            "change": change.kind,
            "assistants": len(assistants),
        },
    )


def overseers(workspace: int, *assistants: int | None) -> set[int]:
    """Return the admins of a workspace, and the people named by its policy or by one of these."""
    found = policies_by_scope(workspace)
    policies = [found[scope] for scope in {None, *assistants} if scope in found]
    named = {user for policy in policies for user in policy.people}
    members = Member.objects.filter(workspace=workspace, role=Role.ADMIN, user__is_active=True)
    return {*members.values_list("user", flat=True)[:MOST_OVERSEERS], *named}


def _about(assistant: Assistant) -> dict[str, object]:
    return {
        "assistant": assistant.pk,
        "assistant_id": assistant.remote_id or "",
        "assistant_name": str(assistant)[:256],
    }
