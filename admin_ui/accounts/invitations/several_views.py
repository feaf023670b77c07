"""The page that invites several people: a form, a check of every line, and what came of each."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters

from admin_ui.accounts import selectors
from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly, is_posted
from admin_ui.accounts.invitations.limits import INVITATIONS_OF_WORKSPACE
from admin_ui.accounts.invitations.lists import MOST_LIST_BYTES, MOST_PEOPLE
from admin_ui.accounts.invitations.several import Line, LineStatus, check_list, invite_several
from admin_ui.accounts.invitations.several_form import SeveralForm, is_batch, new_batch
from admin_ui.accounts.invitations.wording import shown_line
from admin_ui.accounts.permissions import Action, Role
from admin_ui.accounts.views import read_or_send
from admin_ui.tasks.alive import lacks_worker


@require(Action.MANAGE_TEAM)
@read_or_send
@costly(when=is_posted)
@sensitive_post_parameters("batch")
def team_invite(request: WorkspaceRequest) -> HttpResponse:
    """Check a list of people without inviting anybody; `act=invite` then invites them.

    A second press of that button, or a reload, shows the result of the first again.
    """
    if request.method != "POST":
        return several_page(request, "form", form=SeveralForm())
    form = SeveralForm(request.POST, request.FILES)
    if not form.is_valid():
        return several_page(request, "form", status=422, form=form)
    entries, batch = form.cleaned_data["entries"], request.POST.get("batch", "")
    if request.POST.get("act") == "invite" and is_batch(batch):
        lines = invite_several(
            actor=request.member, entries=entries, again=chosen(request), batch=batch
        )
        return several_page(request, "done", form=rest_of(lines, form), lines=lines)
    lines = check_list(actor=request.member, entries=entries)
    form = SeveralForm(initial={"addresses": form.cleaned_data["text"], **role_in(form)})
    return several_page(request, "check", form=form, lines=lines, batch=new_batch())


def several_page(
    request: WorkspaceRequest,
    state: str,
    *,
    status: int = 200,
    form: SeveralForm | None,
    lines: list[Line] | None = None,
    **context: Any,
) -> HttpResponse:
    lines = lines or []
    statuses = [line.status for line in lines]
    mails = selectors.sends_mail()
    context |= {
        "state": state,
        "form": form,
        "rows": [shown_line(line) for line in lines],
        "good": statuses.count(LineStatus.GOOD),
        "others": len(lines) - statuses.count(LineStatus.GOOD),
        "links": [(line.entry.email, line.link) for line in lines if line.link],
        "invited": statuses.count(LineStatus.INVITED),
        "listed": statuses.count(LineStatus.LISTED),
        "roles": Role.choices,
        "sends_mail": mails,
        "waits": mails and LineStatus.INVITED in statuses and lacks_worker(),
        "most": {
            "lines": MOST_PEOPLE,
            "kilobytes": MOST_LIST_BYTES // 1024,
            "an_hour": INVITATIONS_OF_WORKSPACE.most,
        },
    }
    return render(request, f"accounts/invitations/several/{state}.html", context, status=status)


def chosen(request: WorkspaceRequest) -> frozenset[int]:
    """Return the IDs of the open invitations to replace, as ticked."""
    ticked = request.POST.getlist("again")
    return frozenset(int(pk) for pk in ticked if pk.isascii() and pk.isdecimal() and len(pk) < 19)


def rest_of(lines: list[Line], form: SeveralForm) -> SeveralForm | None:
    """Return a form with the people whom a limit kept from being invited; None without any."""
    late = [line.entry for line in lines if line.status is LineStatus.LIMITED]
    if not late:
        return None
    text = "\n".join(f"{entry.email}, {entry.role}" for entry in late)
    return SeveralForm(initial={"addresses": text, **role_in(form)})


def role_in(form: SeveralForm) -> dict[str, str]:
    return {"role": str(form.cleaned_data["role"])}
