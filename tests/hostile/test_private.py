"""Nobody keeps what is private: no cache on the way, no other user of the machine."""

import os
import re
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from admin_ui.display.icons import sprite
from admin_ui.secrets import private_database, writable_folder
from tests.architecture.test_urls_guarded import GUARDED, path_to
from tests.conftest import Cast
from tests.factories import make_api_key
from tests.migrated import put_migrated
from tests.registry import calls

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = ("admin", "viewer", "stranger", "anonymous")


def is_private(response: Any) -> bool:
    named = {part.strip() for part in response["Cache-Control"].split(",")}
    return {"private", "no-store"} <= named and "public" not in named


# In a browser and on the way


@pytest.mark.parametrize("route", GUARDED)
def test_no_page_of_a_workspace_is_kept(cast: Cast, route: str) -> None:
    for who in PEOPLE:
        client = cast.client(who)
        for answer in (client.get(path_to(route)), client.post(path_to(route))):
            assert is_private(answer), (who, answer.status_code)


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/healthz",
        "/nowhere",
        "/setup/",
        "/setup/x/",
        "/accounts/login/",
        "/accounts/logout/",
        "/accounts/password/reset/",
        "/v1/assistants",
        "/v1/models",
        "/v1/nowhere",
        "/static/nowhere.css",
    ],
)
@pytest.mark.parametrize("who", PEOPLE)
def test_no_other_answer_is_kept(cast: Cast, who: str, address: str) -> None:
    assert is_private(cast.client(who).get(address))


def test_nothing_of_the_registry_is_kept(cast: Cast) -> None:
    registry = calls.by_key(make_api_key(cast.workspace)[1])
    created = registry("POST", "/assistants", {"model": "gpt-5"})
    answers = [created, registry("GET", "/assistants"), registry("GET", "/models")]
    answers.append(registry("GET", f"/assistants/{created.data['id']}"))
    for answer in answers:
        assert answer.status == 200
        assert is_private(answer.headers)


def test_a_refused_form_is_not_kept(cast: Cast, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    answer = Client().post("/accounts/login/", {"login": "x" * 20})
    assert answer.status_code == 413
    assert is_private(answer)


def test_what_is_the_same_for_everybody_may_be_kept(client: Client) -> None:
    digest, _ = sprite()
    kept = client.get(reverse("icons", args=[digest]))["Cache-Control"]
    assert kept == "public, max-age=31536000, immutable"
    static = client.get("/static/js/controls.js")
    assert b"".join(static.streaming_content)
    assert "public" in static["Cache-Control"]
    assert "no-store" not in static["Cache-Control"]


# On the machine


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def _careless() -> Iterator[None]:
    before = os.umask(0o000)
    yield
    os.umask(before)


@pytest.mark.usefixtures("_careless")
def test_a_new_database_is_its_owners(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"
    private_database(str(path), tmp_path)
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE a (b)")
        found = sorted(tmp_path.iterdir())
        assert [file.name for file in found] == ["db.sqlite3", "db.sqlite3-shm", "db.sqlite3-wal"]
        assert {mode(file) for file in found} == {0o600}
    database.close()


@pytest.mark.usefixtures("_careless")
def test_an_existing_database_becomes_its_owners(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE a (b)")
        database.commit()
        assert {mode(file) for file in tmp_path.iterdir()} == {0o644}
        private_database(str(path), tmp_path)
        assert {mode(file) for file in tmp_path.iterdir()} == {0o600}
        assert len(list(tmp_path.iterdir())) == 3
    database.close()


def test_what_is_no_file_of_ours_is_left_alone(tmp_path: Path) -> None:
    for name in (":memory:", "file:x?mode=memory", str(tmp_path / "missing" / "db.sqlite3")):
        private_database(name, tmp_path)
    assert list(tmp_path.iterdir()) == []
    theirs = tmp_path / "theirs.sqlite3"
    theirs.touch(0o644)
    if os.geteuid() == 0:  # only root can give a file away
        os.chown(theirs, 65534, 65534)
        private_database(str(theirs), tmp_path)
        assert mode(theirs) == 0o644


def manage(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", "-c", 'umask 000; exec "$@"', "sh", sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DATA_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
            "DJANGO_SETTINGS_MODULE": "admin_ui.settings",
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_every_command_keeps_the_database_private(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    done = manage(folder, "migrate", "contenttypes", "--verbosity=0")  # the fewest, to be quick
    assert done.returncode == 0, done.stderr
    assert mode(folder) == 0o700
    assert {path.name for path in folder.iterdir() if mode(path) & 0o077} == set()


def test_the_commands_of_the_guide_make_private_backups(tmp_path: Path) -> None:
    """What docs/backup.md says, word for word, in a folder like the one it speaks of."""
    guide = (ROOT / "docs" / "backup.md").read_text()
    put_migrated(tmp_path / "data")
    (tmp_path / ".venv").symlink_to(Path(sys.prefix))
    (tmp_path / "manage.py").symlink_to(ROOT / "manage.py")
    safe = tmp_path / "safe"
    safe.mkdir()
    found = re.findall(r"```sh\n(.*?)```", guide.split("## Restore")[0], re.S)
    commands = [each for each in found if "systemctl" not in each and " * " not in each]
    assert len(commands) == 2
    for command in commands:
        subprocess.run(
            ["/bin/sh", "-euc", f"umask 022\n{command.replace('/path/to/safe', str(safe))}"],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path / "data")},
            check=True,
        )
    made = [*(tmp_path / "data" / "backups").iterdir(), *safe.iterdir()]
    assert len(made) == 4
    assert {mode(path) for path in made} == {0o600}


# In the settings


def settings_say(folder: Path, expression: str, **environment: str) -> str:
    program = f"from django.conf import settings; print({expression})"
    done = manage(folder, "shell", "--no-imports", "-c", program, **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


HSTS = (
    "*(getattr(settings, f'SECURE_HSTS_{n}') for n in ('SECONDS','INCLUDE_SUBDOMAINS','PRELOAD'))"
)
SITE = {"SITE_URL": "https://assistants.example.org"}


def test_nothing_is_promised_for_other_names(tmp_path: Path) -> None:
    assert settings_say(tmp_path, HSTS, **SITE) == "31536000 False False"
    asked = {"HSTS_SUBDOMAINS": "true", "HSTS_PRELOAD": "true"}
    assert settings_say(tmp_path, HSTS, **SITE, **asked) == "31536000 True True"
    assert settings_say(tmp_path, HSTS, SITE_URL="http://localhost:8000") == "0 False False"


def test_the_deployment_check_is_content_and_asks_for_a_long_key(tmp_path: Path) -> None:
    check = ("check", "--deploy", "--fail-level", "WARNING")
    assert manage(tmp_path, *check, **SITE).returncode == 0
    short = manage(tmp_path, *check, **SITE, SECRET_KEY="x1!" * 16)
    assert short.returncode == 1
    assert "security.W009" in short.stderr


def test_a_data_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    made = writable_folder(tmp_path / "above" / "data")
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert writable_folder(made) == made
