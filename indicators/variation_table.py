"""The committee table with variation and assurance: its second version, as the file and what meetings are told have it.

The page of a scorecard leaves the column out unless it is asked for; the file always has it, so that its header is the
same.
"""

from typing import Any

from indicators.committee_table import ACTIVITY_TABLE, COMMITTEE_TABLE
from indicators.control import VARIATION_WORDS
from indicators.scorecard import ScorecardRow
from indicators.spc import FEWEST, Assurance, Variation
from indicators.table_spec import Column, Field, Kind, TableSpec, Values
from indicators.verdict import Verdict, Why

NO_LIMITS = "No limits"
WHY_WORDS = {
    Why.OVERLAPPING: "each figure holds part of the one before",
    Why.READ_ONCE: "read on one day or of one group",
    Why.NO_FIGURE: "no exact figure of this period",
}
ASSURED_WORDS = {
    Assurance.PASS: "Reliably meets the target",
    Assurance.FAIL: "Reliably misses the target",
    Assurance.INCONSISTENT: "Meets the target in some periods only",
}


def variation_text(v: Values) -> tuple[str, ...]:
    """What the control chart says of the latest figure and of the target; or why there is none. Empty where nothing was
    worked out."""
    if v["variation"]:
        assured = ASSURED_WORDS[Assurance(v["assurance"])] if v["assurance"] else ""
        return tuple(filter(None, (VARIATION_WORDS[Variation(v["variation"])], assured)))
    if not v["no_limits"]:
        return ("",)
    why = Why(v["no_limits"])
    words = f"{v['charted'] or 0} of {FEWEST} figures" if why is Why.TOO_FEW else WHY_WORDS[why]
    return (f"{NO_LIMITS}: {words}",)


def _field(name: str, attribute: str, meaning: str, kind: Kind = Kind.CODE) -> Field[ScorecardRow]:
    def value(row: ScorecardRow) -> Any:
        found = getattr(row.verdict or _NOTHING, attribute)
        return ("" if kind is Kind.CODE else None) if found is None else found

    return Field(name, kind, value, meaning)


_NOTHING = Verdict()


def _charted(row: ScorecardRow) -> int | None:
    return (row.verdict.figures or None) if row.verdict else None


VARIATION_COLUMN: Column[ScorecardRow] = Column(
    "variation",
    "Variation",
    (
        _field("variation", "variation", "What the control chart says of the latest figure; empty: no limits"),
        _field("cause", "cause", "What that figure is part of, by the first rule that it meets"),
        _field("assurance", "assurance", "consistent_pass, consistent_fail or inconsistent against the target"),
        _field("no_limits", "why", "Why there is no chart: overlapping, read_once, too_few, no_figure"),
        Field("charted", Kind.WHOLE, _charted, "How many figures in a row the limits are of, or would be"),
        _field("charted_from", "first", "Period of the first of them"),
        _field("chart", "method", "Kind of chart: xmr, p, laney_p, u, laney_u, exact"),
        _field("chart_rules", "rules", "Name of the rules that mark a special cause"),
        _field("by_chance", "chance", "How often chance alone marks a latest figure, 0 to 1", Kind.NUMBER),
    ),
    variation_text,
)


def _with_variation(spec: TableSpec[ScorecardRow]) -> TableSpec[ScorecardRow]:
    """The columns of a table with variation after the change, which it says is real or not."""
    columns = []
    for column in spec.columns:
        columns.append(column)
        if column.key == "change":
            columns.append(VARIATION_COLUMN)
    return TableSpec(spec.name, tuple(columns))


REPORTED_TABLE = _with_variation(COMMITTEE_TABLE)
# The same fields; on the screen nothing of targets.
REPORTED_ACTIVITY_TABLE = _with_variation(ACTIVITY_TABLE)
