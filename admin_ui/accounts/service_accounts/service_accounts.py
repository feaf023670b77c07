"""Service accounts: members that are programs. They have keys, and no password and no mail.

One is a `User` with a `Member`, so it takes the same write path as a person, and its name stays in
the history. `selectors.people` leaves it out of all that is about people.
"""

import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from admin_ui.accounts.keys.keys import keys_in_force, revoke_api_key
from admin_ui.accounts.leaving.belongings import carry_out_decisions
from admin_ui.accounts.models import Member, User, Workspace
from admin_ui.accounts.permissions import ALLOWED, Action, NotAllowed, Role
from admin_ui.accounts.services import check_actor, lock_actor
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import record

MOST_SERVICE_ACCOUNTS = 100
"""Service accounts of a workspace; its page shows all of them."""
NO_MAIL = "service-accounts.invalid"
"""The domain of the address that every account needs; nothing can ever be delivered there."""


def service_accounts_of(workspace: Workspace) -> QuerySet[Member]:
    """Return the service accounts of `workspace` by name, each with the number of its `keys`."""
    keys = Count("user__service_keys", filter=Q(user__service_keys__in=keys_in_force()))
    rows = workspace.members.filter(user__is_service=True).select_related("user")
    return rows.annotate(keys=keys).order_by("user__name", "pk")


def get_service_account(workspace: Workspace, pk: int) -> Member:
    """Return that service account of `workspace`. Raises `Http404` for anybody else's."""
    rows = workspace.members.select_related("user", "workspace")
    return get_object_or_404(rows, pk=pk, user__is_service=True)


@transaction.atomic
def create_service_account(*, actor: Member, name: str, role: str) -> Member:
    """Create a service account in the actor's workspace.

    Raises `NotAllowed`, also for a role above the actor's, and `ValidationError` for a name that is
    blank, over 100 characters or taken, and for one account too many.
    """
    actor = _lock(actor, role)
    rows = Member.objects.filter(workspace=actor.workspace, user__is_service=True)
    if rows.count() >= MOST_SERVICE_ACCOUNTS:
        told = _("A workspace has at most %(most)d service accounts. Delete one you do not need.")
        raise ValidationError(told % {"most": MOST_SERVICE_ACCOUNTS})
    name = _checked(name, actor.workspace)
    user = User.objects.create_user(
        f"{secrets.token_hex(16)}@{NO_MAIL}", name=name, is_service=True
    )
    account = Member.objects.create(workspace=actor.workspace, user=user, role=role)
    _record(account, created=True, role=str(role))
    return account


@transaction.atomic
def change_service_account(*, actor: Member, account: Member, name: str, role: str) -> None:
    """Rename a service account, and give it another role. What it did keeps its earlier name.

    Raises `NotAllowed` and `ValidationError` as `create_service_account`.
    """
    check_actor(actor, account.workspace, Action.MANAGE_KEYS)
    _lock(actor, role)
    account = _current(account)
    name = _checked(name, account.workspace, but=account)
    details = {"name_before": account.user.name, "name": name} | (
        {"from": account.role, "to": str(role)} if role != account.role else {}
    )
    if (account.user.name, account.role) != (name, role):
        account.user.name, account.role = name, role
        account.user.save(update_fields=["name"])
        account.save(update_fields=["role"])
        _record(account, **details)


@transaction.atomic
def let_service_account_work(*, actor: Member, account: Member, is_active: bool) -> None:
    """Deactivate a service account, whose keys are refused from then on, or reactivate it.

    Raises `NotAllowed`.
    """
    check_actor(actor, account.workspace, Action.MANAGE_KEYS)
    account = _current(account)
    _lock(actor, account.role)
    if account.user.is_active != is_active:
        account.user.is_active = is_active
        account.user.save(update_fields=["is_active"])
        _record(account, **{"reactivated" if is_active else "deactivated": True})


@transaction.atomic
def delete_service_account(*, actor: Member, account: Member) -> None:
    """Delete a service account and revoke its keys. What it did stays under its name.

    Its drafts wait for a publisher, as those of a person who left. Raises `NotAllowed`.
    """
    check_actor(actor, account.workspace, Action.MANAGE_KEYS)
    account = _current(account)
    _lock(actor, account.role)
    for key in keys_in_force().filter(service=account.user):
        revoke_api_key(key=key)
    carry_out_decisions(user=account.user, workspace=account.workspace, decisions=None)
    User.objects.filter(pk=account.user_id).update(is_active=False)
    _record(account, removed=True, role=account.role)
    account.delete()


def _lock(actor: Member, role: str) -> Member:
    """Return `actor` as they are now. Raises `NotAllowed` if they may not give `role`."""
    actor = lock_actor(actor, Action.MANAGE_KEYS)
    if not ALLOWED[Role(role)] <= ALLOWED[actor.role]:
        raise NotAllowed(Action.MANAGE_KEYS)
    return actor


def _current(account: Member) -> Member:
    """Return a service account as it is now, its row held until the end of the transaction.

    Raises `Member.DoesNotExist` when it was deleted meanwhile.
    """
    rows = Member.objects.select_related("user", "workspace").filter(user__is_service=True)
    return rows.select_for_update(of=("self", "user"), no_key=True).get(pk=account.pk)


def _checked(name: str, workspace: Workspace, but: Member | None = None) -> str:
    """Return a name that no other service account of the workspace has."""
    name = name.strip()
    if not name or len(name) > 100:
        raise ValidationError({"name": _("A name has 1 to 100 characters.")})
    rows = Member.objects.filter(workspace=workspace, user__is_service=True, user__name=name)
    if any(row.pk != (but and but.pk) for row in rows):
        raise ValidationError({"name": _("Another service account has this name. Choose another.")})
    return name


def _record(account: Member, **details: object) -> None:
    record(
        EventKind.SERVICE_ACCOUNT,
        workspace=account.workspace,
        about=account.user.name,
        details=details,
    )
