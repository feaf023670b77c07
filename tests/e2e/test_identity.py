"""Signing in with an identity provider, through its own page, by OpenID Connect and by SAML."""

import pytest
from playwright.sync_api import Page, expect

from admin_ui.accounts.models import Member
from tests.conftest import Cast
from tests.e2e.browsing import faults_in_all_looks
from tests.e2e.conftest import Browse
from tests.identity.conftest import idp, saml, saml_process
from tests.identity.oidc_idp import IdentityProvider
from tests.identity.saml import SamlProcess

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
__all__ = ["idp", "saml", "saml_process"]

TEAM = "/w/main/team/"
ZOE = "zoe@example.org"


def go_through(page: Page, site: str, email: str) -> None:
    """From a page that asks for signing in, through the provider, whose page is on another site."""
    page.goto(TEAM)
    assert faults_in_all_looks(page) == []
    page.get_by_role("link", name="Sign in with Example Corp").click()
    expect(page.get_by_role("heading", name="Example Corp")).to_be_visible()
    assert page.url.startswith(site)
    page.get_by_text(f"Continue as {email}").click()


def check_is_in(page: Page) -> None:
    page.wait_for_url(f"**{TEAM}")
    expect(page.get_by_role("heading", name="Team")).to_be_visible()
    expect(page.get_by_role("link", name="Invite")).to_have_count(0)
    assert faults_in_all_looks(page) == []
    assert Member.objects.get(user__email=ZOE).role == "editor"


def check_is_refused(page: Page, words: str) -> None:
    page.wait_for_url("**/accounts/login/")
    expect(page.get_by_text(words)).to_be_visible()
    expect(page.get_by_role("link", name="Sign in with Example Corp")).to_be_visible()
    assert faults_in_all_looks(page) == []


def test_openid_connect_leads_to_the_page_and_the_role(
    browse: Browse, cast: Cast, idp: IdentityProvider
) -> None:
    page = browse("anonymous", also=idp.issuer)
    idp.person = {"email": ZOE, "groups": "nobody"}
    go_through(page, idp.issuer, ZOE)
    check_is_refused(page, f"No workspace waits for {ZOE}. Ask an admin of your team to invite you")
    idp.person = {"email": ZOE, "groups": "staff"}
    go_through(page, idp.issuer, ZOE)
    check_is_in(page)


def test_saml_leads_to_the_page_and_the_role(browse: Browse, cast: Cast, saml: SamlProcess) -> None:
    page = browse("anonymous", also=saml.address)
    saml.post("/person", {"claims": {"mail": "zoe@elsewhere.org", "groups": "staff"}})
    go_through(page, saml.address, "zoe@elsewhere.org")
    check_is_refused(page, "may not sign in this email address here. Ask who runs this dashboard")
    saml.post("/person", {"claims": {"mail": ZOE, "groups": "staff"}})
    go_through(page, saml.address, ZOE)
    check_is_in(page)
