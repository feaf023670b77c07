"""An identity provider of its own process, made of pysaml2, that also answers what it should not.

`python -m tests.identity.saml_idp FOLDER` prints its address and certificates as JSON, and serves
until its standard input ends.
"""

import base64
import json
import re
import sys
import threading
from datetime import UTC, datetime, timedelta
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from saml2 import BINDING_HTTP_REDIRECT, class_name
from saml2.config import IdPConfig
from saml2.saml import NAMEID_FORMAT_PERSISTENT, NameID
from saml2.server import Server
from saml2.sigver import get_xmlsec_binary, pre_signature_part

PASSWORD = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
PAGE = """<!doctype html><html lang="en"><title>Example Corp</title><h1>Example Corp</h1>
<form method="post" action="{action}"><input type="hidden" name="SAMLResponse" value="{answer}">
<input type="hidden" name="RelayState" value="{relay}"><button>Continue as {who}</button></form>"""


def make_key(folder: Path, name: str) -> str:
    """Write NAME.key and NAME.crt; returns the certificate."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(subject, subject, key.public_key())
    builder = builder.serial_number(1).not_valid_before(now - timedelta(days=1))
    certificate = builder.not_valid_after(now + timedelta(days=1)).sign(key, hashes.SHA256())
    (folder / f"{name}.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    (folder / f"{name}.crt").write_bytes(pem)
    return pem.decode()


class SamlIdp:
    """What it knows: its keys, the dashboards that trust it, and who sits at its page."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder, self.address = folder, address
        self.certificates = {name: make_key(folder, name) for name in ("own", "other")}
        self.person: dict[str, Any] = {}
        config: dict[str, Any] = {
            "entityid": f"{address}/metadata",
            "key_file": str(folder / "own.key"),
            "cert_file": str(folder / "own.crt"),
            "xmlsec_binary": get_xmlsec_binary(),
            "service": {
                "idp": {
                    "endpoints": {
                        "single_sign_on_service": [(f"{address}/sso", BINDING_HTTP_REDIRECT)]
                    },
                    "policy": {"default": {"lifetime": {"minutes": 5}}},
                }
            },
        }
        self.server = Server(config=IdPConfig().load(config))

    def trust(self, metadata: str) -> None:
        """Know a dashboard by its metadata, as an administrator uploads it."""
        self.server.metadata = self.server.config.load_metadata({"inline": [metadata]})

    def answer(
        self,
        request: str,
        *,
        claims: dict[str, Any],
        name_id: str = "person-1",
        name_id_format: str = NAMEID_FORMAT_PERSISTENT,
        before: list[tuple[str, str]] | None = None,
        signs: str = "assertion",
        key: str = "own",
        algorithms: tuple[str, str] = (RSA_SHA256, SHA256),
    ) -> tuple[str, str]:
        """Return where the answer to a request goes, and its XML.

        `before` are patterns to replace before it is signed.
        """
        asked = self.server.parse_authn_request(request, BINDING_HTTP_REDIRECT).message
        args = self.server.response_args(asked)
        args.pop("name_id_policy"), args.pop("binding")
        response = self.server.create_authn_response(
            claims,
            name_id=NameID(format=name_id_format, text=name_id),
            authn={"class_ref": PASSWORD, "authn_auth": self.address},
            sign_assertion=False,
            sign_response=False,
            **args,
        )
        signed = {"assertion": [response.assertion], "response": [response]}.get(signs, [])
        for element in signed:
            element.signature = pre_signature_part(
                element.id, None, 1, sign_alg=algorithms[0], digest_alg=algorithms[1]
            )
        xml = str(response)
        for pattern, text in before or []:
            xml, count = re.subn(pattern, text, xml)
            assert count, f"{pattern} is not in {xml}"
        for element in signed:
            xml = self.server.sec.sign_statement(
                xml,
                node_name=class_name(element),
                key_file=str(self.folder / f"{key}.key"),
                node_id=element.id,
            )
        return args["destination"], str(xml)

    def page(self, asked: dict[str, str]) -> str:
        """Return the page that people see; its button takes the answer back to the dashboard."""
        action, xml = self.answer(asked["SAMLRequest"], **self.person)
        return PAGE.format(
            action=escape(action),
            answer=base64.b64encode(xml.encode()).decode(),
            relay=escape(asked.get("RelayState", "")),
            who=escape(str(self.person["claims"].get("mail"))),
        )


def handler(idp: list[SamlIdp]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query)
            found = urlsplit(self.path).path == "/sso"
            asked = {name: values[0] for name, values in query.items()}
            self._send(200 if found else 404, idp[0].page(asked) if found else "", "text/html")

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            done: Any = None
            if self.path == "/trust":
                idp[0].trust(body)
            elif self.path == "/person":
                idp[0].person = body
            else:
                done = idp[0].answer(**body)[1]
            self._send(200, json.dumps(done), "application/json")

        def _send(self, status: int, text: str, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


def main(folder: Path) -> None:
    known: list[SamlIdp] = []
    web = ThreadingHTTPServer(("127.0.0.1", 0), handler(known))
    known.append(SamlIdp(folder, f"http://127.0.0.1:{web.server_address[1]}"))
    threading.Thread(target=web.serve_forever, daemon=True).start()
    sys.stdout.write(json.dumps({"address": known[0].address, **known[0].certificates}) + "\n")
    sys.stdout.flush()
    sys.stdin.read()
    web.shutdown()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
