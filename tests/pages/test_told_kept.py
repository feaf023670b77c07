"""What an answer tells an open page: whether the text it sent is kept anywhere."""

from typing import Any

import pytest
from django.test import Client

from tests.conftest import Cast
from tests.pages.editing import BACKGROUND
from tests.pages.past import make_assistant
from tests.pages.reading import fields_of

pytestmark = pytest.mark.django_db

ORIGIN = {"HTTP_ORIGIN": "http://testserver"}


@pytest.mark.parametrize(
    ("told", "data"),
    [
        ("true", {"name": "Typed"}),
        ("true", {"temperature": "low"}),
        ("true", {}),
        ("false", {"tab": "0-somebody-else"}),
    ],
)
def test_an_autosave_says_whether_its_text_is_kept(
    cast: Cast, told: str, data: dict[str, Any]
) -> None:
    client, live = cast.client("editor"), make_assistant(cast.workspace)
    path = f"/w/main/assistants/{live.pk}/edit/"
    fields = fields_of(client.get(path), path) | data
    assert client.post(f"{path}autosave/", fields, **BACKGROUND)["X-Kept"] == told
    fresh = "/w/main/assistants/new/"
    fields = fields_of(client.get(fresh), fresh) | data
    assert client.post(f"{fresh}autosave/", fields, **BACKGROUND)["X-Kept"] == told


@pytest.mark.parametrize(("told", "headers"), [("true", ORIGIN), ("false", {})])
def test_an_autosave_with_an_old_token_takes_nobody_off_the_page(
    cast: Cast, told: str, headers: dict[str, str]
) -> None:
    live = make_assistant(cast.workspace)
    path = f"/w/main/assistants/{live.pk}/edit/"
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.editor.user)
    fields = fields_of(client.get(path), path) | {"name": "Typed"}
    fields["csrfmiddlewaretoken"] = ""
    answer = client.post(f"{path}autosave/", fields, **BACKGROUND, **headers)
    assert (answer.status_code, answer["X-Kept"], answer["HX-Reswap"]) == (403, told, "none")
    assert client.cookies["csrftoken"].value
    assert fields_of(client.get(path), path)["name"] == ("Typed" if told == "true" else "Support")
