"""A library's edge: the exchange with a provider of identities. What comes back is believed only after every check."""

from collections.abc import Mapping
from typing import Any

import jwt
import requests
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.urls import reverse
from mozilla_django_oidc.auth import OIDCAuthenticationBackend
from mozilla_django_oidc.utils import absolutify

from partnership.sign_on import LEEWAY_SECONDS, REQUIRED, NotBelieved, is_for_others_too

# What the parts of the exchange raise when the other side answers wrongly or not at all.
_WRONG = (SuspiciousOperation, jwt.PyJWTError, requests.RequestException, KeyError, TypeError, ValueError)


class Provider(OIDCAuthenticationBackend):  # type: ignore[misc]
    """The exchange with the provider, with the checks that mozilla-django-oidc leaves out: audience, issuer, all
    claims there, and nobody made up."""

    def get_payload_data(self, token: str, key: Any) -> Mapping[str, Any]:
        """The claims of a token that was made for this service by this provider and still holds."""
        claims: dict[str, Any] = jwt.decode(
            token, key, algorithms=[self.OIDC_RP_SIGN_ALGO], audience=self.OIDC_RP_CLIENT_ID,
            issuer=settings.OIDC_ISSUER, options={"require": list(REQUIRED)}, leeway=LEEWAY_SECONDS,
        )  # fmt: skip
        if is_for_others_too(claims, self.OIDC_RP_CLIENT_ID):
            raise SuspiciousOperation("The token was made for another service as well.")
        return claims

    def identity(self, request: HttpRequest, held: Mapping[str, Any]) -> dict[str, Any]:
        """What the provider says of who has just signed in there: claims of the token, and of its address for more.
        `held` is what the session kept when it began. Raises NotBelieved."""
        try:
            return self._identity(request, request.GET["code"], held)
        except _WRONG as error:
            raise NotBelieved("What came back could not be checked.") from error

    def _identity(self, request: HttpRequest, code: str, held: Mapping[str, Any]) -> dict[str, Any]:
        tokens = self.get_token(
            {
                "client_id": self.OIDC_RP_CLIENT_ID,
                "client_secret": self.OIDC_RP_CLIENT_SECRET,
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": absolutify(request, reverse(settings.OIDC_AUTHENTICATION_CALLBACK_URL)),
                "code_verifier": held["code_verifier"],
            }
        )
        claims: dict[str, Any] = dict(self.verify_token(tokens["id_token"], nonce=held["nonce"]))
        if settings.OIDC_OP_USER_ENDPOINT and "email" not in claims:
            more = self.get_userinfo(tokens["access_token"], tokens["id_token"], claims)
            if more.get("sub") != claims["sub"]:
                raise SuspiciousOperation("The two answers are about different people.")
            claims |= {name: more[name] for name in ("email", "email_verified") if name in more}
        return claims
