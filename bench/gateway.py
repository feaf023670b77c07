"""The registry with a counter in front: how often a request called it, and for how long."""

import time
from collections.abc import Callable, Iterable
from typing import Any

from assistants.registry.wsgi import application_for as registry_for

calls = 0
seconds = 0.0


def reset() -> None:
    global calls, seconds
    calls, seconds = 0, 0.0


def application_for(workspace_id: int) -> Callable[..., Iterable[bytes]]:
    """What REGISTRY_APPLICATION names while measuring."""
    registry = registry_for(workspace_id)

    def counted(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        global calls, seconds  # noqa: PLW0603
        start = time.process_time()
        try:
            return registry(environ, start_response)
        finally:
            calls += 1
            seconds += time.process_time() - start

    return counted
