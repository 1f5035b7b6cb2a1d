"""Every number that the named paragraphs print is held, and can be read on a page after `make demo`."""

import csv
import re
from collections import defaultdict
from decimal import Decimal

import pytest
from django.test import Client
from lxml import html

from finance.models import BusinessCase, ContractYear, FundingAmount, Home
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
from indicators.views.addresses import indicator_url
from partnership.models import AssuranceItem, BodyVersion, ImprovementPlan, Minute, Resolution
from partnership.operations.demo import DEMO_PACK
from tests import builders
from tests.conftest import FIXTURES

pytestmark = pytest.mark.django_db


def rows() -> list[dict[str, str]]:
    with (FIXTURES / "reports" / "coverage.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def words(page: bytes) -> str:
    """What can be read on it: no style, no script."""
    read = html.document_fromstring(page.decode()).xpath("//text()[not(parent::script | parent::style)]")
    return " ".join(" ".join(read).split())


def spellings(number: Decimal) -> set[str]:
    """How a page may write the number: 1266, 1,266, 22.3, 22.30."""
    number = abs(number)  # below zero its digits stand behind a minus sign or before a word such as overspend
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

    def of_indicator(self, code: str, slice_key: str = "", period: str = "") -> str:
        return self(indicator_url("doncaster", code, slice_key, period=period))

    @property
    def of_scorecards(self) -> str:
        return self("/doncaster/scorecards/contract/") + " " + self("/doncaster/scorecards/partnership/")

    @property
    def as_reported(self) -> str:
        tables = (f"/doncaster/packs/{DEMO_PACK}/tables/{code}-2021-22-q4/" for code in ("contract", "partnership"))
        return " ".join(map(self, tables))


MONEY_PAGES = {
    "contract": "/doncaster/money/contract/{}/", "funding": "/doncaster/money/programmes/{}/",
    "home": "/doncaster/money/capacity/", "case": "/doncaster/money/business-cases/{}/",
}  # fmt: skip


def is_in_words(text: str, pounds: Decimal) -> bool:
    """Whether a page says the amount, in full or as papers round it: £22,800,000, £22.8m, £551k."""
    size = abs(pounds)
    return is_on(text, size) or f"£{bare(size / 1_000_000)}m" in text or f"£{bare(size / 1000)}k" in text


def held_money(real: Partnership, kind: str, key: list[str]) -> Decimal | int | None:
    """What is held of money and is no figure, in pounds or beds; None for nothing."""
    code, *which = key
    if kind == "contract":
        year = ContractYear.objects.filter(partnership=real, period__slug=code).first()
        entry = year and year.entries.filter(code=which[0]).first()
        names = {"original": "original_pence", "stated_change": "stated_change_pence"}
        if entry is None and year is not None:
            found = getattr(year, names.get(which[0], which[0]), None)
            return Decimal(found).scaleb(-2) if which[0] in names and found is not None else found
        return entry and Decimal(entry.amount_pence).scaleb(-2)
    if kind == "funding":
        whose, year = which
        amounts = FundingAmount.objects.filter(programme__partnership=real, programme__code=code)
        amounts = amounts.filter(period=None) if year == "total" else amounts.filter(period__slug=year)
        of_fund = amounts.filter(fund__code=whose).first()
        of_item = amounts.filter(fund=None, item=None) if whose == "total" else amounts.filter(item__letter=whose)
        amount = of_fund or of_item.first()
        return amount and Decimal(amount.pence).scaleb(-2)
    if kind == "home":
        home = Home.objects.filter(partnership=real, code=code).first()
        return home and getattr(home, which[0])
    case = BusinessCase.objects.filter(partnership=real, code=code).first()
    line = case and case.lines.filter(code=which[0]).first()
    pence = line.asked_pence if line else case and case.stated_pence
    return None if pence is None else Decimal(pence).scaleb(-2)


# What governance says with a number in it: where it is held, by what key, and the page that shows it.
GOVERNANCE = {
    "body": (BodyVersion, ("body__code", "number"), "/doncaster/governance/bodies/{}/"),
    "minute": (Minute, ("item__meeting__code", "item__label", "number"), "/doncaster/meetings/{}/"),
    "plan": (ImprovementPlan, ("code",), "/doncaster/improvement-plans/{}/"),
    "assurance": (AssuranceItem, ("code",), "/doncaster/assurance/"),
}  # fmt: skip


def missing_governance(pages: Pages, kind: str, key: str, part: str) -> str:
    """Why what governance says cannot be read, or nothing."""
    if kind == "resolution":
        found = Resolution.objects.filter(number=key).select_related("item__meeting").first()
        page = found and f"/doncaster/meetings/{found.item.meeting.code}/"
    else:
        model, lookups, address = GOVERNANCE[kind]
        found = model.objects.filter(**dict(zip(lookups, key.split("/"), strict=True))).first()
        page = address.format(key.split("/")[0])
        if kind == "body" and found:
            page += f"?on={found.from_on}"  # as it was called and worked then
    if found is None:
        return f"no such {kind}"
    said = getattr(found, part)
    said = " ".join(getattr(said, "body", said).split())
    if not said:
        return f"its {kind} says nothing"
    return "" if said in pages(page) else f"what its {kind} says is not on {page}"


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
        if slice_key and number is not None and not is_on(page, Decimal(number)):
            page = pages.of_indicator(indicator, slice_key, period)  # a part has a page of its own
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
        statement = (
            Statement.objects.filter(partnership=real, code=code).select_related("text", "series__slice").first()
        )
        if statement is None:
            return "no such statement"
        indicator = statement.series.indicator.code if statement.series else ""
        page = pages.of_indicator(indicator) if indicator else pages.of_scorecards
        said = " ".join(statement.text.body.split())
        if statement.series and statement.series.slice.key and said not in page:
            page = pages.of_indicator(indicator, statement.series.slice.key)
        if part == "text":
            return "" if said in page else "its statement is on no page"
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
    elif kind in {*GOVERNANCE, "resolution"}:
        return missing_governance(pages, kind, *key)
    elif kind in MONEY_PAGES:
        number, page = held_money(real, kind, key), pages(MONEY_PAGES[kind].format(*key))
        if number is not None and is_in_words(page, Decimal(number)):
            return ""
    else:
        return f"unknown kind {kind}"
    if number is None:
        return "not held"
    return "" if is_on(page, Decimal(number)) else f"{bare(number)} is not on the page"


@pytest.mark.once
@pytest.mark.long
def test_every_printed_number_is_held_or_excluded_and_what_is_held_can_be_read(signed_in):
    whole = builders.the_demonstration()
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


@pytest.mark.parametrize(
    ("key", "page", "problem"),
    [
        ("owed", "Title: a note", ""),
        ("none", "Title: a note", "no such assurance"),
        ("owed", "Title", "what its assurance says is not on /doncaster/assurance/"),
        ("empty", "Title", "its assurance says nothing"),
    ],
)
def test_what_governance_says_when_it_is_nowhere_then_it_is_missing(key, page, problem):
    for code, note in (("owed", "a note"), ("empty", "")):
        AssuranceItem.objects.create(
            partnership=builders.a_partnership(), code=code, kind="report", title="Title", note=note,
            source=builders.a_source(), paragraph="1", actor="", at=builders.NOW,
        )  # fmt: skip
    assert missing_governance(lambda path: page, "assurance", key, "note") == problem


def test_every_indicator_of_the_table_has_its_statement_and_definition(real):
    printed = {
        s.series.indicator.code
        for s in Statement.objects.filter(series__isnull=False).select_related("series__indicator")
    }
    defined = set(IndicatorVersion.objects.values_list("indicator__code", flat=True))
    assert len(defined) == 36
    assert defined == printed
