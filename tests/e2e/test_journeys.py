"""Whole journeys of an admin: a newcomer, a leaver, a key and a connection from start to end."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from admin_ui.accounts.models import ApiKey, Member, User
from admin_ui.accounts.permissions import Role
from assistants.models import Assistant, Connection, Draft
from assistants.services.editing.drafts import save_draft
from assistants.services.ledger.reading import live_definition
from tests import factories
from tests.conftest import Cast
from tests.e2e.browsing import address, faults, fresh
from tests.e2e.conftest import Browse
from tests.services.conftest import Make
from tests.upstream import Upstream

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

PASSWORD = "seven green bottles"


def test_a_newcomer_is_invited_edits_and_publishes_once_the_role_allows_it(
    browse: Browse, cast: Cast, live: Assistant, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    admin = browse("admin")
    admin.goto("/w/main/team/")
    admin.get_by_label("Email address").fill("nora@example.com")
    admin.get_by_label("Name").fill("Nora")
    admin.get_by_label("Role", exact=True).select_option(label="Editor")
    admin.get_by_role("button", name="Invite").click()
    link = admin.locator("#one-time-link").inner_text()

    nora = browse("anonymous")
    nora.goto(link)
    found = faults(nora)
    nora.get_by_label("Password").fill(PASSWORD)
    nora.get_by_role("button", name="Create the account and join").click()
    expect(nora).to_have_url(re.compile("/w/main/$"))
    nora.goto(address(live))
    nora.fill("[name=instructions]", "Be kind.\nBe thorough.")
    nora.get_by_role("button", name="Review changes").click()
    expect(nora.locator("#change-instructions ins")).to_have_text("thorough")
    found |= faults(nora)
    expect(nora.get_by_role("button", name="Publish")).to_have_count(0)
    csrf = nora.locator("[name=csrfmiddlewaretoken]").first.input_value()
    form, headers = {"csrfmiddlewaretoken": csrf}, {"Referer": nora.url}
    assert nora.request.post(nora.url, form=form, headers=headers).status == 403
    expect(nora.get_by_role("main")).to_contain_text("Publishers: Pia")
    assert fresh(live).live_version == 1

    admin.goto("/w/main/team/")
    admin.get_by_label("Role of Nora").select_option(label="Publisher")
    expect(admin.get_by_text("The role of Nora is now Publisher.")).to_be_visible()
    found |= faults(admin)
    nora.reload()
    nora.get_by_role("button", name="Publish").click()
    expect(nora.get_by_text("Live v2").first).to_be_visible()
    found |= faults(nora)
    assert live_definition(fresh(live)).value("instructions") == "Be kind.\nBe thorough."
    assert found == set()


def test_a_leaver_is_gone_in_one_act(browse: Browse, cast: Cast, live: Assistant) -> None:
    User.objects.filter(pk=cast.admin.user_id).update(is_owner=True)
    factories.make_api_key(cast.workspace, name="Emil's script")
    ApiKey.objects.update(created_by=cast.editor.user)
    factories.make_member(factories.make_workspace("sales"), Role.PUBLISHER, user=cast.editor.user)
    wanted = live_definition(live).replace(name="Half done")
    save_draft(author=cast.editor, assistant=live, definition=wanted, base=live.live)
    emil, owner = browse("editor"), browse("admin")
    emil.goto(address(live))

    owner.goto("/people/")
    owner.get_by_role("link", name="Deactivate Emil").click()
    main = owner.get_by_role("main")
    expect(main).to_contain_text("Emil's script")
    owner.get_by_label("Support").select_option(label="Hand it over to Pia")
    found = faults(owner)
    owner.get_by_role("button", name="Deactivate").click()
    row = owner.get_by_role("row").filter(has_text="emil@example.com")
    expect(row).to_contain_text("Deactivated")
    found |= faults(owner)

    emil.goto(address(live))
    expect(emil.get_by_role("heading", name="Sign in")).to_be_visible()
    assert [draft.user for draft in Draft.objects.all()] == [cast.publisher.user]
    assert not ApiKey.objects.filter(created_by=cast.editor.user, revoked_at=None).exists()
    assert Member.objects.filter(user=cast.editor.user).count() == 2, "the history needs them"
    assert found == set()


def asked(page: Page, key: str, path: str) -> int:
    headers = {"Authorization": f"Bearer {key}", "OpenAI-Beta": "assistants=v2"}
    return page.request.get(path, headers=headers).status


def test_a_key_is_made_narrowed_used_replaced_and_revoked(
    browse: Browse, cast: Cast, live: Assistant, published: Make
) -> None:
    other = published(live.connection, name="Sales")
    mine, foreign = (f"/v1/assistants/{row.remote_id}" for row in (live, other))
    page = browse("admin")
    page.goto("/w/main/keys/")
    page.get_by_label("Name", exact=True).fill("Support chat")
    page.get_by_label("Only chosen assistants").check()
    page.get_by_role("main").get_by_label("Support", exact=False).first.check()
    page.get_by_role("button", name="Create the key").click()
    first = page.locator("#new-key").inner_text()
    found = faults(page)
    assert (asked(page, first, mine), asked(page, first, foreign)) == (200, 404)
    assert (
        page.request.get(
            "/api/w/main/assistants", headers={"Authorization": f"Bearer {first}"}
        ).status
        == 401
    )

    page.get_by_role("link", name="Replace Support chat").click()
    found |= faults(page)
    page.get_by_label("How long should the old key still work?").select_option(label="For an hour")
    page.get_by_role("button", name="Replace the key").click()
    second = page.locator("#new-key").inner_text()
    assert first != second
    assert [asked(page, key, mine) for key in (first, second)] == [200, 200], "both for an hour"
    assert asked(page, second, foreign) == 404, "as narrow as the old one"

    page.goto("/w/main/keys/")
    found |= faults(page)
    for left in (1, 0):
        page.get_by_role("link", name="Revoke Support chat").first.click()
        page.get_by_role("button", name="Revoke").click()
        expect(page.get_by_text("The key “Support chat” no longer works.")).to_be_visible()
        assert [asked(page, key, mine) for key in (first, second)].count(200) == left
    assert found == set()


def test_a_connection_is_made_tested_given_another_key_and_archived(
    browse: Browse, cast: Cast, remote: Upstream
) -> None:
    page = browse("admin")
    page.goto("/w/main/connections/new/?profile=openai")
    page.get_by_label("Name", exact=True).fill("Production")
    page.get_by_label("Address").fill(remote.url)
    page.get_by_label("API key").fill("sk-first")
    page.get_by_label("Use for new assistants").check()
    page.get_by_role("button", name="Save connection").click()
    expect(page.get_by_text("It works.")).to_be_visible()
    found = faults(page)

    page.get_by_role("link", name="Edit Production").click()
    assert "sk-first" not in page.content()
    page.get_by_label("API key").fill("sk-second")
    page.get_by_role("button", name="Save connection").click()
    expect(page.get_by_text("It works.")).to_be_visible()
    assert {"sk-first", "sk-second"} & set(re.findall(r"sk-\w+", page.content())) == set()

    page.get_by_role("link", name="Edit Production").click()
    page.get_by_role("link", name="Archive").click()
    found |= faults(page)
    page.get_by_role("button", name="Archive").click()
    expect(page.get_by_text("Production is archived.")).to_be_visible()
    expect(page.get_by_role("heading", name="Archived")).to_be_visible()
    found |= faults(page)
    assert not Connection.objects.get(name="Production").is_default
    page.get_by_role("button", name="Reopen Production").click()
    expect(page.get_by_text("Production is open again.")).to_be_visible()
    assert found == set()
