"""Where our files are: beside the program in a checkout, inside the package from a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_BUNDLE = _PACKAGE / "bundle"  # pyproject.toml puts it into the wheel
FROM_WHEEL = _BUNDLE.is_dir()
"""Whether this program was installed from a wheel."""
FILES = _BUNDLE if FROM_WHEEL else _PACKAGE.parent
"""The folder of `templates`, `static` and `locale`."""
BASE_DIR = Path.cwd() if FROM_WHEEL else _PACKAGE.parent
"""The folder of `.env`, and of `data` unless a setting says differently."""
