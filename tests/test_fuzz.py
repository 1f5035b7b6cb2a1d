"""Generated requests at every form and filter: nothing fails, what is refused changes nothing, no nonsense is stored.

About 300 requests with the other tests; 20,000 in `make soak` (HYPOTHESIS_PROFILE=soak), with true files.
"""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from bs4 import BeautifulSoup, SoupStrainer, Tag
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from indicators.models import Partnership
from indicators.typed_text import is_storable
from partnership.views import documents
from tests.conftest import IS_SOAK
from tests.test_apart import is_filter, signed_in, typed_into, with_every_role
from tests.test_hardening import FILES, counts
from tests.test_permissions import MATRIX, READS, people  # noqa: F401
from tests.tries import a_try

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.long]

FORM = "application/x-www-form-urlencoded"
# Stories and requests in each.
STORIES, IN_A_STORY = (2_000, 10) if IS_SOAK else (30, 5)
# Signs that the own session is over; what of it is tried elsewhere.
LEFT_OUT = {"sign_out"}
TABLES_OF_ATTEMPTS = {"indicators_auditevent", "axes_accessattempt"}

# What people, browsers and attackers put into a box.
NASTY = (
    "",
    " ",
    "0",
    "-1",
    "1e309",
    "NaN",
    "Infinity",
    "９９",
    "٣",
    "1" * 400,
    "9" * 19,
    "0.1.2",
    "1,000",
    "½",
    "true",
    "None",
    "[]",
    "{}",
    "31 February 2022",
    "2022-02-31",
    "0001-01-01",
    "9999-12-31",
    "7 July 2022",
    "2021-22-q4",
    "2021/22 Q9",
    "\x00",
    "a\x00b",
    "\x1b[31m",
    "\u202egnp",
    "\u200b",
    "\ufeff",
    "\U0001f600",
    "é" * 300,
    "x" * 70_000,
    "\r\n\r\nSet-Cookie: a=b",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "' OR 1=1 --",
    "%",
    "_",
    "\\",
    "=1+1",
    "../../etc/passwd",
    "//evil.example",
    "https://evil.example/",
    "javascript:alert(1)",
    "a@b",
    "a@example.org\nBcc: b@example.org",
)
VALUES = st.one_of(st.sampled_from(NASTY), st.text(st.characters(codec="utf-8"), max_size=60), st.integers().map(str))
NAMES = st.sampled_from(
    (
        "a.csv",
        "../../a.csv",
        "a\x00.xlsx",
        "a.xlsx",
        'a"\r\nX: y.csv',
        "é" * 200,
        "a.exe",
        "\u202evsc.exe",
        ".",
        "a.pdf",
    )
)
CONTENT = st.one_of(
    st.binary(max_size=200),
    st.sampled_from(
        (
            b"",
            b"PK\x03\x04",
            b"%PDF-1.4",
            b"\xff\xfea\x00",
            b"a,b\n1",
            b"=1+1,\x00\n",
            b"\xef\xbb\xbfline,value\n1,2\n",
            b"," * 5_000,
            b"\n" * 5_000,
            b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        )
    ),
)


@pytest.fixture
def client(people: Any, monkeypatch: pytest.MonkeyPatch) -> Client:  # noqa: F811
    """Signed in is who may do whatever anybody may, in a world with one of each."""
    if not IS_SOAK:
        monkeypatch.setattr(documents.bounded, "run", lambda **kwargs: b"PK\x03\x04")
    return signed_in(with_every_role(Partnership.objects.get(slug="northshire")))


class Nonsense(AssertionError):
    """A text with control characters was on its way into a table."""


