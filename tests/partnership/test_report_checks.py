"""The page and the command that hold published papers against their own numbers."""

import csv
import io
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from indicators.checks_engine.reports import judge_report
from indicators.models import ReportCheck
from indicators.operations.report_checks import keep_report_checks
from indicators.report_checks_table import REPORT_CHECKS_TABLE
from indicators.report_statements import read_files
from indicators.selectors.report_checks import report_checks
from tests import builders as b

pytestmark = [pytest.mark.django_db, pytest.mark.once]

REPORTS = Path(__file__).resolve().parents[2] / "fixtures" / "reports"


def transcribed() -> dict[str, list[dict[str, str]]]:
    return {
        p.name: list(csv.DictReader(io.StringIO(p.read_text(encoding="utf-8"))))
        for p in sorted(REPORTS.glob("statements_*.csv"))
    }


@pytest.fixture(scope="module")
def judged():
    read = read_files(transcribed())
    assert not read.problems
    return read.statements, judge_report(read.statements)


@pytest.fixture
def kept(judged):
    statements, verdicts = judged
    made = b.a_partnership()
    keep_report_checks(partnership=made, statements=statements, verdicts=verdicts)
    return made


@pytest.fixture
def client(kept) -> Client:
    client = Client()
    client.force_login(b.a_user("board_member"))
    return client


def test_verdicts_when_kept_again_then_nothing_changes(kept, judged) -> None:
    before = list(ReportCheck.objects.values())
    assert keep_report_checks(partnership=kept, statements=judged[0], verdicts=judged[1]) == (0, len(before))
    assert list(ReportCheck.objects.values()) == before
    fewer = judged[1][1:]
    keep_report_checks(partnership=kept, statements=judged[0], verdicts=fewer)
    assert ReportCheck.objects.count() == len(fewer)


def test_page_when_opened_then_contradictions_come_first_with_both_places(
    client, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(8):
        page = client.get(reverse("report_checks", args=["northshire"])).content.decode()
    assert "1266 of 1514" in page or "1,266 of 1,514" in page
    first = page.index("<tbody>")
    assert page.index("Contradicts</b>", first) < page.index("Agrees within rounding", first)
    assert "report 003 §24" in page


def test_counts_when_read_then_they_add_up_to_the_rows(kept) -> None:
    found = report_checks(kept)
    assert sum(found.counts.values()) == len(found.rows) == ReportCheck.objects.count()
    assert found.counts["contradicts"] == sum(r.outcome == "contradicts" for r in found.rows)


@pytest.mark.parametrize("query", ["", "?verdict=contradicts", "?report=003&verdict=truncated", "?report=000",
                                   "?verdict=nonsense"])  # fmt: skip
def test_file_when_downloaded_then_it_holds_the_rows_of_the_page_cell_for_cell(client, kept, query: str) -> None:
    page = client.get(reverse("report_checks", args=["northshire"]) + query)
    text = b"".join(client.get(reverse("report_checks_csv", args=["northshire"]) + query)).decode()
    header, *rows = csv.reader(io.StringIO(text))
    assert len(rows) == page.context["number"]
    for shown, cells in zip(page.context["rows"], rows, strict=False):
        values = REPORT_CHECKS_TABLE.values_from_csv(header, cells)
        assert {c.key: c.text(values) for c in REPORT_CHECKS_TABLE.columns if c.text} == shown["cells"]


def test_page_when_nothing_is_transcribed_then_says_what_will_appear() -> None:
    b.a_partnership()
    client = Client()
    client.force_login(b.a_user("board_member"))
    page = client.get(reverse("report_checks", args=["northshire"])).content.decode()
    assert "No paper has been transcribed yet" in page


def test_page_when_a_filter_leaves_nothing_then_says_so_and_a_page_too_far_shows_the_last(client) -> None:
    url = reverse("report_checks", args=["northshire"])
    assert "No check passes these filters" in client.get(url + "?report=004&verdict=contradicts").content.decode()
    assert client.get(url + "?page=99").status_code == 200


def test_command_when_run_over_a_paper_then_prints_the_findings_and_fails() -> None:
    out = StringIO()
    with pytest.raises(CommandError, match="do not agree"):
        call_command("check_report", str(REPORTS / "statements_003.csv"), stdout=out)
    text = out.getvalue()
    assert "003-24-share" in text
    assert "Agrees" not in text
    assert "numbers checked" in text


def test_command_when_everything_agrees_then_succeeds(tmp_path: Path) -> None:
    path = tmp_path / "fine.csv"
    header = (REPORTS / "statements_003.csv").read_text(encoding="utf-8").splitlines()[0]
    path.write_text(
        f"{header}\n009-1-a,009,1,s,of 4,4,4,,,count,,,\n009-1-b,009,1,s,3,3,3,,,count,,,\n"
        "009-1-c,009,1,s,75%,75%,75,1,,percent,,share,009-1-b / 009-1-a\n"
    )
    out = StringIO()
    call_command("check_report", str(path), "--all", stdout=out)
    assert "1 numbers checked, 0 to look at" in out.getvalue()
    assert "Agrees" in out.getvalue()


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"code,report\nx,1\n", b""])
def test_command_when_the_file_is_none_then_says_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError):
        call_command("check_report", str(path), stdout=StringIO())
