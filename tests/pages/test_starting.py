"""Starting a new assistant from nothing, a sample, a template or another one; keeping templates."""

from typing import Any

import pytest
from django.http import HttpResponse

from admin_ui.accounts.models import Workspace
from assistants.definition import Definition
from assistants.models import Assistant, AssistantTemplate, Connection, Draft
from assistants.services.editing import templates as service
from assistants.services.editing.drafts import save_draft
from assistants.services.errors import Invalid
from assistants.services.ledger.reading import live_definition
from assistants.services.setup.sample_data import sample_rows
from tests.conftest import Cast
from tests.definition.examples import FULL
from tests.pages.past import change, make_assistant
from tests.pages.reading import fields_of
from tests.pages.schema_form import text_of

pytestmark = pytest.mark.django_db

START = "/w/main/assistants/start/"
TEMPLATES = "/w/main/templates/"
HELD = Definition.parse(FULL | {"instructions": "Be kind.\n" * 400})


def keep(cast: Cast, name: str = "Support", **fields: Any) -> AssistantTemplate:
    wanted = HELD.replace(**fields)
    return service.save_template(
        author=cast.editor, name=name, description="For <shops>.", definition=wanted
    )


def begin(cast: Cast, who: str, **form: str) -> HttpResponse:
    return cast.client(who).post(START, form)


def begun() -> Draft:
    return Draft.objects.select_related("assistant").latest("pk")


def test_the_page_offers_each_start(cast: Cast) -> None:
    keep(cast)
    make_assistant(cast.workspace, name="Travel", description="Books trips.")
    page = text_of(cast.client("editor").get(START))
    for text in ("Blank page", "Your templates", "Support", "Samples", "Another assistant"):
        assert text in page
    assert "For &lt;shops&gt;." in cast.client("editor").get(START).content.decode()
    assert "Travel" in page
    assert all(row.name in page for row in sample_rows())
    assert "Connection" not in page.split("<main")[1], "there is only one"


def test_a_blank_page_is_the_empty_form(cast: Cast) -> None:
    answer = begin(cast, "editor", start="blank")
    pk = Connection.objects.get().pk
    assert (answer.status_code, answer["Location"]) == (
        303,
        f"/w/main/assistants/new/?connection={pk}",
    )
    assert not Draft.objects.exists()


def test_a_template_becomes_a_draft_with_all_it_holds(cast: Cast) -> None:
    template = keep(cast)
    client = cast.client("editor")
    answer = client.post(START, {"start": f"template-{template.pk}"})
    draft = begun()
    assert answer["Location"] == f"/w/main/assistants/{draft.assistant_id}/edit/"
    assert draft.definition == HELD
    assert (draft.user, draft.base, draft.assistant.last_number) == (cast.editor.user, None, 0)
    page = text_of(client.get(answer["Location"]))
    assert "Started from Support. This is your draft. It is not published yet." in page


@pytest.mark.parametrize("row", sample_rows(), ids=lambda row: row.slug)
def test_every_sample_becomes_a_draft(cast: Cast, row: Any) -> None:
    begin(cast, "editor", start=f"sample-{row.slug}")
    assert begun().definition.value("name") == row.name


def test_another_assistant_is_found_and_copied(cast: Cast) -> None:
    for number in range(12):
        make_assistant(cast.workspace, name=f"Desk {number}")
    row = make_assistant(cast.workspace, name="Travel", instructions="Book trips.")
    client = cast.client("editor")
    assert "There are more." in text_of(client.get(START))
    found = text_of(client.get(START, {"q": "trips"}))
    assert f'value="assistant-{row.pk}"' in found
    assert found.count('value="assistant-') == 1
    assert "No assistant matches." in text_of(client.get(START, {"q": "zebra"}))

    begin(cast, "editor", start=f"assistant-{row.pk}")
    expected = live_definition(row).replace(name="Copy of Travel")
    assert begun().definition == expected


def test_the_chosen_connection_is_used(cast: Cast) -> None:
    other = Connection.objects.create(
        workspace=cast.workspace, name="Portkey", profile="openai", base_url="https://x.example/v1"
    )
    assert "Portkey" in text_of(cast.client("editor").get(START))
    template = keep(cast)
    begin(cast, "editor", start=f"template-{template.pk}", connection=str(other.pk))
    assert begun().assistant.connection == other


@pytest.mark.parametrize(
    "chosen",
    ["", "sample-", "sample-../../etc", "sample-nothing", "template-x", "template-999", "blank-1"],
)
def test_what_is_not_there_starts_nothing(cast: Cast, chosen: str) -> None:
    assert begin(cast, "editor", start=chosen).status_code == 404
    assert begin(cast, "editor", start="blank", connection="999").status_code == 404
    assert not Assistant.objects.exists()


def test_what_another_workspace_keeps_starts_nothing(cast: Cast) -> None:
    template, row = keep(cast), make_assistant(cast.workspace)
    elsewhere = cast.stranger.workspace
    Connection.objects.create(workspace=elsewhere, name="Theirs", profile="openai")
    for chosen in (f"template-{template.pk}", f"assistant-{row.pk}"):
        answer = cast.client("stranger").post("/w/elsewhere/assistants/start/", {"start": chosen})
        assert answer.status_code == 404
    for page in (f"{template.pk}/edit/", f"{template.pk}/delete/"):
        assert cast.client("stranger").post(f"/w/elsewhere/templates/{page}").status_code == 404


