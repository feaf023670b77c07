"""The approval policy of a workspace, and what one assistant asks for in addition."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

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
from assistants.approval.rules import MOST_APPROVALS, NO_POLICY
from assistants.forms.change_requests.policy_form import (
    MOST_ROWS,
    ROLE_CHOICES,
    PostedPolicy,
    field_ticks,
    nobody_counts,
    read_policy,
    rule_rows,
)
from assistants.forms.text import printable
from assistants.models import ApprovalPolicy, Assistant
from assistants.selectors.change_requests.policies import newest_policy
from assistants.services.approving.changing import (
    LooserWithoutReason,
    NobodyCounts,
    ReasonTooLong,
    set_policy,
)
from assistants.wording.documents import reason_needed

MOST_MEMBERS = 200
"""Members whom the form offers to name."""


@dataclass(frozen=True, slots=True)
class PolicyPage:
    """What the page shows beside the rules: what is wrong, and whether it adds a row."""

    about: Assistant | None
    held: ApprovalPolicy | None
    reason: str = ""
    reason_error: str = ""
    row_errors: Mapping[int, str] = field(default_factory=dict)
    adds: bool = False

    @property
    def is_wrong(self) -> bool:
        return bool(self.reason_error or self.row_errors)


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
    shown = PolicyPage(assistant, held)
    if request.method != "POST":
        policy = held.policy if held else NO_POLICY
        return _page(request, shown, PostedPolicy(policy.rules, policy.free))
    if not can(request.member, Action.MANAGE_APPROVALS):
        raise NotAllowed(Action.MANAGE_APPROVALS)
    posted = read_policy(request.POST)
    reason = printable(request.POST.get("reason", "")).strip()
    shown = replace(shown, reason=reason, adds=request.POST.get("action") == "add")
    if shown.adds:
        return _page(request, shown, posted)
    try:
        set_policy(actor=request.member, policy=posted.policy, assistant=assistant, reason=reason)
    except LooserWithoutReason:
        shown = replace(shown, reason_error=_("This asks for less than before. Write a reason."))
    except ReasonTooLong:
        shown = replace(shown, reason_error=reason_needed())
    except NobodyCounts as error:
        number = posted.row_of(error.place)
        shown = replace(shown, row_errors={number: nobody_counts(posted.rows[number])})
    else:
        messages.success(
            request,
            _("Saved. Open change requests also need what was asked before."),
        )
        return SeeOther(request.get_full_path())
    return _page(request, shown, posted)


def _assistant(request: WorkspaceRequest) -> Assistant | None:
    pk = request.GET.get("assistant", "")
    if not is_number(pk):
        return None
    return selectors.get_assistant(request.workspace, int(pk), content=False)


def _page(request: WorkspaceRequest, shown: PolicyPage, posted: PostedPolicy) -> HttpResponse:
    members = Member.objects.filter(
        workspace=request.workspace, user__is_active=True, user__is_service=False
    )
    people = members.select_related("user").order_by("user__name", "pk")[:MOST_MEMBERS]
    names = {member.user_id: str(member.user) for member in people}
    context = {
        "shown": shown,
        "about": shown.about,
        "held": shown.held,
        "rows": rule_rows(posted.rows, names, errors=shown.row_errors, adds=shown.adds),
        "most_rows": MOST_ROWS,
        "free": field_ticks(posted.free),
        "roles": ROLE_CHOICES.items(),
        "counts": range(MOST_APPROVALS + 1),
        "may_save": can(request.member, Action.MANAGE_APPROVALS),
    }
    template = "assistants/change_requests/policy.html"
    return render(request, template, context, status=422 if shown.is_wrong else 200)
