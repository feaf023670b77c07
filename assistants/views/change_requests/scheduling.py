"""Choosing when a change request is published, and calling that off: parts of its page."""

from typing import Any

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _

from admin_ui.accounts.guard.access import WorkspaceRequest
from admin_ui.display.zones import zones_by_region
from assistants.forms.change_requests.schedule_form import ChosenTime, read_time, shown_time
from assistants.models import ChangeRequest, Round
from assistants.selectors.addresses import AssistantPages
from assistants.selectors.change_requests.detail import newest_schedule
from assistants.selectors.change_requests.returns import return_after
from assistants.services.change_requests.errors import BadTime
from assistants.services.change_requests.schedules import cancel_schedule, schedule_round
from assistants.wording.approval.schedules import trouble_sentence

TIME_INPUTS = ("day", "time", "zone")


class NoTime(Exception):
    """What was chosen is no time; the message says why."""


def set_schedule(request: WorkspaceRequest, found: ChangeRequest, seen: int) -> None:
    """Do what the posted `action` says: `schedule` for `TIME_INPUTS`, or `call_off`.

    Raises `NoTime`, and what the services raise.
    """
    if request.POST.get("action") == "call_off":
        cancel_schedule(member=request.member, request=found)
        messages.success(request, _("Called off. It is published when somebody publishes it."))
        return
    chosen = read_time(request.POST.dict())
    if chosen.at is None:
        raise NoTime(chosen.error)
    try:
        schedule_round(
            member=request.member,
            request=found,
            seen=seen,
            publish_at=chosen.at,
            zone=chosen.zone,
        )
    except BadTime:
        text = _("Choose a time from now on, within a year. The older version comes back later.")
        raise NoTime(text) from None
    messages.success(request, _scheduled(chosen))


def _scheduled(chosen: ChosenTime) -> str:
    if chosen.is_twice:
        return _("Scheduled. Clocks go back then, so that hour comes twice: it is the first.")
    return _("Scheduled.")


def schedule_context(request: WorkspaceRequest, found: ChangeRequest, of: Round) -> dict[str, Any]:
    """Return what the page of a change request shows and offers of its schedule, and of what comes
    back after its round `of`. One query, and two where something comes back."""
    schedule = newest_schedule(found)
    is_held = schedule is not None and schedule.next_at is not None
    typed = request.POST.dict() if request.POST.get("action") == "schedule" else {}
    source = schedule if schedule and is_held else of
    begin = shown_time(source.publish_at, source.zone)
    when = {**begin, **{name: typed[name] for name in TIME_INPUTS if name in typed}}
    return {
        "schedule": schedule,
        "schedule_is_held": is_held,
        "schedule_is_due": schedule is not None and schedule.publish_at <= timezone.now(),
        "schedule_trouble": trouble_sentence(schedule) if schedule else "",
        "when": when,
        "zones": zones_by_region(when["zone"]),
        "back": return_after(of, AssistantPages.of(found.assistant)),
        "may_schedule": found.is_open and found.kind == ChangeRequest.Kind.CHANGE,
    }
