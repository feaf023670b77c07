"""The form for inviting several people: a pasted list or a file, and a role."""

import secrets
from typing import Any

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from admin_ui.accounts.forms import RoleForm
from admin_ui.accounts.invitations.lists import (
    MOST_LIST_BYTES,
    MOST_PEOPLE,
    read_person,
    split_list,
)
from admin_ui.accounts.permissions import Role


class ListField(forms.CharField):
    """A pasted list. A NUL makes its line no address, and leaves the others alone."""

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value) or ""
        return text.replace("\0", "\ufffd")


class SeveralForm(RoleForm):
    """A list of people; `cleaned_data` has its `entries` and the `text` they were read from."""

    addresses = ListField(required=False, strip=False)
    file = forms.FileField(required=False, allow_empty_file=True)
    role = forms.ChoiceField(choices=Role.choices, initial=Role.EDITOR)

    def clean_file(self) -> str:
        """Return the text of the file."""
        file: Any = self.cleaned_data["file"]
        if file is None:
            return ""
        if (file.size or 0) > MOST_LIST_BYTES:
            raise forms.ValidationError(list_too_large(file.size or 0))
        try:
            text = file.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            text = _("The file is not in UTF-8. Save it as “CSV UTF-8”, or paste its text.")
            raise forms.ValidationError(text) from error
        return str(ListField(strip=False, required=False).clean(text))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        if data["addresses"].strip() and data["file"].strip():
            raise forms.ValidationError(_("Paste a list or choose a file, not both."))
        data["text"] = text = data["file"] if data["file"].strip() else data["addresses"]
        size = len(text.replace("\r\n", "\n").encode(errors="replace"))
        people = split_list(text) if size <= MOST_LIST_BYTES else []
        if size > MOST_LIST_BYTES:
            self.add_error("addresses", list_too_large(size))
        elif not people:
            self.add_error("addresses", _("The list is empty. Paste addresses, or choose a file."))
        elif len(people) > MOST_PEOPLE:
            self.add_error("addresses", list_too_long(len(people)))
        else:
            data["entries"] = [read_person(person, data["role"]) for person in people]
        return data


def list_too_large(size: int) -> str:
    text = _("The list has %(size)s. At most %(most)s are possible: split it.")
    return text % {"size": filesizeformat(size), "most": filesizeformat(MOST_LIST_BYTES)}


def list_too_long(count: int) -> str:
    text = ngettext(
        "The list has %(count)d person. At most %(most)d are possible at once: split it.",
        "The list has %(count)d people. At most %(most)d are possible at once: split it.",
        count,
    )
    return text % {"count": count, "most": MOST_PEOPLE}


BATCH_BYTES = 18


def new_batch() -> str:
    """Return a name for a list that was checked, which nobody else can know."""
    return secrets.token_urlsafe(BATCH_BYTES)


def is_batch(text: str) -> bool:
    """Return whether `new_batch` may have made this."""
    letters = text.replace("-", "").replace("_", "")
    return len(text) == BATCH_BYTES * 4 // 3 and letters.isascii() and letters.isalnum()
