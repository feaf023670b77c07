"""The form of a template: its name and description."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from assistants.definition import Problem
from assistants.services.editing.templates import TEMPLATE_LENGTHS

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

TEMPLATE_SENTENCES: dict[str, "_StrPromise"] = {
    "required": _("Give it a name."),
    "too_long": _("This is too long."),
    "taken": _("Another template has this name. Choose another one."),
    "too_many": _("This workspace has 200 templates, and can keep no more. Delete one first."),
    "too_large": _("This assistant is too large to be a template."),
}


class TemplateForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=TEMPLATE_LENGTHS["name"])
    description = forms.CharField(
        label=_("Description"), max_length=TEMPLATE_LENGTHS["description"], required=False
    )

    def add_problems(self, problems: Iterable[Problem]) -> None:
        """Put each problem at its field, or above the form."""
        for problem in problems:
            text = TEMPLATE_SENTENCES[problem.code]
            self.add_error(problem.field if problem.field in self.fields else None, text)
