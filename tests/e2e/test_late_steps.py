"""Answers of the builder that come late: what was typed meanwhile stays."""

import pytest
from playwright.sync_api import APIResponse, Page, Request, Route, expect

from assistants.models import Assistant
from tests.e2e.browsing import faults
from tests.e2e.building import TEXT, becomes, begun, object_of, schema_of
from tests.e2e.conftest import Browse

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


class Late:
    """Holds back the answers to the builder's steps until the test lets them go."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.held: list[tuple[Route, APIResponse]] = []
        page.route("**/edit/", self.hold)

    def hold(self, route: Route) -> None:
        if self.is_step(route.request):
            self.held.append((route, route.fetch()))
        else:
            route.continue_()

    @staticmethod
    def is_step(request: Request) -> bool:
        return "action=schema" in (request.post_data or "")

    def waits_for(self, count: int) -> None:
        for _ in range(200):
            if len(self.held) >= count:
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{len(self.held)} of {count} steps were taken")

    def let_go(self, number: int = 0) -> None:
        route, answer = self.held.pop(number)
        route.fulfill(response=answer)
        self.page.wait_for_timeout(200)


def test_late_answers_take_nothing_along(browse: Browse, live: Assistant) -> None:
    page = browse()
    builder = begun(page, live)
    builder.add().fill("contact")
    builder.add().fill("tags")
    late = Late(page)
    builder.part(0, "type").select_option("object")
    late.waits_for(1)
    builder.part(1, "type").select_option("array")
    builder.part(1, "description").fill("Typed meanwhile.")
    builder.whole.locator("> [data-adds-row]").click()  # it waits for the other step
    late.let_go()
    late.waits_for(1)  # what was typed since is not in the answer, so the step is taken again
    expect(builder.part(1, "description")).to_have_value("Typed meanwhile.")
    late.let_go()
    late.waits_for(1)
    expect(builder.part(1, "description")).to_have_value("Typed meanwhile.")
    expect(builder.row(1)).to_contain_text("Each entry")
    late.let_go()
    expect(builder.part(3, "name")).to_be_focused()  # after that of each entry
    expect(builder.row(0)).to_contain_text("Add a field inside")
    assert builder.names() == ["contact", "tags", ""]
    wanted = object_of(
        contact={"type": "object", "properties": {}},
        tags={"type": "array", "description": "Typed meanwhile."},
    )
    becomes(page, lambda: schema_of(live), wanted)


def test_names_are_typed_faster_than_the_server_answers(browse: Browse, live: Assistant) -> None:
    page = browse()
    builder = begun(page, live)
    builder.add()
    late = Late(page)
    page.keyboard.type("room")
    page.keyboard.press("Enter")
    page.keyboard.type("people")
    late.waits_for(1)
    assert builder.names() == ["room"]
    assert faults(page) == set()
    late.let_go()
    expect(builder.part(1, "name")).to_be_focused()
    page.keyboard.type("_count")
    assert builder.names() == ["room", "people_count"]
    becomes(page, lambda: schema_of(live), object_of(room=TEXT, people_count=TEXT))
