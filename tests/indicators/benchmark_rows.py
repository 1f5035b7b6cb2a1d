"""A bad row for each rule of official figures and kept forecasts; a good one of each kind first."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import models

from indicators.models import (
    Area,
    BenchmarkImport,
    BenchmarkMeasure,
    BenchmarkSet,
    BenchmarkValue,
    ComparatorGroup,
    ComparatorMember,
    Comparison,
    KeptChance,
    KeptForecast,
)
from tests import builders as b


def prepare_benchmarks(w: Any) -> None:
    """One good row of each kind, and what the bad ones lean on."""
    w.region = Area.objects.create(code="E12000099", name="North", kind="region")
    w.area = Area.objects.create(code="E06000098", name="Area", kind="authority", region=w.region)
    w.group = ComparatorGroup.objects.create(
        area=w.area, code="sn", name="Neighbours", valid_from=b.LONG_AGO, source="A source"
    )
    ComparatorMember.objects.create(group=w.group, area=w.region, rank=1)
    w.data_set = BenchmarkSet.objects.create(code="set", title="Set", publisher="P", licence="L")
    w.imported = an_import(w)
    w.imported.save()
    BenchmarkSet.objects.filter(pk=w.data_set.pk).update(current=w.imported)
    w.official = a_measure(w)
    w.official.save()
    a_value(w).save()
    a_comparison(w).save()
    w.forecast = a_forecast(w)
    w.forecast.save()
    w.aim = w.measure.target
    a_chance(w).save()


def an_import(w: Any, **changes: Any) -> BenchmarkImport:
    values = {"benchmark_set": w.data_set, "number": 1, "file_name": "f.csv", "began_at": b.NOW, "actor": "A"} | changes
    return BenchmarkImport(**values)


def a_measure(w: Any, **changes: Any) -> BenchmarkMeasure:
    values = {"benchmark_set": w.data_set, "code": "m", "name": "M", "unit": "percent", "polarity": "lower"} | changes
    return BenchmarkMeasure(**values)


def a_value(w: Any, **changes: Any) -> BenchmarkValue:
    values = {"source_import": w.imported, "measure": w.official, "period": w.period, "area": w.area, "value": 20}
    return BenchmarkValue(**(values | changes))


def a_comparison(w: Any, **changes: Any) -> Comparison:
    values = {"indicator": w.measure.indicator, "measure": w.official, "note": "Another year."} | changes
    return Comparison(**values)


def a_forecast(w: Any, **changes: Any) -> KeptForecast:
    values = {
        "series": w.measure.series, "made_from": w.period, "for_period": w.empty, "steps": 1, "method": "no_change",
        "periods": 8, "unit": "percent", "places": 1, "point": Decimal(50), "low": Decimal(40), "high": Decimal(60),
        "inputs_sha256": "0" * 64, "made_at": b.NOW, "made_on": b.TODAY,
    } | changes  # fmt: skip
    return KeptForecast(**values)


def a_chance(w: Any, **changes: Any) -> KeptChance:
    values = {"forecast": w.forecast, "line": w.measure.line, "target": w.aim, "polarity": "higher", "chance": "likely"}
    return KeptChance(**(values | changes))


def _area(w: Any, **changes: Any) -> Area:
    return Area(**{"code": "E06000097", "name": "Other", "kind": "authority"} | changes)


def _group(w: Any, **changes: Any) -> ComparatorGroup:
    values = {"area": w.area, "code": "sn-2", "name": "N", "valid_from": b.LONG_AGO, "source": "A source"} | changes
    return ComparatorGroup(**values)


def _set(w: Any, **changes: Any) -> BenchmarkSet:
    return BenchmarkSet(**{"code": "set-2", "title": "Set", "publisher": "P", "licence": "L"} | changes)


BAD_BENCHMARKS: list[tuple[str, str, Callable[[Any], models.Model]]] = [
    ("indicators_area.code", "one code twice", lambda w: _area(w, code="E06000098")),
    ("area_in_a_region_is_an_authority", "a region in one", lambda w: _area(w, kind="region", region=w.region)),
    ("comparator_group_code_unique", "the same code twice", lambda w: _group(w, code="sn")),
    (
        "comparator_group_ends_after_start",
        "an end before",
        lambda w: _group(w, valid_until=b.LONG_AGO - timedelta(days=1)),
    ),
    ("comparator_member_once", "twice", lambda w: ComparatorMember(group=w.group, area=w.region, rank=2)),
    ("comparator_rank_once", "one rank twice", lambda w: ComparatorMember(group=w.group, area=w.area, rank=1)),
    ("indicators_benchmarkset.code", "the same code twice", lambda w: _set(w, code="set")),
    ("indicators_benchmarkset.current", "another's import", lambda w: _set(w, current=w.imported)),
    ("benchmark_import_number", "one number twice", an_import),
    ("indicators_benchmarkmeasure.code", "the same code twice", a_measure),
    ("benchmark_value_once", "twice", a_value),
    ("benchmark_value_or_symbol", "neither", lambda w: a_value(w, area=w.region, value=None)),
    ("comparison_once", "twice", a_comparison),
    ("comparison_says_how_it_differs", "no word", lambda w: a_comparison(w, note="", indicator=_another_indicator())),
    ("kept_forecast_unique", "the same twice", a_forecast),
    ("kept_forecast_band", "the point outside", lambda w: a_forecast(w, inputs_sha256="1", low=Decimal(51))),
    ("kept_forecast_looks_ahead", "no step", lambda w: a_forecast(w, inputs_sha256="1", steps=0)),
    ("kept_chance_once", "twice for a line", a_chance),
]


def _another_indicator() -> Any:
    return b.an_indicator("another").indicator
