"""Checks what a SAML provider answers: all that python3-saml checks in its strict mode, and more.

python3-saml comes with the extra `saml`, so it is imported only where a provider is used.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from admin_ui.accounts.identity.providers import SamlProvider

LONGEST_ANSWER = 200_000
"""Characters. Reading an answer costs time before anybody knows who sent it."""
LONGEST_PERSON = 191
"""Characters of an identifier, as allauth stores it."""
EMAIL_CLAIMS = (
    "email",
    "mail",
    "urn:oid:0.9.2342.19200300.100.1.3",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
)
NAME_CLAIMS = (
    "name",
    "displayName",
    "urn:oid:2.16.840.1.113730.3.1.241",
    "http://schemas.microsoft.com/identity/claims/displayname",
)
NAME_ID_EMAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
NAME_ID_TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
SAML = "{urn:oasis:names:tc:SAML:2.0:assertion}"
_DSIG = "http://www.w3.org/2000/09/xmldsig#"
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
_CANONICAL = {
    "http://www.w3.org/2001/10/xml-exc-c14n#",
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
}
ALLOWED_ALGORITHMS = {
    "CanonicalizationMethod": _CANONICAL,
    "Transform": {*_CANONICAL, f"{_DSIG}enveloped-signature"},
    "SignatureMethod": {
        f"{_MORE}{keys}-sha{bits}" for keys in ("rsa", "ecdsa") for bits in (256, 384, 512)
    },
    "DigestMethod": {
        "http://www.w3.org/2001/04/xmlenc#sha256",
        f"{_MORE}sha384",
        "http://www.w3.org/2001/04/xmlenc#sha512",
    },
}
"""What a signature may use. Others are weak, or run programs of the sender before the check."""


class BadAnswer(Exception):
    """The answer does not hold; the message says why, for the log."""


@dataclass(frozen=True)
class SamlAnswer:
    """What a checked answer says: who, in answer to which request, with which claims.

    A claim with one value is a text, one with several a list. `email` and `name` are there under
    these names, if the provider sent them.
    """

    person: str
    in_response_to: str
    claims: dict[str, Any]


def address_of(view: str, provider: SamlProvider) -> str:
    """Return the address of a view for the provider, as it knows us."""
    return f"{settings.SITE_URL}{reverse(view, args=[provider.id])}"


def settings_for(provider: SamlProvider) -> dict[str, Any]:
    """Return the settings of python3-saml for the provider."""
    return {
        "strict": True,
        "sp": {
            "entityId": address_of("saml_metadata", provider),
            "assertionConsumerService": {"url": address_of("saml_acs", provider)},
        },
        "idp": {
            "entityId": provider.entity_id,
            "singleSignOnService": {"url": provider.sso_url},
            "x509certMulti": {"signing": list(provider.certificates)},
        },
        "security": {
            "allowRepeatAttributeName": True,
            "allowSingleLabelDomains": True,
            "metadataCacheDuration": "",
            "metadataValidUntil": "",
            "rejectDeprecatedAlgorithm": True,
            "requestedAuthnContext": False,
            "wantAssertionsSigned": True,
            "wantAttributeStatement": False,
        },
    }


def received_at(view: str, provider: SamlProvider) -> dict[str, Any]:
    """Return the request that python3-saml compares with an answer: by our address, not a header.

    So a wrong `Host` changes nothing.
    """
    parts = urlsplit(address_of(view, provider))
    https = "on" if parts.scheme == "https" else "off"
    return {"https": https, "http_host": parts.netloc, "script_name": parts.path}


def read_answer(provider: SamlProvider, text: str) -> SamlAnswer:
    """Return what the posted `SAMLResponse` says. Raises `BadAnswer` when anything does not hold.

    Whether somebody has asked for it, in this browser, is still to be found out.
    """
    from lxml.etree import LxmlError
    from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError
    from onelogin.saml2.response import OneLogin_Saml2_Response
    from onelogin.saml2.settings import OneLogin_Saml2_Settings

    if len(text) > LONGEST_ANSWER:
        raise BadAnswer("it is too long")
    known = OneLogin_Saml2_Settings(settings_for(provider))
    try:
        response = OneLogin_Saml2_Response(known, text)
        _check_signatures(response.document)
        if not response.is_valid(received_at("saml_acs", provider)):
            raise BadAnswer(response.get_error())
        if known.get_sp_data()["entityId"] not in response.get_audiences():
            raise BadAnswer("it names no audience")
        asked = _request_answered(response.document, address_of("saml_acs", provider))
        name_id, attributes = response.get_nameid_data(), response.get_attributes()
    except (
        OneLogin_Saml2_Error,
        OneLogin_Saml2_ValidationError,
        LxmlError,
        SyntaxError,
        ValueError,
    ) as error:
        raise BadAnswer(str(error)) from error
    claims = _claims_of(provider, attributes, name_id)
    return SamlAnswer(_person_of(provider, claims, name_id), asked, claims)


def _check_signatures(document: Any) -> None:
    """Allow only what SAML needs of XML signatures, before any of it is run."""
    for signature in document.iter(f"{{{_DSIG}}}Signature"):
        references = list(signature.iter(f"{{{_DSIG}}}Reference"))
        signed = [reference.get("URI") for reference in references]
        if signed != [f"#{signature.getparent().get('ID')}"]:
            raise BadAnswer("a signature is for something else")
    for name, allowed in ALLOWED_ALGORITHMS.items():
        for element in document.iter(f"{{{_DSIG}}}{name}"):
            if element.get("Algorithm") not in allowed:
                raise BadAnswer(f"the algorithm of a {name} is not allowed")


def _request_answered(document: Any, here: str) -> str:
    """Return the ID of the request that the assertion answers; the assertion alone is signed.

    The library passes one without a recipient or a request, which is a sign-in nobody asked for.
    """
    found = document.findall(f".//{SAML}SubjectConfirmation")
    data = found[0].find(f"{SAML}SubjectConfirmationData") if len(found) == 1 else None
    if data is None or found[0].get("Method") != BEARER:
        raise BadAnswer("it does not have exactly one bearer confirmation")
    if data.get("Recipient") != here or not data.get("NotOnOrAfter"):
        raise BadAnswer("it is for another recipient, or for ever")
    if not data.get("InResponseTo"):
        raise BadAnswer("nobody has asked for it: a sign-in begins on our sign-in page")
    return str(data.get("InResponseTo"))


def _claims_of(provider: SamlProvider, attributes: Any, name_id: Any) -> dict[str, Any]:
    claims: dict[str, Any] = {}
    for name, values in attributes.items():
        texts = [value for value in values if isinstance(value, str)]
        claims[name] = texts[0] if len(texts) == 1 else texts
    email_claims = (provider.email_claim,) if provider.email_claim else EMAIL_CLAIMS
    email = next((claims[name] for name in email_claims if name in claims), None)
    if email is None and not provider.email_claim and name_id.get("Format") == NAME_ID_EMAIL:
        email = name_id["Value"]
    name_claims = (provider.name_claim,) if provider.name_claim else NAME_CLAIMS
    name = next((claims[name] for name in name_claims if name in claims), "")
    return claims | {"email": email, "name": name if isinstance(name, str) else ""}


def _person_of(provider: SamlProvider, claims: dict[str, Any], name_id: Any) -> str:
    """Return what the provider calls the person, always the same."""
    person = claims.get(provider.id_claim) if provider.id_claim else name_id["Value"]
    if not provider.id_claim and name_id.get("Format") == NAME_ID_TRANSIENT:
        raise BadAnswer("its NameID is another one each time; name an id_claim")
    if not isinstance(person, str) or not 0 < len(person) <= LONGEST_PERSON:
        raise BadAnswer("it does not identify the person")
    return person
