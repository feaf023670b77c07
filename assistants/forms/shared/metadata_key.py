"""The form of a described metadata key."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from assistants.definition import LIMITS, Problem
from assistants.services.editing.metadata_keys import LONGEST_HELP

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_SENTENCES: dict[tuple[str, str], "_StrPromise"] = {
    ("name", "required"): _("Enter the key."),
    ("name", "taken"): _("This key is described already."),
    ("name", "too_many"): _("An assistant can have 16 pairs, so 16 keys can be described."),
    ("allowed", "too_many"): _("Name at most 50 values."),
}


class MetadataKeyForm(forms.Form):
    name = forms.CharField(label=_("Key"), max_length=LIMITS.metadata_key)
    help = forms.CharField(label=_("Help"), max_length=LONGEST_HELP, required=False)
    allowed = forms.CharField(label=_("Values"), required=False, max_length=30_000)

    @property
    def allowed_values(self) -> list[str]:
        """The values, one in each line."""
        lines = str(self.cleaned_data.get("allowed", "")).splitlines()
        return [line.strip() for line in lines if line.strip()]

    def add_problems(self, problems: Iterable[Problem]) -> None:
        """Put each problem at its field."""
        for problem in problems:
            text = _SENTENCES.get((problem.field, problem.code), _("This is too long."))
            self.add_error(problem.field, text)
