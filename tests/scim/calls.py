"""Calls SCIM as a directory does: by token, with whole payloads."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from admin_ui.accounts.directories.directories import create_directory
from admin_ui.accounts.models import Directory, DirectoryGroup, User, Workspace
from admin_ui.accounts.scim.roles import map_group
from tests.factories import make_user

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


@dataclass
class ScimAnswer:
    status: int
    data: Any
    headers: Any

    @property
    def refusal(self) -> tuple[int, str]:
        """Status and scimType of an error, whose shape is checked."""
        assert self.data["schemas"] == [ERROR]
        assert self.data["status"] == str(self.status)
        assert self.data["detail"]
        assert set(self.data) <= {"schemas", "status", "detail", "scimType"}
        return self.status, self.data.get("scimType", "")


@dataclass
class Scim:
    """A directory with its token, and the owner who made it."""

    directory: Directory
    token: str
    owner: User
    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> ScimAnswer:
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body)
        named = {"authorization": f"Bearer {self.token}", **headers}
        answer = self.client.generic(
            method, f"/scim/v2/{path}", raw, "application/scim+json", headers=named
        )
        if answer.status_code == 204:
            return ScimAnswer(204, None, answer.headers)
        assert answer["Content-Type"] == "application/scim+json"
        return ScimAnswer(answer.status_code, answer.json(), answer.headers)

    def patch(self, path: str, *operations: Any) -> ScimAnswer:
        return self("PATCH", path, {"schemas": [PATCH], "Operations": list(operations)})

    def person(self, email: str = "zoe@example.org", **fields: Any) -> str:
        """Create a user; returns the ID."""
        made = self("POST", "Users", {"schemas": [USER], "userName": email, **fields})
        assert made.status == 201, made.data
        return str(made.data["id"])

    def team(
        self, name: str, workspace: Workspace | None, role: str = "", *members: str
    ) -> DirectoryGroup:
        """Create a group that gives a role."""
        made = self("POST", "Groups", {"schemas": [GROUP], "displayName": name})
        group = DirectoryGroup.objects.get(pk=made.data["id"])
        map_group(actor=self.owner, group=group, workspace=workspace, role=role)
        if members:
            self.patch(f"Groups/{group.pk}", added(*members))
        return group


def added(*members: str) -> dict[str, Any]:
    return {"op": "Add", "path": "members", "value": [{"value": pk} for pk in members]}


def removed(*members: str) -> dict[str, Any]:
    return {"op": "Remove", "path": "members", "value": [{"value": pk} for pk in members]}


def connect(name: str = "Entra ID", domains: str = "example.org") -> Scim:
    owner = User.objects.filter(is_owner=True).first()
    owner = owner or make_user("olga@example.com", name="Olga", is_owner=True)
    directory, token = create_directory(actor=owner, name=name, domains=domains)
    return Scim(directory, token, owner)
