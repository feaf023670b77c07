"""Settings of a server with the bare views only, to compare requests per second."""

from admin_ui.settings import *  # noqa: F403
from bench.bare.middleware import BARE

MIDDLEWARE = [*BARE, "allauth.account.middleware.AccountMiddleware"]  # allauth insists on it