def test_an_assistant_is_saved_as_template_and_later_changes_leave_it(cast: Cast) -> None:
    row = make_assistant(cast.workspace, **FULL)
    path = f"/w/main/assistants/{row.pk}/save-as-template/"
    client = cast.client("editor")
    assert f'href="{path}"' in text_of(client.get(f"/w/main/assistants/{row.pk}/edit/"))
    page = client.get(path)
    assert "A template keeps everything" in text_of(page)
    assert "will not find" in text_of(page), "it has files"
    fields = fields_of(page)
    assert fields == {"name": FULL["name"], "description": FULL["description"]}

    answer = client.post(path, {**fields, "name": "Trips"})

    assert (answer.status_code, answer["Location"]) == (303, TEMPLATES)
    change(row, instructions="Other.", tools=None)
    saved = AssistantTemplate.objects.get()
    assert saved.definition == Definition.parse(FULL)
    listed = text_of(client.get(TEMPLATES))
    assert "Trips" in listed
    assert "Saved by Emil" in listed


def test_the_own_draft_can_be_saved(cast: Cast) -> None:
    row = make_assistant(cast.workspace)
    wanted = live_definition(row).replace(instructions="Draft.")
    save_draft(author=cast.editor, assistant=row, definition=wanted, base=row.live)
    path = f"/w/main/assistants/{row.pk}/save-as-template/"
    client = cast.client("editor")
    assert fields_of(client.get(path))["source"] == "live"
    for source, expected in (("live", live_definition(row)), ("draft", wanted)):
        client.post(path, {"name": source, "description": "", "source": source})
        assert AssistantTemplate.objects.get(name=source).definition == expected
    cast.client("publisher").post(path, {"name": "theirs", "source": "draft"})
    assert AssistantTemplate.objects.get(name="theirs").definition == live_definition(row)


def test_a_name_is_needed_and_taken_once(cast: Cast) -> None:
    keep(cast, "Trips")
    row = make_assistant(cast.workspace)
    path = f"/w/main/assistants/{row.pk}/save-as-template/"
    for name, error in (
        ("", "This field is required."),
        ("Trips", "Another template has this name."),
        ("n" * 121, "at most 120 characters"),
    ):
        answer = cast.client("editor").post(path, {"name": name, "description": "Kept words."})
        assert answer.status_code == 422
        assert error in text_of(answer)
        assert fields_of(answer)["description"] == "Kept words."
    assert AssistantTemplate.objects.count() == 1


def test_a_template_is_renamed_and_deleted(cast: Cast) -> None:
    template = keep(cast, "Old")
    keep(cast, "Other")
    client = cast.client("editor")
    path = f"{TEMPLATES}{template.pk}/edit/"
    assert fields_of(client.get(path)) == {"name": "Old", "description": "For <shops>."}
    assert client.post(path, {"name": "Other"}).status_code == 422
    assert client.post(path, {"name": "New", "description": ""}).status_code == 303
    template.refresh_from_db()
    assert (template.name, template.description, template.definition) == ("New", "", HELD)

    begin(cast, "editor", start=f"template-{template.pk}")
    delete = f"{TEMPLATES}{template.pk}/delete/"
    assert "Delete New?" in text_of(client.get(delete))
    assert client.post(delete).status_code == 303
    assert client.post(delete).status_code == 404, "it is gone"
    assert [row.name for row in AssistantTemplate.objects.all()] == ["Other"]
    assert begun().definition == HELD, "what was started from it stays"


def test_a_workspace_keeps_so_many(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_TEMPLATES", 2)
    keep(cast, "1")
    keep(cast, "2")
    with pytest.raises(Invalid) as raised:
        keep(cast, "3")
    assert [problem.code for problem in raised.value.problems] == ["too_many"]
    row = make_assistant(cast.workspace)
    answer = cast.client("editor").post(
        f"/w/main/assistants/{row.pk}/save-as-template/", {"name": "3"}
    )
    assert answer.status_code == 422
    assert "can keep no more. Delete one first." in text_of(answer)


def test_what_is_over_the_limits_is_no_template(cast: Cast) -> None:
    with pytest.raises(Invalid) as raised:
        keep(cast, x_vendor="x" * 70_000)
    assert [problem.code for problem in raised.value.problems] == ["too_large"]


@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("stranger", 404)])
def test_others_start_and_keep_nothing(cast: Cast, who: str, status: int) -> None:
    template, row = keep(cast), make_assistant(cast.workspace)
    client = cast.client(who)
    for path in (
        START,
        f"/w/main/assistants/{row.pk}/save-as-template/",
        f"{TEMPLATES}{template.pk}/edit/",
        f"{TEMPLATES}{template.pk}/delete/",
    ):
        assert client.get(path).status_code == status
        assert client.post(path, {"start": f"template-{template.pk}"}).status_code == status
    assert client.get(TEMPLATES).status_code == (200 if who == "viewer" else 404)
    assert not Draft.objects.exists()


def test_the_number_of_queries_does_not_grow(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    workspace = Workspace.objects.get(slug="main")
    for number in range(12):
        keep(cast, f"T{number}")
        make_assistant(workspace, name=f"A{number}")
    client = cast.client("editor")
    with django_assert_max_num_queries(9):
        client.get(START)
