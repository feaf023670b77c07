"""Error reports for Sentry: where something failed, never with what data."""

import logging
import sys
from typing import Any

from admin_ui import __version__
from admin_ui.monitoring.extras import needed_by

ABOUT = ("event_id", "timestamp", "level", "platform", "logger", "release", "environment", "sdk")
"""What an event says of itself."""
FRAME = (
    "filename",
    "module",
    "function",
    "lineno",
    "in_app",
    "pre_context",
    "context_line",
    "post_context",
)
"""What an event says of each place in the code."""
TEMPLATES_OF = ("admin_ui", "assistants", "django", "gunicorn")
"""Packages whose log messages are constants, filled in by arguments."""


def report_errors(dsn: str, transport: Any = None) -> None:
    """Send each error to the Sentry project that `dsn` names, through `transport` in tests.

    Exits with one sentence when sentry-sdk is missing or the DSN is not valid.
    """
    with needed_by("SENTRY_DSN"):
        import sentry_sdk
        from sentry_sdk.integrations.atexit import AtexitIntegration
        from sentry_sdk.integrations.dedupe import DedupeIntegration
        from sentry_sdk.integrations.django import DjangoIntegration
        from sentry_sdk.integrations.excepthook import ExcepthookIntegration
        from sentry_sdk.integrations.logging import LoggingIntegration
        from sentry_sdk.integrations.threading import ThreadingIntegration
        from sentry_sdk.utils import BadDsn
    try:
        sentry_sdk.init(
            dsn=dsn,
            release=f"assistants-admin@{__version__}",
            transport=transport,
            default_integrations=False,
            auto_enabling_integrations=False,
            integrations=[
                AtexitIntegration(callback=lambda *_: None),
                DedupeIntegration(),
                DjangoIntegration(transaction_style="url", middleware_spans=False),
                ExcepthookIntegration(),
                LoggingIntegration(level=None, event_level=logging.ERROR),
                ThreadingIntegration(),
            ],
            # `send_default_pii` is off unless asked for. `known_parts` is what we rely on.
            include_local_variables=False,
            max_request_body_size="never",
            max_breadcrumbs=0,
            auto_session_tracking=False,
            send_client_reports=False,
            before_send=known_parts,
            before_send_transaction=lambda *_: None,
        )
    except BadDsn:
        sys.exit("The value of the setting SENTRY_DSN is not valid. See .env.example.")


def known_parts(event: Any, _hint: Any = None) -> Any:
    """Return a new event with what holds no data: the type of error, places in the code, the route.

    Messages of exceptions are left out, because those of a database quote rows. So are the request,
    the person and the arguments of log messages.
    """
    kept = _only(event, ABOUT)
    if event.get("transaction_info", {}).get("source") == "route":  # else it is the address
        kept["transaction"] = event["transaction"]
        kept["transaction_info"] = {"source": "route"}
    raised = event.get("exception", {}).get("values", [])
    if raised:
        kept["exception"] = {"values": [_raised(each) for each in raised]}
    template = event.get("logentry", {}).get("message")
    if template and event.get("logger", "").partition(".")[0] in TEMPLATES_OF:
        kept["logentry"] = {"message": template}
    return kept


def _raised(exception: Any) -> dict[str, Any]:
    frames = (exception.get("stacktrace") or {}).get("frames", [])
    return {
        **_only(exception, ("type", "module")),
        "value": "",
        "mechanism": _only(exception.get("mechanism") or {}, ("type", "handled")),
        "stacktrace": {"frames": [_only(frame, FRAME) for frame in frames]},
    }


def _only(found: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: found[name] for name in names if name in found}
