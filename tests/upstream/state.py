"""What the loopback server holds and how it carries out a request that nothing goes wrong with."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.upstream.documents import answer_about_documents
from tests.upstream.faults import FaultSpec, Rewrite, error_body, merged


@dataclass(frozen=True)
class Asked:
    """One request: `parts` is its path below the base URL."""

    method: str
    parts: tuple[str, ...]
    query: dict[str, list[str]]
    body: Any
    if_match: str | None

    @classmethod
    def of(cls, method: str, target: str, body: Any, if_match: str | None) -> "Asked":
        url = urlsplit(target)
        return cls(
            method=method,
            parts=tuple(url.path.strip("/").split("/")[1:]),
            query=parse_qs(url.query),
            body=body,
            if_match=if_match,
        )


@dataclass(frozen=True)
class Reply:
    """What is answered to a request that was carried out, or could not be."""

    status: int
    value: Any
    etag: str = ""


@dataclass
class Upstream:
    """What the server holds, what it was asked, and how it is to misbehave."""

    assistants: dict[str, dict[str, Any]] = field(default_factory=dict)
    requests: list[tuple[str, str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    faults: list[tuple[str, FaultSpec]] = field(default_factory=list)
    url: str = ""
    count: int = 0
    gone: bool = False
    """The endpoint offers no assistants any more: its list answers 404 too."""
    blind: bool = False
    """Every read answers 503."""
    silent: bool = False
    """Requests are accepted and never answered; when it ends, those who still wait are cut off."""
    etags: bool = False
    """Answers about one assistant carry an ETag, and If-Match is honoured with 412."""
    merges_metadata: bool = False
    """Metadata is merged into what is there, as some servers do."""
    not_allowed: frozenset[str] = frozenset()
    """What is answered with 405, as LiteLLM's proxy does: "GET one", "GET list", "POST one" …"""
    rewrite: Callable[[dict[str, Any]], dict[str, Any]] | None = None
    """Given what would be stored, says which fields to store otherwise, on every write."""
    carried_out: list[str] = field(default_factory=list)
    """The method of each write that took effect."""
    held: list[Callable[[], Any]] = field(default_factory=list)
    """The writes that are still on their way."""
    versions: dict[str, int] = field(default_factory=dict)
    models: list[dict[str, Any]] = field(
        default_factory=lambda: [{"id": name, "object": "model"} for name in ("gpt-4o", "gpt-5.2")]
    )
    files: list[dict[str, Any]] | None = None
    """The files that it lists, newest first; None if it has no such address."""
    vector_stores: list[dict[str, Any]] | None = None
    documents: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    """The documents of each store, by the ID of their file."""
    lock: threading.RLock = field(default_factory=threading.RLock)

    def fail_next(self, method: str, spec: FaultSpec) -> None:
        """Make the next request of `method` fail as `spec` says."""
        self.faults.append((method, spec))

    def land(self) -> None:
        """Let the late writes take effect, in the order in which they were sent."""
        while self.held:
            self.held.pop(0)()

    def add(self, **content: Any) -> dict[str, Any]:
        """Put an assistant there as an application would."""
        self.count += 1
        row = {
            "id": f"asst_{self.count:024d}",
            "object": "assistant",
            "created_at": int(time.time()),
            "name": None,
            "description": None,
            "model": "gpt-4o",
            "instructions": None,
            "tools": [],
            "metadata": {},
            **content,
        }
        self.assistants[row["id"]] = row
        self.versions[row["id"]] = 1
        return row

    def count_of(self, method: str) -> int:
        return sum(1 for asked, _, _ in self.requests if asked == method)

    def carry_out(self, asked: Asked, store: Rewrite | None = None) -> Reply:
        """Do what is asked and return the answer; `store` rewrites what a write leaves behind."""
        with self.lock:
            if asked.parts == ("models",):
                return Reply(200, {"object": "list", "data": self.models})
            if (of_documents := answer_about_documents(self, asked)) is not None:
                return Reply(*of_documents)
            if asked.method == "GET" and asked.parts in (("files",), ("vector_stores",)):
                offered = getattr(self, asked.parts[0])
                if offered is not None:
                    return _page_of(offered, asked)
            if self.gone or asked.parts[:1] != ("assistants",):
                path = "/".join(("/v1", *asked.parts))
                return _error(404, f"Invalid URL ({asked.method} {path})")
            about = "list" if len(asked.parts) == 1 else "one"
            if f"{asked.method} {about}" in self.not_allowed:
                return Reply(405, {"detail": "Method Not Allowed"})
            if len(asked.parts) == 1:
                return self._collection(asked, store)
            return self._one(asked, store)

    def _one(self, asked: Asked, store: Rewrite | None) -> Reply:
        remote_id = asked.parts[1]
        row = self.assistants.get(remote_id)
        if row is None:
            return _error(404, f"No assistant found with id '{remote_id}'.")
        if asked.method == "GET":
            return self._reply(row)
        if self.etags and asked.if_match not in (None, self._etag(row)):
            return _error(412, "The assistant has changed.")
        self.carried_out.append(asked.method)
        if asked.method == "DELETE":
            del self.assistants[remote_id]
            return Reply(200, {"id": remote_id, "object": "assistant.deleted", "deleted": True})
        before = dict(row)
        row.update(asked.body)
        return self._stored(before, row, store)

    def _collection(self, asked: Asked, store: Rewrite | None) -> Reply:
        if asked.method == "DELETE":
            return _error(404, "Invalid URL (DELETE /v1/assistants)")
        return self._create(asked, store) if asked.method == "POST" else self._list(asked)

    def _create(self, asked: Asked, store: Rewrite | None) -> Reply:
        self.carried_out.append("POST")
        return self._stored({}, self.add(**asked.body), store)

    def _stored(self, before: dict[str, Any], row: dict[str, Any], store: Rewrite | None) -> Reply:
        if self.merges_metadata:
            row.update(merged(before, row))
        if self.rewrite is not None:
            row.update(self.rewrite(dict(row)))
        if store is not None:
            row.update(store(before, dict(row)))
        self.versions[row["id"]] = self.versions.get(row["id"], 1) + 1
        return self._reply(row)

    def _list(self, asked: Asked) -> Reply:
        rows = list(self.assistants.values())
        if asked.query.get("order", ["desc"])[0] != "asc":
            rows.reverse()
        return _page_of(rows, asked)

    def _reply(self, row: dict[str, Any]) -> Reply:
        return Reply(200, row, self._etag(row) if self.etags else "")

    def _etag(self, row: dict[str, Any]) -> str:
        return f'"{self.versions.get(row["id"], 1)}"'


def _page_of(rows: list[dict[str, Any]], asked: Asked) -> Reply:
    """The page of a list that is asked for."""
    after = asked.query.get("after", [""])[0]
    if after:
        ids = [row["id"] for row in rows]
        if after not in ids:
            return _error(400, f"No assistant found with id '{after}'.")
        rows = rows[ids.index(after) + 1 :]
    limit = int(asked.query.get("limit", ["20"])[0])
    if not 1 <= limit <= 100:
        return _error(400, "Invalid 'limit': it must be between 1 and 100.")
    page = rows[:limit]
    ends = {"first_id": page[0]["id"], "last_id": page[-1]["id"]} if page else {}
    more = len(rows) > limit
    return Reply(200, {"object": "list", "data": page, **ends, "has_more": more})


def _error(status: int, message: str) -> Reply:
    return Reply(status, json.loads(error_body(message)))
