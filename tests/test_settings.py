"""The settings, and what wraps every request: clock, request id, sign-in, logging."""

import json
import logging
import re
import runpy
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as active
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import get_resolver
from django.utils import timezone

from partnership import clock, middleware
from partnership import logging as app_logging
from partnership.clock import now as read_clock
from tests import builders as b

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = str(ROOT / "partnership" / "settings.py")
NAMES = ("APP_ENV", "SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "CSRF_TRUSTED_ORIGINS", "DEMO_TODAY", "DEBUG")
NAMES += ("PUBLIC_URL", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD", "EMAIL_USE_TLS")
NAMES += ("EMAIL_USE_SSL", "DEFAULT_FROM_EMAIL", "DATA_LICENCE_NAME", "DATA_LICENCE_URL", "ACCESSIBILITY_CONTACT")
NAMES += (
    "SECURITY_CONTACT",
    "API_RATE",
    "FILE_RATE",
    "PROXIES",
    "SECOND_FACTOR",
    "SESSION_IDLE_MINUTES",
    "RETENTION_DAYS",
)
OIDC = {f"OIDC_{name}_ENDPOINT": f"https://login.example.org/{name}" for name in ("AUTHORIZATION", "TOKEN", "JWKS")}
OIDC |= {"OIDC_ISSUER": "https://login.example.org", "OIDC_CLIENT_ID": "kpi", "OIDC_CLIENT_SECRET": "s"}
NAMES += (*OIDC, "OIDC_NAME", "OIDC_USERINFO_ENDPOINT", "OIDC_END_SESSION_ENDPOINT", "OIDC_SECOND_FACTOR")
PRODUCTION = {
    "APP_ENV": "production",
    "SECRET_KEY": "s" * 60,
    "ALLOWED_HOSTS": "kpi.example.org,www.example.org",
    "DATABASE_URL": "postgres://user:password@host/name",
}

Load = Callable[..., dict[str, Any]]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Load:
    """The settings module, run anew in an environment of nothing but these variables."""

    def run(**environment: str) -> dict[str, Any]:
        for name in (*NAMES, "SECURE_SSL_REDIRECT"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(SETTINGS)

    return run


def test_production_when_nothing_is_set_then_every_missing_one_is_named_with_what_to_do(load: Load) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        load()
    lines = str(refused.value).splitlines()
    assert lines[0] == "The service cannot start in production:"
    assert [re.match(r"- (\w+) is not set: .+\.$", line)[1] for line in lines[1:]] == [
        "SECRET_KEY",
        "ALLOWED_HOSTS",
        "DATABASE_URL",
    ]


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"])
def test_production_when_one_is_missing_then_it_alone_is_named(name: str, load: Load) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        load(**{k: v for k, v in PRODUCTION.items() if k != name})
    assert len(str(refused.value).splitlines()) == 2
    assert name in str(refused.value)


def test_production_when_all_is_set_then_secure_by_default(load: Load) -> None:
    found = load(**PRODUCTION, DEBUG="1")
    assert found["DEBUG"] is False
    assert found["IN_PRODUCTION"] is True
    assert found["ALLOWED_HOSTS"] == ["kpi.example.org", "www.example.org"]
    assert found["DATABASES"]["default"]["ENGINE"] == "django.db.backends.postgresql"
    assert found["SECURE_SSL_REDIRECT"] is True
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert found["SESSION_COOKIE_SECURE"] is found["CSRF_COOKIE_SECURE"] is True
    assert found["SESSION_COOKIE_HTTPONLY"] is True
    assert found["LOGGING"]["handlers"]["console"]["formatter"] == "json"
    assert found["STORAGES"]["staticfiles"]["BACKEND"].startswith("whitenoise.")


def test_environment_when_not_named_then_it_is_production(load: Load) -> None:
    assert load(**{k: v for k, v in PRODUCTION.items() if k != "APP_ENV"})["IN_PRODUCTION"] is True


def test_environment_when_unknown_then_refused_with_the_choices(load: Load) -> None:
    with pytest.raises(ImproperlyConfigured, match="production, demo or development"):
        load(APP_ENV="staging")


@pytest.mark.parametrize("name", ["demo", "development", "test"])
def test_environment_when_not_production_then_starts_without_anything_else(
    name: str, load: Load, tmp_path: Path
) -> None:
    found = load(APP_ENV=name, DATABASE_URL=f"sqlite:///{tmp_path}/new/folder/base.sqlite3")
    assert found["DEBUG"] is False
    assert (tmp_path / "new" / "folder").is_dir()
    options = found["DATABASES"]["default"]["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in options["init_command"]
    assert "SECURE_HSTS_SECONDS" not in found


@pytest.mark.parametrize(("name", "allowed"), [("demo", True), ("development", False), ("production", False)])
def test_pretended_date_when_not_the_demonstration_then_refused(name: str, allowed: bool, load: Load) -> None:
    environment = PRODUCTION | {"APP_ENV": name, "DEMO_TODAY": "2022-07-07"}
    if allowed:
        assert load(**environment)["DEMO_TODAY"] == date(2022, 7, 7)
    else:
        with pytest.raises(ImproperlyConfigured, match="only the demonstration may pretend a date"):
            load(**environment)


@pytest.mark.parametrize("text", ["7.7.2022", "2022-02-30", "today"])
def test_pretended_date_when_it_is_none_then_refused(text: str, load: Load) -> None:
    with pytest.raises(ImproperlyConfigured, match="Write it as 2022-07-07"):
        load(**PRODUCTION | {"APP_ENV": "demo", "DEMO_TODAY": text})


def test_origins_when_listed_then_split(load: Load) -> None:
    assert load(**PRODUCTION)["CSRF_TRUSTED_ORIGINS"] == []
    found = load(**PRODUCTION, CSRF_TRUSTED_ORIGINS="https://a.example.org,https://b.example.org")
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://a.example.org", "https://b.example.org"]


# E-mail


MAIL = {"EMAIL_HOST": "mail.example.org", "DEFAULT_FROM_EMAIL": "kpi@example.org"}


@pytest.mark.parametrize("name", ["demo", "development"])
def test_mail_when_not_in_production_then_printed_and_never_sent(name: str, load: Load, tmp_path: Path) -> None:
    found = load(APP_ENV=name, DATABASE_URL=f"sqlite:///{tmp_path}/base.sqlite3", **MAIL)
    assert found["EMAIL_BACKEND"] == "django.core.mail.backends.console.EmailBackend"
    assert found["PUBLIC_URL"] == "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    ("given", "port", "tls", "ssl"),
    [
        ({}, 587, True, False),
        ({"EMAIL_USE_SSL": "1"}, 465, False, True),
        ({"EMAIL_USE_TLS": "0", "EMAIL_PORT": "25"}, 25, False, False),
    ],
)
def test_mail_when_in_production_then_by_the_named_server_and_encrypted_unless_told_otherwise(
    given: dict[str, str], port: int, tls: bool, ssl: bool, load: Load
) -> None:
    found = load(**PRODUCTION, **MAIL, **given)
    assert found["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert (found["EMAIL_PORT"], found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (port, tls, ssl)
    assert (found["EMAIL_HOST"], found["DEFAULT_FROM_EMAIL"]) == ("mail.example.org", "kpi@example.org")
    assert 0 < found["EMAIL_TIMEOUT"] < 20, "other writers of SQLite wait no longer than this"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"EMAIL_HOST": "mail.example.org"}, "DEFAULT_FROM_EMAIL is not set: give the address"),
        (MAIL | {"EMAIL_PORT": "smtp"}, "EMAIL_PORT is not a number"),
        (MAIL | {"EMAIL_USE_SSL": "1", "EMAIL_USE_TLS": "1"}, "exclude each other"),
        ({"PUBLIC_URL": "kpi.example.org"}, "Write it as https://kpi.example.org"),
    ],
)
def test_mail_when_set_half_or_wrongly_then_the_start_says_what_to_give(
    given: dict[str, str], sentence: str, load: Load
) -> None:
    with pytest.raises(ImproperlyConfigured, match=re.escape(sentence)):
        load(**PRODUCTION, **given)


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, "https://kpi.example.org"),
        ({"PUBLIC_URL": "https://www.example.org/"}, "https://www.example.org"),
        ({"ALLOWED_HOSTS": ".example.org"}, ""),
        ({"ALLOWED_HOSTS": "*"}, ""),
    ],
)
def test_address_in_mails_when_not_given_then_the_first_host_unless_it_is_a_pattern(
    given: dict[str, str], address: str, load: Load
) -> None:
    assert load(**PRODUCTION | given)["PUBLIC_URL"] == address


