"""The editor as a script uses it: open the form, send or autosave it, and read the draft."""

from typing import Any

from django.http import HttpResponse
from django.test import Client

from assistants.models import Assistant, Draft
from assistants.services.editing.drafts import draft_of
from tests.conftest import Cast
from tests.pages.reading import fields_of

BACKGROUND = {"HTTP_X_BACKGROUND": "keep", "HTTP_HX_REQUEST": "true"}
"""The headers of a request that a page makes on a pause in typing."""


def address(assistant: Assistant, page: str = "edit") -> str:
    return f"/w/main/assistants/{assistant.pk}/{page}/"


def open_form(client: Client, assistant: Assistant) -> dict[str, str]:
    path = address(assistant)
    response = client.get(path)
    assert response.status_code == 200
    return fields_of(response, path)


def send(client: Client, assistant: Assistant, fields: dict[str, str], **more: str) -> HttpResponse:
    return client.post(address(assistant), {**fields, **more})


def keep(client: Client, path: str, fields: dict[str, str], **more: str) -> Any:
    """Send the form at `path` as the page does on a pause in typing, as its next save."""
    fields |= {**more, "turn": str(int(fields["turn"]) + 1)}
    return client.post(f"{path}autosave/", fields, **BACKGROUND)


def draft(cast: Cast, assistant: Assistant, who: str = "editor") -> Draft | None:
    return draft_of(user=getattr(cast, who).user, assistant=assistant)


def text_of(response: Any) -> str:
    return str(response.content.decode())
