"""Testing a connection says what works, and what does not."""

import re
from typing import Any

import pytest

from assistants.gateway import Endpoint
from assistants.models import Connection
from assistants.services.connections.saving import write_connection
from tests.conftest import Cast
from tests.pages.connecting import NEW, PORTKEY, ROOT, add, text_of
from tests.pages.reading import tight
from tests.upstream import FaultSpec, Upstream


@pytest.mark.django_db(transaction=True)
def test_testing_says_what_works(cast: Cast, connection_to: Connection) -> None:
    path = f"{ROOT}{connection_to.pk}/test/"
    text = cast.client("admin").post(path, headers={"HX-Request": "true"}).content.decode()
    assert "It works." in text
    response = cast.client("admin").post(path, follow=True)
    assert "Production works." in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_testing_says_what_does_not_and_the_trouble_stays_in_sight(cast: Cast) -> None:
    row = write_connection(
        Connection(workspace=cast.workspace),
        name="Closed",
        endpoint=Endpoint(
            profile="openai",
            base_url="http://127.0.0.1:9/v1",
            credentials={"api_key": "sk-secret"},
        ),
        is_default=False,
    )
    text = (
        cast.client("admin")
        .post(f"{ROOT}{row.pk}/test/", headers={"HX-Request": "true"})
        .content.decode()
    )
    assert "It does not work." in text
    assert "GATEWAY_PRIVATE_HOSTS" in text
    assert "sk-secret" not in text
    assert "This address is private" in text_of(cast.client("viewer"))


@pytest.mark.django_db(transaction=True)
def test_an_answer_replaces_what_the_page_says_of_earlier_trouble(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    client, path = cast.client("admin"), f"{ROOT}{connection_to.pk}/test/"
    remote.gone = True
    parts = parts_of(client.post(path, headers={"HX-Request": "true"}))
    assert "Needs attention" in parts["chip"]
    assert GONE in parts["trouble"]
    shown = client.get(ROOT).content.decode()
    assert all(shown.count(f'id="{part}-{connection_to.pk}"') == 1 for part in parts)
    remote.gone = False
    parts = parts_of(client.post(path, headers={"HX-Request": "true"}))
    assert re.sub(r"<[^>]*>|\s", "", parts["chip"] + parts["trouble"]) == ""
    assert "now" in parts["answered"]


def parts_of(answer: Any) -> dict[str, str]:
    """Return what an answer puts elsewhere on the page, by the part that it replaces."""
    text = answer.content.decode()
    part = r'id="(\w+)-\d+"[^>]*hx-swap-oob="true">(.*?)(?=<\w+ id=|\Z)'
    found = re.findall(part, text, re.DOTALL)
    assert [name for name, _html in found] == ["chip", "trouble", "answered"]
    return dict(found)


NOBODYS = "/v1/assistants/asst_000000000000000000000000"
LISTED = "This gateway answers, but it does not return single assistants (405)."
UNLISTED = "This gateway answers, but it does not list its assistants (405)."
GONE = "This address does not offer assistants, or no longer does."


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_empty", [True, False])
def test_testing_tells_a_gateway_that_lacks_a_call_from_one_without_assistants(
    cast: Cast, remote: Upstream, connection_to: Connection, is_empty: bool
) -> None:
    if not is_empty:
        remote.add(name="One")
    client, path = cast.client("admin"), f"{ROOT}{connection_to.pk}/test/"

    def found() -> tuple[str, str]:
        text = client.post(path, headers={"HX-Request": "true"}).content.decode()
        said = next((said for said in (LISTED, UNLISTED, GONE, "It works.") if said in text), "")
        connection_to.refresh_from_db()
        return said, connection_to.trouble

    assert found() == ("It works.", "")
    remote.not_allowed = frozenset({"GET one"})
    assert found() == (LISTED, "cannot_read")
    assert LISTED in text_of(client), "until it answers"
    remote.not_allowed = frozenset({"GET list"})
    assert found() == (UNLISTED, "cannot_list")
    remote.not_allowed, remote.gone = frozenset(), True
    assert found() == (GONE, "endpoint_gone")
    remote.gone = False
    assert found() == ("It works.", "")
    written = [(path, body) for method, path, body in remote.requests if method != "GET"]
    assert written == [(NOBODYS, {})] * 2, "nothing is changed"


@pytest.mark.django_db(transaction=True)
def test_a_listed_assistant_that_cannot_be_read_fails_the_test(
    cast: Cast, remote: Upstream, connection_to: Connection
) -> None:
    path = f"{ROOT}{connection_to.pk}/test/"
    client = cast.client("admin")
    for is_listed, verdict in ((False, "It works."), (True, "It does not work.")):
        if is_listed:
            remote.add(name="One")
        remote.fail_next("GET", FaultSpec(applied=True))
        remote.fail_next("GET", FaultSpec(status=400, body="{}"))
        assert verdict in client.post(path, headers={"HX-Request": "true"}).content.decode()


def steps_in(page: str) -> dict[str, str]:
    """What the result of a test says of each step."""
    found = re.findall(r"<li[^>]*>.*?</svg>(.*?)<span[^>]*>(.*?)</span>", tight(page), re.S)
    return {step.strip(): said.strip() for step, said in found}


STEPS = ("Reach the address", "Sign in", "List assistants", "Read an assistant")
CHANGE = "Change an assistant"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("method", "status", "title", "said"),
    [
        ("GET", 401, "It does not work.", ("works", "fails", "not known", "not known")),
        ("GET", 404, "It does not work.", ("works", "not known", "fails", "not known")),
        ("POST", 403, "It works for reading only.", ("works",) * 4 + ("fails",)),
        ("POST", 405, "It works for reading only.", ("works",) * 4 + ("fails",)),
        ("POST", 503, "Assistants can be read.", ("works",) * 4 + ("not known",)),
        ("POST", 400, "It works.", ("works",) * 5),
        ("", 0, "It works.", ("works",) * 5),
    ],
)
def test_each_step_is_named_with_its_result(
    cast: Cast,
    remote: Upstream,
    connection_to: Connection,
    method: str,
    status: int,
    title: str,
    said: tuple[str, ...],
) -> None:
    if method:
        remote.fail_next(method, FaultSpec(status=status, body="{}"))
    path, client = f"{ROOT}{connection_to.pk}/test/", cast.client("admin")
    page = client.post(path, headers={"HX-Request": "true"}).content.decode()
    assert title in page
    whole = dict.fromkeys((*STEPS, CHANGE), "not known") | dict(
        zip((*STEPS, CHANGE), said, strict=False)
    )
    assert steps_in(page) == whole
    connection_to.refresh_from_db()
    assert bool(connection_to.trouble) == (title == "It does not work.")


