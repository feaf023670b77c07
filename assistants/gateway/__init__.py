"""The client of the Assistants API: endpoints of several kinds, one tree of errors. No Django."""

from assistants.gateway.answers import ChangeEntry, ChangesPage, Page, RemoteAssistant
from assistants.gateway.api import MOST_LISTED, Gateway
from assistants.gateway.client import Timeouts
from assistants.gateway.errors import (
    AssistantMissing,
    Changed,
    ConnectionLost,
    CredentialsUnreadable,
    EndlessList,
    EndpointGone,
    ForbiddenHost,
    GatewayError,
    Misconfigured,
    NothingChanged,
    RateLimited,
    Refused,
    ServerTrouble,
    TimedOut,
    Unauthorized,
    Unencrypted,
    UnexpectedAnswer,
    UnknownHost,
    Unreachable,
    Unsure,
)
from assistants.gateway.network import is_kept_private, sounds_private
from assistants.gateway.profiles import PROFILES, Endpoint, Profile
from assistants.gateway.tally import Tally, counted

__all__ = [
    "MOST_LISTED",
    "PROFILES",
    "AssistantMissing",
    "ChangeEntry",
    "Changed",
    "ChangesPage",
    "ConnectionLost",
    "CredentialsUnreadable",
    "EndlessList",
    "Endpoint",
    "EndpointGone",
    "ForbiddenHost",
    "Gateway",
    "GatewayError",
    "Misconfigured",
    "NothingChanged",
    "Page",
    "Profile",
    "RateLimited",
    "Refused",
    "RemoteAssistant",
    "ServerTrouble",
    "Tally",
    "TimedOut",
    "Timeouts",
    "Unauthorized",
    "Unencrypted",
    "UnexpectedAnswer",
    "UnknownHost",
    "Unreachable",
    "Unsure",
    "counted",
    "is_kept_private",
    "sounds_private",
]
