"""Every page passes axe, light and dark, on a desk and on a phone, and never scrolls sideways."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from admin_ui.accounts.models import ApiKey, User
from admin_ui.accounts.services import owner_link
from admin_ui.accounts.signing_in.links import password_link
from assistants.models import Assistant, Connection
from assistants.services.connections.client import registry_of
from assistants.services.editing.drafts import save_draft
from assistants.services.ledger.reading import live_definition
from assistants.services.publishing.delete import delete_assistant
from assistants.services.remote.settle import check_remote
from assistants.services.setup.sample_data import samples
from tests import factories
from tests.conftest import Cast
from tests.e2e.browsing import DESK, PHONE, address, change_live, faults, fresh, show_json
from tests.e2e.conftest import Browse
from tests.services.conftest import Make
from tests.services.undelivered import created_in_doubt, held, in_doubt
from tests.upstream import FaultSpec, Upstream, refused

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

WORD = "Wirtschaftsprüfungsgesellschaftsangelegenheiten" * 3
"""A word that fits no phone."""
CONTRAST = ("color-contrast", "link-in-text-block")
LAYOUT = (
    *CONTRAST,
    "target-size",
    "scrollable-region-focusable",
    "button-name",
    "link-name",
    "label",
)
LOOKS = (
    (DESK, "light", ()),
    (DESK, "dark", CONTRAST),
    (PHONE, "dark", LAYOUT),
    (PHONE, "light", CONTRAST),
)
"""Size, colours and rules: a phone and dark colours change only what some rules look at."""


class Inspection:
    """Looks at one page after the other, and says at the end what is wrong with any of them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.found: list[str] = []

    def visit(self, path: str, title: str) -> None:
        """Go to a page and inspect it; `title` begins its title, so that no other one is meant."""
        self.page.goto(path)
        self.look(title)

    def look(self, title: str) -> None:
        expect(self.page).to_have_title(re.compile(re.escape(title)))
        for size, scheme, rules in LOOKS:
            self.page.set_viewport_size(size)
            self.page.emulate_media(color_scheme=scheme)
            where = f"{urlsplit(self.page.url).path} ({title[:40]}), {size['width']} {scheme}"
            self.found += sorted(f"{where}: {fault}" for fault in faults(self.page, rules))
        self.page.set_viewport_size(DESK)


Inspect = Callable[..., Inspection]


@pytest.fixture
def inspect(browse: Browse) -> Iterator[Inspect]:
    """Begin an inspection as somebody; what it finds fails the test at its end."""
    inspections: list[Inspection] = []

    def begin(who: str = "publisher") -> Inspection:
        inspections.append(Inspection(browse(who)))
        return inspections[-1]

    yield begin
    found = [fault for inspection in inspections for fault in inspection.found]
    assert not found, "\n".join(found)


@pytest.fixture
def rich(cast: Cast, published: Make) -> Assistant:
    """A sample with functions and a page of text, in version 3, with words that fit no line."""
    registry = registry_of(cast.workspace)
    assert registry
    sample = next(row for row in samples() if len(row.get("tools", [])) > 2)
    text = str(sample["instructions"])[:2500]
    assistant = published(registry, **{**sample, "instructions": text})
    change_live(cast.publisher, assistant, instructions=text.replace("the", "every"), model=WORD)
    metadata = {WORD[:64]: WORD, "te\u200bam": "sup\u202eport"}  # shown as marks
    return change_live(cast.admin, assistant, name=WORD, description=WORD, metadata=metadata)


def draft_of(cast: Cast, assistant: Assistant, **fields: object) -> None:
    wanted = live_definition(assistant).replace(**fields)
    save_draft(author=cast.publisher, assistant=assistant, definition=wanted, base=assistant.live)


