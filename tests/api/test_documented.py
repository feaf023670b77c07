"""The script of docs/api.md, run as it is printed against a server on this machine."""

import json
import os
import re
import shlex
import subprocess
import sys
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from tests.api.calls import by_role
from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = Path(__file__).parents[2] / "docs" / "api.md"


def test_the_script_publishes_once(cast: Cast, live_server: LiveServer, tmp_path: Path) -> None:
    api = by_role(cast, "publisher")
    begun = {"definition": {"name": "Refunds", "model": "gpt-4o", "instructions": "Be kind."}}
    pk = api("POST", "assistants", begun).data["id"]
    api("POST", f"assistants/{pk}/publish", {})
    (tmp_path / "assistant.json").write_text(json.dumps({"temperature": 0.2}))
    (script,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.S)

    def run(number: str) -> subprocess.CompletedProcess[str]:
        settings = {
            "ASSISTANTS_API": f"{live_server.url}/api/w/main",
            "ASSISTANTS_KEY": api.secret,
            "ASSISTANT": str(pk),
            "RUN": number,
        }
        return subprocess.run(
            [sys.executable, "-c", script],
            cwd=tmp_path,
            env={**os.environ, **settings},
            capture_output=True,
            text=True,
            check=False,
        )

    assert run("7").stdout == "applied 2\n"
    assert run("8").stdout == "unchanged None\n"
    live = api("GET", f"assistants/{pk}").data["definition"]
    assert live == {**begun["definition"], "temperature": 0.2}
    assert api("GET", f"assistants/{pk}/history/2").data["note"] == "Run 7"
    (tmp_path / "assistant.json").write_text(json.dumps({"temperature": 9}))
    refused = run("9")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "422" in refused.stderr


def test_the_command_on_the_page_lists_assistants(cast: Cast, settings: Any) -> None:
    api = by_role(cast, "viewer")
    page = Client().get("/api/").content.decode()
    (command,) = re.findall(r'<pre id="curl"[^>]*>(.*?)</pre>', page, re.S)
    command = unescape(command).replace("\\\n", "").replace("WORKSPACE", "main")
    program, option, header, address = shlex.split(command.replace("$ASSISTANTS_KEY", api.secret))
    assert (program, option) == ("curl", "--header")
    name, _colon, value = header.partition(": ")
    answer = Client().get(address.removeprefix(settings.SITE_URL), headers={name: value})
    assert answer.status_code == 200
    assert answer.json() == api("GET", "assistants").data


def test_the_page_names_the_type_of_each_field(db: None) -> None:
    page = Client().get("/api/").content.decode()
    types = re.findall(r'<td class="mono small">(.*?)</td>', page, re.S)
    assert {"string", "object", "string | null"} <= set(types)
    assert all(re.fullmatch(r"\w+( \| \w+)?", name) for name in types)


def test_each_code_in_the_page_exists() -> None:
    source = " ".join(
        path.read_text()
        for folder in ("assistants/api", "assistants/gateway")
        for path in (PAGE.parents[1] / folder).rglob("*.py")
    )
    table: Any = re.findall(r"^\| (?:403|409|422|502|503) \| (.*?) \|", PAGE.read_text(), re.M)
    codes = re.findall(r"`([a-z_]+)`", " ".join(table))
    assert len(codes) == 17
    assert [code for code in codes if f'"{code}"' not in source] == []
