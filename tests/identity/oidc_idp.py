"""An identity provider on loopback that signs what a test wants, right or wrong."""

import base64
import hashlib
import json
import threading
import time
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

SECRET = "a secret of the client"
PAGE = """<!doctype html><html lang="en"><title>Example Corp</title><h1>Example Corp</h1>
<a href="{back}">Continue as {who}</a></html>"""


class IdentityProvider:
    """What it has issued, and how it answers; `changes` replace parts of the next ID token."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.other_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.codes: dict[str, tuple[dict[str, Any], str]] = {}
        self.userinfo: dict[str, Any] = {}
        self.config: dict[str, Any] = {}
        self.signs_with: Any = None
        self.algorithm = "RS256"
        self.is_down = False
        self.moves = ""
        self.asked: list[str] = []
        self.person: dict[str, Any] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def code_for(self, asked: dict[str, str], **claims: Any) -> str:
        """Let somebody sign in there; returns the code of the answer to the browser."""
        now = int(time.time())
        token = {
            "iss": self.issuer,
            "aud": "dashboard",
            "sub": "person-1",
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "email": "zoe@example.org",
            "email_verified": True,
            "name": "Zoë",
        } | claims
        code = f"code-{len(self.codes)}"
        kept = {name: value for name, value in token.items() if value is not None}
        self.codes[code] = (kept, asked.get("code_challenge", ""))
        return code

    def token_of(self, form: dict[str, str]) -> dict[str, Any] | None:
        """Return the answer to a code, or None: each works once, for the right verifier."""
        claims, challenge = self.codes.pop(form.get("code", ""), (None, ""))
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proven = base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == challenge
        if claims is None or not proven or form.get("client_secret") != SECRET:
            return None
        key = self.signs_with or (SECRET * 2 if self.algorithm == "HS256" else self.key)
        if self.algorithm == "none":
            key = None
        token = jwt.encode(claims, key, algorithm=self.algorithm, headers={"kid": "k1"})
        return {"access_token": "at", "token_type": "Bearer", "id_token": token}

    def page(self, asked: dict[str, str]) -> str:
        """Return the page that people see; its link takes the answer back to the dashboard."""
        code = self.code_for(asked, **self.person)
        back = f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"
        return PAGE.format(back=escape(back), who=escape(self.person["email"]))

    def answer(self, path: str, form: dict[str, str]) -> Any:
        if path == "/.well-known/openid-configuration":
            names = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
            config = {f"{name}_endpoint": f"{self.issuer}/{at}" for name, at in names.items()}
            config |= {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/jwks"}
            config["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
            return config | self.config
        if path == "/jwks":
            jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
            return {"keys": [{**jwk, "kid": "k1", "use": "sig", "alg": "RS256"}]}
        return self.userinfo if path == "/userinfo" else self.token_of(form)


def _handler(idp: IdentityProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if parts.path == "/authorize":
                return self._write(idp.page(asked).encode(), "text/html; charset=utf-8")
            return self._send({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._send({name: values[0] for name, values in parse_qs(body).items()})

        def _send(self, form: dict[str, str]) -> None:
            path = urlsplit(self.path).path
            idp.asked.append(path)
            if self.path == idp.moves:
                self.send_response(302)
                self.send_header("Location", f"{path}?moved")
                self.end_headers()
                return
            found = None if idp.is_down else idp.answer(path, form)
            data = json.dumps(found if found is not None else {"error": "invalid_grant"}).encode()
            self._write(data, "application/json", 200 if found is not None else 400)

        def _write(self, data: bytes, kind: str, status: int = 200) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler
