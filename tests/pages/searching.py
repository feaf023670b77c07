"""The names that a search of the list of assistants finds."""

from django.test import Client

LIST = "/w/main/assistants/"


def names(client: Client, query: str, **params: str) -> list[str]:
    response = client.get(LIST, {"q": query, **params})
    assert response.status_code == 200
    return [row.name for row in response.context["page"].rows]
