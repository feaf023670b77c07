"""The body of a message in each format: names, numbers and one link, never texts or secrets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from admin_ui.accounts.models import Workspace
from admin_ui.display.times import utc
from assistants.models.webhooks.webhook import Webhook
from assistants.services.webhooks.event_types import channel_sentence, event_type

LONGEST_DETAIL = 300
MOST_DETAILS = 20


@dataclass(frozen=True)
class Event:
    """What a message tells. `path` is a page of this dashboard."""

    kind: str
    subject: str
    path: str
    actor_name: str
    workspace: Workspace
    at: datetime
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"{settings.SITE_URL}{self.path}"

    @property
    def said(self) -> str:
        """What happened, in a sentence."""
        return channel_sentence(
            kind=self.kind,
            subject=self.subject,
            actor_name=self.actor_name,
            details=self.details,
        )


def body_of(event: Event, format: str) -> dict[str, Any]:
    """Return what is sent of `event` in a format of `Webhook`."""
    return _BUILDERS[format](event)


def _standard(event: Event) -> dict[str, Any]:
    details = [
        (key, value if value is None or isinstance(value, int) else str(value)[:LONGEST_DETAIL])
        for key, value in event.details.items()
    ]
    return {
        "type": event_type(event.kind, event.details),
        "timestamp": utc(event.at, "seconds"),
        "data": {
            "workspace": {"slug": event.workspace.slug, "name": event.workspace.name},
            "subject": event.subject,
            "actor": event.actor_name,
            "url": event.url,
            "details": dict(details[:MOST_DETAILS]),
        },
    }


def _slack(event: Event) -> dict[str, Any]:
    """Names are escaped, and plain where Slack allows it: none mentions, links or shouts."""
    said, workspace = _for_slack(event.said), _for_slack(event.workspace.name)
    link = f"<{event.url}|{_for_slack(_('Open in Assistants Admin'))}>"
    return {
        "text": f"{said} · {workspace}",
        "mrkdwn": False,
        "unfurl_links": False,
        "blocks": [
            {"type": "section", "text": _plain(said)},
            {
                "type": "context",
                "elements": [
                    _plain(workspace),
                    {"type": "mrkdwn", "text": link, "verbatim": True},
                ],
            },
        ],
    }


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def _for_slack(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("://", ": //")  # or Slack makes a link of it


def _teams(event: Event) -> dict[str, Any]:
    """An Adaptive Card for a workflow of Teams. Text runs have no Markdown: names link nothing."""
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": event.said,
        "body": [
            {
                "type": "RichTextBlock",
                "inlines": [{"type": "TextRun", "text": event.said, "weight": "Bolder"}],
            },
            {
                "type": "RichTextBlock",
                "inlines": [{"type": "TextRun", "text": event.workspace.name, "isSubtle": True}],
            },
        ],
        "actions": [
            {"type": "Action.OpenUrl", "title": _("Open in Assistants Admin"), "url": event.url}
        ],
    }
    content_type = "application/vnd.microsoft.card.adaptive"
    attachment = {"contentType": content_type, "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


_BUILDERS: dict[str, Callable[[Event], dict[str, Any]]] = {
    Webhook.Format.STANDARD: _standard,
    Webhook.Format.SLACK: _slack,
    Webhook.Format.TEAMS: _teams,
}
