"""A SAML provider in a process of its own, and a browser's way through it."""

import base64
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from urllib.request import ProxyHandler, build_opener

import pytest
from django.test import Client

START = "/accounts/saml/okta/"
ANSWER, FINISH, METADATA = f"{START}answer/", f"{START}finish/", f"{START}metadata/"
ROOT = Path(__file__).resolve().parents[2]


class SamlProcess:
    """Speaks to the process of `saml_idp`."""

    def __init__(self, found: dict[str, str]) -> None:
        self.address, self.certificate, self.other = found["address"], found["own"], found["other"]

    def post(self, path: str, body: Any) -> Any:
        opener = build_opener(ProxyHandler({}))  # nothing of it leaves this machine
        with opener.open(self.address + path, json.dumps(body).encode(), timeout=20) as answer:
            return json.load(answer)

    def answer(self, asked: dict[str, str], **options: Any) -> str:
        """Return the XML of an answer to a request; `claims` add to those of Zoë."""
        claims = {"mail": "zoe@example.org", "displayName": "Zoë"} | options.pop("claims", {})
        kept = {name: value for name, value in claims.items() if value is not None}
        request = {"request": asked["SAMLRequest"], "claims": kept, **options}
        return str(self.post("/answer", request))


@contextmanager
def running(folder: Path) -> Iterator[SamlProcess]:
    """Start the provider. Without xmlsec1 its tests are left out, but never under CI."""
    if shutil.which("xmlsec1") is None:
        leave_out = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        leave_out("xmlsec1 is not installed, so there is no SAML provider to test with.")
    command = [sys.executable, "-m", "tests.identity.saml_idp", str(folder)]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as process:
        assert process.stdout
        assert process.stdin
        yield SamlProcess(json.loads(process.stdout.readline()))
        process.stdin.close()


def begin(client: Client, next_page: str = "") -> dict[str, str]:
    """Begin to sign in; returns what the browser is sent to the provider with."""
    answer = client.get(START, {"next": next_page} if next_page else {})
    assert answer.status_code == 302
    return dict(parse_qsl(urlsplit(answer["Location"]).query, keep_blank_values=True))


def come_back(client: Client, xml: str, **more: str) -> Any:
    """Post an answer as the page of the provider does, and follow it; returns the last answer."""
    encoded = base64.b64encode(xml.encode()).decode()
    posted = Client().post(ANSWER, {"SAMLResponse": encoded, **more})  # it has no session cookie
    for name, cookie in posted.cookies.items():
        client.cookies[name] = cookie.value
    return client.get(posted["Location"]) if posted["Location"] == FINISH else posted


def sign_in_by(client: Client, idp: SamlProcess, **options: Any) -> Any:
    """Sign in at the provider as somebody with these claims; returns the last answer."""
    return come_back(client, idp.answer(begin(client), **options))
