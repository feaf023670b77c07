"""A draft, a live version that moves on, and the pages from review to publish."""

from typing import Any

from django.http import HttpResponse

from admin_ui.accounts.models import Member
from assistants.models import Assistant, Draft
from assistants.services.editing.drafts import save_draft
from assistants.services.ledger.reading import live_definition
from assistants.services.publishing.publish import publish
from tests.conftest import Cast
from tests.services.conftest import fresh


def address(assistant: Assistant, page: str = "review") -> str:
    return f"/w/main/assistants/{assistant.pk}/{page}/"


def text_of(response: Any) -> str:
    return str(response.content.decode())


def write_draft(author: Member, assistant: Assistant, **fields: object) -> Draft:
    wanted = live_definition(assistant).replace(**fields)
    return save_draft(author=author, assistant=assistant, definition=wanted, base=assistant.live)


def move_live(cast: Cast, assistant: Assistant, **fields: object) -> None:
    """Pia publishes these fields, whatever drafts there are."""
    row = fresh(assistant)
    wanted = live_definition(row).replace(**fields)
    publish(author=cast.publisher, assistant=row, wanted=wanted, base=row.live)


def assert_published(response: HttpResponse, assistant: Assistant) -> None:
    assert (response.status_code, response["Location"]) == (303, address(assistant, "history"))
