"""What a call looks like on the wire, and endpoints to make calls to."""

import json
from collections.abc import Callable
from typing import Any

import httpx

from assistants.gateway import Endpoint, Gateway, Timeouts

SECRET = "sk-live-0123456789abcdef"
PORTKEY_SECRET = "pk-portkey-0123456789"
VIRTUAL_SECRET = "vk-virtual-0123456789"
PORTKEY = Endpoint(
    "portkey",
    credentials={"portkey_api_key": PORTKEY_SECRET, "portkey_virtual_key": VIRTUAL_SECRET},
)
OPENAI = Endpoint("openai", "https://assistants.test/v1", {"api_key": SECRET})
AT_ONCE = Timeouts(pause=0)

ASSISTANT: dict[str, Any] = {
    "id": "asst_abc123",
    "object": "assistant",
    "created_at": 1699009709,
    "name": "HR Helper",
    "description": None,
    "model": "gpt-4-turbo",
    "instructions": "You are an HR bot.",
    "tools": [{"type": "file_search"}],
    "metadata": {},
    "top_p": 1.0,
    "temperature": 1.0,
    "response_format": "auto",
}


class Remote:
    """Answers each request with the next of `answers` (the last one for ever) and keeps them."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(
            answer.status_code, headers=answer.headers, content=answer.content, request=request
        )

    @property
    def sent(self) -> dict[str, Any]:
        """The only request, whole: method, url, headers, body."""
        (request,) = self.requests
        return {
            "method": request.method,
            "url": str(request.url),
            "headers": dict(request.headers),
            "body": json.loads(request.content) if request.content else None,
        }

    def gateway(self, endpoint: Endpoint = OPENAI, **kwargs: Any) -> Gateway:
        """A client whose calls end up here."""
        kwargs.setdefault("timeouts", AT_ONCE)
        return Gateway(endpoint, transport=httpx.MockTransport(self), **kwargs)


Call = Callable[[Gateway], Any]

CALLS: dict[str, Call] = {
    "list": lambda gateway: gateway.list_page(),
    "retrieve": lambda gateway: gateway.retrieve("asst_abc123"),
    "create": lambda gateway: gateway.create({"model": "gpt-5"}),
    "modify": lambda gateway: gateway.modify("asst_abc123", {"name": "New"}),
    "delete": lambda gateway: gateway.delete("asst_abc123"),
    "models": lambda gateway: gateway.models(),
    "changes": lambda gateway: gateway.changes(after=0),
}