@pytest.mark.django_db(transaction=True)
def test_a_key_that_may_only_read_is_told_without_scripts_too(
    cast: Cast, remote: Upstream, connection_to: Connection
) -> None:
    path = f"{ROOT}{connection_to.pk}/test/"
    for status, told in ((403, "Production works for reading only."), (503, "can be read.")):
        remote.fail_next("POST", FaultSpec(status=status, body="{}"))
        assert told in tight(cast.client("admin").post(path, follow=True).content.decode())


def test_an_address_that_is_not_reached_and_keys_that_cannot_be_read(cast: Cast) -> None:
    private = add(cast, profile="openai", base_url="http://127.0.0.1:9/v1", api_key="k")
    unreadable = add(cast, name="Sealed")
    Connection.objects.filter(pk=unreadable.pk).update(credentials="sealed with a lost key")
    for row, failing in ((private, "Reach the address"), (unreadable, "Sign in")):
        path = f"{ROOT}{row.pk}/test/"
        page = cast.client("admin").post(path, headers={"HX-Request": "true"}).content.decode()
        said = steps_in(page)
        assert said.pop(failing) == "fails"
        assert set(said.values()) == {"not known"}


def test_what_was_saved_is_tested_once_by_the_next_page(cast: Cast) -> None:
    client = cast.client("admin")
    saved = client.post(NEW, PORTKEY)
    first, second = (client.get(saved["Location"]).content.decode() for _ in range(2))
    assert (first.count("Testing …"), second.count("Testing …")) == (1, 0)
