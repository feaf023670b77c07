"""No other way leads to the documents of a store: keys and scripts have no address for them."""

import re
from pathlib import Path

import pytest
from django.test import Client

import assistants
from admin_ui.accounts.keys.keys import create_api_key
from tests.conftest import Cast
from tests.registry import calls

pytestmark = pytest.mark.django_db(transaction=True)
SOURCES = Path(assistants.__file__).parent
PATHS = (
    "/vector_stores",
    "/vector_stores/vs_help",
    "/vector_stores/vs_help/files",
    "/vector_stores/vs_help/files/file-faq",
    "/vector_stores/vs_help/file_batches",
    "/files",
    "/files/file-faq",
)


@pytest.mark.parametrize("is_exempt", [False, True])
@pytest.mark.parametrize("path", PATHS)
def test_the_registry_keeps_no_documents(cast: Cast, path: str, is_exempt: bool) -> None:
    key, secret = create_api_key(workspace=cast.workspace, name="App", can_write=True)
    key.is_exempt = is_exempt
    key.save()
    app = calls.by_key(secret)
    for method in ("GET", "POST", "DELETE"):
        assert app(method, path, {} if method == "POST" else None).status == 404
        assert app(method, f"/openai{path}", {} if method == "POST" else None).status == 404


def test_the_json_api_has_no_documents() -> None:
    described = Client().get("/api/openapi.json").json()
    assert described["paths"]
    found = [
        path for path in described["paths"] if re.search(r"/(\w+_)?(store|file|document)", path)
    ]
    assert found == []


def test_pages_alone_change_documents() -> None:
    found = {
        name: {
            str(path.relative_to(SOURCES))
            for path in SOURCES.rglob("*.py")
            if re.search(rf"\b{name}\b", path.read_text())
        }
        for name in ("add_document", "remove_document", r"documents\.(attach|detach)")
    }
    service, pages = "services/documents/changing.py", "views/documents/changing.py"
    assert list(found.values()) == [{service, pages}, {service, pages}, {service}]
