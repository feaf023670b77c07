"""Answers of a SAML provider, or of somebody on the way, that sign nobody in."""

import base64
import json
import re
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.test import Client

from admin_ui.accounts.identity.providers import read_providers
from admin_ui.accounts.identity.saml_answers import LONGEST_ANSWER
from admin_ui.accounts.models import User
from tests.conftest import Cast
from tests.identity.conftest import saml_row, use_providers
from tests.identity.saml import ANSWER, FINISH, START, SamlProcess, begin, come_back, sign_in_by
from tests.identity.test_hostile_oidc import LOGIN, TEAM, WRONG_ADDRESSES, refused

pytestmark = pytest.mark.django_db
STAFF = {"groups": ["staff"]}
PAST, FUTURE = "2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"
RESPONSE_TO = r'(<ns0:Response [^>]*) InResponseTo="[^"]*"'
SUBJECT_TO = r'(<ns1:SubjectConfirmationData[^>]*) InResponseTo="[^"]*"'


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        # Not signed, not by the provider, or not in a way that holds.
        ({"signs": "none"}, "not signed"),
        ({"signs": "response"}, "The Assertion of the Response is not signed"),
        ({"key": "other"}, "Signature validation failed"),
        (
            {
                "algorithms": [
                    "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
                    "http://www.w3.org/2000/09/xmldsig#sha1",
                ]
            },
            "algorithm",
        ),
        # For somebody else.
        ({"before": [("<ns1:Audience>[^<]*", "<ns1:Audience>https://other.test/")]}, "audience"),
        ({"before": [("<ns1:AudienceRestriction>.*</ns1:AudienceRestriction>", "")]}, "audience"),
        ({"before": [('Recipient="[^"]*"', 'Recipient="https://other.test/acs"')]}, "Confirmation"),
        ({"before": [('Recipient="', 'Recipient="https://other.test/?')]}, "another recipient"),
        ({"before": [('Recipient="[^"]*"', "")]}, "another recipient"),
        ({"before": [('Destination="[^"]*"', 'Destination="https://other.test/"')]}, "received at"),
        ({"before": [("(<ns1:Issuer[^>]*>)[^<]*", r"\1https://other.test/")]}, "Invalid issuer"),
        # Nobody has asked for it.
        ({"before": [(SUBJECT_TO, r"\1"), (RESPONSE_TO, r"\1")]}, "nobody has asked"),
        ({"before": [(SUBJECT_TO, r"\1")]}, "nobody has asked"),
        ({"before": [(SUBJECT_TO, r'\1 InResponseTo="other"')]}, "SubjectConfirmation"),
        ({"before": [("cm:bearer", "cm:sender-vouches")]}, "SubjectConfirmation"),
        # Too late, too early, or for ever.
        ({"before": [('(Data NotOnOrAfter=)"[^"]*"', rf'\1"{PAST}"')]}, "SubjectConfirmation"),
        ({"before": [('(Data) NotOnOrAfter="[^"]*"', r"\1")]}, "for ever"),
        ({"before": [('(<ns1:Conditions [^>]*NotOnOrAfter=)"[^"]*"', rf'\1"{PAST}"')]}, "expired"),
        ({"before": [('(<ns1:Conditions NotBefore=)"[^"]*"', rf'\1"{FUTURE}"')]}, "not yet valid"),
        # It says that the person was not signed in, or does not say who it is.
        ({"before": [("status:Success", "status:Responder")]}, "not Success"),
        ({"before": [("<ns1:AuthnStatement.*</ns1:AuthnStatement>", "")]}, "AuthnStatement"),
        ({"name_id_format": "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"}, "NameID"),
        ({"name_id": "x" * 192}, "identify"),
    ],
)
def test_an_answer_that_does_not_hold(
    cast: Cast, saml: SamlProcess, caplog: Any, options: Any, reason: str
) -> None:
    client = Client()
    assert refused(client, sign_in_by(client, saml, claims=STAFF, **options))
    assert reason in caplog.text, "who sets a provider up can read why"


def wrapped(xml: str) -> str:
    """Put a forged assertion before the signed one, which moves to where nobody looks."""
    signed = re.search(r"<ns1:Assertion.*</ns1:Assertion>", xml, re.S)
    assert signed
    forged = re.sub(r"<ns2:Signature .*</ns2:Signature>", "", signed[0], flags=re.S)
    forged = forged.replace("zoe@example.org", "pia@example.com").replace('ID="', 'ID="x')
    hidden = f"<ns0:Extensions>{signed[0]}</ns0:Extensions><ns0:Status>"
    return xml.replace(signed[0], forged).replace("<ns0:Status>", hidden)


