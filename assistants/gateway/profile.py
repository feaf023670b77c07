"""What a profile says of one kind of endpoint: its fields, ways of signing in, documentation."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from assistants.definition.translation import gettext_noop as _

if TYPE_CHECKING:
    from assistants.gateway.endpoint import Endpoint


@dataclass(frozen=True)
class FieldRule:
    """What a value has to be like; `advice` tells the reader what to enter instead."""

    code: str
    holds: Callable[[str], bool]
    advice: str


IS_SLUG = FieldRule(
    "slug_required",
    lambda value: value.startswith("@"),
    _("Enter the provider's name with the @ in front, such as @openai-prod."),
)
IS_NO_SLUG = FieldRule(
    "unsupported_provider",
    lambda value: not value.startswith("@"),
    _("This gateway does not support @names. Enter a plain name, such as openai."),
)


@dataclass(frozen=True)
class EndpointField:
    """A credential or an option of an endpoint, and how a call carries it."""

    name: str
    """Its key in the database and in the form."""
    label: str
    help: str
    setting: str
    """The environment variable that sets it for the connection `environment`."""
    is_secret: bool = False
    steers: bool = True
    """Whether it decides who answers. If it changes, kept credentials must be entered again."""
    is_address: bool = False
    """Whether the endpoint sends our credentials on to the address in it."""
    header: str = ""
    prefix: str = ""
    """Stands before the value in the header."""
    parameter: str = ""
    """The query parameter that carries it."""
    default: str = ""
    rule: FieldRule | None = None


@dataclass(frozen=True)
class Way:
    """One way of signing in, where a profile has several: the fields it takes beside the others."""

    label: str
    help: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    slug: bool = False
    """Whether the provider has to be an @slug: it brings the key with it."""

    @property
    def fields(self) -> tuple[str, ...]:
        return (*self.required, *self.optional)


@dataclass(frozen=True)
class Profile:
    """What one kind of endpoint needs and understands.

    `label`, `help` and the other texts are English, marked for translation.
    """

    label: str
    help: str
    undocumented: frozenset[str]
    """Parts of an assistant that the vendor does not document, by the name of the field."""
    base_url: str = ""
    """Used when the connection names none. If it is blank, the connection must name one."""
    fields: tuple[EndpointField, ...] = ()
    """What it takes, the secrets first."""
    required: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    """At least one of these must be given: the ways to say which provider answers."""
    ways_question: str = ""
    """What the choice among `ways` asks."""
    ways: Mapping[str, Way] = field(default_factory=dict)
    """The usual ways of signing in; other combinations of the fields may work too."""
    only_ways: bool = False
    """Whether no other combination works."""
    address_help: str = ""
    """What its address looks like."""

    @property
    def credentials(self) -> tuple[str, ...]:
        """The names of the secret fields."""
        return tuple(entry.name for entry in self.fields if entry.is_secret)

    @property
    def options(self) -> tuple[str, ...]:
        """The names of the fields that are not secret."""
        return tuple(entry.name for entry in self.fields if not entry.is_secret)

    def headers(self, endpoint: "Endpoint") -> dict[str, str]:
        """Return the headers that identify us and choose the provider. They hold secrets."""
        return {
            entry.header: f"{entry.prefix}{value}"
            for entry in self.fields
            if entry.header and (value := _value(endpoint, entry))
        }

    def query(self, endpoint: "Endpoint") -> dict[str, str]:
        """Return the query parameters that every call carries."""
        return {
            entry.parameter: value
            for entry in self.fields
            if entry.parameter and (value := _value(endpoint, entry))
        }

    def documents(self, field_path: str) -> bool:
        """Whether the vendor documents this part of an assistant, such as "reasoning_effort",
        "tools[0].file_search.ranking_options" or "response_format.json_schema"."""
        return self.undocumented.isdisjoint(re.split(r"[.\[\]]+", field_path))

    def fields_of(self, way: str) -> tuple[str, ...]:
        """Return the fields that belong to `way`; all of them if the profile has no such way."""
        names = tuple(entry.name for entry in self.fields)
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
            if fits and (not way.slug or IS_SLUG.holds(provider)):
                return name
        return ""

    def nearest_way(self, given: Collection[str]) -> str:
        """Return the way that takes most of the fields `given`, the first of several."""
        return max(self.ways, key=lambda name: len({*self.ways[name].fields} & {*given}))

    def problems(self, endpoint: "Endpoint", way: str = "") -> list[tuple[str, str]]:
        """List what keeps the endpoint from working, as pairs of field and code.

        `way` names the way of signing in that was chosen, whose fields are needed then. A field is
        `base_url` or the name of one of `fields`. Codes: `required`; `one_required` (this or
        another of `one_of`); `invalid_url`; `invalid_characters`; `other_way` (this belongs to
        another way of signing in); and those of the rules.
        """
        values = {entry.name: _value(endpoint, entry) for entry in self.fields}
        given = [name for name, value in values.items() if value]
        way = self.nearest_way(given) if self.only_ways and way not in self.ways else way
        chosen = self.ways.get(way)
        required = (*self.required, *chosen.required) if chosen else self.required
        found = [("base_url", "required")] if not endpoint.url else []
        if endpoint.url and not is_base_url(endpoint.url):
            found.append(("base_url", "invalid_url"))
        found += [(name, "required") for name in required if not values[name]]
        if self.only_ways:
            found += [(name, "other_way") for name in given if name not in self.fields_of(way)]
        if self.one_of and not chosen and not any(values[name] for name in self.one_of):
            found.append((self.one_of[0], "one_required"))
        for entry in self.fields:
            if (value := values[entry.name]) and (code := _wrong(entry, value)):
                found.append((entry.name, code))
        if chosen and chosen.slug and (provider := values["provider"]):
            found += [] if IS_SLUG.holds(provider) else [("provider", IS_SLUG.code)]
        return found

    def advice(self, name: str, code: str) -> str:
        """Return what to enter in the field `name` after the problem `code`; "" for no advice."""
        rules = [entry.rule for entry in self.fields if entry.name == name and entry.rule]
        return next((rule.advice for rule in [*rules, IS_SLUG] if rule.code == code), "")


def _value(endpoint: "Endpoint", entry: EndpointField) -> str:
    return endpoint.get(entry.name) or entry.default


def _wrong(entry: EndpointField, value: str) -> str:
    if not (value.isascii() and value.isprintable()) or " " in value:
        return "invalid_characters"
    return entry.rule.code if entry.rule and not entry.rule.holds(value) else ""


def split_url(url: str) -> SplitResult | None:
    """Take a URL apart; None when that cannot be done."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  raises when it is no number
    except ValueError:
        return None
    return parts


def is_base_url(url: str) -> bool:
    """Whether the URL is http(s) with a host, and without credentials, query and fragment."""
    parts = split_url(url)
    return bool(
        parts
        and parts.scheme in ("http", "https")
        and parts.hostname
        and "@" not in parts.netloc
        and not any(mark in url for mark in "?#\\")
        and url.isprintable()
        and " " not in url
    )
