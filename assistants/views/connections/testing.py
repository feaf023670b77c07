from typing import NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.permissions import Action
from admin_ui.display.isolation import isolated
from admin_ui.request.http import SeeOther
from assistants import selectors
from assistants.selectors.connections import list_connections
from assistants.services.connections.probe import STEPS, ProbeResult, probe_connection
from assistants.services.errors import NotNow
from assistants.views.objection import reason_of
from assistants.wording import failure

STEP_LABELS: dict[str, Promise] = {
    "reach": gettext_lazy("Reach the address"),
    "sign_in": gettext_lazy("Sign in"),
    "list": gettext_lazy("List assistants"),
    "read": gettext_lazy("Read an assistant"),
    "change": gettext_lazy("Change an assistant"),
}


UNKNOWN_BEFORE = {"sign_in": "reach", "list": "sign_in"}
"""The step that may not have been reached: the login server is another one, and an answer that is
none of the Assistants API may come before the key is read."""


class ProbeStep(NamedTuple):
    """One step of a test as its result shows it."""

    label: str
    state: str
    """`ok`, `bad`, or `open` if it was not tried or nobody knows."""


@require_POST
@require(Action.MANAGE_CONNECTIONS)
@costly()
def connection_test(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Try what people need the gateway for, and say what works."""
    connection = selectors.get_connection(request.workspace, pk)
    try:
        probe = probe_connection(author=request.member, connection=connection)
    except NotNow as error:
        probe, reason = ProbeResult(works=False), reason_of(error)
    else:
        reason = failure(probe.error) if probe.error else ""
    if request.htmx:
        row = next(row for row in list_connections(request.workspace) if row.pk == pk)
        context = {"probe": probe, "reason": reason, "steps": probe_steps(probe), "row": row}
        return render(request, "assistants/connections/_probe.html", context)
    name = isolated(connection.name)
    if probe.works and not probe.failed:
        messages.success(request, _("%(name)s works.") % {"name": name})
    elif probe.works:
        text = _("%(name)s works for reading only. %(reason)s")
        text = text if probe.is_certain else _("%(name)s can be read. %(reason)s")
        messages.warning(request, text % {"name": name, "reason": reason})
    else:
        messages.error(request, f"{connection.name}: {reason}")
    return SeeOther(resolve_url("assistants:connections", request.workspace.slug))


def probe_steps(probe: ProbeResult) -> list[ProbeStep]:
    """Return the steps of a test in order; none if it was not made."""
    if not probe.works and not probe.failed:
        return []
    last = STEPS.index(probe.failed) if probe.failed else len(STEPS)
    failed = "bad" if probe.is_certain else "open"
    states = ["ok"] * last + [failed] + ["open"] * len(STEPS)
    before = UNKNOWN_BEFORE.get(probe.failed)
    if before and probe.error and probe.error.kind not in ("unauthorized", "cannot_list"):
        states[STEPS.index(before)] = "open"
    return [
        ProbeStep(str(STEP_LABELS[step]), state) for step, state in zip(STEPS, states, strict=False)
    ]
