"""Choosing when a change request is published, and calling that off: parts of its page."""

from typing import Any

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _

from admin_ui.accounts.guard.access import WorkspaceRequest
from admin_ui.display.times import exact
from admin_ui.display.zones import zones_by_region
from assistants.forms.change_requests.schedule_form import ChosenTime, read_time, shown_time
from assistants.forms.change_requests.timing_form import BadTiming
from assistants.models import ChangeRequest, Round, Schedule
from assistants.selectors.addresses import AssistantPages
from assistants.selectors.change_requests.detail import newest_schedule
from assistants.selectors.change_requests.freezes import freeze_then
from assistants.selectors.change_requests.returns import return_after
from assistants.services.change_requests.errors import BadTime, FrozenThen, NoReturn
from assistants.services.change_requests.schedules import cancel_schedule, schedule_round
from assistants.services.change_requests.timing import is_too_late
from assistants.services.errors import TextErased
from assistants.wording.approval.schedules import trouble_sentence

TIME_INPUTS = ("day", "time", "zone")


UNFIT_TIMINGS = (BadTiming, BadTime, FrozenThen, NoReturn, TextErased)


def unfit_timing(error: Exception) -> tuple[str, str]:
    """Return which input is wrong, and why: what one of `UNFIT_TIMINGS` says."""
    match error:
        case BadTiming():
            return error.name, str(error)
        case FrozenThen():
            said = _("A freeze window holds then, until %(until)s. Choose a time after it.")
            text = said % {"until": exact(error.until)}
        case BadTime() if error.is_return:
            text = _("Choose an end after the time of publishing, within a year of it.")
        case BadTime():
            text = _("Choose a time from now on, within a year.")
        case TextErased():
            return "back_to", _("A text of that version was erased, so it cannot come back.")
        case _:
            text = _("That version cannot come back: it is the same, or nothing of it was live.")
            return "back_to", text
    return ("back_day" if error.is_return else "day"), text


def set_schedule(request: WorkspaceRequest, found: ChangeRequest, seen: int) -> None:
    """Do what the posted `action` says: `schedule` for `TIME_INPUTS`, or `call_off`.

    Raises one of `UNFIT_TIMINGS`, and what the services raise.
    """
    if request.POST.get("action") == "call_off":
        cancel_schedule(member=request.member, request=found)
        if found.is_open:
            text = _("Called off. It is published when somebody publishes it.")
        else:
            text = _("Called off. Nothing comes back, so this version stays live.")
        messages.success(request, text)
        return
    chosen = read_time(request.POST.dict())
    if chosen.at is None:
        raise BadTiming("day", chosen.error)
    schedule_round(
        member=request.member, request=found, seen=seen, publish_at=chosen.at, zone=chosen.zone
    )
    messages.success(request, _scheduled(chosen))


def _scheduled(chosen: ChosenTime) -> str:
    if chosen.is_twice:
        return _("Scheduled. Clocks go back then, so that hour comes twice: it is the first.")
    return _("Scheduled.")


def schedule_context(
    request: WorkspaceRequest, found: ChangeRequest, of: Round, *, error: str
) -> dict[str, Any]:
    """Return what the page of a change request shows and offers of its schedule, and of what comes
    back after its round `of`. `error` is what is wrong with the chosen time.

    One query, one more where something is scheduled, and two where something comes back.
    """
    schedule = newest_schedule(found)
    is_held = schedule is not None and schedule.next_at is not None
    typed = request.POST.dict() if request.POST.get("action") == "schedule" else {}
    source = schedule if schedule and is_held else of
    begin = shown_time(source.publish_at, source.zone)
    when = {**begin, **{name: typed[name] for name in TIME_INPUTS if name in typed}}
    return {
        "schedule": schedule,
        "schedule_is_held": is_held,
        "asks_for_time": found.is_open and (schedule is None or schedule.round_id != of.pk),
        **(_as_it_is(schedule, of) if schedule else {}),
        "when": {**when, "error": error},
        "zones": zones_by_region(when["zone"]),
        "back": return_after(of, AssistantPages.of(found.assistant)),
        "may_schedule": found.is_open and found.kind == ChangeRequest.Kind.CHANGE,
    }


def _as_it_is(schedule: Schedule, of: Round) -> dict[str, Any]:
    """Return how far a schedule has got, and the freeze window that will hold it up."""
    then = freeze_then(schedule.workspace_id, schedule.publish_at) if schedule.next_at else None
    is_off = schedule.state == Schedule.State.CANCELLED
    return {
        "schedule_is_due": schedule.publish_at <= timezone.now(),
        "schedule_trouble": trouble_sentence(schedule),
        "return_is_off": is_off and schedule.is_return and schedule.round_id == of.pk,
        "freeze_then": then,
        "is_too_late": then is not None and is_too_late(schedule.publish_at, then),
    }
