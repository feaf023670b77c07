"""Answers of a provider, or of somebody on the way, that sign nobody in."""

import json
import time
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from admin_ui.accounts.identity.providers import read_providers
from admin_ui.accounts.models import User
from tests.conftest import Cast
from tests.identity.conftest import CALLBACK, START, begin, come_back, sign_in_by, use_providers
from tests.identity.oidc_idp import IdentityProvider

pytestmark = pytest.mark.django_db
LOGIN, TEAM = "/accounts/login/", "/w/main/team/"
WRONG_ADDRESSES = [
    None,
    "zoe@elsewhere.org",
    "zoe@example.org.evil.test",
    "zoe@sub.example.org",
    "zoe@example.org@evil.test",
    "zoe@ex\u0430mple.org",
    "\u212aim@example.org",  # the sign for kelvin, a K in lower case
    "p\u0131a@example.com",  # an i without a dot
    "pia@example.com\n",
    "pia@example.com\0",
    f"{'z' * 300}@example.org",
    "@example.org",
]


def refused(client: Client, answer: Any) -> bool:
    """Whether the person is led to the sign-in page, with a reason, and nobody was signed in."""
    assert (answer.status_code, answer["Location"]) == (302, LOGIN)
    assert "banner error danger" in client.get(LOGIN).content.decode()
    return client.get(TEAM).status_code == 302 and not SocialAccount.objects.exists()


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "http://127.0.0.1:1"},
        {"iss": None},
        {"aud": "another application"},
        {"aud": None},
        {"azp": "another application"},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"sub": None},
        {"sub": ""},
        {"sub": "x" * 500},
    ],
)
def test_a_token_that_does_not_hold(cast: Cast, idp: IdentityProvider, claims: Any) -> None:
    client = Client()
    assert refused(client, sign_in_by(client, idp, groups="staff", **claims))


@pytest.mark.parametrize("how", ["another key", "HS256", "none", "no token"])
def test_a_signature_that_does_not_hold(
    cast: Cast, idp: IdentityProvider, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if how == "another key":
        idp.signs_with = idp.other_key
    elif how == "no token":
        monkeypatch.setattr(idp, "token_of", lambda _form: {"access_token": "at"})
    else:
        idp.algorithm = how
    client = Client()
    assert refused(client, sign_in_by(client, idp, groups="staff"))


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "no"},
        {"email_verified": ["true"]},
        {"email": ["zoe@example.org"]},
        *({"email": email} for email in WRONG_ADDRESSES),
    ],
)
def test_an_address_it_may_not_speak_for(cast: Cast, idp: IdentityProvider, claims: Any) -> None:
    before = User.objects.count()
    client = Client()
    assert refused(client, sign_in_by(client, idp, groups="staff", **claims))
    assert User.objects.count() == before


def test_an_account_it_connected_once_is_not_its_own_for_ever(
    cast: Cast, idp: IdentityProvider, settings: Any
) -> None:
    sign_in_by(Client(), idp, email="pia@example.com")
    row = {name: getattr(settings.IDENTITY_PROVIDERS[0], name) for name in (
        "id", "name", "issuer", "client_id", "client_secret"
    )}  # fmt: skip
    use_providers(settings, oidc=[{**row, "domains": ["example.org"]}])
    client = Client()
    assert sign_in_by(client, idp, email="zoe@example.org")["Location"] == LOGIN
    assert client.get(TEAM).status_code == 302


def test_an_answer_counts_once_and_for_its_browser_only(cast: Cast, idp: IdentityProvider) -> None:
    client, thief = Client(), Client()
    asked = begin(client)
    code = idp.code_for(asked, groups="staff")
    assert refused(thief, come_back(thief, asked, code)), "the state belongs to another browser"
    assert come_back(client, asked, code)["Location"] == "/"
    client.post("/accounts/logout/")
    again = idp.code_for(asked, groups="staff")
    assert come_back(client, asked, again)["Location"] == LOGIN, "the state was used"
    other = begin(client)
    assert come_back(client, other, code)["Location"] == LOGIN, "the code was used"


