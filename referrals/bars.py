"""A breakdown as ranked bars: what each category holds, its share, and the finding in a sentence.

Categories that have an order of their own (bands, levels, ages) keep it; all others stand largest first. What is not
stated always stands last, and is never left out of the whole.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from indicators.balance import COMPARISON, share_of
from indicators.phrases import listed, lowered
from indicators.table_spec import Column, Field, Kind, TableSpec, Values
from indicators.units import WIDE, Unit, ordinal, round_half_up, total_of, written

IN_ORDER = frozenset({"duration", "duration-days", "level", "age", "team-band", "caseload", "grade", "month"})
NOT_REPORTED = "not reported"
FULL = 1000
_PLACES = 10


@dataclass(frozen=True)
class Bar:
    """One category of a breakdown with its figure of the period; `number` None: none is reported.

    `order` is its place among the categories, `then` the figure of the same period a year earlier, `whole` the figure
    of which it is a part (None: not of one, or not reported).
    """

    period: str
    indicator: str
    indicator_name: str
    dimension: str
    dimension_name: str
    kind: str
    slice: str
    name: str
    number: Decimal | None
    unit: Unit
    places: int
    qualifier: str = ""
    then: Decimal | None = None
    whole: Decimal | None = None
    order: tuple[int, ...] = ()
    is_not_stated: bool = False
    is_own: bool = False
    queries: tuple[str, ...] = ()
    source: str = ""

    @property
    def share(self) -> Decimal | None:
        """Per cent of the whole; None where it has none (see `share_of`)."""
        return share_of(self.number, self.whole, self.unit, self.kind)

    def text(self) -> str:
        """The number as written."""
        return NOT_REPORTED if self.number is None else written(self.number, self.unit, self.places, self.qualifier)


def keeps_order(dimension: str) -> bool:
    """Whether the categories of a dimension (or of several, joined by |) have an order of their own."""
    return bool(IN_ORDER & set(dimension.split("|")))


def ranked(bars: Iterable[Bar]) -> list[Bar]:
    """The bars as they are shown: in their own order or the largest first; not reported and not stated at the end."""
    held = list(bars)
    if any(keeps_order(bar.dimension) for bar in held):
        return sorted(held, key=lambda b: (b.is_not_stated, b.order, b.name))
    return sorted(held, key=lambda b: (b.is_not_stated, b.number is None, -(b.number or 0), b.order, b.name))


def lengths(numbers: Sequence[Decimal | None]) -> list[int]:
    """How long each bar is drawn, in thousandths of the longest; 0 without a number. Every number above 0 is seen."""
    longest = max((number for number in numbers if number is not None), default=Decimal(0))
    if longest <= 0:
        return [0 for _ in numbers]
    return [_length(number, longest) for number in numbers]


def _length(number: Decimal | None, longest: Decimal) -> int:
    if number is None or number <= 0:
        return 0
    return max(4, int(round_half_up(WIDE.divide(WIDE.multiply(number, Decimal(FULL)), longest), 0)))


# Findings


def finding(bars: Sequence[Bar]) -> str:
    """What a breakdown shows, as a heading: the largest category, or where our own area stands among others."""
    stated = [b for b in bars if b.number is not None and not b.is_not_stated]
    if not stated:
        return f"{bars[0].dimension_name}: no category is reported" if bars else ""
    if bars[0].kind == COMPARISON:
        return _placed(stated)
    if is_yes_or_no(stated):
        return _yes_and_no(stated)
    top = max(b.number or Decimal(0) for b in stated)
    largest = [b for b in stated if b.number == top]
    if len(largest) > 1:
        return f"{listed([b.name for b in largest])} are the largest, with {largest[0].text()} each"
    first = largest[0]
    if first.share is not None and first.whole is not None:
        return f"{first.name} is the largest: {first.text()} of {written(first.whole, Unit.COUNT)}"
    return f"{first.name} is the largest: {first.text()}"


def is_yes_or_no(bars: Sequence[Bar]) -> bool:
    """Whether the categories that are stated are one thing and its opposite, of which none is "the largest"."""
    codes = [bar.slice.partition("=")[2] for bar in bars]
    if any("|" in bar.slice for bar in bars):
        return False
    return set(codes) <= {"yes", "no"} or (len(codes) == 2 and f"not-{min(codes, key=len)}" in codes)


def _yes_and_no(stated: Sequence[Bar]) -> str:
    """ "Disability: 41 yes, 314 no"; of "on Matrix" and "not on Matrix" both by their names."""
    told = {bar.slice.partition("=")[2]: bar for bar in stated}
    if set(told) <= {"yes", "no"}:
        parts = [f"{told[code].text()} {code}" for code in ("yes", "no") if code in told]
        return f"{stated[0].dimension_name}: {', '.join(parts)}"
    first, second = sorted(stated, key=lambda b: len(b.slice))
    return f"{first.name}: {first.text()}; {lowered(second.name)}: {second.text()}"


def _placed(stated: Sequence[Bar]) -> str:
    own = next((b for b in stated if b.is_own), None)
    if own is None or len(stated) < 2:
        return f"{stated[0].indicator_name}, {len(stated)} {'area' if len(stated) == 1 else 'areas'}"
    above = sum((b.number or 0) > (own.number or 0) for b in stated)
    same = sum(b.number == own.number for b in stated) - 1
    if above == 0:
        place = "highest"
    elif above + same == len(stated) - 1:
        place = "lowest"
    else:
        place = f"{_ordinal(above + 1)} highest"
    shared = " together with others" if same else ""
    return f"{own.name} has {own.text()}, the {place} of {len(stated)} areas{shared}"


def _ordinal(number: int) -> str:
    return {1: "first", 2: "second", 3: "third"}.get(number, ordinal(number))


def middle(bars: Sequence[Bar]) -> str:
    """Of bands in order: in which band the middle case lies, of those that are stated; empty where that is not known.

    "Half of the 1,031 that are stated lie in “3 to 6 months” or below."
    """
    if not bars or bars[0].dimension not in {"duration", "duration-days", "age"} or bars[0].unit is not Unit.COUNT:
        return ""
    stated = [b for b in bars if not b.is_not_stated]
    if any(b.number is None or b.qualifier for b in stated):
        return ""
    total = total_of(b.number for b in stated if b.number is not None)
    if total <= 0:
        return ""
    reached = Decimal(0)
    for bar in stated:
        reached += bar.number or 0
        if reached * 2 >= total:
            break
    unknown = total_of(b.number for b in bars if b.is_not_stated and b.number is not None)
    said = f"At least half of the {written(total, Unit.COUNT)}{' that are stated' if unknown else ''} are in "
    said += f"“{bar.name}” or a band before it."
    if unknown:
        less = f"{written(unknown, Unit.COUNT)} are not stated, so"
        said += f" {less} a share of the whole is a share of {written(total + unknown, Unit.COUNT)}, unknown included."
    return said


# The table


def _figure_text(v: Values) -> tuple[str, ...]:
    if v["number"] is None:
        lines = [NOT_REPORTED]
    else:
        lines = [written(v["number"], Unit(v["unit"]), v["places"], v["qualifier"])]
    return (*lines, *(("Query",) if v["query"] else ()))


def _then_text(v: Values) -> tuple[str, ...]:
    return ("–",) if v["then"] is None else (written(v["then"], Unit(v["unit"]), v["places"]),)


BARS_TABLE: TableSpec[Bar] = TableSpec(
    "breakdown",
    (
        Column(
            "name",
            "Category",
            (
                Field("period", Kind.CODE, lambda b: b.period, "Period of the figures, such as 2021-22-q4"),
                Field("indicator", Kind.CODE, lambda b: b.indicator, "Permanent code of the indicator"),
                Field("indicator_name", Kind.TEXT, lambda b: b.indicator_name, "Name of the indicator"),
                Field("dimension", Kind.CODE, lambda b: b.dimension, "What it is broken down by"),
                Field("dimension_name", Kind.TEXT, lambda b: b.dimension_name, "The same in words"),
                Field(
                    "kind",
                    Kind.CODE,
                    lambda b: b.kind,
                    "partition: the categories make the whole; overlapping; comparison: other areas; empty: several",
                ),
                Field("slice", Kind.CODE, lambda b: b.slice, "The part: dimension=category"),
                Field("category", Kind.TEXT, lambda b: b.name, "Name of the category"),
                Field(
                    "not_stated", Kind.CODE, lambda b: "yes" if b.is_not_stated else "", "yes: stands for the unknown"
                ),
                Field("own", Kind.CODE, lambda b: "yes" if b.is_own else "", "yes: our own area among others"),
            ),
            lambda v: (v["category"], *(("our own area",) if v["own"] else ())),
        ),
        Column("bar", "", ()),
        Column(
            "figure",
            "Figure",
            (
                Field("number", Kind.NUMBER, lambda b: b.number, "The figure of the category"),
                Field("qualifier", Kind.CODE, lambda b: b.qualifier, "< > or ~ (approximate)"),
                Field("unit", Kind.CODE, lambda b: b.unit.value, "Unit of the figure"),
                Field("places", Kind.WHOLE, lambda b: b.places, "Digits after the point as shown"),
                Field("query", Kind.WHOLE, lambda b: len(b.queries) or None, "Open queries of it"),
            ),
            _figure_text,
        ),
        Column(
            "share",
            "Share",
            (
                Field(
                    "share",
                    Kind.NUMBER,
                    lambda b: None if b.share is None else round_half_up(b.share, _PLACES),
                    "Per cent of the whole, what is not stated included",
                ),
            ),
            lambda v: ("–",) if v["share"] is None else (written(v["share"], Unit.PERCENT, 1),),
        ),
        Column(
            "then",
            "A year earlier",
            (Field("then", Kind.NUMBER, lambda b: b.then, "The figure of the same period a year earlier"),),
            _then_text,
        ),
        Column("source", "", (Field("source", Kind.TEXT, lambda b: b.source, "Paper and paragraph it is taken from"),)),
    ),
)


# The drawing

_FILLS = {
    "bar": '<rect width="{length}" height="10" fill="#1f3f5f"/>',
    "other": '<rect width="{length}" height="10" fill="#b9c8d6" stroke="#1f3f5f" vector-effect="non-scaling-stroke"/>',
    "unknown": (
        '<rect width="{length}" height="10" fill="#fff" stroke="#5b6670" stroke-dasharray="4 3"'
        ' vector-effect="non-scaling-stroke"/>'
    ),
}


def fill_of(bar: Bar) -> str:
    """How a bar is filled: solid, pale for another area, dashed for what is not stated."""
    if bar.is_not_stated:
        return "unknown"
    return "other" if bar.kind == COMPARISON and not bar.is_own else "bar"


def bar_svg(length: int, fill: str = "bar") -> str:
    """A bar as HTML text, as wide as its cell at a length of 1000; nothing for 0. Hidden from screen readers: the
    figure stands beside it."""
    if length <= 0:
        return ""
    inside = _FILLS[fill].format(length=min(length, FULL))
    return (
        f'<svg class="hbar" viewBox="0 0 {FULL} 10" width="100%" height="14" preserveAspectRatio="none"'
        f' aria-hidden="true" focusable="false">{inside}</svg>'
    )