DTD = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
BOMB = '<!DOCTYPE r [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;">]>'


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda xml: xml.replace("zoe@example.org", "pia@example.com"), "Signature validation"),
        (lambda xml: xml.replace("staff", "leads"), "Signature validation"),
        (wrapped, "1 assertion"),
        (lambda xml: re.sub("(?s)<ns1:Assertion.*</ns1:Assertion>", r"\g<0>\g<0>", xml), ""),
        (lambda xml: xml.replace("?>", f"?>{DTD}", 1).replace("staff", "&x;"), "DTDForbidden"),
        (lambda xml: xml.replace("?>", f"?>{BOMB}", 1).replace("staff", "&y;"), "DTDForbidden"),
        (lambda xml: xml.replace("?>", '?><!DOCTYPE r SYSTEM "http://x/">', 1), "DTDForbidden"),
        (lambda xml: xml.replace("xml-exc-c14n#", "REC-xslt-19991116"), "algorithm of a"),
        (lambda xml: re.sub(r'(<ns2:Reference URI=")#[^"]*', r"\1", xml), "something else"),
        (lambda xml: re.sub(r"<ns2:Reference.*</ns2:Reference>", "", xml, flags=re.S), "else"),
        (lambda xml: xml.replace("rsa-sha256", "hmac-sha256"), "algorithm of a SignatureMethod"),
        (lambda xml: xml[:500], ""),
        (lambda xml: "", ""),
        (lambda xml: "no XML", ""),
        (lambda xml: "<a/>", ""),
        (lambda xml: xml + " " * LONGEST_ANSWER, "too long"),
    ],
)
def test_an_answer_that_was_changed(
    cast: Cast, saml: SamlProcess, caplog: Any, change: Any, reason: str
) -> None:
    client = Client()
    answer = come_back(client, change(saml.answer(begin(client), claims=STAFF)))
    assert refused(client, answer)
    assert reason in caplog.text


@pytest.mark.parametrize("text", ["", "%%%", "é", "AAAA", "\0"])
def test_what_is_no_answer(cast: Cast, saml: SamlProcess, text: str) -> None:
    client = Client()
    assert refused(client, client.post(ANSWER, {"SAMLResponse": text}))
    assert client.get(ANSWER).status_code == 405
    assert refused(client, client.get(FINISH))


def test_a_comment_makes_no_other_person(cast: Cast, saml: SamlProcess) -> None:
    sign_in_by(Client(), saml, claims={"mail": "pia@example.com"})
    client = Client()
    xml = saml.answer(begin(client), claims=STAFF, name_id="person-1x")
    come_back(client, xml.replace("person-1x", "person-1<!-- -->x"))
    assert SocialAccount.objects.get(uid="person-1x").user.email == "zoe@example.org"
    xml = saml.answer(begin(client), name_id="y", claims={"mail": "pia@example.com.evil.test"})
    answer = come_back(client, xml.replace("pia@example.com", "pia@example.com<!-- -->"))
    assert answer["Location"] == LOGIN


@pytest.mark.parametrize(
    "claims",
    [
        *({"mail": email} for email in WRONG_ADDRESSES if email and email.isprintable()),
        {"mail": None},
        {"mail": ["zoe@example.org", "pia@example.com"]},
        {"email_verified": "false"},
        {"email_verified": ["true", "true"]},
    ],
)
def test_an_address_it_may_not_speak_for(cast: Cast, saml: SamlProcess, claims: Any) -> None:
    before = User.objects.count()
    client = Client()
    assert refused(client, sign_in_by(client, saml, claims=STAFF | claims))
    assert User.objects.count() == before


def test_a_claim_that_the_setting_asks_for_must_be_there(
    cast: Cast, saml: SamlProcess, settings: Any
) -> None:
    use_providers(settings, saml=[saml_row(saml, verified_claim="checked")])
    client = Client()
    assert refused(client, sign_in_by(client, saml, claims=STAFF))
    assert sign_in_by(client, saml, claims=STAFF | {"checked": "true"})["Location"] == "/"


def test_an_answer_counts_once_and_for_its_browser_only(cast: Cast, saml: SamlProcess) -> None:
    client, thief = Client(), Client()
    xml = saml.answer(begin(client), claims=STAFF)
    begin(thief)
    assert refused(thief, come_back(thief, xml)), "another browser has asked"
    assert come_back(client, xml)["Location"] == "/"
    waiting = client.cookies["saml_answer"].value
    client.post("/accounts/logout/")
    assert come_back(client, xml)["Location"] == LOGIN, "it was used"
    client.cookies["saml_answer"] = waiting
    assert client.get(FINISH)["Location"] == LOGIN
    begin(client)
    assert come_back(client, xml)["Location"] == LOGIN, "another request waits"
    assert client.get(TEAM).status_code == 302


