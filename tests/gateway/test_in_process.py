"""The built-in registry is called in process: same requests, no network."""

import io
import json
import time
from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from assistants.gateway import Endpoint, Gateway, NothingChanged, Refused, ServerTrouble, Timeouts
from tests.gateway.wire import ASSISTANT

REGISTRY = Endpoint("registry")


class Application:
    """A WSGI application that always gives the same answer and keeps what it was asked."""

    def __init__(self, answer: Any, status: str = "200 OK") -> None:
        self.answer, self.status = answer, status
        self.environs: list[dict[str, Any]] = []
        self.bodies: list[bytes] = []

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        self.environs.append(environ)
        body: io.BytesIO = environ["wsgi.input"]
        self.bodies.append(body.read(int(environ.get("CONTENT_LENGTH") or 0)))
        start(self.status, [("Content-Type", "application/json"), ("ETag", '"7"')])
        return [json.dumps(self.answer).encode()]

    @property
    def gateway(self) -> Gateway:
        return Gateway(REGISTRY, application=self, timeouts=Timeouts(pause=0))


def test_a_call_carries_everything_but_credentials() -> None:
    application = Application(ASSISTANT)
    body = {"instructions": "Grüße 🙂"}
    stored = application.gateway.modify("asst_abc123", body, trace_id="t", if_match='"6"')
    (environ,) = application.environs
    told = {k: v for k, v in environ.items() if not k.startswith("wsgi.")}
    assert told == {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/v1/assistants/asst_abc123",
        "QUERY_STRING": "",
        "SERVER_NAME": "registry",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "registry",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(application.bodies[0])),
        "HTTP_OPENAI_BETA": "assistants=v2",
        "HTTP_ACCEPT": "application/json",
        "HTTP_ACCEPT_ENCODING": "identity",
        "HTTP_USER_AGENT": "assistants-admin/1",
        "HTTP_X_PORTKEY_TRACE_ID": "t",
        "HTTP_IF_MATCH": '"6"',
    }
    assert json.loads(application.bodies[0]) == body
    assert stored.etag == '"7"'


def test_errors_are_those_of_the_network() -> None:
    refusal = {"error": {"message": "No.", "code": "invalid_type", "param": "name"}}
    with pytest.raises(Refused) as caught:
        Application(refusal, "400 Bad Request").gateway.create({})
    assert caught.value.code == "invalid_type"
    with pytest.raises(ServerTrouble):
        Application({}, "500 Internal Server Error").gateway.create({})


def test_past_the_deadline_nothing_is_called() -> None:
    application = Application(ASSISTANT)
    with pytest.raises(NothingChanged):
        application.gateway.modify("asst_abc123", {}, deadline=time.monotonic() - 1)
    assert application.environs == []


def test_a_client_and_a_call_cost_well_under_a_millisecond() -> None:
    application = Application(ASSISTANT)
    application.gateway.retrieve("asst_abc123")
    best = min(_seconds(application) for _ in range(5))
    assert best < 0.001


def _seconds(application: Application, calls: int = 50) -> float:
    started = time.process_time()
    for _ in range(calls):
        application.gateway.retrieve("asst_abc123")
    return (time.process_time() - started) / calls
