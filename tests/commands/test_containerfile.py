"""The commands of the Containerfile, run in order in a clean folder, as a user without privileges.

No container is made: `docs/containers.md` says which parts are not run anywhere.
"""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from tests.commands.test_serve import answer, port

__all__ = ["port"]
ROOT = Path(__file__).resolve().parents[2]
NOBODY = 65534
STOPS_WITHIN = 60  # seconds
PASSED_ON = re.compile(r"PIP_|SSL_CERT|(https?|no)_proxy$", re.I)


class Instruction(NamedTuple):
    name: str
    rest: str


def instructions() -> list[Instruction]:
    """The instructions of the Containerfile, with continued lines put together."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Containerfile").read_text(), flags=re.M)
    joined = re.sub(r"\\\n\s*", "", text)
    return [Instruction(*line.split(maxsplit=1)) for line in joined.splitlines() if line]


def rest_of(name: str) -> list[str]:
    return [each.rest for each in instructions() if each.name == name]


def test_what_the_image_promises() -> None:
    (base,) = rest_of("FROM")
    assert re.fullmatch(r"python:3\.1[123]-slim-bookworm", base)
    assert rest_of("VOLUME") == ["/data"]
    assert rest_of("EXPOSE") == ["8000"]
    assert {"DATA_DIR=/data", "HOST=0.0.0.0"} <= set(shlex.split(rest_of("ENV")[0]))
    names = [each.name for each in instructions()]
    assert names.index("USER") > max(i for i, name in enumerate(names) if name == "RUN")
    assert rest_of("USER") == ["assistants"]
    machine = [line for line in rest_of("RUN") if re.match("apt-get|useradd", line)]
    assert machine == rest_of("RUN")[:2], "these need the machine; the test runs the others"


def test_the_commands_are_those_of_the_readme() -> None:
    rules = (ROOT / "Makefile").read_text()
    assert "make install" in rest_of("RUN")[-1]
    started = shlex.join(json.loads(rest_of("CMD")[-1])).removeprefix(".venv/bin/python ")
    assert f"exec $(BIN)/python {started}\n" in rules, "as `make run` does"
    assert "make run" in (ROOT / "README.md").read_text()


def test_compose() -> None:
    services = yaml.safe_load((ROOT / "docs" / "compose.yaml").read_text())["services"]
    dashboard, database = services["dashboard"], services["database"]
    folder = ROOT / "docs" / dashboard["build"]["context"]
    assert (folder / dashboard["build"]["dockerfile"]).resolve() == ROOT / "Containerfile"
    made = database["environment"]
    password = made["POSTGRES_PASSWORD"]
    assert dashboard["environment"]["DATABASE_URL"] == (
        f"postgres://{made['POSTGRES_USER']}:{password}@database:5432/{made['POSTGRES_DB']}"
    )
    assert [volume.split(":")[1] for volume in dashboard["volumes"]] == rest_of("VOLUME")
    assert dashboard["ports"] == [f"127.0.0.1:8000:{rest_of('EXPOSE')[0]}"]
    assert dashboard["depends_on"] == {"database": {"condition": "service_healthy"}}


@pytest.fixture
def clean() -> Iterator[Path]:
    """An empty folder that a user without privileges may use, with a copy of what is committed."""
    folder = Path(tempfile.mkdtemp(prefix="assistants-admin-container-"))
    source, place = folder / "source", folder / "app"
    for each in (source, place, folder / "data"):
        each.mkdir()
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, capture_output=True, check=True)
    subprocess.run(["tar", "-x", "-C", source], input=archive.stdout, check=True)
    yield folder
    shutil.rmtree(folder)


def as_nobody(command: list[str]) -> list[str]:
    """Return the command for a user without privileges, if this is run by root."""
    if os.getuid():
        return command
    user = [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    return ["setpriv", *user, *command]


def copy(rest: str, source: Path, place: Path) -> None:
    """Do what COPY does: files into a folder, or the contents of one folder into another."""
    *names, target = rest.split()
    for name in names:
        if (source / name).is_dir():
            shutil.copytree(source / name, place / target)
        else:
            shutil.copy2(source / name, place / target)


@pytest.mark.slow
def test_it_installs_starts_and_opens_its_first_page(clean: Path, port: int) -> None:
    place = clean / "app"
    environment = {name: value for name, value in os.environ.items() if PASSED_ON.match(name)}
    environment |= {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(clean), "PORT": str(port)}
    log = clean / "log"

    def mapped(text: str) -> str:
        """The paths and the port of the container, as those of this test."""
        text = text.replace("/data", str(clean / "data")).replace("8000", str(port))
        return text.replace("0.0.0.0", "127.0.0.1")

    def run(command: list[str]) -> None:
        done = subprocess.run(
            as_nobody(command),
            cwd=place,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"

    for name, rest in instructions():
        if name == "COPY":
            copy(rest, clean / "source", place)
        elif name == "RUN" and not re.match("apt-get|useradd", rest):
            if not os.getuid():
                subprocess.run(["chown", "-R", f"{NOBODY}:{NOBODY}", clean], check=True)
            run(["/bin/sh", "-c", rest])
            assert not (place / "data").exists(), "no key may be in the image"
        elif name == "ENV":
            environment |= dict(pair.split("=") for pair in shlex.split(mapped(rest)))
    with log.open("w") as file:
        process = subprocess.Popen(
            as_nobody(json.loads(rest_of("CMD")[-1])),
            cwd=place,
            env=environment,
            stdout=file,
            stderr=file,
        )
    try:
        assert answer(port, "/").url.path in ("/", "/accounts/login/"), log.read_text()
        assert answer(port, "/accounts/login/").status_code == 200
        run(json.loads(mapped(rest_of("HEALTHCHECK")[0].split("CMD ")[1])))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=STOPS_WITHIN)
    assert process.returncode == 0, log.read_text()
    held = {path.name for path in (clean / "data").iterdir()}
    assert {"db.sqlite3", "secret_key", "encryption_keys"} <= held
    assert not (place / "data").exists()
