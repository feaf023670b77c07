"""The approval policy of a workspace, and what one assistant asks for in addition."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.confirmed import confirmed
from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action, NotAllowed, can
from admin_ui.paging import is_number
from admin_ui.request.http import SeeOther
from assistants import selectors
from assistants.approval.rules import MOST_APPROVALS, NO_POLICY, Policy
from assistants.forms.change_requests.policy_form import (
    ROLE_CHOICES,
    field_ticks,
    read_policy,
    rule_rows,
)
from assistants.forms.text import printable
from assistants.models import ApprovalPolicy, Assistant
from assistants.selectors.change_requests.policies import newest_policy
from assistants.services.approving.changing import (
    LooserWithoutReason,
    NobodyCounts,
    set_policy,
)

MOST_MEMBERS = 200
"""Members whom the form offers to name."""


@require(Action.VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed()
def approval_policy(request: WorkspaceRequest) -> HttpResponse:
    """GET shows the policy, of `?assistant=` in addition; POST saves it, with `reason` if looser.

    `action=add` shows one row more and saves nothing.
    """
    assistant = _assistant(request)
    held = newest_policy(
        workspace=request.workspace.pk, assistant=assistant.pk if assistant else None
    )
    if request.method != "POST":
        return _page(request, assistant, held, held.policy if held else NO_POLICY)
    if not can(request.member, Action.MANAGE_APPROVALS):
        raise NotAllowed(Action.MANAGE_APPROVALS)
    wanted = read_policy(request.POST)
    if request.POST.get("action") == "add":
        return _page(request, assistant, held, wanted, blank=2)
    reason = printable(request.POST.get("reason", "")).strip()
    try:
        set_policy(actor=request.member, policy=wanted, assistant=assistant, reason=reason)
    except LooserWithoutReason:
        error = _("This asks for less than before. Write a reason; all admins are told.")
    except NobodyCounts:
        error = _("A rule asks for more approvals than people are ticked in it.")
    else:
        messages.success(request, _("Saved. Open change requests keep the stricter rule."))
        return SeeOther(request.get_full_path())
    return _page(request, assistant, held, wanted, error=error, reason=reason)


def _assistant(request: WorkspaceRequest) -> Assistant | None:
    pk = request.GET.get("assistant", "")
    if not is_number(pk):
        return None
    return selectors.get_assistant(request.workspace, int(pk), content=False)


def _page(
    request: WorkspaceRequest,
    assistant: Assistant | None,
    held: ApprovalPolicy | None,
    policy: Policy,
    *,
    blank: int = 1,
    error: str = "",
    reason: str = "",
) -> HttpResponse:
    members = Member.objects.filter(
        workspace=request.workspace, user__is_active=True, user__is_service=False
    )
    people = members.select_related("user").order_by("user__name", "pk")[:MOST_MEMBERS]
    names = {member.user_id: str(member.user) for member in people}
    context = {
        "about": assistant,
        "held": held,
        "rows": rule_rows(policy, names, blank=0 if policy.rules and blank < 2 else blank),
        "free": field_ticks(policy.free),
        "roles": ROLE_CHOICES.items(),
        "counts": range(MOST_APPROVALS + 1),
        "may_save": can(request.member, Action.MANAGE_APPROVALS),
        "error": error,
        "reason": reason,
    }
    template = "assistants/change_requests/policy.html"
    return render(request, template, context, status=422 if error else 200)
