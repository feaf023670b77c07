"""The endpoint of a connection: a profile with an address, credentials and options."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistants.gateway.profile import split_url
from assistants.gateway.profiles import PROFILES


@dataclass(frozen=True)
class Endpoint:
    """Where assistants live: a profile, a base URL, credentials and options.

    A blank base URL means the profile's own. `credentials` are secret, `options` are not. Their
    keys are names of fields; values that the profile does not take are ignored.
    """

    profile: str
    base_url: str = ""
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The base URL of all calls, without a slash at the end."""
        return (self.base_url.strip() or PROFILES[self.profile].base_url).rstrip("/")

    @property
    def host(self) -> str:
        """The host of the URL, with its port if it has one, as settings list private hosts.

        Blank if the URL is not valid.
        """
        parts = split_url(self.url)
        return parts.netloc.rpartition("@")[2].lower() if parts else ""

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses that get credentials: the URL, and those in `onward`."""
        return tuple(filter(None, (self.url, *self.onward.values())))

    @property
    def onward(self) -> dict[str, str]:
        """The addresses that the endpoint sends credentials on to, by the name of the field."""
        fields = PROFILES[self.profile].fields
        return {entry.name: self.get(entry.name) for entry in fields if entry.is_address}

    @property
    def destination(self) -> tuple[str, ...]:
        """Everything that decides where a request goes; equal for addresses that mean the same.

        Options belong to it: a provider, a config and a custom host choose who answers. So do
        Portkey's own keys, since a slug, a config or a virtual key has its meaning in the account
        of the API key. All other credentials are meant for this destination only.
        """
        parts = split_url(self.url)
        host, path = self.host, self.url
        if parts and parts.hostname:
            default = {"http": 80, "https": 443}.get(parts.scheme)
            port = f":{parts.port}" if parts.port not in (None, default) else ""
            host, path = f"{parts.scheme}://{parts.hostname.rstrip('.')}{port}", parts.path
        fields = PROFILES[self.profile].fields
        chosen = (self.get(entry.name) for entry in fields if entry.steers)
        return (self.profile, host, path, *chosen)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The credentials as they are sent. They must not appear anywhere else."""
        return tuple(filter(None, map(self.get, self.credentials)))

    def get(self, name: str) -> str:
        """The credential or option, without blanks around it; "" if there is none."""
        return str(self.credentials.get(name) or self.options.get(name) or "").strip()
