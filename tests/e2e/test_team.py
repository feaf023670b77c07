"""The team: somebody is found, gets another role at once, and gets the old one back."""

import pytest
from playwright.sync_api import ViewportSize, expect

from admin_ui.accounts.models import Member, User
from admin_ui.accounts.services import create_key
from tests import factories
from tests.conftest import Cast
from tests.e2e.browsing import DESK, PHONE, faults_in_all_looks, settled
from tests.e2e.conftest import Browse

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
TEAM = "/w/main/team/"


@pytest.fixture
def crowd(cast: Cast) -> None:
    """Forty colleagues, so that the list has two pages."""
    users = [User(email=f"kim{n:02}@example.org", name=f"Kim {n:02}") for n in range(40)]
    made = User.objects.bulk_create(users)
    Member.objects.bulk_create([Member(workspace=cast.workspace, user=user) for user in made])


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_search_then_change_a_role_and_undo_it(
    browse: Browse, cast: Cast, crowd: None, size: ViewportSize
) -> None:
    page = browse("admin", viewport=size)
    page.goto(TEAM)
    people = page.locator("#members")
    expect(people.get_by_text("44 people")).to_be_visible()
    people.get_by_role("link", name="Next").click()
    expect(people.get_by_label("Role of Kim 39")).to_be_visible()

    page.get_by_label("Search members").fill("emil@")
    expect(people.get_by_text("1 of 44 people")).to_be_visible()
    expect(page).to_have_url(f"{page.url.partition('?')[0]}?q=emil%40")
    settled(page)
    assert faults_in_all_looks(page) == []

    role = page.get_by_label("Role of Emil")
    expect(page.get_by_role("button", name="Change")).to_be_hidden()
    role.select_option(label="Publisher")
    said = page.locator("#said")
    expect(said).to_contain_text("The role of Emil is now Publisher.")
    expect(role).to_have_value("publisher")
    settled(page)
    assert Member.objects.get(pk=cast.editor.pk).role == "publisher"
    assert faults_in_all_looks(page) == []

    said.get_by_role("button", name="Undo").click()
    expect(said).to_contain_text("The role of Emil is Editor again.")
    expect(role).to_have_value("editor")
    expect(role).to_be_focused()
    expect(people.get_by_text("1 of 44 people")).to_be_visible()
    assert Member.objects.get(pk=cast.editor.pk).role == "editor"

    page.get_by_label("Show members with this role").select_option(label="Admin")
    expect(people.get_by_role("heading", name="Nobody found")).to_be_visible()
    settled(page)
    assert faults_in_all_looks(page) == []
    people.get_by_role("link", name="Show everybody").click()
    expect(people.get_by_text("44 people")).to_be_visible()


def test_the_keyboard_keeps_its_place(browse: Browse, cast: Cast) -> None:
    page = browse("admin")
    page.goto(TEAM)
    role = page.get_by_label("Role of Vera")
    role.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#said")).to_contain_text("The role of Vera is now Publisher.")
    settled(page)
    expect(role).to_be_focused()
    page.locator("#said").get_by_role("button", name="Undo").click()
    expect(page.locator("#said")).to_contain_text("The role of Vera is Viewer again.")


def test_a_lowering_asks_and_offers_the_undo_afterwards(browse: Browse, cast: Cast) -> None:
    lea = factories.make_user("lea@example.com", name="Lea")
    member = factories.make_member(cast.workspace, "admin", user=lea)
    create_key(actor=member, name="Night job", can_write=True)
    page = browse("admin")
    page.goto(TEAM)
    page.get_by_label("Role of Lea").select_option(label="Viewer")
    expect(page.get_by_role("heading", name="Change the role of Lea to Viewer?")).to_be_visible()
    expect(page.get_by_text("Night job").first).to_be_visible()
    page.get_by_role("button", name="Change the role").click()
    said = page.locator("#said")
    expect(said).to_contain_text("The role of Lea is now Viewer.")
    expect(page.get_by_text("This is the last admin.")).to_be_visible()
    said.get_by_role("button", name="Undo").click()
    expect(said).to_contain_text("The role of Lea is Admin again.")
    expect(page.get_by_label("Role of Ada")).to_be_visible()


def test_without_scripts(browse: Browse, cast: Cast) -> None:
    page = browse("admin", java_script_enabled=False)
    page.goto(TEAM)
    page.get_by_label("Search members").fill("emil")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("1 of 4 people")).to_be_visible()
    page.get_by_label("Role of Emil").select_option(label="Viewer")
    page.get_by_role("button", name="Change").click()
    expect(page.locator("#said")).to_contain_text("The role of Emil is now Viewer.")
    expect(page.get_by_text("1 of 4 people")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#said")).to_contain_text("The role of Emil is Editor again.")
