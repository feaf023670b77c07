"""What Azure's and Portkey's SDKs send: keys in headers of their own, odd addresses and models."""

from collections.abc import Mapping
from itertools import product

import httpx
import pytest
from django.test import Client
from django.utils import timezone
from openai import AzureOpenAI
from pytest_django import DjangoAssertNumQueries, Settings

from admin_ui.accounts.keys.keys import revoke_api_key
from admin_ui.accounts.models import ApiKey, Workspace
from assistants.gateway import Endpoint, Gateway
from tests.factories import make_api_key, make_workspace
from tests.registry import calls
from tests.registry.calls import Registry

OTHERS = ("api-key", "x-portkey-api-key")
PLACEHOLDERS = ("portkey", "not used", "sk-" + "x" * 48, "aa_" + "x" * 43)
WRONG = "Incorrect API key provided. Ask an admin of the workspace for a key."
SEVERAL = (
    "Two different API keys were provided, in two of the headers Authorization, api-key and "
    "x-portkey-api-key. Send only the one that this request is for."
)
OFFERS = "This registry offers /v1/assistants and /v1/models."


def asks(headers: Mapping[str, str | None], method: str = "GET", path: str = "/models") -> str:
    """Return what a request with these headers gets: "200", or status and message of a refusal."""
    answer = calls.by_key("")(method, path, None, {"Authorization": None, **headers})
    return str(answer.status) if answer.status == 200 else f"{answer.status} {answer.error[3]}"


@pytest.fixture
def secret(workspace: Workspace) -> str:
    ApiKey.objects.update(last_used_at=timezone.now())
    return make_api_key(workspace)[1]


@pytest.mark.parametrize("name", [*OTHERS, "API-Key", "X-PORTKEY-API-KEY"])
def test_a_key_in_the_header_of_an_sdk(name: str, secret: str) -> None:
    assert asks({name: secret}) == "200"
    assert asks({name: f" {secret} "}) == "200"
    assert asks({name: secret, "Authorization": "Basic YTpi"}) == "200"
    assert asks({name: f"Bearer {secret}"}) == f"401 {WRONG}"
    assert asks({name: "aa_wrong"}) == f"401 {WRONG}"
    assert asks({name: " "}).startswith("401 You didn't provide an API key.")


@pytest.mark.parametrize("placeholder", PLACEHOLDERS)
def test_a_placeholder_beside_a_key_does_not_lose(placeholder: str, secret: str) -> None:
    for name in OTHERS:
        assert asks({name: secret, "Authorization": f"Bearer {placeholder}"}) == "200"
        assert asks({name: placeholder, "Authorization": f"Bearer {secret}"}) == "200"
        assert (
            asks({name: placeholder, "Authorization": f"Bearer {placeholder}x"}) == f"401 {WRONG}"
        )


def test_the_same_key_everywhere(secret: str) -> None:
    everywhere = {**dict.fromkeys(OTHERS, secret), "Authorization": f"Bearer {secret}"}
    assert asks(everywhere) == "200"


def test_two_different_keys(workspace: Workspace, secret: str) -> None:
    here = make_api_key(workspace)[1]
    elsewhere = make_api_key(make_workspace("elsewhere"), can_write=False)[1]
    for other in (here, elsewhere):
        for first, second in (("Authorization", "api-key"), OTHERS, OTHERS[::-1]):
            one = f"Bearer {secret}" if first == "Authorization" else secret
            answer = calls.by_key("")("GET", "/models", None, {first: one, second: other})
            assert answer.error == (401, "invalid_api_key", None, SEVERAL)
            assert answer.headers["WWW-Authenticate"] == "Bearer"
            assert secret not in str(answer)
            assert other not in str(answer)


def test_a_revoked_key_beside_a_right_one_is_a_placeholder(workspace: Workspace) -> None:
    key, revoked = make_api_key(workspace)
    secret = make_api_key(workspace)[1]
    assert asks({"api-key": secret, "Authorization": f"Bearer {revoked}"}) == f"401 {SEVERAL}"
    revoke_api_key(key=key)
    assert asks({"api-key": secret, "Authorization": f"Bearer {revoked}"}) == "200"


