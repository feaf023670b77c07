from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.permissions import Action
from admin_ui.display.zones import use_zone
from assistants import selectors
from assistants.forms.past.moment import MomentForm
from assistants.selectors.past.as_of import all_live_at, live_at
from assistants.views.assistant_page import assistant_page
from assistants.wording import show_contents


@require_safe
@require(Action.VIEW)
def as_of(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Show what was live of one assistant at the moment that the query string says."""
    assistant = selectors.get_assistant(request.workspace, pk, content=False, reader=request.user)
    form, moment = _moment(request)
    then = live_at(assistant, moment) if moment else None
    context = {
        "form": form,
        "moment": moment,
        "then": then,
        "contents": show_contents(then.definition) if then and then.definition else None,
    }
    return assistant_page(request, "assistants/history/as_of.html", assistant, context)


@require_safe
@require(Action.VIEW)
def workspace_as_of(request: WorkspaceRequest) -> HttpResponse:
    """Show which version of each assistant was live at the moment that the query string says."""
    form, moment = _moment(request)
    found = all_live_at(request.workspace, moment, request.GET.dict()) if moment else None
    context = {"form": form, "moment": moment, "page": found}
    return render(request, "assistants/history/workspace_as_of.html", context)


def _moment(request: WorkspaceRequest) -> tuple[MomentForm, datetime | None]:
    """Return the form and the moment it says, now if that is still to come.

    The page shows its times in the zone of the form.
    """
    form = MomentForm(request.GET if "date" in request.GET else None)
    use_zone(form.chosen_zone)
    moment = form.moment
    return form, min(moment, timezone.now()) if moment else None
