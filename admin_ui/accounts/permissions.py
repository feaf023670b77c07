"""Who may do what: one table, used by views, services and templates."""

from enum import Enum, StrEnum
from typing import Protocol

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """A member's role in a workspace; each role may do all that the one before it may."""

    VIEWER = "viewer", _("Viewer")
    EDITOR = "editor", _("Editor")
    PUBLISHER = "publisher", _("Publisher")
    ADMIN = "admin", _("Admin")


class Action(StrEnum):
    """Something a member may want to do."""

    VIEW = "view"
    REVIEW = "review"
    EDIT_DRAFT = "edit_draft"
    CREATE = "create"
    KEEP_TEMPLATES = "keep_templates"
    PUBLISH = "publish"
    OVERRIDE = "override"
    DELETE = "delete"
    BRING_IN = "bring_in"
    ADD_FILES = "add_files"
    CHANGE_DOCUMENTS = "change_documents"
    MANAGE_TEAM = "manage_team"
    MANAGE_CONNECTIONS = "manage_connections"
    MANAGE_KEYS = "manage_keys"
    MANAGE_METADATA = "manage_metadata"
    READ_AUDIT = "read_audit"
    MANAGE_APPROVALS = "manage_approvals"
    MANAGE_WORKSPACE = "manage_workspace"


_VIEWER = frozenset({Action.VIEW, Action.REVIEW})
_EDITOR = _VIEWER | {Action.EDIT_DRAFT, Action.CREATE, Action.KEEP_TEMPLATES}
_PUBLISHER = _EDITOR | {
    Action.PUBLISH,
    Action.DELETE,
    Action.BRING_IN,
    Action.ADD_FILES,
    Action.CHANGE_DOCUMENTS,
}
_ADMIN = _PUBLISHER | {
    Action.MANAGE_TEAM,
    Action.MANAGE_CONNECTIONS,
    Action.MANAGE_KEYS,
    Action.MANAGE_METADATA,
    Action.READ_AUDIT,
    Action.OVERRIDE,
    Action.MANAGE_APPROVALS,
    Action.MANAGE_WORKSPACE,
}
ALLOWED: dict[str, frozenset[Action]] = {
    Role.VIEWER: _VIEWER,
    Role.EDITOR: _EDITOR,
    Role.PUBLISHER: _PUBLISHER,
    Role.ADMIN: _ADMIN,
}
NARROWED = frozenset({Action.VIEW, Action.REVIEW, Action.EDIT_DRAFT, Action.PUBLISH})
"""What a member with narrowed rights may do at most, and only where these reach. Creating, deleting
and all that concerns more than one assistant need the full right."""


KEY_READS = frozenset({Action.VIEW})
KEY_WRITES = KEY_READS | {Action.PUBLISH, Action.DELETE}
"""What an API key lets its holder do, as a role would have to allow it."""


class HasRole(Protocol):
    """What `can` needs to know of a member."""

    @property
    def role(self) -> str: ...

    @property
    def is_narrowed(self) -> bool: ...


class System(Enum):
    SYSTEM = "system"


SYSTEM = System.SYSTEM
"""The actor of timers and commands, which need no role."""


def can(member: HasRole | System | None, action: Action) -> bool:
    """Return whether `member` may do `action`; `None` (a stranger) may do nothing."""
    if member is None:
        return False
    if isinstance(member, System):
        return True
    return action in allowed_to(member)


def allowed_to(member: HasRole) -> frozenset[Action]:
    """Return the actions that `member` may do: those of the role, fewer if they are narrowed."""
    actions = ALLOWED.get(member.role, frozenset())
    return actions & NARROWED if member.is_narrowed else actions


class NotAllowed(PermissionDenied):
    """A member asked a service for something their role does not include; a page shows 403."""

    def __init__(self, action: Action) -> None:
        super().__init__(f"role does not include {action.value}")
        self.action = action