def test_a_request_costs_one_query_with_any_number_of_keys(
    secret: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ApiKey.objects.update(last_used_at=timezone.now())
    for headers in (
        {"Authorization": f"Bearer {secret}"},
        {"api-key": secret},
        {"Authorization": "Bearer aa_x", "api-key": "aa_y", "x-portkey-api-key": secret},
    ):
        with django_assert_num_queries(1):
            assert asks(headers) == "200"


def test_a_request_is_one_wrong_attempt(workspace: Workspace, settings: Settings) -> None:
    settings.WEB_WORKERS, settings.API_WRONG_KEYS_PER_MINUTE = 1, 10
    wrong = {"Authorization": "Bearer aa_a", "api-key": "aa_b", "x-portkey-api-key": "aa_c"}
    right = {**wrong, "api-key": make_api_key(workspace)[1]}
    assert [asks(right) for _ in range(20)] == ["200"] * 20
    assert [asks(wrong)[:3] for _ in range(12)] == ["401"] * 10 + ["429"] * 2
    assert asks({"api-key": make_api_key(workspace)[1]})[:3] == "429"  # one nobody knows yet
    assert asks(right) == "200"  # one that has worked lately


def test_both_of_two_keys_pay(workspace: Workspace, settings: Settings) -> None:
    settings.WEB_WORKERS, settings.API_READS_PER_MINUTE = 1, 4
    one, other = (make_api_key(workspace)[1] for _ in range(2))
    both = {"Authorization": f"Bearer {one}", "api-key": other}
    assert [asks(both)[:3] for _ in range(5)] == ["401"] * 4 + ["429"]
    assert (asks({"api-key": one})[:3], asks({"api-key": other})[:3]) == ("429", "429")


def through_the_site(request: httpx.Request) -> httpx.Response:
    answer = Client().generic(
        request.method,
        request.url.raw_path.decode(),
        request.read(),
        "application/json",
        headers=dict(request.headers),
    )
    return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


def test_our_own_azure_profile(workspace: Workspace, secret: str) -> None:
    """The registry, behind a connection of the kind that sends `api-key` and `?api-version=`."""
    sent: list[httpx.Request] = []

    def noted(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return through_the_site(request)

    for base_url in ("https://testserver/v1", "https://testserver/v1/openai"):
        endpoint = Endpoint(
            profile="azure",
            base_url=base_url,
            credentials={"api_key": secret},
            options={"api_version": "2024-05-01-preview"},
        )
        gateway = Gateway(endpoint, transport=httpx.MockTransport(noted))
        made = gateway.create({"model": "gpt-5.2", "name": "Before"})
        changed = gateway.modify(made.id, {"name": "After"}, if_match=made.etag)
        assert gateway.retrieve(made.id).definition == changed.definition
        assert [item.id for item in gateway.list_all()] == [made.id]
        assert gateway.models()
        gateway.delete(made.id)
    assert {request.url.params["api-version"] for request in sent} == {"2024-05-01-preview"}
    assert not any("authorization" in request.headers for request in sent)


@pytest.mark.filterwarnings("ignore:deprecated:DeprecationWarning")
def test_azures_own_sdk(workspace: Workspace, secret: str) -> None:
    client = AzureOpenAI(
        azure_endpoint="https://testserver/v1",
        api_key=secret,
        api_version="2024-05-01-preview",
        max_retries=0,
        http_client=httpx.Client(transport=httpx.MockTransport(through_the_site)),
    )
    made = client.beta.assistants.create(model="gpt-5.2", name="Before")
    assert client.beta.assistants.update(made.id, name="After").name == "After"
    assert [one.id for one in client.beta.assistants.list()] == [made.id]


def test_the_placeholder_of_portkeys_sdk_is_no_model(registry: Registry) -> None:
    reason = (
        "Invalid value: 'portkey-default'. Portkey's SDK for Python sends this for a model that "
        "was not given. It would replace the assistant's model. Send the assistant's own model "
        "with each change, or use the openai SDK with this registry."
    )
    refused = (400, "invalid_value", "model", reason)
    made = registry.create(model="gpt-5.2", name="Before")
    path = f"/assistants/{made['id']}"
    rename = {"model": "portkey-default", "name": "After"}
    assert registry("POST", path, rename).error == refused
    assert registry("POST", "/assistants", rename).error == refused
    assert registry.retrieve(made["id"]) == made
    assert registry.modify(made["id"], model="portkey-default-2")["model"] == "portkey-default-2"


RUNNING = "It keeps assistants and runs none."
KNOWLEDGE = "It keeps no files."
MODELS = "It runs no models."
ELSEWHERE = {
    "/threads": RUNNING,
    "/threads/": RUNNING,
    "/threads/runs": RUNNING,
    "/threads/thread_1/messages": RUNNING,
    "/threads/thread_1/runs/run_1": RUNNING,
    "/runs": RUNNING,
    "/openai/threads?api-version=2024-05-01-preview": RUNNING,
    "/files": KNOWLEDGE,
    "/files/file-1/content": KNOWLEDGE,
    "/uploads": KNOWLEDGE,
    "/vector_stores": KNOWLEDGE,
    "/vector_stores/vs_1/files": KNOWLEDGE,
    "/chat/completions": MODELS,
    "/completions": MODELS,
    "/responses": MODELS,
    "/embeddings": MODELS,
    "/openai/deployments/gpt-5.2/chat/completions": MODELS,
}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW")


def test_what_else_openais_api_has(registry: Registry) -> None:
    for (path, reason), method in product(ELSEWHERE.items(), METHODS):
        status, code, param, message = registry(method, path).error
        assert (status, code, param) == (404, None, None), (method, path)
        url = f"Invalid URL ({method} /v1{path.partition('?')[0]}). "
        assert message.startswith(f"{url}{OFFERS} {reason} "), message


def test_addresses_of_no_api(registry: Registry) -> None:
    for path in ("/", "/nowhere", "/assistants/", "/openai/", "/openai/deployments", "/thread"):
        message = f"Invalid URL (GET /v1{path}). {OFFERS}"
        assert registry("GET", path).error == (404, None, None, message)


def test_head_of_what_is_not_offered(secret: str) -> None:
    answer = Client().head("/v1/threads", headers={"api-key": secret})
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")


def test_changes_look_as_if_they_did_not_exist(by_key: Registry) -> None:
    for path in ("/changes", "/openai/changes"):
        message = f"Invalid URL (GET /v1{path}). {OFFERS}"
        assert by_key("GET", path).error == (404, None, None, message)
