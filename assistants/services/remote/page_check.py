"""Checking the remote in the background of an open page, but not for every page."""

from datetime import timedelta

from django.core.cache import cache
from django.utils import timezone

from assistants.models import LATE, Assistant, trouble_of
from assistants.services.connections.admission import CHECK
from assistants.services.remote.settle import Checked, check_remote

LOOK_AGAIN = timedelta(seconds=5)
"""How long one check is reused for all pages of the same assistant."""


def look(*, assistant: Assistant, afresh: bool = False) -> Checked:
    """Check `assistant`, unless it was checked a moment ago: then return `recent`, with the time.

    `afresh` always asks the remote. While a change is in doubt, earlier checks are not reused. Like
    `check_remote`, it never raises if a gateway fails; its deadline is that of a page check.
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
