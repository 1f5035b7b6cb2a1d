"""Every approved figure that somebody may read, as the lines of a CSV file: as many as there are, in constant memory.

The database writes the lines where it can (COPY of PostgreSQL), because a hundred thousand figures are slow as objects.
Nothing is worked out: a value is that of its numerator, times what it is multiplied by, over its denominator.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from django.db import connection, transaction
from django.db.models import Count

from indicators.models import CurrentFigure, IndicatorVersion, Partnership, Scorecard, ScorecardLine
from indicators.selectors.protected import in_protected_part
from indicators.units import Unit, factor, is_ratio

# Figures held in memory at once; a series with more is a batch of its own.
BATCH = 20_000
# An indicator's definition (ids), the first day that it holds for, and the first that it does not.
Ruling = tuple[int, int, date, date]
# A spreadsheet would take such a text for a formula: an apostrophe goes before it, as in every file.
_RISKY = "('=', '+', '-', '@', '\t', '\r')"


def _text(column: str) -> str:
    is_risky = f"substr(ltrim({column}, ''''), 1, 1) IN {_RISKY}"
    return f"CASE WHEN {is_risky} THEN '''' || {column} ELSE NULLIF({column}, '') END"


def _factor() -> str:
    units = " ".join(f"WHEN '{unit.value}' THEN {factor(unit)}" for unit in Unit if is_ratio(unit))
    return f"CASE WHEN f.basis = 'derived' THEN CASE v.unit {units} ELSE 1 END END"


# Header, and what it is; a decimal in braces is written without its last noughts.
_COLUMNS: Sequence[tuple[str, str]] = (
    ("indicator", "i.code"),
    ("slice", "NULLIF(s.key, '')"),
    ("name", _text("v.short_name")),
    ("unit", "v.unit"),
    ("period", "p.slug"),
    ("start_on", "p.start_on"),
    ("end_on", "p.end_on"),
    ("basis", "f.basis"),
    ("numerator", "{f.numerator}"),
    ("denominator", "{f.denominator}"),
    ("multiplied_by", _factor()),
    ("value", "{f.value}"),
    ("qualifier", "NULLIF(f.qualifier, '')"),
    ("quantum", "{f.quantum}"),
    ("symbol", "NULLIF(f.missing_reason, '')"),
    ("flags", "NULLIF(f.flags, '')"),
    ("confidence", "NULLIF(f.confidence, '')"),
    ("revision", "f.revision"),
    ("known_on", "f.known_on"),
    ("source", "d.code"),
    ("paragraph", _text("f.paragraph")),
    ("headline", _text("h.body")),
    ("commentary", _text("t.body")),
)
HEADER = [name for name, _ in _COLUMNS]
_ROWS = """
FROM indicators_currentfigure c
JOIN indicators_figure f ON f.id = c.approved_id
JOIN indicators_period p ON p.id = c.period_id
JOIN indicators_series e ON e.id = c.series_id
JOIN indicators_indicator i ON i.id = e.indicator_id
JOIN indicators_slice s ON s.id = e.slice_id
JOIN (VALUES {versions}) r ON r.column1 = i.id AND p.start_on >= r.column3 AND p.start_on < r.column4
JOIN indicators_indicatorversion v ON v.id = r.column2
LEFT JOIN indicators_sourcedocument d ON d.id = f.source_id
LEFT JOIN indicators_text h ON h.id = f.headline_id
LEFT JOIN indicators_text t ON t.id = f.commentary_id
WHERE c.series_id IN ({series}) ORDER BY i.code, s.key, p.start_on, p.end_on"""


def readable_series(
    partnership: Partnership, scorecard: Scorecard | None, *, sees_protected: bool
) -> list[int]:  # fmt: skip
    """The series of a scorecard, or of all that the person may read, by indicator and slice. One query."""
    lines = ScorecardLine.objects.filter(scorecard__partnership=partnership, series__indicator__versions__isnull=False)
    if scorecard is not None:
        lines = lines.filter(scorecard=scorecard)
    if not sees_protected:
        lines = lines.exclude(scorecard__audience=Scorecard.Readers.BOARD).filter(~in_protected_part("series__slice"))
    ordered = lines.order_by("series__indicator__code", "series__slice__key").values_list("series_id", flat=True)
    return list(dict.fromkeys(ordered))


def blocks_of(series: Sequence[int]) -> Iterator[bytes]:
    """The file in blocks, header first, all as of one moment."""
    yield (",".join(HEADER) + "\n").encode()
    with _one_moment():
        ruling = _ruling(series)
        for batch in _batches(series):
            yield _block(batch, ruling)


@contextmanager
def _one_moment() -> Iterator[None]:
    """What is accepted meanwhile stands whole in the next file. Within a transaction that is its own matter."""
    if connection.in_atomic_block or connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def _batches(series: Sequence[int]) -> Iterator[list[int]]:
    """The series in turn, as many at once as memory lets: what the database has to prepare for a statement takes long
    beside a few thousand lines."""
    held = CurrentFigure.objects.filter(series__in=series, approved__isnull=False)
    numbers = dict(held.order_by().values_list("series").annotate(Count("pk")))
    batch: list[int] = []
    left = BATCH
    for one in series:
        number = numbers.get(one, 0)
        if batch and number > max(0, left):
            yield batch
            batch, left = [], BATCH
        batch.append(one)
        left -= number
    if batch:
        yield batch


def _block(series: Sequence[int], ruling: Sequence[Ruling]) -> bytes:
    query = _query(series, ruling, connection.vendor)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            out = io.BytesIO()
            cursor.cursor.copy_expert(f"COPY ({query}) TO STDOUT WITH (FORMAT csv, ENCODING 'UTF8')", out)
            return out.getvalue()
        cursor.execute(query)
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(cursor.cursor)
        return text.getvalue().encode()


def _ruling(series: Sequence[int]) -> list[Ruling]:
    """Which definition holds from which day to before which other: indicator, version, two days. What is older than the
    first definition is named by it."""
    versions = IndicatorVersion.objects.filter(indicator__series__in=series).distinct()
    ordered = versions.order_by("indicator", "valid_from__start_on", "number")
    found: list[Ruling] = []
    for indicator, pk, since in ordered.values_list("indicator", "pk", "valid_from__start_on"):
        if found and found[-1][0] == indicator:
            found[-1] = (*found[-1][:3], since)
        else:
            since = date.min
        found.append((indicator, pk, since, date.max))
    return found


def _query(series: Sequence[int], ruling: Sequence[Ruling], vendor: str) -> str:
    """The statement that gives the rows, without places: nothing of it comes from a person."""
    is_postgresql = vendor == "postgresql"
    chosen = []
    for _, sql in _COLUMNS:
        column = sql.strip("{}")
        chosen.append(f"trim_scale({column})" if is_postgresql and column != sql else column)
    day = "DATE '{}'" if is_postgresql else "'{}'"
    versions = ", ".join(
        f"({int(one)}, {int(pk)}, {day.format(since.isoformat())}, {day.format(until.isoformat())})"
        for one, pk, since, until in ruling
    )
    rows = _ROWS.format(versions=versions, series=", ".join(str(int(pk)) for pk in series))
    return f"SELECT {', '.join(chosen)} {rows}"
