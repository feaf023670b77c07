"""Code of any commit, run as a server on a database of its own, and people who use its pages."""

import hashlib
import io
import os
import signal
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import httpx
import psycopg
from psycopg import sql

from bench.serving import free_port, wait_for
from tests.migrated import one_process, run_folder
from tests.pages.reading import fields_of

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse battery"
SECRETS = {
    "SECRET_KEY": "only-for-tests-" * 4,
    "ENCRYPTION_KEYS": "b25seS1mb3ItdGVzdHMtb25seS1mb3ItdGVzdHMtMDE=",
}


def code_of_commit(commit: str, folder: Path) -> Path:
    """Write the code of a commit to `folder`, ready to be run; needs the history of Git."""
    found = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=False)
    assert found.returncode == 0, (
        f"Git does not have {commit}: clone with the whole history. {found.stderr.decode()}"
    )
    with tarfile.open(fileobj=io.BytesIO(found.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


@dataclass
class Place:
    """Code in `tree`, run on the data folder `data` and the database at `url`."""

    tree: Path
    data: Path
    url: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    browsers: list[httpx.Client] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            **SECRETS,
            "DJANGO_SETTINGS_MODULE": "tests.e2e.served_settings",
            "DATA_DIR": str(self.data),
            "DATABASE_URL": self.url or f"sqlite:///{self.data}/db.sqlite3",
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "WEB_WORKERS": "1",
            "LOG_LEVEL": "ERROR",
            **self.settings,
        }

    def manage(self, *command: str, typed: str = "", code: int = 0) -> str:
        """Run a command that ends with `code`; return what it prints."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=self.tree,
            env=self.environment,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    @contextmanager
    def serving(self) -> Iterator[subprocess.Popen[bytes]]:
        """Run the server until the block ends; its log is beside the data folder."""
        self.data.mkdir(parents=True, exist_ok=True)
        self.collect()
        with self.data.with_suffix(".log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=self.tree,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        try:
            wait_for(f"{self.address}/accounts/login/", process)
            yield process
        finally:
            for browser in self.browsers:
                browser.close()
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)

    def collect(self) -> None:
        """Let the server find the static files of its code, which are collected once in a run."""
        name = hashlib.sha256(str(self.tree).encode()).hexdigest()[:12]
        shared = replace(self, data=run_folder() / f"static-{name}")
        with one_process():
            if not (shared.data / "static" / "staticfiles.json").exists():
                shared.manage("collectstatic", "--no-input", "--verbosity=0")
        link = self.data / "static"
        link.unlink(missing_ok=True)
        link.symlink_to(shared.data / "static")

    def verify(self) -> None:
        """See that the history and the security events are whole, in one process for both."""
        run = "from django.core.management import call_command as run"
        self.manage(
            "shell", "--no-imports", "-c", f"{run}; run('verify_history'); run('verify_audit')"
        )

    def add(self, name: str, role: str) -> None:
        """Add a member of the workspace `main` with the password `PASSWORD`."""
        member = ("main", f"{name.lower()}@example.com", f"--role={role}", f"--name={name}")
        self.manage("add_member", *member, "--password-stdin", typed=PASSWORD)


class Person:
    """Somebody who signs in to a server and uses its pages."""

    def __init__(self, place: Place, name: str) -> None:
        self.email = f"{name.lower()}@example.com"
        self.client = httpx.Client(
            base_url=place.address, timeout=60, trust_env=False, follow_redirects=False
        )
        place.browsers.append(self.client)
        self.sign_in()

    def sign_in(self) -> None:
        self.client.get("/accounts/login/")
        answer = self.post("/accounts/login/", {"login": self.email, "password": PASSWORD})
        assert answer.status_code == 302, answer.text

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def post(self, path: str, fields: dict[str, str], **headers: str) -> httpx.Response:
        token = {"X-CSRFToken": self.client.cookies.get("csrftoken", "")}
        return self.client.post(path, data=fields, headers={**token, **headers})

    def form(self, path: str, action: str = "") -> dict[str, str]:
        """Return the fields of a form on the page `path`; without `action`, of the page's own."""
        answer = self.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        page: Any = SimpleNamespace(content=answer.content)
        for found in (action,) if action else (path, ""):
            try:
                return fields_of(page, found)
            except KeyError:
                continue
        raise AssertionError(f"{path} has no form {action}")

    def autosave(self, pk: int, **typed: str) -> httpx.Response:
        """Save an editor's form as the page does on a pause in typing."""
        path = f"/w/main/assistants/{pk}/edit/"
        fields = self.form(path)
        if "turn" in fields:
            fields["turn"] = str(int(fields["turn"]) + 1)
        headers = {"X-Background": "keep", "HX-Request": "true"}
        return self.post(path, {**fields, **typed, "action": "keep"}, **headers)

    def draft(self, pk: int, **typed: str) -> httpx.Response:
        """Save a draft by its button."""
        path = f"/w/main/assistants/{pk}/edit/"
        return self.post(path, {**self.form(path), **typed, "action": "draft"})

    def publish(self, pk: int, note: str = "") -> httpx.Response:
        """Publish the draft from its review."""
        path = f"/w/main/assistants/{pk}/review/"
        return self.post(path, {**self.form(path), "note": note})


@contextmanager
def own_database(name: str) -> Iterator[str]:
    """Make an empty PostgreSQL database beside the one in DATABASE_URL; yield its address."""
    url = urlsplit(os.environ["DATABASE_URL"])
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    own = f"{url.path.lstrip('/')}_{name}_{worker}"
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(own))
    with psycopg.connect(url._replace(path="/postgres").geturl(), autocommit=True) as server:
        server.execute(drop)
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(own)))
        try:
            yield url._replace(path=f"/{own}").geturl()
        finally:
            server.execute(drop)


@contextmanager
def database_for(vendor: str, name: str, data: Path) -> Iterator[str]:
    """Yield the address of an empty database of this vendor."""
    if vendor == "postgresql":
        with own_database(name) as url:
            yield url
    else:
        data.mkdir(parents=True, exist_ok=True)
        yield f"sqlite:///{data}/db.sqlite3"
