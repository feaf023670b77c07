"""Replaces an API key by a new one, while applications may still use the old one for a time."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from admin_ui.accounts.keys.keys import create_api_key, keys_in_force
from admin_ui.accounts.models import ApiKey, Member
from admin_ui.accounts.permissions import Action
from admin_ui.accounts.services import check_actor, lock_actor
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import record
from admin_ui.display.times import utc


class NotReplaced(Exception):
    """The key has ended or was replaced before, so nothing was changed."""


@transaction.atomic
def replace_key(*, actor: Member, key: ApiKey, overlap: timedelta) -> tuple[ApiKey, str]:
    """Make a key that may do the same, and let the old one end after `overlap`, or before.

    Returns the new key and its secret, to show once. A key that expires is replaced by one that
    lives as long from now on. Raises `NotAllowed` and `NotReplaced`.
    """
    check_actor(actor, key.workspace, Action.MANAGE_KEYS)
    lock_actor(actor, Action.MANAGE_KEYS)
    old = keys_in_force().select_for_update(of=("self",)).filter(pk=key.pk).first()
    if old is None or old.replaced_by_id is not None:
        raise NotReplaced
    now = timezone.now()
    new, secret = create_api_key(
        workspace=old.workspace,
        name=old.name,
        can_write=old.can_write,
        created_by=actor.user,
        expires_at=old.expires_at and now + (old.expires_at - old.created_at),
        networks=old.networks.split(),
        assistant_ids=old.assistant_ids.split(),
        service=old.service,
        opens=old.opens,
        is_exempt=old.is_exempt,
    )
    ends = now + overlap
    old.expires_at = min(old.expires_at, ends) if old.expires_at else ends
    old.replaced_by = new
    old.save(update_fields=["expires_at", "replaced_by"])
    details = {"prefix": old.prefix, "replaced_by": new.prefix, "works_until": utc(ends, "auto")}
    record(EventKind.KEY_REPLACED, workspace=old.workspace, about=old.name, details=details)
    return new, secret