def test_reading(inspect: Inspect, cast: Cast, rich: Assistant, live: Assistant) -> None:
    draft_of(cast, live, instructions=WORD)
    delete_assistant(author=cast.publisher, assistant=live)
    inspection = inspect("viewer")
    inspection.visit("/w/main/", "Home")
    inspection.visit("/w/main/assistants/", "Assistants")
    inspection.visit("/w/main/assistants/?q=return", "Assistants")
    inspection.visit("/w/main/assistants/?q=nowhere", "Assistants")
    inspection.visit("/w/main/changes/", "Changes")
    inspection.visit("/w/main/assistants/?q='", "Assistants")
    inspection.visit(address(rich, ""), WORD)
    inspection.visit(address(rich, "?q=every"), WORD)
    inspection.visit(address(rich, "code/"), "Use in code")
    inspection.visit(address(rich, "history/"), "History")
    inspection.visit(address(rich, "history/2/"), "v2")
    inspection.visit(address(rich, "lines/"), "Who wrote each line")
    inspection.visit(address(rich, "history/?q=return"), "History")
    inspection.visit("/w/main/changes/?q=return", "Changes")
    inspection.visit(address(rich, "as-of/?date=2999-01-01"), "As of a date")
    inspection.visit("/w/main/as-of/?date=2999-01-01", "As of a date")
    inspection.visit(address(rich, "compare/1..3/"), "v1 → v3")
    inspection.visit(address(rich, "compare/1..3/?view=sides"), "v1 → v3")
    inspection.visit(address(rich, "delete/"), "Your role does not allow this")
    stranger = inspect("stranger")
    stranger.visit("/w/elsewhere/", "Home")
    stranger.visit("/w/elsewhere/assistants/", "Assistants")
    stranger.visit("/w/elsewhere/changes/", "Changes")
    stranger.visit("/w/main/", "Page not found")


def test_writing(inspect: Inspect, cast: Cast, rich: Assistant, live: Assistant) -> None:
    inspection = inspect()
    page = inspection.page
    inspection.visit("/w/main/assistants/new/", "New assistant")
    page.goto(address(rich))
    page.locator(".tool-row summary").first.click()
    page.get_by_role("button", name="Add a function").click()
    page.get_by_role("button", name="Add a pair").click()
    page.get_by_label("More", exact=True).click()
    inspection.look("Edit")
    page.get_by_role("button", name="Full screen").click()
    inspection.look("Edit")
    page.keyboard.press("Escape")

    page.select_option("[name=response_format]", "json_schema")
    page.fill("[name=temperature]", "warm")
    parameters = page.locator("[id^='builder_function-']").last.get_attribute("id")
    assert parameters
    show_json(page, parameters.removeprefix("builder_"))
    page.get_by_label("Parameters").last.fill("{")
    page.fill("[name=metadata-0-key]", WORD)
    page.get_by_role("button", name="Review and publish").click()
    expect(page.locator(".error-summary")).to_be_focused()
    inspection.look("Edit")

    text = str(live_definition(rich).value("instructions"))
    fields = {"instructions": text.replace("every", WORD), "description": None, "tools": []}
    draft_of(cast, rich, **fields)
    inspection.visit("/w/main/", "Home")
    inspection.visit(address(rich, "review/"), "Review changes")
    inspection.visit(address(rich, "discard/"), "Discard the draft?")
    inspection.visit(address(rich, "restore/2/"), "Restore")
    change_live(cast.admin, rich, instructions=text.replace("every", "each"), temperature=1.5)
    inspection.visit(address(rich), "Edit")
    inspection.visit(address(rich, "review/"), "Choose what to keep")
    inspection.visit(address(live, "delete/"), "Delete")
    delete_assistant(author=cast.publisher, assistant=live, note=WORD)
    inspection.visit(address(live, "recreate/"), "Recreate")
    inspection.visit("/w/main/samples/remove/", "Remove samples")


