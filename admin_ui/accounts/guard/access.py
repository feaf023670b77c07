"""Guards every workspace page: finds the workspace and the member, or refuses."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Exists
from django.http import Http404, HttpRequest, HttpResponse

from admin_ui.accounts.factors.factor_required import check_factor
from admin_ui.accounts.guard.one_query import member_in
from admin_ui.accounts.models import Member, User, Workspace
from admin_ui.accounts.permissions import Action, can
from admin_ui.accounts.selectors import workspaces_of
from admin_ui.notices.inbox import mark_opened
from admin_ui.request.http import GetResponse, ViewArguments
from admin_ui.request.posted import content_length


class WorkspaceRequest(HttpRequest):
    """A request that passed `require`: it knows its workspace, member and signed-in user."""

    user: User
    workspace: Workspace
    member: Member
    htmx: Any


class WorkspaceArchived(Http404):
    """The workspace is archived, and the person may know that: an owner or one of its members."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__("the workspace is archived")
        self.workspace = workspace


def find_member(*, user: User, slug: str) -> Member:
    """Return the member that `user` is in workspace `slug`; an owner is an admin everywhere.

    Raises `Http404` for a stranger and for an unknown workspace alike, and `WorkspaceArchived`.
    """
    others = Exists(workspaces_of(user).exclude(slug=slug))
    rows = Member.objects.select_related("workspace").annotate(others=others)
    here = rows.filter(workspace__slug=slug, workspace__archived_at=None)
    found: Any = here.filter(user_id=user.pk).first()
    if found is not None:
        return member_in(found.workspace, user, found, has_others=found.others)
    if user.is_owner:
        open_ones = Workspace.objects.filter(archived_at=None).annotate(others=others)
        found = open_ones.filter(slug=slug).first()
    if found is None:
        raise _not_found(user, slug)
    return member_in(found, user, Member(), has_others=found.others)


def _not_found(user: User, slug: str) -> Http404:
    """Return why `user` does not find the workspace, as far as they may know."""
    archived = Workspace.objects.filter(slug=slug, archived_at__isnull=False)
    mine = archived if user.is_owner else archived.filter(members__user=user)
    workspace = mine.first()
    return WorkspaceArchived(workspace) if workspace else Http404()


def _member_of(request: HttpRequest, slug: str) -> Member:
    """Return the member that was read with the session, or else what `find_member` finds."""
    user: Any = request.user
    found: Member | None = getattr(request.session, "member", None)
    if found is not None and found.user_id == user.pk and found.workspace.slug == slug:
        return found
    return find_member(user=user, slug=slug)


class LargeBodyMiddleware:
    """Read a body that is larger than a form, such as an upload, only for those who may send it.

    Above the check of the CSRF token, which reads the body.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, named: dict[str, Any]
    ) -> None:
        """Raise `Http404` or `PermissionDenied`, as the view would after reading all of it."""
        action = getattr(view, "required_action", None)
        if action is None or content_length(request) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return
        if not can(_member_of(request, named["ws"]), action):
            raise PermissionDenied


def require(
    action: Action,
) -> Callable[
    [Callable[Concatenate[WorkspaceRequest, ViewArguments], HttpResponse]],
    Callable[Concatenate[HttpRequest, str, ViewArguments], HttpResponse],
]:
    """Guard a view of `/w/<ws>/`: sets `request.workspace` and `request.member`.

    The view receives neither the slug nor a request it may not serve: a stranger gets 404, a
    member whose role lacks `action` 403. Opening a page marks the notices that lead to it as read.
    (The sign-in middleware answers people who are
    not signed in, for every `/w/` address.)
    """

    def decorate(
        view: Callable[Concatenate[WorkspaceRequest, ViewArguments], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, str, ViewArguments], HttpResponse]:
        @wraps(view)
        def guarded(
            request: Any, ws: str, *args: ViewArguments.args, **kwargs: ViewArguments.kwargs
        ) -> HttpResponse:
            member = _member_of(request, ws)
            request.workspace = member.workspace
            request.member = member
            if not can(member, action):
                raise PermissionDenied
            check_factor(request, member.role)
            session: Any = request.session
            if session.has_notices_here and request.method == "GET" and not request.htmx:
                mark_opened(user=member.user, paths=[session.path])
            return view(request, *args, **kwargs)

        guarded.required_action = action  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]  # wraps() names the arguments

    return decorate
