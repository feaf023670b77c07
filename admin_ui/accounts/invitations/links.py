"""Links of invitations: what the database keeps of one, and the mail that carries it."""

import logging
from base64 import urlsafe_b64encode
from hashlib import sha256

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from admin_ui.accounts.models import Invitation
from admin_ui.accounts.signing_in.mailing import send_from_template

logger = logging.getLogger(__name__)


def link_with(token: str) -> str:
    """Return the link that a person opens to accept."""
    return f"{settings.SITE_URL}{reverse('invitation', args=[token])}"


def token_digest(token: str) -> str:
    """Return the hash of a token, which is all that the database keeps of it."""
    return sha256(token.encode(errors="replace")).hexdigest()


def token_of_batch(batch: str, *, maker: int, workspace: int, email: str) -> str:
    """Return the token for an address of a list that somebody sent as `batch`.

    It is derived from the secret key rather than random. So a second press of the button finds the
    invitation of the first one, and a task can make the link that the database does not hold.
    """
    value = "\0".join((batch, str(maker), str(workspace), email))
    digest = salted_hmac("admin_ui.accounts.invitations", value, algorithm="sha256").digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def mail_invitation(invitation: Invitation, link: str) -> bool:
    """Send the link to the address it is for; returns whether that worked."""
    days = (invitation.expires_at - invitation.created_at).days
    context = {"invitation": invitation, "link": link, "days": days}
    try:
        send_from_template("accounts/invitations/email/invitation", to=invitation.email, **context)
    except (OSError, ValueError):
        logger.exception("the invitation %s could not be mailed", invitation.pk)
        return False
    return True
