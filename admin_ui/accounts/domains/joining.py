"""Joining by an allowed domain: only as a viewer, and only with an address that is proven."""

import logging
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from admin_ui.accounts.domains.domains import allowed_domains, domain_of
from admin_ui.accounts.invitations.links import token_digest
from admin_ui.accounts.leaving.leaving import was_removed
from admin_ui.accounts.models import Invitation, JoinLink, Member, User, Workspace
from admin_ui.accounts.permissions import Role
from admin_ui.accounts.services import create_account, make_member
from admin_ui.accounts.signing_in.addresses import prove_address
from admin_ui.accounts.signing_in.mailing import send_from_template
from admin_ui.audit.budgets import Limit, count_try

logger = logging.getLogger(__name__)

JOIN_LINK_WORKS_FOR = timedelta(hours=24)
LINKS_TO_DOMAIN = Limit("join links to a domain", most=100, within=timedelta(hours=1))
"""For all networks together, since strangers can invent any number of addresses."""


class JoinClosed(Exception):
    """The link was used or replaced, has expired, or opens no workspace any more."""


class NotTheirLink(Exception):
    """The link is for another address."""


def mail_join_link(email: str) -> None:
    """Mail a link to that address, if its domain lets it join anywhere. An earlier link ends.

    For a background thread, so that no answer tells whether there is one. Raises `OSError` when
    the mail server refuses.
    """
    email = email.strip().lower()
    if not open_to(email):
        return
    domain = domain_of(email)
    if count_try([(LINKS_TO_DOMAIN, LINKS_TO_DOMAIN.key(domain))]):
        logger.warning("Too many people asked to join by the domain %s: no mail was sent.", domain)
        return
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    JoinLink.objects.filter(expires_at__lte=now).delete()
    fields = {"digest": token_digest(token), "expires_at": now + JOIN_LINK_WORKS_FOR}
    JoinLink.objects.update_or_create(email=email, defaults=fields)
    link = f"{settings.SITE_URL}{reverse('join', args=[token])}"
    hours = JOIN_LINK_WORKS_FOR // timedelta(hours=1)
    send_from_template("accounts/domains/email/join", to=email, link=link, hours=hours)


def find_join_link(token: str) -> tuple[JoinLink, list[Workspace]]:
    """Return the link with this token, and the workspaces that it opens. Raises `JoinClosed`."""
    rows = JoinLink.objects.filter(expires_at__gt=timezone.now())
    row = rows.filter(digest=token_digest(token)).first()
    found = open_to(row.email) if row else []
    if row is None or not found:
        raise JoinClosed
    return row, found


@transaction.atomic
def join_signed_in(*, user: User, link: JoinLink) -> list[Member]:
    """Let `user`, who is signed in and has the link, join. Raises as `join_with_new_account`."""
    if user.email != link.email or not user.is_active:
        raise NotTheirLink
    _use(link)
    prove_address(user)
    return join_by_domain(user, by_mail=True)


@transaction.atomic
def join_with_new_account(*, link: JoinLink, name: str, password: str) -> tuple[User, list[Member]]:
    """Create the account of the link's address, and let it join. The password is not checked.

    Raises `JoinClosed`, and `AccountExists` where its owner has to sign in instead.
    """
    _use(link)
    user = create_account(email=link.email, name=name, password=password, by_mail=True)
    return user, join_by_domain(user, by_mail=True)


def join_by_domain(user: User, **how: object) -> list[Member]:
    """Make `user`, whose address is proven, a viewer where their domain is allowed.

    `how` they proved it goes to the log. Runs in the caller's transaction. Raises `JoinClosed`
    where no workspace is open to them.
    """
    opened = open_to(user.email)
    # Locked in one order, as everywhere: changes to a team happen one at a time.
    pks = [workspace.pk for workspace in opened]
    list(Workspace.objects.select_for_update().filter(pk__in=pks).order_by("pk"))
    opened = open_to(user.email)
    if not opened:
        raise JoinClosed
    domain = domain_of(user.email)
    return [
        make_member(
            workspace=workspace, user=user, role=Role.VIEWER, actor=user, domain=domain, **how
        )
        for workspace in opened
    ]


def open_to(email: str) -> list[Workspace]:
    """Return the workspaces that somebody with this address may join by its domain.

    Not those of which they are or were a member, since removing somebody lasts until they are
    invited; nor those with an open invitation, which may be to a higher role.
    """
    domain = domain_of(email)
    if not domain or User.objects.filter(email=email, is_active=False).exists():
        return []
    there = Member.objects.filter(user__email=email).values("workspace")
    invited = Invitation.objects.open().filter(email=email).values("workspace")
    rows = allowed_domains().filter(domain=domain).exclude(workspace__in=there)
    return [
        row.workspace
        for row in rows.exclude(workspace__in=invited)
        if not was_removed(row.workspace, email)
    ]


def _use(link: JoinLink) -> None:
    """Delete the link, so that it works once. Raises `JoinClosed` for one that was used."""
    rows = JoinLink.objects.filter(pk=link.pk, digest=link.digest, expires_at__gt=timezone.now())
    if not rows.delete()[0]:
        raise JoinClosed
