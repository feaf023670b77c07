"""Returning a colleague's draft, discarding it, and what its author finds; the earlier states."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from assistants.models import Assistant, Draft, DraftState
from assistants.services.editing.colleagues import discard_theirs
from tests.conftest import Cast
from tests.e2e.browsing import DESK, PHONE, address, change_live, faults, faults_in_all_looks
from tests.e2e.conftest import Browse
from tests.e2e.test_presence import look
from tests.pages.reviewing import write_draft
from tests.pages.test_decision import NEW, OLD

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
BUTTONS = ("Return …", "Take over", "Discard …", "Publish")


def of_emil(cast: Cast, live: Assistant) -> str:
    return address(live, f"review/?drafter={cast.editor.user.pk}")


def passes(page: Page) -> None:
    assert faults_in_all_looks(page) == []


def test_a_draft_is_returned_changed_and_published(
    browse: Browse, cast: Cast, live: Assistant
) -> None:
    write_draft(cast.editor, live, name="By Emil")
    pia, emil = browse("publisher"), browse("editor")
    pia.goto(of_emil(cast, live))
    pia.get_by_role("link", name="Return …").click()
    passes(pia)
    with pia.expect_response(lambda answer: answer.headers.get("x-kept") == "true"):
        pia.get_by_label("What should change?").fill("Say what it is for.")
    pia.reload()
    expect(pia.get_by_label("What should change?")).to_have_value("Say what it is for.")
    pia.get_by_role("button", name="Return draft").click()
    expect(pia.get_by_text("Emil's draft was returned with your note.")).to_be_visible()

    emil.goto("/w/main/")
    expect(emil.get_by_text("Pia returned your draft.")).to_be_visible()
    returned = emil.get_by_role("listitem").filter(has_text="Pia returned your draft.")
    returned.get_by_role("link", name="Continue").click()
    for _ in range(2):
        expect(emil.get_by_text("Say what it is for.")).to_be_visible()
        emil.reload()
    passes(emil)
    with emil.expect_response(lambda answer: answer.headers.get("x-kept") == "true"):
        emil.get_by_label("Description", exact=True).fill("For refunds.")
    emil.get_by_role("button", name="Save draft").click()
    expect(emil.get_by_text("Draft saved. Your changes")).to_be_visible()
    expect(emil.get_by_text("Say what it is for.")).to_have_count(0)

    pia.goto(of_emil(cast, live))
    expect(pia.get_by_text("It has changed since.")).to_be_visible()
    pia.get_by_role("button", name="Publish", exact=True).click()
    expect(pia.get_by_text("It is in effect for everyone now.")).to_be_visible()


def test_a_discarded_draft_is_brought_back_by_its_author(
    browse: Browse, cast: Cast, live: Assistant
) -> None:
    write_draft(cast.editor, live, name="By Emil")
    pia, emil = browse("publisher"), browse("editor")
    pia.goto(of_emil(cast, live))
    pia.get_by_role("link", name="Discard …").click()
    passes(pia)
    pia.get_by_label("Why do you discard it?").fill("We have one already.")
    pia.get_by_role("button", name="Discard draft").click()
    expect(pia.get_by_text("Emil's draft was discarded.")).to_be_visible()

    emil.goto("/w/main/")
    expect(emil.get_by_text("Pia discarded your draft.")).to_be_visible()
    emil.goto(address(live))
    expect(emil.get_by_text("We have one already.")).to_be_visible()
    emil.get_by_role("link", name="Look at it").click()
    passes(emil)
    emil.get_by_role("button", name="Bring back").click()
    expect(emil.locator("#id_name")).to_have_value("By Emil")
    expect(emil.get_by_text("We have one already.")).to_have_count(0)


def test_the_author_types_while_a_publisher_decides(
    browse: Browse, cast: Cast, live: Assistant
) -> None:
    pia, emil = browse("publisher"), browse("editor")
    emil.goto(address(live))
    with emil.expect_response(lambda answer: answer.headers.get("x-kept") == "true"):
        emil.locator("#id_name").fill("First")
    pia.goto(of_emil(cast, live))
    with emil.expect_response(lambda answer: answer.headers.get("x-kept") == "true"):
        emil.locator("#id_name").fill("Second")
    pia.get_by_role("button", name="Take over").click()
    expect(pia.get_by_text("so it was not taken over. Review it again.")).to_be_visible()
    expect(pia.get_by_text("Second")).to_be_visible()
    passes(pia)
    pia.get_by_role("button", name="Take over").click()
    expect(pia.get_by_text("The draft is yours now.")).to_be_visible()

    with emil.expect_response(lambda answer: answer.headers.get("x-kept") == "true"):
        emil.locator("#id_name").fill("Second and more")
    names = {row.user: row.definition.value("name") for row in Draft.objects.all()}
    assert names == {cast.publisher.user: "Second", cast.editor.user: "Second and more"}
    emil.reload()
    expect(emil.get_by_text("Pia took over your draft.")).to_be_visible()
    emil.get_by_role("button", name="Got it").click()
    expect(emil.get_by_text("Pia took over your draft.")).to_have_count(0)
    expect(emil.locator("#id_name")).to_have_value("Second and more")


@pytest.mark.parametrize(("size", "scheme"), [(DESK, "light"), (PHONE, "dark")])
def test_an_open_editor_learns_that_its_draft_was_discarded(
    browse: Browse, cast: Cast, live: Assistant, size: dict[str, int], scheme: str
) -> None:
    emil = browse("editor", viewport=size, color_scheme=scheme)
    emil.goto(address(live) + "#instructions")
    text = emil.locator("[name=instructions]")
    with emil.expect_response(lambda answer: answer.headers.get("x-kept") == "true"):
        text.fill("Be fair.")
    text.evaluate("field => field.setSelectionRange(3, 5)")
    discard_theirs(
        author=cast.publisher,
        assistant=live,
        user=cast.editor.user,
        seen=Draft.objects.get().known_digest,
        note="We have one already.",
    )
    look(emil)
    notice = emil.locator("#decided")
    expect(notice).to_contain_text("Pia discarded your draft.")
    expect(notice).to_contain_text("We have one already.")
    expect(emil.locator("#decided-link")).to_have_text("Pia discarded your draft.")
    expect(emil.locator("#chips")).not_to_contain_text("Your draft")
    expect(text).to_have_value("Be fair.")
    expect(text).to_be_focused()
    assert text.evaluate("field => [field.selectionStart, field.selectionEnd]") == [3, 5]
    assert faults(emil) == set()
    emil.evaluate("window.isTheSamePage = true")
    emil.get_by_role("button", name="Got it").click()
    expect(notice).to_be_empty()
    expect(emil.locator("#decided-link")).to_be_empty()
    assert emil.evaluate("window.isTheSamePage")
    with emil.expect_response(lambda answer: answer.headers.get("x-kept") == "true"):
        text.fill("Be fair and quick.")
    assert Draft.objects.get().definition.value("instructions") == "Be fair and quick."


def test_the_decision_stays_in_sight(browse: Browse, cast: Cast, live: Assistant) -> None:
    long = f"{OLD}\n" + "\n".join(f"## Part {n}\nAnswer {n} kindly." for n in range(80))
    row = change_live(cast.publisher, live, instructions=long)
    write_draft(cast.editor, row, instructions=long.replace("kindly", "well"), temperature=0.9)
    page = browse("publisher")
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        page.goto(of_emil(cast, live))
        expect(page.get_by_text("81 changes in 2 fields")).to_be_visible()
        for place in (0, 2_000, 100_000):
            page.evaluate("place => window.scrollTo(0, place)", place)
            for name in BUTTONS:
                expect(page.locator(".decision").get_by_text(name, exact=True)).to_be_in_viewport()
    passes(page)


def test_earlier_states_are_listed_and_brought_back(
    browse: Browse, cast: Cast, live: Assistant
) -> None:
    write_draft(cast.editor, live, name="Before the pause")
    Draft.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    page = browse("editor")
    page.goto(address(live))
    with page.expect_response(lambda answer: answer.headers.get("x-kept") == "true"):
        page.locator("#id_name").fill("After the pause")
    page.get_by_label("More").click()
    page.get_by_role("link", name="Earlier states").click()
    expect(page.get_by_text("A pause in typing")).to_be_visible()
    passes(page)
    page.get_by_role("link", name="Look at it").click()
    page.get_by_role("button", name="Bring back").click()
    expect(page.locator("#id_name")).to_have_value("Before the pause")
    assert [state.definition.value("name") for state in DraftState.objects.order_by("pk")] == [
        "Before the pause",
        "After the pause",
    ]


def test_lines_and_headings_are_read_on_a_phone(
    browse: Browse, cast: Cast, live: Assistant
) -> None:
    row = change_live(cast.publisher, live, instructions=OLD)
    write_draft(cast.publisher, row, instructions=NEW)
    page = browse("publisher", viewport=PHONE)
    page.goto(address(live, "review/"))
    expect(page.locator(".hunk").get_by_text("Refunds")).to_be_visible()
    numbers = page.locator("[data-old='17']").evaluate(
        "each => getComputedStyle(each, '::after').content"
    )
    assert numbers == '"17"'
    passes(page)
