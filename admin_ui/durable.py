"""Files that survive a power failure."""

import os
from pathlib import Path


def write_out(folder: Path) -> None:
    """Make sure that a new name in `folder` survives a power failure."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