def test_trouble(
    inspect: Inspect, published: Make, connection_to: Connection, cast: Cast, remote: Upstream
) -> None:
    assistant = published(connection_to)
    draft_of(cast, assistant, model="gpt-nowhere")
    remote.fail_next("POST", refused(f"The model {WORD} does not exist.", param="model"))
    inspection = inspect("admin")
    page = inspection.page
    page.goto(address(assistant, "review/") + f"?drafter={cast.publisher.user.pk}")
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_text("Refused. The live version is unchanged.").wait_for()
    inspection.look("Review changes")
    inspection.visit(address(assistant, "history/"), "History")
    inspection.visit(address(assistant, "history/2/"), "Revision 2")
    inspection.visit("/w/main/", "Home")

    remote.add(name=WORD)
    remote.fail_next("GET", FaultSpec(status=401, body="{}"))
    bring_in = f"/w/main/connections/{connection_to.pk}/bring-in/"
    inspection.visit(bring_in, "Check assistants")
    for told in ("Stopped.", "Done."):
        page.get_by_role("button", name="Check now").click()
        page.get_by_text(told).wait_for()
        inspection.look("Check assistants")
    page.goto("/w/main/connections/")
    remote.fail_next("GET", FaultSpec(status=401, body="{}"))
    for told in ("It does not work.", "It works."):
        page.get_by_role("button", name="Test Production").click()
        page.get_by_text(told).wait_for()
        inspection.look("Connections")
    inspection.visit("/w/main/connections/new/", "New connection")
    inspection.visit("/w/main/connections/new/?profile=portkey", "New connection")
    page.get_by_role("button", name="Save connection").click()
    page.locator(".error-summary").wait_for()
    inspection.look("New connection")
    inspection.visit(f"/w/main/connections/{connection_to.pk}/edit/", "Production")


def test_delivery(
    inspect: Inspect,
    published: Make,
    connection_to: Connection,
    cast: Cast,
    remote: Upstream,
    settings: Any,
) -> None:
    assistant = published(connection_to)
    inspection = inspect()
    in_doubt(cast, assistant, name=WORD, instructions=WORD)
    cache.clear()
    remote.fail_next("GET", FaultSpec(status=503, body="{}"))
    inspection.page.goto(address(assistant, "history/"))
    inspection.page.get_by_text("service behind it, failed").wait_for()
    inspection.look("History")
    inspection.visit(address(assistant, "history/2/send-again/"), "Send again")
    cache.clear()
    settings.LATE_LANDING_SECONDS = 0
    inspection.page.goto(address(assistant, "history/2/"))
    inspection.page.get_by_role("link", name="Reload it").wait_for()
    settings.LATE_LANDING_SECONDS = 900
    inspection.look("Revision 2")
    remote.rewrite = lambda row: {"temperature": 1, "metadata": {WORD[:64]: WORD}}
    change_live(cast.publisher, assistant, temperature=1.7)
    inspection.visit(address(assistant, "history/3/"), "v2")
    inspection.page.get_by_role("button", name="Accept stored version").click()
    inspection.page.get_by_text("by Pia, just now").wait_for()
    inspection.look("v2")
    held(remote, assistant)["instructions"] = f"{WORD} {WORD}"
    check_remote(assistant=fresh(assistant))
    inspection.visit(address(assistant, "history/4/"), "v3")
    inspection.visit(address(assistant), "Edit")
    inspection.visit(address(assistant, "history/2/send-again/"), "Send again")
    delete_assistant(author=cast.publisher, assistant=fresh(assistant))
    inspection.page.goto(address(assistant, "history/"))
    inspection.page.get_by_role("row").filter(has_text="v2").locator("summary").click()
    inspection.look("History")
    remote.rewrite = None
    doubtful = created_in_doubt(cast, connection_to, remote)
    inspection.visit(address(doubtful, "history/1/send-again/"), "Send again")


