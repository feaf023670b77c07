"""The kinds of endpoint we can talk to: everything that is particular to each, declared once.

To add one, add a `Profile` to `PROFILES`. The form, the environment, the pages and the calls read
what it says. A field that no profile has yet needs its environment variable in `settings.py` too.
"""

import re
from collections.abc import Collection
from dataclasses import replace

from assistants.definition import undocumented_by
from assistants.definition.translation import gettext_noop as _
from assistants.gateway.profile import (
    IS_NO_SLUG,
    EndpointField,
    FieldRule,
    Profile,
    Way,
    is_base_url,
)

API_KEY = EndpointField(
    "api_key",
    label=_("API key"),
    help=_("The provider's API key, sent as a bearer token."),
    setting="GATEWAY_API_KEY",
    is_secret=True,
    steers=False,
    header="Authorization",
    prefix="Bearer ",
)
PORTKEY_API_KEY = EndpointField(
    "portkey_api_key",
    label=_("Portkey API key"),
    help=_("From the API keys page of your Portkey account."),
    setting="PORTKEY_API_KEY",
    is_secret=True,
    header="x-portkey-api-key",
)
PORTKEY_VIRTUAL_KEY = EndpointField(
    "portkey_virtual_key",
    label=_("Virtual key"),
    help=_("Identifies a provider and its key, both stored in Portkey."),
    setting="PORTKEY_VIRTUAL_KEY",
    is_secret=True,
    header="x-portkey-virtual-key",
)
PROVIDER = EndpointField(
    "provider",
    label=_("Provider"),
    help=_("Such as openai, or @name for one that you set up in Portkey."),
    setting="PORTKEY_PROVIDER",
    header="x-portkey-provider",
)
CONFIG = EndpointField(
    "config",
    label=_("Config"),
    help=_("The ID of a saved config, such as pc-abc123."),
    setting="PORTKEY_CONFIG",
    header="x-portkey-config",
    # The content of a config could hold keys, so only its ID is taken.
    rule=FieldRule(
        "invalid_config",
        lambda value: re.fullmatch(r"[A-Za-z0-9_-]+", value) is not None,
        _("Enter the ID of a saved config, such as pc-abc123."),
    ),
)
CUSTOM_HOST = EndpointField(
    "custom_host",
    label=_("Custom host"),
    help=_("The provider's address, if it is not the usual one. It ends in /v1."),
    setting="GATEWAY_CUSTOM_HOST",
    is_address=True,
    header="x-portkey-custom-host",
    rule=FieldRule(
        "invalid_custom_host",
        lambda value: is_base_url(value) and value.endswith("/v1"),
        _("Enter an address that ends in /v1."),
    ),
)
API_VERSION = EndpointField(
    "api_version",
    label=_("API version"),
    help=_("Such as 2024-05-01-preview; for Foundry v1."),
    setting="GATEWAY_API_VERSION",
    parameter="api-version",
)

TENANT_ID = EndpointField(
    "tenant_id",
    label=_("Tenant ID"),
    help=_("The directory (tenant) ID on the overview page of the app registration."),
    setting="GATEWAY_TENANT_ID",
    rule=FieldRule(
        "invalid_tenant",
        lambda value: re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]{0,99}", value) is not None,
        _("Enter the ID or the domain of the tenant, without an address before it."),
    ),
)
CLIENT_ID = EndpointField(
    "client_id",
    label=_("Client ID"),
    help=_("The application (client) ID on the same page."),
    setting="GATEWAY_CLIENT_ID",
)
CLIENT_SECRET = EndpointField(
    "client_secret",
    label=_("Client secret"),
    help=_("The value of the secret, not its ID. Only Microsoft Entra ID gets it."),
    setting="GATEWAY_CLIENT_SECRET",
    is_secret=True,
    steers=False,
)
TOKEN_SCOPE = EndpointField(
    "token_scope",
    label=_("Scope"),
    help=_("Leave this empty, except in a national cloud. It ends in /.default."),
    setting="GATEWAY_TOKEN_SCOPE",
    rule=FieldRule(
        "invalid_scope",
        lambda value: value.endswith("/.default"),
        _("Enter a scope that ends in /.default."),
    ),
)

