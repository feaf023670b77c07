"""Template context of every page inside a workspace."""

from typing import Any

from django.http import HttpRequest

from admin_ui.accounts.permissions import allowed_to


def workspace(request: HttpRequest) -> dict[str, Any]:
    """Return `workspace`, `member` and `may` (the names of allowed actions), where known."""
    member = getattr(request, "member", None)
    if member is None:
        return {}
    return {
        "workspace": member.workspace,
        "member": member,
        "may": {action.value: True for action in allowed_to(member)},
    }