def test_a_code_of_another_sign_in_lacks_the_verifier(cast: Cast, idp: IdentityProvider) -> None:
    victim, thief = Client(), Client()
    asked = begin(victim)
    code = idp.code_for(asked, groups="staff")
    own = begin(thief)
    assert asked["code_challenge_method"] == "S256"
    assert refused(thief, come_back(thief, own, code))


@pytest.mark.parametrize("query", [{}, {"code": "x"}, {"state": "x"}, {"error": "access_denied"}])
def test_a_callback_that_nobody_asked_for(
    cast: Cast, idp: IdentityProvider, query: dict[str, str]
) -> None:
    client = Client()
    assert refused(client, client.get(CALLBACK, query))


@pytest.mark.parametrize(
    "config",
    [
        {"issuer": "https://elsewhere.test"},
        {"token_endpoint": "http://elsewhere.test/token"},
        {"authorization_endpoint": None},
    ],
)
def test_a_provider_that_names_others(cast: Cast, idp: IdentityProvider, config: Any) -> None:
    idp.config = config
    client = Client()
    assert refused(client, client.get(START))


def test_redirects_of_a_provider_are_not_followed(cast: Cast, idp: IdentityProvider) -> None:
    client = Client()
    idp.moves = "/jwks"
    assert refused(client, sign_in_by(client, idp))
    idp.moves = "/.well-known/openid-configuration"
    idp.asked.clear()
    assert refused(client, client.get(START))
    assert idp.asked == [idp.moves]


def test_a_provider_that_is_down(cast: Cast, idp: IdentityProvider) -> None:
    client = Client()
    asked = begin(client)
    code = idp.code_for(asked)
    idp.is_down = True
    assert refused(client, come_back(client, asked, code))
    assert refused(client, client.get(START))


def test_user_information_about_somebody_else(cast: Cast, idp: IdentityProvider) -> None:
    client = Client()
    idp.userinfo = {"sub": "another", "email": "pia@example.com", "email_verified": True}
    assert refused(client, sign_in_by(client, idp, email=None, email_verified=None))
    idp.userinfo["sub"] = "person-1"
    assert sign_in_by(client, idp, email=None, email_verified=None)["Location"] == "/"


def test_query_strings_change_nothing_that_is_asked(cast: Cast, idp: IdentityProvider) -> None:
    query = "process=connect&scope=admin&auth_params=nonce%3Dx&action=rerequest"
    answer = Client().get(f"{START}?{query}")
    assert "admin" not in answer["Location"]
    assert "nonce=x" not in answer["Location"]


GOOD = {
    "id": "corp", "name": "Corp", "issuer": "https://idp.example", "client_id": "a",
    "client_secret": "b", "domains": ["example.org"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "not JSON"),
        ("{}", "must be a list"),
        (json.dumps([GOOD, GOOD]), "same id"),
        (json.dumps([GOOD | {"issuer": "http://idp.example"}]), "https://"),
        (json.dumps([GOOD | {"domains": []}]), "domains"),
        (json.dumps([GOOD | {"domains": ["Example.org"]}]), "lower case"),
        (json.dumps([GOOD | {"client_secret": ""}]), "client_secret is missing"),
        (json.dumps([GOOD | {"id": "../x"}]), "an id has"),
        (json.dumps([GOOD | {"domain": "x"}]), "unknown key domain"),
        (json.dumps([GOOD | {"roles": [{"claim": "g"}]}]), "value is missing"),
    ],
)
def test_a_wrong_setting_stops_the_start(text: str, reason: str) -> None:
    with pytest.raises(SystemExit, match=reason) as stopped:
        read_providers(oidc=text, saml="")
    assert "b" not in str(stopped.value).split(), "no secret is printed"
