"""When a round is published, and until when, as the form of a change request sends it."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from admin_ui.paging import is_number
from assistants.forms.change_requests.schedule_form import read_time, shown_time
from assistants.models import Assistant, Revision, Round
from assistants.services.change_requests.timing import Timing


class BadTiming(Exception):
    """What was chosen makes no sense: which input, and the sentence that says why."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(text)
        self.name = name


def read_timing(form: Mapping[str, str], assistant: Assistant) -> Timing:
    """Return what `when`, `day`, `time` and `zone` choose, and where it `ends`, what comes back.

    That is the revision of `assistant` with the number `back_to`, at `back_day` and `back_time`.
    Raises `BadTiming`.
    """
    when = form.get("when", "")
    if when not in Round.When.values:
        return Timing()
    at = back_at = back_to = None
    zone = ""
    if when == Round.When.AT_TIME:
        chosen = read_time(form)
        if chosen.at is None:
            raise BadTiming("day", chosen.error)
        at, zone = chosen.at, chosen.zone
    if form.get("ends"):
        back_to = _revision(assistant, form.get("back_to", ""))
        inputs = {"day": form.get("back_day", ""), "time": form.get("back_time", "")}
        chosen = read_time({**inputs, "zone": form.get("zone", "")})
        if chosen.at is None:
            raise BadTiming("back_day", chosen.error)
        back_at, zone = chosen.at, chosen.zone
    return Timing(when, at, zone, back_at, back_to)


def _revision(assistant: Assistant, number: str) -> Revision:
    rows = Revision.objects.filter(assistant=assistant)
    found = rows.filter(number=int(number)).first() if is_number(number) else None
    if found is None:
        raise BadTiming("back_to", _("Choose a version that comes back."))
    return found


def shown_timing(form: Mapping[str, str], sent: Round | None) -> dict[str, str]:
    """Return what the inputs begin with: what was typed, or else what `sent` says."""
    names = ("when", "day", "time", "zone", "ends", "back_to", "back_day", "back_time")
    if "when" in form:
        return {name: form.get(name, "") for name in names}
    publish = shown_time(sent.publish_at if sent else None, sent.zone if sent else "")
    back = shown_time(sent.back_at if sent else None, publish["zone"])
    return {
        **publish,
        "when": sent.when if sent else Round.When.BY_HAND.value,
        "ends": "1" if sent and sent.back_at else "",
        "back_to": str(sent.back_to.number) if sent and sent.back_to else "",
        "back_day": back["day"],
        "back_time": back["time"],
    }
