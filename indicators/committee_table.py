"""The committee table of a scorecard: what each column says, on the screen and in the CSV, from the same values."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from indicators import quarters, rag
from indicators.direction_of_travel import Change, ChangeCode, change_words, written_change
from indicators.measurement import FLAG_WORDS, Basis, Confidence, Flag
from indicators.rag import NotJudged, Polarity, Rating, ToleranceKind
from indicators.relief import relief_words
from indicators.scorecard import ScorecardRow
from indicators.table_spec import Column, Field, Kind, TableSpec, Values
from indicators.units import Unit, ratio, round_half_up, written, written_apart, written_exactly

DASH = "–"
VALUE_ONLY_WORDS = "value only"
CORRECTED_WORDS = "Corrected since first reported"
# In the order in which they explain why nothing is compared.
NOT_COMPARED_WORDS = {
    "no_figure_now": "Not compared",
    "break_in_series": "Not compared: break in series",
    "qualified": "Not compared: only a limit is known",
    "year_to_date_other_point": "Not compared: another point of the year",
    "no_earlier_figure": "No earlier figure to compare",
}
_PREVIOUS_WORDS = {"month": "last month", "quarter": "last quarter", "financial_year": "a year earlier"}
# How often a line is returned, of what kind the period is, and what is said where it has no total: nobody was asked for
# a figure of the period itself.
_NO_TOTAL_WORDS = {
    ("month", "quarter"): "Returned monthly: no total for this quarter",
    ("month", "financial_year"): "Returned monthly: no total for this year",
    ("quarter", "financial_year"): "Returned quarterly: no total for this year",
}
_PLACES_IN_FILE = 10


def _part(row: ScorecardRow, name: str) -> Any:
    return getattr(row.held.measured, name) if row.held else None


def _held(row: ScorecardRow, name: str) -> Any:
    return getattr(row.held, name) if row.held else None


def _number(row: ScorecardRow) -> Decimal | None:
    return None if row.number is None else round_half_up(row.number, _PLACES_IN_FILE)


def _standard(row: ScorecardRow, name: str) -> Any:
    return getattr(row.line.standard, name) if row.line.standard else None


def _places(row: ScorecardRow) -> int:
    return row.held.measured.places(row.line.places) if row.held else row.line.places


def _difference(change: Change) -> Decimal | None:
    return None if change.difference is None else round_half_up(change.difference, _PLACES_IN_FILE)


def _corrected(row: ScorecardRow) -> str:
    return "yes" if row.held is not None and row.held.is_corrected else ""


def _symbol(row: ScorecardRow) -> str:
    if row.held and row.held.measured.missing_reason:
        return row.held.measured.missing_reason.value
    return row.judgement.reason.value if row.judgement.reason and row.number is None else ""


def exact_number(v: Values) -> Decimal | None:
    """The value at full precision from the fields of a row: worked out again from its parts where it is derived."""
    if v["basis"] == Basis.DERIVED.value and v["numerator"] is not None and v["denominator"]:
        return ratio(v["numerator"], v["denominator"], Unit(v["unit"]))
    value: Decimal | None = v["value"]
    return value


def edges(v: Values) -> tuple[Decimal, ...]:
    """The boundaries that a written figure must not seem to reach by rounding: 201 of 202 is not written as 100%."""
    if v["target"] is None:
        return _edges(v["unit"])
    return _edges(v["unit"], v["polarity"], v["target"], v["tolerance_kind"], v["tolerance"], v["band"])


@lru_cache(maxsize=256)
def _edges(
    unit: str,
    polarity: str = "",
    target: Decimal | None = None,
    tolerance_kind: str = "",
    tolerance: Decimal | None = None,
    band: Decimal | None = None,
) -> tuple[Decimal, ...]:
    """The same from the fields; kept, because one target is in force for many periods and one row is written often."""
    bounds: tuple[Decimal | None, ...] = ()
    if target is not None:
        standard = rag.Standard(
            polarity=Polarity(polarity),
            target=target,
            tolerance_kind=ToleranceKind(tolerance_kind),
            tolerance=tolerance,
            band=band,
        )
        bounds = (*standard.better_range, *standard.allowed_range)
    ends = {Decimal(0), Decimal(100)} if unit == Unit.PERCENT.value else set()
    return tuple(sorted({b for b in bounds if b is not None} | ends))


def edges_of(unit: Unit, standard: rag.Standard | None) -> tuple[Decimal, ...]:
    """The same from what a figure is judged against; none: no target."""
    if standard is None or standard.target is None:
        return _edges(unit.value)
    s = standard
    return _edges(unit.value, s.polarity.value, s.target, s.tolerance_kind.value, s.tolerance, s.band)


def figure_text(v: Values) -> tuple[str, ...]:
    """The figure and, under it, what it was counted from."""
    number = exact_number(v)
    if number is None:
        return (DASH,)
    unit = Unit(v["unit"])
    if v["basis"] == Basis.DERIVED.value:
        text = written_apart(number, edges(v), unit, v["places"], v["qualifier"])
    else:
        text = written(number, unit, v["places"], v["qualifier"])
    return (*_lines(text), *_counts(v, unit))


def _lines(text: str) -> tuple[str, ...]:
    """A rate in two lines, so that a column stays narrow: 124, and under it "per 100,000"."""
    number, per, base = text.partition(" per ")
    return (number, f"per {base}") if per else (text,)


def _counts(v: Values, unit: Unit) -> tuple[str, ...]:
    numerator, denominator = v["numerator"], v["denominator"]
    if numerator is not None and denominator is not None:
        return (f"{written(numerator, Unit.COUNT)} of {written(denominator, Unit.COUNT)}",)
    if denominator is not None:
        number = written(denominator, Unit.COUNT)
        return (f"{number} {v['counts']}" if unit is Unit.DAYS else f"of {number}",)
    if numerator is not None:
        return (f"{written(numerator, Unit.COUNT)} counted",)
    return (VALUE_ONLY_WORDS,) if unit not in {Unit.COUNT, Unit.POUNDS} else ()


def target_text(v: Values) -> tuple[str, ...]:
    """The target, or that there is none."""
    return ("none set",) if v["target"] is None else _lines(written_exactly(v["target"], Unit(v["unit"])))


def tolerance_text(v: Values) -> tuple[str, ...]:
    """The outermost value still within tolerance, as the authority puts it."""
    if v["tolerance"] is None:
        return ("none set",)
    match ToleranceKind(v["tolerance_kind"]):
        case ToleranceKind.RELATIVE:
            return (f"within {written_exactly(v['tolerance'], Unit.PERCENT)} of target",)
        case ToleranceKind.POINTS:
            return (f"within {written_exactly(v['tolerance'], Unit(v['unit']))}",)
    return _lines(written_exactly(v["tolerance"], Unit(v["unit"])))


def rating_text(v: Values) -> tuple[str, ...]:
    """The rating in words; under it what a reader must know of it."""
    rating = Rating(v["rating"])
    reason = NotJudged(v["rating_reason"]) if v["rating_reason"] else None
    lines = [rag.words(rating, reason)]
    if v["next_due"] is not None:
        lines = [f"Annual, next due {v['next_due'].day} {v['next_due']:%B %Y}"]
    if reason is NotJudged.NO_FIGURE:
        kind = quarters.parse(v["period"]).kind if v["period"] else ""
        lines = [_NO_TOTAL_WORDS.get((v["frequency"], kind), lines[0])]
    if v["basis"] == Basis.STATED_OUTCOME.value:
        lines.append("as stated: no number given")
    if v["relief"]:
        lines.append(relief_words(v["relief_until"], v["relief_authority"]))
    if v["confidence"] in {Confidence.CAUTION.value, Confidence.LOW.value}:
        words = "Caution" if v["confidence"] == Confidence.CAUTION.value else "Low confidence"
        lines.append(f"{words}: {v['validation_task']}" if v["validation_task"] else words)
    if v["query"]:
        lines.append("Query")
    if v["rounding"] == "yes":
        lines.append("printed rounded: could be either side")
    if v["corrected"]:
        lines.append(f"Corrected since first reported: {v['correction']}" if v["correction"] else CORRECTED_WORDS)
    lines += [FLAG_WORDS[Flag(letter)] for letter in v["flags"].split()]
    return tuple(lines)


def _change(v: Values, prefix: str) -> Change:
    return Change(
        code=ChangeCode(v[f"{prefix}_code"]),
        arrow=v[f"{prefix}_arrow"],
        difference=v[f"{prefix}_difference"],
        then_value=v[f"{prefix}_from"],
        reason=v[f"{prefix}_reason"],
        shared_months=v[f"{prefix}_shared_months"] or 0,
        unit=Unit(v["unit"]),
        places=v["places"],
    )


def change_text(v: Values) -> tuple[str, ...]:
    """The change since the previous period and since the same period a year earlier; or why neither is compared."""
    lines: list[str] = []
    unit, places = Unit(v["unit"]), v["places"]
    previous = _PREVIOUS_WORDS.get(v["frequency"], "the period before")
    for prefix, words in (("previous", previous), ("year", "a year earlier")):
        change = _change(v, prefix)
        if change.code is not ChangeCode.NOT_COMPARED and not (prefix == "year" and previous == "a year earlier"):
            lines += [written_change(change, unit, places), f"{change_words(change)} {words}"]
    if lines:
        return tuple(lines)
    reasons = {v["previous_reason"], v["year_reason"]}
    return (next(text for code, text in NOT_COMPARED_WORDS.items() if code in reasons),)


def _change_fields(prefix: str, name: str, words: str) -> tuple[Field[ScorecardRow], ...]:
    def change(row: ScorecardRow) -> Change:
        found: Change = getattr(row, name)
        return found

    def then(row: ScorecardRow) -> Decimal | None:
        value = change(row).then_value
        return None if value is None else round_half_up(value, _PLACES_IN_FILE)

    return (
        Field(f"{prefix}_code", Kind.CODE, lambda r: change(r).code.value, f"Change since {words}: what it means"),
        Field(f"{prefix}_arrow", Kind.CODE, lambda r: change(r).arrow, "up, down, level, or empty: no clear movement"),
        Field(f"{prefix}_difference", Kind.NUMBER, lambda r: _difference(change(r)), f"Value less that of {words}"),
        Field(f"{prefix}_from", Kind.NUMBER, then, f"The value of {words}"),
        Field(f"{prefix}_reason", Kind.CODE, lambda r: change(r).reason, "Why nothing is compared"),
        Field(
            f"{prefix}_shared_months",
            Kind.WHOLE,
            lambda r: change(r).shared_months or None,
            "Months that two rolling years have in common",
        ),
    )


def _tolerance_kind(row: ScorecardRow) -> ToleranceKind:
    return _standard(row, "tolerance_kind") or ToleranceKind.NONE


def _of(kind: Kind) -> Callable[[str, Callable[[ScorecardRow], Any], str], Field[ScorecardRow]]:
    def field(name: str, value: Callable[[ScorecardRow], Any], meaning: str) -> Field[ScorecardRow]:
        return Field(name, kind, value, meaning)

    return field


_code, _number_field, _whole, _date = _of(Kind.CODE), _of(Kind.NUMBER), _of(Kind.WHOLE), _of(Kind.DATE)


def _text(name: str, value: Callable[[ScorecardRow], Any], meaning: str) -> Field[ScorecardRow]:
    return Field(name, Kind.TEXT, lambda r: value(r) or "", meaning)


def _commentary_text(v: Values) -> tuple[str, ...]:
    """The headline; where there is none the whole commentary, never a cut of it. Under it what the figure waits for."""
    words = v["headline"] or v["commentary"]
    waits_for = f"Waits for: {v['waits_for']}" if v["waits_for"] else ""
    return tuple(filter(None, (words, waits_for)))


COMMITTEE_TABLE: TableSpec[ScorecardRow] = TableSpec(
    "committee-table",
    (
        Column(
            "indicator",
            "Indicator",
            (
                _code("period", lambda r: r.period, "Period of the table, such as 2021-22-q4"),
                _text("theme", lambda r: r.line.theme, "Heading it stands under"),
                _code("indicator", lambda r: r.line.code, "Permanent code of the indicator"),
                _code("slice", lambda r: r.line.slice, "Breakdown; empty: the whole"),
                _text("name", lambda r: r.line.name, "Name of the indicator"),
                _text("partner", lambda r: r.line.partner, "Partner that returns it"),
                _code("unit", lambda r: r.line.unit.value, "Unit of value, target and tolerance"),
                _code("polarity", lambda r: r.line.polarity.value, "Whether higher or lower is better"),
                _code("counts", lambda r: r.line.counts, "children, families, staff, places or events"),
                _code("frequency", lambda r: r.line.frequency, "How often it is returned"),
            ),
            lambda v: (v["name"], "Lower is better") if v["polarity"] == "lower" else (v["name"],),
        ),
        Column(
            "figure",
            "Figure",
            (
                _number_field("numerator", lambda r: _part(r, "numerator"), "What was counted"),
                _number_field("denominator", lambda r: _part(r, "denominator"), "Out of how many"),
                _number_field("value", _number, "The value in the unit, unrounded to ten decimals"),
                _code("qualifier", lambda r: _part(r, "qualifier") or "", "< > or ~ (approximate)"),
                _whole("places", _places, "Digits after the point as shown"),
                _code(
                    "basis",
                    lambda r: r.held.measured.basis.value if r.held else "",
                    "derived from its parts, value_only, stated by a paper, stated_outcome, missing",
                ),
                _code("symbol", _symbol, "Why there is no number"),
            ),
            figure_text,
        ),
        Column(
            "target",
            "Target",
            (
                _number_field("target", lambda r: _standard(r, "target"), "Target in force in the period"),
                _number_field("band", lambda r: _standard(r, "band"), "Distance from target that is still good"),
            ),
            target_text,
        ),
        Column(
            "tolerance",
            "Tolerance",
            (
                _code(
                    "tolerance_kind",
                    lambda r: _tolerance_kind(r).value,
                    "absolute (a threshold), relative (% of target), points, or none",
                ),
                _number_field("tolerance", lambda r: _standard(r, "tolerance"), "Tolerance in force in the period"),
            ),
            tolerance_text,
        ),
        Column(
            "rating",
            "Rating",
            (
                _code("rating", lambda r: r.judgement.rating.value, "better, within, outside, not_judged"),
                _code(
                    "rating_reason",
                    lambda r: r.judgement.reason.value if r.judgement.reason else "",
                    "Why it is not judged",
                ),
                _code(
                    "rounding",
                    lambda r: "yes" if r.judgement.boundary_in_rounding else "",
                    "yes: the printed value is rounded and could lie in another class",
                ),
                _code(
                    "relief", lambda r: "agreed" if r.relief else "", "agreed: excused from the target, see authority"
                ),
                _date("relief_until", lambda r: r.relief.ends_on if r.relief else None, "Last day of the relief"),
                _text("relief_authority", lambda r: r.relief and r.relief.authority, "Decision that gave the relief"),
                _date("next_due", lambda r: r.next_due_on, "When an annual measure is next due"),
                _code("confidence", lambda r: _held(r, "confidence") or "", "high, caution, low or not stated"),
                _text("confidence_reason", lambda r: _held(r, "confidence_reason"), "Why the data need caution"),
                _text("validation_task", lambda r: _held(r, "validation_task"), "What is being done about the data"),
                _code(
                    "flags",
                    lambda r: _held(r, "flags") or "",
                    "p provisional, r revised, b break, u unreliable, e approximate",
                ),
                _whole("query", lambda r: len(r.queries) or None, "Number of open queries"),
                _code(
                    "corrected",
                    lambda r: "yes" if r.held and r.held.is_corrected else "",
                    "yes: changed since reported",
                ),
                _text("correction", lambda r: _held(r, "correction"), "Why it was corrected, from the list"),
                _text("correction_reason", lambda r: _held(r, "correction_reason"), "Why it was corrected, in words"),
                _whole("revision", lambda r: _held(r, "revision"), "Number of the figure's revision"),
            ),
            rating_text,
        ),
        Column(
            "change",
            "Change",
            (
                *_change_fields("previous", "since_previous", "the previous period"),
                *_change_fields("year", "since_last_year", "the same period a year earlier"),
            ),
            change_text,
        ),
        Column("trend", "Trend", ()),
        Column(
            "commentary",
            "Commentary",
            (
                _text("headline", lambda r: _held(r, "headline"), "What to know, in at most 60 characters"),
                _text("commentary", lambda r: _held(r, "commentary"), "Full commentary, shown without a headline"),
                _text("waits_for", lambda r: "; ".join(i.words for i in r.issues), "Open issues of the data it lacks"),
            ),
            _commentary_text,
        ),
        Column(
            "more",
            "",
            (
                _text("queries", lambda r: " | ".join(r.queries), "The open queries"),
                _code("not_reportable_code", lambda r: _held(r, "not_reportable_code") or "", "Coded reason"),
                _text("responsible_role", lambda r: _held(r, "responsible_role"), "Who will make it reportable"),
                _date("expected_on", lambda r: _held(r, "expected_on"), "When it is expected"),
                _text("source_system", lambda r: _held(r, "source_system"), "System the data come from"),
                _date("as_at_on", lambda r: _held(r, "as_at_on"), "Day the data describe, if not the period's end"),
                _date("known_on", lambda r: _held(r, "known_on"), "Day since which the figure is known"),
                _text("source", lambda r: _held(r, "source"), "Published paper it is taken from"),
                _text("paragraph", lambda r: _held(r, "paragraph"), "Paragraph of that paper"),
            ),
        ),
    ),
)


def activity_notes(v: Values) -> tuple[str, ...]:
    """What a reader must know of a figure that is held against no target; where there is no number, why."""
    said, *notes = rating_text(v)
    return tuple(notes) if exact_number(v) is not None else (said, *notes)


def _of_activity(column: Column[ScorecardRow]) -> Column[ScorecardRow]:
    if column.key in {"target", "tolerance"}:
        return replace(column, text=None)
    return replace(column, heading="Notes", text=activity_notes) if column.key == "rating" else column


# The same fields in the file; on the screen nothing of targets, because activity is held against none.
ACTIVITY_TABLE: TableSpec[ScorecardRow] = TableSpec("activity", tuple(map(_of_activity, COMMITTEE_TABLE.columns)))
