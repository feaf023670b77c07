"""The members whom a comment can mention."""

from admin_ui.accounts.models import User, Workspace

MOST_TO_TICK = 100
"""People to tick beside a comment; of a larger team, others are mentioned by name."""


def mentionable(workspace: Workspace) -> list[User]:
    """Return members of `workspace` by name, at most `MOST_TO_TICK`. One query."""
    rows = User.objects.filter(memberships__workspace=workspace, is_active=True, is_service=False)
    return list(rows.order_by("name", "email").only("name", "email", "is_service")[:MOST_TO_TICK])
