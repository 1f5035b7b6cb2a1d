"""The figures of a subject as a table: the latest of each indicator, what came before, its target, and its source.

The figure, the target and the rating are said as on every scorecard; only when it was and what came before are added.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from indicators.committee_table import COMMITTEE_TABLE, activity_notes, figure_text, rating_text, tolerance_text
from indicators.committee_table import target_text as target_of
from indicators.phrases import short_citation
from indicators.scorecard import Held, ScorecardRow
from indicators.table_spec import Column, Field, Kind, TableSpec, Values
from referrals.topic_findings import text_of, when

NONE_BEFORE, NO_TARGET = "none held", "none set"


@dataclass(frozen=True)
class FigureRow:
    """A figure of a section with those of the same kind of period before it, the latest first."""

    section: str
    section_name: str
    row: ScorecardRow
    earlier: tuple[Held, ...] = ()

    @property
    def held(self) -> Held:
        """The figure, which every row here has."""
        assert self.row.held is not None  # noqa: S101
        return self.row.held

    @property
    def when(self) -> str:
        """When the figure was."""
        return when(self.held, self.row.line.window)

    @property
    def earlier_texts(self) -> tuple[str, ...]:
        """ "53% in 2020/21 Q4", for each earlier figure with a number."""
        line = self.row.line
        told = [(text_of(held, line.unit, line.places), when(held, line.window)) for held in self.earlier]
        return tuple(f"{text} {time}" for text, time in told if text)


def _of_row(field: Field[ScorecardRow]) -> Field[FigureRow]:
    read: Callable[[ScorecardRow], Any] = field.value
    return Field(field.name, field.kind, lambda one: read(one.row), field.meaning)


def _taken(key: str, heading: str, text: Callable[[Values], tuple[str, ...]] | None) -> Column[FigureRow]:
    column = next(c for c in COMMITTEE_TABLE.columns if c.key == key)
    return Column(key, heading, tuple(map(_of_row, column.fields)), text)


def _target(v: Values) -> tuple[str, ...]:
    if v["target"] is None:
        return (NO_TARGET,)
    return (" ".join(target_of(v)), f"tolerance {' '.join(tolerance_text(v))}")


def _rating(v: Values) -> tuple[str, ...]:
    """Its rating where a target is held; notes where none is."""
    return rating_text(v) if v["target"] is not None else activity_notes(v)


def _when(v: Values) -> tuple[str, ...]:
    return (v["when"], v["period_label"]) if v["window"] == "rolling_12_months" else (v["when"],)


def _what(v: Values) -> tuple[str, ...]:
    """The headline; where there is none and no number either, the commentary."""
    words = v["headline"] or (v["commentary"] if v["value"] is None else "")
    return (words,) if words else ()


def _source(v: Values) -> tuple[str, ...]:
    """Paper and paragraph; of a long place in a file the file alone, because the file of the table has the whole."""
    if not v["cited"]:
        return ("Entered in a return",)
    return (short_citation(v["cited"]),)


def _columns() -> tuple[Column[FigureRow], ...]:
    name = _taken("indicator", "Measure", lambda v: (v["name"],))
    section = (
        Field[FigureRow]("section", Kind.CODE, lambda r: r.section, "Code of the section"),
        Field[FigureRow]("section_name", Kind.TEXT, lambda r: r.section_name, "Name of the section"),
    )
    return (
        replace(name, fields=(*section, *name.fields)),
        _taken("figure", "Figure", figure_text),
        Column(
            "when",
            "When",
            (
                Field("when", Kind.TEXT, lambda r: r.when, "The stretch of time or the day that it is for"),
                Field("period_label", Kind.TEXT, lambda r: r.held.label, "The period that it is held for"),
                Field("window", Kind.CODE, lambda r: r.row.line.window.value, "period, snapshot, rolling_12_months …"),
                Field("from", Kind.DATE, lambda r: r.held.start_on, "First day of the period"),
                Field("until", Kind.DATE, lambda r: r.held.end_on, "Last day of the period"),
            ),
            _when,
        ),
        _taken("target", "Target", _target),
        _taken("tolerance", "Tolerance", None),
        _taken("rating", "Rating and notes", _rating),
        Column(
            "earlier",
            "Before",
            (
                Field(
                    "earlier",
                    Kind.TEXT,
                    lambda r: " | ".join(r.earlier_texts),
                    "Earlier figures of the same kind of period, the latest first, separated by |",
                ),
            ),
            lambda v: tuple(v["earlier"].split(" | ")) if v["earlier"] else (NONE_BEFORE,),
        ),
        _taken("commentary", "What to know", _what),
        Column(
            "source",
            "Source",
            (Field("cited", Kind.TEXT, lambda r: r.held.cited, "Paper and paragraph it is taken from"),),
            _source,
        ),
        _taken("more", "", None),
    )


FIGURES_TABLE: TableSpec[FigureRow] = TableSpec("subject", _columns())


def has_target(rows: Sequence[FigureRow]) -> bool:
    """Whether any of the rows is held against a target; where none is, the page leaves that column out."""
    return any(one.row.line.standard is not None for one in rows)
