"""`manage.py serve` as a person meets it: its own process, its own data folder."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.migrated import put_migrated

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120  # seconds; a busy machine takes half a minute to start or to stop
Serve = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def serve(tmp_path: Path, port: int) -> Iterator[Serve]:
    """Start the command; what is still running at the end is ended.

    It finds no database in `tmp_path / "data"`, unless the test has put one there.
    """
    started: list[subprocess.Popen[str]] = []

    def start(**environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "admin_ui.settings",
                "DATA_DIR": str(tmp_path / "data"),
                "DATABASE_URL": f"sqlite:///{tmp_path}/data/db.sqlite3",
                "PORT": str(port),
                "WEB_WORKERS": "1",
                **environment,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
            process.communicate()


def answer(port: int, path: str = "/healthz") -> httpx.Response:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            return httpx.get(f"http://127.0.0.1:{port}{path}", timeout=PATIENCE, trust_env=False)
        except httpx.ConnectError:
            time.sleep(0.1)
    raise AssertionError("the server did not answer")


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_prints_the_address_and_the_owner_link_and_stops_gently(
    serve: Serve, port: int, stop: signal.Signals
) -> None:
    process = serve(WEB_WORKERS="2")
    assert answer(port).status_code == 200
    head = httpx.head(f"http://127.0.0.1:{port}/accounts/login/", trust_env=False)
    assert (head.status_code, head.content) == (200, b"")
    process.send_signal(stop)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    ready, owner, hint = out.splitlines()
    assert ready == f"Assistants Admin is ready at http://localhost:{port}"
    assert f"http://localhost:{port}/" in owner
    assert hint == "Stop with Ctrl+C."
    assert "Traceback" not in err
    assert " WARNING " not in err


def test_a_second_start_finds_everything_in_place(serve: Serve, port: int) -> None:
    links = []
    for _ in range(2):
        process = serve()
        assert answer(port).status_code == 200
        process.terminate()
        out, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, err
        links.append(out.splitlines()[1])
    assert links[0] == links[1]


def failure(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (1, "")
    (sentence,) = (line for line in err.splitlines() if " INFO admin_ui.audit " not in line)
    return sentence


def test_a_port_that_is_taken(serve: Serve, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        assert f"Cannot listen on 127.0.0.1 port {port}: Address already in use" in failure(serve())


def test_a_data_folder_that_is_none(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    sentence = failure(serve(DATA_DIR=str(tmp_path / "file" / "data")))
    assert "Cannot use the data folder" in sentence
    assert "Set DATA_DIR" in sentence


def test_a_database_that_does_not_answer(serve: Serve) -> None:
    sentence = failure(serve(DATABASE_URL="postgres://x:secret@127.0.0.1:1/x"))
    assert "Cannot use the database" in sentence
    assert "secret" not in sentence


def test_a_gateway_that_cannot_work(serve: Serve, tmp_path: Path) -> None:
    put_migrated(tmp_path / "data")
    sentence = failure(serve(GATEWAY_PROFILE="portkey", GATEWAY_BASE_URL="not an address"))
    assert "The GATEWAY_ settings do not work" in sentence


SHORT = {"SITE_URL": "https://assistants.example.org", "SECRET_KEY": "x" * 49}


def test_a_short_secret_key_is_refused_for_a_new_installation_on_https(serve: Serve) -> None:
    sentence = failure(serve(**SHORT))
    assert "SECRET_KEY has 49 characters; with https it needs 50." in sentence
    assert "Leave it unset" in sentence
    assert SHORT["SECRET_KEY"] not in sentence


@pytest.mark.parametrize("asked", [{"SECRET_KEY": "x" * 50}, {"SITE_URL": "http://localhost"}])
def test_a_long_secret_key_and_plain_http_are_not(
    serve: Serve, port: int, asked: dict[str, str], tmp_path: Path
) -> None:
    put_migrated(tmp_path / "data")
    process = serve(**{**SHORT, **asked, "ALLOWED_HOSTS": "127.0.0.1"})
    assert answer(port).status_code == 200
    process.terminate()
    _out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, "SECRET_KEY" in err) == (0, False)


def prepare(data: Path, *commands: list[str]) -> None:
    """Run commands of `manage.py` on the database that `serve` will find in `data`."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "admin_ui.settings",
        "DATA_DIR": str(data),
        "DATABASE_URL": f"sqlite:///{data}/db.sqlite3",
    }
    put_migrated(data)
    for command in commands:
        manage = [sys.executable, "manage.py", *command]
        subprocess.run(manage, cwd=ROOT, env=environment, check=True, capture_output=True)


CREATE_OWNER = ["create_owner", "olga@example.org", "--link"]
SIGNED_IN = (
    "from admin_ui.accounts.models import User; from django.utils.timezone import now;"
    "User.objects.update(last_login=now())"
)


def test_one_that_a_command_has_prepared_is_new(serve: Serve, tmp_path: Path) -> None:
    prepare(tmp_path / "data", CREATE_OWNER)
    assert "SECRET_KEY has 49 characters" in failure(serve(**SHORT))


def test_an_existing_installation_is_only_warned(serve: Serve, port: int, tmp_path: Path) -> None:
    prepare(tmp_path / "data", CREATE_OWNER, ["shell", "--verbosity=0", "-c", SIGNED_IN])
    process = serve(**SHORT, ALLOWED_HOSTS="127.0.0.1")
    assert answer(port).status_code == 200
    process.terminate()
    _out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert "SECRET_KEY has 49 characters" in err
    assert "A later release will not start with it" in err


def worker_of(process: subprocess.Popen[str], data: Path) -> int:
    """Return the process ID of the task worker, once it has signed on."""
    for _ in range(10 * PATIENCE):
        with sqlite3.connect(data / "db.sqlite3") as database:
            rows = database.execute("SELECT pid FROM tasks_taskworker").fetchall()
        for (pid,) in rows:
            if is_alive(pid) and pid in children_of(process.pid):
                return int(pid)
        time.sleep(0.1)
    raise AssertionError("no task worker signed on")


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_task_worker_starts_with_the_server_and_ends_with_it(
    serve: Serve, port: int, tmp_path: Path
) -> None:
    put_migrated(tmp_path / "data")
    process = serve()
    assert answer(port).status_code == 200
    worker = worker_of(process, tmp_path / "data")
    process.terminate()
    _out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert not is_alive(worker)


def test_a_killed_task_worker_is_replaced_and_the_server_goes_on(
    serve: Serve, port: int, tmp_path: Path
) -> None:
    put_migrated(tmp_path / "data")
    process = serve()
    assert answer(port).status_code == 200
    first = worker_of(process, tmp_path / "data")
    os.kill(first, signal.SIGKILL)
    assert answer(port).status_code == 200
    second = worker_of(process, tmp_path / "data")
    assert second != first
    process.kill()
    process.communicate()
    for _ in range(10 * PATIENCE):
        if not is_alive(second):
            break
        time.sleep(0.1)
    assert not is_alive(second), "it ends with a server that was killed"
    with socket.create_server(("127.0.0.1", port)):
        pass  # and keeps no port


def test_no_task_worker_starts_where_none_is_wanted(
    serve: Serve, port: int, tmp_path: Path
) -> None:
    put_migrated(tmp_path / "data")
    process = serve(TASK_WORKERS="0")
    assert answer(port).status_code == 200
    time.sleep(2)
    assert len(children_of(process.pid)) == 1
    with sqlite3.connect(tmp_path / "data" / "db.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM tasks_taskworker").fetchone() == (0,)
