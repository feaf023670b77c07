"""Somebody who leaves, and the page that asks what happens to what they leave."""

import re
from typing import Any

from django.test import Client

from admin_ui.accounts.models import User
from admin_ui.audit.models import AuditEvent, EventKind
from tests import factories

TEAM = "/w/main/team/"


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def form_of(page: str) -> dict[str, str]:
    """Return what the page's form of decisions would send as it is."""
    names = re.findall(r'<input type="hidden" name="(mark-[^"]+|asked|role)" value="([^"]*)"', page)
    fields = dict(names)
    for name, body in re.findall(
        r'<select class="input" id="[^"]+" name="(what-[^"]+)".*?>(.*?)</select>', page
    ):
        picked = re.search(r'value="([^"]*)" selected', body)
        assert picked
        fields[name] = picked[1]
    return fields


def call(secret: str) -> int:
    """Return how the API answers a read with that key."""
    headers = {"authorization": f"Bearer {secret}", "openai-beta": "assistants=v2"}
    return Client().get("/v1/assistants", headers=headers).status_code


def kinds() -> list[str]:
    events = AuditEvent.objects.exclude(kind=EventKind.WORKSPACE).order_by("pk")
    return list(events.values_list("kind", flat=True))


def owner_named(name: str) -> User:
    return factories.make_user(f"{name.lower()}@example.com", name=name, is_owner=True)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