def test_people(inspect: Inspect, cast: Cast, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    cast.admin.user.set_password("seven green bottles")
    cast.admin.user.save()
    inspection = inspect("admin")
    page = inspection.page
    inspection.visit("/w/main/team/", "Team")
    page.get_by_label("Email address").fill(f"{'n' * 60}@example.com")
    page.get_by_role("button", name="Invite").click()
    page.locator("#one-time-link").wait_for()
    inspection.look("Team")
    link = page.locator("#one-time-link").inner_text()
    inspect("anonymous").visit(link, "Invitation")
    inspect("viewer").visit(link, "Invitation")
    inspect("anonymous").visit("/accounts/invitation/nonsense/", "Invitation")
    page.get_by_role("link", name="Remove Emil").click()
    inspection.look("Remove from the team")
    inspection.visit("/w/main/keys/", "API keys")
    page.get_by_label("Name", exact=True).fill("Support chat")
    page.get_by_role("button", name="Create the key").click()
    page.locator("#new-key").wait_for()
    inspection.look("API keys")
    page.get_by_role("link", name="Revoke Support chat").click()
    inspection.look("Revoke")
    page.locator(".user-menu summary").click()
    inspection.look("Revoke")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    inspection.look("Revoke")
    inspection.visit("/w/main/audit/", "Audit log")
    inspection.visit("/w/main/audit/?q=nobody-at-all&kind=role", "Audit log")
    inspection.visit("/accounts/password/change/", "Change password")
    inspection.visit("/accounts/confirm/?next=/w/main/keys/", "Confirm that it is you")
    inspection.visit("/account/", "Your account")
    inspection.visit("/accounts/logout/", "Sign out")
    factories.make_member(factories.make_workspace(), user=cast.viewer.user)
    several = inspect("viewer")
    several.visit("/", "Workspaces")
    several.visit("/w/main/team/", "Team")


def test_owners(inspect: Inspect, cast: Cast) -> None:
    User.objects.filter(pk=cast.admin.user_id).update(is_owner=True)
    factories.make_api_key(cast.workspace, name=WORD[:90])
    ApiKey.objects.update(created_by=cast.editor.user)
    inspection = inspect("admin")
    inspection.visit("/people/", "All people")
    inspection.page.get_by_role("link", name="Deactivate Emil").click()
    inspection.look("Deactivate an account")
    inspection.visit(f"/w/main/team/{cast.editor.pk}/remove/", "Remove from the team")
    inspection.visit(f"/people/{cast.editor.user_id}/factors/", "Reset the second factor")
    inspection.visit("/people/background/", "Background work")
    inspection.visit("/people/audit/", "Audit log of the dashboard")
    factories.make_workspace("sales")
    inspection.visit("/people/workspaces/", "Workspaces")
    inspection.page.get_by_role("link", name="Archive Main").click()
    inspection.look("Archive a workspace")
    inspection.visit("/w/main/settings/", "Workspace settings")
    inspection.page.locator(".brand-row summary").click()
    inspection.page.get_by_role("link", name="Manage workspaces").wait_for()
    inspection.look("Workspace settings")


def test_the_entrance(inspect: Inspect, cast: Cast) -> None:
    inspection = inspect("anonymous")
    page = inspection.page
    inspection.visit("/accounts/login/", "Sign in")
    page.get_by_label("Email address").fill("pia@example.com")
    page.get_by_label("Password").fill("a wrong guess")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_text("the password is wrong").wait_for()
    inspection.look("Sign in")
    inspection.visit("/accounts/signup/", "Get an account")
    inspection.visit("/accounts/inactive/", "Account deactivated")
    inspection.visit("/accounts/password/reset/", "Forgot your password?")
    inspection.visit("/accounts/password/reset/done/", "Check your mailbox")
    inspection.visit(password_link(cast.viewer.user), "Choose a password")
    inspection.visit("/accounts/password/reset/key/1-nonsense/", "Choose a password")
    inspection.visit(str(owner_link()), "Create the owner account")
    inspection.visit("/setup/nonsense/", "Nothing to set up")
    inspection.visit("/nowhere/", "Page not found")
