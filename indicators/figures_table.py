"""The figures of one indicator as a table: a row for each period, with the columns of the committee table."""

from typing import Any, Protocol

from indicators.committee_table import COMMITTEE_TABLE
from indicators.scorecard import ScorecardRow
from indicators.table_spec import Column, Field, Kind, TableSpec

# What a scorecard's table says of its one period, and what depends on more than the figure itself.
_LEFT_OUT = {"period", "theme", "next_due", "waits_for"}


class Revision(Protocol):
    """A stored revision of a figure, and the row it makes when judged."""

    @property
    def figure(self) -> Any:
        """The revision, with its period and approval."""

    @property
    def row(self) -> ScorecardRow:
        """What the committee table would say of it."""


def _of_figure(name: str, kind: Kind, meaning: str, attribute: str) -> Field[Revision]:
    def value(revision: Revision) -> Any:
        found: Any = revision.figure
        for part in attribute.split("."):
            found = getattr(found, part)
        return found

    return Field(name, kind, value, meaning)


def _of_row(field: Field[Any]) -> Field[Revision]:
    return Field(field.name, field.kind, lambda revision: field.value(revision.row), field.meaning)


FIGURES_TABLE: TableSpec[Revision] = TableSpec(
    "figures",
    (
        Column(
            "period",
            "Period",
            (
                _of_figure("period", Kind.CODE, "Code of the period", "period.slug"),
                _of_figure("period_label", Kind.TEXT, "Name of the period", "period.label"),
                _of_figure("period_kind", Kind.CODE, "month, quarter or financial_year", "period.kind"),
                _of_figure("start_on", Kind.DATE, "First day of the period", "period.start_on"),
                _of_figure("end_on", Kind.DATE, "Last day of the period", "period.end_on"),
            ),
        ),
        Column("figure", "Figure", tuple(_of_row(f) for f in COMMITTEE_TABLE.fields if f.name not in _LEFT_OUT)),
        Column(
            "origin",
            "Origin",
            (
                _of_figure(
                    "quantum", Kind.NUMBER, "The unit that a printed value is rounded to; empty: exact", "quantum"
                ),
                _of_figure("extracted_on", Kind.DATE, "Day on which it was taken from its system", "extracted_on"),
                _of_figure("actor", Kind.TEXT, "Who recorded it", "actor"),
                _of_figure("approved_by", Kind.TEXT, "Who approved it", "approval.actor"),
            ),
        ),
    ),
)
