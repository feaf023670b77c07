"""A draft that a colleague returns, takes over or discards while its editor is open."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assistants.models import Assistant
from assistants.services.editing.colleagues import discard_theirs
from tests.conftest import Cast
from tests.pages.reading import fields_of
from tests.pages.reviewing import address, text_of, write_draft
from tests.pages.test_returned_drafts import act

pytestmark = pytest.mark.django_db(transaction=True)


def look(emil: Any, live: Assistant, page: Any, **shown: str) -> Any:
    """Ask what the open `page` of Emil asks every half a minute; it shows `shown` by now."""
    form = fields_of(page, address(live, "edit"))
    fields = {name: form[name] for name in ("base", "tab")}
    return emil.post(address(live, "here"), {**fields, **shown})


@pytest.mark.parametrize(
    ("what", "headline", "advice"),
    [
        ("return", "Pia returned your draft.", "The draft is still yours."),
        ("take-over", "Pia took over your draft.", "Your text is still on this page."),
        ("discard", "Pia discarded your draft.", "Your text is still on this page."),
    ],
)
def test_an_open_editor_is_told_without_a_reload(
    cast: Cast, live: Assistant, what: str, headline: str, advice: str
) -> None:
    write_draft(cast.editor, live, name="By Emil")
    emil = cast.client("editor")
    page = emil.get(address(live, "edit"))
    assert look(emil, live, page).status_code == 204
    act(cast, live, what, note="Say <b>why</b>.")
    told = text_of(look(emil, live, page))
    assert headline in told
    assert re.search(r"<time [^>]*>\d\d:\d\d UTC</time>", told)
    assert advice in told
    assert ("Say &lt;b&gt;why&lt;/b&gt;." in told) == (what != "take-over")
    chips = told.split('id="chips"')[1].split('id="decided"')[0]
    assert ("Your draft" in chips) == (what == "return")
    assert "<textarea" not in told
    key = re.search(r'name="decided" value="([^"]+)"', told)
    assert key
    assert look(emil, live, page, decided=key[1]).status_code == 204
    fresh_page = emil.get(address(live, "edit"))
    assert f'name="decided" value="{key[1]}"' in text_of(fresh_page)

    gone = emil.post(f"{address(live, 'earlier')}got-it/", headers={"HX-Request": "true"})
    assert '<div id="decided" hx-swap-oob="innerHTML"></div>' in text_of(gone)
    taken_away = text_of(look(emil, live, page, decided=key[1]))
    assert "Pia" not in taken_away
    assert look(emil, live, page).status_code == 204


def test_nobody_else_is_told_and_a_review_is_not(cast: Cast, live: Assistant) -> None:
    write_draft(cast.editor, live, name="By Emil")
    ada = cast.client("admin")
    page = ada.get(address(live, "edit"))
    act(cast, live, "discard", note="Legal said no.")
    assert look(ada, live, page).status_code == 204
    reviewing = text_of(cast.client("editor").post(address(live, "here"), {"base": "1"}))
    assert "Ada is editing" in reviewing
    assert "discarded" not in reviewing


def test_being_told_costs_no_query_unless_there_is_something(cast: Cast, live: Assistant) -> None:
    write_draft(cast.editor, live, name="By Emil")
    emil = cast.client("editor")
    page = emil.get(address(live, "edit"))
    look(emil, live, page)

    def queries(**shown: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            look(emil, live, page, **shown)
        return len(captured)

    before = queries()
    for _ in range(3):
        draft = write_draft(cast.editor, live, name="By Emil")
        asked = {"assistant": live, "user": cast.editor.user, "seen": draft.known_digest}
        discard_theirs(author=cast.publisher, note="Why", **asked)
    assert (before, queries()) == (4, 6)  # the decisions; whether there is a draft
