"""What watches the service is told whether it lives, whether it can serve and how it does; strangers learn nothing."""

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from indicators.operations.basics import DISK_FULL
from indicators.roles import Role
from partnership import middleware
from partnership.logging import JsonFormatter, RequestIdFilter
from partnership.request_counts import BUCKETS, Counts, Metric, Tally, exposition, of_requests, read_counts, seconds
from partnership.selectors import readiness
from tests import builders as b
from tests.partnership.pack_world import a_pack, a_published_pack

AWAY = "connection to server at 10.1.2.3, port 5432 failed: secret"


@pytest.fixture(autouse=True)
def _fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    tally = Tally(tmp_path / "counts")
    monkeypatch.setattr(middleware, "TALLY", tally)
    monkeypatch.setattr("partnership.views.health.TALLY", tally)
    cache.delete("ready")
    yield
    cache.delete("ready")


@pytest.fixture
def reader() -> Client:
    return Client(raise_request_exception=False)


class Away:
    """A database that does not answer, however it is asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, error: Exception | None = None) -> None:
        def refuse(*_: Any, **__: Any) -> None:
            raise error or OperationalError(AWAY)

        monkeypatch.setattr(connection, "cursor", refuse)
        monkeypatch.setattr(connection, "_cursor", refuse)


# Ready


@pytest.mark.django_db
def test_ready_when_migrated_then_so_and_not_asked_again_at_once(
    reader: Client, django_assert_num_queries: Any
) -> None:
    assert reader.get("/health/ready/").json() == {"status": "ready"}
    with django_assert_num_queries(0):
        assert reader.get("/health/ready/").status_code == 200
    cache.delete("ready")
    MigrationRecorder(connection).record_unapplied("partnership", "0001_initial")
    answer = reader.get("/health/ready/")
    assert (answer.status_code, answer.json()) == (503, {"status": "not ready"})
    assert answer["Retry-After"]
    assert "no-cache" in answer["Cache-Control"]


@pytest.mark.django_db
def test_health_when_the_database_is_away_then_503_without_detail(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert reader.get("/health/").json() == {"status": "ok"}
    with monkeypatch.context() as patch:
        Away(patch)
        for path in ("/health/", "/health/ready/"):
            answer = reader.get(path)
            assert answer.status_code == 503
            assert b"secret" not in answer.content
            assert b"10.1.2.3" not in answer.content


# The page for people


@pytest.mark.django_db
def test_page_when_the_database_is_away_then_said_so_and_what_was_typed_can_be_sent_again(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.force_login(b.a_user(Role.SCRUTINY_OFFICER))
    with monkeypatch.context() as patch:
        Away(patch)
        read = reader.get("/northshire/scorecards/?q=1")
        sent = reader.post("/northshire/bodies/", {"name": "<b>Board</b>", "also": ["a", "b"]})
        file = reader.post("/northshire/bodies/", {"name": "x", "file": io.BytesIO(b"y")})
        of_a_form = "application/x-www-form-urlencoded"
        secret = reader.post("/sign-in/", "username=a%40example.org&password=geheim", content_type=of_a_form)
        api = reader.get(reverse("api_packs"))
        typed = reader.post("/northshire/bodies/", "a=1&b=2", content_type=of_a_form)
    for answer in (read, sent, file, secret, api, typed):
        assert answer.status_code == 503
        assert int(answer["Retry-After"]) > 0
        assert AWAY.encode() not in answer.content
    assert api["Content-Type"] == "application/problem+json"
    soup = BeautifulSoup(read.content, "lxml")
    assert soup.find("a", string="Try again")["href"] == "/northshire/scorecards/?q=1"
    assert "Nothing that was saved before is lost" in soup.get_text()
    soup = BeautifulSoup(typed.content, "lxml")
    assert "What you sent was not confirmed as saved." in soup.get_text()
    assert [(i["name"], i["value"]) for i in soup.select("main form input")] == [("a", "1"), ("b", "2")]
    assert soup.select_one("main form")["action"] == "/northshire/bodies/"
    for answer in (file, secret):
        soup = BeautifulSoup(answer.content, "lxml")
        assert not soup.select("main form")
        assert "Go back: what you typed is still on that page" in soup.get_text()
        assert "geheim" not in answer.content.decode()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OperationalError("database or disk is full"), "Its disk is full"),
        (OperationalError("database is locked"), "does not answer"),
        (OperationalError("no such table: x"), None),
        (RuntimeError("connection"), None),
    ],
    ids=lambda value: str(value)[:20],
)
@pytest.mark.django_db
def test_page_when_something_else_is_wrong_then_the_page_for_that(
    error: Exception, words: str | None, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.force_login(b.a_user(Role.SCRUTINY_OFFICER))
    with monkeypatch.context() as patch:
        Away(patch, error)
        answer = reader.get("/northshire/")
    assert answer.status_code == (503 if words else 500)
    assert (words or "There is a problem with the service") in answer.content.decode()


# Metrics


def values(text: str) -> dict[str, str]:
    return dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))


@pytest.mark.django_db
def test_metrics_when_asked_on_the_machine_then_the_field_and_the_requests(reader: Client, today: Any) -> None:
    scorecard = b.a_scorecard(2)
    b.a_return(scorecard, state="approved")
    late = b.fresh(b.a_return(scorecard, b.Q4.next()))
    type(late.round).objects.filter(pk=late.round_id).update(due_on=today.replace(day=6))
    a_published_pack(scorecard)
    a_pack(scorecard, body="Another board")
    reader.get("/health/")
    reader.get("/northshire/somewhere/else/")
    found = values(reader.get("/metrics/").content.decode())
    assert found['partnership_returns{partnership="northshire",state="approved"}'] == "1"
    assert found['partnership_returns_late{partnership="northshire"}'] == "1"
    assert found['partnership_returns_due{partnership="northshire"}'] == "0"
    assert found['partnership_packs{partnership="northshire",state="published"}'] == "1"
    assert found['partnership_packs{partnership="northshire",state="draft"}'] == "1"
    assert found['partnership_requests_total{method="GET",route="/health/",status="200"}'] == "1"
    assert found["partnership_request_seconds_count"] == "2"
    assert found["partnership_errors_total"] == "0"
    assert "somewhere" not in str(found)
    type(late.round).objects.filter(pk=late.round_id).update(due_on=today)
    assert values(reader.get("/metrics/").content.decode())['partnership_returns_due{partnership="northshire"}'] == "1"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("token", "headers", "remote", "status"),
    [
        ("", {}, "127.0.0.1", 200), ("", {}, "::1", 200), ("", {}, "10.0.0.1", 404), ("", {}, "", 404),
        ("", {"X-Forwarded-For": "203.0.113.9"}, "127.0.0.1", 404),
        ("", {"X-Forwarded-Proto": "https"}, "127.0.0.1", 404),
        ("", {"Authorization": "Bearer "}, "10.0.0.1", 404),
        ("t0ken", {"Authorization": "Bearer t0ken"}, "10.0.0.1", 200),
        ("t0ken", {"Authorization": "Bearer t0ke"}, "10.0.0.1", 404),
        ("t0ken", {"Authorization": "Bearer other"}, "127.0.0.1", 404),
        ("t0ken", {"Authorization": "Basic t0ken"}, "10.0.0.1", 404),
        ("t0ken", {}, "10.0.0.1", 404),
    ],
)  # fmt: skip
def test_metrics_when_asked_from_elsewhere_then_only_with_the_token(
    token: str, headers: dict[str, str], remote: str, status: int, reader: Client, settings: Any
) -> None:
    settings.METRICS_TOKEN = token
    assert reader.get("/metrics/", headers=headers, REMOTE_ADDR=remote).status_code == status


def test_counts_when_kept_by_several_processes_then_added_up(tmp_path: Path) -> None:
    mine, other = Tally(tmp_path), Counts()
    other.add("GET", "/<slug:partnership>/", 500, 12_345)
    (tmp_path / "1.json").write_text(other.written())
    (tmp_path / "2.json").write_text("{")
    mine.add("GET", "/<slug:partnership>/", 200, 50)
    mine.add("GET", "/<slug:partnership>/", 200, 51)
    total = mine.of_all()
    assert total.requests == {("GET", "/<slug:partnership>/", 200): 2, ("GET", "/<slug:partnership>/", 500): 1}
    assert (total.errors, total.milliseconds) == (1, {"/<slug:partnership>/": 12_446})
    assert total.buckets == [1, 1, *[0] * (len(BUCKETS) - 2), 1]
    told = values(exposition(of_requests(total)))
    assert told['partnership_request_seconds_bucket{le="0.05"}'] == "1"
    assert told['partnership_request_seconds_bucket{le="0.1"}'] == "2"
    assert told['partnership_request_seconds_bucket{le="+Inf"}'] == told["partnership_request_seconds_count"] == "3"
    assert told["partnership_request_seconds_sum"] == "12.446"


@given(st.lists(st.tuples(st.text(), st.text(), st.integers(100, 599), st.integers(0, 10**6))))
def test_counts_when_written_and_read_then_the_same(requests: list[tuple[str, str, int, int]]) -> None:
    counts = Counts()
    for one in requests:
        counts.add(*one)
    assert read_counts(counts.written()) == counts


def test_exposition_when_a_label_holds_signs_then_they_are_quoted() -> None:
    metric = Metric("m", "What it is.", "gauge", (({"a": 'x"\\\n'}, 1), ({}, seconds(1_005))))
    assert exposition([metric]) == '# HELP m What it is.\n# TYPE m gauge\nm{a="x\\"\\\\\\n"} 1\nm 1.005\n'


# The log


@pytest.mark.django_db
def test_log_when_switched_on_then_one_line_a_request_without_address_query_or_name(
    reader: Client, settings: Any
) -> None:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(RequestIdFilter())
    handler.setFormatter(JsonFormatter())
    log = logging.getLogger("requests")
    log.addHandler(handler)
    user = b.a_user(Role.BOARD_MEMBER, email="somebody@example.org")
    try:
        reader.get("/health/")
        assert out.getvalue() == ""
        settings.REQUEST_LOG = True
        reader.get("/data/?q=secret")
        reader.force_login(user)
        answer = reader.get("/northshire/search/?q=secret")
        reader.post("/northshire/search/", {"x": "secret"})
    finally:
        log.removeHandler(handler)
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [(one["method"], one["route"], one["user"]) for one in lines] == [
        ("GET", "/data/", None), ("GET", "/<slug:partnership>/search/", user.pk),
        ("POST", "/<slug:partnership>/search/", user.pk),
    ]  # fmt: skip
    assert lines[1]["status"] == answer.status_code
    assert lines[1]["request_id"] == answer["X-Request-Id"]
    assert all(one["ms"] >= 0 for one in lines)
    for word in ("secret", "somebody", "northshire"):
        assert word not in out.getvalue()


def test_words_when_the_disk_is_full_then_the_operations_own_stay() -> None:
    assert "nothing was saved" in DISK_FULL
    for kind in (OperationalError, InterfaceError, DatabaseError):
        assert readiness.is_away(kind("server closed the connection unexpectedly"))
        assert not readiness.is_away(kind("syntax error"))
    assert not readiness.is_away(IntegrityError("a foreign key of the connection"))


def test_security_txt_when_somebody_is_named_then_told_with_its_end_and_else_not_there(client, settings, db):
    assert client.get("/.well-known/security.txt").status_code == 404
    settings.SECURITY_CONTACT, settings.PUBLIC_URL = "mailto:security@example.org", "https://kpi.example.org"
    answer = client.get("/.well-known/security.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode().splitlines() == [
        "Contact: mailto:security@example.org",
        "Expires: 2023-01-03T00:00:00Z",
        "Preferred-Languages: en",
        "Canonical: https://kpi.example.org/.well-known/security.txt",
    ]
    assert not answer.cookies


def test_counts_when_somebody_else_made_the_folder_first_then_nothing_is_written_or_read_there(tmp_path):
    elsewhere, guessed = tmp_path / "elsewhere", tmp_path / "guessed"
    elsewhere.mkdir(mode=0o700)
    guessed.symlink_to(elsewhere)
    open_to_all = tmp_path / "open"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    for folder in (guessed, open_to_all):
        planted = Counts()
        planted.add("GET", "pattern", 500, 1)
        (folder / "1.json").write_text(planted.written())
        tally = Tally(folder)
        tally.add("GET", "pattern", 200, 1)
        assert tally.of_all().errors == 0
        assert [path.name for path in folder.iterdir()] == ["1.json"]
