"""The kinds of endpoint we can talk to: everything that is particular to each, declared once.

To add one, add a `Profile` to `PROFILES`. The form, the environment, the pages and the calls read
what it says. A field that no profile has yet needs its environment variable in `settings.py` too.
"""

import re
from collections.abc import Collection
from dataclasses import replace

from assistants.definition import undocumented_by

API_KEY = "api_key"
PORTKEY_API_KEY = "portkey_api_key"
PORTKEY_VIRTUAL_KEY = "portkey_virtual_key"
PROVIDER = "provider"
CONFIG = "config"
CUSTOM_HOST = "custom_host"
API_VERSION = "api_version"

CREDENTIALS = (API_KEY, PORTKEY_API_KEY, PORTKEY_VIRTUAL_KEY)
OPTIONS = (PROVIDER, CONFIG, CUSTOM_HOST, API_VERSION)

_HEADERS = {
    PORTKEY_API_KEY: "x-portkey-api-key",
    PORTKEY_VIRTUAL_KEY: "x-portkey-virtual-key",
    PROVIDER: "x-portkey-provider",
    CONFIG: "x-portkey-config",
    CUSTOM_HOST: "x-portkey-custom-host",
}
_PORTKEY_LACKS = undocumented_by("portkey") | {"ranking_options", "json_schema"}


@dataclass(frozen=True)
class Endpoint:
    """Where assistants live: a profile, a base URL (blank for the profile's own), what opens it.

    `credentials` are secret (keys of `CREDENTIALS`), `options` are not (keys of `OPTIONS`). What
    the profile does not take is ignored.
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
        parts = _split(self.url)
        return parts.netloc.rpartition("@")[2].lower() if parts else ""

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses that credentials are sent to: the URL, and one that it sends them on to."""
        custom = self.get(CUSTOM_HOST) if CUSTOM_HOST in PROFILES[self.profile].options else ""
        return tuple(filter(None, (self.url, custom)))

    @property
    def destination(self) -> tuple[str, ...]:
        """All that decides where a request ends up, alike for addresses that mean the same.

        The options are part of it (a provider, a config and a custom host choose who answers), and
        so are Portkey's own keys: slugs, configs and virtual keys mean what the account says that
        the API key belongs to. What else is stored was given for this destination only.
        """
        parts = _split(self.url)
        host, path = self.host, self.url
        if parts and parts.hostname:
            default = {"http": 80, "https": 443}.get(parts.scheme)
            port = f":{parts.port}" if parts.port not in (None, default) else ""
            host, path = f"{parts.scheme}://{parts.hostname.rstrip('.')}{port}", parts.path
        steering = (*OPTIONS, PORTKEY_API_KEY, PORTKEY_VIRTUAL_KEY)
        taken = (*PROFILES[self.profile].options, *PROFILES[self.profile].credentials)
        chosen = (self.get(name) if name in taken else "" for name in steering)
        return (self.profile, host, path, *chosen)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The credentials, as they are sent: what must show up nowhere."""
        return tuple(filter(None, map(self.get, self.credentials)))

    def get(self, name: str) -> str:
        """The credential or option, without blanks around it; blank when there is none."""
        return str(self.credentials.get(name) or self.options.get(name) or "").strip()


@dataclass(frozen=True)
class Way:
    """One way of signing in, where a profile has several: the fields it takes beside the others."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    slug: bool = False
    """Whether the provider has to be an @slug: it brings the key with it."""

    @property
    def fields(self) -> tuple[str, ...]:
        return (*self.required, *self.optional)


