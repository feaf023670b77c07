"""A look at the remote behind a page that somebody opens; not at every page, though."""

from datetime import timedelta

from django.core.cache import cache
from django.utils import timezone

from assistants.models import Assistant
from assistants.selectors.delivery import trouble_of
from assistants.services.connections.admission import CHECK
from assistants.services.remote.settle import Checked, check_remote
from assistants.wording.delivery import LATE

LOOK_AGAIN = timedelta(seconds=5)
"""How long one look serves everybody who opens a page of the same assistant."""


def look(*, assistant: Assistant, afresh: bool = False) -> Checked:
    """Check `assistant` unless it was checked a moment ago: then it is `recent`, and when.

    `afresh` asks in any case. The next look settles what is in doubt. Like `check_remote`, never
    raises for a gateway that fails; but a page does not wait as long as a publish.
    """
    if afresh:
        return check_remote(assistant=assistant, errand=CHECK)
    now = timezone.now()
    checked_at = assistant.checked_at
    in_doubt = trouble_of(assistant) in (Assistant.Trouble.UNCONFIRMED, LATE)
    if checked_at is not None and timedelta(0) <= now - checked_at < LOOK_AGAIN and not in_doubt:
        return Checked("recent", checked_at)
    if not cache.add(f"look-{assistant.pk}", True, LOOK_AGAIN.total_seconds()):
        return Checked("recent", checked_at or now)
    checked = check_remote(assistant=assistant, errand=CHECK)
    if checked.found == "held":  # nobody has looked
        cache.delete(f"look-{assistant.pk}")
    return checked
