"""Sessions whose confirmation is too old, for the pages that ask for it again.

`Client.force_login` sends Django's signal of a sign-in, so its sessions are confirmed like those of
people who have just signed in. Only tests of the question itself need this module.
"""

from django.conf import settings
from django.test import Client

from admin_ui.accounts.guard.confirming import CONFIRMED_AT
from admin_ui.accounts.guard.sessions import SessionStore


def grown_stale(client: Client) -> Client:
    """Return `client`, whose person has confirmed an hour ago."""
    store = SessionStore(client.cookies[settings.SESSION_COOKIE_NAME].value)
    store[CONFIRMED_AT] -= 3600
    store.save()
    return client
