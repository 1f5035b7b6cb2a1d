"""What an answer of a provider of identities must hold before it is believed, and what is said when it is not."""

from collections.abc import Mapping
from typing import Any

NOT_TRUSTED = "Signing in did not work: what came back could not be checked, or took too long. Try again."
REQUIRED = ("exp", "iat", "iss", "aud", "sub", "nonce")
LEEWAY_SECONDS = 60


class NotBelieved(Exception):
    """The answer of a provider is not to be believed."""


def is_for_others_too(claims: Mapping[str, Any], client: str) -> bool:
    """Whether a token was made for more services than this one without saying that this one asked for it."""
    audience = claims.get("aud")
    return isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != client


def gave_second_factor(claims: Mapping[str, Any], accepted: frozenset[str]) -> bool:
    """Whether the token says, in a way that is accepted here, that a second factor was given."""
    amr = claims.get("amr")
    said = {claims.get("acr"), *(amr if isinstance(amr, list) else [amr])}
    return bool(said & accepted)
