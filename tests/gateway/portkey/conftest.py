import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gateway.portkey.install import Unavailable, install, running


@pytest.fixture(scope="session")
def portkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL of a real Portkey gateway, started for this test run."""
    try:
        install()
    except Unavailable as reason:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"the Portkey gateway cannot be had here: {reason}")
    log: Path = tmp_path_factory.mktemp("portkey") / "gateway.log"
    with running(log) as url:
        yield url
