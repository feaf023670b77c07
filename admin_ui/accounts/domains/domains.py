"""Allowed domains: an owner says of which domains people may join a workspace as viewers.

A domain is compared as a whole, in lower case and ASCII, so that neither a sub-domain nor a
look-alike letter is taken for it.
"""

import re

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from admin_ui.accounts.domains.public_domains import PUBLIC_DOMAINS
from admin_ui.accounts.models import AllowedDomain, User, Workspace
from admin_ui.accounts.permissions import Role
from admin_ui.accounts.signing_in.addresses import check_arrives
from admin_ui.accounts.workspaces.workspaces import check_owner
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import record

_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+(?!\d+$){_LABEL}")


def ascii_domain(text: str) -> str:
    """Return a domain in ASCII. Raises `ValidationError` if it is none, or nothing arrives there.

    A letter that only lower case turns into ASCII, such as the Kelvin sign, is refused.
    """
    domain = text.strip().removeprefix("@")
    refused = ValidationError(_("This is not a domain, such as example.com."))
    if not domain.isascii() and domain.lower().isascii():
        raise refused
    domain = domain.lower()
    if not domain.isascii():
        check_arrives(f"a@{domain}")
    try:
        found = domain.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise refused from error
    if len(found) > 253 or not _DOMAIN.fullmatch(found):
        raise refused
    return found


def domain_of(email: str) -> str:
    """Return the domain of an address in ASCII; "" where there is none that could be allowed."""
    try:
        return ascii_domain(email.rpartition("@")[2])
    except ValidationError:
        return ""


@transaction.atomic
def allow_domain(*, actor: User, workspace: Workspace, domain: str) -> AllowedDomain:
    """Let people with an address of `domain` join `workspace` as viewers. Only owners may.

    Raises `NotAllowed`, and `ValidationError` for what is no domain, a public one, or there.
    """
    check_owner(actor)
    name = ascii_domain(domain)
    if name in PUBLIC_DOMAINS:
        raise ValidationError(_("Anybody can get an address there. Invite people one by one."))
    row, is_new = AllowedDomain.objects.get_or_create(
        workspace=workspace, domain=name, defaults={"created_by": actor}
    )
    if not is_new:
        raise ValidationError(_("This domain is allowed already."))
    record(EventKind.DOMAIN, workspace=workspace, about=name, details={"role": Role.VIEWER.value})
    return row


@transaction.atomic
def withdraw_domain(*, actor: User, row: AllowedDomain) -> None:
    """Let nobody else join by this domain; who has joined stays. Raises `NotAllowed`."""
    check_owner(actor)
    # Who joins holds the workspace, and looks again afterwards whether the domain is allowed.
    Workspace.objects.select_for_update().get(pk=row.workspace_id)
    if AllowedDomain.objects.filter(pk=row.pk).delete()[0]:
        record(
            EventKind.DOMAIN, workspace=row.workspace, about=row.domain, details={"withdrawn": True}
        )


def allowed_domains() -> QuerySet[AllowedDomain]:
    """Return all allowed domains of open workspaces with these, by name."""
    rows = AllowedDomain.objects.filter(workspace__archived_at=None)
    return rows.select_related("workspace", "created_by").order_by("domain", "workspace__name")


def is_any_domain_allowed() -> bool:
    return allowed_domains().exists()
