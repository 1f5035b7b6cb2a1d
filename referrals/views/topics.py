"""Figures by subject: what there is, and each subject with its sections; the same as files."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from indicators import quarters
from indicators.exports import csv_response
from indicators.models import Partnership
from indicators.permissions import requires
from indicators.phrases import paper_of
from indicators.roles import Permission
from indicators.working_days import day_words
from referrals.bars import BARS_TABLE, Bar
from referrals.forms.topics import UntilForm
from referrals.selectors.breakdowns import area_name
from referrals.selectors.front_door import held_periods, named_period, papers
from referrals.selectors.topics import (
    ProgrammeView,
    Reading,
    SectionView,
    programmes_of,
    reading_of,
    section_view,
)
from referrals.topic_table import FIGURES_TABLE
from referrals.topics import GROUPS, PROGRAMMES, Topic, topic, topics_for
from referrals.views.later import Published, later_words, of_courses, of_parts
from referrals.views.topic_sections import courses_of, funnels_of, programme_section, topic_section


@dataclass(frozen=True)
class Asked:
    """A subject up to the end of a period (None: up to today), with its sections in order."""

    topic: Topic
    period: quarters.Period | None
    reading: Reading
    programmes: tuple[ProgrammeView, ...]
    views: tuple[SectionView, ...]

    @property
    def query(self) -> str:
        """The period as a query of an address."""
        return f"?period={self.period.slug}" if self.period else ""

    @property
    def bars(self) -> list[Bar]:
        """Every bar of every breakdown and funnel."""
        own = [bar for view in self.views for part in view.parts for bar in part.bars]
        return own + funnels_of(zip(self.programmes, self.views, strict=False))


def _sees_protected(request: HttpRequest) -> bool:
    return bool(request.access.can(Permission.VIEW_PROTECTED))  # type: ignore[attr-defined]


def _topic(request: HttpRequest, code: str) -> Topic:
    """Raises Http404 for a subject that is not there, or not for this person."""
    try:
        found = topic(code)
    except KeyError as error:
        raise Http404("There is no such subject.") from error
    if found.is_protected and not _sees_protected(request):
        raise Http404("There is no such subject.")
    return found


def _asked(request: HttpRequest, partnership: Partnership, code: str) -> Asked:
    """Reads the address. Raises Http404 for an unknown subject and for what names no month, quarter or year."""
    found, wanted = _topic(request, code), request.GET.get("period", "")
    period = named_period(wanted) if wanted else None
    today: date = request.today  # type: ignore[attr-defined]
    programmes = programmes_of(partnership) if code == PROGRAMMES else []
    sections = [one.section for one in programmes] or list(found.sections)
    reading = reading_of(
        partnership,
        {indicator for section in sections for indicator in section.indicators},
        until=period.end_on if period else today,
        today=today,
        sees_protected=_sees_protected(request),
    )
    views = tuple(section_view(reading, section, area_name(partnership)) for section in sections)
    return Asked(found, period, reading, tuple(programmes), views)


@require_safe
@requires(Permission.VIEW_APPROVED)
def subjects(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Every subject with what it says first."""
    sees, today = _sees_protected(request), request.today  # type: ignore[attr-defined]
    shown, programmes = list(topics_for(sees_protected=sees)), programmes_of(partnership)
    codes = {code for one in shown for code in one.indicators}
    codes |= {code for one in programmes for code in one.section.indicators}
    reading = reading_of(partnership, codes, until=today, today=today, sees_protected=sees)
    items = [_item(one, partnership, reading, programmes) for one in shown]
    groups = [{"name": name, "items": [item for item in items if item["group"] == name]} for name in GROUPS]
    has_figures = any(item["has_figures"] for item in items)
    return render(request, "referrals/topics.html", {"groups": groups, "has_figures": has_figures})


