"""The demonstration: real figures, an account for each role, marked on every page, never on a real service."""

import csv
import io
import re

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import Client

from indicators.measurement import CORRECTION_WORDS, Correction
from indicators.models import Figure, Membership, PublishedRow, Return, User
from indicators.roles import Role
from partnership import checks
from partnership.context import DEMO_TEXT
from partnership.management.commands.set_up_demo import TO_TRY
from partnership.models import Installation, PackEvent
from partnership.operations.demo import DEMO_PACK, mark_as_demo, set_up_demo
from partnership.samples import SAMPLES
from tests import builders

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def demo(settings):
    settings.IS_DEMO = True
    settings.DEMO_TODAY = builders.TODAY
    return settings


def set_up() -> str:
    out = io.StringIO()
    call_command("set_up_demo", stdout=out)
    return out.getvalue()


def held() -> list[list[tuple]]:
    return [
        list(Figure.objects.values_list("pk", "revision")),
        list(Return.objects.values_list("pk", "state")),
        list(PackEvent.objects.values_list("pk", "action")),
        list(PublishedRow.objects.values_list("pk", "key")),
    ]


@pytest.mark.long
def test_it_makes_an_account_with_a_password_for_each_role_and_a_second_time_changes_no_figure(demo, monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "")
    said = set_up()
    before = held()
    assert {m.role for m in Membership.objects.all()} == {r.value for r in Role}
    accounts = re.findall(r"(\S+@demo\.example) +(\S+)$", said, re.MULTILINE)
    assert len(accounts) == 11
    for email, password in accounts:
        assert builders.signs_in(Client(), email, password) or User.objects.get(email=email).check_password(password)
    assert said.count("http://127.0.0.1:8000/") == len(TO_TRY) + 1
    assert Installation.objects.filter(kind="demo").exists()
    again = set_up_demo(at=builders.NOW, today=builders.TODAY, password="")
    assert held() == before
    assert len(again) == 11
    assert not {password for _, password in again} & {password for _, password in accounts}


@pytest.mark.soak
def test_its_command_when_run_a_second_time_then_no_figure_changes(demo):
    """Tests of each kind of loading say that a second load leaves what is held; the one above, accounts and packs."""
    builders.the_demonstration()
    mark_as_demo(at=builders.NOW)
    before = held()
    assert set_up() != set_up()
    assert held() == before


def test_every_page_says_that_it_is_a_demonstration_and_which_day_it_pretends(demo):
    builders.the_demonstration()
    client = Client()
    client.force_login(User.objects.get(email="analyst@demo.example"))
    for path in (
        "/doncaster/", "/doncaster/scorecards/contract/", "/doncaster/indicators/staff-turnover/",
        "/doncaster/returns/",
        "/doncaster/returns/contract/2021-22-q4/trust/3/entry/", f"/doncaster/packs/{DEMO_PACK}/",
        "/doncaster/packs/", "/doncaster/restated/", "/doncaster/glossary/", "/components/", "/sign-in/",
    ):  # fmt: skip
        text = BeautifulSoup(client.get(path, follow=True).content, "lxml").get_text(" ")
        assert DEMO_TEXT in text, path
        assert "Today is taken to be 7 July 2022" in text, path


def test_what_it_says_to_try_is_there_for_who_it_names(demo):
    builders.the_demonstration()
    said = ("Outside tolerance: 10", "Check and submit", "Contract key performance indicators")
    for (who, _, path), words in zip(TO_TRY, said, strict=True):
        client = Client()
        if "@" in who:
            client.force_login(User.objects.get(email=who))
        assert words in text(client, path), who


def sent_in(email: str, path: str, **form: object) -> str:
    """What the page says to the samples of an address, sent in by that account."""
    client = Client()
    client.force_login(User.objects.get(email=email))
    page = BeautifulSoup(client.get(path).content, "lxml")
    assert page.select_one("main a[download]"), "the page links to its samples"
    hidden = {box["name"]: box["value"] for box in page.select("form[enctype] input[type=hidden]")}
    response = client.post(path, hidden | form)
    data = b"".join(response.streaming_content) if response.streaming else response.content
    assert response.status_code == 200
    return " ".join(BeautifulSoup(data, "lxml").get_text(" ").split())


def sample(number: int, name: str) -> io.BytesIO:
    """A sample file as a browser sends it."""
    path = settings.BASE_DIR / "static" / "samples" / SAMPLES[name][number].file
    file = io.BytesIO(path.read_bytes())
    file.name = path.name
    return file


