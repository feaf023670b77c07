"""Comparing two assistants of a workspace at an address that can be shared."""

import re
import socket
from typing import Any

import pytest

from admin_ui.audit.models import AuditEvent, EventKind
from assistants.definition import PAGE_LIMITS
from assistants.models import Assistant, Draft
from assistants.services.setup.first_start import give_registry
from tests.conftest import Cast
from tests.pages.past import change, make_assistant
from tests.pages.reading import tight

pytestmark = pytest.mark.django_db


@pytest.fixture
def support(cast: Cast) -> Assistant:
    return change(make_assistant(cast.workspace, temperature=0), temperature=1)


@pytest.fixture
def sales(cast: Cast) -> Assistant:
    return make_assistant(cast.workspace, name="Sales", instructions="Be kind.\nSell.")


def address(assistant: Assistant, page: str = "") -> str:
    return f"/w/main/assistants/{assistant.pk}/compare/{page}"


def text_of(cast: Cast, path: str, who: str = "viewer") -> str:
    response = cast.client(who).get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_any_version_of_two_assistants(cast: Cast, support: Assistant, sales: Assistant) -> None:
    text = text_of(cast, address(support, f"1..{sales.pk}@live/"), "publisher")
    assert "v1 of Support" in text
    assert "Live (v1) of Sales" in text
    assert "Be <del>brief</del>" in text or "<del>Be brief</del>" in text
    assert "3 fields" in text
    assert f"/assistants/{support.pk}/restore/1/" in text
    swapped = f"/assistants/{support.pk}/compare/{sales.pk}@live..1/"
    assert swapped in text
    text = text_of(cast, f"/w/main{swapped}", "publisher")
    assert "/restore/" not in text, "a version of another assistant cannot be restored here"


def test_ones_own_draft_of_the_other(cast: Cast, support: Assistant, sales: Assistant) -> None:
    Draft.objects.create(assistant=sales, user=cast.editor.user, content={"model": "mine"})
    path = address(support, f"live..{sales.pk}@draft/")
    assert "Your draft of Sales" in text_of(cast, path, "editor")
    assert cast.client("admin").get(path).status_code == 404


@pytest.mark.parametrize("side", ["{foreign}@live", "9999@live", "x@live", "@@live", "1@9"])
def test_nothing_of_elsewhere(cast: Cast, support: Assistant, side: str) -> None:
    give_registry(cast.stranger.workspace)
    foreign = make_assistant(cast.stranger.workspace)
    path = address(support, f"live..{side.format(foreign=foreign.pk)}/")
    assert cast.client("viewer").get(path).status_code == 404


def test_as_json_it_names_the_other_and_notes_both_exports(
    cast: Cast, support: Assistant, sales: Assistant
) -> None:
    path = address(support, f"live..{sales.pk}@1/")
    found = cast.client("viewer").get(f"{path}?format=json").json()
    assert found["assistant"] == support.remote_id
    assert found["new"]["assistant"] == sales.remote_id
    assert "assistant" not in found["old"]
    assert "instructions" in found["changed"]
    noted = AuditEvent.objects.filter(kind=EventKind.EXPORT).values_list("details", flat=True)
    assert {details["assistant"] for details in noted} == {support.pk, sales.pk}


def test_the_page_offers_others_and_leads_to_versions(
    cast: Cast, support: Assistant, sales: Assistant
) -> None:
    text = text_of(cast, address(support))
    assert address(support, f"live..{sales.pk}@live/") in text
    assert address(support, f"live..{support.pk}@live/") not in text
    assert "Sales" not in text_of(cast, address(support, "?q=nothing-like-it"))
    client = cast.client("viewer")
    chosen = client.get(address(support, f"?a=1&b=LIVE&b_of={sales.pk}"))
    assert chosen["Location"] == address(support, f"1..{sales.pk}@live/")
    assert client.get(address(support, "?a=1&b=../x")).status_code == 200


# Bounds.


def test_unchanged_lines_beyond_the_limit_are_only_counted(cast: Cast) -> None:
    lines = ["# Tone", *(f"Line {number} stays as it is." for number in range(8_000))]
    row = make_assistant(cast.workspace, instructions="\n".join(lines))
    lines[4_000] = "Changed."
    row = change(row, instructions="\n".join(lines))
    text = tight(text_of(cast, address(row, "1..2/")))
    assert len(text) < 60_000
    found = re.findall(r"(\d+) unchanged lines\s*below<bdi>“Tone”</bdi>", text)
    assert found == ["3998", "3998"]
    assert 'href="?all=1#change-instructions"' in text
    whole = text_of(cast, address(row, "1..2/?all=1"))
    assert "Line 17 stays" in whole
    assert "?all=1#" not in whole


def test_a_rewrite_of_signs_stays_small(cast: Cast) -> None:
    row = make_assistant(cast.workspace, instructions="<&>" * 80_000)
    row = change(row, instructions="&<'" * 80_000)
    text = text_of(cast, address(row, "1..2/"))
    assert len(text) < PAGE_LIMITS.change + 60_000
    assert "Show all of it." in text


def test_nothing_is_compared_for_a_client_that_left(cast: Cast, support: Assistant) -> None:
    server, browser = socket.socketpair()
    client, path = cast.client("viewer"), address(support, "1..2/")
    with server:
        around: Any = {"gunicorn.socket": server}
        assert client.get(path, **around).status_code == 200
        browser.close()
        left = client.get(path, **around)
        assert (left.status_code, left.content) == (499, b"")
        assert client.post(path, **around).status_code == 405, "only what reads is cut short"
