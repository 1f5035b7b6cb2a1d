"""A small provider of identities on this machine: authorisation code flow with PKCE, RS256, keys and person's address.

What it says can be changed before it is asked, to see what is believed.
"""

import base64
import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

CLIENT, SECRET = "kpi", "the-secret-of-kpi"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def whole(number: int) -> str:
    return b64(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def signed(claims: dict[str, Any], key: rsa.RSAPrivateKey, header: dict[str, Any]) -> str:
    """A token in compact form."""
    body = f"{b64(json.dumps(header).encode())}.{b64(json.dumps(claims).encode())}"
    signature = key.sign(body.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{body}.{b64(signature)}"


class IdentityProvider:
    """The provider; `claims` and `header` change its tokens (None takes a claim away), `key` what it signs with."""

    def __init__(self) -> None:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args: Any) -> None:
                """Says nothing."""

            def do_GET(self) -> None:
                provider.answer(self, urlsplit(self.path).path, {})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                provider.answer(self, self.path, {k: v[0] for k, v in parse_qs(body).items()})

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        self.moment = 0
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.person: dict[str, Any] = {}
        self.key = KEY
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()

    def close(self) -> None:
        """Stops it."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def sign_in(self, address: str) -> str:
        """What a browser is led back to after somebody signed in at that address of the provider."""
        asked = {k: v[0] for k, v in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        back = urlsplit(asked["redirect_uri"])
        return f"{back.path}?{urlencode({'code': code, 'state': asked['state']})}"

    def answer(self, handler: BaseHTTPRequestHandler, path: str, form: dict[str, str]) -> None:
        """Answers one request."""
        self.asked.append(path)
        status, said = getattr(self, f"_{path.strip('/')}")(handler, form)
        raw = json.dumps(said).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(raw)))
        handler.end_headers()
        handler.wfile.write(raw)

    def _token(self, handler: BaseHTTPRequestHandler, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        asked = self.codes.pop(form.get("code", ""), None)
        proof = b64(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if (
            asked is None
            or (form["client_id"], form["client_secret"]) != (CLIENT, SECRET)
            or form["redirect_uri"] != asked["redirect_uri"]
            or proof != asked["code_challenge"]
        ):
            return 400, {"error": "invalid_grant"}
        claims = {
            "iss": self.address, "aud": CLIENT, "sub": "subject-1", "nonce": asked["nonce"],
            "iat": self.moment, "exp": self.moment + 300, "email": "board@example.org", "email_verified": True,
        } | self.claims  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": "RS256", "typ": "JWT", "kid": "key-1"} | self.header
        return 200, {"access_token": "access", "token_type": "Bearer", "id_token": signed(claims, self.key, header)}

    def _keys(self, handler: BaseHTTPRequestHandler, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        numbers = KEY.public_key().public_numbers()
        key = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "key-1", "n": whole(numbers.n), "e": whole(numbers.e)}
        return 200, {"keys": [key]}

    def _person(self, handler: BaseHTTPRequestHandler, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        assert handler.headers["Authorization"] == "Bearer access"
        return 200, {"sub": "subject-1", "email": "board@example.org", "email_verified": True} | self.person
