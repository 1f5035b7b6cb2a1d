"""The findings on the figures that the published papers print: one row for each number that can be checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from indicators.table_spec import Column, Field, Kind, TableSpec

OUTCOME_WORDS = {
    "agrees": "Agrees",
    "agrees within rounding": "Agrees within rounding",
    "truncated": "Cut off, not rounded",
    "contradicts": "Contradicts",
    "cannot be checked": "Cannot be checked",
}
# In the order in which a reader wants them.
OUTCOMES = ("contradicts", "truncated", "cannot be checked", "agrees within rounding", "agrees")
KIND_WORDS = {
    "share": "Share of two counts",
    "ratio": "One number over another",
    "product": "One number times another",
    "change": "Change between two numbers",
    "difference": "Difference of two numbers",
    "sum": "Sum",
    "stock": "Stock and flow",
    "hundred": "Shares that make 100%",
    "rows": "Counts of ratings against rows",
    "same": "The same figure in two places",
    "range": "A share between 0 and 100%",
    "period": "Label against date",
    "count": "Number of items listed",
}


@dataclass(frozen=True)
class CheckedPrint:
    """One printed number with its verdict. `places` are the statement and its parts as they stand in the papers."""

    code: str
    report: str
    paragraph: str
    kind: str
    outcome: str
    sentence: str
    places: tuple[Mapping[str, str], ...]


def _field(name: str, kind: Kind, value: Any, meaning: str) -> Field[CheckedPrint]:
    return Field(name, kind, value, meaning)


def place_words(place: Mapping[str, str]) -> str:
    """Where something is printed and in what words: report 003 §24, sentence 2: “1,266 (85%)”."""
    where = f"report {place['report']} §{place['paragraph']}"
    where = f"{where}, {place['place']}" if place["place"] else where
    return f"{where}: “{place['quote']}”" if place["quote"] else where


def _others(row: CheckedPrint) -> str:
    return " | ".join(place_words(place) for place in row.places[1:])


REPORT_CHECKS_TABLE: TableSpec[CheckedPrint] = TableSpec(
    "report-checks",
    (
        Column(
            "printed",
            "Printed",
            (
                _field("code", Kind.CODE, lambda r: r.code, "Code of the statement"),
                _field("report", Kind.CODE, lambda r: r.report, "Report that prints it"),
                _field("paragraph", Kind.TEXT, lambda r: r.paragraph, "Paragraph or table of the report"),
                _field("place", Kind.TEXT, lambda r: place_words(r.places[0]), "Where it stands, and its words"),
            ),
            lambda v: (v["place"],),
        ),
        Column(
            "against",
            "Compared with",
            (
                _field("check", Kind.CODE, lambda r: r.kind, "What it is held against"),
                _field("others", Kind.TEXT, _others, "The other places, and their words"),
            ),
            lambda v: (KIND_WORDS[v["check"]], *filter(None, v["others"].split(" | "))),
        ),
        Column(
            "verdict",
            "Verdict",
            (_field("verdict", Kind.CODE, lambda r: r.outcome, "How it stands"),),
            lambda v: (OUTCOME_WORDS[v["verdict"]],),
        ),
        Column(
            "finding",
            "Finding",
            (_field("finding", Kind.TEXT, lambda r: r.sentence, "The finding in words"),),
            lambda v: (v["finding"],),
        ),
    ),
)
