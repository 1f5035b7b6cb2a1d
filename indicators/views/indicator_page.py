"""What the page of an indicator says: the facts of the selector as finished words and cells."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.utils.safestring import SafeString, mark_safe

from indicators import marks, quarters, rag
from indicators.acronyms import Meaning
from indicators.aggregation import Aggregation
from indicators.committee_table import COMMITTEE_TABLE, DASH
from indicators.definition_words import (
    AGGREGATION_WORDS,
    FREQUENCY_WORDS,
    POLARITY_WORDS,
    UNIT_WORDS,
    WINDOW_WORDS,
)
from indicators.direction_of_travel import (
    Change,
    ChangeCode,
    Window,
    change_words,
    written_change,
)
from indicators.kept_forecast import Kept
from indicators.measurement import (
    CONFIDENCE_WORDS,
    FLAG_WORDS,
    NOT_REPORTABLE_WORDS,
    Basis,
    Confidence,
    Flag,
    NotReportableCode,
)
from indicators.models import FigureQuery, IndicatorVersion, Population, Statement
from indicators.own_words import basis_words
from indicators.phrases import lowered
from indicators.rag import Polarity
from indicators.relief import relief_words
from indicators.scorecard import ScorecardRow
from indicators.selectors.benchmarks import IndicatorComparison
from indicators.selectors.indicators import IndicatorView, Revision, break_day
from indicators.trend import NOUNS
from indicators.units import Unit, written
from indicators.views.indicator_authority import relief_history, target_history
from indicators.views.indicator_history import changed_figures, explained, issue_lines
from indicators.views.indicator_texts import Reader, cited, dated, limits, page_url
from indicators.views.indicator_trends import section_of

HELD_ON_A_PAGE = 50
NOT_STATED = "Not stated in the report"
_NOT_COMPARED = {
    "no_figure_now": "not compared: there is no number for this period",
    "no_earlier_figure": "no earlier figure held",
    "qualified": "not compared: only a limit is known, not a number",
    "year_to_date_other_point": "not compared: a year to date compares only with the same point of last year",
    "break_in_series": "not compared: the series breaks in between",
}
_AGES = re.compile(r"aged? (\d+) to (\d+)")


def indicator_context(
    view: IndicatorView,
    *,
    url: str,
    entries: Iterable[Meaning],
    today: date,
    page: str = "1",
    shows_all: bool = False,
    comparison: IndicatorComparison | None = None,
    kept: Sequence[Kept] = (),
) -> dict[str, Any]:
    """Everything the template needs. `url` is the page's own address without its query; `entries` the glossary; `page`
    the page of the list of every figure; `shows_all`: the tables of trends are whole, however long; `comparison` the
    official figures that it may be held beside; `kept`: forecasts of the series."""
    version, row = view.version, view.row
    theme = view.line.theme.name if view.line else ""
    read = Reader(entries, theme)
    cells = COMMITTEE_TABLE.cells(row)
    read(f"{view.name} {version.name}")
    hero = _hero(view, cells, read)
    held = Paginator(view.revisions, HELD_ON_A_PAGE).get_page(page)
    sections = [
        section_of(
            trend, view, url, is_rated=not _is_activity(view), shows_all=shows_all, comparison=comparison, kept=kept,
        )
        for trend in view.trends
    ]  # fmt: skip
    return {
        "code": view.code,
        "name": view.name,
        "whole_url": url.partition("?")[0] if view.slice else "",
        "full_name": version.name if version.name != version.short_name else "",
        "polarity": POLARITY_WORDS[Polarity(version.polarity)],
        "theme": theme,
        "is_rated": not _is_activity(view),
        "line": view.line,
        "period": view.period,
        "other_scorecards": [
            {"name": x.scorecard.name, "url": page_url(url, x.scorecard.code, view.period.slug)}
            for x in view.lines
            if x != view.line
        ],
        "hero": hero,
        "explanation": explained(view),
        "issues": issue_lines(view, today),
        "sections": sections,
        "has_chart": any(section["chart"] for section in sections),
        "queries": [_query(q, read) for q in view.queries],
        "statements": _statements(view, read),
        "changes": changed_figures(view, read),
        "figures": [_figure(r, view, url, read) for r in held],
        "held_page": held,
        "definition": _definition(version, view, read),
        "older_versions": [_older(v, read) for v in view.versions if v != version],
        "targets": target_history(view, read),
        "reliefs": relief_history(view, today, read),
        "breaks": [
            {
                "on": break_day(b),
                "kind": b.get_kind_display(),
                "said": read(b.explanation),
                "source": cited(b.source, b.paragraph),
            }
            for b in view.breaks
        ],
        "population": _population(version, view.populations, view.period.end_on),
        "sources": sources_of(view.revisions),
    }


def _is_activity(view: IndicatorView) -> bool:
    """Whether it stands among demand and activity, and was never held against a target."""
    on_activity = view.line is not None and view.line.scorecard.is_activity
    return on_activity and not view.targets


def _tag(row: ScorecardRow, words: str) -> SafeString:
    return mark_safe(marks.rating_tag(row.judgement.rating.value, words))  # noqa: S308


# The top


def _hero(view: IndicatorView, cells: dict[str, tuple[str, ...]], read: Reader) -> dict[str, Any]:
    row = view.row
    figure, *counts = cells["figure"]
    rating, *more = cells["rating"]
    held = row.held
    target, tolerance = limits(view.target, row.line.unit)
    return {
        "figure": "" if figure == DASH else figure,
        "no_figure": rating,
        "counts": counts[0] if counts else "",
        "tag": _tag(row, rating),
        "notes": [n for n in more if n not in ("Query", "Caution", "Low confidence") and n != _relief_line(row)],
        "relief": row.relief,
        "target": target,
        "tolerance": tolerance,
        "changes": _changes(view),
        "confidence": held.confidence if held else "",
        "confidence_reason": read(held.confidence_reason) if held else "",
        "queries": len(row.queries),
        "contradiction": _contradiction(row),
        "headline": read(held.headline) if held and held.headline else "",
        "missing": _why_missing(row, read),
    }


def _relief_line(row: ScorecardRow) -> str:
    return relief_words(row.relief.ends_on, row.relief.authority) if row.relief else ""


def _changes(view: IndicatorView) -> list[dict[str, str]]:
    """The change since the period before and since the same one a year earlier, each with why it is not compared."""
    row, period, noun = view.row, view.period, NOUNS[view.period.kind]
    earlier = [(row.since_previous, period.previous(), f"Since the {noun} before")]
    if period.kind != "financial_year":
        then = period.same_period_last_year()
        earlier.append((row.since_last_year, then, f"Since the same {noun} last year"))
    return [
        {"label": f"{label}, {then.label}", "text": _change_text(change, view, then)} for change, then, label in earlier
    ]


def _change_text(change: Change, view: IndicatorView, then: quarters.Period) -> str:
    line = view.row.line
    if change.code is not ChangeCode.NOT_COMPARED:
        return f"{lowered(written_change(change, line.unit, line.places))}, {change_words(change)}"
    text = _NOT_COMPARED[change.reason]
    if change.reason == "break_in_series":
        between = [b for b in view.breaks if then.start_on < b.on <= view.period.end_on]
        told = "; ".join(f"{lowered(b.get_kind_display())}, {break_day(b)}" for b in reversed(between))
        return f"{text} ({told})" if told else text
    return text


def _contradiction(row: ScorecardRow) -> str:
    """What the figure's own parts give, where that is not what is printed."""
    found = row.contradiction
    if found is None:
        return ""
    return f"{written(found, row.line.unit, max(1, row.line.places))} by its own counts"


