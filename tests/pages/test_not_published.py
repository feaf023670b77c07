"""A publish that fails: the page says why and where, and keeps draft and note."""

import json
import re

import pytest

from assistants.models import Assistant, Connection
from assistants.services.editing.drafts import draft_of
from tests.conftest import Cast
from tests.pages.reading import fields_of, tight
from tests.pages.reviewing import address, assert_published, text_of, write_draft
from tests.services.conftest import Make
from tests.upstream import FaultSpec, Upstream, refused

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_refusal_stands_at_its_field_here_and_in_the_editor(
    cast: Cast, published: Make, connection_to: Connection, remote: Upstream
) -> None:
    assistant = published(connection_to)
    write_draft(cast.publisher, assistant, temperature=1.5, name="Better")
    remote.fail_next("POST", refused("Too warm <for> us.", param="temperature"))
    client = cast.client("publisher")

    response = client.post(address(assistant), {"note": "My reason"})

    assert response.status_code == 422
    page = text_of(response)
    assert f'{address(assistant, "edit")}#id_temperature">Temperature</a>' in page
    assert "Too warm &lt;for&gt; us." in page
    assert fields_of(response)["note"] == "My reason"
    editor = text_of(client.get(address(assistant, "edit")))
    assert 'id="error_temperature"' in editor
    assert "Too warm &lt;for&gt; us." in editor
    assert draft_of(user=cast.publisher.user, assistant=assistant)


def test_what_breaks_a_limit_is_told_at_its_field(cast: Cast, live: Assistant) -> None:
    write_draft(cast.publisher, live, metadata={"team": "x" * 513})

    response = cast.client("publisher").post(address(live), {"note": ""})

    assert response.status_code == 422
    assert "edit/#id_metadata-0-value" in text_of(response)
    assert "The limit is 512 characters" in text_of(response)


FASTAPI = {
    "detail": [
        {"type": "extra", "loc": ["body", "tools", 1, "function", "name"], "msg": "No <such> name."}
    ]
}
EMPTY = re.compile(r"<(a|strong)\b[^>]*>\s*</")


@pytest.mark.parametrize(
    ("fault", "link", "row"),
    [
        (refused("Just <no>."), "", ""),
        (refused("Just <no>.", param="None"), "", ""),
        (FaultSpec(status=401, body='{"error": {"message": "Just <no>."}}'), "", ""),
        (FaultSpec(status=400, body='{"status": "failure", "message": "<no>"}'), "", ""),
        (
            FaultSpec(status=422, body=json.dumps(FASTAPI)),
            '#id_function-0-name">get_rate: Name</a>:',
            "error_function-0-name",
        ),
        (
            refused("<no>", param="tools.1.function"),
            '#row_function-0">get_rate</a>:',
            "row_function-0",
        ),
    ],
)
def test_a_refusal_leads_to_what_it_is_about(
    cast: Cast,
    published: Make,
    connection_to: Connection,
    remote: Upstream,
    fault: FaultSpec,
    link: str,
    row: str,
) -> None:
    assistant = published(connection_to)
    function = {"type": "function", "function": {"name": "get_rate", "parameters": {}}}
    write_draft(cast.publisher, assistant, tools=[{"type": "code_interpreter"}, function])
    remote.fail_next("POST", fault)
    client = cast.client("publisher")

    response = client.post(address(assistant), {"note": ""})

    assert response.status_code == 422
    editor = text_of(client.get(address(assistant, "edit")))
    root = address(assistant, "edit")
    told, in_editor = (
        tight(page.partition("error-summary")[2].partition("</section>")[0])
        for page in (text_of(response), editor)
    )
    assert not EMPTY.search(told), told
    if link:
        assert re.search(rf'<li><a href="{re.escape(root + link)}\s*The gateway refused', told)
        assert re.search(rf'<li><a href="{re.escape(link)}\s*The gateway refused', in_editor)
    else:
        assert "<li>The gateway" in told
        assert "<a " not in told
        assert in_editor == "", "the banner on top says it"
    assert "The gateway refused the last change. The live version is unchanged." in editor
    assert not row or f'id="{row}"' in editor


