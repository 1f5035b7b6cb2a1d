"""A section of a subject as its page shows it: finding, figures, breakdowns, what waits, and what papers say."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from indicators import marks, quarters
from indicators.balance import OVERLAPPING
from indicators.models import Statement
from indicators.phrases import capital
from indicators.units import Unit
from indicators.views.addresses import indicator_url
from indicators.working_days import day_words
from referrals.bars import Bar
from referrals.selectors.breakdowns import Breakdown
from referrals.selectors.topics import ProgrammeView, Reading, SectionView, course_until
from referrals.selectors.trends import Course
from referrals.topic_findings import funnel_finding, parts_finding
from referrals.topic_table import FIGURES_TABLE, FigureRow, has_target
from referrals.topics import OUTCOMES, Section
from referrals.views.breakdown_sections import APART, breakdown_section
from referrals.views.cells import below, cells
from referrals.views.courses import course_section

# A funnel is drawn of so many steps that count the same; of fewer the table says as much.
LEAST_STEPS = 3
FUNNEL = "These groups overlap, and may leave some out: they are not added up."
_PLAIN = frozenset({"when", "earlier", "commentary", "source"})


def topic_section(
    view: SectionView, reading: Reading, partnership: str, *, parts: Sequence[Breakdown] = (), heading: str = ""
) -> dict[str, Any]:
    """What the template of a section needs; `parts` stand beside those that the section declares."""
    drawn = [part_section(part, partnership) for part in view.parts] + [_funnel(part, partnership) for part in parts]
    shown = {words for part in drawn for words in part["queries"]}
    return {
        "code": view.section.code,
        "name": view.section.name,
        "finding": heading or view.finding,
        "latest": view.latest.label if view.latest else "",
        "note": view.section.note,
        "rows": [_row(one, partnership) for one in view.rows],
        "has_target": has_target(view.rows),
        "queries": [one for one in _queries(view, reading) if one["words"] not in shown],
        "courses": _courses(view.section, reading, partnership),
        "parts": drawn,
        "waiting": [_waiting(code, reading, partnership) for code in view.waiting],
        "said": [said(row) for code in view.section.indicators if code not in view.waiting
                 for row in reading.statements.get(code, ())],
    }  # fmt: skip


def _row(one: FigureRow, partnership: str) -> dict[str, Any]:
    lines = FIGURES_TABLE.cells(one)
    url = indicator_url(partnership, one.row.line.code, one.row.line.slice, period=one.row.period)
    rating, *notes = lines["rating"] or ("",)
    made: dict[str, SafeString] = cells(lines, plain=_PLAIN)
    made["indicator"] = format_html('<a href="{}">{}</a>', url, one.row.line.name)
    if one.row.line.standard is not None:
        tag = mark_safe(marks.rating_tag(one.row.judgement.rating.value, rating))  # noqa: S308
        made["rating"] = format_html("{}{}", tag, below(notes))
    else:
        made["rating"], made["target"] = below(lines["rating"]), below(lines["target"])
    made["earlier"] = below(lines["earlier"])
    made["source"] = below(lines["source"])
    return {"cells": made, "is_off": one.row.judgement.rating.value == "outside"}


def _queries(view: SectionView, reading: Reading) -> list[dict[str, str]]:
    """The open questions of its figures and of those before them, of the wholes behind its breakdowns, and of what
    waits; each once, with what it is about."""
    book = reading.book
    found: dict[str, str] = {}
    for one in view.rows:
        line = one.row.line
        before = [words for held in one.earlier for words in book.queries_of(line.code, held.slug, line.slice)]
        for words in (*one.row.queries, *before):
            found.setdefault(words, line.name)
    for part in view.parts:
        slugs = [part.period.slug]
        if any(bar.then is not None for bar in part.bars):
            slugs.append(part.period.same_period_last_year().slug)
        for words in (w for slug in slugs for w in book.queries_of(part.indicator, slug)):
            found.setdefault(words, part.indicator_name)
    for code in view.waiting:
        for words in (w for asked in book.queries.get((code, ""), {}).values() for w in asked):
            found.setdefault(words, _name(code, reading))
    return [{"words": words, "about": name} for words, name in found.items()]


def _name(code: str, reading: Reading) -> str:
    version = reading.book.latest_version(code)
    return version.short_name if version else code


def courses_of(section: Section, reading: Reading) -> list[Course]:
    """The trends that the section draws, up to the day: by month where months are held."""
    made = [course_until(reading, code, section.name) for code in section.courses]
    return [course for course in made if course is not None and course.series]


def _courses(section: Section, reading: Reading, partnership: str) -> list[dict[str, Any]]:
    until = quarters.month_of(reading.until)
    return [course_section(course, partnership, until) | {"full_name": ""} for course in courses_of(section, reading)]


def part_section(part: Breakdown, partnership: str) -> dict[str, Any]:
    """A breakdown with its finding; bands that lie in each other are not spoken of as cases."""
    made = breakdown_section(part, partnership) | {"heading": parts_finding(part.bars)}
    made["id"] = f"{made['id']}-{part.period.slug}"
    if part.kind == OVERLAPPING and part.bars[0].whole is None:
        made["sentences"] = [APART]
    return made


def _waiting(code: str, reading: Reading, partnership: str) -> dict[str, Any]:
    return {
        "name": _name(code, reading),
        "url": indicator_url(partnership, code),
        "said": [said(row) for row in reading.statements.get(code, ())],
    }


def said(row: Statement) -> dict[str, Any]:
    """What a paper says, or this project sums up from it, with its source."""
    return {
        "words": row.text.body,
        "is_quoted": row.kind == Statement.Kind.QUOTATION.value,
        "source": f"{row.source} §{row.paragraph}",
    }


# Programmes


def programme_section(one: ProgrammeView, view: SectionView, reading: Reading, partnership: str) -> dict[str, Any]:
    """A programme: what it is for and promised, and how far it has come."""
    bars = steps_of(one, view)
    funnel = [_funnel_of(one, bars)] if len(bars) >= LEAST_STEPS else []
    heading = funnel_finding(bars, OUTCOMES.get(one.programme.code, "")) if funnel else ""
    return topic_section(view, reading, partnership, parts=funnel, heading=heading) | {"facts": _facts(one)}


def steps_of(one: ProgrammeView, view: SectionView) -> list[Bar]:
    """The steps of a programme as bars, those that count the same as its first."""
    rows: dict[str, FigureRow] = {}
    for found in view.rows:
        rows.setdefault(found.row.line.code, found)
    told = [rows[code].row for code in one.section.indicators if code in rows]
    alike = [r for r in told if r.line.unit is Unit.COUNT and r.line.counts == told[0].line.counts]
    start = f"{one.programme.name}: "
    return [
        Bar(
            period=row.period,
            indicator=row.line.code,
            indicator_name=row.line.name,
            dimension="step",
            dimension_name="Step",
            kind="",
            slice="",
            name=capital(row.line.name.removeprefix(start)),
            number=row.number,
            unit=row.line.unit,
            places=row.line.places,
            qualifier=row.held.measured.qualifier if row.held else "",
            order=(place,),
            queries=row.queries,
            source=row.held.cited if row.held else "",
        )
        for place, row in enumerate(alike)
    ]


def _funnel_of(one: ProgrammeView, bars: Sequence[Bar]) -> Breakdown:
    period = quarters.parse(bars[0].period)
    return Breakdown(bars[0].indicator, one.programme.name, "Step", "", period, tuple(bars), None)


def _funnel(part: Breakdown, partnership: str) -> dict[str, Any]:
    return breakdown_section(part, partnership) | {
        "heading": "From the cohort to what came of it",
        "sentences": [FUNNEL],
        "queries": [],
    }


def funnels_of(views: Iterable[tuple[ProgrammeView, SectionView]]) -> list[Bar]:
    """The bars of every funnel that is drawn."""
    made = [steps_of(one, view) for one, view in views]
    return [bar for bars in made if len(bars) >= LEAST_STEPS for bar in bars]


def _facts(one: ProgrammeView) -> list[dict[str, Any]]:
    p = one.programme
    first = p.first_report_on
    pairs = (
        ("For what", p.purpose),
        ("Led by", p.lead),
        ("For whom", p.cohort_words),
        ("Target", p.target_words),
        ("Reports", p.reports),
        ("First report due", day_words(first) if first else ""),
        ("Payment", p.payment_words),
        ("Source", f"{p.source} §{p.paragraph}"),
    )
    return [{"key": key, "value": value or None} for key, value in pairs]
