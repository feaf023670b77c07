"""Reads settings from the environment, `.env` and secret files."""

import sys
from typing import Any

import environ
from environ.fileaware_mapping import FileAwareMapping


class _Values(FileAwareMapping):  # type: ignore[misc]
    """Values without the line end of a secret file; `$` has no special meaning."""

    def __getitem__(self, key: str) -> str:
        try:
            value: str = super().__getitem__(key).strip()
        except (OSError, UnicodeDecodeError) as error:
            sys.exit(f"Cannot read the file that {key}_FILE names: {error}.")
        return f"\\{value}" if value.startswith("$") else value


class Environment(environ.FileAwareEnv):  # type: ignore[misc]
    """Reads a setting by name, or the file that `<name>_FILE` names.

    Exits with one sentence when a value is not valid.
    """

    ENVIRON = _Values()

    def __init__(self) -> None:
        super().__init__()
        self.escape_proxy = True

    def choice(self, var: str, *, options: tuple[str, ...]) -> str:
        """Return one of `options`; the first is the default."""
        value: str = self.str(var, default=options[0])
        if value not in options:
            sys.exit(f"The setting {var} must be one of: {', '.join(options)}.")
        return value

    def get_value(self, var: str, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().get_value(var, *args, **kwargs)
        except ValueError:
            sys.exit(f"The value of the setting {var} is not valid. See .env.example.")
