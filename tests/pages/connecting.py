"""The pages of connections: their addresses, and adding one through the form."""

from typing import Any

from django.test import Client

from assistants.models import Connection
from tests.conftest import Cast

ROOT = "/w/main/connections/"
NEW = f"{ROOT}new/"
PORTKEY = {
    "profile": "portkey",
    "name": "Production via Portkey",
    "base_url": "",
    "portkey_api_key": "pk-secret",
    "portkey_virtual_key": "vk-secret",
}
ONE_OF = "Fill in at least one of these: Virtual key, Provider, Config."


def text_of(client: Client, path: str = ROOT, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


def add(cast: Cast, **fields: Any) -> Connection:
    response = cast.client("admin").post(NEW, {**PORTKEY, **fields})
    assert response.status_code == 303
    return Connection.objects.latest("pk")
