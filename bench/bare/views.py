"""Bare Django views of the same data: one indexed query, a minimal template, startproject's
middleware, no sign-in, no search box, no form."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client, override_settings
from django.test.client import ClientHandler
from django.urls import path

from admin_ui.accounts.models import Member
from admin_ui.accounts.team.members import MEMBERS_A_PAGE
from admin_ui.audit.log.reading import EVENTS_A_PAGE
from admin_ui.audit.models import AuditEvent
from admin_ui.notices.inbox import NOTICES_A_PAGE
from admin_ui.notices.models import Notice
from assistants.models import Assistant, ChangeRequest, Connection, Outcome, Revision, text
from assistants.registry.models import StoredAssistant
from bench.bare.middleware import BARE

PAGE = 25


def client() -> Client:
    """Return a test client of the bare views, with their own middleware."""
    bare = Client()
    handler = ClientHandler(enforce_csrf_checks=False)
    with override_settings(MIDDLEWARE=BARE):
        handler.load_middleware()
    bare.handler = handler
    return bare


def template(source: str) -> Any:
    return engines["django"].from_string(f"<!doctype html><title>Bare</title>{source}")


LIST = template(
    "<table>{% for row in rows %}<tr><td>{{ row.name }}<td>{{ row.description }}<td>{{ row.model }}"
    "<td>{{ row.tool_kinds }}<td>{{ row.changed_by }}<td>{{ row.changed_at }}<td>{{ row.trouble }}"
    "</tr>{% endfor %}</table>"
)
HISTORY = template(
    "<table>{% for row in rows %}<tr><td>{{ row.version }}<td>{{ row.status }}"
    "<td>{{ row.revision.author_name }}<td>{{ row.revision.created_at }}<td>{{ row.revision.note }}"
    "<td>{{ row.revision.changes }}<td>{{ row.assistant.name }}</tr>{% endfor %}</table>"
)
CHANGES = template(
    "<table>{% for row in rows %}<tr><td>{{ row.number }}<td>{{ row.kind }}"
    "<td>{{ row.author_name }}<td>{{ row.created_at }}<td>{{ row.note }}<td>{{ row.changes }}"
    "<td>{{ row.assistant.name }}</tr>{% endfor %}</table>"
)
CONNECTIONS = template(
    "<table>{% for row in rows %}<tr><td>{{ row.name }}<td>{{ row.profile }}"
    "<td>{{ row.checked_at }}<td>{{ row.trouble }}</tr>{% endfor %}</table>"
)
MEMBERS = template(
    "<table>{% for row in rows %}<tr><td>{{ row.user.name }}<td>{{ row.user.email }}"
    "<td>{{ row.role }}<td>{{ row.created_at }}</tr>{% endfor %}</table>"
)
EVENTS = template(
    "<table>{% for row in rows %}<tr><td>{{ row.at }}<td>{{ row.kind }}<td>{{ row.actor_name }}"
    "<td>{{ row.about }}<td>{{ row.details }}<td>{{ row.address }}</tr>{% endfor %}</table>"
)
NOTICES = template(
    "<table>{% for row in rows %}<tr><td>{{ row.kind }}<td>{{ row.created_at }}"
    "<td>{{ row.happening.subject }}<td>{{ row.happening.actor_name }}<td>{{ row.workspace.name }}"
    "</tr>{% endfor %}</table>"
)
REQUESTS = template(
    "<table>{% for row in rows %}<tr><td>{{ row.number }}<td>{{ row.title }}<td>{{ row.state }}"
    "<td>{{ row.assistant.name }}<td>{{ row.author_name }}<td>{{ row.round_number }}"
    "<td>{{ row.changed_at }}</tr>{% endfor %}</table>"
)
DETAIL = template(
    "<dl>{% for name, value in content.items %}<dt>{{ name }}<dd>{{ value }}{% endfor %}</dl>"
)
TEXTS = template("{% for each in texts %}<pre>{{ each }}</pre>{% endfor %}")


def assistants(request: HttpRequest, workspace: int) -> HttpResponse:
    rows = Assistant.objects.filter(workspace=workspace).order_by("-changed_at", "-id")
    if before := request.GET.get("before"):
        rows = rows.filter(changed_at__lt=before)
    return HttpResponse(LIST.render({"rows": rows.defer("live_digest", "last_digest")[:PAGE]}))


def detail(_request: HttpRequest, remote_id: str) -> HttpResponse:
    stored = StoredAssistant.objects.get(public_id=remote_id)
    return HttpResponse(DETAIL.render({"content": stored.content}))


def history(_request: HttpRequest, assistant: int) -> HttpResponse:
    # By version, which has an index; by key, PostgreSQL would sort all outcomes of the assistant.
    rows = Outcome.objects.filter(assistant=assistant, version__isnull=False)
    rows = rows.select_related("revision", "assistant").order_by("-version")
    return HttpResponse(HISTORY.render({"rows": rows[:PAGE]}))


def changes(_request: HttpRequest, workspace: int) -> HttpResponse:
    # Without outcomes: joined with them, SQLite would sort every revision of the workspace.
    rows = Revision.objects.filter(workspace=workspace).select_related("assistant")
    return HttpResponse(CHANGES.render({"rows": rows.order_by("-id")[:PAGE]}))


def connections(_request: HttpRequest, workspace: int) -> HttpResponse:
    rows = Connection.objects.filter(workspace=workspace)
    return HttpResponse(CONNECTIONS.render({"rows": rows.order_by("name")[:PAGE]}))


def members(_request: HttpRequest, workspace: int) -> HttpResponse:
    rows = Member.objects.filter(workspace=workspace).select_related("user").order_by("id")
    return HttpResponse(MEMBERS.render({"rows": rows[:MEMBERS_A_PAGE]}))


def events(_request: HttpRequest, workspace: int) -> HttpResponse:
    rows = AuditEvent.objects.filter(chain=workspace).order_by("-at", "-number")
    return HttpResponse(EVENTS.render({"rows": rows[:EVENTS_A_PAGE]}))


def notices(_request: HttpRequest, user: int) -> HttpResponse:
    rows = Notice.objects.filter(user=user).select_related("happening", "workspace")
    return HttpResponse(NOTICES.render({"rows": rows.order_by("-id")[:NOTICES_A_PAGE]}))


def requests(_request: HttpRequest, workspace: int) -> HttpResponse:
    rows = ChangeRequest.objects.filter(workspace=workspace).select_related("assistant")
    return HttpResponse(REQUESTS.render({"rows": rows.order_by("-changed_at", "-id")[:PAGE]}))


def texts(_request: HttpRequest, a: str, b: str) -> HttpResponse:
    return HttpResponse(TEXTS.render({"texts": text.fetch_texts([a, b]).values()}))


def save(request: HttpRequest, assistant: int) -> HttpResponse:
    Assistant.objects.filter(pk=assistant).update(description=request.POST["description"])
    return HttpResponse(status=204)


urlpatterns = [
    path("assistants/<int:workspace>/", assistants),
    path("detail/<str:remote_id>/", detail),
    path("history/<int:assistant>/", history),
    path("changes/<int:workspace>/", changes),
    path("connections/<int:workspace>/", connections),
    path("members/<int:workspace>/", members),
    path("events/<int:workspace>/", events),
    path("notices/<int:user>/", notices),
    path("requests/<int:workspace>/", requests),
    path("texts/<str:a>/<str:b>/", texts),
    path("save/<int:assistant>/", save),
]
