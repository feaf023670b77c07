"""Every fault and pause in every way of writing, and a table at the end: `python -m tests.faults`.

On SQLite or on what DATABASE_URL names; behind the real Portkey gateway too. Takes the options of
pytest.
"""

import os
import sys

import pytest

os.environ["FAULTS"] = "all"
PLACES = [
    "tests/faults",
    "tests/gateway/portkey/test_faults.py",
    "tests/hostile/test_pause_between_steps.py",
]

if __name__ == "__main__":
    sys.exit(pytest.main(["-n", "2", "--show-capture=no", *sys.argv[1:], *PLACES]))
