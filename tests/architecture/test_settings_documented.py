"""Every setting stands in `.env.example`, with a comment, and in `docs/configuration.md`."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = (ROOT / "admin_ui" / "settings.py").read_text()
EXAMPLE = (ROOT / ".env.example").read_text()
GUIDE = (ROOT / "docs" / "configuration.md").read_text()
NAMES = sorted(set(re.findall(r"\benv\.\w+\(\s*\"([A-Z0-9_]+)\"", SETTINGS)))


def test_there_are_settings_to_look_for() -> None:
    assert {"HOST", "DATABASE_URL", "GATEWAY_PROFILE", "PUBLISH_LEASE_SECONDS"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_setting_is_in_the_example_with_a_comment(name: str) -> None:
    found = re.search(rf"^#{name}=", EXAMPLE, re.M)
    assert found, f"{name} is missing in .env.example"
    above = EXAMPLE[: found.start()].splitlines()
    while above and re.match(r"#[A-Z0-9_]+=", above[-1]):
        above.pop()
    assert above
    assert above[-1].startswith("# "), f"{name} has no comment above it in .env.example"


@pytest.mark.parametrize("name", NAMES)
def test_a_setting_is_in_the_guide(name: str) -> None:
    assert re.search(rf"^\| `{name}`", GUIDE, re.M), f"{name} is missing in docs/configuration.md"


def test_nothing_is_documented_that_is_no_setting() -> None:
    example = set(re.findall(r"^#([A-Z0-9_]+)=", EXAMPLE, re.M))
    guide = set(re.findall(r"^\| `([A-Z0-9_]+)`", GUIDE, re.M))
    assert example == guide == set(NAMES)


def test_the_environment_is_read_in_one_place() -> None:
    readers = {
        path.relative_to(ROOT).as_posix()
        for folder in ("admin_ui", "assistants")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
        if isinstance(node.value, ast.Name) and node.value.id == "os"
    }
    assert readers == {
        "admin_ui/wsgi.py",  # it names the settings; the settings read the rest
        "admin_ui/command.py",  # the same for the command of a wheel
        "admin_ui/monitoring/metrics.py",  # it tells prometheus_client which folder to share
        "admin_ui/databases/postgres_tools.py",  # hands the environment on to pg_dump
    }