def test_content_policy_when_read_then_only_our_own_and_nothing_inline(load: Load) -> None:
    directives = load(**PRODUCTION)["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    allowed = {str(source) for sources in directives.values() for source in sources}
    assert allowed <= {"'self'", "'none'", "data:"}
    assert [str(s) for s in directives["script-src"]] == ["'self'"]
    assert [str(s) for s in directives["style-src"]] == ["'self'"]
    assert [str(s) for s in directives["default-src"]] == ["'none'"]


def test_time_when_stored_then_aware_and_london(load: Load) -> None:
    found = load(**PRODUCTION)
    assert (found["USE_TZ"], found["TIME_ZONE"], found["LANGUAGE_CODE"]) == (True, "Europe/London", "en-gb")


def test_page_when_its_view_says_nothing_then_it_needs_a_sign_in() -> None:
    assert "partnership.middleware.SignInRequired" in active.MIDDLEWARE


@pytest.mark.django_db
def test_pages_when_asked_without_a_sign_in_then_only_the_named_ones_answer(client: Any) -> None:
    # Metrics are given on the machine itself: tests/partnership/test_health.py.
    open_to_all = {"sign_in", "sign_out", "sign_on", "sign_on_back", "forgotten", "components", "health", "ready"}
    open_to_all |= {"metrics", "security_txt"}
    names = {
        pattern.name: pattern
        for pattern in get_resolver().url_patterns
        if getattr(pattern, "name", None) and "<" not in str(pattern.pattern)
    }
    for name, pattern in names.items():
        response = client.get("/" + str(pattern.pattern))
        is_sent_away = response.status_code == 302 and "sign-in" in response["Location"]
        is_sent_away |= response.status_code == 401  # told to a script
        assert is_sent_away or name in open_to_all, f"{name} answers {response.status_code} to anybody"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"API_RATE": "many"}, "API_RATE is not a whole number. Give how many requests"),
        ({"FILE_RATE": "-1"}, "FILE_RATE is not a whole number."),
        ({"PROXIES": "1.5"}, "PROXIES is not a whole number. Give how many proxies"),
        ({"DATA_LICENCE_URL": "example.org"}, "DATA_LICENCE_URL is not an address."),
    ],
)
def test_public_data_when_a_setting_is_not_sound_then_the_start_says_what_to_give(
    load: Load, given: dict[str, str], sentence: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=re.escape(sentence)):
        load(**PRODUCTION | given)


