"""Template context of every page: how many notices the person has not read."""

from functools import partial
from typing import Any

from django.http import HttpRequest

from admin_ui.notices.inbox import unread_of


def unread_notices(request: HttpRequest) -> dict[str, Any]:
    """Return `unread_notices`, which counts only where a template names it."""
    user: Any = getattr(request, "user", None)
    return {"unread_notices": partial(unread_of, user)}
