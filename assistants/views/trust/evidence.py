from datetime import timedelta
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.permissions import Action
from assistants.forms.past.period import PeriodForm, usual_periods
from assistants.selectors.past.evidence import Period
from assistants.services.trust.bundles import evidence_pack
from assistants.views.trust.evidence_pages import evidence_pages

USUAL_DAYS = 90


@require_http_methods(["GET", "HEAD", "POST"])
@require(Action.READ_AUDIT)
@costly()
def evidence(request: WorkspaceRequest) -> HttpResponse:
    """Ask for a period, and return what was recorded in it as a zip, sent while it is read.

    `first` and `last` in the query are the days that the form offers.
    """
    today = timezone.localdate()
    usual = {
        "first": (today - timedelta(days=USUAL_DAYS)).isoformat(),
        "last": today.isoformat(),
        "whole": True,
    }
    asked = PeriodForm(request.GET)
    if asked.is_valid():
        usual |= {name: asked.cleaned_data[name].isoformat() for name in ("first", "last")}
    form = PeriodForm(request.POST if request.method == "POST" else None, initial=usual)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        context = {"form": form, "periods": usual_periods(today)}
        return render(request, "assistants/trust/evidence.html", context, status=status)
    first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    days = f"{first}-to-{last}"
    period = Period.of(request.workspace, since=form.since, until=form.until, days=(first, last))
    by, whole = str(request.user), form.cleaned_data["whole"]
    files = evidence_pack(
        author=request.member,
        about=days,
        whole=whole,
        pages=lambda newest: evidence_pages(period, by=by, newest=newest, whole=whole),
    )
    response: Any = StreamingHttpResponse(files, content_type="application/zip")
    name = f"evidence-{request.workspace.slug}-{days}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response  # type: ignore[no-any-return]
