"""The table of what each role may do, which the team page shows."""

from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from admin_ui.accounts.permissions import Role
from admin_ui.accounts.selectors import rights


def role_matrix(own: str) -> SafeString:
    """Return the table as HTML in the language of the request, with the column of `own` marked."""
    return _matrix(own, get_language())


@lru_cache(maxsize=100)  # it is the same for all who have a role and a language
def _matrix(own: str, _language: str | None) -> SafeString:
    context = {"roles": Role.choices, "rights": rights(), "own_role": Role.values.index(own)}
    return render_to_string("accounts/team/_matrix.html", context)