def test_public_data_when_nothing_is_set_then_the_open_licence_limits_and_one_proxy_in_production(load: Load) -> None:
    found = load(**PRODUCTION)
    assert found["DATA_LICENCE_NAME"] == "Open Government Licence v3.0"
    assert (found["API_RATE"], found["FILE_RATE"], found["PROXIES"]) == (120, 20, 1)
    assert load(APP_ENV="development")["PROXIES"] == 0


# The clock


def test_clock_when_in_operation_then_the_moment_is_real_and_aware(monkeypatch: Any, settings: Any) -> None:
    moment = datetime(2026, 3, 29, 1, 30, tzinfo=ZoneInfo("UTC"))
    monkeypatch.setattr(timezone, "now", lambda: moment)
    settings.DEMO_TODAY = None
    assert read_clock() == moment


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        pytest.param(datetime(2022, 7, 7, 22, 59, tzinfo=ZoneInfo("UTC")), date(2022, 7, 7), id="before midnight"),
        pytest.param(datetime(2022, 7, 7, 23, 0, tzinfo=ZoneInfo("UTC")), date(2022, 7, 8), id="midnight in summer"),
        pytest.param(datetime(2022, 1, 7, 23, 59, tzinfo=ZoneInfo("UTC")), date(2022, 1, 7), id="winter"),
        pytest.param(datetime(2022, 10, 30, 0, 30, tzinfo=ZoneInfo("UTC")), date(2022, 10, 30), id="the hour twice"),
    ],
)
def test_today_when_read_then_the_date_in_london(moment: datetime, day: date, monkeypatch: Any) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)
    assert clock.today() == day


def test_clock_when_a_date_is_pretended_then_that_day_with_the_real_hour(monkeypatch: Any, settings: Any) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 1, 15, 13, 45, 6, tzinfo=ZoneInfo("UTC")))
    settings.DEMO_TODAY = date(2022, 7, 7)
    assert read_clock() == datetime(2022, 7, 7, 13, 45, 6, tzinfo=clock.LONDON)


def test_tests_when_they_ask_for_the_time_then_it_is_fixed(now: datetime, today: date) -> None:
    assert clock.now() == now == b.NOW
    assert clock.today() == today == b.TODAY


# What wraps a request


def answer(get_response: Callable[..., HttpResponse], around: Callable[..., Any]) -> HttpResponse:
    return around(get_response)(RequestFactory().get("/"))


def test_request_when_answered_then_its_id_is_on_the_response_and_gone_afterwards() -> None:
    seen = {}

    def view(request: Any) -> HttpResponse:
        seen["id"], seen["log"] = request.request_id, app_logging.request_id_var.get()
        return HttpResponse()

    response = answer(view, middleware.request_id)
    assert re.fullmatch(r"[0-9a-f]{12}", seen["id"])
    assert response["X-Request-Id"] == seen["id"] == seen["log"]
    assert app_logging.request_id_var.get() == "-"