@contextmanager
def no_nonsense_stored() -> Iterator[None]:
    """Fails when a statement that writes carries control characters."""

    def looked_at(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE")) and "django_session" not in sql:
            for row in params if many else [params or ()]:
                for value in row:
                    if isinstance(value, str) and (not is_storable(value) or "\\u0000" in value):
                        raise Nonsense(f"{sql[:80]} … {value[:200]!r}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(looked_at):
        yield


@st.composite
def _pairs(draw: st.DrawFn, fields: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The fields of a form as they stand, one to three of them changed, left out or doubled, or an unknown one more."""
    sent = list(fields)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, max(0, len(sent) - 1)))
        match draw(st.sampled_from(("change", "change", "change", "all", "omit", "double", "add"))) if sent else "add":
            case "change":
                sent[at] = (sent[at][0], draw(VALUES))
            case "all":
                sent = [(name, value if name == "csrfmiddlewaretoken" else draw(VALUES)) for name, value in sent[:40]]
            case "omit":
                del sent[at]
            case "double":
                sent.append((sent[at][0], draw(VALUES)))
            case _:
                sent.append((draw(st.sampled_from(("do", "action", "page", "q", "next", "key", "line"))), draw(VALUES)))
    return sent


def fields_of(form: Tag, chosen: int) -> list[tuple[str, str]]:
    """What the form would send: boxes filled plausibly, of each list one choice, of several buttons one."""
    boxes = form.select("input[name], select[name], textarea[name]")
    sent = []
    for box in boxes:
        name = str(box["name"])
        if box.get("type") == "file":
            continue
        if box.name == "select":
            held = [str(option.get("value", "")) for option in box.select("option")]
            sent.append((name, held[chosen % len(held)] if held else ""))
        elif box.get("type") in {"checkbox", "radio"}:
            if not any(name == one for one, _ in sent):
                sent.append((name, str(box.get("value", "on"))))
        else:
            sent.append((name, typed_into(box)))
    buttons = form.select("button[name]")
    if buttons:
        button = buttons[chosen % len(buttons)]
        sent.append((str(button["name"]), str(button.get("value", ""))))
    return sent


def forms_at(client: Client, url: str) -> list[Tag]:
    response = client.get(url)
    if response.status_code != 200 or "html" not in response["Content-Type"]:
        return []
    page = BeautifulSoup(response.content, "lxml", parse_only=SoupStrainer("form"))
    return [form for form in page.select("form") if form.get("action") != reverse("sign_out")]


PAGES = [
    (name, reverse(name, args=arguments), method)
    for name, (arguments, method, _) in sorted(MATRIX.items())
    if name not in LEFT_OUT and not name.endswith(FILES)
]


def test_generated_requests_at_every_form_never_fail_and_store_no_nonsense(client: Client, settings: Any) -> None:
    settings.API_RATE = settings.FILE_RATE = 0
    sent = 0
    cookies = dict(client.cookies)
    held: dict[str, list[Tag]] = {}

    @hypothesis_settings(max_examples=STORIES)
    @given(st.data())
    def story(data: st.DataObject) -> None:
        nonlocal sent
        name, url, method = data.draw(st.sampled_from(PAGES))
        if url not in held:
            held[url] = forms_at(client, url) if method == "get" else []
        for _ in range(IN_A_STORY):
            client.cookies.clear()
            client.cookies.update(cookies)
            form = data.draw(st.sampled_from(held[url])) if held[url] else None
            with a_try(name), no_nonsense_stored():
                one_request(client, data, url, form, method)
                sent += 1

    story()
    assert sent >= STORIES * IN_A_STORY * 0.9


def one_request(client: Client, data: st.DataObject, url: str, form: Tag | None, method: str) -> None:
    fields = fields_of(form, data.draw(st.integers(0, 9))) if form else [("q", ""), ("page", "")]
    pairs = data.draw(_pairs(fields))
    if method == "get" and (form is None or is_filter(form)):
        answered(client.get(f"{url}?{urlencode(pairs)}"))
        return
    to = str(form.get("action") or url) if form else url
    before = counts()
    if form and form.select("input[type=file]"):
        boxes: dict[str, Any] = {n: [v for m, v in pairs if m == n] for n, _ in pairs}
        for box in form.select("input[type=file]"):
            boxes[str(box["name"])] = a_file(data.draw(NAMES), data.draw(CONTENT))
        answer = client.post(to, boxes)
    else:
        answer = client.post(to, urlencode(pairs), content_type=FORM)
    answered(answer)
    if answer.status_code >= 400:
        changed = {t for t, n in counts().items() if n != before[t]} - TABLES_OF_ATTEMPTS
        assert not changed, (answer.status_code, pairs)


def a_file(name: str, content: bytes) -> io.BytesIO:
    """As it is sent, under a name that Django itself would give to no file."""
    file = io.BytesIO(content)
    file.name = name
    return file


def answered(answer: Any) -> None:
    """No failure, no trace, no way to another host."""
    assert answer.status_code < 500
    to = answer.get("Location", "")
    assert urlsplit(to).netloc == "", to
    assert not to.startswith(("//", "/\\"))
    if "html" in answer.get("Content-Type", ""):
        said = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert b"\x00" not in said
        assert b"Traceback" not in said
        assert b"<script>alert" not in said


def test_control_characters_in_the_texts_of_every_form_are_never_stored(client: Client) -> None:
    """All texts of a form at once, on pages that are there to enter something; in `make soak` each alone, on all."""
    sent = saved = 0
    for name, url, method in PAGES:
        if not IS_SOAK and MATRIX[name][2] == READS:
            continue
        for form in forms_at(client, url) if method == "get" else ():
            if is_filter(form):
                continue
            to, fields = str(form.get("action") or url), fields_of(form, 1)
            texts = [n for n, value in fields if value == "Some words."]
            for poisoned in [[one] for one in texts] if IS_SOAK else [texts] * bool(texts):
                pairs = [(n, "Some\x0bwords." if n in poisoned else value) for n, value in fields]
                with a_try(f"{name} {poisoned}"), no_nonsense_stored():
                    answer = client.post(to, urlencode(pairs), content_type=FORM)
                    answered(answer)
                    sent += 1
                    saved += answer.status_code == 302
    assert sent > 50
    assert saved < sent / 2, "most are refused; a few take the sign out"