def _why_missing(row: ScorecardRow, read: Reader) -> list[dict[str, str]]:
    """For a figure that is not there: the coded reason, who puts it right, and when it is expected."""
    held = row.held
    if held is None or held.measured.basis is not Basis.MISSING:
        return []
    lines = []
    if held.not_reportable_code:
        lines.append(read(NOT_REPORTABLE_WORDS[NotReportableCode(held.not_reportable_code)]))
    if held.measured.missing_reason is rag.MissingReason.NOT_REPORTABLE:
        lines.append(read(f"Responsible: {held.responsible_role or 'not stated'}"))
        lines.append(read(f"Expected: {dated(held.expected_on) or 'no date given'}"))
    return lines


# What the papers say


def _quoted(statement: Statement, read: Reader) -> dict[str, Any]:
    is_quotation = statement.kind == Statement.Kind.QUOTATION
    return {
        "said": read(statement.text.body),
        "is_quotation": is_quotation,
        "mark": "" if is_quotation else Statement.Kind.SUMMARY.label,
        "about": "" if statement.about == Statement.About.CONTEXT else statement.get_about_display(),
        "source": cited(statement.source, statement.paragraph),
    }


def _query(query: FigureQuery, read: Reader) -> dict[str, Any]:
    return {
        "question": read(query.question),
        "period": query.period.label if query.period else "",
        "statements": [_quoted(s, read) for s in query.statements.all()],
        "source": cited(query.source, query.paragraph),
    }


def _statements(view: IndicatorView, read: Reader) -> list[dict[str, Any]]:
    """The statements under their periods, this page's first; those already quoted under a query are not repeated."""
    told = {s.pk for q in view.queries for s in q.statements.all()}
    groups: dict[str, list[Statement]] = {}
    for statement in view.statements:
        if statement.pk not in told:
            groups.setdefault(statement.period.label if statement.period else "", []).append(statement)
    ordered = sorted(groups.items(), key=lambda group: group[0] != view.period.label)
    return [{"period": label, "items": [_quoted(s, read) for s in found]} for label, found in ordered]


# Every figure


