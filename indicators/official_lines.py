"""Official figures as lines on a drawing: which may stand on a trend, level over the periods that they are of.

Each line has a colour, a pattern of dashes and a label at its end, so that it is told apart without colour. Positions
are floats here: nothing that is drawn is read back as a number.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from html import escape
from typing import Any

from indicators.benchmarks import Compared, GroupFigure, Names, OfficialMeasure, Reading
from indicators.direction_of_travel import Window
from indicators.phrases import listed
from indicators.trend import Trend
from indicators.units import Unit, written_plain
from indicators.working_days import day_words

NOUNS = {"month": "months", "quarter": "quarters", "financial_year": "years"}


@dataclass(frozen=True)
class Style:
    """How a line is told apart: colour (4.5:1 on paper, 3:1 on the band), lengths of dashes and gaps in pixels, the
    same in words, and the shape of its points where it has any."""

    colour: str
    dashes: tuple[int, ...]
    words: str
    shape: str

    @property
    def dash(self) -> str:
        """The pattern as plotly takes it."""
        return ",".join(f"{length}px" for length in self.dashes)


STYLES = {
    "ours": Style("#1f3f5f", (14, 4), "long dashes", "square"),
    "region": Style("#6a3d9a", (9, 3, 2, 3), "dash and dot", "diamond"),
    "older": Style("#a34a00", (9, 3, 2, 3, 2, 3), "dash and two dots", "up"),
    "newer": Style("#8a1a6b", (2, 3), "dots", "down"),
    "country": Style("#0072b2", (5, 3), "short dashes", "circle"),
}


@dataclass(frozen=True)
class Step:
    """A value from one day to the day before another; `told` says whose it is, of which period, and how much."""

    start_on: date
    until_on: date
    value: Decimal
    period: str
    told: str

    @property
    def middle(self) -> date:
        """Where it stands on the axis of time."""
        return self.start_on + (self.until_on - self.start_on) / 2


@dataclass(frozen=True)
class OfficialLine:
    """One line, its periods in order; `label` and `short` stand at its end, wide and narrow."""

    key: str
    name: str
    label: str
    short: str
    steps: tuple[Step, ...]

    @property
    def style(self) -> Style:
        """Colour and dashes."""
        return STYLES[self.key]

    @property
    def last(self) -> Step:
        """Its end."""
        return self.steps[-1]


Value = Callable[[Compared], Decimal | None]


def official_lines(rows: Sequence[Compared], names: Names, own: str = "Official") -> tuple[OfficialLine, ...]:
    """The lines of a measure's periods: ours (labelled `own`), the region, the two newest sets of neighbours (means),
    the country. Those without a value are left out."""
    if not rows:
        return ()
    measure = rows[0].measure
    wanted: list[tuple[str, str, str, str, Value]] = [
        ("ours", f"{names.ours}, official", own, own, _of(lambda r: r.ours)),
        ("region", names.region, "Region", "Region", _of(lambda r: r.region)),
    ]
    number = max((len(r.groups) for r in rows), default=0)
    groups = next((r.groups for r in rows if len(r.groups) == number), ())
    for key, at in zip(("newer", "older"), range(number - 1, -1, -1), strict=False):
        group: GroupFigure = groups[at]
        year = group.group.valid_from.year
        named = f"mean of the neighbours of {group.group.since}"
        wanted.append((key, named, f"Neighbours {year}", f"Nbrs {year}", _mean(at)))
    wanted.append(("country", names.country, names.country, names.country, _of(lambda r: r.country)))
    lines = [_line(*one, rows, measure) for one in wanted]
    return tuple(line for line in lines if line.steps)


def _of(reading: Callable[[Compared], Reading]) -> Value:
    return lambda row: reading(row).value


def _mean(at: int) -> Value:
    return lambda row: row.groups[at].mean if at < len(row.groups) else None


def _line(
    key: str, name: str, label: str, short: str, value: Value, rows: Sequence[Compared], measure: OfficialMeasure
) -> OfficialLine:
    places = measure.mean_places if key in {"older", "newer"} else measure.places
    steps = []
    for row in sorted(rows, key=lambda r: r.period.start_on):
        held = value(row)
        if held is not None:
            told = f"{name}, {row.period.label}: {written_plain(held, measure.unit, places)}"
            steps.append(Step(row.period.start_on, row.period.end_on + timedelta(days=1), held, row.period.label, told))
    end = f" {written_plain(steps[-1].value, measure.unit, places).removesuffix('%')}" if steps else ""
    return OfficialLine(key, name, f"{label}{end}", f"{short}{end}", tuple(steps))


# On a trend


def why_not_on(trend: Trend, rows: Sequence[Compared]) -> str:
    """Why official figures may not be drawn on a trend; empty where they may.

    A share or an average of a year may stand over each month of it. A count or a rate of a year may not stand beside
    those of a month, save for what is read on one day or over twelve months.
    """
    if not rows:
        return "No official figure is held."
    measure = rows[0].measure
    kinds = {row.period.kind for row in rows}
    if not measure.is_comparable:
        return "The official figures are counts, which are held beside no other area, so they are not drawn."
    if measure.unit is not trend.unit:
        return "The official figures are in another unit than these, so they are not drawn among them."
    if kinds == {trend.kind}:
        return ""
    if "month" in kinds or ("quarter" in kinds and trend.kind == "financial_year"):
        return f"The official figures are of shorter periods than these {NOUNS[trend.kind]}, so they are not drawn."
    is_average = measure.unit in {Unit.PERCENT, Unit.DAYS} or (measure.unit is Unit.COUNT and measure.is_comparable)
    if is_average or trend.window in {Window.SNAPSHOT, Window.ROLLING_12_MONTHS} or trend.kind == "financial_year":
        return ""
    return (
        f"The official figures count a whole year, these count {NOUNS[trend.kind]}, so they are not drawn among them."
    )


def on_trend(lines: Sequence[OfficialLine], trend: Trend) -> tuple[OfficialLine, ...]:
    """The lines within the periods of a trend; one that has none there is left out. What was read on one day stands
    over the period of the trend that holds the day."""
    first, last = trend.periods[0].start_on, trend.periods[-1].end_on + timedelta(days=1)
    found = []
    for line in lines:
        steps = []
        for step in line.steps:
            start, until = step.start_on, step.until_on
            if until - start == timedelta(days=1):
                over = next((p for p in trend.periods if p.start_on <= start <= p.end_on), None)
                if over is None:
                    continue
                start, until = over.start_on, over.end_on + timedelta(days=1)
            start, until = max(start, first), min(until, last)
            if start < until:
                steps.append(replace(step, start_on=start, until_on=until))
        if steps:
            found.append(OfficialLine(line.key, line.name, *_ends(line, steps), tuple(steps)))
    return tuple(found)


def _ends(line: OfficialLine, steps: Sequence[Step]) -> tuple[str, str]:
    """The labels with the last value that is drawn, which need not be the last that is held."""
    end = steps[-1].told.rpartition(": ")[2].removesuffix("%")
    return f"{line.label.rpartition(' ')[0]} {end}", f"{line.short.rpartition(' ')[0]} {end}"


def values_of(lines: Sequence[OfficialLine]) -> tuple[Decimal, ...]:
    """Every value that is drawn, for the axis to hold."""
    return tuple(step.value for line in lines for step in line.steps)


def traces_of(lines: Sequence[OfficialLine]) -> list[dict[str, Any]]:
    """One trace for each line: level over each period, upright where the next one begins, with a gap where none is
    held."""
    traces = []
    for line in lines:
        xs: list[str | None] = []
        ys: list[float | None] = []
        texts: list[str | None] = []
        before: Step | None = None
        for step in line.steps:
            if before is not None and before.until_on != step.start_on:
                xs.append(None)
                ys.append(None)
                texts.append(None)
            xs += [step.start_on.isoformat(), step.until_on.isoformat()]
            ys += [float(step.value)] * 2
            texts += [escape(step.told)] * 2
            before = step
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": xs,
                "y": ys,
                "text": texts,
                "hovertemplate": "%{text}<extra></extra>",
                "line": {"color": line.style.colour, "width": 2, "dash": line.style.dash},
                "connectgaps": False,
                "showlegend": False,
            }
        )
    return traces


def end_notes(lines: Sequence[OfficialLine], *, is_narrow: bool) -> list[tuple[float, str, dict[str, Any]]]:
    """The label of each line: at which value it stands, its text, its font."""
    font = {"size": 12}
    return [
        (float(x.last.value), escape(x.short if is_narrow else x.label), font | {"color": x.style.colour})
        for x in lines
    ]


def key_words(lines: Sequence[OfficialLine], trend: Trend) -> str:
    """How to read the lines: which is which, and over what each value stands."""
    if not lines:
        return ""
    told = "; ".join(f"{line.style.words}, {line.name}" for line in lines)
    said = f"Official figures, each level over the whole period that it is of: {told}."
    ended = [line for line in lines if line.last.until_on <= trend.periods[-1].end_on]
    if not ended:
        return said
    until = max(line.last.until_on for line in ended) - timedelta(days=1)
    if len(ended) == len(lines):
        return f"{said} They end on {day_words(until)}, the last day that is held; the labels stand at that height."
    return f"{said} Nothing later is held of {listed([line.name for line in ended])}."
