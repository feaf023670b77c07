"""The form of a connection: the fields its profile takes, secrets never shown again."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

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
        _("Names the provider and its key as kept by Portkey. Or give a provider or a config."),
    ),
    "provider": (_("Provider"), _("Such as openai, or @name for one that you set up in Portkey.")),
    "config": (_("Config"), _("The id of a saved config, such as pc-abc123.")),
    "custom_host": (_("Custom host"), _("Another address for the provider; it ends in /v1.")),
    "api_version": (_("API version"), _("Such as 2024-05-01-preview.")),
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

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        same = Connection.objects.filter(workspace=self.connection.workspace, name=name)
        if same.exclude(pk=self.connection.pk).exists():
            raise forms.ValidationError(_("Another connection is called this already."))
        return name

    def credentials(self) -> dict[str, str]:
        """The credentials to change: typed ones, and blanks for those to forget."""
        names = PROFILES[self.profile].credentials
        typed = {name: self.cleaned_data[name] for name in names if self.cleaned_data[name]}
        forgotten = [name for name in names if self.cleaned_data[f"forget-{name}"]]
        return {**dict.fromkeys(forgotten, ""), **typed}

    def options(self) -> dict[str, str]:
        names = PROFILES[self.profile].options
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data[name]}

    def add_problems(self, problems: Iterable[Problem]) -> None:
        """Put what `save_connection` found wrong at the fields concerned."""
        for found in problems:
            field = found.field if found.field in self.fields else None
            self.add_error(field, str(SENTENCES.get(found.code, found.message)))

    def option_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in PROFILES[self.profile].options]

    def credential_fields(self) -> list[tuple[forms.BoundField, bool]]:
        """Each secret's field, and whether a value is kept for it."""
        return [(self[name], name in self.kept) for name in PROFILES[self.profile].credentials]


def _text_field(name: str) -> forms.CharField:
    label, help_text = FIELDS[name]
    return forms.CharField(label=label, help_text=help_text, max_length=2000, required=False)