def _figure(revision: Revision, view: IndicatorView, url: str, read: Reader) -> dict[str, Any]:
    figure, row = revision.figure, revision.row
    cells = COMMITTEE_TABLE.cells(row, only=("figure", "rating"))
    text, *counts = cells["figure"]
    rating, *notes = cells["rating"]
    source = cited(figure.source, figure.paragraph)
    return {
        "label": figure.period.label,
        "url": page_url(url, view.line.scorecard.code if view.line else "", figure.period.slug),
        "is_this": figure.period.slug == view.period.slug,
        "revision": figure.revision,
        "is_current": revision.is_current,
        "figure": "" if text == DASH else text,
        "no_figure": rating,
        "counts": counts[0] if counts and text != DASH else "",
        "tag": _tag(row, rating),
        "notes": [n for n in notes if n not in FLAG_WORDS.values()],
        "basis": basis_words(Basis(figure.basis)),
        "contradiction": _contradiction(row),
        "flags": [FLAG_WORDS[Flag(letter)] for letter in figure.flags.split()],
        "missing": _why_missing(row, read),
        "confidence": CONFIDENCE_WORDS[Confidence(figure.confidence)] if figure.confidence else "",
        "confidence_reason": read(figure.confidence_reason),
        "validation_task": read(figure.validation_task),
        "commentary": read(figure.commentary.body) if figure.commentary else "",
        "kept": read(figure.keep_reason.body) if figure.keep_reason else "",
        "source": source,
        "system": figure.source_system,
        "as_at": dated(figure.as_at_on),
        "extracted": dated(figure.extracted_on),
        "known_on": dated(figure.known_on),
        "actor": "loaded from this paper" if figure.actor == f"loaded from {source}" else figure.actor,
        "approved_by": figure.approval.actor if figure.approval.actor != figure.actor else "",
        "reason": read(figure.reason.body) if figure.reason else "",
    }


def sources_of(revisions: Sequence[Revision]) -> list[str]:
    """The papers that the figures are taken from, with their titles."""
    papers = {r.figure.source.code: r.figure.source for r in revisions if r.figure.source}
    return [f"{paper}: {paper.title} ({paper.body}{_published(paper)})" for _, paper in sorted(papers.items())]


def _published(paper: Any) -> str:
    return f", {dated(paper.published_on)}" if paper.published_on else ""


# Definition


def _definition(version: IndicatorVersion, view: IndicatorView, read: Reader) -> list[dict[str, Any]]:
    assignment = view.assignment
    held = _fields(version)
    if view.line is not None:
        held.append(("Set under", view.line.scorecard.authority))
        held.append(("Returned", FREQUENCY_WORDS[view.line.frequency]))
    if assignment is not None:
        until = f" until {dated(assignment.until_on)}" if assignment.until_on else ""
        held.append(("Provider", f"{assignment.partner}, from {dated(assignment.from_on)}{until}"))
    else:
        held.append(("Provider", "No partner is assigned in this period"))
    return [{"key": key, "said": read(value or NOT_STATED), "is_empty": not value} for key, value in held]


def _fields(version: IndicatorVersion) -> list[tuple[str, str]]:
    """Every field of a definition with how it is said; empty where the reports do not state it."""
    return [
        ("Name", version.name),
        ("Numerator", version.numerator),
        ("Denominator", version.denominator),
        ("Unit", UNIT_WORDS[Unit(version.unit)]),
        ("Direction", POLARITY_WORDS[Polarity(version.polarity)]),
        ("What a figure covers", WINDOW_WORDS[Window(version.window)]),
        ("Over longer periods", AGGREGATION_WORDS[Aggregation(version.aggregation)]),
        ("What is counted", version.get_counts_display()),
        ("Source system", version.source_system),
        ("Source return", version.source_return),
        ("Why it matters", version.why_it_matters),
        ("Lead officer role", version.lead_role),
        ("Review date", dated(version.review_on)),
        ("In force from", f"{version.valid_from.label}, version {version.number}"),
        ("Taken from", cited(version.source, version.paragraph)),
    ]


def _older(version: IndicatorVersion, read: Reader) -> dict[str, Any]:
    items = [{"key": key, "said": read(value or NOT_STATED), "is_empty": not value} for key, value in _fields(version)]
    return {"title": f"Version {version.number}, in force from {version.valid_from.label}", "items": items}


def _population(version: IndicatorVersion, populations: Sequence[Population], on: date) -> str:
    """The number of people that a rate is worked out on, or that none of the right ages is held. Empty: no rate."""
    if Unit(version.unit) not in (Unit.PER_10000, Unit.PER_100000):
        return ""
    ages = _AGES.search(f"{version.denominator} {version.name}")
    wanted = (int(ages[1]), int(ages[2])) if ages else None
    same = [p for p in populations if (p.age_from, p.age_to) == wanted]
    if not same:
        who = f"aged {wanted[0]} to {wanted[1]}" if wanted else "for this rate"
        other = sorted({(p.age_from, p.age_to) for p in populations})
        held = f" Held are those aged {' and '.join(f'{a} to {b}' for a, b in other)}." if other else ""
        return f"No population {who} is held, so the rate cannot be worked out again here.{held}"
    base = next((p for p in same if p.on <= on), same[-1])
    return (
        f"{base.persons:,} people aged {base.age_from} to {base.age_to} on {dated(base.on)} "
        f"({cited(base.source, base.paragraph)})."
    )
