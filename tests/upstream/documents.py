"""The files, vector stores and documents of the loopback server."""

import time
from email import message_from_bytes
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.upstream.state import Asked, Upstream

Answer = tuple[int, Any]


def form_of(content_type: str, raw: bytes) -> dict[str, Any]:
    """What a multipart form holds: the purpose, and the file with its name, type and bytes."""
    whole = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + raw)
    found: dict[str, Any] = {}
    for part in whole.get_payload():
        assert not isinstance(part, str)
        name = part.get_param("name", header="content-disposition")
        value = part.get_payload(decode=True)
        assert isinstance(name, str)
        assert isinstance(value, bytes)
        if filename := part.get_filename():
            found[name] = {"name": filename, "type": part.get_content_type(), "bytes": value}
        else:
            found[name] = value.decode()
    return found


def answer_about_documents(upstream: "Upstream", asked: "Asked") -> Answer | None:
    """Answer a request about files and stores, but not for their lists; None for other requests."""
    match (asked.method, *asked.parts):
        case ("POST", "files") if upstream.files is not None:
            return 200, _uploaded(upstream, asked.body)
        case ("POST", "vector_stores") if upstream.vector_stores is not None:
            return 200, _made(upstream, asked.body)
        case (_, "vector_stores", store_id, *rest) if upstream.vector_stores is not None:
            return _of_store(upstream, asked, store_id, rest)
    return None


def _uploaded(upstream: "Upstream", form: dict[str, Any]) -> dict[str, Any]:
    assert form["purpose"] == "assistants"
    upstream.carried_out.append("POST")
    upstream.count += 1
    row = {
        "id": f"file-new{upstream.count}",
        "object": "file",
        "purpose": "assistants",
        "filename": form["file"]["name"],
        "bytes": len(form["file"]["bytes"]),
        "created_at": int(time.time()),
        "status": "processed",
    }
    assert upstream.files is not None
    upstream.files.insert(0, row)
    return row


def _made(upstream: "Upstream", body: dict[str, Any]) -> dict[str, Any]:
    upstream.carried_out.append("POST")
    upstream.count += 1
    row = {
        "id": f"vs_new{upstream.count}",
        "object": "vector_store",
        "name": body["name"],
        "created_at": int(time.time()),
        "status": "completed",
    }
    assert upstream.vector_stores is not None
    upstream.vector_stores.insert(0, row)
    upstream.documents[row["id"]] = {}
    return row


def _of_store(upstream: "Upstream", asked: "Asked", store_id: str, rest: list[str]) -> Answer:
    stores = {row["id"]: row for row in upstream.vector_stores or ()}
    if store_id not in stores:
        return _missing(f"No vector store found with id '{store_id}'.")
    held = upstream.documents.setdefault(store_id, {})
    match (asked.method, *rest):
        case ("GET",):
            return 200, {**stores[store_id], "file_counts": {"total": len(held)}}
        case ("POST", "files"):
            upstream.carried_out.append("POST")
            file_id = asked.body["file_id"]
            held[file_id] = {
                "id": file_id,
                "object": "vector_store.file",
                "created_at": int(time.time()),
                "status": "completed",
                "usage_bytes": 1200,
                "vector_store_id": store_id,
            }
            return 200, held[file_id]
        case ("GET", "files"):
            return 200, _page(list(held.values())[::-1], asked)
        case ("GET", "files", file_id) if file_id in held:
            return 200, held[file_id]
        case ("DELETE", "files", file_id) if file_id in held:
            upstream.carried_out.append("DELETE")
            del held[file_id]
            return 200, {"id": file_id, "object": "vector_store.file.deleted", "deleted": True}
    return _missing("No such document in the store.")


def _page(rows: list[dict[str, Any]], asked: "Asked") -> dict[str, Any]:
    after = asked.query.get("after", [""])[0]
    start = [row["id"] for row in rows].index(after) + 1 if after else 0
    limit = int(asked.query.get("limit", ["20"])[0])
    page = rows[start : start + limit]
    return {"object": "list", "data": page, "has_more": len(rows) > start + limit}


def _missing(message: str) -> Answer:
    return 404, {"error": {"message": message, "type": "invalid_request_error"}}
