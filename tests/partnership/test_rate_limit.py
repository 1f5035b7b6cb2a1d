"""How often one client may ask: whose request it is behind proxies, and the minute that it counts in."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client, override_settings

from partnership import clock
from partnership.open_data import MADE, Form
from partnership.rate_limit import client_of, window_of
from tests import builders as b

NOON = datetime(2022, 7, 7, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("remote", "forwarded", "proxies", "expected"),
    [
        ("192.0.2.1", "", 0, "192.0.2.1"),
        ("192.0.2.1", "203.0.113.9", 0, "192.0.2.1"),
        ("192.0.2.1", "203.0.113.9", 1, "203.0.113.9"),
        ("192.0.2.1", "198.51.100.7, 203.0.113.9", 1, "203.0.113.9"),
        ("192.0.2.1", "198.51.100.7, 203.0.113.9, 10.0.0.1", 2, "203.0.113.9"),
        ("192.0.2.1", "", 1, "192.0.2.1"),
        ("192.0.2.1", "203.0.113.9", 2, "192.0.2.1"),
        ("192.0.2.1", "not an address", 1, "192.0.2.1"),
        ("2001:db8:1:2:aaaa::1", "", 0, "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::2", "", 0, "2001:db8:1:2::/64"),
    ],
    ids=["none in front", "a claim without a proxy", "one proxy", "one proxy and a claim", "two proxies",
         "the proxy says nothing", "fewer than there should be", "nonsense", "one home", "the same home"],
)  # fmt: skip
def test_client_when_asked_for_then_who_our_own_proxy_saw(
    remote: str, forwarded: str, proxies: int, expected: str
) -> None:
    assert client_of(remote, forwarded, proxies) == expected


def test_window_when_a_minute_is_over_then_the_next() -> None:
    number, seconds = window_of(NOON)
    assert seconds == 60
    assert window_of(NOON + timedelta(seconds=59)) == (number, 1)
    assert window_of(NOON + timedelta(seconds=60)) == (number + 1, 60)


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    cache.clear()


def asked(path: str = "/api/v1/", **extra: str) -> int:
    return Client().get(path, **extra).status_code


@pytest.mark.django_db
@override_settings(API_RATE=2)
def test_api_when_asked_too_often_then_429_until_the_minute_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [asked(), asked("/api/v1/figures?nonsense=1"), asked()] == [200, 400, 429]
    refused = Client().get("/api/v1/packs")
    assert refused["Retry-After"] == "60"
    assert refused["Content-Type"] == "application/problem+json"
    assert refused["Access-Control-Allow-Origin"] == "*"
    assert "Wait 60 seconds" in refused.json()["detail"]
    assert asked(REMOTE_ADDR="192.0.2.9") == 200, "another client"
    assert Client().options("/api/v1/").status_code == 204, "asking what is allowed is not counted"
    assert asked("/data/") == 200, "pages are not counted"
    later = b.NOW + timedelta(seconds=60)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert asked() == 200


@pytest.mark.django_db
@override_settings(API_RATE=1)
def test_files_when_asked_too_often_then_429_and_when_to_ask_again_in_whatever_form(partnership: object) -> None:
    """Counted before anything is looked up, and apart from the API; those of a child have a limit of their own."""
    files = [f"/data/northshire/none/none.{form.value}" for form in Form if form not in MADE]
    for path in (*files, "/data/northshire/none.zip"):
        cache.clear()
        assert [asked("/api/v1/"), asked(path), asked(path)] == [200, 404, 429], path
    refused = Client().get(files[0])
    assert (refused["Retry-After"], refused["Access-Control-Allow-Origin"]) == ("60", "*")
    assert "Wait 60 seconds" in refused.content.decode()


@pytest.mark.django_db
@override_settings(API_RATE=1, PROXIES=1)
def test_api_when_behind_a_proxy_then_each_of_its_clients_is_counted_alone() -> None:
    first, second = ({"HTTP_X_FORWARDED_FOR": f"203.0.113.{n}"} for n in (1, 2))
    assert [asked(**first), asked(**second), asked(**first)] == [200, 200, 429]


@pytest.mark.django_db
@override_settings(API_RATE=0)
def test_api_when_there_is_no_limit_then_never_refused() -> None:
    assert {asked() for _ in range(5)} == {200}


@pytest.mark.django_db
def test_address_when_counted_then_it_is_not_in_the_cache() -> None:
    assert asked(REMOTE_ADDR="192.0.2.77") == 200
    assert cache._cache, "something is counted"
    assert not [key for key in cache._cache if "192.0.2.77" in key]
