"""A small round of people who publish the same assistants through two servers at once."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent.parent
ROUND = ("--clients", "3", "--publishes", "4", "--assistants", "2", "--seed", "7")


def test_everything_that_is_accepted_is_in_the_history_and_in_what_is_live() -> None:
    url = urlsplit(os.environ.get("DATABASE_URL", ""))
    own = ""
    if url.scheme.startswith("postgres"):
        worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
        own = url._replace(path=f"{url.path}_bench_{worker}").geturl()
    command = [sys.executable, "-m", "bench.soak", "writers", *ROUND, "--database", own]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=180, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "| all " in done.stdout
