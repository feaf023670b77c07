"""Whether what a configured provider needs is installed: what a start and a check ask."""

from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from admin_ui.accounts.identity.providers import SamlProvider


@register("accounts")
def check_saml_is_installed(**_kwargs: Any) -> list[CheckMessage]:
    """Report a SAML provider without the libraries of the extra `saml`."""
    named = any(isinstance(entry, SamlProvider) for entry in settings.IDENTITY_PROVIDERS)
    if not named or find_spec("onelogin"):
        return []
    return [
        Error(
            "SAML_PROVIDERS names a provider, but what SAML needs is not installed.",
            hint="Run: pip install 'assistants-admin[saml]'. Or empty the setting.",
            id="accounts.E001",
        )
    ]
