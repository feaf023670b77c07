"""Links that set a password: for one account, once, and only the newest one works."""

from typing import Any

from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import get_random_string

from admin_ui.accounts.models import User
from admin_ui.accounts.signing_in.addresses import prove_address
from admin_ui.accounts.signing_in.mailing import send_from_template
from admin_ui.audit.budgets import ACTOR_AT_SIGN_IN
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import record

LINK_MAILED = "mail"
LINK_SHOWN = "shown"


class LinkTokenGenerator(PasswordResetTokenGenerator):
    """Tokens that end when used, or when the account gets a newer one.

    The account's `link_seed` says whether its newest link went by mail or was shown to somebody.
    """

    def make(self, user: User, how: str) -> str:
        """Return a new token; `how` is `LINK_MAILED` or `LINK_SHOWN`."""
        user.link_seed = f"{how}:{get_random_string(22)}"
        user.save(update_fields=["link_seed"])
        return super().make_token(user)

    def check_token(self, user: Any, token: str | None) -> bool:
        return bool(user and user.link_seed and user.is_active) and super().check_token(user, token)

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.link_seed}|{user.session_epoch}"


@transaction.atomic
def password_link(user: User) -> str:
    """Return a link for `user` to choose a password once; the caller hands it over.

    It works for `PASSWORD_RESET_TIMEOUT` seconds. Their password, all their sessions and every
    earlier link end at once: somebody else may know the password.
    """
    user.set_unusable_password()
    user.save(update_fields=["password"])
    token = LinkTokenGenerator().make(user, LINK_SHOWN)
    record(EventKind.LINK, about=user.email, details={"by_mail": False})
    return _address(user, token)


def mail_link(email: str) -> None:
    """Mail a link to the account with that address, if there is one.

    The password stays until the link is used. Raises `OSError` when the mail server refuses.
    """
    with transaction.atomic():
        people = User.objects.select_for_update().filter(is_active=True, is_service=False)
        user = people.filter(email=email).first()
        if user is None:
            return
        link = _address(user, LinkTokenGenerator().make(user, LINK_MAILED))
        record(
            EventKind.LINK, actor_name=ACTOR_AT_SIGN_IN, about=user.email, details={"by_mail": True}
        )
    send_from_template(
        "account/email/password_reset_key", to=user.email, email=user.email, password_reset_url=link
    )


def _address(user: User, token: str) -> str:
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(user), "key": token},
    )
    return f"{settings.SITE_URL}{path}"


@transaction.atomic
def link_used(user: User) -> None:
    """Note that `user` chose a password by link: a link sent by mail proves the address."""
    proves = user.link_seed.startswith(LINK_MAILED)
    user.link_seed = ""
    user.save(update_fields=["link_seed"])
    if proves:
        prove_address(user)
    record(EventKind.PASSWORD, actor=user, about=user.email, details={"by_mail": proves})
