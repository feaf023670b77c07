"""The official `openai` client for Python, unmodified, against the registry on a real server."""

from collections.abc import Iterator

import openai
import pytest
from openai import OpenAI
from openai.types.beta import FunctionTool
from pytest_django.live_server_helper import LiveServer

from admin_ui.accounts.models import Workspace
from tests.factories import make_api_key

# The client warns on each call that OpenAI no longer offers this API; here it lives on.
pytestmark = pytest.mark.filterwarnings("ignore:deprecated:DeprecationWarning")


def connect(live_server: LiveServer, secret: str) -> OpenAI:
    return OpenAI(
        base_url=f"{live_server.url}/v1",
        api_key=secret,
        max_retries=0,
        _strict_response_validation=True,
    )


@pytest.fixture
def client(live_server: LiveServer, workspace: Workspace) -> Iterator[OpenAI]:
    with connect(live_server, make_api_key(workspace)[1]) as client:
        yield client


def test_the_life_of_an_assistant(client: OpenAI) -> None:
    created = client.beta.assistants.create(
        model="gpt-5",
        name="Reisekosten 🧳",
        instructions="Be kind.\nNever guess. " * 500,
        tools=[
            {"type": "code_interpreter"},
            {"type": "file_search", "file_search": {"max_num_results": 5}},
            {
                "type": "function",
                "function": {"name": "get_rate", "parameters": {"type": "object"}},
            },
        ],
        tool_resources={"file_search": {"vector_store_ids": ["vs_1"]}},
        metadata={"team": "hr"},
        temperature=0.5,
        reasoning_effort="low",
        response_format={"type": "json_object"},
    )
    assert created.name == "Reisekosten 🧳"
    assert isinstance(created.tools[2], FunctionTool)
    assert created.tools[2].function.name == "get_rate"
    assert client.beta.assistants.retrieve(created.id) == created

    updated = client.beta.assistants.update(
        created.id, name=None, instructions="Be brief.", tools=[], metadata={"owner": "Ada"}
    )
    assert (updated.name, updated.instructions, updated.tools) == (None, "Be brief.", [])
    assert updated.metadata == {"owner": "Ada"}
    assert updated.temperature == 0.5
    assert client.beta.assistants.update(created.id) == updated

    gone = client.beta.assistants.delete(created.id)
    assert (gone.id, gone.object, gone.deleted) == (created.id, "assistant.deleted", True)


def test_what_the_official_suite_calls(client: OpenAI) -> None:
    with client.beta.assistants.with_streaming_response.create(model="gpt-4o") as streamed:
        assert streamed.parse().model == "gpt-4o"
    raw = client.beta.assistants.with_raw_response.create(
        model="gpt-4o",
        description="description",
        instructions="instructions",
        metadata={"foo": "string"},
        name="name",
        reasoning_effort="none",
        response_format="auto",
        temperature=1,
        tool_resources={
            "code_interpreter": {"file_ids": ["string"]},
            "file_search": {
                "vector_store_ids": ["string"],
                "vector_stores": [
                    {
                        "chunking_strategy": {"type": "auto"},
                        "file_ids": ["string"],
                        "metadata": {"foo": "string"},
                    }
                ],
            },
        },
        tools=[{"type": "code_interpreter"}],
        top_p=1,
    )
    assert raw.headers["x-request-id"]
    assert raw.parse().response_format == "auto"


def test_pages_are_turned_by_themselves(client: OpenAI) -> None:
    created = [client.beta.assistants.create(model="gpt-5").id for _ in range(7)]
    listed = [item.id for item in client.beta.assistants.list(limit=3)]
    assert listed == created[::-1]
    assert [item.id for item in client.beta.assistants.list(limit=2, order="asc")] == created
    page = client.beta.assistants.list(limit=3, after=created[5])
    assert ([item.id for item in page.data], page.has_next_page()) == (created[4:1:-1], True)


def test_deleting_while_listing(client: OpenAI) -> None:
    for _ in range(7):
        client.beta.assistants.create(model="gpt-5")
    for item in client.beta.assistants.list(limit=3):
        client.beta.assistants.delete(item.id)
    assert client.beta.assistants.list().data == []


def test_models(client: OpenAI) -> None:
    names = [model.id for model in client.models.list()]
    assert "gpt-5.2" in names
    assert client.models.retrieve("gpt-5.2").id == "gpt-5.2"


def test_errors_are_typed(client: OpenAI, live_server: LiveServer, workspace: Workspace) -> None:
    with pytest.raises(openai.NotFoundError) as missing:
        client.beta.assistants.retrieve("asst_nobody")
    assert "No assistant found with id 'asst_nobody'." in missing.value.message
    with pytest.raises(openai.BadRequestError) as too_long:
        client.beta.assistants.create(model="gpt-5", name="x" * 257)
    assert (too_long.value.code, too_long.value.param, too_long.value.type) == (
        *("string_above_max_length", "name"),
        "invalid_request_error",
    )
    assert too_long.value.request_id
    reader = make_api_key(workspace, can_write=False)[1]
    with connect(live_server, reader) as limited, pytest.raises(openai.PermissionDeniedError):
        limited.beta.assistants.create(model="gpt-5")
    stranger = connect(live_server, "aa_wrong")
    with stranger, pytest.raises(openai.AuthenticationError) as unknown:
        stranger.beta.assistants.list()
    assert unknown.value.code == "invalid_api_key"


def test_compressed_answers_keep_their_etag_usable(client: OpenAI) -> None:
    """The client asks for gzip, which makes the ETag a weak one on its way."""
    created = client.beta.assistants.with_raw_response.create(
        model="gpt-5", instructions="x" * 5000
    )
    etag = created.headers["etag"]
    assert etag.startswith("W/")
    public_id = created.parse().id
    changed = client.beta.assistants.update(public_id, name="A", extra_headers={"If-Match": etag})
    assert changed.name == "A"
    with pytest.raises(openai.APIStatusError) as stale:
        client.beta.assistants.update(public_id, name="B", extra_headers={"If-Match": etag})
    assert (stale.value.status_code, stale.value.code) == (412, "precondition_failed")
