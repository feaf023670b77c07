"""What a connection offers, for an open editor: named, and read again where it is due."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.permissions import Action
from admin_ui.paging import is_number
from assistants import selectors
from assistants.forms.offered.knowledge import (
    ShownKnowledge,
    posted_definition,
    show_knowledge,
    typed_ids,
)
from assistants.forms.offered.models import model_hints, model_of, options_html
from assistants.forms.text import printable, ticked
from assistants.selectors.offers import KnownOffers, offers_of
from assistants.tasks.offers import offers_behind
from assistants.views.editor.offered import model_names, offers_context
from assistants.wording import notices

POLL_WAITS = (1, 2, 4, 8, 15, 30)
"""Seconds after which a page asks again for the lists that a worker reads."""


@require(Action.EDIT_DRAFT)
@require_POST
@costly(quiet=True)
def connection_offers(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Return a fragment: the files and stores of a form by name, and advice about its model.

    With `try`, the lists that are stale are read, by a worker if there is one; until it is done,
    the fragment asks again. The form may name another `connection`.
    """
    picked = request.POST.get("connection", "")
    pk = int(picked) if is_number(picked) else pk
    connection = selectors.get_connection(request.workspace, pk)
    tried = request.GET.get("try", "")
    is_waiting = bool(tried) and offers_behind(connection)
    definition = posted_definition(request.POST)
    offers = offers_of(connection, [model_of(definition), *typed_ids(_posted(request))])
    context = offers_context(request.workspace, connection, offers, _shown(request, offers))
    if tried:
        context |= poll_again(int(tried) if is_number(tried) else 0, is_waiting=is_waiting)
    if tried or picked:  # the page may not know this list yet
        models = model_names(connection, request.workspace, offers)
        context |= {"model_options": options_html(models), "is_news": True}
        context["notices"] = notices(request.POST.get("model", ""))
        context["hints"] = model_hints(definition, offers).get("model")
    return render(request, "assistants/knowledge/_offers.html", context)


def _posted(request: WorkspaceRequest) -> Any:
    return lambda name: printable(request.POST.get(name, ""))


def _shown(request: WorkspaceRequest, offers: KnownOffers) -> ShownKnowledge:
    return show_knowledge(_posted(request), lambda name: ticked(request.POST.get(name)), offers)


def poll_again(tried: int, *, is_waiting: bool) -> dict[str, Any]:
    """Return when the fragment asks again, and as which try."""
    if not is_waiting or tried >= len(POLL_WAITS):
        return {"next_try": None}
    return {"next_try": tried + 1, "wait": POLL_WAITS[tried]}
