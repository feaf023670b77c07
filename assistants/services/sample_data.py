"""The sample assistants."""

from typing import Any


def samples() -> list[dict[str, Any]]:
    return []
