"""The page on which owners say of which domains people may join a workspace."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from admin_ui.accounts.domains import domains as verbs
from admin_ui.accounts.guard.confirmed import confirmed
from admin_ui.accounts.leaving.owners_views import OwnerRequest, owners_only
from admin_ui.accounts.models import Workspace
from admin_ui.accounts.selectors import sends_mail, workspaces_of
from admin_ui.accounts.views import read_or_send
from admin_ui.display.isolation import isolated
from admin_ui.request.http import SeeOther


class DomainForm(forms.Form):
    domain = forms.CharField(max_length=253)
    workspace = forms.ModelChoiceField(Workspace.objects.none(), empty_label=None)

    def __init__(self, *args: Any, workspaces: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["workspace"].queryset = workspaces  # type: ignore[attr-defined]


def can_anybody_join() -> bool:
    """Return whether people can prove an address here, by mail or by an identity provider."""
    return sends_mail() or bool(settings.IDENTITY_PROVIDERS)


@owners_only
@confirmed()
@read_or_send
def domains(request: OwnerRequest) -> HttpResponse:
    """List the allowed domains, and allow one."""
    form = DomainForm(
        request.POST if request.method == "POST" else None, workspaces=workspaces_of(request.user)
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = verbs.allow_domain(actor=request.user, **form.cleaned_data)
        except forms.ValidationError as error:
            form.add_error("domain", error)
        else:
            text = _("People with an address at %(domain)s can join %(workspace)s as viewers.")
            if not can_anybody_join():
                text = _("%(domain)s is allowed for %(workspace)s, but nobody can join yet.")
            values = {"domain": row.domain, "workspace": isolated(row.workspace.name)}
            messages.success(request, text % values)
            return SeeOther(resolve_url("people:domains"))
    context = {
        "form": form,
        "rows": verbs.allowed_domains(),
        "sends_mail": sends_mail(),
        "can_join": can_anybody_join(),
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/domains/domains.html", context, status=status)


@owners_only
@require_POST
def domain_withdraw(request: OwnerRequest, pk: int) -> HttpResponse:
    """Let nobody else join by this domain. It can be allowed again, so nothing is asked."""
    row = get_object_or_404(verbs.allowed_domains(), pk=pk)
    verbs.withdraw_domain(actor=request.user, row=row)
    text = _("Nobody else joins with an address at %(domain)s. Links that were sent end.")
    messages.success(request, text % {"domain": row.domain})
    return SeeOther(resolve_url("people:domains"))
