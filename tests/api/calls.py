"""Calls the JSON API as a script does: by key, through every middleware."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from admin_ui.accounts import services
from admin_ui.accounts.models import ApiKey, Member
from admin_ui.accounts.service_accounts.service_accounts import create_service_account
from tests.conftest import Cast


@dataclass(frozen=True)
class ApiAnswer:
    status: int
    headers: Mapping[str, str]
    data: Any

    @property
    def refusal(self) -> tuple[int, str, str | None]:
        """Status, code and field of an error, whose shape is checked."""
        assert list(self.data) == ["error"], self.data
        error = self.data["error"]
        names = ["code", "message", "field", "request_id", "problems"]
        assert list(error)[:5] == names, error
        assert error["request_id"] == self.headers["x-request-id"]
        assert error["message"]
        return self.status, error["code"], error["field"]

    @property
    def without_id(self) -> Any:
        return {**self.data["error"], "request_id": None}


@dataclass(frozen=True)
class Api:
    """Calls one workspace; `secret` is a key, or `client` a browser that is signed in."""

    secret: str = ""
    workspace: str = "main"
    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> ApiAnswer:
        """Headers are named with underscores. A body of bytes is sent as it is."""
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.secret:
            named.setdefault("authorization", f"Bearer {self.secret}")
        response = self.client.generic(
            method, f"/api/w/{self.workspace}/{path}", raw, "application/json", headers=named
        )
        assert response["x-request-id"].startswith("req_")
        if response.status_code == 204:
            return ApiAnswer(204, response.headers, None)
        assert response["Content-Type"].startswith("application/json"), response
        return ApiAnswer(response.status_code, response.headers, response.json())


def make_account(cast: Cast, role: str = "publisher", name: str = "") -> Member:
    return create_service_account(actor=cast.admin, name=name or f"Script {role}", role=role)


def by_role(cast: Cast, role: str = "publisher", **fields: Any) -> Api:
    """Return the calls of a new service account with this role."""
    return by_account(cast, make_account(cast, role), **fields)


def by_account(cast: Cast, account: Member, **fields: Any) -> Api:
    fields = {"name": "Pipeline", "can_write": True, "opens": ApiKey.Opens.API, **fields}
    _, secret = services.create_key(actor=cast.admin, service=account.user, **fields)
    return Api(secret)
