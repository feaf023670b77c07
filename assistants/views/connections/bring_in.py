from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render, resolve_url
from django.views.decorators.http import require_http_methods, require_POST

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly, is_posted
from admin_ui.accounts.permissions import Action
from admin_ui.request.http import SeeOther
from admin_ui.tasks.alive import has_live_worker
from assistants import selectors
from assistants.models import Connection, Job
from assistants.selectors.connections import is_begun, latest_job, show_job
from assistants.services.errors import ConnectionArchived, NotNow
from assistants.services.syncing import jobs as service
from assistants.tasks import sync_soon
from assistants.views.objection import reason_of
from assistants.wording.pauses import not_checked


@require_http_methods(["GET", "HEAD", "POST"])
@require(Action.BRING_IN)
@costly(when=is_posted)
def bring_in(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """GET shows the progress, and can be left and opened again; POST starts the job."""
    connection = selectors.get_connection(request.workspace, pk)
    if request.method == "POST":
        try:
            service.start(author=request.member, connection=connection)
        except ConnectionArchived as error:
            messages.error(request, reason_of(error))
            return SeeOther(resolve_url("assistants:connections", request.workspace.slug))
        if has_live_worker():
            sync_soon(pk)
        return SeeOther(resolve_url("assistants:bring_in", request.workspace.slug, pk))
    return _page(
        request, "assistants/connections/bring_in.html", connection, latest_job(connection)
    )


@require_POST
@require(Action.BRING_IN)
def bring_in_step(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Show how far a running job is; without a task worker, do its next step first.

    Its page asks for this again and again.
    """
    connection = selectors.get_connection(request.workspace, pk)
    job = latest_job(connection)
    held = ""
    if job is not None and job.status == Job.Status.RUNNING:
        if has_live_worker():
            sync_soon(pk)  # unless it is queued or running, as it is unless it failed
            pause = connection.next_try
            return _progress(request, connection, job, held=not_checked(pause) if pause else "")
        try:
            job = service.step(job=job)
        except ConnectionArchived as error:
            held = reason_of(error)
        except NotNow as error:
            held = not_checked(error.until)
    return _progress(request, connection, job, held=held)


def _progress(
    request: WorkspaceRequest, connection: Connection, job: Job | None, *, held: str = ""
) -> HttpResponse:
    if not request.htmx:
        return SeeOther(resolve_url("assistants:bring_in", request.workspace.slug, connection.pk))
    return _page(
        request, "assistants/connections/bring_in.html#progress", connection, job, held=held
    )


def _page(
    request: WorkspaceRequest,
    template: str,
    connection: Connection,
    job: Job | None,
    *,
    held: str = "",
) -> HttpResponse:
    context = {
        "connection": connection,
        "is_begun": is_begun(connection, job),
        "held": held,
        "job": show_job(job) if job else None,
    }
    return render(request, template, context)
