from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.confirmed import confirmed
from admin_ui.accounts.permissions import Action
from admin_ui.display.isolation import isolated
from admin_ui.request.http import SeeOther
from assistants import selectors
from assistants.forms.connection import NEW_PROFILES, SECRET_FIELDS, ConnectionForm
from assistants.gateway import PROFILES
from assistants.models import Connection
from assistants.selectors.connections import kept_credentials, list_connections
from assistants.services.connections import saving as service
from assistants.services.connections.rotation import key_state
from assistants.services.errors import ConnectionArchived, ConnectionKept, Invalid
from assistants.views.objection import reason_of
from assistants.wording.errors import WHY_CONNECTION_IS_KEPT

TEST_NEXT = "test_connection"
"""In the session: the connection that the next page of connections tests, since it was saved."""

KEYS_AGAIN = gettext_lazy(
    "Nothing is saved yet. Enter the keys again: they were not kept while you confirmed."
)


@require_safe
@require(Action.VIEW)
def connections(request: WorkspaceRequest) -> HttpResponse:
    """Show each connection: address, profile, trouble and newest check. Archived ones are last."""
    keys = key_state(selectors.connections_of(request.workspace))
    rows = list_connections(request.workspace)
    context = {
        "rows": [row for row in rows if not row.archived],
        "archived": [row for row in rows if row.archived],
        "keys": keys,
        "test_now": request.session.pop(TEST_NEXT, None),
    }
    return render(request, "assistants/connections/connections.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Action.MANAGE_CONNECTIONS)
@confirmed(secrets=SECRET_FIELDS, again=KEYS_AGAIN)
def connection_new(request: WorkspaceRequest) -> HttpResponse:
    """Ask for the profile, then show a form with the fields it needs."""
    typed = getattr(request, "typed", request.GET)
    profile = request.POST.get("profile") or typed.get("profile", "")
    if profile not in NEW_PROFILES:
        status = 422 if request.method == "POST" else 200
        context = {"profiles": [(name, PROFILES[name]) for name in NEW_PROFILES]}
        return render(request, "assistants/connections/profiles.html", context, status=status)
    return _form(request, profile=profile, connection=Connection(workspace=request.workspace))


@require_http_methods(["GET", "HEAD", "POST"])
@require(Action.MANAGE_CONNECTIONS)
@confirmed(secrets=SECRET_FIELDS, again=KEYS_AGAIN)
def connection_edit(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Show the form of an existing connection. The registry and the environment's have none."""
    connection = selectors.get_connection(request.workspace, pk)
    if connection.from_environment or connection.profile not in NEW_PROFILES:
        raise Http404
    return _form(request, profile=connection.profile, connection=connection)


def _form(request: WorkspaceRequest, *, profile: str, connection: Connection) -> HttpResponse:
    form = ConnectionForm(
        request.POST if request.method == "POST" else None,
        profile=profile,
        connection=connection,
        kept=kept_credentials(connection),
        typed=getattr(request, "typed", None),
    )
    if form.is_bound and (saved := _save(request, form)):
        if saved.archived_at is None:
            request.session[TEST_NEXT] = saved.pk
        messages.success(request, _("%(name)s is saved.") % {"name": isolated(saved.name)})
        return SeeOther(resolve_url("assistants:connections", request.workspace.slug))
    context = {"form": form, "profile": PROFILES[profile], "connection": connection}
    status = 422 if form.is_bound else 200
    return render(request, "assistants/connections/form.html", context, status=status)


def _save(request: WorkspaceRequest, form: ConnectionForm) -> Connection | None:
    """Save the form; None if something is wrong, and then the form shows every problem."""
    is_valid = form.is_valid()
    try:
        saved = service.save_connection(
            author=request.member,
            connection=form.connection if form.connection.pk else None,
            name=form.cleaned_data.get("name", ""),
            profile=form.profile,
            base_url=form.cleaned_data.get("base_url", ""),
            credentials=form.credentials(),
            options=form.options(),
            is_default=form.cleaned_data["is_default"],
            way=form.way,
            only_check=not is_valid,
        )
    except Invalid as error:
        form.add_problems(error.problems)
        return None
    return saved if is_valid else None


@require_POST
@require(Action.MANAGE_CONNECTIONS)
def connection_default(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Make this the connection on which new assistants are created."""
    connection = selectors.get_connection(request.workspace, pk)
    try:
        service.make_default(author=request.member, connection=connection)
    except Connection.DoesNotExist as error:
        raise Http404 from error
    except ConnectionArchived as error:
        messages.error(request, reason_of(error))
        return SeeOther(resolve_url("assistants:connections", request.workspace.slug))
    text = _("New assistants are created on %(name)s now.") % {"name": isolated(connection.name)}
    messages.success(request, text)
    return SeeOther(resolve_url("assistants:connections", request.workspace.slug))


@require_http_methods(["GET", "HEAD", "POST"])
@require(Action.MANAGE_CONNECTIONS)
def connection_remove(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """GET asks, or says why the connection is kept; POST removes it."""
    connection = selectors.get_connection(request.workspace, pk)
    reason = service.why_kept(connection)
    if request.method == "POST":
        try:
            service.remove_connection(author=request.member, connection=connection)
        except Connection.DoesNotExist as error:
            raise Http404 from error
        except ConnectionKept as error:
            reason = error.reason
        else:
            messages.success(
                request, _("%(name)s is removed.") % {"name": isolated(connection.name)}
            )
            return SeeOther(resolve_url("assistants:connections", request.workspace.slug))
    context = {
        "connection": connection,
        "reason": WHY_CONNECTION_IS_KEPT.get(reason, ""),
        "may_archive": not connection.archived_at and not service.why_needed(connection),
    }
    status = 409 if request.method == "POST" else 200
    return render(request, "assistants/connections/remove.html", context, status=status)
