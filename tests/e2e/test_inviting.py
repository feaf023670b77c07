"""Eight people are invited at once: the check, the links, and one of them who joins."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from admin_ui.accounts.models import Invitation
from tests.conftest import Cast
from tests.e2e.browsing import DESK, PHONE, faults_in_all_looks
from tests.e2e.conftest import Browse

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

NAMES = ("Ann", "Bob", "Cy", "Dora", "Eve", "Finn", "Gül", "Hana")
LINKS = "table pre code"
PEOPLE = [f"{name} Doe <p{number}@example.com>" for number, name in enumerate(NAMES)]
WORD = "wirtschaftsprüfungsgesellschaftsangelegenheiten" * 4


def open_page(page: Page) -> None:
    page.goto("/w/main/team/")
    page.get_by_role("link", name="Invite several people").click()
    expect(page.get_by_role("heading", name="Invite several people")).to_be_visible()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_eight_people_are_invited_at_once(
    browse: Browse, cast: Cast, settings: Any, size: Any, scripts: bool
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    admin = browse("admin", java_script_enabled=scripts, viewport=size)
    open_page(admin)
    bad = ["pia@example.com", "p0@example.com", WORD, "z@example.com, owner"]
    admin.get_by_label("People").fill("\n".join(PEOPLE + bad))
    admin.get_by_label("Role", exact=True).select_option(label="Viewer")
    admin.get_by_role("button", name="Check the list").click()
    expect(admin.get_by_text("8 people will be invited. Nobody has been")).to_be_visible()
    expect(admin.get_by_text("Will be invited", exact=True)).to_have_count(8)
    expect(admin.get_by_text("Line 1 has the same address.")).to_be_visible()
    assert not Invitation.objects.exists()
    admin.get_by_role("button", name="Invite 8 people").dblclick()
    expect(admin.get_by_text("8 people are invited.")).to_be_visible()
    links = admin.locator(LINKS).all_inner_texts()
    assert len(set(links)) == 8
    assert Invitation.objects.count() == 8

    gul = browse("anonymous")
    gul.goto(links[6])
    expect(gul.get_by_text("p6@example.com")).to_be_visible()
    expect(gul.get_by_label("Your name")).to_have_value("Gül Doe")
    gul.get_by_label("Password").fill("seven green bottles")
    gul.get_by_role("button", name="Create the account and join").click()
    expect(gul.get_by_role("heading", name="Home")).to_be_visible()

    admin.reload()
    assert admin.locator(LINKS).all_inner_texts() == links[:6] + links[7:]
    assert Invitation.objects.count() == 8
    admin.get_by_role("link", name="Back to the team").click()
    expect(admin.get_by_role("row").filter(has_text="p7@example.com")).to_be_visible()


def test_each_page_of_it_suits_everybody(
    browse: Browse, cast: Cast, settings: Any, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    admin = browse("admin", permissions=["clipboard-read", "clipboard-write"])
    open_page(admin)
    found = faults_in_all_looks(admin)
    admin.get_by_role("button", name="Check the list").click()
    expect(admin.get_by_text("The list is empty.")).to_be_visible()
    found += faults_in_all_looks(admin)
    file = tmp_path / "people.csv"
    rows = [f"p{number}@example.com;{name};viewer" for number, name in enumerate(NAMES)]
    file.write_text(
        "\ufeffemail;name;role\r\n" + "\r\n".join([*rows, f"{WORD};;", "p1@example.com"])
    )
    admin.get_by_label("Or a CSV file").set_input_files(file)
    admin.get_by_role("button", name="Check the list").click()
    expect(admin.get_by_role("button", name="Invite 8 people")).to_be_visible()
    found += faults_in_all_looks(admin)
    admin.get_by_role("button", name="Invite 8 people").click()
    expect(admin.get_by_text("8 people are invited.")).to_be_visible()
    found += faults_in_all_looks(admin)
    admin.get_by_role("button", name="Copy the link for p2@example.com").click()
    expect(admin.locator("#announcer")).to_have_text("Copied.")
    link = admin.evaluate("navigator.clipboard.readText()")
    assert link == admin.locator(LINKS).nth(2).inner_text()

    open_page(admin)
    admin.get_by_label("People").fill("p1@example.com")
    admin.get_by_role("button", name="Check the list").click()
    admin.get_by_label("New link").check()
    found += faults_in_all_looks(admin)
    admin.get_by_role("button", name="New links for the ticked ones").click()
    expect(admin.get_by_text("1 person is invited.")).to_be_visible()
    assert found == []
