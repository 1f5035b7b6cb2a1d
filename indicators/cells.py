"""The committee table's rows as ready-made HTML cells: drawn once, so that the template only puts them in place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Any

from indicators import marks
from indicators.committee_table import COMMITTEE_TABLE, DASH
from indicators.direction_of_travel import reach_start
from indicators.phrases import capital
from indicators.rag import Polarity, Rating
from indicators.scorecard import Headline, Held, ScorecardRow
from indicators.sparkline import Number, SparkPoint, scale_of, spark_point, sparkline, sparkline_svg
from indicators.table_spec import TableSpec, Values
from indicators.units import Unit
from indicators.verdict import Verdict


@dataclass(frozen=True)
class ThemeCells:
    """The rows under one heading, each as finished HTML; without a heading when the order is not by theme."""

    name: str
    rows: tuple[str, ...]


@dataclass(frozen=True)
class _Drawn:
    """What of a row can be drawn together: the figures since the last break before the one that the row is about."""

    points: tuple[SparkPoint, ...]
    edges: tuple[Decimal, ...]
    left_out: int

    @property
    def values(self) -> list[Number]:
        """Every number that the scale must hold."""
        return [*(point.number for point in self.points), *self.edges] if self.points else []


def themes_of(
    rows: Sequence[ScorecardRow],
    *,
    urls: Mapping[tuple[str, str], str],
    by_theme: bool = True,
    spec: TableSpec[ScorecardRow] = COMMITTEE_TABLE,
) -> tuple[ThemeCells, ...]:
    """The rows as cells, under their themes in the order given; `urls` leads from a line's key to its page."""
    drawn = [_drawn(row) for row in rows]
    scale = _shared_scale(rows, drawn)
    groups: dict[str, list[str]] = {}
    for row, figures in zip(rows, drawn, strict=True):
        cells = spec.cells(row)
        trend = _trend(row, figures, scale, cells["figure"][0])
        groups.setdefault(row.line.theme if by_theme else "", []).append(
            _row(row.judgement.rating.value, cells, urls.get(row.line.key, ""), trend, _codes(row.verdict))
        )
    return tuple(ThemeCells(name, tuple(found)) for name, found in groups.items())


def frozen_themes(
    spec: TableSpec[Any],
    rows: Sequence[Values],
    *,
    urls: Mapping[tuple[str, str], str],
    notes: Mapping[tuple[str, str], str],
) -> tuple[ThemeCells, ...]:
    """Rows of a published table as cells, from what was frozen alone; a frozen row has no drawing. `notes` are added
    under the rating, by indicator and slice: what has become of the figure since."""
    groups: dict[str, list[str]] = {}
    for values in rows:
        cells = {column.key: column.text(values) for column in spec.columns if column.text is not None}
        note = notes.get((values["indicator"], values["slice"]))
        if note:
            cells["rating"] = (*cells["rating"], note)
        groups.setdefault(values["theme"], []).append(
            _row(
                values["rating"],
                cells,
                urls.get((values["indicator"], values["slice"]), ""),
                None,
                (values.get("variation", ""), values.get("assurance", "")),
            )
        )
    return tuple(ThemeCells(name, tuple(found)) for name, found in groups.items())


def _codes(verdict: Verdict | None) -> tuple[str, str]:
    """The codes of variation and assurance; empty where there are none."""
    return (verdict.variation or "", verdict.assurance or "") if verdict else ("", "")


def _row(
    rating_code: str, cells: Mapping[str, tuple[str, ...]], url: str, trend: str | None, seen: tuple[str, str]
) -> str:
    """A row of the table in the order of its headings; without a drawing where `trend` is None."""
    name, *below = cells["indicator"]
    linked = f'<a href="{escape(url)}">{escape(name)}</a>' if url else escape(name)
    figure, *counts = cells["figure"]
    if figure == DASH:
        figure_html = marks.no_figure("No figure")
    else:
        figure_html = f'<span class="v">{escape(figure)}</span>{_lines(counts)}'
    is_rated = "target" in cells
    rating = marks.rating_tag(rating_code, cells["rating"][0]) if is_rated else ""
    notes = cells["rating"][1:] if rating else cells["rating"]
    change, *rest = cells["change"]
    change_html = (
        f'<b class="nb">{escape(change)}</b> {_lines(rest)}' if rest else f'<span class="nd">{escape(change)}</span>'
    )
    said = cells["commentary"]
    parts = [
        f'<tr class="is-{rating_code}" role="row"><th scope="row" role="rowheader">{linked}{_lines(below)}</th>'
        f'<td role="cell" class="num figc">{figure_html}</td>'
    ]
    if is_rated:
        parts.append(f'<td role="cell" class="num tg">{_labelled("Target", cells["target"])}</td>')
        parts.append(f'<td role="cell" class="num tl">{_labelled("Tolerance", cells["tolerance"])}</td>')
    parts.append(f'<td role="cell" class="tagc">{rating}{"".join(map(_mark, notes))}</td>')
    parts.append(f'<td role="cell" class="dir"><span class="lab" aria-hidden="true">Change: </span>{change_html}</td>')
    if "variation" in cells:
        parts.append(f'<td role="cell" class="vr">{marks.variation_lines(cells["variation"], *seen)}</td>')
    if trend is not None:
        parts.append(f'<td role="cell" class="spark">{trend}</td>')
    words = " ".join([*map(escape, said[:1]), _lines(said[1:])]).rstrip()
    return "".join([*parts, f'<td role="cell" class="cm">{words}</td></tr>'])


