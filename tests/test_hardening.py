"""What no request does and no page shows, at every address: forged forms, odd bytes, odd methods, planted markup."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup, SoupStrainer
from django.apps import apps
from django.db import connection, models
from django.test import Client
from django.urls import reverse

from indicators import triggers
from indicators.models import Partnership, User
from partnership.views import documents
from tests.ownership import APPS
from tests.test_apart import is_filter, names_in, signed_in, told_by, with_every_role
from tests.test_permissions import MATRIX, people  # noqa: F401
from tests.tries import a_try

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.long]

# Closes an attribute, opens an element, is worked out by a template. Short, for narrow columns.
MARK = "'\"zq=<zq>{{7*7}}"
# What a search might take for a pattern, an escape or an end.
ODD = f"%_\\ {MARK} \U0001f600 ٣ ' OR 1=1 --"
FILES = ("_csv", "_csvw", "_xlsx", "_ods", "_json", "_docx", "_pdf", "_zip")
ESCAPED = "zq=&lt;zq&gt;{{7*7}}"


@pytest.fixture
def everything(people: Any, monkeypatch: pytest.MonkeyPatch) -> User:  # noqa: F811
    """Who may do whatever anybody may, in a world with one of each."""
    monkeypatch.setattr(documents.bounded, "run", lambda **kwargs: b"PK\x03\x04")
    return with_every_role(Partnership.objects.get(slug="northshire"))


def addresses() -> Iterator[tuple[str, str]]:
    """Name and address of each page."""
    for name, (arguments, _, _) in sorted(MATRIX.items()):
        yield name, reverse(name, args=arguments)


def counts() -> dict[str, int]:
    """How many rows each table has."""
    tables = sorted(m._meta.db_table for app in APPS for m in apps.get_app_config(app).get_models())
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{t}', COUNT(*) FROM {t}" for t in tables))  # noqa: S608
        return dict(cursor.fetchall())


def test_odd_requests_at_every_address_are_refused_and_write_nothing(everything: User) -> None:
    client, forger = signed_in(everything), Client(enforce_csrf_checks=True)
    forger.force_login(everything)
    before = counts()
    for name, url in addresses():
        with a_try(name):
            forged = forger.post(url, {"do": "submit", "action": "publish"})
            assert forged.status_code in {403, 404, 405}, "a form of another site"
            for method in ("TRACE", "CONNECT", "BREW"):
                assert client.generic(method, url).status_code == 405
            assert client.options(url).status_code < 500
            answer = client.get(f"{url}?q=%00&next=a%1bb")
            assert answer.status_code == 400 or url.startswith("/api/")
            assert not set("\x00\x1b") & set(told_by(answer))
    assert client.get("/northshire/scorecards/%00/").status_code == 400
    assert counts() == before


def test_numbers_of_thousands_of_digits_and_of_other_alphabets_are_refused(everything: User) -> None:
    """Python refuses to read the one and takes the other for a number in some of its ways to ask."""
    client, before = signed_in(everything), counts()
    for number in ("9" * 5_000, "²", "٣"):
        assert client.get("/api/v1/packs", CONTENT_LENGTH=number).status_code < 500
        for name, sent in (
            ("return_cell", {"line": number}),
            ("pack_protection_act", {"action": "accept", "check": number}),
            ("scenario_act", {"do": f"remove-{number}", "version": number}),
            ("alert_read", {"alert": number}),
            ("agenda_act", {"action": f"up-{number}", "version": number}),
        ):
            answer = client.post(reverse(name, args=MATRIX[name][0]), sent)
            assert answer.status_code < 500, name
    assert counts() == before


def test_markup_planted_in_every_text_and_asked_in_every_filter_is_shown_as_text_at_every_address(
    everything: User,
) -> None:
    assert len(plant()) > 150
    client, shown, filtered = signed_in(everything), 0, 0
    for name, url in addresses():
        if name.endswith(FILES):
            continue
        with a_try(name):
            answer = client.get(url)
            if answer.status_code != 200 or "html" not in answer["Content-Type"]:
                assert answer.status_code < 500
                continue
            shows_no_mark(answer)
            shown += ESCAPED in answer.content.decode()
            for asked in filters_of(answer):
                found = client.get(f"{url}?{urlencode(dict.fromkeys(asked, ODD), doseq=True)}")
                assert found.status_code < 500
                shows_no_mark(found)
                filtered += 1
    assert shown > 120
    assert filtered > 20


def filters_of(answer: Any) -> list[set[str]]:
    """The names in each form of the page that is sent in its own address."""
    page = BeautifulSoup(answer.content, "lxml", parse_only=SoupStrainer("form"))
    return [names_in(form) for form in page.select("form") if is_filter(form)]


def shows_no_mark(answer: Any) -> None:
    """Of the mark nothing stands in the page as markup."""
    said = answer.content.decode()
    opened = re.search(r"<zq>|<[^<>]*[\"']zq=|\{\{49|\b49\}", said)
    assert opened is None, said[max(0, opened.start() - 200) : opened.end() + 50]


# Columns that name things in addresses, or are looked up and not shown.
CODES = {"code", "slug", "key", "password", "sha256", "number", "hash", "slice_key", "email"}


def columns() -> Iterator[tuple[type[models.Model], Any]]:
    """The columns of text that somebody typed, or that were made of such texts."""
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.concrete_fields:
                is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
                if is_text and field.name not in CODES and (field.max_length or 99) >= 40:
                    yield model, field


def plant() -> set[str]:
    """The mark at the end of every text that is words; the columns that have one."""
    triggers.remove(connection)
    done = set()
    for model, field in columns():
        for pk, value in model._base_manager.values_list("pk", field.attname):
            if value and (" " in value or (value.isalpha() and value[0].isupper())):
                marked = f"{value[: (field.max_length or 9_999) - 20]} {pk} {MARK}"
                model._base_manager.filter(pk=pk).update(**{field.attname: marked})
                done.add(f"{model.__name__}.{field.name}")
    triggers.reinstall(connection)
    return done
