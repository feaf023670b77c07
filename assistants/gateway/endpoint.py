"""Where assistants live: one profile with an address, credentials and options."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistants.gateway.profile import split_url
from assistants.gateway.profiles import PROFILES


@dataclass(frozen=True)
class Endpoint:
    """Where assistants live: a profile, a base URL (blank for the profile's own), what opens it.

    `credentials` are secret, `options` are not. Their keys are names of fields. What the profile
    does not take is ignored.
    """

    profile: str
    base_url: str = ""
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The base URL that calls go to, without a slash at the end."""
        return (self.base_url.strip() or PROFILES[self.profile].base_url).rstrip("/")

    @property
    def host(self) -> str:
        """Host of the URL, with its port where it names one: the form private hosts are listed in.

        Blank when the URL makes no sense.
        """
        parts = split_url(self.url)
        return parts.netloc.rpartition("@")[2].lower() if parts else ""

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses that credentials are sent to: the URL, and one that it sends them on to."""
        return tuple(filter(None, (self.url, *self.onward.values())))

    @property
    def onward(self) -> dict[str, str]:
        """The addresses that the endpoint sends the credentials on to, by the name of the field."""
        fields = PROFILES[self.profile].fields
        return {entry.name: self.get(entry.name) for entry in fields if entry.is_address}

    @property
    def destination(self) -> tuple[str, ...]:
        """All that decides where a request ends up, alike for addresses that mean the same.

        The options are part of it (a provider, a config and a custom host choose who answers), and
        so are Portkey's own keys: slugs, configs and virtual keys mean what the account says that
        the API key belongs to. What else is stored was given for this destination only.
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
        """The credentials, as they are sent: what must show up nowhere."""
        return tuple(filter(None, map(self.get, self.credentials)))

    def get(self, name: str) -> str:
        """The credential or option, without blanks around it; blank when there is none."""
        return str(self.credentials.get(name) or self.options.get(name) or "").strip()
