"""What is pasted from *Use in code* does what it says: values are values, in every language."""

import os
import shutil
import subprocess
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from admin_ui.encryption import encrypt
from assistants.models import Connection
from assistants.views.code.code import snippets_for
from assistants.views.code.quoting import Variables

SHELLS = [shell for shell in ("bash", "dash", "zsh", "ksh", "busybox") if shutil.which(shell)]
"""Debian has the first two; where another is installed, it is tried too."""

NASTY = [
    "$(touch pwned)",
    "`touch pwned`",
    "it's",
    'say "hi"',
    "'; touch pwned; '",
    '"; touch pwned; "',
    "$API_KEY",
    "${API_KEY}",
    "a\\",
    "a\\'b",
    "!!",
    "!touch pwned",
    "line\nbreak",
    "tab\there",
    "* ? [a-z] ~ {a,b}",
    "#no comment",
    "%s %n",
    "-o pwned",
    "@/etc/passwd",
    "Straße 客服 👍 \u202e evil",
    "__import__('os').system('touch pwned')",
    "\\u0022 + x + \\u0022",
    "",
]
values = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=40)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a `curl` that prints what it was given, each argument ended by NUL."""
    path = tmp_path_factory.mktemp("pasted")
    fake = path / "curl"
    fake.write_text('#!/bin/sh\nprintf "%s\\0" "$@"\n')
    fake.chmod(0o755)
    yield path
    assert [found.name for found in path.iterdir()] == ["curl"], "something was executed"


def arguments(folder: Path, shell: str, command: str, **environment: str) -> list[str]:
    """Return what `curl` gets when `command` is pasted into a shell."""
    call = [shell, "sh"] if shell == "busybox" else [shell]
    if shell == "bash":  # as at a prompt, where ! means something
        command = f"set -o history -o histexpand\n{command}"
    done = subprocess.run(
        call,
        input=command.encode(),
        cwd=folder,
        env={"PATH": f"{folder}:{os.environ['PATH']}", "HISTFILE": "/dev/null", **environment},
        capture_output=True,
        check=True,
        timeout=120,
    )
    assert done.stderr == b""
    return [part.decode() for part in done.stdout.split(b"\0")[:-1]]


class Seen(types.ModuleType):
    """Stands in for the module `openai`: keeps what the program gives it."""

    def __init__(self) -> None:
        super().__init__("openai")
        self.arguments: dict[str, Any] = {}
        self.retrieved = ""
        beta = types.SimpleNamespace(assistants=types.SimpleNamespace(retrieve=self.retrieve))

        def client(**given: Any) -> types.SimpleNamespace:
            self.arguments = given
            return types.SimpleNamespace(beta=beta)

        self.OpenAI = client

    def retrieve(self, remote_id: str) -> types.SimpleNamespace:
        self.retrieved = remote_id
        return types.SimpleNamespace(instructions="Be kind.")


def run_python(program: str) -> Seen:
    seen, before = Seen(), sys.modules.get("openai")
    sys.modules["openai"] = seen
    try:
        exec(compile(program, "pasted", "exec"), {})
    finally:
        if before is None:
            del sys.modules["openai"]
        else:
            sys.modules["openai"] = before
    return seen


@pytest.mark.parametrize("shell", SHELLS)
def test_a_value_is_one_word_of_the_shell(folder: Path, shell: str) -> None:
    variables = Variables()
    words = [variables.shell(value) for value in NASTY]
    assert arguments(folder, shell, f"curl {' '.join(words)}") == NASTY
    mixed = [f"{value}{variables.name('KEY')}{value}" for value in NASTY]
    words = [variables.shell(value) for value in mixed]
    expected = [f"{value}$x y`z{value}" for value in NASTY]
    assert arguments(folder, shell, f"curl {' '.join(words)}", KEY="$x y`z") == expected


@given(st.lists(values, min_size=1, max_size=20))
def test_any_value_is_one_word_of_the_shell(folder: Path, texts: list[str]) -> None:
    variables = Variables()
    named = [f"{text}{variables.name('KEY')}{text[::-1]}" for text in texts]
    words = [variables.shell(value) for value in [*texts, *named]]
    expected = [*texts, *(f"{text}'\"${text[::-1]}" for text in texts)]
    assert arguments(folder, SHELLS[0], f"curl {' '.join(words)}", KEY="'\"$") == expected


@given(values)
@example("\\")
@example("'\"")
@example("\ud800")
def test_any_value_is_an_expression_of_python(text: str) -> None:
    variables = Variables()
    there = types.SimpleNamespace(environ={"KEY": "sk-'\"$"})
    assert eval(variables.python(text), {"os": there}) == text
    mixed = f"{text}{variables.name('KEY')}{text}"
    assert eval(variables.python(mixed), {"os": there}) == f"{text}sk-'\"${text}"
    assert variables.python(variables.name("KEY")) == 'os.environ["KEY"]'


def connection(profile: str, *credentials: str, url: str = "", **options: str) -> Connection:
    """A connection that holds these credentials; none of them may be seen in what is pasted."""
    kept = encrypt(dict.fromkeys(credentials, "sk-secret"))
    return Connection(profile=profile, base_url=url, credentials=kept, options=options)


@pytest.mark.parametrize("text", [text for text in NASTY if text == text.strip()])
def test_the_whole_commands(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    options = dict.fromkeys(("provider", "config", "custom_host"), text)
    url = f"https://h/{text}".rstrip("/")
    row = connection("portkey", "portkey_api_key", url=url, **options)
    snippets = snippets_for(row, "asst_1")
    monkeypatch.setenv("PORTKEY_API_KEY", "pk $HOME")
    sent = arguments(folder, "bash", snippets.curl, PORTKEY_API_KEY="pk $HOME")
    headers = {"x-portkey-api-key": "pk $HOME"}
    if text:
        for name in ("provider", "config", "custom-host"):
            headers[f"x-portkey-{name}"] = text
    pairs = {"OpenAI-Beta": "assistants=v2", **headers}.items()
    wanted = [part for name, value in pairs for part in ("-H", f"{name}: {value}")]
    assert [part for part in sent if part != "--globoff"] == [f"{url}/assistants/asst_1", *wanted]
    assert ("--globoff" in sent) is any(mark in text for mark in "[]{}")
    seen = run_python(snippets.python)
    assert seen.retrieved == "asst_1"
    assert seen.arguments == {
        "base_url": url,
        "api_key": "not used",
        "default_headers": headers,
    }


def test_a_query_and_a_bearer_key(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = {"api_version": "2024-05&x=$(touch pwned)"}
    azure = connection("azure", "api_key", url="https://h", **options)
    snippets = snippets_for(azure, "a/../b")
    assert "sk-secret" not in snippets.curl + snippets.python
    sent = arguments(folder, "bash", snippets.curl, API_KEY="k")
    assert sent[0] == (
        "https://h/assistants/a%2F..%2Fb?api-version=2024-05%26x%3D%24%28touch+pwned%29"
    )
    assert sent[-1] == "api-key: k"
    monkeypatch.setenv("API_KEY", "k")
    seen = run_python(snippets.python)
    assert seen.arguments["default_query"] == {"api-version": options["api_version"]}
    assert seen.arguments["default_headers"] == {"api-key": "k"}
    bearer = snippets_for(connection("airs", "api_key"), "asst_1")
    assert '"Authorization: Bearer $API_KEY"' in bearer.curl
    assert run_python(bearer.python).arguments["api_key"] == "k"
