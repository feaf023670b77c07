"""Packages that only some installations need."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def needed_by(setting: str) -> Iterator[None]:
    """Exit with one sentence when an import in the block fails; `setting` asked for it."""
    try:
        yield
    except ModuleNotFoundError as error:
        sys.exit(
            f"{setting} is set, but the Python package {error.name} is not installed."
            " docs/monitoring.md says how to install it. Or remove the setting."
        )