def test_an_answer_counts_for_its_provider_only(
    cast: Cast, saml: SamlProcess, settings: Any
) -> None:
    other = saml_row(saml, id="other", domains=["example.net"])
    use_providers(settings, saml=[saml_row(saml), other])
    client = Client()
    xml = saml.answer(begin(client), claims=STAFF)
    encoded = base64.b64encode(xml.encode()).decode()
    elsewhere = START.replace("okta", "other")
    answer = client.post(f"{elsewhere}answer/", {"SAMLResponse": encoded})
    assert refused(client, answer), "it was made out to the other address"
    posted = Client().post(ANSWER, {"SAMLResponse": encoded})
    client.cookies["saml_answer"] = posted.cookies["saml_answer"].value
    assert refused(client, client.get(f"{elsewhere}finish/"))


def test_a_request_to_one_provider_is_not_answered_by_another(
    cast: Cast, saml: SamlProcess, settings: Any
) -> None:
    mixed_up = saml_row(saml, id="hostile")
    use_providers(settings, saml=[mixed_up, saml_row(saml, certificates=[saml.other])])
    client = Client()
    asked = begin(client)  # the request was made by "okta"; "hostile" answers it at its address
    moved = [("accounts/saml/okta/", "accounts/saml/hostile/")]
    xml = saml.answer(asked, claims=STAFF, before=moved)
    encoded = base64.b64encode(xml.encode()).decode()
    posted = Client().post(START.replace("okta", "hostile") + "answer/", {"SAMLResponse": encoded})
    client.cookies["saml_answer"] = posted.cookies["saml_answer"].value
    assert posted["Location"].endswith("hostile/finish/"), "alone, it is accepted"
    assert refused(client, client.get(posted["Location"]))


def test_an_identifier_of_another_provider_is_another_person(
    cast: Cast, saml: SamlProcess, settings: Any
) -> None:
    sign_in_by(Client(), saml, claims={"mail": "pia@example.com"})
    SocialAccount.objects.update(provider="other")
    sign_in_by(Client(), saml, claims=STAFF)
    assert SocialAccount.objects.get(provider="okta").user.email == "zoe@example.org"


@pytest.mark.parametrize("case", ["Person-1", "person-1 ", "ｐerson-1"])
def test_an_identifier_is_compared_exactly(cast: Cast, saml: SamlProcess, case: str) -> None:
    sign_in_by(Client(), saml, claims={"mail": "pia@example.com"})
    sign_in_by(Client(), saml, claims=STAFF, name_id=case)
    assert User.objects.get(email="zoe@example.org").socialaccount_set.count() == 1


def test_relay_state_leads_nowhere(cast: Cast, saml: SamlProcess) -> None:
    client = Client()
    evil = "https://evil.example/"
    assert sign_in_by(client, saml, claims=STAFF)["Location"] == "/"
    xml = saml.answer(begin(client), claims=STAFF)
    assert come_back(client, xml, RelayState=evil)["Location"] == "/"
    xml = saml.answer(begin(client, evil), claims=STAFF)
    assert come_back(client, xml)["Location"] == "/"
    xml = saml.answer(begin(client, TEAM), claims=STAFF)
    assert come_back(client, xml, RelayState=evil)["Location"] == TEAM


def test_a_wrong_host_changes_nothing(cast: Cast, saml: SamlProcess) -> None:
    client = Client()
    encoded = base64.b64encode(saml.answer(begin(client), claims=STAFF).encode()).decode()
    posted = Client(headers={"Host": "127.0.0.1"}).post(ANSWER, {"SAMLResponse": encoded})
    assert posted["Location"] == FINISH, "the address of the setting counts"


def test_nothing_is_kept_of_an_answer_that_does_not_hold(cast: Cast, saml: SamlProcess) -> None:
    client = Client()
    xml = saml.answer(begin(client), claims=STAFF, signs="none")
    before = Session.objects.count()
    come_back(client, xml)
    assert Session.objects.count() == before


GOOD = {
    "id": "okta", "name": "Corp", "entity_id": "x", "sso_url": "https://idp.example/sso",
    "domains": ["example.org"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"certificates": []}, "certificates must be a list"),
        ({"certificates": ["AAAA"]}, "X.509"),
        ({"certificates": None, "sso_url": "http://idp.example"}, "https://"),
        ({"client_secret": "x"}, "unknown key client_secret"),
        ({"entity_id": " "}, "entity_id is missing"),
        ({"email_claim": 3}, "email_claim is missing"),
    ],
)
def test_a_wrong_setting_stops_the_start(
    saml_process: SamlProcess, change: Any, reason: str
) -> None:
    row = GOOD | {"certificates": [saml_process.certificate]} | change
    with pytest.raises(SystemExit, match=reason):
        read_providers(oidc="", saml=json.dumps([row]))


def test_two_providers_have_two_ids(saml_process: SamlProcess) -> None:
    oidc = {
        "id": "okta", "name": "x", "issuer": "https://x", "client_id": "x", "client_secret": "x",
        "domains": ["example.org"],
    }  # fmt: skip
    row = GOOD | {"certificates": [saml_process.certificate]}
    with pytest.raises(SystemExit, match="same id: okta"):
        read_providers(oidc=json.dumps([oidc]), saml=json.dumps([row]))
