"""A machine whose clock tests move on, authenticator apps, and signing in as people do."""

import re
import time
from base64 import b32decode
from datetime import UTC, datetime, timedelta

import axes.handlers.proxy
import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP

from indicators.models import User
from partnership import clock
from tests import builders as b
from tests.parity import words

MACHINE = datetime(2022, 7, 7, 9, 0, tzinfo=UTC)


class Machine:
    """The machine's clock: what django-axes, django-otp, sessions and the application read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = MACHINE
        cache.clear()  # how often a client asked in a minute that every test has
        monkeypatch.setattr(axes.handlers.proxy, "now", lambda: self.now)
        monkeypatch.setattr(timezone, "now", lambda: self.now)
        monkeypatch.setattr(clock, "machine_now", lambda: self.now)
        monkeypatch.setattr(time, "time", lambda: self.now.timestamp())

    def wait(self, **some: float) -> None:
        """Lets time pass."""
        self.now += timedelta(**some)

    def code(self, secret: str) -> str:
        """What an app with that secret shows now."""
        text = secret.replace(" ", "")
        key = b32decode(text + "=" * (-len(text) % 8))
        app = TOTP(key)
        app.time = self.now.timestamp()
        return f"{app.token():06d}"


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "lxml")


def said(response) -> str:
    """What the page says."""
    return words(soup(response).get_text(" "))


def hidden(response, action: str) -> dict[str, str]:
    """The hidden fields of the form that is sent to an address."""
    form = soup(response).select_one(f'main form[action="{action}"]')
    assert form is not None, said(response)
    return {e["name"]: e.get("value", "") for e in form.select("input[type=hidden]")}


def sign_in(client: Client, user: User, password: str = b.PASSWORD, **more: str):
    return client.post("/sign-in/", {"email": user.email, "password": password, **more})


def secret_on(response) -> str:
    return soup(response).select_one(".factor__secret").get_text()


def codes_on(response) -> list[str]:
    return [e.get_text() for e in soup(response).select(".codes code")]


def set_up(client: Client, machine: Machine, *, present: str = "") -> tuple[str, list[str]]:
    """Sets up a second factor as somebody who is signed in: the secret and the recovery codes. `present` is a code of
    the one that it replaces."""
    secret = secret_on(client.get("/account/second-factor/"))
    done = client.post("/account/second-factor/", {"code": machine.code(secret), "present": present})
    assert re.search("Your recovery codes", said(done)), said(done)
    return secret, codes_on(done)
