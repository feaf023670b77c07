"""The setting LOGGING: one line an event on standard error."""

from typing import Any


def log_settings(level: str) -> dict[str, Any]:
    """Return the logging configuration that logs from `level` upwards to standard error.

    Lines never hold a secret or an assistant's text; `admin_ui.audit.logs` formats them.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": "admin_ui.audit.logs.OneLine",
                "format": "{asctime} {levelname} {name} {message}",
                "style": "{",
            }
        },
        "filters": {"refused": {"()": "admin_ui.audit.logs.NameTheRefused"}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["refused"],
            }
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {"httpx": {"level": "WARNING"}, "httpcore": {"level": "WARNING"}},
    }