def test_its_samples_are_taken_by_the_pages_that_link_to_them(demo):
    builders.the_demonstration()
    path = "/doncaster/returns/early-help/2022-23-q1/council/1/upload/"
    said = sent_in("council-analyst@demo.example", path, file=sample(0, "return_upload"))
    assert "Nothing is saved yet" in said
    form = {
        "partner": "trust",
        "reference_on": "30 June 2022",
        "period": "2022-23-q1",
        "files": sample(0, "annex_a_new"),
    }
    assert "The file is read and counted" in sent_in("analyst@demo.example", "/doncaster/annex-a/new/", **form)
    form = {"partner": "trust", "period": "2022-23-q1", "header": sample(0, "placements_file_new"),
            "episodes": sample(1, "placements_file_new")}  # fmt: skip
    said = sent_in("finance@demo.example", "/doncaster/money/placements-file/new/", **form)
    assert "The files are counted" in said
    form = {"name": "A plan to try", "as_at": "1 July 2022", "file": sample(0, "plan_new")}
    assert "31 placements in 3 rows" in sent_in("finance@demo.example", "/doncaster/money/plans/new/", **form)
    said = sent_in("approver@demo.example", "/doncaster/benchmarks/data/new/", file=sample(0, "benchmark_new"))
    assert "The file is sound" in said


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


# The pack of 7 July 2022, and what was restated since

CONTRACT = "/doncaster/returns/contract/2021-22-q4/trust"
MARKED = CORRECTION_WORDS[Correction.DEMONSTRATION]


@pytest.fixture
def told(signed_in):
    """The demonstration as a board member finds it."""
    builders.the_demonstration()
    return signed_in(User.objects.get(email="board@demo.example"))


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return " ".join(BeautifulSoup(response.content, "lxml").get_text(" ").split())


def rows_of(client: Client, path: str) -> dict[str, str]:
    """The rows of a committee table by the code of their indicator."""
    soup = BeautifulSoup(client.get(path).content, "lxml")
    rows = soup.select("table.sc tbody tr:not(.th)")
    return {
        tr.select_one("th a")["href"].split("/indicators/")[1].split("/")[0]: " ".join(tr.get_text(" ").split())
        for tr in rows
    }


def file_row(client: Client, path: str, code: str) -> dict[str, str]:
    response = client.get(path)
    data = b"".join(response.streaming_content) if response.streaming else response.content
    return next(r for r in csv.DictReader(io.StringIO(data.decode(), newline="")) if r["indicator"] == code)


RESTATED = [
    ("contract", "assessments-45-days", "85%", "84%", "1,266 of 1,514", ("85", "83.6195508587"), "within"),
    ("partnership", "cin-6-to-12-months", "22.3%", "28.3%", "292 of 1,031", ("22.3", "28.3220174588"), ""),
]


def test_only_two_figures_differ_as_reported_and_as_it_is_now_and_keep_their_rating(told):
    for scorecard, code, then, now, parts, values, rating in RESTATED:
        table, live = (
            f"/doncaster/packs/{DEMO_PACK}/tables/{scorecard}-2021-22-q4",
            f"/doncaster/scorecards/{scorecard}",
        )
        reported, today = rows_of(told, f"{table}/"), rows_of(told, f"{live}/")
        assert then in reported[code]
        assert now in today[code]
        assert parts in today[code]
        assert {c for c, row in reported.items() if "Restated since this pack" in row} == {code}
        before, after = file_row(told, f"{table}.csv", code), file_row(told, f"{live}.csv", code)
        assert (before["value"], after["value"]) == values
        assert before["rating"] == after["rating"]
        assert not rating or before["rating"] == rating
        assert (before["corrected"], after["corrected"]) == ("", "yes")
    page = text(told, "/doncaster/restated/")
    assert page.count("Same rating") == 2
    assert "Changes the rating" not in page


def test_the_restatements_are_marked_as_the_demonstrations_own_on_every_page_export_and_history_row(told, signed_in):
    analyst = signed_in(User.objects.get(email="analyst@demo.example"))
    for path in ("/doncaster/restated/", f"/doncaster/packs/{DEMO_PACK}/"):
        assert text(told, path).count(MARKED) >= len(RESTATED), path
    for scorecard, code, *_ in RESTATED:
        for path in (
            f"/doncaster/scorecards/{scorecard}/",
            f"/doncaster/indicators/{code}/?scorecard={scorecard}&period=2021-22-q4",
        ):
            assert MARKED in text(told, path), path
        for path in (f"/doncaster/scorecards/{scorecard}.csv", "/doncaster/restated.csv"):
            assert file_row(told, path, code)["correction"] == MARKED
        for path in ("", "history/"):
            assert MARKED in text(analyst, f"/doncaster/returns/{scorecard}/2021-22-q4/trust/2/{path}"), path


def test_the_pack_is_sound_says_that_the_project_made_it_and_the_correction_to_try_is_open(told):
    out = io.StringIO()
    call_command("verify_packs", stdout=out)
    assert out.getvalue().endswith("4 sound, 0 redacted, 0 broken\n")
    page = text(told, f"/doncaster/packs/{DEMO_PACK}/")
    assert "The pack is made by this project for the demonstration." in page
    assert "Overview and Scrutiny Management Committee, 7 July 2022" in page
    found = Return.objects.filter(round__scorecard__code="contract", round__period__slug="2021-22-q4")
    assert list(found.order_by("number").values_list("number", "kind", "state")) == [
        (1, "ordinary", "approved"), (2, "restatement", "approved"), (3, "restatement", "open"),
    ]  # fmt: skip