def test_request_when_the_view_fails_then_its_id_is_gone_afterwards() -> None:
    def view(request: Any) -> HttpResponse:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        answer(view, middleware.request_id)
    assert app_logging.request_id_var.get() == "-"


def test_request_when_it_arrives_then_it_carries_now_and_today() -> None:
    def view(request: Any) -> HttpResponse:
        return HttpResponse(f"{request.now.isoformat()} {request.today.isoformat()}")

    response = answer(view, middleware.clock_on_request)
    assert response.content.decode() == f"{b.NOW.isoformat()} 2022-07-07"


# Logging


def a_record(**extra: Any) -> logging.LogRecord:
    record = logging.LogRecord("operations", logging.INFO, "", 1, "%s by=%s", ("submit_return", 7), None)
    for name, value in extra.items():
        setattr(record, name, value)
    return record


def test_log_line_when_in_json_then_one_object_with_the_request_and_the_operation() -> None:
    record = a_record(operation={"operation": "submit_return", "by": 7})
    token = app_logging.request_id_var.set("abc123")
    try:
        assert app_logging.RequestIdFilter().filter(record)
    finally:
        app_logging.request_id_var.reset(token)
    line = app_logging.JsonFormatter().format(record)
    assert "\n" not in line
    read = json.loads(line)
    assert (read["message"], read["request_id"], read["level"]) == ("submit_return by=7", "abc123", "INFO")
    assert (read["operation"], read["by"]) == ("submit_return", 7)


def test_log_line_when_something_failed_then_with_the_trace_on_one_line() -> None:
    try:
        raise ValueError("x\ny")
    except ValueError as error:
        record = a_record(exc_info=(type(error), error, error.__traceback__))
    line = app_logging.JsonFormatter().format(record)
    assert "\n" not in line
    assert "ValueError" in json.loads(line)["trace"]


def test_log_line_when_it_holds_line_breaks_then_nobody_can_forge_a_second_one() -> None:
    record = logging.LogRecord("x", logging.INFO, "", 1, "a\n%s", ('{"level": "forged"}',), None)
    assert "\n" not in app_logging.JsonFormatter().format(record)


def test_second_factor_when_not_set_then_required_in_production_alone(load: Load) -> None:
    assert load(**PRODUCTION)["SECOND_FACTOR"] == "required"
    assert load(APP_ENV="demo")["SECOND_FACTOR"] == "offered"
    assert load(**PRODUCTION, SECOND_FACTOR="offered")["SECOND_FACTOR"] == "offered"
    with pytest.raises(ImproperlyConfigured, match="neither required nor offered"):
        load(**PRODUCTION, SECOND_FACTOR="no")


def test_idle_time_when_too_short_to_read_a_page_then_refused(load: Load) -> None:
    assert load(**PRODUCTION)["SESSION_IDLE_MINUTES"] == 60
    assert load(**PRODUCTION, SESSION_IDLE_MINUTES="0")["SESSION_IDLE_MINUTES"] == 0
    with pytest.raises(ImproperlyConfigured, match="15 or more"):
        load(**PRODUCTION, SESSION_IDLE_MINUTES="5")


def test_single_sign_on_when_half_named_or_not_encrypted_then_refused_and_forms_may_lead_there(load: Load) -> None:
    def forms(found: dict[str, Any]) -> list[str]:
        return list(found["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]["form-action"])[1:]

    assert forms(load(**PRODUCTION)) == []
    assert forms(load(**PRODUCTION, **OIDC)) == ["https://login.example.org"]
    with pytest.raises(ImproperlyConfigured, match=r"but not: OIDC_TOKEN_ENDPOINT\."):
        load(**PRODUCTION, **OIDC | {"OIDC_TOKEN_ENDPOINT": ""})
    with pytest.raises(ImproperlyConfigured, match=r"begin with https://: OIDC_JWKS_ENDPOINT\."):
        load(**PRODUCTION, **OIDC | {"OIDC_JWKS_ENDPOINT": "http://login.example.org/keys"})


def test_contact_for_weaknesses_when_set_then_it_is_an_address(load: Load) -> None:
    assert load(APP_ENV="demo")["SECURITY_CONTACT"] == ""
    assert load(APP_ENV="demo", SECURITY_CONTACT="security@example.org")["SECURITY_CONTACT"] == (
        "mailto:security@example.org"
    )
    web = "https://example.org/security"
    assert load(APP_ENV="demo", SECURITY_CONTACT=web)["SECURITY_CONTACT"] == web
    for odd in ("the web team", "http://example.org", "mailto:a@example.org\nContact: mailto:b@example.org"):
        with pytest.raises(ImproperlyConfigured, match="SECURITY_CONTACT is neither"):
            load(APP_ENV="demo", SECURITY_CONTACT=odd)
