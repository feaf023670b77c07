"""Testing a connection says what works, and what does not."""

import pytest

from assistants.gateway import Endpoint
from assistants.models import Connection
from assistants.services.connections.saving import write_connection
from tests.conftest import Cast
from tests.pages.connecting import ROOT, text_of
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
    assert {method for method, _path, _body in remote.requests} == {"GET"}, "nothing is changed"


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