def test_a_gateway_that_cannot_be_read_keeps_draft_and_note(
    cast: Cast, published: Make, connection_to: Connection, remote: Upstream
) -> None:
    assistant = published(connection_to)
    write_draft(cast.publisher, assistant, name="Better")
    for _attempt in range(3):
        remote.fail_next("GET", FaultSpec(status=503, body="{}"))

    response = cast.client("publisher").post(address(assistant), {"note": "My reason"})

    assert response.status_code == 502
    assert "Nothing was sent, and the draft is kept." in text_of(response)
    assert fields_of(response)["note"] == "My reason"


@pytest.mark.parametrize(
    ("method", "fault", "wait", "said"),
    [
        (
            "POST",
            FaultSpec(status=429, body="no"),
            None,
            "The gateway did not say when to try again.",
        ),
        (
            "POST",
            FaultSpec(status=429, body="no", retry_after="40"),
            "40",
            "Not delivered. The live version is unchanged. The gateway received too many"
            " requests, so nothing was changed. Try again in 40 seconds. It said: “no”",
        ),
        (
            "GET",
            FaultSpec(status=429, body="no", retry_after="Fri, 31 Dec 9999 23:59:59 GMT"),
            "86400",
            "Try again in 24 hours. It said: “no” Nothing was sent, and the draft is kept.",
        ),
        ("GET", FaultSpec(status=503, body="no", retry_after="40"), "40", "in 40 seconds."),
    ],
)
def test_what_did_not_arrive_is_told_with_its_time_and_kept(
    cast: Cast,
    published: Make,
    connection_to: Connection,
    remote: Upstream,
    method: str,
    fault: FaultSpec,
    wait: str | None,
    said: str,
) -> None:
    assistant = published(connection_to)
    write_draft(cast.publisher, assistant, name="Better")
    remote.fail_next(method, fault)
    client = cast.client("publisher")

    response = client.post(address(assistant), {"note": ""})

    assert (response.status_code, response.get("Retry-After")) == (502, wait)
    assert said in text_of(response)
    assert "Try again in" not in text_of(client.get(address(assistant, "history")))
    assert draft_of(user=cast.publisher.user, assistant=assistant)


@pytest.mark.slow
def test_a_write_in_doubt_leads_to_the_history_with_a_warning(
    cast: Cast, published: Make, connection_to: Connection, remote: Upstream
) -> None:
    assistant = published(connection_to)
    write_draft(cast.publisher, assistant, name="Better")
    remote.fail_next("POST", FaultSpec(reset=True))
    client = cast.client("publisher")
    reads = [FaultSpec()] + [FaultSpec(status=503, body="{}")] * 3
    client.get(address(assistant))
    # The first read is the one before the write; those after it fail.
    remote.faults += [("GET", spec) for spec in reads[1:]]
    remote.faults.insert(0, ("GET", FaultSpec(applied=True)))

    response = client.post(address(assistant), {"note": ""})

    assert_published(response, assistant)
    assert "not certain" in text_of(client.get(address(assistant, "history")))


def test_what_the_gateway_stored_differently_is_said(
    cast: Cast, published: Make, connection_to: Connection, remote: Upstream
) -> None:
    assistant = published(connection_to)
    write_draft(cast.publisher, assistant, name="Better")
    remote.rewrite = lambda row: {"description": "Ours."}
    client = cast.client("publisher")

    assert_published(client.post(address(assistant), {"note": ""}), assistant)

    page = text_of(client.get(address(assistant, "history")))
    assert "stored something different: Description." in page


def test_an_assistant_that_is_gone_is_told(
    cast: Cast, published: Make, connection_to: Connection, remote: Upstream
) -> None:
    assistant = published(connection_to)
    write_draft(cast.publisher, assistant, name="Better")
    remote.assistants.clear()

    response = cast.client("publisher").post(address(assistant), {"note": ""})

    assert response.status_code == 409
    assert "no longer has this assistant" in text_of(response)
    assert draft_of(user=cast.publisher.user, assistant=assistant)
