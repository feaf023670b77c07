"""Very much of everything in the editor: clear words, no lost text, and a page that answers."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from assistants.models import Assistant, Connection, Draft
from assistants.services.connections.client import registry_of
from tests.conftest import Cast
from tests.e2e.browsing import address, settled
from tests.e2e.building import PARAMETERS, Builder, becomes, schema_of
from tests.e2e.conftest import Browse
from tests.services.conftest import Make
from tests.upstream import Upstream

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

LONGEST_FREEZE = 10_000
"""Milliseconds in which a page may answer nothing: a second on a machine that does nothing else."""
ODD = "Ünïcode 客服 😀 \u202eabc\u202c zero\u200bwidth \u00a0 \t {{name}} </textarea><b>&amp;\n"


@contextmanager
def answering(page: Page) -> Iterator[None]:
    """Fail if a script keeps the page from answering for long."""
    page.evaluate(
        """() => { window.frozen = [];
          const note = (list) => frozen.push(...list.getEntries().map(({ duration }) => duration));
          new PerformanceObserver(note).observe({ type: "longtask" }); }"""
    )
    yield
    page.wait_for_timeout(100)
    longest = page.evaluate("Math.max(0, ...window.frozen)")
    assert longest < LONGEST_FREEZE


def schema_with(count: int, size: int = 0) -> dict[str, Any]:
    described = {"type": "string", "description": "x" * size} if size else {"type": "string"}
    return {"type": "object", "properties": {f"p{number}": described for number in range(count)}}


def tooled(cast: Cast, published: Make, *functions: dict[str, Any]) -> Assistant:
    registry = registry_of(cast.workspace)
    return published(registry, tools=[{"type": "function", "function": one} for one in functions])


def test_a_megabyte_of_schema_is_kept_as_typed(browse: Browse, live: Assistant) -> None:
    page = browse()
    page.goto(address(live))
    page.get_by_role("button", name="Add a function").click()
    expect(page.locator("[name=function-0-name]")).to_be_focused()
    builder = Builder(page)
    builder.show("JSON")
    text = json.dumps(schema_with(1_000, 1_000))
    typed = page.locator(f"[name='{PARAMETERS}']")
    with answering(page):
        typed.focus()
        page.keyboard.insert_text(text)
        expect(page.locator("#saved")).to_contain_text("Kept as typed")
        page.locator("[name=function-0-name]").fill("large")
        expect(page.locator("#saved")).to_contain_text("Kept as typed")
        expect(page.locator("#saved")).to_contain_text("to fix before publishing")
        builder.whole.get_by_role("button", name="Form", exact=True).click()
        settled(page)
    expect(builder.whole).to_contain_text("This schema has 1,000 parameters.")
    expect(builder.whole).to_contain_text("The limit is 1,024,000 characters")
    page.reload()
    expect(typed).to_have_value(text)


def test_two_hundred_parameters_are_rows(browse: Browse, cast: Cast, published: Make) -> None:
    live = tooled(cast, published, {"name": "wide", "parameters": schema_with(200)})
    page = browse()
    page.goto(address(live))
    builder = Builder(page)
    with answering(page):
        page.locator("#functions summary").first.click()
        expect(builder.part(199, "name")).to_have_value("p199")
        settled(page)
        builder.part(199, "name").press("Enter")
        builder.button(199, "Move p199 up").click()
        builder.part(199, "description").fill("The last.")
        wanted = schema_with(200)
        properties = wanted["properties"]
        last, before = properties.pop("p199"), properties.pop("p198")
        properties |= {"p199": {**last, "description": "The last."}, "p198": before}
        becomes(page, lambda: schema_of(live), wanted)
    expect(builder.whole).to_contain_text("The form shows at most 200 parameters.")
    expect(builder.whole.get_by_role("button", name="Add a parameter")).to_have_count(0)
    assert page.url.endswith(address(live))


def test_the_last_of_128_functions_is_edited(browse: Browse, cast: Cast, published: Make) -> None:
    functions = [{"name": f"f{number}", "parameters": schema_with(3)} for number in range(128)]
    live = tooled(cast, published, *functions)
    page = browse()
    page.goto(address(live))
    with answering(page):
        page.locator("#functions summary", has_text="f127").click()
        builder = Builder(page, "function-127-parameters")
        builder.add().fill("p3")
        becomes(page, lambda: schema_of(live), schema_with(4))
    expect(page.get_by_role("button", name="Add a function")).to_be_hidden()


def test_a_schema_that_contains_itself_is_edited(
    browse: Browse, cast: Cast, published: Make
) -> None:
    tree = {
        "type": "object",
        "properties": {"name": {"type": "string"}, "parent": {"$ref": "#"}},
        "required": ["name"],
    }
    live = tooled(cast, published, {"name": "tree", "parameters": tree})
    page = browse()
    page.goto(address(live))
    page.locator("#functions summary").first.click()
    builder = Builder(page)
    expect(builder.row(1)).to_contain_text("$ref")
    builder.add().fill("size")
    wanted = {**tree, "properties": {**tree["properties"], "size": {"type": "string"}}}
    becomes(page, lambda: schema_of(live), wanted)


def paste(page: Page, field: str) -> float:
    """Paste what is in the clipboard, and return how many seconds the browser takes for it."""
    page.locator(field).focus()
    page.keyboard.press("Control+a")
    started = time.monotonic()
    page.keyboard.press("Control+v")
    page.evaluate("0")  # it answers again
    return time.monotonic() - started


def test_instructions_at_their_limit_with_odd_characters(browse: Browse, live: Assistant) -> None:
    text = (ODD * (256_000 // len(ODD) + 1))[:256_000]
    page = browse(permissions=["clipboard-read", "clipboard-write"])
    page.goto(address(live))
    page.evaluate("(text) => navigator.clipboard.writeText(text)", text)
    page.evaluate("document.body.append(document.createElement('textarea'))")
    bare = paste(page, "body > textarea")
    assert paste(page, "[name=instructions]") < 8 * bare + 2
    with answering(page):
        expect(page.locator("#saved")).to_contain_text("Draft saved")
        page.locator("[name=name]").fill("Large")
        expect(page.locator("#saved")).to_contain_text("Not saved yet")
        expect(page.locator("#saved")).to_contain_text("Draft saved")
    draft = Draft.objects.get(assistant=live).definition
    assert draft.value("instructions") == text
    assert draft.value("name") == "Large"
    instructions = page.locator("[name=instructions]")
    instructions.press("Control+End")
    page.keyboard.type("+")
    expect(page.locator("#saved")).to_contain_text("1 error to fix before publishing")
    page.reload()
    assert instructions.input_value() == text + "+"


def test_a_gateway_that_lists_nothing_keeps_nobody_from_typing(
    browse: Browse, published: Make, connection_to: Connection, remote: Upstream
) -> None:
    live = published(connection_to)
    remote.silent = True
    page = browse()
    page.goto(address(live))
    page.locator("[name=model]").fill("gpt-of-tomorrow")
    expect(page.locator("#saved")).to_contain_text("Draft saved")
    assert Draft.objects.get(assistant=live).definition.value("model") == "gpt-of-tomorrow"
    page.get_by_role("button", name="Review and publish").click()
    expect(page.locator("#change-model")).to_contain_text("gpt-of-tomorrow")
    remote.silent = False
