"""The setting LOGGING: one line an event on standard error."""

from typing import Any

LOG_FORMATS = ("line", "json")


def log_settings(level: str, form: str, *, traced: bool) -> dict[str, Any]:
    """Return the logging configuration that logs from `level` upwards to standard error.

    `form` is one of `LOG_FORMATS`. `traced` says that OpenTelemetry runs: lines name their trace.
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
            },
            "json": {"()": "admin_ui.audit.logs.OneObject"},
        },
        "filters": {
            "refused": {"()": "admin_ui.audit.logs.NameTheRefused"},
            "traced": {"()": "admin_ui.monitoring.tracing.NameTheTrace"},
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": form,
                "filters": ["refused", "traced"] if traced else ["refused"],
            }
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {"httpx": {"level": "WARNING"}, "httpcore": {"level": "WARNING"}},
    }