UNDOCUMENTED_BY_PORTKEY = undocumented_by("portkey") | {"ranking_options", "json_schema"}

PROFILES: dict[str, Profile] = {
    "registry": Profile(
        label=_("Built-in registry"),
        help=_("The assistants of this workspace, kept by this installation."),
        undocumented=frozenset(),
        base_url="http://registry/v1",
    ),
    "portkey": Profile(
        label=_("Portkey"),
        help=_("Portkey's hosted gateway, or one of your own on Portkey Enterprise."),
        undocumented=UNDOCUMENTED_BY_PORTKEY,
        base_url="https://api.portkey.ai/v1",
        fields=(PORTKEY_API_KEY, PORTKEY_VIRTUAL_KEY, API_KEY, PROVIDER, CONFIG, CUSTOM_HOST),
        required=("portkey_api_key",),
        one_of=("portkey_virtual_key", "provider", "config"),
        ways_question=_("How does Portkey reach the provider?"),
        ways={
            "slug": Way(
                label=_("A provider in your Portkey account"),
                help=_("Its name begins with @."),
                required=("provider",),
                slug=True,
            ),
            "virtual_key": Way(
                label=_("A virtual key"),
                help=_("It refers to a provider's key that Portkey stores."),
                required=("portkey_virtual_key",),
            ),
            "config": Way(
                label=_("A saved config"),
                help=_("It says which provider answers, and how."),
                required=("config",),
            ),
            "own_key": Way(
                label=_("A provider's own API key"),
                help=_("Portkey passes your key on to the provider."),
                required=("provider", "api_key"),
                optional=("custom_host",),
            ),
        },
    ),
    "airs": Profile(
        label=_("Prisma AIRS AI Gateway"),
        help=_("Palo Alto Networks' Prisma AIRS AI Gateway."),
        undocumented=UNDOCUMENTED_BY_PORTKEY,
        base_url="https://aigw.portkey.ai/v1",
        fields=(API_KEY, PROVIDER),
        required=("api_key",),
    ),
    "portkey-oss": Profile(
        label=_("Portkey gateway, self-hosted"),
        help=_("The open-source Portkey gateway that you run yourself."),
        undocumented=UNDOCUMENTED_BY_PORTKEY,
        fields=(API_KEY, replace(PROVIDER, default="openai", rule=IS_NO_SLUG), CUSTOM_HOST),
        required=("api_key",),
    ),
    "openai": Profile(
        label=_("OpenAI-compatible"),
        help=_("OpenAI itself, or any other server that offers the same Assistants API."),
        undocumented=frozenset(),
        fields=(API_KEY,),
    ),
    "azure": Profile(
        label=_("Azure"),
        help=_("Azure OpenAI, the classic Foundry Agent Service, or a server like them."),
        undocumented=frozenset(),
        address_help=_(
            "For Azure OpenAI it ends in .openai.azure.com/openai, for Foundry in /api/projects/"
            " and the name of the project."
        ),
        fields=(
            replace(
                API_KEY,
                help=_("The provider's API key, sent in the header api-key."),
                header="api-key",
                prefix="",
            ),
            CLIENT_SECRET,
            API_VERSION,
            TENANT_ID,
            CLIENT_ID,
            TOKEN_SCOPE,
        ),
        required=("api_version",),
        ways_question=_("How does the dashboard sign in?"),
        ways={
            "key": Way(
                label=_("With an API key"),
                help=_("A key of the resource."),
                required=("api_key",),
            ),
            "entra": Way(
                label=_("With Microsoft Entra ID"),
                help=_("As an application with a client secret. Give it a role on the resource."),
                required=("tenant_id", "client_id", "client_secret"),
                optional=("token_scope",),
            ),
        },
        only_ways=True,
    ),
}

ENDPOINT_FIELDS: dict[str, EndpointField] = {
    entry.name: entry for profile in reversed(PROFILES.values()) for entry in profile.fields
}
"""Every field that a profile takes, by name, as the first profile that has it declares it."""


def implied_profile(given: Collection[str]) -> str:
    """Return the profile that the fields `given` mean where the environment names none."""
    if "client_secret" in given:
        return "azure"
    return "portkey" if "portkey_api_key" in given else "openai"
