"""Reads who reports to whom: the bodies and lines of a partnership, as they stood on a day. Three queries in all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch

from finance.selectors.register_steps import origin_of
from indicators.models import Partnership
from partnership.bodies_table import BodyRow, Dates, LineRow
from partnership.models import Body, BodyVersion, ReportingLine
from partnership.reporting_lines import Change, Structure, changes, structure
from partnership.selectors.bodies import rule_of, version_on


def dates_of(row: Any) -> Dates:
    """From when to when a row holds."""
    return Dates(row.from_on, row.from_basis, row.until_on, row.until_basis)


def with_versions(partnership: Partnership) -> list[Body]:
    """Every body of a partnership with its versions. Two queries."""
    versions = BodyVersion.objects.select_related("organisation", "source").order_by("from_on", "number")
    bodies = Body.objects.filter(partnership=partnership).select_related("source")
    return list(bodies.prefetch_related(Prefetch("versions", versions)))


def body_row(body: Body, day: date) -> BodyRow:
    """A body as it was called and worked on a day."""
    version = version_on(body.versions.all(), day)
    if version is None:
        version = BodyVersion(body=body, name=body.code)
    return BodyRow(
        code=body.code,
        name=version.name,
        short=version.short_name,
        kind=version.kind,
        kind_words=version.get_kind_display(),
        organisation=version.organisation.name if version.organisation else version.organisation_words,
        is_multi_agency=version.is_multi_agency,
        purpose=version.purpose,
        chair=version.get_chair_display() if version.chair else "",
        frequency=version.get_frequency_display() if version.frequency else "",
        quorum=rule.words if (rule := rule_of(version)).is_stated else "",
        in_public=version.meets_in_public,
        dates=dates_of(body),
        origin=origin_of(body),
    )


def line_row(line: ReportingLine, names: dict[str, str]) -> LineRow:
    """A line, with its bodies as they are called in `names` (by code)."""
    return LineRow(
        lower=line.lower.code, lower_name=names[line.lower.code], kind=line.kind, kind_words=line.get_kind_display(),
        upper=line.upper.code, upper_name=names[line.upper.code], note=line.note, dates=dates_of(line),
        origin=origin_of(line),
    )  # fmt: skip


@dataclass(frozen=True)
class StructureOn:
    """Who reported to whom on a day; every body and line of it as a row; all days on which something changed; and the
    last day of a line that ended before it, the first day of one that begins after it."""

    held: Structure
    bodies: Sequence[BodyRow]
    lines: Sequence[LineRow]
    changes: Sequence[Change]
    lines_until: date | None = None
    lines_from: date | None = None


def structure_on(partnership: Partnership, day: date) -> StructureOn:
    """The structure of a partnership on a day. Three queries, whatever its size."""
    bodies = with_versions(partnership)
    lines = list(
        ReportingLine.objects.filter(lower__partnership=partnership)
        .select_related("lower", "upper", "source").order_by("lower__code", "upper__code", "from_on")
    )  # fmt: skip
    dated = [body.dated() for body in bodies]
    dated_lines = [line.dated() for line in lines]
    held = structure(dated, dated_lines, day)
    by_code = {body.code: body for body in bodies}
    names = {node.code: node.name for node in held.nodes}
    place = {node.code: number for number, node in enumerate(held.nodes)}
    on_day = [
        line for line, one in zip(lines, dated_lines, strict=True)
        if one.holds(day) and one.lower in place and one.upper in place
    ]  # fmt: skip
    on_day.sort(key=lambda line: (place[line.lower.code], place[line.upper.code], line.kind, line.from_on))
    return StructureOn(
        held,
        [body_row(by_code[node.code], day) for node in held.nodes],
        [line_row(line, names) for line in on_day],
        changes(dated, dated_lines),
        max((one.until_on for one in dated_lines if one.until_on and one.until_on < day), default=None),
        min((one.from_on for one in dated_lines if one.from_on > day), default=None),
    )
