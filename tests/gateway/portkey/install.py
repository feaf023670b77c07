"""Install the real Portkey gateway from npm, outside git, and start it on the loopback address."""

import fcntl
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent
CACHE = HERE.parents[2] / ".cache" / "portkey"
PATIENCE = 60  # seconds to start in; it takes three on an idle machine


class Unavailable(Exception):
    """The gateway cannot be had on this machine; says why."""


def install() -> Path:
    """Return the folder that holds the gateway, installing it when it is not there yet."""
    missing = [tool for tool in ("node", "npm") if shutil.which(tool) is None]
    if missing:
        raise Unavailable(f"{' and '.join(missing)} not found")
    CACHE.mkdir(parents=True, exist_ok=True)
    wanted = (HERE / "package.json").read_text()
    installed = CACHE / "installed.json"
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several test processes may arrive here at once
        if not (installed.exists() and installed.read_text() == wanted):
            (CACHE / "package.json").write_text(wanted)
            flags = ["--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"]
            done = subprocess.run(
                ["npm", "install", *flags], cwd=CACHE, capture_output=True, text=True, check=False
            )
            if done.returncode:
                raise Unavailable(f"npm install failed: {done.stderr.strip()[-500:]}")
            installed.write_text(wanted)
    return CACHE


@contextmanager
def running(log: Path) -> Iterator[str]:
    """Run the gateway, its output going to `log`; yields its base URL."""
    script = install() / "node_modules/@portkey-ai/gateway/build/start-server.js"
    # An answer that breaks off behind the gateway would otherwise end the gateway itself.
    node = ["node", "--unhandled-rejections=warn", "--require", str(HERE / "loopback.cjs")]
    command = [*node, str(script), "--headless", "--port=0"]
    with (
        log.open("w") as output,
        subprocess.Popen(command, stdout=output, stderr=output) as process,
    ):
        try:
            yield f"http://127.0.0.1:{_port(process, log)}/v1"
        finally:
            process.kill()


def _port(process: subprocess.Popen[bytes], log: Path) -> int:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        if found := re.search(r"listening on port (\d+)", log.read_text()):
            return int(found[1])
        time.sleep(0.05)
    raise RuntimeError(f"the gateway did not start:\n{log.read_text()[-2000:]}")
