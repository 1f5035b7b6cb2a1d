"""Every authority in one period of a measure: its rank, where it lies on the funnel, and the table of it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from indicators.benchmarks import (
    NoRank,
    OfficialMeasure,
    OfficialPeriod,
    Rank,
    Reading,
    period_words,
    place_words,
    rank_of,
    reading_words,
)
from indicators.funnel import Funnel, Place, funnel_of
from indicators.intervals import Z95, Z998
from indicators.phrases import has_words, listed
from indicators.share_charts import Parts
from indicators.table_spec import Column, Field, Kind, TableSpec, Values
from indicators.units import Unit, is_share, round_half_up, written, written_plain

PLACE_WORDS = {
    Place.WITHIN: "Within the limits",
    Place.ABOVE_95: "Above the 95% limit",
    Place.BELOW_95: "Below the 95% limit",
    Place.ABOVE_998: "Above the 99.8% limit",
    Place.BELOW_998: "Below the 99.8% limit",
}
_ORDER = (Place.ABOVE_998, Place.ABOVE_95, Place.WITHIN, Place.BELOW_95, Place.BELOW_998)
_ALL_SHARE = Decimal("0.9")
_PLACES = 4


@dataclass(frozen=True)
class AreaReading:
    """What a data set says of an authority, and how it stands to ours."""

    code: str
    name: str
    region: str
    reading: Reading
    is_ours: bool = False
    in_region: bool = False
    sets: tuple[str, ...] = ()

    @property
    def parts(self) -> Parts | None:
        """Numerator and denominator, where both stand beside a value that is shown."""
        one = self.reading
        if one.value is None or one.numerator is None or not one.denominator:
            return None
        return Parts(one.numerator, one.denominator)


@dataclass(frozen=True)
class AreaRow:
    """An authority with its rank and its place on the funnel. `limits` are those of its size in per cent: lower and
    upper of 95%, lower and upper of 99.8%."""

    measure: OfficialMeasure
    period: OfficialPeriod
    area: AreaReading
    rank: Rank | NoRank
    place: Place | None
    limits: tuple[Decimal, Decimal, Decimal, Decimal] | None


@dataclass(frozen=True)
class AllAreas:
    """A period over all authorities: rows in the order of the funnel (above, within, below), the funnel or why there is
    none in a sentence."""

    measure: OfficialMeasure
    period: OfficialPeriod
    rows: tuple[AreaRow, ...]
    funnel: Funnel | None
    why_none: str

    @property
    def ours(self) -> AreaRow | None:
        """Our own authority."""
        return next((row for row in self.rows if row.area.is_ours), None)

    @property
    def outside(self) -> tuple[AreaRow, ...]:
        """Those beyond a limit."""
        return tuple(row for row in self.rows if row.place not in {None, Place.WITHIN})

    @property
    def drawn(self) -> tuple[AreaRow, ...]:
        """Those that have a place on the funnel."""
        return tuple(row for row in self.rows if row.place is not None)


def all_areas(
    measure: OfficialMeasure, period: OfficialPeriod, areas: Sequence[AreaReading], *, known: int
) -> AllAreas:
    """Ranks and funnel of a period. `known` is the number of authorities known at all (see `rank_of`)."""
    readings = [area.reading for area in areas]
    held = [parts for area in areas if (parts := area.parts) is not None]
    why = _why_none(measure, areas, held, known)
    funnel = None if why else funnel_of(held)
    if funnel is None and not why:
        why = "All or none are counted everywhere, so there is nothing to tell apart."
    rows = [_row(measure, period, area, readings, funnel, known) for area in areas]
    rows.sort(key=_order)
    return AllAreas(measure, period, tuple(rows), funnel, why)


def _why_none(measure: OfficialMeasure, areas: Sequence[AreaReading], held: Sequence[Parts], known: int) -> str:
    if not is_share(measure.unit):
        return "A funnel is drawn of shares alone, and this is none."
    if not held:
        return (
            "The data set gives the share without the counts that it is made of, so how far chance alone moves it is "
            "not known."
        )
    if len(areas) < _ALL_SHARE * known:
        return f"Figures of {len(areas)} authorities of {known} are held for this period: too few for a common share."
    return ""


def _row(
    measure: OfficialMeasure, period: OfficialPeriod, area: AreaReading, readings: Sequence[Reading],
    funnel: Funnel | None, known: int,
) -> AreaRow:  # fmt: skip
    rank: Rank | NoRank = NoRank.A_COUNT
    if measure.is_comparable:
        rank = rank_of(area.reading, readings, measure.polarity, known=known)
    parts = area.parts
    if funnel is None or parts is None:
        return AreaRow(measure, period, area, rank, None, None)
    low95, high95 = (_percent(x) for x in funnel.limits(parts.denominator, Z95))
    low998, high998 = (_percent(x) for x in funnel.limits(parts.denominator, Z998))
    return AreaRow(measure, period, area, rank, funnel.place(parts), (low95, high95, low998, high998))


def _percent(share: float) -> Decimal:
    return round_half_up(Decimal(repr(share)) * 100, _PLACES)


def _order(row: AreaRow) -> tuple[int, Decimal, str]:
    place = _ORDER.index(row.place) if row.place else len(_ORDER)
    return place, -(row.area.reading.value or Decimal(0)), row.area.name


def matching(rows: Iterable[AreaRow], *, text: str = "", only: str = "") -> list[AreaRow]:
    """The rows whose authority or region contains the words; `only`: "outside" the limits, in our "region" (ours
    included), or the code of a set of neighbours (ours included)."""
    return [row for row in rows if has_words(f"{row.area.name} {row.area.region}", text) and _is_in(row, only)]


def _is_in(row: AreaRow, only: str) -> bool:
    if only == "outside":
        return row.place not in {None, Place.WITHIN}
    if only == "region":
        return row.area.in_region
    return not only or row.area.is_ours or only in row.area.sets


# In words


def funnel_sentences(found: AllAreas, ours: str) -> list[str]:
    """What the funnel shows and what it does not, one thing a sentence."""
    funnel = found.funnel
    if funnel is None:
        return []
    share = written(_percent_of(funnel), Unit.PERCENT, found.measure.mean_places)
    said = [
        f"{len(found.drawn)} authorities lie about their common share of {share} in {period_words(found.period)}; the "
        "smaller the number counted, the further chance alone moves a share, so the limits are widest on the left."
    ]
    own = found.ours
    if own is not None and own.place is not None:
        said.append(f"{ours}, with {_written(own)}, lies {_placed(own.place)}.")
    elif own is not None:
        why = reading_words(own.area.reading.value, own.area.reading.symbol, Unit.PERCENT, found.measure.places)
        said.append(f"{ours} is not drawn: {why}.")
    counted = Counter(row.place for row in found.outside)
    outside = [f"{counted[p]} {PLACE_WORDS[p][:1].lower()}{PLACE_WORDS[p][1:]}" for p in _ORDER if counted[p]]
    said.append(f"Outside the limits: {listed(outside)}." if outside else "None lies outside the limits.")
    left_out = len(found.rows) - len(found.drawn)
    if left_out:
        said.append(f"{left_out} {'is' if left_out == 1 else 'are'} not drawn: a part of the share is not shown.")
    return said


def limits_sentence(found: AllAreas) -> str:
    """Whether the limits are widened, and why."""
    funnel = found.funnel
    if funnel is None:
        return ""
    if funnel.spread.tau2 == 0:
        return "The authorities differ no more than chance explains, so the limits are those of chance alone."
    phi = round_half_up(Decimal(repr(funnel.spread.phi)), 0)
    return (
        f"The authorities differ far more than chance explains (their spread is {phi:,f} times what chance gives: "
        "overdispersion), so the limits are widened by how much they differ. Without that most would lie outside."
        if phi >= 2
        else "The authorities differ somewhat more than chance explains (overdispersion), so the limits are widened by "
        "how much they differ."
    )


NOT_SHOWN = (
    "It is no league table: between the limits the order says nothing, because chance and what makes authorities "
    "differ could give another one. Outside them a share is unusual, which is a reason to ask, not an answer: it may "
    "be practice, need, or how something is recorded."
)


def _percent_of(funnel: Funnel) -> Decimal:
    return funnel.share * 100


def _written(row: AreaRow) -> str:
    one = row.area.reading
    value, parts = one.value, row.area.parts
    assert value is not None  # noqa: S101
    assert parts is not None  # noqa: S101
    return f"{written(value, row.measure.unit, row.measure.places)} ({_counts(parts.numerator, parts.denominator)})"


def _counts(numerator: Decimal, denominator: Decimal) -> str:
    return f"{written_plain(numerator, Unit.COUNT)} of {written_plain(denominator, Unit.COUNT)}"


def _placed(place: Place) -> str:
    words = PLACE_WORDS[place]
    return f"{words[:1].lower()}{words[1:]}"


# The table


_READING = {
    "value": "Value, as published or worked out from published counts",
    "symbol": "c, x, z, k, low or u, as published",
    "numerator": "Numerator, where published",
    "denominator": "Denominator, where published",
}


def _reading(attribute: str) -> Field[AreaRow]:
    kind = Kind.CODE if attribute == "symbol" else Kind.NUMBER
    return Field(attribute, kind, lambda r: getattr(r.area.reading, attribute), _READING[attribute])


def _figure_text(v: Values) -> tuple[str, ...]:
    said = reading_words(v["value"], v["symbol"], Unit(v["unit"]), v["places"])
    if v["value"] is None or v["numerator"] is None or v["denominator"] is None:
        return (said,)
    return said, _counts(v["numerator"], v["denominator"])


def _limit(number: int, name: str, meaning: str) -> Field[AreaRow]:
    return Field(name, Kind.NUMBER, lambda r: None if r.limits is None else r.limits[number], meaning)


def _place_text(v: Values) -> tuple[str, ...]:
    return (PLACE_WORDS[Place(v["place"])],) if v["place"] else ("–",)


def _area_text(v: Values) -> tuple[str, ...]:
    marks = [text for text, is_so in (("ours", v["ours"]), ("our region", v["our_region"])) if is_so == "yes"]
    if v["neighbour_in"]:
        marks.append("neighbour")
    return v["area"], *([", ".join(marks)] if marks else [])


def _rank_text(v: Values) -> tuple[str, ...]:
    if v["rank"] is None:
        return ("–",)
    place = place_words(v["rank"], v["rank_shared_with"], v["ranked"])
    return (f"{place}{', shared' if v['rank_shared_with'] else ''}",)


def _rank(attribute: str) -> Field[AreaRow]:
    names = {"place": "rank", "shared_with": "rank_shared_with", "shown": "ranked"}
    meanings = {"place": "Place among those that have a value; 1 is best", "shared_with": "Others in the same place",
                "shown": "Authorities that have a value"}  # fmt: skip

    def value(row: AreaRow) -> int | None:
        return getattr(row.rank, attribute) if isinstance(row.rank, Rank) else None

    return Field(names[attribute], Kind.WHOLE, value, meanings[attribute])


AREAS_TABLE: TableSpec[AreaRow] = TableSpec(
    "authorities",
    (
        Column(
            "measure",
            "Measure",
            (
                Field("measure", Kind.CODE, lambda r: r.measure.code, "Code of the official measure"),
                Field("measure_name", Kind.TEXT, lambda r: r.measure.name, "Name of the official measure"),
                Field("unit", Kind.CODE, lambda r: r.measure.unit.value, "Unit of the value"),
                Field("places", Kind.WHOLE, lambda r: r.measure.places, "Digits after the point as shown"),
                Field("period", Kind.CODE, lambda r: r.period.slug, "Code of the official period"),
                Field("period_label", Kind.TEXT, lambda r: r.period.label, "Name of the official period"),
            ),
        ),
        Column(
            "area",
            "Authority",
            (
                Field("area_code", Kind.CODE, lambda r: r.area.code, "GSS code of the authority"),
                Field("area", Kind.TEXT, lambda r: r.area.name, "Name of the authority"),
                Field("ours", Kind.CODE, lambda r: "yes" if r.area.is_ours else "", "yes: our own area"),
                Field("our_region", Kind.CODE, lambda r: "yes" if r.area.in_region else "", "yes: in our region"),
                Field(
                    "neighbour_in",
                    Kind.CODE,
                    lambda r: " ".join(r.area.sets),
                    "Codes of the sets of our neighbours that it is in",
                ),
            ),
            _area_text,
        ),
        Column(
            "region", "Region", (Field("region", Kind.TEXT, lambda r: r.area.region, "Region of the authority"),),
            lambda v: (v["region"],),
        ),
        Column("figure", "Figure", tuple(_reading(name) for name in _READING), _figure_text),
        Column(
            "place",
            "On the funnel",
            (
                Field("place", Kind.CODE, lambda r: r.place.value if r.place else "", "Where it lies on the funnel"),
                _limit(0, "lower_95", "Lower limit of 95% for its size"),
                _limit(1, "upper_95", "Upper limit of 95%"),
                _limit(2, "lower_998", "Lower limit of 99.8%"),
                _limit(3, "upper_998", "Upper limit of 99.8%"),
            ),
            _place_text,
        ),
        Column("rank", "Rank", (_rank("place"), _rank("shared_with"), _rank("shown")), _rank_text),
    ),
)  # fmt: skip
