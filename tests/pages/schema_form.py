"""Typing a schema into the editor, and reading what the page says beside it."""

import json
import re
from html import unescape
from typing import Any

from django.http import HttpResponse

from assistants.models import Assistant
from tests.conftest import Cast
from tests.pages.reading import fields_of

GOOD = {"type": "object", "properties": {"id": {"type": "string"}}}


def address(assistant: Assistant, page: str = "edit") -> str:
    return f"/w/main/assistants/{assistant.pk}/{page}/"


def text_of(response: HttpResponse) -> str:
    """The page as it is read: without the marks that keep people's text in its direction."""
    return re.sub("[\u2066-\u2069]", "", unescape(response.content.decode()))


def opened(cast: Cast, assistant: Assistant, **fields: str) -> dict[str, str]:
    """The fields of the editor that Pia has open, some of them typed into."""
    client = cast.client("publisher")
    form = fields_of(client.get(address(assistant)), address(assistant))
    return {**form, **fields}


def opened_page(cast: Cast, assistant: Assistant, number: int = 0) -> HttpResponse:
    """The editor with one of its functions opened."""
    action = {"action": f"open:function-{number}"}
    return cast.client("publisher").post(address(assistant), action)


def with_function(cast: Cast, assistant: Assistant, parameters: Any, **more: str) -> dict[str, str]:
    text = parameters if isinstance(parameters, str) else json.dumps(parameters)
    form = {"function-TOTAL_FORMS": "1", "function-0-name": "f", "function-0-parameters": text}
    return opened(cast, assistant, **(form | more))


def post(cast: Cast, assistant: Assistant, form: dict[str, str], action: str) -> HttpResponse:
    return cast.client("publisher").post(address(assistant), {**form, "action": action})


def beside(page: str, name: str = "function-0-parameters") -> str:
    """What the page says beside a field, in a line for each thing."""
    region = page.split(f'id="notice_{name}"')[1].split("</div>", maxsplit=1)[0]
    return "\n".join(re.findall(r"<span>(.*?)</span>", region, re.DOTALL))


def errors_of(page: str, name: str = "function-0-parameters") -> list[str]:
    if f'id="error_{name}"' not in page:
        return []
    region = page.split(f'id="error_{name}"')[1].split("</div>", maxsplit=1)[0]
    return re.findall(r"<span>(.*?)</span>", region, re.DOTALL)
