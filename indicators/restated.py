"""Figures restated since they were reported: what was told, to which meeting, and what it is now."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from indicators import rag
from indicators.committee_table import figure_text
from indicators.rag import NotJudged, Rating
from indicators.scorecard import ScorecardRow
from indicators.table_spec import Column, Field, Kind, TableSpec, Values
from indicators.units import Unit
from indicators.working_days import day_words


@dataclass(frozen=True)
class Restated:
    """One figure that differs from what a meeting was given. `then` and `now` are values of a committee table's row,
    `row` the one that `now` is of, with the ids of its line and definition."""

    indicator: str
    slice: str
    name: str
    scorecard: str
    period: str
    period_label: str
    pack: str
    meeting: str
    meeting_on: date
    then: Values
    now: Values
    correction: str
    reason: str
    who: str
    known_on: date | None
    row: ScorecardRow | None = None
    line_id: int | None = None
    version_id: int | None = None

    @property
    def flips(self) -> bool:
        """Whether the restatement changes the rating."""
        return bool(self.then["rating"] != self.now["rating"])


def _field(name: str, kind: Kind, value: Any, meaning: str) -> Field[Restated]:
    return Field(name, kind, value, meaning)


_PARTS = ("numerator", "denominator", "value", "qualifier", "places", "basis", "symbol", "rating", "rating_reason")
_KINDS = {"numerator": Kind.NUMBER, "denominator": Kind.NUMBER, "value": Kind.NUMBER, "places": Kind.WHOLE}
_MEANINGS = {
    "numerator": "What was counted",
    "denominator": "Out of how many",
    "value": "The value in the unit",
    "qualifier": "< > or ~ (approximate)",
    "places": "Digits after the point as shown",
    "basis": "Where the number comes from",
    "symbol": "Why there is no number",
    "rating": "better, within, outside, not_judged",
    "rating_reason": "Why it is not judged",
}


def is_told_alike(then: Values, now: Values) -> bool:
    """Whether figure and rating of two rows of a committee table are the same."""
    return all(then[part] == now[part] for part in _PARTS)


def is_told_near(then: Values, now: Values, base: int) -> bool:
    """Whether two rows of a committee table that are not told alike can tell the same figure where one of them rounds
    counts to multiples of `base`: counts that differ are less than the base apart, and one of them is a multiple. A
    figure that only one of them tells is not restated either: what is too small to round has no number."""
    if bool(then["symbol"]) != bool(now["symbol"]):
        return True
    if now["denominator"] is None and now["unit"] != Unit.COUNT:
        return False
    counts = ("numerator", "denominator") if now["denominator"] is not None else ("value",)
    pairs = [(then[part], now[part]) for part in counts]
    return all(a is None or b is None or a == b or _is_rounding(a, b, base) for a, b in pairs)


def _is_rounding(one: Decimal, other: Decimal, base: int) -> bool:
    return abs(one - other) < base and (one % base == 0 or other % base == 0)


def _side(side: str, when: str) -> tuple[Field[Restated], ...]:
    def reader(part: str) -> Any:
        return lambda row: getattr(row, side)[part]

    return tuple(
        _field(f"{side}_{part}", _KINDS.get(part, Kind.CODE), reader(part), f"{_MEANINGS[part]}, {when}")
        for part in _PARTS
    )


def _side_text(side: str) -> Any:
    def text(v: Values) -> tuple[str, ...]:
        own = {part: v[f"{side}_{part}"] for part in _PARTS}
        known = {"unit": v["unit"], "target": v["target"], "band": v["band"], "polarity": v["polarity"],
                 "tolerance_kind": v["tolerance_kind"], "tolerance": v["tolerance"], "counts": v["counts"]}  # fmt: skip
        reason = NotJudged(own["rating_reason"]) if own["rating_reason"] else None
        return (*figure_text(own | known), rag.words(Rating(own["rating"]), reason))

    return text


_SHARED = ("unit", "polarity", "counts", "target", "band", "tolerance_kind", "tolerance")
_SHARED_KINDS = {"target": Kind.NUMBER, "band": Kind.NUMBER, "tolerance": Kind.NUMBER}


def _shared(part: str) -> Any:
    return lambda row: row.now[part]


def _reason_text(v: Values) -> tuple[str, ...]:
    return tuple(words for words in (v["correction"], v["reason"]) if words)


RESTATED_TABLE: TableSpec[Restated] = TableSpec(
    "restated",
    (
        Column(
            "indicator",
            "Indicator",
            (
                _field("indicator", Kind.CODE, lambda r: r.indicator, "Permanent code of the indicator"),
                _field("slice", Kind.CODE, lambda r: r.slice, "Breakdown; empty: the whole"),
                _field("name", Kind.TEXT, lambda r: r.name, "Name of the indicator"),
                _field("scorecard", Kind.CODE, lambda r: r.scorecard, "Code of the scorecard"),
                _field("period", Kind.CODE, lambda r: r.period, "Period of the figure"),
                _field("period_label", Kind.TEXT, lambda r: r.period_label, "The period in words"),
                *(
                    _field(part, _SHARED_KINDS.get(part, Kind.CODE), _shared(part), "As in the committee table")
                    for part in _SHARED
                ),
            ),
            lambda v: (v["name"], v["period_label"]),
        ),
        Column(
            "reported_to",
            "Reported to",
            (
                _field("pack", Kind.CODE, lambda r: r.pack, "Code of the pack that carried it"),
                _field("meeting", Kind.TEXT, lambda r: r.meeting, "The body that met"),
                _field("meeting_on", Kind.DATE, lambda r: r.meeting_on, "Date of the meeting"),
            ),
            lambda v: (v["meeting"], day_words(v["meeting_on"])),
        ),
        Column("then", "As reported", _side("then", "as reported"), _side_text("then")),
        Column("now", "As it is now", _side("now", "as it is now"), _side_text("now")),
        Column(
            "flips",
            "Rating",
            (_field("flips", Kind.CODE, lambda r: "yes" if r.flips else "no", "Whether the rating changes"),),
            lambda v: ("Changes the rating",) if v["flips"] == "yes" else ("Same rating",),
        ),
        Column(
            "why",
            "Why",
            (
                _field("correction", Kind.TEXT, lambda r: r.correction, "Reason from the list"),
                _field("reason", Kind.TEXT, lambda r: r.reason, "Reason in words"),
            ),
            _reason_text,
        ),
        Column(
            "who",
            "Who and when",
            (
                _field("who", Kind.TEXT, lambda r: r.who, "Who corrected it"),
                _field("known_on", Kind.DATE, lambda r: r.known_on, "Since when it is known"),
            ),
            lambda v: (v["who"], day_words(v["known_on"])) if v["known_on"] else (v["who"],),
        ),
    ),
)
