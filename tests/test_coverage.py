"""Every number that the named paragraphs print is held, and can be read on a page after `make demo`."""

import csv
import re
from collections import defaultdict
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from indicators.models import (
    CurrentFigure,
    DataIssue,
    Figure,
    IndicatorVersion,
    Partnership,
    StatedSummary,
    Statement,
    Target,
)
from indicators.roles import Role
from indicators.table_spec import bare
from partnership.operations.demo import DEMO_PACK, set_up_demo
from tests import builders
from tests.conftest import FIXTURES

pytestmark = pytest.mark.django_db


def rows() -> list[dict[str, str]]:
    with (FIXTURES / "reports" / "coverage.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def words(html: bytes) -> str:
    return " ".join(BeautifulSoup(html, "html.parser").get_text(" ").split())


def spellings(number: Decimal) -> set[str]:
    """How a page may write the number: 1266, 1,266, 22.3, 22.30."""
    plain = bare(number)
    return {plain, f"{number.normalize():,f}", f"{number:,.1f}", f"{number:,.2f}"}


def is_on(text: str, number: Decimal) -> bool:
    return any(re.search(rf"(?<![\d.,]){re.escape(s)}(?![\d]|[.,]\d)", text) for s in spellings(number))


# How the sentence of a stated summary says each of its parts.
PARTS_OF_A_SUMMARY = {
    "targets": "{} targets", "suspended": "{} suspended", "annual": "{} annual", "judged": "of the other {}",
    "better": "{} better than target", "within": "{} within tolerance", "outside": "{} outside",
}  # fmt: skip


class Pages:
    """The text of the pages a board member can open, each fetched once."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.kept: dict[str, str] = {}

    def __call__(self, path: str) -> str:
        if path not in self.kept:
            response = self.client.get(path)
            assert response.status_code == 200, path
            self.kept[path] = words(response.content)
        return self.kept[path]

    def of_indicator(self, code: str) -> str:
        return self(f"/doncaster/indicators/{code}/")

    @property
    def of_scorecards(self) -> str:
        return self("/doncaster/scorecards/contract/") + " " + self("/doncaster/scorecards/partnership/")

    @property
    def as_reported(self) -> str:
        tables = (f"/doncaster/packs/{DEMO_PACK}/tables/{code}-2021-22-q4/" for code in ("contract", "partnership"))
        return " ".join(map(self, tables))


def missing_from(pages: Pages, real: Partnership, row: dict[str, str]) -> str:
    """Why the row's number cannot be read, or nothing."""
    kind, *key = row["held_as"].split(":")
    if kind == "figure":
        indicator, slice_key, period, part = key
        figure = Figure.objects.filter(
            series__partnership=real,
            series__indicator__code=indicator,
            series__slice__key=slice_key,
            period__slug=period,
        ).first()
        number = getattr(figure, part, None)
        page = pages.of_indicator(indicator)
        if figure is not None and CurrentFigure.objects.exclude(approved=figure).filter(
            series=figure.series, period=figure.period
        ):
            page = pages.as_reported  # restated since: what was printed stands in the pack that told it
    elif kind == "target":
        scorecard, indicator, valid_from, part = key
        target = Target.objects.filter(
            line__scorecard__code=scorecard, line__series__indicator__code=indicator, valid_from__slug=valid_from
        ).first()
        number = getattr(target, part, None)
        page = pages.of_indicator(indicator)
    elif kind == "statement":
        code, part = key
        statement = Statement.objects.filter(partnership=real, code=code).select_related("text", "series").first()
        if statement is None:
            return "no such statement"
        indicator = statement.series.indicator.code if statement.series else ""
        page = pages.of_indicator(indicator) if indicator else pages.of_scorecards
        if part == "text":
            return "" if " ".join(statement.text.body.split()) in page else "its statement is on no page"
        number = getattr(statement, part)
    elif kind == "summary":
        scorecard, period, source, part = key
        summary = StatedSummary.objects.filter(
            scorecard__partnership=real, scorecard__code=scorecard, period__slug=period, source__code=source
        ).first()
        if summary is None:
            return "no such summary"
        judged = summary.better + summary.within + summary.outside
        said = PARTS_OF_A_SUMMARY[part].format(judged if part == "judged" else getattr(summary, part))
        there = [said in page for page in (pages("/doncaster/scorecards/"), pages("/doncaster/scorecards/contract/"))]
        return "" if all(there) else f"“{said}” is not on both pages of scorecards"
    elif kind == "data_issue":
        code, part = key
        issue = DataIssue.objects.filter(partnership=real, code=code).first()
        if issue is None:
            return "no such issue"
        return "" if getattr(issue, part) in pages("/doncaster/data-quality/") else "its issue is not on the register"
    else:
        return f"unknown kind {kind}"
    if number is None:
        return "not held"
    return "" if is_on(page, Decimal(number)) else f"{bare(number)} is not on the page"


def test_every_printed_number_is_held_or_excluded_and_what_is_held_can_be_read(whole, signed_in):
    set_up_demo(at=builders.NOW, today=builders.TODAY, password=builders.PASSWORD)
    pages = Pages(signed_in(builders.a_user(Role.BOARD_MEMBER, partnership=whole)))
    found = defaultdict(list)
    held = 0
    for row in rows():
        assert bool(row["held_as"]) != bool(row["excluded_because"]), row
        if row["held_as"]:
            held += 1
            problem = missing_from(pages, whole, row)
            if problem:
                found[problem].append(f"{row['report']} §{row['paragraph']} {row['text']} → {row['held_as']}")
    assert held > 250
    assert dict(found) == {}


def test_every_indicator_of_the_table_has_its_statement_and_definition(real):
    printed = {
        s.series.indicator.code
        for s in Statement.objects.filter(series__isnull=False).select_related("series__indicator")
    }
    defined = set(IndicatorVersion.objects.values_list("indicator__code", flat=True))
    assert len(defined) == 36
    assert defined == printed