def _lines(texts: Iterable[str]) -> str:
    return " ".join(f'<span class="nd">{escape(text)}</span>' for text in texts)


def _labelled(label: str, texts: Sequence[str]) -> str:
    css = ' class="nd"' if texts[0] == "none set" else ""
    head = f'<span class="lab" aria-hidden="true">{label} </span><span{css}>{escape(texts[0])}</span>'
    return " ".join([head, _lines(texts[1:])]).rstrip()


def _mark(text: str) -> str:
    return f' <span class="mark">{marks.mark_shape(text)}{escape(text)}</span>'


def _shared_scale(rows: Sequence[ScorecardRow], drawn: Sequence[_Drawn]) -> tuple[Decimal, Decimal] | None:
    """One scale for the higher-is-better percentages of the table, so that their trends compare."""
    values = [v for row, d in zip(rows, drawn, strict=True) if _on_shared_scale(row) for v in d.values]
    if not values:
        return None
    low, high = scale_of(values, step=10)
    return Decimal(str(low)), Decimal(str(high))


def _on_shared_scale(row: ScorecardRow) -> bool:
    return row.line.unit is Unit.PERCENT and row.line.polarity is Polarity.HIGHER


def _drawn(row: ScorecardRow) -> _Drawn:
    since = None
    if row.held is not None and row.breaks:
        since = max((day for day in row.breaks if day <= row.held.end_on), default=None)
    kept = [
        h
        for h in row.history
        if since is None or h is row.held or reach_start(h.start_on, h.end_on, row.line.window) >= since
    ]
    standard = row.line.standard
    bounds = (*standard.better_range, *standard.allowed_range) if standard else ()
    unit, every = row.line.unit, row.line.frequency
    numbers = [(h, h.measured.number(unit)) for h in kept]
    return _Drawn(
        tuple(spark_point(_ordinal(h, every), n, h.measured.qualifier) for h, n in numbers if n is not None),
        tuple(b for b in bounds if b is not None),
        len(row.history) - len(kept),
    )


_MONTHS = {"month": 1, "quarter": 3, "financial_year": 12}


def _ordinal(held: Held, frequency: str) -> int:
    """A number for the period that is one more than that of its neighbour, for figures of that frequency; a total of
    months stands where its last month does."""
    return (held.end_on.year * 12 + held.end_on.month) // _MONTHS[frequency]


def _trend(row: ScorecardRow, drawn: _Drawn, shared: tuple[Decimal, Decimal] | None, text: str) -> str:
    every = row.line.frequency
    points = list(drawn.points)
    if row.parts:
        return f'<span class="nd">{escape(capital(row.parts.partition(", ")[0]))}</span>'
    if row.held is None or row.number is None or not points:
        return sparkline_svg(sparkline([], scale=(0, 1), label="No figures held"))
    scale = shared if shared is not None and _on_shared_scale(row) else scale_of(drawn.values)
    standard = row.line.standard
    targets = [standard.target] if standard and standard.target is not None else []
    limit = standard.limit if standard else None
    bands = [(standard.target, limit)] if standard and standard.target is not None and limit is not None else []
    now = _ordinal(row.held, every)
    if now not in {p.at for p in points}:
        points.append(spark_point(now, row.number, row.held.measured.qualifier))
    end_label = text.removesuffix("%").removeprefix("approx. ").removesuffix(" days").removesuffix(" day")
    label = f"{len(points)} figures held; the latest is {text}" if len(points) > 1 else f"One figure held, {text}"
    if drawn.left_out:
        label += "; earlier figures lie before a break in the series and are not drawn"
    return sparkline_svg(
        sparkline(points, scale=scale, label=label, end_label=end_label, now=now, targets=targets, bands=bands)
    )


def counted_words(rating: Rating, counts: Headline | None = None) -> str:
    """How the line of counts names a rating; with the counts also how many of them need caution or have relief, and how
    many of those without a rating have figures of shorter periods: "outside (1 with caution), 1 of them with agreed
    relief", "no figure (1: monthly figures, no total for the quarter)"."""
    words = {
        Rating.OUTSIDE: "outside",
        Rating.WITHIN: "within",
        Rating.BETTER: "better",
        Rating.NOT_JUDGED: "no figure",
    }[rating]
    caution = counts.with_caution.get(rating, 0) if counts and rating is not Rating.NOT_JUDGED else 0
    relief = counts.with_relief.get(rating, 0) if counts else 0
    words += f" ({caution} with caution)" if caution else ""
    if counts and counts.by_parts and rating is Rating.NOT_JUDGED:
        words += f" ({'; '.join(f'{number}: {parts}' for parts, number in counts.by_parts.items())})"
    return f"{words}, {relief} of them with agreed relief" if relief else words