@dataclass(frozen=True)
class Profile:
    """What one kind of endpoint needs and understands."""

    label: str
    base_url: str = ""
    """Used when the connection names none; blank when it must."""
    credentials: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    """At least one of these must be given: the ways to say which provider answers."""
    ways: Mapping[str, Way] = field(default_factory=dict)
    """The usual ways of signing in; other combinations of the fields may work too."""
    defaults: Mapping[str, str] = field(default_factory=dict)
    slugs: bool = True
    """Whether a provider may be given as @slug, the name of one that the vendor keeps."""
    key_header: str = "Authorization"
    lacks: frozenset[str] = frozenset()

    def headers(self, endpoint: Endpoint) -> dict[str, str]:
        """Return the headers that identify us and choose the provider. They hold secrets."""
        found = {
            header: self._value(endpoint, name)
            for name, header in _HEADERS.items()
            if name in (*self.credentials, *self.options)
        }
        if API_KEY in self.credentials and (key := endpoint.get(API_KEY)):
            found[self.key_header] = f"Bearer {key}" if self.key_header == "Authorization" else key
        return {header: value for header, value in found.items() if value}

    def query(self, endpoint: Endpoint) -> dict[str, str]:
        """Return the query parameters that every call carries."""
        version = endpoint.get(API_VERSION) if API_VERSION in self.options else ""
        return {"api-version": version} if version else {}

    def documents(self, field_path: str) -> bool:
        """Whether the vendor documents this part of an assistant, such as "reasoning_effort",
        "tools[0].file_search.ranking_options" or "response_format.json_schema"."""
        return self.lacks.isdisjoint(re.split(r"[.\[\]]+", field_path))

    def fields_of(self, way: str) -> tuple[str, ...]:
        """Return the credentials and options that belong to a way; all of them for another one."""
        names = (*self.credentials, *self.options)
        if way not in self.ways:
            return names
        of_ways = {name for other in self.ways.values() for name in other.fields}
        wanted = self.ways[way].fields
        return tuple(name for name in names if name in wanted or name not in of_ways)

    def way_of(self, given: Collection[str], provider: str) -> str:
        """Return the way that takes just the fields `given`; "" for another combination."""
        of_ways = {name for way in self.ways.values() for name in way.fields}
        chosen = of_ways.intersection(given)
        for name, way in self.ways.items():
            fits = chosen.issuperset(way.required) and chosen.issubset(way.fields)
            if fits and (not way.slug or provider.startswith("@")):
                return name
        return ""

    def problems(self, endpoint: Endpoint, way: str = "") -> list[tuple[str, str]]:
        """List what keeps the endpoint from working, as pairs of field and code.

        `way` names the way of signing in that was chosen, whose fields are needed then.
        Fields are `base_url` and the names in `CREDENTIALS` and `OPTIONS`. Codes: `required`;
        `one_required` (this or another of `one_of`); `invalid_url`; `invalid_characters`;
        `invalid_config` (a saved config's id is wanted, not its content); `invalid_custom_host`
        (an address that ends in /v1 is wanted); `unsupported_provider` (no @slug here);
        `slug_required` (only an @slug will do).
        """
        chosen = self.ways.get(way)
        required = (*self.required, *chosen.required) if chosen else self.required
        found = [("base_url", "required")] if not endpoint.url else []
        if endpoint.url and not _is_base_url(endpoint.url):
            found.append(("base_url", "invalid_url"))
        found += [(name, "required") for name in required if not self._value(endpoint, name)]
        one_of = () if chosen else self.one_of
        if one_of and not any(self._value(endpoint, name) for name in one_of):
            found.append((one_of[0], "one_required"))
        for name in (*self.credentials, *self.options):
            value = self._value(endpoint, name)
            if code := self._wrong(name, value) if value else None:
                found.append((name, code))
        provider = self._value(endpoint, PROVIDER)
        if chosen and chosen.slug and provider and not provider.startswith("@"):
            found.append((PROVIDER, "slug_required"))
        return found

    def _value(self, endpoint: Endpoint, name: str) -> str:
        return endpoint.get(name) or self.defaults.get(name, "")

    def _wrong(self, name: str, value: str) -> str | None:
        if not (value.isascii() and value.isprintable()) or " " in value:
            return "invalid_characters"
        if name == CONFIG and not re.fullmatch(r"[A-Za-z0-9_-]+", value):
            return "invalid_config"
        if name == CUSTOM_HOST and not (_is_base_url(value) and value.endswith("/v1")):
            return "invalid_custom_host"
        if name == PROVIDER and not self.slugs and value.startswith("@"):
            return "unsupported_provider"
        return None

UNDOCUMENTED_BY_PORTKEY = frozenset({"reasoning_effort", "ranking_options", "json_schema"})

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
                label=_("A provider of your Portkey account"),
                help=_("It has a name that begins with @."),
                required=("provider",),
                slug=True,
            ),
            "virtual_key": Way(
                label=_("A virtual key"),
                help=_("Portkey keeps the provider's key behind it."),
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
        label=_("Azure-style"),
        help=_("Azure OpenAI, or a server that takes its key in the same way."),
        undocumented=frozenset(),
        fields=(
            replace(
                API_KEY,
                help=_("The key of the provider that answers, sent in the header api-key."),
                header="api-key",
                prefix="",
            ),
            API_VERSION,
        ),
        required=("api_key", "api_version"),
    ),
}

ENDPOINT_FIELDS: dict[str, EndpointField] = {
    entry.name: entry for profile in reversed(PROFILES.values()) for entry in profile.fields
}
"""Every field that a profile takes, by name, as the first profile that has it declares it."""


def implied_profile(given: Collection[str]) -> str:
    """Return the profile that the fields `given` mean where the environment names none."""
    return "portkey" if "portkey_api_key" in given else "openai"