def _item(
    one: Topic, partnership: Partnership, reading: Reading, programmes: Iterable[ProgrammeView]
) -> dict[str, Any]:
    sections = [p.section for p in programmes] if one.code == PROGRAMMES else one.sections
    views = [section_view(reading, section, area_name(partnership)) for section in sections]
    told = next((view for view in views if view.has_figures), None)
    names = [view.section.name for view in views if view.has_figures]
    said = ", ".join(names) if one.code == PROGRAMMES else told.finding if told else ""
    return {
        "name": one.name,
        "group": one.group,
        "url": reverse("subject", args=[partnership.slug, one.code]),
        "lead": one.lead,
        "finding": said,
        "has_figures": told is not None,
        "is_protected": one.is_protected,
    }


@require_safe
@requires(Permission.VIEW_APPROVED)
def subject(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """A subject: each section with its latest figures, or those up to the end of a period."""
    found = _asked(request, partnership, code)
    sections = _sections(found, partnership.slug)
    context: dict[str, Any] = {
        "topic": found.topic,
        "sections": sections,
        "later": later_words(_published(found), request.today),  # type: ignore[attr-defined]
        "until": day_words(found.period.end_on) if found.period else "",
        "form": UntilForm(periods=held_periods(found.reading.book), chosen=found.period),
        "has_figures": any(view.has_figures for view in found.views),
        "has_chart": any(s["chart"] for one in sections for c in one["courses"] for s in c["series"]),
        "papers": papers(_sources(found)),
    }
    if context["has_figures"] and request.access.can(Permission.EXPORT_APPROVED):  # type: ignore[attr-defined]
        context["downloads"] = _downloads(partnership, found)
    return render(request, "referrals/topic.html", context)


def _sections(found: Asked, partnership: str) -> list[dict[str, Any]]:
    if found.programmes:
        pairs = zip(found.programmes, found.views, strict=True)
        return [programme_section(one, view, found.reading, partnership) for one, view in pairs]
    known = [v for v in found.views if v.has_figures or v.waiting]
    return [topic_section(view, found.reading, partnership) for view in known]


def _published(found: Asked) -> list[Published]:
    """Every figure that the page shows."""
    rows = [(one.held.end_on, one.held.source) for view in found.views for one in view.rows]
    drawn = [course for view in found.views for course in courses_of(view.section, found.reading)]
    return [*rows, *of_courses(drawn), *of_parts(part for view in found.views for part in view.parts)]


def _sources(found: Asked) -> list[str]:
    """The papers that the figures are from, each once."""
    own = [one.held.source for view in found.views for one in view.rows if one.held.source]
    own += [paper_of(bar.source) for bar in found.bars if bar.source]
    own += [str(one.programme.source) for one in found.programmes]
    return list(dict.fromkeys(own))


def _downloads(partnership: Partnership, found: Asked) -> list[dict[str, str]]:
    files = [("subject_csv", "Figures")] + ([("subject_breakdowns_csv", "Breakdowns")] if found.bars else [])
    return [
        {
            "label": f"{label} (CSV)",
            "url": reverse(name, args=[partnership.slug, found.topic.code]) + found.query,
            "words": f"{label.lower()} of “{found.topic.name}” as comma-separated values",
        }
        for name, label in files
    ]


def _name(found: Asked, what: str) -> str:
    period = f"_{found.period.slug}" if found.period else ""
    return f"{found.topic.code}-{what}{period}.csv"


@require_safe
@requires(Permission.EXPORT_APPROVED)
def subject_csv(request: HttpRequest, partnership: Partnership, code: str) -> StreamingHttpResponse:
    """The figures of a subject as a file."""
    found = _asked(request, partnership, code)
    rows = [one for view in found.views for one in view.rows]
    return csv_response(_name(found, "figures"), FIGURES_TABLE.header, FIGURES_TABLE.csv_rows(rows))


@require_safe
@requires(Permission.EXPORT_APPROVED)
def subject_breakdowns_csv(request: HttpRequest, partnership: Partnership, code: str) -> StreamingHttpResponse:
    """Every category of every breakdown of a subject as a file, and the steps of each funnel."""
    found = _asked(request, partnership, code)
    return csv_response(_name(found, "breakdowns"), BARS_TABLE.header, BARS_TABLE.csv_rows(found.bars))
