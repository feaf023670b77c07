"""A wheel, installed into an environment of its own and run outside a checkout."""

import os
import signal
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import httpx
import pytest

from admin_ui import __version__
from tests.commands.test_serve import PATIENCE, answer, port
from tests.migrated import put_migrated

__all__ = ["port"]
pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build through a source distribution, as `python -m build` does unless told otherwise."""
    folder = tmp_path_factory.mktemp("dist")
    built = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into a fresh environment that sees the packages of this one."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    library = next(folder.glob("lib/python*/site-packages"))
    (library / "packages.pth").write_text(sysconfig.get_paths()["purelib"])
    python = folder / "bin" / "python"
    command = ["-m", "pip", "--python", python, "install", "-q", "--no-deps", "--no-index", wheel]
    subprocess.run([sys.executable, *command], check=True)
    return folder / "bin" / "assistants-admin"


@pytest.fixture
def environment(port: int) -> dict[str, str]:
    """The least that a shell has; nothing leads to the checkout."""
    return {"PATH": "/usr/bin:/bin", "PORT": str(port), "HOME": "/nonexistent"}


def test_it_holds_the_product_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert wheel.name == f"assistants_admin-{__version__}-py3-none-any.whl"
    assert {name.split("/")[0] for name in names} == {
        "admin_ui",
        "assistants",
        f"assistants_admin-{__version__}.dist-info",
    }
    held = set(names)
    for folder in ("locale", "static", "templates"):
        listed = subprocess.run(
            ["git", "ls-files", folder], cwd=ROOT, capture_output=True, text=True, check=True
        )
        wanted = {f"admin_ui/bundle/{name}" for name in listed.stdout.splitlines()}
        assert wanted
        assert wanted <= held
    assert "assistants/samples/it-help-desk.md" in held


def test_it_serves_outside_a_checkout(
    program: Path, environment: dict[str, str], port: int, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("WEB_WORKERS=1\nMETRICS_TOKEN=from-the-env-file\n")
    log = tmp_path.with_suffix(".log")
    with log.open("w") as file:
        process = subprocess.Popen(
            [program, "serve"], cwd=tmp_path, env=environment, stdout=file, stderr=file
        )
    try:
        assert answer(port).status_code == 200
        page = answer(port, "/accounts/login/")
        assert page.status_code == 200
        sheet = page.text.split('rel="stylesheet" href="')[1].split('"')[0]
        assert answer(port, sheet).headers["Content-Type"].startswith("text/css")
        token = {"Authorization": "Bearer from-the-env-file"}
        url = f"http://127.0.0.1:{port}/metrics"
        metrics = httpx.get(url, headers=token, trust_env=False)
        assert f'version="{__version__}"' in metrics.text
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=PATIENCE)
    out = log.read_text()
    assert process.returncode == 0, out
    assert f"Its data is in {tmp_path}/data" in out
    assert {path.name for path in tmp_path.iterdir()} == {".env", "data"}
    assert (tmp_path / "data" / "db.sqlite3").stat().st_mode & 0o777 == 0o600


def test_its_other_commands(program: Path, environment: dict[str, str], tmp_path: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [program, *arguments],
            cwd=tmp_path,
            env={**environment, "DATA_DIR": str(tmp_path / "elsewhere")},
            capture_output=True,
            text=True,
            check=False,
        )

    put_migrated(tmp_path / "elsewhere")
    verified = run("manage", "verify_audit")
    assert verified.returncode == 0, verified.stderr
    assert (tmp_path / "elsewhere" / "secret_key").exists()
    assert "serve" in run("manage").stdout
    assert run("--help").stdout.startswith("assistants-admin serve")
    wrong = run("sevre")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr.startswith("assistants-admin serve")
    assert os.listdir(tmp_path) == ["elsewhere"]
