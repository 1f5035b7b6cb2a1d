"""The demonstration: real figures, an account for each role, marked on every page, never on a real service."""

import io

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import Client

from indicators.models import Figure, Membership, Return, User
from indicators.roles import Role
from partnership import checks
from partnership.context import DEMO_TEXT
from partnership.models import Installation
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings):
    settings.IS_DEMO = True
    settings.DEMO_TODAY = builders.TODAY
    return settings


def set_up() -> str:
    out = io.StringIO()
    call_command("set_up_demo", stdout=out)
    return out.getvalue()


def held() -> tuple[list[tuple[int, int]], list[tuple[int, str]]]:
    figures = list(Figure.objects.values_list("pk", "revision"))
    return figures, list(Return.objects.values_list("pk", "state"))


def test_it_makes_one_account_for_each_role_and_prints_a_password_for_each(demo, monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "")
    said = set_up()
    assert {m.role for m in Membership.objects.all()} == {r.value for r in Role}
    for line in said.splitlines():
        if "@demo.example" in line:
            *_, email, password = line.split()
            assert Client().login(username=email, password=password) or User.objects.get(email=email).check_password(
                password
            )
    assert said.count("@demo.example") == 9
    assert Installation.objects.filter(kind="demo").exists()


def test_setting_it_up_twice_changes_no_figure_and_gives_new_passwords(demo, monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "")
    first = set_up()
    before = held()
    second = set_up()
    assert held() == before
    assert first != second


def test_every_page_says_that_it_is_a_demonstration_and_which_day_it_pretends(demo, monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "a-demonstration")
    set_up()
    client = Client()
    client.force_login(User.objects.get(email="analyst@demo.example"))
    for path in (
        "/doncaster/", "/doncaster/scorecards/contract/", "/doncaster/indicators/staff-turnover/",
        "/doncaster/returns/",
        "/doncaster/returns/contract/2021-22-q4/trust/2/entry/", "/doncaster/glossary/", "/components/", "/sign-in/",
    ):  # fmt: skip
        text = BeautifulSoup(client.get(path, follow=True).content, "html.parser").get_text(" ")
        assert DEMO_TEXT in text, path
        assert "Today is taken to be 7 July 2022" in text, path


def test_pages_of_the_real_service_do_not_say_so(partnership, signed_in):
    page = signed_in(builders.a_user(Role.BOARD_MEMBER)).get("/northshire/").content.decode()
    assert DEMO_TEXT not in page


def test_it_leaves_a_database_alone_that_is_not_its_own(demo, partnership):
    with pytest.raises(CommandError, match="real service"):
        set_up()
    assert not User.objects.filter(email__endswith="@demo.example").exists()


def test_it_is_refused_outside_the_demonstration(db):
    with pytest.raises(CommandError, match="APP_ENV=demo"):
        set_up()


def test_production_refuses_a_database_that_is_marked(settings, db):
    Installation.objects.create(kind="demo", marked_at=builders.NOW)
    settings.IN_PRODUCTION = True
    (error,) = checks.production_refuses_a_demonstration(databases=["default"])
    assert error.id == "partnership.E001"
    with pytest.raises(ImproperlyConfigured, match="marked as a demonstration"):
        checks.refuse_a_demonstration_in_production()
    settings.IN_PRODUCTION = False
    checks.refuse_a_demonstration_in_production()


def test_the_printed_figures_have_no_invented_approver_or_moment(real):
    for figure in Figure.objects.select_related("approval", "source"):
        assert figure.recorded_by is None
        assert figure.actor.startswith("loaded from report 00")
        assert figure.approval.by is None
        assert figure.known_on == figure.source.published_on
    for row in Return.objects.all():
        (step,) = row.transitions.all()
        assert (step.action, step.by, step.at) == ("loaded", None, None)
