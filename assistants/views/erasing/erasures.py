"""The page on which owners erase a text that must not be kept."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from admin_ui.accounts.guard.confirmed import confirm_first
from admin_ui.accounts.leaving.owners_views import OwnerRequest, owners_only
from admin_ui.accounts.views import read_or_send
from admin_ui.request.http import SeeOther
from assistants.selectors.past import erased
from assistants.services.erasing.erase import ReasonHoldsText, StillInUse, erase_text
from assistants.services.erasing.finding import FoundText, look_for
from assistants.unwanted import LONGEST_UNWANTED, SHORTEST_UNWANTED, Unwanted
from assistants.wording.texts.erasing import places_told

ERASE = "erase"


class ErasureForm(forms.Form):
    text = forms.CharField(
        min_length=SHORTEST_UNWANTED, max_length=LONGEST_UNWANTED, widget=forms.Textarea
    )
    reason = forms.CharField(max_length=300)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("text") and Unwanted(values["text"]).is_in(values.get("reason", "")):
            self.add_error("reason", _("The reason is kept: leave the text itself out of it."))
        return values


@owners_only  # type: ignore[arg-type]  # the next guard is for pages of allauth too
@confirm_first
@read_or_send
@sensitive_post_parameters("text")
def erasures(request: OwnerRequest) -> HttpResponse:
    """GET lists what was erased. POST looks where a text is; with `act=erase` it erases it."""
    form = ErasureForm(request.POST if request.method == "POST" else None)
    found: FoundText | None = None
    if request.method == "POST" and form.is_valid():
        if request.POST.get("act") == ERASE:
            try:
                done = erase_text(actor=request.user, **form.cleaned_data)
            except StillInUse as error:
                found = error.found
            except ReasonHoldsText:
                form.add_error("reason", _("The reason is kept: leave the text itself out of it."))
            else:
                return _said(request, done)
        else:
            found = look_for(Unwanted(form.cleaned_data["text"]))
    listed = erased.listed_versions(found.revisions) if found and not found.is_in_use else []
    context = {
        "form": form,
        "found": found,
        "places": _places(found) if found else [],
        "listed": listed,
        "more": len(found.revisions) - len(listed) if found and listed else 0,
        "erasures": erased.newest_erasures(),
        "erase": ERASE,
    }
    status = 422 if form.errors else 409 if found and found.is_in_use else 200
    return render(request, "assistants/erasing/erasures.html", context, status=status)


def _places(found: FoundText) -> list[str]:
    return places_told(versions=found.versions, drafts=found.drafts, others=found.others)


def _said(request: OwnerRequest, done: FoundText | None) -> HttpResponse:
    if done is None:
        messages.info(request, _("Nothing has this text, so nothing is changed."))
    else:
        said = _("The text is erased, also from the search. It was in: %(places)s.")
        messages.success(request, said % {"places": ", ".join(_places(done))})
    return SeeOther(request.path)
