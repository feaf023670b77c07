"""The form of a connection: the fields of its profile. Stored secrets are never shown."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assistants.definition import Problem
from assistants.gateway import PROFILES, EndpointField
from assistants.models import Connection
from assistants.services.connections.endpoints import (
    CONNECTION_LENGTHS,
    LONGEST_CONNECTION_FIELD,
)

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

NEW_PROFILES = [name for name in PROFILES if name != "registry"]
"""Profiles a page may add; each workspace has its built-in registry already."""
SECRET_FIELDS = frozenset(
    entry.name for profile in PROFILES.values() for entry in profile.fields if entry.is_secret
)
"""Inputs of any profile whose values no page and no session may hold."""
OTHER_WAY = "other"
"""The choice that shows the fields of every way of signing in."""

PROBLEM_SENTENCES: dict[str, "_StrPromise"] = {
    "required": _("This field is required."),
    "enter_again": _(
        "Enter this again. Requests would go to a new destination, and the stored key is only for"
        " the current one."
    ),
    "unencrypted": _(
        "Over http://, others could read the key. Enter an address that begins with https://."
    ),
    "too_long": _("This is too long. Check what you pasted."),
    "invalid_url": _(
        "Enter an address that begins with https:// or http://, without a password, ? or #."
    ),
    "invalid_characters": _(
        "This has a space or a character that cannot be sent. Copy it again, in full."
    ),
}


class ConnectionForm(forms.Form):
    """`profile` decides the fields; `connection` is the row to change, unsaved for a new one."""

    name = forms.CharField(label=_("Name"), max_length=CONNECTION_LENGTHS["name"])
    base_url = forms.CharField(
        label=_("Address"), max_length=CONNECTION_LENGTHS["base_url"], required=False
    )
    is_default = forms.BooleanField(label=_("Use for new assistants"), required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        profile: str,
        connection: Connection,
        kept: Iterable[str] = (),
        typed: QueryDict | None = None,
    ) -> None:
        """`kept` names the credentials that are stored; `typed` is a form nobody has sent yet."""
        self.typed = typed
        self.profile, self.connection, self.kept = profile, connection, frozenset(kept)
        known = {"name": connection.name, "base_url": connection.base_url}
        initial = {**connection.options, **known, "is_default": connection.is_default}
        if typed is not None:
            initial |= {**typed.dict(), "is_default": "is_default" in typed}
        super().__init__(data, initial=initial)
        for entry in PROFILES[profile].fields:
            self.fields[entry.name] = _text_field(entry)
            if entry.is_secret:
                self.fields[f"forget-{entry.name}"] = forms.BooleanField(required=False)
        self.fields["is_default"].disabled = connection.archived_at is not None
        self.way = self._way()
        self.taken = PROFILES[profile].fields_of(self.way)

    def _way(self) -> str:
        """Return the way of signing in that was chosen, or else the one of `connection`.

        That is `OTHER_WAY` for none of the usual ones.
        """
        ways = PROFILES[self.profile].ways
        sent = self.data if self.is_bound else self.typed
        if sent is not None:
            way = str(sent.get("way", ""))
            return way if way in ways else self._other_way(name for name in sent if sent[name])
        return self.current_way or next(iter(ways), OTHER_WAY)

    def _other_way(self, given: Iterable[str]) -> str:
        """Return the way for fields that are those of none: the nearest, if no other would work."""
        profile = PROFILES[self.profile]
        return profile.nearest_way([*given, *self.kept]) if profile.only_ways else OTHER_WAY

    @property
    def current_way(self) -> str:
        """The way that `connection` signs in; "" for a new one."""
        if not self.connection.pk:
            return ""
        options = self.connection.options
        provider = str(options.get("provider", ""))
        way = PROFILES[self.profile].way_of([*options, *self.kept], provider)
        return way or self._other_way(options)

    def clean(self) -> dict[str, Any]:
        """Ignore the fields of every way except the chosen one."""
        profile = PROFILES[self.profile]
        for name in {*profile.credentials, *profile.options}.difference(self.taken):
            self.errors.pop(name, None)
        return self.cleaned_data

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        same = Connection.objects.filter(workspace=self.connection.workspace, name=name)
        if same.exclude(pk=self.connection.pk).exists():
            raise forms.ValidationError(_("Another connection already has this name."))
        return name

    def credentials(self) -> dict[str, str]:
        """The credentials to change: those typed, and a blank for each one to forget.

        Kept credentials of any other way of signing in are forgotten.
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
        """Put each problem that `save_connection` found at its field, one at most."""
        wrong = set(self.errors)
        for found in problems:
            field = found.field if found.field in self.fields else None
            if field not in wrong:
                self.add_error(field, self._sentence(found))

    def _sentence(self, found: Problem) -> str:
        profile = PROFILES[self.profile]
        if found.code == "one_required":
            labels = [str(self.fields[name].label) for name in profile.one_of]
            return gettext("Fill in at least one of these: %(fields)s.") % {
                "fields": ", ".join(labels)
            }
        if advice := profile.advice(found.field, found.code):
            return gettext(advice)
        return str(PROBLEM_SENTENCES.get(found.code, found.message))

    def in_order(self) -> list[forms.BoundField]:
        """The fields in the order of the page."""
        return [self["name"], self["base_url"], *(entry.field for entry in self.inputs())]

    def inputs(self) -> Iterator["FieldInput"]:
        """The secrets and options. Those that every way of signing in takes come first."""
        profile = PROFILES[self.profile]
        of_ways = dict.fromkeys(name for way in profile.ways.values() for name in way.fields)
        names = (*profile.credentials, *profile.options)
        for name in [*(name for name in names if name not in of_ways), *of_ways]:
            ways = enumerate(profile.ways.values(), start=1)
            is_secret = name in profile.credentials
            yield FieldInput(
                field=self[name],
                kind="password" if is_secret else "text",
                is_kept=name in self.kept,
                ways=" ".join(str(number) for number, way in ways if name in way.fields),
            )

    def way_choices(self) -> list["WayChoice"]:
        """The ways of signing in to choose from; none if the profile has only one."""
        ways = PROFILES[self.profile].ways
        texts = {name: (gettext(way.label), gettext(way.help)) for name, way in ways.items()}
        if ways and not PROFILES[self.profile].only_ways:
            help_text = gettext("Shows all fields, for other combinations.")
            texts[OTHER_WAY] = (gettext("Something else"), help_text)
        return [
            WayChoice(
                value=name,
                number=number if name in ways else 0,
                label=label,
                help=help_text,
                checked=name == self.way,
                moves=bool(self.kept) and name != self.current_way,
            )
            for number, (name, (label, help_text)) in enumerate(texts.items(), start=1)
        ]


class FieldInput(NamedTuple):
    """One field of a connection as its page shows it."""

    field: forms.BoundField
    kind: str
    is_kept: bool
    ways: str
    """The numbers of the ways of signing in that take it; "" if all do."""


class WayChoice(NamedTuple):
    """One way of signing in."""

    value: str
    number: int
    """Its place among the ways; 0 for the choice that shows all fields."""
    label: str
    help: str
    checked: bool
    moves: bool
    """Whether the kept keys would go somewhere else."""


def _text_field(entry: EndpointField) -> forms.CharField:
    return forms.CharField(
        label=gettext(entry.label),
        help_text=gettext(entry.help),
        max_length=LONGEST_CONNECTION_FIELD,
        required=False,
    )
