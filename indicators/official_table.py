"""Official figures as tables: the periods of a measure, and measures with their latest period; screen and CSV."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from indicators.benchmarks import (
    NO_RANK_WORDS,
    NOT_HELD,
    Compared,
    Group,
    Names,
    NoRank,
    OfficialMeasure,
    Rank,
    Reading,
    quartile_words,
    rank_words,
    reading_words,
)
from indicators.table_spec import Column, Field, Kind, TableSpec, Values
from indicators.units import Unit, round_half_up, written_plain

NOT_COMPARED = "–"
_PLACES = 10


def _measure_fields() -> tuple[Field[Any], ...]:
    return (
        Field("measure", Kind.CODE, lambda r: r.measure.code, "Code of the official measure"),
        Field("measure_name", Kind.TEXT, lambda r: r.measure.name, "Name of the official measure"),
        Field("unit", Kind.CODE, lambda r: r.measure.unit.value, "Unit of every value"),
        Field("places", Kind.WHOLE, lambda r: r.measure.places, "Digits after the point as shown"),
        Field("polarity", Kind.CODE, lambda r: r.measure.polarity.value, "higher, lower, band or none is better"),
        Field(
            "comparable",
            Kind.CODE,
            lambda r: "yes" if r.measure.is_comparable else "no",
            "no: a count, which depends on the size of the area",
        ),
    )


def _set_fields() -> tuple[Field[Any], ...]:
    return (
        Field("data_set", Kind.CODE, lambda r: r.measure.set_code, "Code of the published data set"),
        Field("data_set_title", Kind.TEXT, lambda r: r.measure.set_title, "Title of the published data set"),
    )


def _period_fields() -> tuple[Field[Any], ...]:
    return (
        Field("period", Kind.CODE, lambda r: r.period.slug, "Code of the official period"),
        Field("period_label", Kind.TEXT, lambda r: r.period.label, "Name of the official period"),
        Field("start_on", Kind.DATE, lambda r: r.period.start_on, "First day of the period"),
        Field("end_on", Kind.DATE, lambda r: r.period.end_on, "Last day of the period"),
    )


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else round_half_up(value, _PLACES)


def _reading_column(key: str, heading: str, name: str) -> Column[Any]:
    """A column for the reading of one area; counts stand under the value where both are held."""

    def reading(row: Any) -> Reading:
        found: Reading = getattr(row, key)
        return found

    def text(v: Values) -> tuple[str, ...]:
        if key != "ours" and v["comparable"] == "no":
            return (NOT_COMPARED,)
        unit = Unit(v["unit"])
        said = reading_words(v[key], v[f"{key}_symbol"], unit, v["places"])
        n, d = v[f"{key}_numerator"], v[f"{key}_denominator"]
        if key != "ours" or v[key] is None or n is None or d is None:
            return (said,)
        return said, f"{written_plain(n, Unit.COUNT)} of {written_plain(d, Unit.COUNT)}"

    return Column(
        key,
        heading,
        (
            Field(key, Kind.NUMBER, lambda r: reading(r).value, f"Value of {name}"),
            Field(f"{key}_symbol", Kind.CODE, lambda r: reading(r).symbol, "c, x, z, k, low or u, as published"),
            Field(f"{key}_numerator", Kind.NUMBER, lambda r: reading(r).numerator, "Numerator, where published"),
            Field(f"{key}_denominator", Kind.NUMBER, lambda r: reading(r).denominator, "Denominator, where published"),
        ),
        text,
    )


def _group_text(prefix: str, v: Values) -> tuple[str, ...]:
    if v["comparable"] == "no":
        return (NOT_COMPARED,)
    if v[f"{prefix}_mean"] is None:
        return f"none of {v[f'{prefix}_members']} shown", *_force(prefix, v)
    unit, places = Unit(v["unit"]), max(1, v["places"])
    return (
        written_plain(v[f"{prefix}_mean"], unit, places),
        f"median {written_plain(v[f'{prefix}_median'], unit, places)}, "
        f"{v[f'{prefix}_contributing']} of {v[f'{prefix}_members']}",
        *_force(prefix, v),
    )


def _force(prefix: str, v: Values) -> tuple[str, ...]:
    return () if v[f"{prefix}_in_force"] == "yes" else ("not in force then",)


def _group_column(number: int, group: Group) -> Column[Compared]:
    prefix = group.code.replace("-", "_")

    def of(row: Compared) -> Any:
        return row.groups[number] if number < len(row.groups) else None

    def field(name: str, kind: Kind, attribute: str, meaning: str) -> Field[Compared]:
        def value(row: Compared) -> Any:
            found = of(row)
            return None if found is None else getattr(found, attribute)

        return Field(f"{prefix}_{name}", kind, value, meaning)

    def force(row: Compared) -> str:
        found = of(row)
        return "yes" if found is not None and found.is_in_force else "no"

    named = f"{group.name}, in force from {group.valid_from.isoformat()}"
    return Column(
        prefix,
        f"Neighbours of {group.since}, mean",
        (
            Field(
                f"{prefix}_mean",
                Kind.NUMBER,
                lambda r: None if of(r) is None else _rounded(of(r).mean),
                f"Mean of those that have a value: {named}",
            ),
            Field(
                f"{prefix}_median",
                Kind.NUMBER,
                lambda r: None if of(r) is None else _rounded(of(r).median),
                "Median of the same",
            ),
            field("contributing", Kind.WHOLE, "contributing", "Members that have a value"),
            field("members", Kind.WHOLE, "number", "Members of the group"),
            Field(f"{prefix}_in_force", Kind.CODE, force, "yes: the set in force on the last day of the period"),
        ),
        lambda v: _group_text(prefix, v),
    )


def _of_rank(attribute: str) -> Any:
    def value(row: Any) -> Any:
        return getattr(row.rank, attribute) if isinstance(row.rank, Rank) else None

    return value


def _rank_text(v: Values) -> tuple[str, ...]:
    if v["not_ranked"]:
        return NOT_COMPARED, NO_RANK_WORDS[NoRank(v["not_ranked"])]
    if v["rank"] is None:
        return (NOT_COMPARED,)
    return (
        rank_words(v["rank"], v["rank_shared_with"], v["ranked"], v["not_shown"]),
        quartile_words(v["quartile"], v["quartile_to"]),
    )


def _rank_column() -> Column[Any]:
    return Column(
        "rank",
        "Rank among authorities",
        (
            Field("rank", Kind.WHOLE, _of_rank("place"), "Place among the authorities that have a value; 1 is best"),
            Field("rank_shared_with", Kind.WHOLE, _of_rank("shared_with"), "Others in the same place"),
            Field("ranked", Kind.WHOLE, _of_rank("shown"), "Authorities that have a value"),
            Field("not_shown", Kind.WHOLE, _of_rank("not_shown"), "Authorities whose value is not shown"),
            Field(
                "quartile",
                Kind.WHOLE,
                lambda r: r.rank.quartiles[0] if isinstance(r.rank, Rank) else None,
                "Quartile of the place; 1 is best",
            ),
            Field(
                "quartile_to",
                Kind.WHOLE,
                lambda r: r.rank.quartiles[1] if isinstance(r.rank, Rank) else None,
                "Last quartile that those in the same place lie in",
            ),
            Field(
                "not_ranked",
                Kind.CODE,
                lambda r: r.rank.value if isinstance(r.rank, NoRank) else "",
                "neither_way, a_count, ours_not_shown or too_few: why there is no rank",
            ),
        ),
        _rank_text,
    )


def years_table(names: Names, groups: Sequence[Group]) -> TableSpec[Compared]:
    """A row for each official period; the columns of the groups are those that are held, oldest first."""
    return TableSpec(
        "official-figures",
        (
            Column("measure", "Measure", (*_measure_fields(), *_set_fields())),
            Column("period", "Official period", _period_fields(), lambda v: (v["period_label"],)),
            _reading_column("ours", names.ours, "our own area"),
            _reading_column("region", names.region, "our region"),
            *(_group_column(number, group) for number, group in enumerate(groups)),
            _reading_column("country", names.country, "the country"),
            _rank_column(),
        ),
    )


# Measures with their latest period


@dataclass(frozen=True)
class ListedMeasure:
    """A measure in the list with the latest period for which there is a row of ours; None: there is none."""

    measure: OfficialMeasure
    latest: Compared | None

    @property
    def period(self) -> Any:
        """The latest period."""
        return self.latest.period if self.latest else None

    @property
    def ours(self) -> Reading:
        """Ours in that period."""
        return self.latest.ours if self.latest else NOT_HELD

    @property
    def region(self) -> Reading:
        """The region in that period."""
        return self.latest.region if self.latest else NOT_HELD

    @property
    def country(self) -> Reading:
        """The country in that period."""
        return self.latest.country if self.latest else NOT_HELD

    @property
    def group(self) -> Any:
        """The figure of the set of neighbours that ours is held against in that period."""
        return self.latest.group if self.latest else None

    @property
    def rank(self) -> Rank | NoRank | None:
        """Our rank in that period."""
        return self.latest.rank if self.latest else None


def _listed_period(attribute: str) -> Any:
    return lambda r: getattr(r.period, attribute) if r.period else None


def _listed_group(attribute: str) -> Any:
    return lambda r: getattr(r.group, attribute) if r.group else None


def _neighbours_text(v: Values) -> tuple[str, ...]:
    if v["comparable"] == "no" or v["neighbours_members"] is None:
        return (NOT_COMPARED,)
    if v["neighbours_mean"] is None:
        return f"none of {v['neighbours_members']} shown", *_force("neighbours", v)
    unit, places = Unit(v["unit"]), max(1, v["places"])
    return (
        written_plain(v["neighbours_mean"], unit, places),
        f"{v['neighbours_contributing']} of {v['neighbours_members']}, set of {v['neighbours_set']}",
        *_force("neighbours", v),
    )


def measures_table(names: Names) -> TableSpec[ListedMeasure]:
    """A row for each measure, with its latest period."""
    return TableSpec(
        "official-measures",
        (
            Column("measure", "Measure", _measure_fields(), lambda v: (v["measure_name"],)),
            Column("data_set", "Data set", _set_fields(), lambda v: (v["data_set_title"],)),
            Column(
                "period",
                "Latest",
                (
                    Field("period", Kind.CODE, _listed_period("slug"), "Code of the latest period that is held"),
                    Field("period_label", Kind.TEXT, lambda r: r.period.label if r.period else "", "Its name"),
                    Field("end_on", Kind.DATE, _listed_period("end_on"), "Its last day"),
                ),
                lambda v: (v["period_label"] or "none held",),
            ),
            _reading_column("ours", names.ours, "our own area"),
            _reading_column("region", names.region, "our region"),
            Column(
                "neighbours",
                "Neighbours, mean",
                (
                    Field(
                        "neighbours_mean",
                        Kind.NUMBER,
                        lambda r: _rounded(r.group.mean) if r.group else None,
                        "Mean of the set of neighbours in force on the last day of the period; of none, of the newest",
                    ),
                    Field(
                        "neighbours_median",
                        Kind.NUMBER,
                        lambda r: _rounded(r.group.median) if r.group else None,
                        "Median of the same",
                    ),
                    Field("neighbours_contributing", Kind.WHOLE, _listed_group("contributing"), "Members with a value"),
                    Field("neighbours_members", Kind.WHOLE, _listed_group("number"), "Members of the set"),
                    Field(
                        "neighbours_set",
                        Kind.TEXT,
                        lambda r: r.group.group.since if r.group else "",
                        "Month from which the set is in force",
                    ),
                    Field(
                        "neighbours_in_force",
                        Kind.CODE,
                        lambda r: "yes" if r.group and r.group.is_in_force else "no",
                        "yes: the set in force on the last day of the period",
                    ),
                ),
                _neighbours_text,
            ),
            _reading_column("country", names.country, "the country"),
            _rank_column(),
        ),
    )
