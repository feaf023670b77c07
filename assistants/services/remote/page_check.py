"""Checking the remote in the background of an open page, but not for every page."""

from datetime import timedelta

from django.core.cache import cache
from django.utils import timezone

from assistants.models import LATE, Assistant, trouble_of
from assistants.services.connections.admission import CHECK, Errand
from assistants.services.remote.settle import Checked, check_remote

LOOK_AGAIN = timedelta(seconds=5)
"""How long one check is reused for all pages of the same assistant."""


def look(*, assistant: Assistant, afresh: bool = False, errand: Errand = CHECK) -> Checked:
    """Check `assistant`, unless it was checked a moment ago: then return `recent`, with the time.

    `afresh` always asks the remote. While a change is in doubt, earlier checks are not reused. Like
    `check_remote`, it never raises if a gateway fails; its deadline is that of `errand`.
    """
    if afresh:
        return check_remote(assistant=assistant, errand=errand)
    if recent := recent_check(assistant):
        return recent
    if not cache.add(f"look-{assistant.pk}", True, LOOK_AGAIN.total_seconds()):
        return Checked("recent", assistant.checked_at or timezone.now())
    checked = check_remote(assistant=assistant, errand=errand)
    if checked.found in ("held", "cut"):  # nobody has looked
        cache.delete(f"look-{assistant.pk}")
    return checked


def recent_check(assistant: Assistant) -> Checked | None:
    """Return the check of a moment ago, if there was one and no change is in doubt."""
    at = assistant.checked_at
    in_doubt = trouble_of(assistant) in (Assistant.Trouble.UNCONFIRMED, LATE)
    if at is None or in_doubt or not timedelta(0) <= timezone.now() - at < LOOK_AGAIN:
        return None
    return Checked("recent", at)
