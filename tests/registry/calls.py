"""Calls the registry as an application does (over HTTP, by key) or as the dashboard does."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from django.test import Client

from assistants.registry.wsgi import application_for

BETA = {"OpenAI-Beta": "assistants=v2"}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    data: Any

    @property
    def error(self) -> tuple[int, str | None, str | None, str]:
        """Status, code, param and message of a refusal, whose shape is checked."""
        assert list(self.data) == ["error"]
        assert list(self.data["error"]) == ["message", "type", "param", "code"]
        error = self.data["error"]
        return self.status, error["code"], error["param"], error["message"]


@dataclass(frozen=True)
class Registry:
    """`send(method, path, body, headers)` gets the bytes there and back."""

    send: Callable[[str, str, bytes, dict[str, str]], Answer]

    def __call__(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> Answer:
        """`path` is below `/v1`; `body` is JSON data, or bytes to send as they are; a header that
        is `None` is left out."""
        raw = (
            body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        )
        chosen = {**BETA, **(headers or {})}
        sent = {name: value for name, value in chosen.items() if value is not None}
        return self.send(method, f"/v1{path}", raw, sent)

    def create(self, **fields: Any) -> Any:
        answer = self("POST", "/assistants", {"model": "gpt-5", **fields})
        assert answer.status == 200, answer.data
        return answer.data

    def modify(self, public_id: str, **fields: Any) -> Any:
        answer = self("POST", f"/assistants/{public_id}", fields)
        assert answer.status == 200, answer.data
        return answer.data

    def retrieve(self, public_id: str) -> Any:
        answer = self("GET", f"/assistants/{public_id}")
        assert answer.status == 200, answer.data
        return answer.data

    def delete(self, public_id: str) -> Any:
        answer = self("DELETE", f"/assistants/{public_id}")
        assert answer.status == 200, answer.data
        return answer.data


def by_key(secret: str, client: Client | None = None) -> Registry:
    """Through the whole site, with every middleware."""
    client = client or Client(enforce_csrf_checks=True)

    def send(method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        headers = {"Authorization": f"Bearer {secret}", **headers}
        response = client.generic(method, path, body, "application/json", headers=headers)
        assert response["Content-Type"] == "application/json"
        return Answer(response.status_code, response.headers, response.json())

    return Registry(send)


def in_process(workspace_id: int) -> Registry:
    """Through the WSGI application of one workspace."""
    transport = httpx.WSGITransport(application_for(workspace_id))

    def send(method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        request = httpx.Request(method, f"http://registry{path}", content=body, headers=headers)
        response = transport.handle_request(request)
        response.read()
        assert response.headers["Content-Type"] == "application/json"
        return Answer(response.status_code, response.headers, response.json())

    return Registry(send)
