"""The upstream of these tests speaks the protocol of the registry, or they would prove little."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace

import pytest

from assistants.gateway import Changed, Endpoint, Gateway, GatewayError
from tests import upstream
from tests.faults.catalogue import FAULTS
from tests.upstream import FaultSpec, Upstream
from tests.upstream.state import Asked


@pytest.fixture
def remote() -> Iterator[Upstream]:
    state, server = upstream.start()
    yield state
    server.shutdown()
    server.server_close()


@pytest.fixture
def gateway(remote: Upstream) -> Gateway:
    endpoint = Endpoint("openai", remote.url, {"api_key": "sk-secret"}, {})
    return Gateway(endpoint, private_hosts=["127.0.0.1"])


def test_the_list_comes_in_pages_in_both_directions(remote: Upstream, gateway: Gateway) -> None:
    ids = [remote.add(name=f"Number {number}")["id"] for number in range(5)]
    first = gateway.list_page(limit=2)
    assert [item.id for item in first.items] == [ids[4], ids[3]]
    second = gateway.list_page(limit=2, after=first.next_after)
    assert [item.id for item in second.items] == [ids[2], ids[1]]
    last = gateway.list_page(limit=2, after=second.next_after)
    assert ([item.id for item in last.items], last.next_after) == ([ids[0]], None)
    assert [item.id for item in gateway.list_page(order="asc").items] == ids


def test_a_list_names_its_ends_and_whether_there_is_more(remote: Upstream) -> None:
    ids = [remote.add()["id"] for _ in range(3)]
    asked = Asked.of("GET", "/v1/assistants?limit=2&order=asc", None, None)
    page = remote.carry_out(asked).value
    assert (page["first_id"], page["last_id"], page["has_more"]) == (ids[0], ids[1], True)
    beyond = Asked.of("GET", "/v1/assistants?limit=101", None, None)
    assert remote.carry_out(beyond).status == 400


def test_tags_are_given_and_honoured_when_asked_for(remote: Upstream, gateway: Gateway) -> None:
    remote_id = remote.add(name="One")["id"]
    assert gateway.retrieve(remote_id).etag is None
    remote.etags = True
    before = gateway.retrieve(remote_id).etag
    assert gateway.modify(remote_id, {"name": "Two"}, if_match=before).etag != before
    for write in (
        lambda: gateway.modify(remote_id, {"name": "Three"}, if_match=before),
        lambda: gateway.delete(remote_id, if_match=before),
    ):
        with pytest.raises(Changed):
            write()
    assert remote.assistants[remote_id]["name"] == "Two"


def test_metadata_is_replaced_or_merged(remote: Upstream, gateway: Gateway) -> None:
    remote_id = remote.add(metadata={"a": "1"})["id"]
    changed = gateway.modify(remote_id, {"metadata": {"b": "2"}})
    assert changed.definition.value("metadata") == {"b": "2"}
    remote.merges_metadata = True
    changed = gateway.modify(remote_id, {"metadata": {"c": "3"}})
    assert changed.definition.value("metadata") == {"b": "2", "c": "3"}


@pytest.mark.parametrize(
    ("what", "lands"),
    [
        (lambda spec: replace(spec, applied=False, late=False, store=None), False),
        (lambda spec: replace(spec, applied=True), True),
    ],
)
def test_every_answer_leaves_the_assistant_as_it_says(
    remote: Upstream, gateway: Gateway, what: Callable[[FaultSpec], FaultSpec], lands: bool
) -> None:
    for fault in FAULTS:
        spec = fault.write
        if spec is None or spec.hang or spec.vanish or spec.gone or spec.late:
            continue
        remote_id = remote.add(name="Before")["id"]
        remote.fail_next("POST", what(spec))
        with suppress(GatewayError):
            gateway.modify(remote_id, {"name": "After"})
        remote.faults.clear()
        remote.blind = False
        assert remote.assistants[remote_id]["name"] == ("After" if lands else "Before"), fault.name


def test_a_late_write_lands_only_when_it_is_let(remote: Upstream, gateway: Gateway) -> None:
    remote_id = remote.add(name="Before")["id"]
    remote.fail_next("POST", FaultSpec(status=504, body="late", late=True))
    with pytest.raises(GatewayError):
        gateway.modify(remote_id, {"name": "After"})
    assert remote.assistants[remote_id]["name"] == "Before"
    remote.land()
    assert (remote.assistants[remote_id]["name"], remote.carried_out) == ("After", ["POST"])
