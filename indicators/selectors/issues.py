"""Reads the register of statutory returns and data quality issues, and what of it hangs on an indicator."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import F, Prefetch, QuerySet

from indicators.data_issues import OpenIssue, RegisteredIssue, RegisteredReturn, is_overdue
from indicators.models import DataIssue, Indicator, IndicatorVersion, Partnership, StatutoryReturn
from indicators.questions import question


def _indicators() -> Any:
    versions = IndicatorVersion.objects.order_by("number")
    return Prefetch("indicators", Indicator.objects.prefetch_related(Prefetch("versions", versions)).order_by("code"))


def _named(issue: DataIssue) -> list[tuple[str, str]]:
    """Code and present name of each indicator that hangs on the issue, by name."""
    found = [(indicator.code, _name(indicator)) for indicator in issue.indicators.all()]
    return sorted(found, key=lambda pair: pair[1].casefold())


def _name(indicator: Indicator) -> str:
    versions = list(indicator.versions.all())
    return versions[-1].short_name if versions else indicator.code


def statutory_returns_of(partnership: Partnership) -> list[RegisteredReturn]:
    """Every statutory return of the partnership by name, with its issues counted. Four queries."""
    issues = DataIssue.objects.prefetch_related(_indicators())
    rows = (
        StatutoryReturn.objects.filter(partnership=partnership)
        .select_related("source")
        .prefetch_related(Prefetch("issues", issues))
        .order_by("name", "code")
    )
    return [_registered(row) for row in rows]


def _registered(row: StatutoryReturn) -> RegisteredReturn:
    still_open = [issue for issue in row.issues.all() if issue.cleared_on is None]
    hanging = {pair for issue in still_open for pair in _named(issue)}
    return RegisteredReturn(
        code=row.code,
        name=row.name,
        asked_by=row.asked_by,
        covers=row.covers,
        opens_on=row.opens_on,
        closes_on=row.closes_on,
        state=row.state,
        state_words=row.get_state_display(),
        owner_role=row.owner_role,
        note=row.note,
        open_issues=len(still_open),
        cleared_issues=len(row.issues.all()) - len(still_open),
        indicators=tuple(sorted(hanging, key=lambda pair: pair[1].casefold())),
        source=str(row.source) if row.source else "",
        paragraph=row.paragraph,
    )


def issues_of(partnership: Partnership, *, today: date) -> list[RegisteredIssue]:
    """Every issue: open ones first, by the day they should be cleared, those without a day after the others. Three
    queries."""
    rows = (
        DataIssue.objects.filter(partnership=partnership)
        .select_related("statutory_return", "partner", "source")
        .prefetch_related(_indicators())
        .order_by(F("cleared_on").asc(nulls_first=True), F("expected_on").asc(nulls_last=True), "title", "code")
    )
    return [_issue(row, today) for row in rows]


def _issue(row: DataIssue, today: date) -> RegisteredIssue:
    return RegisteredIssue(
        code=row.code,
        title=row.title,
        description=row.description,
        return_code=row.statutory_return.code if row.statutory_return else "",
        return_name=row.statutory_return.name if row.statutory_return else "",
        found_on=row.found_on,
        expected_on=row.expected_on,
        cleared_on=row.cleared_on,
        how_cleared=row.how_cleared,
        partner=row.partner.name if row.partner else "",
        owner_role=row.owner_role,
        indicators=tuple(_named(row)),
        source=str(row.source) if row.source else "",
        paragraph=row.paragraph,
        is_overdue=row.cleared_on is None and is_overdue(row.expected_on, today),
        partner_code=row.partner.code if row.partner else "",
    )


def issue_for(partnership: Partnership, code: str) -> DataIssue | None:
    """The issue of that code, with its return and partner. One query."""
    return (
        DataIssue.objects.filter(partnership=partnership, code=code)
        .select_related("statutory_return", "partner", "partnership", "source")
        .first()
    )


def statutory_return_for(partnership: Partnership, code: str) -> StatutoryReturn | None:
    """The statutory return of that code. One query."""
    return StatutoryReturn.objects.filter(partnership=partnership, code=code).select_related("source").first()


def indicator_names(partnership: Partnership) -> list[tuple[str, str]]:
    """Code and present name of every indicator of the partnership, by name. Two queries."""
    found = Indicator.objects.filter(series__partnership=partnership).distinct()
    rows = found.prefetch_related(Prefetch("versions", IndicatorVersion.objects.order_by("number")))
    pairs = [(row.code, _name(row)) for row in rows]
    return sorted(pairs, key=lambda pair: pair[1].casefold())


@question
def _open_issues(partnership_id: int, indicators: list[int]) -> QuerySet[Any, tuple[Any, ...]]:
    found = DataIssue.indicators.through.objects.filter(
        indicator__in=indicators, dataissue__partnership=partnership_id, dataissue__cleared_on__isnull=True
    )
    found = found.order_by(F("dataissue__expected_on").asc(nulls_last=True), "dataissue__title", "dataissue__code")
    names = ("code", "title", "expected_on", "partner__name", "owner_role")
    return found.values_list("indicator", *(f"dataissue__{name}" for name in names))


def open_issues(partnership: Partnership | int, indicators: Iterable[int]) -> dict[int, tuple[OpenIssue, ...]]:
    """The issues that are not cleared by the id of each indicator that hangs on them, the one to be cleared first in
    front. One query."""
    place = partnership if isinstance(partnership, int) else partnership.pk
    found: dict[int, tuple[OpenIssue, ...]] = {}
    for indicator_id, code, title, expected_on, partner, role in _open_issues(place, list(indicators)):
        owner = ", ".join(filter(None, (partner, role)))
        found[indicator_id] = (*found.get(indicator_id, ()), OpenIssue(code, title, expected_on, owner))
    return found
