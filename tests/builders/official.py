"""Official figures of areas: our own, its region and country, other authorities, neighbours, measures and values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from indicators import quarters
from indicators.models import (
    Area,
    BenchmarkImport,
    BenchmarkMeasure,
    BenchmarkSet,
    BenchmarkValue,
    ComparatorGroup,
    ComparatorMember,
    Comparison,
    Indicator,
    Partnership,
)
from indicators.operations.benchmarks import Importer
from indicators.operations.comparators import import_files
from indicators.rag import Polarity
from indicators.units import Unit
from tests.builders.basics import NOW
from tests.builders.definitions import a_period
from tests.builders.kept import kept_once
from tests.builders.places import a_partnership
from tests.builders.real import FIXTURES, the_real_figures

YEAR = quarters.FinancialYear(2021)
OLD_SET, NEW_SET = "neighbours-2021", "neighbours-2025"


@dataclass(frozen=True)
class Country:
    """Our own area, its region, the country and the other authorities, the first two of them in our region."""

    ours: Area
    region: Area
    country: Area
    others: tuple[Area, ...]


def an_area(code: str, name: str, kind: str = "authority", region: Area | None = None) -> Area:
    """An area under its code; the same one every time."""
    return Area.objects.get_or_create(code=code, defaults={"name": name, "kind": kind, "region": region})[0]


def a_country(number: int = 9, partnership: Partnership | None = None) -> Country:
    """The country with our own area and so many other authorities: "Area 1" to "Area n"; the same ones every time."""
    partnership = partnership or a_partnership()
    country, region = an_area("E92000001", "England", "country"), an_area("E12000099", "The Shires", "region")
    ours = an_area(partnership.gss_code, partnership.slug.capitalize(), region=region)
    Area.objects.bulk_create(
        (
            Area(code=f"E0800{i:04}", name=f"Area {i}", kind="authority", region=region if i < 3 else None)
            for i in range(1, number + 1)
        ),
        ignore_conflicts=True,
    )
    others = Area.objects.filter(code__startswith="E0800", name__startswith="Area ").exclude(pk=ours.pk)
    return Country(ours, region, country, tuple(others.order_by("code")[:number]))


def a_group(ours: Area, members: Iterable[Area], code: str, valid_from: date, valid_until: date | None = None) -> None:
    """A set of neighbours, the nearest first."""
    group = ComparatorGroup.objects.create(
        area=ours, code=code, name=f"Statistical neighbours of {valid_from:%B %Y}", valid_from=valid_from,
        valid_until=valid_until, source="A model of the Department",
    )  # fmt: skip
    ComparatorMember.objects.bulk_create(
        ComparatorMember(group=group, area=area, rank=rank) for rank, area in enumerate(members, start=1)
    )


def both_sets(held: Country) -> None:
    """Neighbours of April 2021 (the first four others) and of May 2025 (the third to the sixth)."""
    a_group(held.ours, held.others[:4], OLD_SET, date(2021, 4, 1), date(2025, 4, 30))
    a_group(held.ours, held.others[2:6], NEW_SET, date(2025, 5, 1))


def a_measure(
    code: str = "re-referrals", *, name: str = "Re-referrals in 12 months", unit: Unit = Unit.PERCENT, places: int = 1,
    polarity: Polarity = Polarity.LOWER, denominator: str = "Referrals in the year", data_set: str = "referrals",
) -> BenchmarkMeasure:  # fmt: skip
    """A measure of a data set that has a current import; the same one every time."""
    held, _ = BenchmarkSet.objects.get_or_create(
        code=data_set,
        defaults={
            "title": f"Children in need: {data_set}",
            "publisher": "Department for Education",
            "licence": "Open Government Licence v3.0",
        },
    )
    if held.current_id is None:
        an_import(held, is_current=True)
    return BenchmarkMeasure.objects.get_or_create(
        code=code,
        defaults={
            "benchmark_set": held, "name": name, "unit": unit.value, "places": places, "polarity": polarity.value,
            "numerator": "Counted in the year", "denominator": denominator,
        },
    )[0]  # fmt: skip


def an_import(held: BenchmarkSet, *, is_current: bool) -> BenchmarkImport:
    """A further import of a data set."""
    number = held.imports.count() + 1
    made = BenchmarkImport.objects.create(
        benchmark_set=held, number=number, file_name="referrals.csv", sha256=f"{number:064}", mapping_sha256="0" * 64,
        began_at=NOW, completed_at=NOW, actor="made for a test",
    )  # fmt: skip
    if is_current:
        held.current = made
        held.save(update_fields=["current"])
    return made


def some_values(
    measure: BenchmarkMeasure, values: Mapping[Area, object], period: quarters.Period = YEAR,
    source: BenchmarkImport | None = None,
) -> None:  # fmt: skip
    """Values of areas: a number, "c" (a symbol), or "30/100" (a share with its parts)."""
    held = source or BenchmarkSet.objects.get(pk=measure.benchmark_set_id).current
    stored = a_period(period)
    BenchmarkValue.objects.bulk_create(
        BenchmarkValue(source_import=held, measure=measure, period=stored, area=area, **_fields(value))
        for area, value in values.items()
    )


def _fields(value: object) -> dict[str, object]:
    text = str(value)
    if "/" in text:
        numerator, denominator = map(Decimal, text.split("/"))
        share = (numerator * 100 / denominator).quantize(Decimal("0.0001"))
        return {"value": share, "numerator": numerator, "denominator": denominator}
    if text.isalpha():
        return {"symbol": text}
    return {"value": Decimal(text)}


def a_comparison(
    indicator: Indicator, measure: BenchmarkMeasure, note: str = "The official figure is of a whole year."
) -> Comparison:
    """That an indicator may be held beside a measure; without a note the definition is the same."""
    return Comparison.objects.create(
        indicator=indicator, measure=measure, note=note, is_same_definition=not note
    )  # fmt: skip


def official_figures(indicator: Indicator | None = None, *, number: int = 9, years: int = 2) -> BenchmarkMeasure:
    """A measure with values of our own area, region, country and so many authorities in so many years to 2021/22, both
    sets of neighbours, and the indicator held beside it.

    In 2021/22 ours is 7%, the region 20.4%, the country 21.5% and Area n has 150 + n of 1,000.
    """
    held, measure = a_country(number), a_measure()
    both_sets(held)
    period: quarters.Period = YEAR
    for ago in range(years):
        of_others = {area: f"{150 + place + ago}/1000" for place, area in enumerate(held.others, start=1)}
        own = {held.ours: f"{70 + ago}/1000", held.region: Decimal("20.4") + ago, held.country: Decimal("21.5") + ago}
        some_values(measure, {**own, **of_others}, period)
        period = period.previous()
    if indicator is not None:
        a_comparison(indicator, measure)
    return measure


def the_published_figures() -> Partnership:
    """The real figures of the two judged scorecards beside the Department's files in `fixtures/benchmarks`, imported as
    the demonstration does; a second time as `the_real_figures`."""

    def make() -> None:
        the_real_figures(FIXTURES)
        folder = FIXTURES.parent / "benchmarks"
        for _ in import_files(paths=sorted(folder.glob("*.csv")), importer=Importer(), at=NOW):
            pass

    kept_once("published figures", make)
    return Partnership.objects.get(slug="doncaster")
