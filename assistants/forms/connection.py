"""The form of a connection: the fields its profile takes, secrets never shown again."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from assistants.definition import Problem
from assistants.gateway import PROFILES
from assistants.models import Connection

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

CHOICES = [name for name in PROFILES if name != "registry"]
"""Profiles a page may add; each workspace has its built-in registry already."""

DESCRIPTIONS: dict[str, "_StrPromise"] = {
    "portkey": _("Portkey's hosted gateway, or one of your own on Portkey Enterprise."),
    "airs": _("Palo Alto Networks' Prisma AIRS AI Gateway."),
    "portkey-oss": _("The open-source Portkey gateway that you run yourself."),
    "openai": _("OpenAI itself, or any other server that offers the same Assistants API."),
    "azure": _("Azure OpenAI, or a server that takes its key in the same way."),
}
FIELDS: dict[str, "tuple[_StrPromise, _StrPromise]"] = {
    "api_key": (_("API key"), _("The key of the provider that answers, sent as a bearer token.")),
    "portkey_api_key": (_("Portkey API key"), _("From the API keys page of your Portkey account.")),
    "portkey_virtual_key": (
        _("Virtual key"),
        _("Names the provider and its key as Portkey keeps them."),
    ),
    "provider": (_("Provider"), _("Such as openai, or @name for one that you set up in Portkey.")),
    "config": (_("Config"), _("The id of a saved config, such as pc-abc123.")),
    "custom_host": (_("Custom host"), _("Another address for the provider; it ends in /v1.")),
    "api_version": (_("API version"), _("Such as 2024-05-01-preview.")),
}
OTHER = "other"
"""The choice that shows the fields of every way of signing in."""
WAYS: dict[str, "tuple[_StrPromise, _StrPromise]"] = {
    "slug": (_("A provider of your Portkey account"), _("It has a name that begins with @.")),
    "virtual_key": (_("A virtual key"), _("Portkey keeps the provider's key behind it.")),
    "config": (_("A saved config"), _("It says which provider answers, and how.")),
    "own_key": (_("A provider's own API key"), _("Portkey passes your key on to the provider.")),
    OTHER: (_("Something else"), _("Shows all of these fields, for other combinations.")),
}
SENTENCES: dict[str, "_StrPromise"] = {
    "required": _("This is needed."),
    "enter_again": _(
        "Enter this again, because requests would go somewhere else. It was given for where they"
        " go now."
    ),
    "unencrypted": _(
        "Others could read the key on the way. Enter an address that begins with https://."
    ),
    "too_long": _("This is too long. Was something else pasted here?"),
    "one_required": _("Give a virtual key, a provider or a config: one of them is needed."),
    "invalid_url": _(
        "Enter an address that begins with https:// or http://, without a password, ? or #."
    ),
    "invalid_characters": _(
        "This holds a space or a character that cannot be sent. Was it copied in full?"
    ),
    "invalid_config": _("Enter the id of a saved config, such as pc-abc123."),
    "invalid_custom_host": _("Enter an address that ends in /v1."),
    "slug_required": _("Enter its name with the @ in front, such as @openai-prod."),
    "unsupported_provider": _("This gateway knows no @name; enter a plain name, such as openai."),
}


class ConnectionForm(forms.Form):
    """`profile` decides the fields; `connection` is the one to change, None for a new one."""

    name = forms.CharField(label=_("Name"), max_length=100)
    base_url = forms.CharField(label=_("Address"), max_length=500, required=False)
    is_default = forms.BooleanField(label=_("Use for new assistants"), required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        profile: str,
        connection: Connection,
        kept: Iterable[str] = (),
    ) -> None:
        """`kept` names the credentials that are stored already."""
        self.profile, self.connection, self.kept = profile, connection, frozenset(kept)
        known = {"name": connection.name, "base_url": connection.base_url}
        initial = {**connection.options, **known, "is_default": connection.is_default}
        super().__init__(data, initial=initial)
        for name in PROFILES[profile].options:
            self.fields[name] = _text_field(name)
        for name in PROFILES[profile].credentials:
            self.fields[name] = _text_field(name)
            self.fields[f"forget-{name}"] = forms.BooleanField(required=False)
        self.way = self._way()
        self.taken = PROFILES[profile].fields_of(self.way)

    def _way(self) -> str:
        """Return the way of signing in that was chosen, or that `connection` has; OTHER for none of
        the usual ones."""
        ways = PROFILES[self.profile].ways
        if self.is_bound:
            posted = self.data.get("way", "")
            return posted if posted in ways else OTHER
        return self.current_way or next(iter(ways), OTHER)

    @property
    def current_way(self) -> str:
        """The way that `connection` signs in; "" for a new one."""
        if not self.connection.pk:
            return ""
        options = self.connection.options
        provider = str(options.get("provider", ""))
        return PROFILES[self.profile].way_of([*options, *self.kept], provider) or OTHER

    def clean(self) -> dict[str, Any]:
        """Pass over what was typed for another way than the chosen one."""
        for name in self.fields.keys() & FIELDS.keys() - set(self.taken):
            self.errors.pop(name, None)
        return self.cleaned_data

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        same = Connection.objects.filter(workspace=self.connection.workspace, name=name)
        if same.exclude(pk=self.connection.pk).exists():
            raise forms.ValidationError(_("Another connection is called this already."))
        return name

    def credentials(self) -> dict[str, str]:
        """The credentials to change: typed ones, and blanks for those to forget.

        What is kept for another way of signing in than the chosen one is forgotten.
        """
        names = PROFILES[self.profile].credentials
        typed = self._typed(names)
        forgotten = [
            name
            for name in names
            if self.cleaned_data.get(f"forget-{name}")
            or (name in self.kept and name not in self.taken)
        ]
        return {**dict.fromkeys(forgotten, ""), **typed}

    def options(self) -> dict[str, str]:
        return self._typed(PROFILES[self.profile].options)

    def _typed(self, names: Iterable[str]) -> dict[str, str]:
        typed = {name: self.cleaned_data.get(name, "") for name in names if name in self.taken}
        return {name: value for name, value in typed.items() if value}

    def add_problems(self, problems: Iterable[Problem]) -> None:
        """Put what `save_connection` found wrong at the fields concerned, once at each."""
        wrong = set(self.errors)
        for found in problems:
            field = found.field if found.field in self.fields else None
            if field not in wrong:
                self.add_error(field, str(SENTENCES.get(found.code, found.message)))

    def in_order(self) -> list[forms.BoundField]:
        """The fields as they follow each other on the page."""
        return [self["name"], self["base_url"], *(entry.field for entry in self.inputs())]

    def inputs(self) -> Iterator["Input"]:
        """The secrets and options: first those that every way of signing in takes."""
        profile = PROFILES[self.profile]
        of_ways = dict.fromkeys(name for way in profile.ways.values() for name in way.fields)
        names = (*profile.credentials, *profile.options)
        for name in [*(name for name in names if name not in of_ways), *of_ways]:
            ways = [way for way, taken in profile.ways.items() if name in taken.fields]
            is_secret = name in profile.credentials
            yield Input(
                field=self[name],
                kind="password" if is_secret else "text",
                is_kept=name in self.kept,
                ways=" ".join([*ways, OTHER]) if ways else "",
            )

    def choices_of_way(self) -> list["Choice"]:
        """The ways of signing in to choose from; none where the profile has only one."""
        names = [*ways, OTHER] if (ways := PROFILES[self.profile].ways) else []
        return [
            Choice(
                value=name,
                label=str(WAYS[name][0]),
                help=str(WAYS[name][1]),
                checked=name == self.way,
                moves=bool(self.kept) and name != self.current_way,
            )
            for name in names
        ]


class Input(NamedTuple):
    """One field of a connection as its page shows it."""

    field: forms.BoundField
    kind: str
    is_kept: bool
    ways: str
    """Names of the ways of signing in that take it; "" where all do."""


class Choice(NamedTuple):
    """One way of signing in; `moves` says that kept keys would go somewhere else."""

    value: str
    label: str
    help: str
    checked: bool
    moves: bool


def _text_field(name: str) -> forms.CharField:
    label, help_text = FIELDS[name]
    return forms.CharField(label=label, help_text=help_text, max_length=2000, required=False)
