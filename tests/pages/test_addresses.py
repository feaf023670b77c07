"""The addresses that selectors and templates join are those of `urls.py`."""

import re

import pytest
from django.conf import settings
from django.urls import reverse

from assistants.selectors.addresses import AssistantPages, ConnectionPages, WorkspacePages
from assistants.selectors.change_requests.addresses import ChangeRequestPages

WORKSPACE = WorkspacePages.of("main")
WORKSPACE_NAMES = (
    "home",
    "list",
    "start",
    "new",
    "autosave_new",
    "preview",
    "changes",
    "signed_roots",
    "connections",
    "connection_new",
    "templates",
    "metadata_keys",
    "metadata_suggestions",
    "remove_samples",
    "help",
    "palette",
)
ASSISTANT_NAMES = (
    "detail", "edit", "autosave", "check", "here", "review", "discard", "follow", "code",
    "history", "delete", "recreate", "settle", "duplicate", "got_it", "save_template",
    "lines", "previous", "versions",
    "compare_with",
)  # fmt: skip
REVISION_NAMES = (
    "revision", "accept", "send_again", "restore", "restore_parts", "revision_name",
)  # fmt: skip
CONNECTION_NAMES = (
    "edit", "default", "remove", "archive", "reopen", "test", "bring_in", "offers", "knowledge",
    "files",
)  # fmt: skip
LIBRARY_NAMES = (
    "file_upload", "store_new", "store", "store_documents", "document_add", "document_remove",
)  # fmt: skip


@pytest.mark.parametrize("name", WORKSPACE_NAMES)
def test_pages_of_a_workspace(name: str) -> None:
    assert getattr(WORKSPACE, name) == reverse(f"assistants:{name}", args=["main"])


@pytest.mark.parametrize("name", ASSISTANT_NAMES)
def test_pages_of_an_assistant(name: str) -> None:
    address = reverse(f"assistants:{name}", args=["main", 7])
    assert getattr(WORKSPACE.assistant(7), name) == address


@pytest.mark.parametrize("name", REVISION_NAMES)
def test_pages_of_a_revision(name: str) -> None:
    address = reverse(f"assistants:{name}", args=["main", 7, 3])
    assert getattr(WORKSPACE.assistant(7), name)(3) == address


def test_comparisons() -> None:
    pages = WORKSPACE.assistant(7)
    assert pages.compare(2, 3) == reverse("assistants:compare", args=["main", 7, "2", "3"])
    draft = reverse("assistants:compare", args=["main", 7, "live", "draft"])
    assert pages.compare_draft == draft


def test_moments() -> None:
    assert WORKSPACE.as_of == reverse("assistants:workspace_as_of", args=["main"])
    assert WORKSPACE.assistant(7).as_of == reverse("assistants:as_of", args=["main", 7])


def test_change_requests() -> None:
    pages = ChangeRequestPages.of("main")
    assert WORKSPACE.requests == pages.list == reverse("assistants:change_requests", args=["main"])
    assert pages.request(3) == reverse("assistants:change_request", args=["main", 3])
    assert pages.freezes == reverse("assistants:freezes", args=["main"])
    assert pages.policy == reverse("assistants:approval_policy", args=["main"])
    deletion = reverse("assistants:submit_delete", args=["main", 7])
    assert WORKSPACE.assistant(7).submit_deletion == deletion
    assert WORKSPACE.assistant(7).submit == reverse("assistants:submit_draft", args=["main", 7])


def test_drafts() -> None:
    pages = WORKSPACE.assistant(7)
    assert pages.earlier == reverse("assistants:earlier_states", args=["main", 7])
    assert pages.earlier_state(5) == reverse("assistants:earlier_state", args=["main", 7, 5])
    assert pages.review_of(5) == f"{reverse('assistants:review', args=['main', 7])}?drafter=5"


@pytest.mark.parametrize("name", CONNECTION_NAMES)
def test_pages_of_a_connection(name: str) -> None:
    route = "bring_in" if name == "bring_in" else f"connection_{name}"
    address = reverse(f"assistants:{route}", args=["main", 5])
    assert getattr(WORKSPACE.connection(5), name) == address


@pytest.mark.parametrize("name", LIBRARY_NAMES)
def test_pages_of_the_files_of_a_connection(name: str) -> None:
    address = reverse(f"assistants:{name}", args=["main", 5])
    assert getattr(WORKSPACE.connection(5), name) == address


def test_every_address_is_compared() -> None:
    tested = {*WORKSPACE_NAMES, *ASSISTANT_NAMES, *REVISION_NAMES, *CONNECTION_NAMES}
    tested |= {*LIBRARY_NAMES}
    others = {"of", "root", "assistant", "connection", "compare", "compare_draft"}
    others |= {"earlier", "earlier_state", "review_of", "as_of", "requests"}
    others |= {"submit", "submit_deletion"}
    for kind in (WorkspacePages, AssistantPages, ConnectionPages):
        assert {name for name in vars(kind) if not name.startswith("_")} <= tested | others


def test_no_template_joins_an_address() -> None:
    joined = re.compile(r'(?:href|action|hx-get|hx-post)="[^"]*}}[a-z-]+/')
    templates = (settings.BASE_DIR / "templates").rglob("*.html")
    assert [path.name for path in templates if joined.search(path.read_text())] == []
