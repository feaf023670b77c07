"""Makes the people and workspaces that tests need; every argument has a believable default."""

from itertools import count

from admin_ui.accounts.keys.keys import create_api_key
from admin_ui.accounts.models import ApiKey, Member, User, Workspace
from admin_ui.accounts.permissions import Role

_numbers = count(1)


def make_user(
    email: str = "", *, name: str = "", password: str | None = None, is_owner: bool = False
) -> User:
    """Without a password the user cannot sign in by form; tests use `client.force_login`."""
    return User.objects.create_user(
        email or f"person{next(_numbers)}@example.com", password, name=name, is_owner=is_owner
    )


def make_workspace(slug: str = "", *, name: str = "") -> Workspace:
    slug = slug or f"workspace-{next(_numbers)}"
    return Workspace.objects.create(slug=slug, name=name or slug.replace("-", " ").capitalize())


def make_member(
    workspace: Workspace, role: str = Role.VIEWER, *, user: User | None = None
) -> Member:
    return Member.objects.create(workspace=workspace, user=user or make_user(), role=role)


def make_api_key(
    workspace: Workspace, *, name: str = "Support app", can_write: bool = True
) -> tuple[ApiKey, str]:
    """Return the row and the key itself."""
    return create_api_key(workspace=workspace, name=name, can_write=can_write)
