"""What comes on a working day, quarter by quarter, so that quarters of unequal length compare."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from indicators.table_spec import Column, Field, Kind, TableSpec, Values
from indicators.units import Unit, round_half_up, written
from referrals.stage_table import NOT_REPORTED
from referrals.volumes import daily

SUMMED = "added up from shorter periods"
_PLACES = 10


@dataclass(frozen=True)
class DailyRow:
    """How many in a quarter (None: not reported), on how many working days (None: not known), and so many a day.

    `break_on` is the day on which the series breaks between the quarter and the last one (None: the two compare);
    `holds_break` says that the day lies in the quarter itself.
    """

    period: str
    label: str
    indicator: str
    indicator_name: str
    number: Decimal | None
    days: int | None
    per_day: Decimal | None
    qualifier: str = ""
    is_summed: bool = False
    is_this: bool = False
    break_on: date | None = None
    holds_break: bool = False

    @property
    def is_comparable(self) -> bool:
        """Whether it compares with the last quarter."""
        return self.break_on is None


def finding(rows: Sequence[DailyRow]) -> str:
    """What the quarters show: the latest with a number, and the highest of those that compare with it; empty without
    any."""
    held = [(row, row.per_day) for row in rows if row.per_day is not None and row.is_comparable]
    if not held:
        return ""
    last, number = held[-1]
    if len(held) == 1:
        return f"{daily(number)} a working day in {last.label}"
    top, most = max(held, key=lambda pair: pair[1])
    said = f"{daily(number)} a working day in {last.label}"
    if top is last:
        return f"{said}, the highest of {len(held)} quarters"
    return f"{said}; the highest of {len(held)} quarters was {daily(most)} in {top.label}"


def _number_text(v: Values) -> tuple[str, ...]:
    if v["number"] is None:
        return (NOT_REPORTED,)
    return (written(v["number"], Unit.COUNT, qualifier=v["qualifier"]), *((SUMMED,) if v["summed"] else ()))


def _label_text(v: Values) -> tuple[str, ...]:
    if v["comparable"] == "yes":
        return (v["label"],)
    return (v["label"], "holds the break" if v["holds_break"] else "before the break")


DAILY_TABLE: TableSpec[DailyRow] = TableSpec(
    "per-working-day",
    (
        Column(
            "period",
            "Quarter",
            (
                Field("period", Kind.CODE, lambda r: r.period, "The quarter, such as 2021-22-q4"),
                Field("label", Kind.TEXT, lambda r: r.label, "The same in words"),
                Field("indicator", Kind.CODE, lambda r: r.indicator, "Permanent code of the indicator"),
                Field("indicator_name", Kind.TEXT, lambda r: r.indicator_name, "Its name"),
                Field(
                    "comparable",
                    Kind.CODE,
                    lambda r: "yes" if r.is_comparable else "no",
                    "no: the series breaks between it and the last quarter",
                ),
                Field(
                    "holds_break", Kind.CODE, lambda r: "yes" if r.holds_break else "", "yes: the series breaks in it"
                ),
            ),
            _label_text,
        ),
        Column("bar", "", ()),
        Column(
            "per_day",
            "Per working day",
            (
                Field(
                    "per_working_day",
                    Kind.NUMBER,
                    lambda r: None if r.per_day is None else round_half_up(r.per_day, _PLACES),
                    "The number divided by the working days",
                ),
            ),
            lambda v: ("–" if v["per_working_day"] is None else daily(v["per_working_day"]),),
        ),
        Column(
            "number",
            "Number",
            (
                Field("number", Kind.NUMBER, lambda r: r.number, "How many in the quarter"),
                Field("qualifier", Kind.CODE, lambda r: r.qualifier, "< > or ~ (approximate)"),
                Field(
                    "summed", Kind.CODE, lambda r: "yes" if r.is_summed else "", "yes: added up from shorter periods"
                ),
            ),
            _number_text,
        ),
        Column(
            "days",
            "Working days",
            (Field("working_days", Kind.WHOLE, lambda r: r.days, "Monday to Friday without bank holidays"),),
            lambda v: ("–" if v["working_days"] is None else f"{v['working_days']}",),
        ),
    ),
)
