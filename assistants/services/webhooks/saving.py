"""Adding, changing, disabling and deleting the webhooks of a workspace. Admins do."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from admin_ui.accounts.models import Member, Workspace
from admin_ui.accounts.permissions import Action, NotAllowed
from admin_ui.accounts.services import lock_actor
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import record
from admin_ui.notices.kinds import NoticeKind
from assistants.definition import Problem
from assistants.gateway.webhooks.signing import new_secret
from assistants.gateway.webhooks.targets import host_of, shown_end, target_problem
from assistants.models.webhooks.webhook import Webhook
from assistants.services.errors import Invalid
from assistants.services.webhooks.sealed import Sealed, earlier_ends, sealed_of
from assistants.services.webhooks.stopping import stop_deliveries

LONGEST_WEBHOOK_NAME = 100
MOST_WEBHOOKS = 20
"""Webhooks that a workspace may have: each costs a delivery for what happens."""


def save_webhook(
    *,
    author: Member,
    webhook: Webhook | None,
    name: str,
    format: str,
    address: str,
    kinds: Sequence[str],
    only_check: bool = False,
) -> tuple[Webhook, str]:
    """Add a webhook to the author's workspace, or change one. Returns it, and its new secret.

    An existing one keeps its format and its secret (then ""), and with a blank `address` its
    address. With `only_check` nothing is written. The same form sent twice adds one. Raises
    `Invalid`, `NotAllowed`, also for that of another workspace, and `Webhook.DoesNotExist` if it
    was deleted meanwhile.
    """
    with transaction.atomic():
        row = _lock(author, webhook)
        is_new = row._state.adding
        row.format = format if is_new else row.format
        if before := _added_before(row, name=name, address=address, kinds=kinds):
            return before, ""
        kept = None if is_new else sealed_of(row)
        address = address.strip() or (kept.address if kept else "")
        if found := _problems(row, name=name, address=address, kinds=kinds):
            raise Invalid(found)
        if only_check:
            return row, ""
        changed = [
            what
            for what, is_other in (
                ("name", name.strip() != row.name),
                ("address", kept is None or address != kept.address),
                ("kinds", list(kinds) != row.kinds),
            )
            if is_other
        ]
        given = new_secret() if kept is None and row.is_signed else ""
        secret, earlier = (kept.secret, kept.earlier) if kept else (given, "")
        row.name, row.kinds = name.strip(), list(kinds)
        row.host, row.address_end = host_of(address), shown_end(address)
        row.sealed = Sealed(address, secret, earlier).seal()
        if "address" in changed:
            row.failures, row.failing_since, row.paused_until = 0, None, None
        row.save()
        if is_new:
            _record(row, {"created": True, "format": row.format, "host": row.host})
        elif changed:
            _record(row, {"changed": ", ".join(changed), "host": row.host})
    return row, given


def replace_secret(*, author: Member, webhook: Webhook, seen: str | None = None) -> str:
    """Give `webhook` a new secret and return it. For a day both sign, then only the new one does.

    `seen` is the `secret_mark` that the person was shown; if it is another by now, the form was
    sent twice and nothing is replaced (""): that would end the first secret at once. Raises
    `NotAllowed`, and `Webhook.DoesNotExist` if it was deleted or its messages are not signed.
    """
    with transaction.atomic():
        row = _lock(author, webhook)
        kept = sealed_of(row)
        if not row.is_signed or kept is None:
            raise Webhook.DoesNotExist
        if seen not in (None, row.secret_mark):
            return ""
        made = new_secret()
        row.sealed = Sealed(kept.address, made, kept.secret).seal()
        row.earlier_secret_until = earlier_ends()
        row.save(update_fields=["sealed", "earlier_secret_until"])
        _record(row, {"new_secret": True})
    return made


def disable_webhook(*, author: Member, webhook: Webhook) -> None:
    """Send nothing more to `webhook`; what waits for it is stopped. Raises as `replace_secret`."""
    with transaction.atomic():
        row = _lock(author, webhook)
        if row.disabled_at is None:
            row.disabled_at, row.disabled_reason = timezone.now(), Webhook.Reason.PERSON
            row.save(update_fields=["disabled_at", "disabled_reason"])
            stop_deliveries(row)
            _record(row, {"disabled": True})


def enable_webhook(*, author: Member, webhook: Webhook) -> None:
    """Send `webhook` what happens from now on. What was stopped can be redelivered.

    Raises as `replace_secret`.
    """
    with transaction.atomic():
        row = _lock(author, webhook)
        if row.disabled_at is not None:
            row.disabled_at, row.disabled_reason = None, ""
            row.failures, row.failing_since, row.paused_until = 0, None, None
            row.save()
            _record(row, {"enabled": True})


def delete_webhook(*, author: Member, webhook: Webhook) -> None:
    """Delete `webhook` with its log. Raises as `replace_secret`."""
    with transaction.atomic():
        row = _lock(author, webhook)
        _record(row, {"removed": True, "host": row.host})
        row.delete()


def _added_before(row: Webhook, *, name: str, address: str, kinds: Sequence[str]) -> Webhook | None:
    """Return the webhook that the person who adds `row` added with the same form."""
    if not row._state.adding:
        return None
    own = Webhook.objects.filter(workspace=row.workspace_id, created_by=row.created_by)
    found = own.filter(name=name.strip(), format=row.format).first()
    if found is None or found.kinds != list(kinds):
        return None
    kept = sealed_of(found)
    return found if kept is not None and kept.address == address.strip() else None


def _lock(author: Member, webhook: Webhook | None) -> Webhook:
    lock_actor(author, Action.MANAGE_WORKSPACE)
    Workspace.objects.select_for_update(no_key=True).get(pk=author.workspace_id)
    if webhook is None:
        return Webhook(workspace=author.workspace, created_by=author.user)
    if webhook.workspace_id != author.workspace_id:
        raise NotAllowed(Action.MANAGE_WORKSPACE)
    return (
        Webhook.objects.select_for_update(of=("self",))
        .select_related("workspace")
        .get(pk=webhook.pk)
    )


def _record(row: Webhook, details: Mapping[str, Any]) -> None:
    record(EventKind.WEBHOOK, workspace=row.workspace, about=row.name, details=details)


def _problems(row: Webhook, *, name: str, address: str, kinds: Sequence[str]) -> list[Problem]:
    others = Webhook.objects.filter(workspace=row.workspace_id).exclude(pk=row.pk)
    names = list(others.values_list("name", flat=True))
    wrong = target_problem(address, private_hosts=settings.GATEWAY_PRIVATE_HOSTS)
    checks = (
        ("name", "required", not name.strip()),
        ("name", "too_long", len(name) > LONGEST_WEBHOOK_NAME),
        ("name", "taken", name.strip() in names),
        ("name", "too_many", row._state.adding and len(names) >= MOST_WEBHOOKS),
        ("format", "invalid_value", row.format not in Webhook.Format.values),
        ("address", wrong, bool(wrong)),
        ("kinds", "required", not kinds),
        ("kinds", "invalid_value", not set(kinds) <= set(NoticeKind.values)),
    )
    return [
        Problem(field=field, path=field, code=code, params={}, message=f"{field}: {code}")
        for field, code, is_wrong in checks
        if is_wrong
    ]
