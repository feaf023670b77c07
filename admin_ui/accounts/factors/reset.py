"""Resets the second factor of a person who has lost it."""

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import F

from admin_ui.accounts.models import User
from admin_ui.accounts.permissions import SYSTEM, Action, NotAllowed, System
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import record


@transaction.atomic
def reset_factors(*, actor: User | System, user: User) -> bool:
    """Remove all factors of `user` and end their sessions and links; returns if there were any.

    Their password stays. Raises `NotAllowed` for all but active owners and commands.
    """
    rows = User.objects.select_for_update(no_key=True).order_by("pk")
    held = {row.pk: row for row in rows.filter(pk__in={user.pk, getattr(actor, "pk", user.pk)})}
    if actor is not SYSTEM and not (held[actor.pk].is_owner and held[actor.pk].is_active):
        raise NotAllowed(Action.MANAGE_TEAM)
    removed, _by_model = Authenticator.objects.filter(user=user).delete()
    if not removed:
        return False
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    record(EventKind.FACTORS_RESET, about=user.email, details={"count": removed})
    return True
